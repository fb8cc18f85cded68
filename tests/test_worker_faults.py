"""Workers on real servers where something goes away, comes back, stands still or dies: each message once, in order."""

import os
import signal
import subprocess
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import psycopg
import pytest
from faults import kafka_side
from faults.checker import Sighting, check
from lines import POLICE, TOWN, number, request
from live import Emptied
from streams import Town, until

from broker import topics
from broker.adapters.files.signing import TokenKey

pytestmark = [pytest.mark.slow, pytest.mark.faults]

Process = subprocess.Popen[bytes]


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    """Two authorities on an empty cluster."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Town(kafka(POLICE, TOWN), database, keys)


def waits(town: Town, server: str) -> int:
    """How often workers have said that a server is away."""
    return town.log.read_text("utf-8").count(f"waiting: {server}")


def full(town: Town) -> int:
    """How often they have said that PostgreSQL's disk is full."""
    return town.log.read_text("utf-8").count("its disk is full: make room there")


def once(town: Town, count: int, *, put_aside: int = 0) -> None:
    """All that was sent is recorded, delivered and answered: each once, in order, and no transaction hangs.

    `put_aside`: messages that no worker can handle.
    """
    login = town.kafka.servers.operator
    names = kafka_side.topics(login)
    until(lambda: kafka_side.ends(login, names), lambda ends: ends == kafka_side.ends(login, names, "read_committed"))
    told = kafka_side.dump(login, [])
    seen = [Sighting(*record.place, at=0.0) for record in told.committed if record.topic.startswith(("audit", "inbox"))]
    tokens = TokenKey(town.keys / "token.key", create=False)
    verdict = check(replace(told, seen=seen), lambda topic: tokens.token("source", topic), reveal=tokens.reveal)
    assert verdict.names == ({"put_aside": put_aside} if put_aside else {}), verdict.faults
    assert (verdict.figures["sent"], verdict.figures["records"], verdict.figures["receipts"]) == (count, count, count)


def handled(town: Town, count: int) -> None:
    """Wait until so many receipts have come."""
    until(lambda: len(town.read(topics.inbox(POLICE))), lambda found: found >= count)


def requests(first: int, last: int) -> list[dict[str, object]]:
    return [request(n) for n in range(first, last + 1)]


def stopped(process: Process) -> None:
    """Wait until it stands still."""
    assert os.waitid(os.P_PID, process.pid, os.WSTOPPED) is not None


def test_a_message_that_kills_each_worker_is_put_aside_and_all_others_are_delivered(town: Town) -> None:
    """Its tries are counted in the database; those before and after it in the same batch come through once."""
    town.send(POLICE, *requests(1, 5))
    deaths = 0

    def ended_or_done(process: Process) -> bool:
        return process.poll() is not None or len(town.receipts(POLICE)) == 5

    for _ in range(10):
        with town.worker(SAMBAND_KILL=f"{topics.outbox(POLICE)}/2:1") as process:
            until(partial(ended_or_done, process), bool)
            if process.poll() is None:
                break
            assert process.returncode == -signal.SIGKILL
            deaths += 1
    assert deaths == 5
    receipts = town.receipts(POLICE)
    codes = [receipt.get("error", {}).get("code") for receipt in receipts]
    assert codes == [None, None, "poison", None, None]
    [kept] = town.read(topics.QUARANTINE)
    assert (kept.headers["samband_code"], kept.headers["samband_attempts"]) == ("poison", "6")
    assert [line["message"]["id"] for line in town.inbox(TOWN, "delivery")] == [number(n) for n in (1, 2, 4, 5)]
    once(town, 5, put_aside=1)


def test_while_the_policy_is_away_nothing_moves(town: Town) -> None:
    """Ten seconds and more, and then all that waited; it is no fault of the messages."""
    servers = town.kafka.servers
    with town.worker():
        town.send(POLICE, *requests(1, 2))
        handled(town, 2)
        servers.script("down", "opa")
        try:
            town.send(POLICE, *requests(3, 30))
            until(lambda: waits(town, "the policy server"), lambda found: found >= 7)  # 0.1 s, then double: 11 s
            assert len(town.receipts(POLICE)) == 2
        finally:
            servers.script("up", "opa")
        handled(town, 30)
    once(town, 30)
    assert town.read(topics.QUARANTINE) == []


def test_postgresql_is_restarted_under_way(town: Town) -> None:
    """The worker finds it again, and goes on where it was."""
    servers = town.kafka.servers
    with town.worker() as process:
        town.send(POLICE, *requests(1, 2))
        handled(town, 2)
        town.send(POLICE, *requests(3, 60))
        servers.script("down", "postgres")
        try:
            town.send(POLICE, *requests(61, 62))
            until(lambda: waits(town, "PostgreSQL"), lambda found: found >= 2)
        finally:
            servers.script("up", "postgres")
        handled(town, 62)
        assert process.poll() is None
    once(town, 62)


