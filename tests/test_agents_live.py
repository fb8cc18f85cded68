"""The agents as a process on real Kafka and PostgreSQL: killed anywhere, none of their notices is lost or new."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic, sleep

import psycopg
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from live import Emptied, Provisioned
from town_log import in_memory, sorted_notices, town_log

from agents.stream.rounds import Record, Rounds
from broker import topics
from broker.adapters.kafka.confluent_login import connection
from broker.adapters.sql.agent_store import AgentStore
from broker.pipeline import notices
from broker.runtime.embedded import clock_times

KILLED = Path(__file__).parent / "killed_agents.py"
POINTS = [("taking", 25), ("taken", 30), ("sending", 2), ("sent", 2)]
_PATIENCE = 60.0
_STALLED = 70


class Audit:
    """Writes records as the worker does: in transactions, some of which come to nothing."""

    def __init__(self, cluster: Provisioned) -> None:
        login = cluster.login(topics.WORKER)
        self._producer = Producer(connection(login) | {"transactional.id": f"{topics.WORKER}.test"})
        self._producer.init_transactions(30)
        self.written = 0

    def write(self, values: Sequence[bytes], *, commit: bool = True) -> None:
        self._producer.begin_transaction()
        for value in values:
            self._producer.produce(topics.AUDIT, value)
        if commit:
            self._producer.commit_transaction(30)
        else:
            self._producer.flush(30)
            self._producer.abort_transaction(30)

    def feed(self, n: int) -> None:
        """The town's next n records, and one that is never committed."""
        self.write(town_log().records[self.written : self.written + n])
        self.written += n
        self.write([b'{"record":"never committed"}'], commit=False)


def outbox(cluster: Provisioned) -> list[notices.OwnNotice]:
    """All that stands in the broker's outbox now."""
    place = TopicPartition(topics.outbox(topics.BROKER), 0, 0)
    consumer = Consumer(connection(cluster.servers.operator) | {"group.id": "none", "enable.auto.commit": False})
    _, end = consumer.get_watermark_offsets(place, timeout=30)
    consumer.assign([place])
    found: list[notices.OwnNotice] = []
    while consumer.position([place])[0].offset < end:
        if (record := consumer.poll(1.0)) is not None and record.error() is None:
            notice = notices.read(record.value())
            assert ("ce_id", notice.id.encode()) in (record.headers() or [])
            found.append(notice)
    consumer.close()
    return found


