"""The topic `audit` is lost with its Kafka, and comes back from a file: who reads it goes on at the same records."""

import io
import os
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from command import Ended, samband
from kafka import KafkaAdminClient
from lines import POLICE, TOWN, consent, request, withdrawal
from streams import Town

from broker import topics
from broker.adapters.kafka import audit_copy
from broker.adapters.kafka.audit_copy import NoCopy
from broker.adapters.kafka.kafka_python_login import client_settings
from broker.model.decision import Json

pytestmark = pytest.mark.slow


def run(town: Town, user: str, *words: str) -> Ended:
    told = town.kafka.environment(user) | {"SAMBAND_POSTGRES_URL": town.database, "SAMBAND_KEYS": str(town.keys)}
    with patch.dict(os.environ, told):
        return samband(*words)


def done(town: Town, user: str, *words: str) -> list[Json]:
    ended = run(town, user, *words, "--json")
    assert ended.status == 0, ended.out + ended.err
    return ended.objects


def lose(town: Town) -> None:
    client = KafkaAdminClient(**client_settings(town.kafka.servers.operator, "tests"))
    try:
        client.delete_topics([topics.AUDIT])
    finally:
        client.close()
    town.kafka.provision()


def places(town: Town) -> tuple[object, ...]:
    with psycopg.connect(town.database) as connection:
        return tuple(connection.execute("select last, next, size from ledger_position"))


def test_a_lost_topic_comes_back_and_all_go_on(town: Town, tmp_path: Path) -> None:
    copy = tmp_path / "audit.jsonl"
    assert run(town, topics.AGENTS, "upgrade", "--data", "postgres").status == 0
    assert run(town, topics.AGENTS, "keys").status == 0
    with town.worker():
        for n in (1, 2):  # each a transaction of its own: offsets have gaps
            town.send(POLICE, request(n))
            town.awaited(n, POLICE)
        town.send(TOWN, consent(13))
        town.awaited(1, TOWN)
        assert run(town, topics.WORKER, "audit", "load", str(copy)).status == 2
    [signed] = done(town, topics.LEDGER, "ledger", "--once")[-1:]
    assert done(town, topics.RECONCILE, "audit", "dump", str(copy)) == [{"records": 3, "file": str(copy)}]
    with psycopg.connect(town.database, autocommit=True) as connection:
        last = town.read(topics.AUDIT)[1].offset
        connection.execute("insert into agent_positions values ('audit', %s)", (last,))
    refused = run(town, topics.WORKER, "audit", "load", str(_shortened(copy)))
    assert refused.status == 2 and "cut off" in refused.err

    lose(town)
    assert run(town, topics.LEDGER, "ledger", "--once").status == 1
    assert done(town, topics.WORKER, "audit", "load", str(copy))[0]["records"] == 3
    assert done(town, topics.WORKER, "audit", "load", str(copy))[0]["records"] == 3  # nothing twice
    records = town.read(topics.AUDIT)
    assert len(records) == 3 and places(town) == ((records[-1].offset, records[-1].offset + 1, 3),)
    with psycopg.connect(town.database) as connection:
        assert connection.execute("select position from agent_positions").fetchall() == [(records[1].offset,)]
    with town.worker():
        town.send(TOWN, withdrawal(14))
        town.send(POLICE, request(1))
        town.awaited(2, TOWN)
        town.awaited(3, POLICE)
    [grown] = done(town, topics.LEDGER, "ledger", "--once")[-1:]
    assert (signed["size"], grown["size"]) == (3, 4)
    assert done(town, topics.LEDGER, "audit", "verify", "--data", "postgres")[0]["ok"]
    assert done(town, topics.RECONCILE, "reconcile", "--once")[-1]["ok"]
    other = audit_copy.write(io.StringIO(), audit_copy.records(town.kafka.login(topics.RECONCILE)))
    assert other == 4


def _shortened(copy: Path) -> Path:
    short = copy.with_name("short.jsonl")
    short.write_text("".join(copy.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    return short


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"samband": "audit topic"}\n{"offset": 1}\n', "[1]"])
def test_what_is_no_copy_is_refused(text: str) -> None:
    with pytest.raises(NoCopy):
        list(audit_copy.read(io.StringIO(text)))
