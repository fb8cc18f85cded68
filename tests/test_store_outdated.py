"""A worker whose database is older than what was published decides nothing; one that was killed anywhere goes on."""

import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka import KafkaAdminClient, TopicPartition
from lines import POLICE, TOWN, consent, request, withdrawal
from live import Servers, postgres_admin
from psycopg import sql
from streams import Town, until

from broker import topics
from broker.adapters.kafka.kafka_python_login import client_settings
from broker.log.appender import Published
from broker.log.merkle import leaf_hash
from broker.log.recency import StoreOutdated, compare
from broker.ports.faults import Away

Json = dict[str, object]

# --- the comparison


@dataclass
class Audit:
    """A topic: records, and marks of transactions between them (None)."""

    lies: Sequence[bytes | None]
    begins: int = 0
    answers: bool = True
    at: int = 0
    seen: list[int] = field(default_factory=list)

    def first(self) -> int:
        return self.begins

    def end(self) -> int:
        return len(self.lies)

    def seek(self, offset: int) -> None:
        assert offset >= self.begins
        self.at = offset

    def read(self, most: int, wait: float) -> list[Published]:
        found: list[Published] = []
        while self.answers and self.at < len(self.lies) and len(found) < most:
            leaf = self.lies[self.at]
            if leaf is not None:
                found.append(Published(self.at, leaf))
                self.seen.append(self.at)
            self.at += 1
        return found

    def position(self) -> int:
        return self.at


@dataclass
class Known:
    """A store that has made some records."""

    hashes: set[bytes]

    def unknown(self, leaf_hashes: Collection[bytes]) -> int:
        return len(set(leaf_hashes) - self.hashes)


def store(leaves: Collection[bytes]) -> Known:
    return Known({leaf_hash(leaf) for leaf in leaves})


topic = st.lists(st.one_of(st.none(), st.binary(min_size=1, max_size=3)), max_size=60)


@given(topic, st.data(), st.integers(1, 10))
def test_a_store_is_refused_exactly_when_it_lacks_one_of_the_newest(
    lies: list[bytes | None], data: st.DataObject, most: int
) -> None:
    begins = data.draw(st.integers(0, len(lies)))
    there = [leaf for leaf in lies[begins:] if leaf is not None]
    lacking = data.draw(st.sets(st.sampled_from(there))) if there else set()
    audit = Audit(lies, begins)
    try:
        compare(store(set(there) - lacking), audit, most)
    except StoreOutdated:
        assert lacking
        return
    assert not lacking.intersection(there[-most:])


def test_of_a_long_topic_only_the_end_is_read() -> None:
    audit = Audit([b"%d" % n for n in range(50_000)])
    compare(store([b"%d" % n for n in range(40_000, 50_000)]), audit)
    assert len(audit.seen) <= 2000


def test_a_topic_that_gives_no_answer_is_waited_for() -> None:
    with pytest.raises(Away):
        compare(store([]), Audit([b"record"], answers=False))


# --- on real servers


def admin(servers: Servers, *statements: sql.Composed) -> None:
    with postgres_admin(servers) as connection:
        for statement in statements:
            connection.execute(statement)


def copied(town: Town, as_name: str) -> None:
    """Keep the database as it is now."""
    statement = sql.SQL("CREATE DATABASE {} OWNER samband TEMPLATE {}")
    admin(town.kafka.servers, statement.format(sql.Identifier(as_name), sql.Identifier(name(town.database))))


def restored(town: Town, kept: str) -> None:
    """The copy in the database's place."""
    one, other = sql.Identifier(name(town.database)), sql.Identifier(kept)
    admin(
        town.kafka.servers,
        sql.SQL("DROP DATABASE {} WITH (FORCE)").format(one),
        sql.SQL("CREATE DATABASE {} OWNER samband TEMPLATE {}").format(one, other),
        sql.SQL("DROP DATABASE {}").format(other),
    )


def name(url: str) -> str:
    return url.rpartition("/")[2]


