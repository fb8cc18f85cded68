"""A purge of the cluster's quarantine is a record as in one process: made once, and then the bytes are gone."""

import json
import signal
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from lines import POLICE, TOWN, line, message
from streams import Town, until
from test_anonymous_live import agrees
from test_redrive_live import quarantine

from broker import topics


def junk(n: int) -> bytes:
    """A line of somebody's that can't be used."""
    return line(message(n, "Clarification", POLICE, TOWN, {"text": "x" * 100, "no_such_field": 1}))


def purges(town: Town) -> list[dict[str, Any]]:
    """What the records of purges say, oldest first."""
    return [one.content["purged"] for one in town.read(topics.AUDIT) if one.content["record"] == "purge"]


def kept(town: Town) -> int:
    with psycopg.connect(town.database) as connection:
        found = connection.execute("SELECT coalesce(sum(kept), 0) FROM quarantine").fetchone()
        return int(found[0]) if found else 0


def test_a_purge_is_recorded_and_then_the_bytes_are_gone(town: Town) -> None:
    """Named by their leaf hashes; a line without bytes is not among them; what comes later stays."""
    with town.worker():
        town.send(POLICE, junk(1), b"{not json", junk(2))
        town.awaited(3, POLICE)
        at = [one.headers["ce_id"] for one in town.read(topics.AUDIT)]
        size = len(junk(1)) + len(junk(2))
        until(lambda: kept(town), lambda found: found == size)
        [answer] = quarantine(town, "purge", "--older-than", 0)
        assert (answer["purged"], answer["bytes"]) == (2, size)
        assert [purge["records"] for purge in purges(town)] == [[at[0], at[2]]]
        assert (town.read(topics.QUARANTINE), quarantine(town, "list"), kept(town)) == ([], [], 0)
        town.send(POLICE, junk(3))
        town.awaited(4, POLICE)
        [answer] = quarantine(town, "purge", "--older-than", 1)
        assert answer["purged"] == 0 and purges(town)[1]["records"] == []
        assert [row["kept"] for row in quarantine(town, "list")] == [True]
    ended = subprocess.run(
        [sys.executable, "-m", "broker.cli", "quarantine", "purge", "--data", "kafka", "--sender", POLICE],
        env=town.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1) and "--sender" in ended.stderr
    agrees(town)


@pytest.mark.parametrize("point", ["after_decide", "before_mark"])  # what is durable differs in these
def test_what_is_too_old_is_purged_by_itself_once(town: Town, point: str) -> None:
    """As soon as a worker starts, and then every day; killed in the middle of it, it leaves one record all the same."""
    with town.worker():
        town.send(POLICE, junk(1), junk(2))
        town.awaited(2, POLICE)
        at = [one.headers["ce_id"] for one in town.read(topics.AUDIT)]
    with psycopg.connect(town.database, autocommit=True) as connection:
        connection.execute(
            "UPDATE quarantine SET recorded = '2020-01-01T00:00:00Z' WHERE seq = (SELECT min(seq) FROM quarantine)"
        )
    with town.worker(SAMBAND_KILL=f"{point}:1") as dies:
        assert dies.wait(60) == -signal.SIGKILL
    with town.worker():
        until(lambda: purges(town), bool)
        town.send(POLICE, junk(3))
        town.awaited(3, POLICE)
        until(lambda: kept(town), lambda found: found == len(junk(2)) + len(junk(3)))
    assert [purge["records"] for purge in purges(town) if purge["records"]] == [[at[0]]]
    assert json.dumps(purges(town)).count("before") <= 2  # the order may have been given twice
    agrees(town)
