"""Anonymous on the cluster too: nothing in PostgreSQL or on Kafka leads from such a message to its sender's others.

Whoever holds the token key finds it again all the same: a crash repeats nothing, and `reconcile` compares it.
"""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
import sealed_lines
from command import samband
from exchange_lines import concern
from faults import kafka_side
from faults.checker import Dump, Sighting, check
from lines import POLICE, TOWN, Json, line, number
from live import Emptied
from streams import Town, until

from broker import topics
from broker.adapters.files.signing import TokenKey
from broker.log import places

SCHOOL = "skola-anmalarskolan"
POSITION = "samband_position"


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    """A school that notifies, now and then anonymously."""
    keys, register = tmp_path / "keys", tmp_path / "register.json"
    keys.mkdir(mode=0o700)
    school = {"authority": SCHOOL, "name": "Anmälarskolan", "kind": "school", "principal": TOWN}
    register.write_text(json.dumps([school]), "utf-8")
    return Town(kafka(POLICE, TOWN, SCHOOL), database, keys, register)


def notification(n: int, **changes: Any) -> Json:
    """One about a child of its own: of several about one the board is told."""
    child = {"id_type": "reserve", "id": f"R{n}", "birth_date": "2012-03-04"}
    return concern(n, SCHOOL, subject=child, **changes)


def rows(town: Town, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(town.database) as connection:
        return connection.execute(query).fetchall()


def settled(town: Town) -> None:
    """Wait until all that was decided is known to be out, whoever sent it."""
    until(lambda: rows(town, "SELECT n FROM decisions WHERE NOT published"), lambda found: found == [])


def agrees(town: Town) -> None:
    """`reconcile` finds one record, delivery and receipt for each, and no difference."""
    environment = town.kafka.environment(topics.RECONCILE) | {"SAMBAND_KEYS": str(town.keys)}
    with patch.dict(os.environ, environment, clear=True):
        ended = samband("reconcile", "--once", "--grace", "0.5", "--json")
    told = ended.objects[-1]
    assert (ended.status, told["first"], told["under_way"]) == (0, [], 0)


def judged(town: Town) -> None:
    """So does a judge that shares nothing with it but how a hidden place is read."""
    tokens = TokenKey(town.keys / "token.key", create=False)
    dump: Dump = kafka_side.dump(town.kafka.servers.operator, [])
    seen = [Sighting(*one.place, at=0.0) for one in dump.committed if one.topic.startswith(("audit", "inbox"))]
    verdict = check(replace(dump, seen=seen), lambda topic: tokens.token("source", topic), reveal=tokens.reveal)
    assert verdict.ok, verdict.faults


@pytest.mark.parametrize("point", ["after_decide", "after_commit"])  # what is durable differs in these
def test_nothing_leads_to_who_sent_it_and_a_crash_repeats_nothing(town: Town, point: str) -> None:
    """Named, anonymous, broken, named: killed in the middle of them, sent again; and nothing is linked."""
    broken = line(notification(3, anonymous=True))[:-1]
    sent = [notification(1), notification(2, anonymous=True), broken, notification(4)]
    town.send(SCHOOL, *sent)
    with town.worker(SAMBAND_KILL=f"{point}:1") as dies:
        assert dies.wait(60) == -signal.SIGKILL
    with town.worker():
        town.awaited(3, TOWN, "delivery")
        town.awaited(3, SCHOOL)
        town.send(SCHOOL, sent[1], broken)
        town.awaited(5, SCHOOL)
        settled(town)
    own = {TokenKey(town.keys / "token.key", create=False).token("source", topics.outbox(SCHOOL))}
    assert {row[0]["message"]["id"] for row in town_deliveries(town)} == {number(n) for n in (1, 2, 4)}
    audit = town.read(topics.AUDIT)
    assert len(audit) == 5  # the broken line may be anybody's, so it is another one each time
    nameless = [record for record in audit if (record.content["sender"] or {}).get("authority") in (None, "anonymous")]
    hidden = [record.headers[POSITION].rpartition("/")[0] for record in nameless]
    assert len({*hidden}) == len(hidden) == 3 and not own & {*hidden}
    named = [record.headers[POSITION].rpartition("/")[0] for record in audit if record not in nameless]
    assert {*named} == own
    of_inbox = {line.headers[POSITION].rpartition("/")[0] for line in town.read(topics.inbox(TOWN))}
    assert of_inbox == own | {hidden[0]}
    receipts = {one.headers["ce_time"] for one in town.read(topics.inbox(SCHOOL))}
    assert not receipts & {one.headers["ce_time"] for one in nameless}
    handled = rows(town, "SELECT source, count(*) FROM handled GROUP BY source")
    assert dict(handled) == {**dict.fromkeys(hidden, 1), own.pop(): 2}
    nameless = [row for row in sealed_lines.of_workers(town.database, town.keys) if row["sender"] == "anonymous"]
    assert nameless and "skola-" not in str(nameless)
    assert rows(town, "SELECT n FROM inbox WHERE type <> 'delivery'") == []
    agrees(town)
    judged(town)


def town_deliveries(town: Town) -> list[tuple[Json]]:
    return [(found,) for found in town.inbox(TOWN, "delivery")]


def test_who_has_sent_nothing_in_its_name_is_no_stranger_to_the_store(town: Town) -> None:
    """A worker that starts anew finds what it has handled of such an outbox; without it, it would refuse to decide."""
    for n in (1, 2):
        with town.worker() as process:
            town.send(SCHOOL, notification(n, anonymous=True))
            town.awaited(n, TOWN, "delivery")
            settled(town)
            assert process.poll() is None
    with psycopg.connect(town.database, autocommit=True) as connection:
        connection.execute("DELETE FROM handled")
    with town.worker() as process:
        assert process.wait(60) == 1
    assert "it has handled nothing" in town.log.read_text("utf-8")


def test_what_is_hidden_is_read_with_the_key_alone(tmp_path: Path) -> None:
    mine, others = TokenKey(tmp_path / "mine" / "token.key"), TokenKey(tmp_path / "others" / "token.key")
    place = (mine.token("source", topics.outbox(SCHOOL)), 41)
    hidden = places.hide(mine, place)
    assert (places.reveal(mine, hidden), places.reveal(others, hidden), places.reveal(mine, place)) == (
        place,
        None,
        None,
    )
    assert len(hidden[0]) == len(places.hide(mine, (place[0], 10**15))[0])
