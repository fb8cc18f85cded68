"""The topic `register`: each register that all programs go by from then on, with what was done to let its parties in.

Kept for ever, it tells who got access when. Only the operator writes it; what is newest there holds.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from broker import topics
from broker.adapters.kafka.audit_topic import consumer
from broker.adapters.kafka.kafka_python_login import open_client
from broker.model.canonical import compact
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.provision import ClusterError, Step
from broker.settings import KafkaLogin

_PLACE = TopicPartition(topics.REGISTER, 0)
_ANSWER_MS = 30_000
_ANSWER = 30.0
_LARGEST = 64 << 20
"""Bytes of an announcement before they are packed."""


@dataclass(frozen=True)
class Announcement:
    """What an operator has done at a time, and the register file that holds since then (None: the programs' own)."""

    at: datetime
    by: str
    file: bytes | None
    changes: tuple[tuple[str, ...], ...]
    """Of each step what was done, to what sort of thing, its name, and how."""

    @property
    def revision(self) -> str:
        """The register file's; empty without one."""
        return "" if self.file is None else sha256(self.file).hexdigest()


class RegisterTopic:
    """The topic over one consumer."""

    def __init__(self, client: KafkaConsumer) -> None:
        self._client = client
        client.assign([_PLACE])

    def end(self) -> int:
        """The offset behind the newest announcement; 0 where nothing was announced, or the topic is not there."""
        if not self._client.partitions_for_topic(topics.REGISTER):
            return 0
        return int(self._client.end_offsets([_PLACE], timeout_ms=_ANSWER_MS)[_PLACE])

    def newest(self) -> Announcement | None:
        """The announcement that holds. Raises Away."""
        end = self.end()
        return next(self.read(end - 1, end), None) if end else None

    def read(self, first: int, end: int) -> Iterator[Announcement]:
        """The announcements from an offset on. Raises Away where they do not come."""
        self._client.seek(_PLACE, first)
        while first < end:
            records = self._client.poll(timeout_ms=_ANSWER_MS).get(_PLACE, ())
            if not records:
                raise Away(KAFKA, "NoAnswer")
            yield from map(_announcement, records)
            first = records[-1].offset + 1


@contextmanager
def open_register(login: KafkaLogin) -> Iterator[RegisterTopic]:
    """The topic, to be read. Raises Away."""
    with consumer(login, "samband-register", fetch_max_bytes=_LARGEST, max_partition_fetch_bytes=_LARGEST) as client:
        yield RegisterTopic(client)


def announce(login: KafkaLogin, file: bytes | None, steps: Iterable[Step]) -> None:
    """Let all programs go by this register from now on. Raises ClusterError."""
    content = {
        "by": login.user,
        "file": None if file is None else file.decode("utf-8"),
        "changes": [[step.change.value, step.thing.value, step.name, step.detail] for step in steps],
    }
    value = compact(content)
    try:
        more = {"acks": "all", "compression_type": "gzip", "max_request_size": _LARGEST}
        producer = open_client(KafkaProducer, login, "samband-register", **more)
        try:
            producer.send(topics.REGISTER, value, partition=0).get(_ANSWER)
        finally:
            producer.close()
    except KafkaError as error:
        raise ClusterError(f"the register could not be announced ({type(error).__name__}): run again") from None


def _announcement(record: Any) -> Announcement:
    content = json.loads(record.value)
    file = content["file"]
    return Announcement(
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        by=content["by"],
        file=None if file is None else file.encode("utf-8"),
        changes=tuple(tuple(change) for change in content["changes"]),
    )
