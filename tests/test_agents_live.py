"""The agents as a process on real Kafka and PostgreSQL: killed anywhere, none of their notices is lost or new."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from live import Emptied, Provisioned
from town_log import sorted_notices, town_log

from broker import own_notices, topics
from broker.adapters.agent_store import AgentStore
from broker.settings import KafkaLogin

_PATIENCE = 60.0
MESSAGES = 160


def client(login: KafkaLogin, **settings: object) -> dict[str, object]:
    """Settings of a plain client."""
    return {
        "bootstrap.servers": login.bootstrap,
        "security.protocol": login.protocol,
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": login.user,
        "sasl.password": login.password,
        **settings,
    }


class Audit:
    """Writes records as the worker does: in transactions, some of which come to nothing."""

    def __init__(self, cluster: Provisioned) -> None:
        login = cluster.login(topics.WORKER)
        self._producer = Producer(client(login, **{"transactional.id": f"{topics.WORKER}.test"}))
        self._producer.init_transactions(30)

    def write(self, values: Sequence[bytes], *, commit: bool = True) -> None:
        self._producer.begin_transaction()
        for value in values:
            self._producer.produce(topics.AUDIT, value)
        if commit:
            self._producer.commit_transaction(30)
        else:
            self._producer.flush(30)
            self._producer.abort_transaction(30)


def outbox(cluster: Provisioned) -> list[own_notices.OwnNotice]:
    """All that stands in the broker's outbox now."""
    login, place = cluster.servers.operator, TopicPartition(topics.outbox(topics.BROKER), 0, 0)
    consumer = Consumer(client(login, **{"group.id": "none", "enable.auto.commit": False}))
    _, end = consumer.get_watermark_offsets(place, timeout=30)
    consumer.assign([place])
    found: list[own_notices.OwnNotice] = []
    while consumer.position([place])[0].offset < end:
        if (record := consumer.poll(1.0)) is not None and record.error() is None:
            found.append(own_notices.read(record.value()))
    consumer.close()
    return found


@contextmanager
def agents(cluster: Provisioned, database: str, log: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """The agents as a process of their own; killed in the end, if they still run."""
    environment = cluster.environment(topics.AGENTS) | {"SAMBAND_POSTGRES_URL": database}
    command = [sys.executable, "-m", "agents.stream", "--instance", "test", *options]
    with (
        log.open("ab") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=log.parent) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def until(holds: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for something to become true."""
    end = monotonic() + _PATIENCE
    while not holds():
        assert monotonic() < end, "it never came"
        assert process is None or process.poll() is None, "the agents have ended"
        sleep(0.05)


@pytest.fixture
def store(database: str) -> Iterator[AgentStore]:
    made = AgentStore.opened(database.replace("postgresql://", "postgresql+psycopg://"))
    yield made
    made.close()


def test_killed_anywhere_no_notice_is_lost_or_new(
    kafka: Emptied, database: str, store: AgentStore, tmp_path: Path
) -> None:
    cluster, log, random = kafka(), town_log(), Random(5)
    audit, out = Audit(cluster), tmp_path / "log"
    written = 0

    def feed(n: int) -> None:
        nonlocal written
        audit.write(log.records[written : written + n])
        written += n
        audit.write([b'{"record":"never committed"}'], commit=False)

    feed(40)
    kills = 0
    while written < len(log.records) or kills < 6:
        with agents(cluster, database, out, "--message-time") as process:
            before = store.position(topics.AUDIT) or -1
            feed(random.randint(20, 60))
            until(lambda before=before: (store.position(topics.AUDIT) or -1) > before, process)
            sleep(random.random() / 3)
            process.send_signal(signal.SIGKILL)
            kills += 1
    with agents(cluster, database, out, "--message-time") as process:
        expected = sorted_notices(log.notices)
        until(lambda: not store.unsent(1) and len({n.id for n in outbox(cluster)}) >= len(expected), process)
        sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    told = {notice.id: notice for notice in outbox(cluster)}
    assert sorted_notices((one.authority, one.content) for one in told.values()) == expected
    assert store.skipped() == [], "nothing that was not committed, and nothing out of turn"
    assert sum(n for (_, _, by), n in store.counts(2026).items() if not by) <= len(log.records)
