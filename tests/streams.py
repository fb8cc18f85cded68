"""Agencies on a real Kafka, for tests: each writes its outbox as its own user and reads its inbox; and the worker."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition
from lines import POLICE, TOWN, line
from live import Emptied, Provisioned, miss

from broker import topics
from broker.adapters.kafka.confluent_login import connection

Json = dict[str, Any]
PATIENCE = 180.0
"""Seconds to wait for what must come, on a machine where a worker takes a minute to start."""


@dataclass
class Record:
    """A record as it lies on a topic."""

    offset: int
    value: bytes
    headers: Mapping[str, str]

    @property
    def content(self) -> Json:
        found: Json = json.loads(self.value)
        return found


@dataclass
class Town:
    """A provisioned Kafka with a database: sends as authorities, reads as the operator."""

    kafka: Provisioned
    database: str
    keys: Path
    register: Path | None = None
    profile: str = "conformance"
    _producers: dict[str, Producer] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """What the workers have said."""
        return self.keys.parent / "worker.log"

    def send(self, authority: str, *messages: Json | bytes, headers: list[tuple[str, Any]] | None = None) -> None:
        """Write to an authority's outbox, or a desk's, and wait until it lies there."""
        producer = self._producers.get(authority)
        if producer is None:
            user = topics.AGENTS if authority == topics.BROKER else topics.user(authority)
            producer = self._producers[authority] = Producer(
                {**connection(self.kafka.login(user)), "message.max.bytes": 8 << 20}
            )
        for message in messages:
            value = message if isinstance(message, bytes) else line(message)
            producer.produce(topics.outbox(authority), value, headers=headers or [])
        assert producer.flush(30) == 0

    def read(self, topic: str, *, committed: bool = True) -> list[Record]:
        """All that lies on a topic now."""
        return self.read_all([topic], committed=committed)[topic]

    def read_all(self, wanted: Iterable[str], *, committed: bool = True) -> dict[str, list[Record]]:
        """All that lies on some topics now."""
        consumer = Consumer(
            {
                **connection(self.kafka.servers.operator),
                "group.id": "test",
                "enable.auto.commit": False,
                "isolation.level": "read_committed" if committed else "read_uncommitted",
                "enable.partition.eof": True,
            }
        )
        found: dict[str, list[Record]] = {topic: [] for topic in wanted}
        try:
            consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING) for topic in found])
            left = set(found)
            until = monotonic() + PATIENCE
            while left:
                assert monotonic() < until, f"{left} do not end"
                for message in consumer.consume(500, 0.2):
                    if message.error() is not None:
                        left.discard(message.topic())
                        continue
                    headers = {name: value.decode() for name, value in message.headers() or ()}
                    found[message.topic()].append(Record(message.offset(), message.value() or b"", headers))
            return found
        finally:
            consumer.close()

    def inbox(self, authority: str, type_: str | None = None) -> list[Json]:
        """The lines of an inbox, in order."""
        lines = [record.content for record in self.read(topics.inbox(authority))]
        return [content for content in lines if type_ in (None, content["type"])]

    def receipts(self, authority: str) -> list[Json]:
        """The receipts in an inbox, in order."""
        return [content["receipt"] for content in self.inbox(authority, "receipt")]

    def awaited(self, count: int, authority: str, type_: str = "receipt") -> list[Json]:
        """The lines of a type, once there are so many."""
        return until(lambda: self.inbox(authority, type_), lambda found: len(found) >= count)

    def environment(self, **more: str) -> dict[str, str]:
        """Of a worker."""
        told = {"SAMBAND_POSTGRES_URL": self.database, "SAMBAND_KEYS": str(self.keys), "SAMBAND_PROFILE": self.profile}
        return self.kafka.environment(topics.WORKER) | told | more

    @contextmanager
    def worker(self, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """A worker that runs meanwhile, and is told to stop at the end."""
        command = [sys.executable, "-m", "broker.cli", "worker"]
        if self.register is not None:
            command += ["--register", str(self.register)]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=self.environment(**environment), stderr=log)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(30)
            finally:
                process.kill()
        if process.returncode == -signal.SIGKILL:
            miss(self.kafka.servers, topics.WORKER)


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    """The police and a municipality on a cluster of their own."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Town(kafka(POLICE, TOWN), database, keys)


def until(look: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
    """What is seen, once it is as it must be."""
    end = monotonic() + PATIENCE
    while True:
        seen = look()
        if holds(seen):
            return seen
        assert monotonic() < end, f"not in {PATIENCE} seconds: {seen!r}"
        sleep(0.05)
