"""A lost or outdated database of a cluster's workers is made anew from what lies on Kafka, row for row."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
import sealed_lines
from command import Ended, samband
from lines import POLICE, TOWN, consent, request, withdrawal
from psycopg.rows import dict_row
from streams import Town, until
from test_store_outdated import copied, emptied_topic, ended, lies, name, restored

from broker import topics

pytestmark = pytest.mark.slow

Json = dict[str, Any]
TABLES = ("handled", "outbox", "inbox", "quarantine", "answerables", "consents", "consents_told", "agreements")
NUMBERS = ("seq", "replaced", "withdrawn", "redriven", "purged")
"""Columns that name a record; numbers are drawn anew."""


def rows(database: str, but: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row that workers have made, each record named by its hash; without the columns `but`."""
    with psycopg.connect(database, row_factory=dict_row) as connection:
        hashes = {row["n"]: row["leaf_hash"].hex() for row in connection.execute("select n, leaf_hash from decisions")}
        found = {"decisions": sorted(hashes.values())}
        for table in TABLES:
            told = connection.execute(f"select * from {table}").fetchall()  # type: ignore[arg-type]
            found[table] = sorted(as_text(row, hashes, {"n", *but}) for row in told)
    return found


def as_text(row: Mapping[str, Any], hashes: Mapping[int, str], but: Collection[str]) -> str:
    named = {name: hashes.get(value, value) if name in NUMBERS else value for name, value in row.items()}
    if "case_key" in named:  # sealed anew, so no two are alike: what it says is compared by itself
        del named["case_key"]
        named["content"] = bool(named["content"])
    return json.dumps({name: named[name] for name in named.keys() - but}, sort_keys=True, default=str)


def said(town: Town) -> list[str]:
    """What is kept of deliveries, opened."""
    lines = sealed_lines.of_workers(town.database, town.keys)
    return sorted(json.dumps([row["authority"], row["type"], row["content"]], sort_keys=True) for row in lines)


def rebuild(town: Town, *more: str) -> Ended:
    with patch.dict(os.environ, environment(town)):
        return samband("worker", "rebuild", *more)


def environment(town: Town) -> dict[str, str]:
    told = {"SAMBAND_POSTGRES_URL": town.database, "SAMBAND_KEYS": str(town.keys), "SAMBAND_PROFILE": town.profile}
    return town.kafka.environment(topics.RECONCILE) | told


def settled(town: Town, before: Mapping[str, int] | None = None) -> dict[str, list[str]]:
    """The tables once nothing is under way: all that is decided is known to be out."""

    def look() -> int:
        with psycopg.connect(town.database) as connection:
            row = connection.execute("select count(*) from decisions where not published").fetchone()
            assert row is not None
            return int(row[0])

    until(look, lambda waiting: waiting == 0)
    return rows(town.database)


def empty(town: Town) -> None:
    with psycopg.connect(town.database, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")


@contextmanager
def locked(database: str, table: str) -> Iterator[None]:
    """Nobody else comes at a table meanwhile."""
    with psycopg.connect(database) as connection:
        connection.execute(f"lock table {table}")  # type: ignore[arg-type]
        yield


def test_an_older_copy_is_refused_and_rebuilt_with_nothing_lost_or_doubled(town: Town) -> None:
    """The withdrawn consent stays withdrawn; what is sent again is a repeat; no worker may run meanwhile."""
    with town.worker():
        town.send(TOWN, consent(3))
        town.send(POLICE, *map(request, (1, 2)))
        town.awaited(2, POLICE)
        town.awaited(1, TOWN)
    kept = f"{name(town.database)}_kept"
    copied(town, kept)
    with town.worker():
        town.send(TOWN, withdrawal(4))
        town.send(POLICE, *map(request, (5, 6)), b"no message")
        town.awaited(5, POLICE)
        town.awaited(2, TOWN)
        whole, opened = settled(town), said(town)
        refused = rebuild(town, "--lang", "sv")
        assert (refused.status, "stoppa alla arbetare först" in refused.err) == (2, True)
    before = lies(town)
    restored(town, kept)
    status, line = ended(town)
    assert status == 1 and "samband worker rebuild" in line

    with locked(town.database, "inbox"):  # it is killed where it has begun
        command = [sys.executable, "-m", "broker.cli", "worker", "rebuild"]
        killed = subprocess.Popen(command, env=environment(town), stderr=subprocess.PIPE)
        until(lambda: waits(town.database), bool)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    older = until(lambda: rows(town.database), bool)
    assert len(older["decisions"]) == 3 and len(whole["decisions"]) == 7

    done = until(lambda: rebuild(town, "--json"), lambda ran: ran.status != 2)  # the killed one's locks go with it
    assert done.status == 0, done.err
    rebuilt, compared = done.objects
    assert (rebuilt["rebuilt"]["records"], compared["ok"], compared["agree"]) == (7, True, 7)
    assert (rows(town.database), said(town)) == (whole, opened) and any('"need"' in one for one in opened)
    assert rebuild(town).status == 0 and rows(town.database) == whole
    with town.worker():
        town.send(POLICE, request(5), request(7))
        town.awaited(7, POLICE)
    after = lies(town)
    assert after[topics.AUDIT] == before[topics.AUDIT] + 1
    delivered = [line["message"]["id"] for line in town.inbox(TOWN, "delivery")]
    assert len(delivered) == len(set(delivered)) == 7


def waits(database: str) -> bool:
    """Whether somebody waits for a lock."""
    with psycopg.connect(database) as connection:
        waiting = "select 1 from pg_locks join pg_database d on d.oid = database"
        waiting += " where not granted and datname = current_database()"
        return connection.execute(waiting).fetchone() is not None


def test_what_topics_no_longer_hold_is_told_and_still_counts(town: Town) -> None:
    """Registers hang on records alone; a delivery that is gone can't be given out again; no audit, no database."""
    with town.worker():
        town.send(TOWN, consent(3), withdrawal(4))
        town.send(POLICE, request(1))
        town.awaited(1, POLICE)
        town.awaited(2, TOWN)
        whole = settled(town)
    for topic in (topics.outbox(TOWN), topics.outbox(POLICE), topics.inbox(TOWN)):
        emptied_topic(town, topic)
    empty(town)
    done = rebuild(town, "--lang", "sv")
    assert done.status == 0, done.err
    assert "Av 3 meddelanden finns texten inte kvar i utkorgarna" in done.out
    assert "1 leveranser som ingen har diariefört finns inte kvar" in done.out
    made = rows(town.database)
    registers = ("answerables", "consents", "consents_told", "agreements", "outbox", "decisions")
    assert {table: made[table] for table in registers} == {table: whole[table] for table in registers}
    emptied_topic(town, topics.AUDIT)
    refused = rebuild(town)
    assert refused.status == 2 and "first records" in refused.err
