"""On a cluster too nothing of a thousand persons is left: in the workers' tables, their dump, the topics."""

import json
import subprocess
import sys
from contextlib import closing
from typing import Any

import psycopg
from confluent_kafka import Consumer, TopicPartition
from lines import POLICE, TOWN, line
from streams import Town, until
from test_anonymous_live import agrees
from test_redrive_live import quarantine
from test_retention import MANY, has_trace, planted
from test_upgrade_live import PSQL

from broker import topics
from broker.adapters.files.contents_key import FILE
from broker.adapters.kafka.confluent_login import connection


def dump(town: Town) -> bytes:
    """The whole database, and what it says in hex."""
    program = PSQL.with_name("pg_dump")
    text = subprocess.run([program, "--dbname", town.database], capture_output=True, check=True).stdout
    columns = [bytes.fromhex(part.decode()) for part in _hex(text)]
    return b"\n".join((text, *columns))


def _hex(text: bytes) -> list[bytes]:
    parts = (part.split(b"\t", 1)[0].split(b"\n", 1)[0] for part in text.split(b"\\\\x")[1:])
    return [part for part in parts if len(part) % 2 == 0]


def retention(town: Town, *words: str) -> list[dict[str, Any]]:
    """Run `samband retention` on the cluster."""
    command = [sys.executable, "-m", "broker.cli", "retention", *words, "--data", "kafka", "--json"]
    ended = subprocess.run(command, env=town.environment(), capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(one) for one in ended.stdout.splitlines()]


def read_all(town: Town, authority: str) -> None:
    """An authority has read its inbox."""
    inbox = topics.inbox(authority)
    end = town.read(inbox)[-1].offset + 1
    with closing(Consumer({**connection(town.kafka.login(authority)), "group.id": inbox})) as consumer:
        consumer.commit(offsets=[TopicPartition(inbox, 0, end)], asynchronous=False)


def on_topics(town: Town) -> bytes:
    """Every byte on every topic."""
    names = [name(one) for one in (POLICE, TOWN) for name in (topics.outbox, topics.inbox)]
    found = town.read_all([*names, topics.outbox(topics.BROKER), topics.QUARANTINE, topics.AUDIT])
    return b"\n".join(one.value + str(one.headers).encode() for records in found.values() for one in records)


def test_of_a_thousand_persons_nothing_is_left(town: Town) -> None:
    messages = [one if isinstance(one, bytes) else line(one) for one in planted()]
    of_police = [one for one in messages if b'"sender": {"authority": "polismyndigheten"' in one]
    of_town = [one for one in messages if one not in set(of_police)]
    with town.worker():
        town.send(POLICE, *of_police)
        town.send(TOWN, *of_town)
        until(lambda: len(town.read(topics.AUDIT)), lambda count: count >= MANY)
        assert not has_trace(dump(town))  # what is kept is sealed
        assert has_trace(on_topics(town))  # the search finds what is there
        [nothing] = retention(town, "erase")
        assert nothing["classes"] == []
        with psycopg.connect(town.database, autocommit=True) as connection_:
            connection_.execute("UPDATE copies SET until = '2026-01-01'")
        held = json.loads(of_town[0])["id"]
        assert retention(town, "hold", "--message", held, "--reference", "T1-26")[0]["cases"] == 2
        [told] = retention(town, "erase")
        assert sum(row["contents"] for row in told["classes"]) > 0
        with psycopg.connect(town.database) as connection_:
            [[left]] = connection_.execute("SELECT count(*) FROM inbox WHERE content IS NOT NULL").fetchall()
            assert left == 1  # what is held
        retention(town, "release", "--message", held, "--reference", "T1-26")
        retention(town, "erase")
        quarantine(town, "purge", "--older-than", 0)
    before = (town.keys / FILE).read_text()
    for authority in (POLICE, TOWN):
        read_all(town, authority)
    with town.worker(SAMBAND_SETTLED_DAYS="0"):
        until((town.keys / FILE).read_text, lambda now: now != before and now.count("\n") == 1)
        until(lambda: has_trace(on_topics(town)), lambda found: not found)
    assert not has_trace(dump(town))
    assert not any(has_trace(file.read_bytes()) for file in town.keys.parent.rglob("*") if file.is_file())
    records = [one.content for one in town.read(topics.AUDIT)]
    assert [one["record"] for one in records if one["record"] in ("hold", "purge", "erasure")].count("hold") == 2
    agrees(town)
