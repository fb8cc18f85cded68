"""`samband ledger` with real Kafka and PostgreSQL: killed, restored, rebuilt, refused, read."""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from audit_leaves import leaves, root, sample_leaves
from command import Ended, samband
from confluent_kafka import Producer
from ledger_running import POINTS
from live import Emptied, Provisioned
from witness_running import running

from broker import topics
from broker.adapters.files.checkpoint_file import FILE
from broker.adapters.files.signing import Signer
from broker.adapters.kafka import kafka_python_login
from broker.adapters.kafka.confluent_login import connection
from broker.runtime.embedded import LOG_NAME

Json = dict[str, object]
TESTS = Path(__file__).parent
SAMBAND = [sys.executable, "-m", "broker.cli"]


@dataclass
class Site:
    """A place where a ledger runs."""

    cluster: Provisioned
    database: str
    keys: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {"SAMBAND_POSTGRES_URL": self.database, "SAMBAND_KEYS": str(self.keys), "PYTHONPATH": str(TESTS.parent)}
        return self.cluster.environment(topics.LEDGER) | own

    def samband(self, *arguments: object, status: int = 0) -> Ended:
        """A command, in this process."""
        with patch.dict(os.environ, self.environment, clear=True):
            ended = samband(*arguments)
        assert ended.status == status, ended.err
        return ended

    def dying(self, *arguments: str) -> None:
        """One ledger after the other dies, each at another point."""
        command = [sys.executable, str(TESTS / "ledger_running.py"), *arguments]
        told = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=60)
        assert told.stdout.splitlines() == [f"{point}: {-signal.SIGKILL}" for point in POINTS], told.stderr

    def started(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*SAMBAND, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def publish(self, found: Sequence[bytes], *, each: int = 10, abort: Sequence[bytes] = ()) -> None:
        """As the worker does: in transactions; what is in `abort` is written and taken back."""
        login = self.cluster.login(topics.WORKER)
        producer = Producer({**connection(login), "transactional.id": "samband.worker.test"})
        producer.init_transactions(20)
        for batch, keep in [*((found[n : n + each], True) for n in range(0, len(found), each)), (abort, False)]:
            if batch:
                producer.begin_transaction()
                for leaf in batch:
                    producer.produce(topics.AUDIT, leaf)
                producer.flush(20)
                producer.commit_transaction(20) if keep else producer.abort_transaction(20)

    def log(self, *arguments: object) -> Json:
        """The verifier's answer."""
        told = self.samband("audit", "verify", "--data", "postgres", "--json", *arguments)
        answer: Json = json.loads(told.out)
        return answer

    def checkpoints(self) -> list[tuple[int, str]]:
        with closing(psycopg.connect(self.database)) as connection:
            return connection.execute("SELECT size, note FROM checkpoints ORDER BY size").fetchall()

    def do(self, *statements: str) -> None:
        with psycopg.connect(self.database, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]


COPY = [f"CREATE TABLE old_{name} AS TABLE {name}" for name in ("records", "checkpoints", "ledger_position")]
RESTORE = [
    *(f"TRUNCATE {name}" for name in ("records", "checkpoints", "ledger_position")),
    *(f"INSERT INTO {name} SELECT * FROM old_{name}" for name in ("records", "checkpoints", "ledger_position")),
]
LOSE = ["DROP TABLE records, checkpoints, ledger_position"]


@pytest.fixture
def site(kafka: Emptied, database: str, tmp_path: Path) -> Iterator[Site]:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    yield Site(kafka("polismyndigheten"), database, keys)


def test_what_is_signed_is_published_with_a_witness_s_cosignature(site: Site, tmp_path: Path) -> None:
    """And a ledger that has lost its log gets none, though it has the key."""
    published, found = tmp_path / "published", leaves(30)
    vkey = Signer(site.keys / "log.key", LOG_NAME).vkey
    with running(tmp_path / "witness", vkey) as witness:
        publish = ("--publish-to", published, "--witness", witness.address)
        site.publish(found[:20])
        site.samband("ledger", "--once", *publish)
        site.publish(found[20:])
        site.samband("ledger", "--once", *publish)
        told = site.log("--checkpoint", published / "checkpoint.txt", "--witness", witness.vkey)
        assert (told["ok"], told["size"], told["witnessed"]["size"]) == (True, 30, 30)  # type: ignore[index]
        site.do("DELETE FROM checkpoints WHERE size > 20")
        (published / "checkpoint.txt").unlink()
        assert site.samband("ledger", "--once", *publish, status=1).out == ""
        assert not (published / "checkpoint.txt").exists()


def test_killed_anywhere_the_roots_are_the_same(site: Site) -> None:
    found = leaves(200)
    site.publish(found, abort=leaves(3))
    site.dying("ledger", "--once", "--batch", "10")
    site.samband("ledger", "--once", "--batch", "10")
    told = site.log()
    assert (told["ok"], told["size"], told["root"]) == (True, 200, root(found))
    assert all(note.split("\n")[1] == str(size) for size, note in site.checkpoints())
    assert (site.keys / FILE).read_text("utf-8") == site.checkpoints()[-1][1]


def test_restored_lost_rebuilt_and_read(site: Site, tmp_path: Path) -> None:
    found = sample_leaves(120)
    site.publish(found[:40])
    site.samband("ledger", "--once", "--batch", "15")
    site.do(*COPY)
    site.publish(found[40:100])
    site.samband("ledger", "--once", "--batch", "20")
    before, export = site.checkpoints(), tmp_path / "export.jsonl"
    site.samband("audit", "export", "--data", "postgres", "--out", export)
    assert site.log("--checkpoint", site.keys / FILE)["root"] == root(found, 100)

    site.do(*RESTORE)  # an old copy
    assert site.log()["size"] == 40
    refused = site.samband(
        "audit", "verify", "--data", "postgres", "--json", "--checkpoint", site.keys / FILE, status=1
    )
    assert json.loads(refused.out)["first_bad"]["code"] == "rollback"
    site.samband("ledger", "--once", "--batch", "20")
    assert site.log("--checkpoint", site.keys / FILE)["root"] == root(found, 100)

    site.do(*LOSE)  # and all of it, with what came afterwards
    site.publish(found[100:])
    told = site.samband("ledger", "rebuild", "--export", export, "--checkpoint", site.keys / FILE, "--json")
    assert json.loads(told.out.splitlines()[-1])["root"] == root(found)
    assert site.checkpoints()[: len(before)] == before
    assert site.log()["ok"]

    # with no server at all
    verified = site.samband("audit", "verify", "--file", export, "--key", (site.keys / "log.vkey").read_text().strip())
    assert "100" in verified.out
    [last] = site.samband("audit", "show", "--data", "postgres", "--limit", 1, "--proof", "--json").out.splitlines()
    shown = json.loads(last)
    assert (shown["seq"], shown["proof"]["size"]) == (len(found) - 1, len(found))
    decided = next(n for n, leaf in enumerate(found) if json.loads(leaf)["record"] == "decision")
    assert json.loads(site.samband("explain", decided, "--data", "postgres", "--json").out)["seq"] == decided
    message = json.loads(found[decided])["message"]
    assert json.loads(site.samband("explain", message, "--data", "postgres", "--json").out.splitlines()[0])
    site.samband("replay", "--data", "postgres", "--limit", 50)
    site.samband("report", "--year", 2026, "--data", "postgres", "--out", tmp_path / "r.csv")
    for register in ("consents", "agreements", "requests", "concerns", "orders"):
        site.samband("register", "show", register, "--data", "postgres", "--json")


def test_refused_and_named(site: Site) -> None:
    found = leaves(60)
    site.publish(found[:30])
    running = site.started("ledger", "--seconds", "0.1", "--json")
    try:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["size"] == 0
        assert json.loads(running.stdout.readline())["size"] == 30
        second = site.samband("ledger", "--once", status=1)  # two at once, on one machine and with another's keys
        assert "only one" in second.err
        elsewhere = site.keys.parent / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        other = Site(site.cluster, site.database, elsewhere)
        assert "another ledger writes there" in other.samband("ledger", "--once", status=1).err
        site.publish(found[30:])
        while json.loads(running.stdout.readline())["size"] < 60:
            pass
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=20)
        assert running.returncode == 0
    finally:
        running.kill()
        running.wait()
    assert site.log()["root"] == root(found)

    site.publish([b"no record"])
    poisoned = site.samband("ledger", "--once", status=1)
    assert "nobody but the worker may write there" in poisoned.err and poisoned.err.count("\n") == 1
    assert site.log()["size"] == 60


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_kafka_that_is_not_there(site: Site) -> None:
    nowhere = {"SAMBAND_KAFKA_BOOTSTRAP": "127.0.0.1:1"}
    with (
        patch.dict(os.environ, site.environment | nowhere, clear=True),
        patch.object(kafka_python_login, "_BOOTSTRAP_MS", 300),
    ):
        ended = samband("ledger", "--once")
    gc.collect()  # the client leaves a socket behind
    assert ended.status == 2
    assert "gives no answer" in ended.line


def test_it_outlives_a_database_that_ends_its_connections(site: Site) -> None:
    found = leaves(40)
    site.publish(found[:20])
    running = site.started("ledger", "--seconds", "0.1", "--json")
    try:
        assert running.stdout is not None
        while json.loads(running.stdout.readline())["size"] < 20:
            pass
        site.do(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        site.publish(found[20:])
        while json.loads(running.stdout.readline())["size"] < 40:
            pass
    finally:
        running.terminate()
        running.communicate(timeout=20)
    assert site.log()["root"] == root(found)