def test_postgresql_has_no_room(town: Town) -> None:
    """Wherever it meets it: one line that says so; nothing is decided meanwhile, and then all comes, each once."""
    late = ("AFTER INSERT", "CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED")
    ways = [("BEFORE INSERT", "TRIGGER", ""), late]
    with town.worker() as process, psycopg.connect(town.database, autocommit=True) as connection:
        town.send(POLICE, *requests(1, 2))
        handled(town, 2)
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
        )
        for n, (table, (timing, sort, deferred)) in enumerate(product(("decisions", "inbox", "handled"), ways)):
            so_far = 2 + 10 * n
            said_so_far = full(town)
            connection.execute(
                f"CREATE {sort} full_disk {timing} ON {table} {deferred} FOR EACH ROW EXECUTE FUNCTION full_disk()"
            )
            town.send(POLICE, *requests(so_far + 1, so_far + 10))
            until(lambda: full(town), lambda found, least=said_so_far + 2: found >= least)
            assert len(town.receipts(POLICE)) == so_far and process.poll() is None
            connection.execute(f"DROP TRIGGER full_disk ON {table}")
            handled(town, so_far + 10)
    said = town.log.read_text("utf-8")
    assert "Traceback" not in said and "fault in samband itself" not in said
    assert town.read(topics.QUARANTINE) == []
    once(town, 62)


def test_a_message_that_postgresql_can_never_hold_is_put_aside(town: Town) -> None:
    """A limit of the database's is the message's fault, not the server's: it keeps nobody waiting."""
    with town.worker() as process:
        town.send(POLICE, request(1))
        handled(town, 1)
        with psycopg.connect(town.database, autocommit=True) as connection:
            connection.execute(
                "CREATE FUNCTION limit_of_it() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'index row size exceeds maximum' USING ERRCODE = '54000'; END $$"
            )
            connection.execute(
                f"CREATE TRIGGER limit_of_it BEFORE INSERT ON outbox FOR EACH ROW WHEN (NEW.message = '{number(3)}') "
                "EXECUTE FUNCTION limit_of_it()"
            )
        town.send(POLICE, *requests(2, 5))
        handled(town, 5)
        assert process.poll() is None
    codes = [receipt.get("error", {}).get("code") for receipt in town.receipts(POLICE)]
    assert codes == [None, None, "poison", None, None]
    assert waits(town, "PostgreSQL") == 0
    once(town, 5, put_aside=1)


def test_kafka_is_restarted_under_way(town: Town) -> None:
    """What was under way is sent again, and what comes later too."""
    servers = town.kafka.servers
    with town.worker() as process:
        town.send(POLICE, *requests(1, 60))
        servers.script("down", "kafka")
        servers.script("up", "kafka")
        town.send(POLICE, *requests(61, 70))
        handled(town, 70)
        assert process.poll() is None
    once(town, 70)


def test_workers_are_replaced_one_after_the_other(town: Town) -> None:
    """Two workers, each told to end and replaced while messages flow."""
    with town.worker() as first, town.worker() as second:
        town.send(POLICE, *requests(1, 40))
        until(lambda: town.read(topics.AUDIT), bool)
        first.terminate()
        assert first.wait(30) == 0
        with town.worker():
            town.send(POLICE, *requests(41, 80))
            second.terminate()
            assert second.wait(30) == 0
            town.send(POLICE, *requests(81, 100))
            handled(town, 100)
    once(town, 100)


def test_told_to_end_a_worker_finishes_what_it_has_begun(town: Town) -> None:
    """Nothing is decided that is not sent too; the next worker does the rest."""
    with town.worker() as process:
        town.send(POLICE, *requests(1, 200))
        until(lambda: town.read(topics.AUDIT), bool)
        process.terminate()
        assert process.wait(30) == 0
    with psycopg.connect(town.database) as connection:
        assert connection.execute("SELECT count(*) FROM decisions").fetchone() == (len(town.read(topics.AUDIT)),)
    with town.worker():
        handled(town, 200)
    once(town, 200)


@pytest.mark.parametrize("point", ["after_decide", "after_audit", "before_commit"])
def test_a_worker_that_stood_still_too_long_is_shut_out(town: Town, point: str) -> None:
    """Stopped in the middle of a batch until another has its outboxes, it wakes and may add nothing."""
    with town.worker(SAMBAND_KILL=f"{point}:1:stop") as asleep:
        town.send(POLICE, *requests(1, 8))
        stopped(asleep)
        try:
            with town.worker() as awake:
                handled(town, 8)
                asleep.send_signal(signal.SIGCONT)
                town.send(POLICE, *requests(9, 12))
                handled(town, 12)
                assert (asleep.poll(), awake.poll()) == (None, None)
        finally:
            asleep.send_signal(signal.SIGCONT)
    once(town, 12)