def ended(town: Town) -> tuple[int, str]:
    """Exit status and last words of a worker that ends by itself."""
    with town.worker() as process:
        status = process.wait(60)
    return status, town.log.read_text("utf-8").splitlines()[-1]


def emptied_topic(town: Town, topic: str = topics.AUDIT) -> None:
    client = KafkaAdminClient(**client_settings(town.kafka.servers.operator, "tests"))
    try:
        client.delete_records({TopicPartition(topic, 0): -1})
    finally:
        client.close()


def lies(town: Town) -> dict[str, int]:
    """How much lies on each topic that a worker writes."""
    names = (topics.AUDIT, topics.QUARANTINE, *(topics.inbox(one) for one in (POLICE, TOWN)))
    return {topic: len(found) for topic, found in town.read_all(names).items()}


@pytest.mark.slow
def test_a_database_restored_from_an_old_copy_is_refused(town: Town) -> None:
    """What was decided since would be decided anew, and a withdrawn consent would count."""
    with town.worker():
        town.send(POLICE, *map(request, (1, 2)))
        town.send(TOWN, consent(3))
        town.awaited(1, TOWN)
        town.awaited(2, POLICE)
    kept = f"{name(town.database)}_kept"
    copied(town, kept)
    with town.worker():
        town.send(TOWN, withdrawal(4))
        town.send(POLICE, *map(request, (5, 6)))
        town.awaited(2, TOWN)
        town.awaited(4, POLICE)
    before = lies(town)
    restored(town, kept)
    town.send(POLICE, request(5))
    status, line = ended(town)
    assert status == 1
    assert "lacks 3 of the newest 6 decisions" in line and "restore a newer copy" in line
    assert lies(town) == before
    agents = town.kafka.environment(topics.AGENTS) | {"SAMBAND_POSTGRES_URL": town.database}
    command = [sys.executable, "-m", "broker.cli", "agents", "--instance", "test"]
    told = subprocess.run(command, env=agents, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1 and "restore a newer copy" in told.stderr


@pytest.mark.slow
def test_a_restore_under_a_running_worker_stops_it(town: Town) -> None:
    with town.worker() as process:
        town.send(POLICE, request(1))
        town.awaited(1, POLICE)
        with psycopg.connect(town.database, autocommit=True) as connection:
            connection.execute("truncate decisions")  # the worker's connection stays
        town.send(POLICE, request(2))
        assert process.wait(60) == 1
    assert lies(town)[topics.AUDIT] == 1


@pytest.mark.slow
@pytest.mark.parametrize("audit", ["kept", "emptied"])
def test_an_empty_database_is_refused(town: Town, audit: str) -> None:
    """By `audit`; and where that is gone too, by the outboxes that have been read."""
    with town.worker():
        town.send(POLICE, request(1))
        town.awaited(1, POLICE)
    if audit == "emptied":
        emptied_topic(town)
    with psycopg.connect(town.database, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    status, line = ended(town)
    assert status == 1
    assert ("older than audit" if audit == "kept" else "outboxes") in line


@pytest.mark.slow
@pytest.mark.parametrize("point", ["after_decide", "before_commit", "after_commit"])  # what is durable differs in these
def test_a_worker_that_was_killed_anywhere_is_not_refused(town: Town, point: str) -> None:
    town.send(POLICE, *map(request, (1, 2)), request(1))
    with town.worker(SAMBAND_KILL=f"{point}:1") as process:
        assert process.wait(60) == -signal.SIGKILL
    with town.worker() as process:
        town.send(POLICE, request(3), request(3))
        town.awaited(5, POLICE)
        assert process.poll() is None
    with town.worker() as process:  # the newest of the outbox was a repeat, which leaves nothing in the database
        town.send(TOWN, request(4, sender=TOWN, recipient=POLICE))
        until(lambda: town.receipts(TOWN), lambda found: len(found) == 1)
        assert process.poll() is None
