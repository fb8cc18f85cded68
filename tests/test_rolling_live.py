"""Workers of two versions side by side on one database and one Kafka: `make rolling SINCE=…` names the earlier one.

Where the schema between them is another, the earlier one has to be usable beside it (`migrations.USABLE_FROM`).
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from lines import POLICE, TOWN, consent, request, withdrawal
from streams import Town, until

from broker import topics

EARLIER = os.environ.get("SAMBAND_EARLIER")
"""A checkout of an earlier version."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(EARLIER is None, reason="make rolling SINCE=COMMIT makes the earlier version's tree"),
]
HERE = Path(__file__).parents[1]


@contextmanager
def worker(town: Town, tree: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of one version, and its end."""
    command = [sys.executable, "-m", "broker.cli", "worker"]
    with town.log.open("ab") as log, subprocess.Popen(command, env=town.environment(), cwd=tree, stderr=log) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            finally:
                process.kill()


def run(town: Town, tree: Path, user: str, *words: str) -> str:
    told = town.kafka.environment(user) | {"SAMBAND_POSTGRES_URL": town.database, "SAMBAND_KEYS": str(town.keys)}
    command = [sys.executable, "-m", "broker.cli", *words]
    ended = subprocess.run(command, env=told, cwd=tree, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def workers(town: Town) -> int:
    """How many numbers are held."""
    with psycopg.connect(town.database) as connection:
        row = connection.execute(
            "select count(*) from pg_locks join pg_database d on d.oid = database"
            " where locktype = 'advisory' and objsubid = 2 and datname = current_database()"
        ).fetchone()
        assert row is not None
        return int(row[0])


def test_workers_are_exchanged_one_after_the_other(town: Town) -> None:
    """The tables first, beside the earlier worker; then a new one beside it; then without it: 0 lost, 0 twice."""
    assert EARLIER is not None
    earlier = Path(EARLIER)
    run(town, earlier, topics.AGENTS, "upgrade", "--data", "postgres")
    with worker(town, earlier):
        town.send(TOWN, consent(900))
        town.send(POLICE, *map(request, range(1, 21)))
        town.awaited(20, POLICE)
        run(town, HERE, topics.AGENTS, "upgrade", "--data", "postgres")
        town.send(POLICE, *map(request, range(21, 41)))
        town.awaited(40, POLICE)
        with worker(town, HERE) as new:
            until(lambda: workers(town), lambda held: held == 2)
            for n in range(41, 81):
                town.send(POLICE, request(n))
                town.send(TOWN, request(n + 500, sender=TOWN, recipient=POLICE))
            town.awaited(80, POLICE)
            town.awaited(41, TOWN)
            assert new.poll() is None
    with worker(town, HERE):
        town.send(TOWN, withdrawal(901))
        town.send(POLICE, request(5), request(81))  # the first is a repeat, decided by the earlier version
        town.awaited(82, POLICE)
        town.awaited(42, TOWN)
    delivered = [line["message"]["id"] for line in town.inbox(TOWN, "delivery")]
    assert len(delivered) == len(set(delivered)) == 81 + 2
    assert run(town, HERE, topics.RECONCILE, "reconcile", "--once", "--json").count('"ok": true') >= 1