@contextmanager
def agents(
    cluster: Provisioned, database: str, folder: Path, *options: str, killed: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """The agents as a process of their own; killed in the end, if they still run."""
    environment = cluster.environment(topics.AGENTS) | {"SAMBAND_POSTGRES_URL": database}
    program = [str(KILLED), *killed] if killed else ["-m", "agents.stream"]
    command = [sys.executable, *program, "--instance", "test", *options]
    with (folder / "log").open("ab") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=folder)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for something to become true while the process runs."""
    end = monotonic() + _PATIENCE
    while not holds():
        assert monotonic() < end, "it never came"
        assert process.poll() is None, "the agents have ended"
        sleep(0.05)


@pytest.fixture
def store(database: str) -> Iterator[AgentStore]:
    made = AgentStore.open(database)
    yield made
    made.close()


def test_killed_anywhere_no_notice_is_lost_or_new(
    kafka: Emptied, database: str, store: AgentStore, tmp_path: Path
) -> None:
    """At each named point, and at random: told in the end is what is told in process, by id and by content."""
    cluster, log, random = kafka(), town_log(), Random(5)
    audit = Audit(cluster)

    def taken() -> int:
        return store.position(topics.AUDIT) or -1

    audit.feed(60)
    for point, n in POINTS:
        audit.feed(50)
        with agents(cluster, database, tmp_path, "--message-time", killed=(point, str(n))) as process:
            assert process.wait(_PATIENCE) == -signal.SIGKILL
    while audit.written < len(log.records):
        before = taken()
        audit.feed(random.randint(40, 80))
        with agents(cluster, database, tmp_path, "--message-time") as process:
            until(lambda before=before: taken() > before, process)
            sleep(random.random() / 2)
            process.send_signal(signal.SIGKILL)
    expected = sorted_notices(log.notices)
    watched = tmp_path / "watched"
    audit.write([log.records[0]])  # a step to be seen, whatever was killed above
    with agents(cluster, database, tmp_path, "--message-time", killed=("watched", str(watched))) as process:
        until(lambda: not store.unsent(1) and len({one.id for one in outbox(cluster)}) >= len(expected), process)
        until(watched.exists, process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    told = {notice.id: notice for notice in outbox(cluster)}
    assert sorted_notices((one.authority, one.content) for one in told.values()) == expected
    assert store.skipped_records() == [], "nothing that was not committed"
    seen = json.loads(watched.read_text())
    assert seen["most"] == 1 and seen["places"] == sorted(set(seen["places"])), "one under way at a time, in order"


def test_the_clock_waits_until_all_is_read_and_the_database_says_where_to_go_on(
    kafka: Emptied, database: str, store: AgentStore, tmp_path: Path
) -> None:
    """After a stop nobody is reminded of what has been answered meanwhile; and a new database reads from the start,
    though the group has committed the end.
    """
    cluster, log = kafka(), town_log()
    Audit(cluster).write(log.records)
    alone = in_memory()
    rounds = Rounds(alone, clock_times(), topics.AUDIT)
    for n, record in enumerate(log.records):
        rounds.take_all([Record(n, record)])
    rounds.pass_time(datetime.now(UTC))
    expected = {id_ for id_, _ in alone.unsent(10_000)}
    alone.close()
    with agents(cluster, database, tmp_path, "--tick", "0.1") as process:
        until(lambda: {one.id for one in outbox(cluster)} >= expected, process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert {one.id for one in outbox(cluster)} == expected
    running = {matter.id for matter in store.open_matters()}
    with psycopg.connect(database) as connection:
        connection.execute("TRUNCATE matters, agent_positions, agent_concerns")
    with agents(cluster, database, tmp_path, "--tick", "0.1") as process:
        until(lambda: {matter.id for matter in store.open_matters()} == running, process)


def test_the_group_tells_others_how_far_they_are(
    kafka: Emptied, database: str, store: AgentStore, tmp_path: Path
) -> None:
    """Also after a kill, where the group knew less than the database, and over what transactions leave between."""
    cluster = kafka()
    audit, group = Audit(cluster), connection(cluster.login(topics.AGENTS)) | {"group.id": topics.AGENTS}
    audit.feed(30)
    Rounds(store, clock_times(), topics.AUDIT).take_all(
        [Record(n, one) for n, one in enumerate(town_log().records[:10])]
    )
    asking = Consumer(group)

    def told() -> int:
        return int(asking.committed([TopicPartition(topics.AUDIT, 0)], timeout=30)[0].offset)

    try:
        asking.commit(offsets=[TopicPartition(topics.AUDIT, 0, 2)], asynchronous=False)
        with agents(cluster, database, tmp_path) as process:
            for _ in range(3):
                before = store.position(topics.AUDIT) or 0
                audit.feed(30)
                until(lambda before=before: before < (store.position(topics.AUDIT) or 0) == told() - 1, process)
    finally:
        asking.close()


def test_what_the_database_has_forgotten_is_taken_in_again(
    kafka: Emptied, database: str, store: AgentStore, tmp_path: Path
) -> None:
    """As after a crash of the server, which may lose what was committed last: it does not wait for the disk."""
    cluster = kafka()
    audit = Audit(cluster)
    audit.feed(40)
    with agents(cluster, database, tmp_path) as process:
        until(lambda: (store.position(topics.AUDIT) or 0) >= 39, process)
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE agent_positions SET position = 9")
            connection.execute("DELETE FROM matters")
        audit.feed(10)
        assert process.wait(_PATIENCE) == _STALLED
    assert store.position(topics.AUDIT) == 9
    with agents(cluster, database, tmp_path) as process:
        until(lambda: (store.position(topics.AUDIT) or 0) >= 50, process)
    whole = in_memory()
    Rounds(whole, clock_times(), topics.AUDIT).take_all(
        [Record(n, one) for n, one in enumerate(town_log().records[10:50])]
    )
    assert {matter.id for matter in store.open_matters()} == {matter.id for matter in whole.open_matters()}


def test_what_was_skipped_is_listed_and_tried_again(
    kafka: Emptied, database: str, store: AgentStore, tmp_path: Path
) -> None:
    """A record that an agent could not take in: found by a command, and taken in when it can be."""
    cluster, log = kafka(), town_log()
    Audit(cluster).write([b"{}", log.records[0]])
    with agents(cluster, database, tmp_path, "--message-time") as process:
        until(lambda: (store.position(topics.AUDIT) or 0) >= 1, process)
    assert "skipped by clocks" in (tmp_path / "log").read_text()

    def command(*words: str) -> tuple[int, list[tuple[int, str, str | None]]]:
        environment = cluster.environment(topics.AGENTS) | {"SAMBAND_POSTGRES_URL": database}
        called = [sys.executable, "-m", "agents.stream", *words, "--json"]
        ended = subprocess.run(called, env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE)
        return ended.returncode, [tuple(json.loads(row).values()) for row in ended.stdout.splitlines()]

    broken = [(0, "clocks", "KeyError"), (0, "concerns", "KeyError")]
    assert command("skipped") == (0, broken)
    assert command("retry")[1] == broken and store.count_skipped() == 2
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE agent_skipped SET position = 1")
    assert command("retry") == (0, [(1, "clocks", None), (1, "concerns", None)])
    assert command("skipped") == (0, []) and store.count_skipped() == 0


def test_what_stands_still_ends(kafka: Emptied, database: str, store: AgentStore, tmp_path: Path) -> None:
    """Stuck on a record while the log waits; and before a log that is not the one they have read."""
    cluster, log = kafka(), town_log()
    Audit(cluster).write(log.records[:3])
    with (
        store.passing(topics.AUDIT),
        agents(cluster, database, tmp_path, "--message-time", "--stalled", "3") as process,
    ):
        assert process.wait(_PATIENCE) == _STALLED
    with store.taking(topics.AUDIT, 1_000_000):
        pass
    with agents(cluster, database, tmp_path, "--message-time") as process:
        assert process.wait(_PATIENCE) == _STALLED
    assert "another log" in (tmp_path / "log").read_text()
