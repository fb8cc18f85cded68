"""What a decision rests on is read from PostgreSQL when it is made; and no sender's flood is the others' wait."""

import json
from pathlib import Path
from typing import Any

import pytest
from exchange_lines import PARTIES, SCHOOL, concern, decision, feedback
from lines import (
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    Json,
    agreement,
    consent,
    disclosure,
    line,
    message,
    number,
    request,
    secret_item,
    withdrawal,
)
from live import Emptied
from streams import Town
from test_exchanges import inquiry
from test_rests_on import STORY, named

from broker import topics


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys, register = tmp_path / "keys", tmp_path / "register.json"
    keys.mkdir(mode=0o700)
    register.write_text(json.dumps(PARTIES), "utf-8")
    return Town(kafka(POLICE, TOWN, OTHER_TOWN, SCHOOL, "skola-2"), database, keys, register)


def told(town: Town, *messages: Json) -> list[Json]:
    """The receipts of messages that are each sent when the one before has its receipt."""
    before = {name: len(town.receipts(name)) for name in {found["sender"]["authority"] for found in messages}}
    receipts = []
    for found in messages:
        sender = found["sender"]["authority"]
        town.send(sender, found)
        before[sender] += 1
        receipts.append(town.awaited(before[sender], sender)[-1]["receipt"])
    return receipts


def test_a_decision_names_the_records_that_it_rests_on(town: Town) -> None:
    """Of consents, withdrawals and both parties' agreements, by their leaf hash on `audit`."""
    with town.worker():
        receipts = told(town, *STORY)
    records = {record.content["message"]: record for record in town.read(topics.AUDIT)}
    at = [records[found["id"]].headers["ce_id"] for found in STORY]
    leaves = [records[found["id"]].content for found in STORY]
    assert [receipt["audit"]["leaf"] for receipt in receipts] == at
    assert named(leaves[3]) == ([at[2]], [[at[0], at[1]]])
    assert named(leaves[4])[0] == [at[2]]
    assert named(leaves[6]) == ([at[5]], [[at[0], at[1]]])
    assert [receipt["outcome"] for receipt in receipts[3:]] == ["forward", "forward", "forward", "refer"]


def test_who_has_notified_by_name_is_told_and_nobody_else(town: Town) -> None:
    """Of the inquiry and of the decision: not before it, not another, not who was anonymous."""
    with town.worker():
        town.send(SCHOOL, concern(90, SCHOOL, anonymous=True))
        town.awaited(1, TOWN, "delivery")
        receipts = told(
            town,
            inquiry(2, SCHOOL),
            concern(3, SCHOOL),
            inquiry(4, SCHOOL),
            inquiry(5, "skola-2"),
            feedback(6, 3),
            decision(7, 3),
            feedback(8, 3),
            feedback(9, 3, to="skola-2"),
            feedback(10, 90),
        )
    outcomes = [receipt.get("error", {}).get("code", receipt["outcome"]) for receipt in receipts]
    forward, refer = "forward", "refer"
    assert outcomes == [refer, forward, forward, refer, refer, forward, forward, "not_your_request", "withhold"]
    asked = {one.content["message"]: one.content["input"] for one in town.read(topics.AUDIT) if "input" in one.content}
    assert [asked[number(n)]["notified"] for n in (2, 4, 5)] == [[], ["0"], []]
    assert [found["message"]["id"] for found in town.inbox(SCHOOL, "delivery")] == [number(4), number(8)]


def junk(n: int) -> bytes:
    """A line of somebody's that can't be used."""
    return line(message(n, "Clarification", POLICE, TOWN, {"text": "x" * 1000, "no_such_field": 1}))


def test_quarantine_keeps_a_share_of_each_sender_s_and_records_all(town: Town) -> None:
    with town.worker(SAMBAND_QUARANTINE_BYTES="3000"):
        town.send(POLICE, *(junk(n) for n in range(1, 8)))
        town.awaited(7, POLICE)
        town.send(TOWN, line(message(20, "Clarification", TOWN, POLICE, {"text": "x", "no_such_field": 1})))
        town.awaited(1, TOWN)
    kept = [bool(record.value) for record in town.read(topics.QUARANTINE)]
    assert kept == [True] * 2 + [False] * 5 + [True]
    assert len(town.read(topics.AUDIT)) == 8


def test_who_sends_little_does_not_wait_for_who_sends_much(town: Town) -> None:
    """Of a backlog of thousands each outbox gets its turn."""
    child = [{**GIRL, "id_type": "reserve", "id": f"R{n}", "birth_date": "2011-03-04"} for n in range(4000)]
    town.send(POLICE, *(request(n + 1, subject=child[n]) for n in range(4000)))
    town.send(OTHER_TOWN, request(5000, sender=OTHER_TOWN, recipient=TOWN))
    with town.worker():
        town.awaited(1, OTHER_TOWN)
        town.awaited(4000, POLICE)
    turns = [leaf["sender"]["authority"] for leaf in (one.content for one in town.read(topics.AUDIT))]
    assert turns.index(OTHER_TOWN) < 3000


def test_a_no_that_came_meanwhile_counts_at_once(town: Town) -> None:
    """Of one poll that holds them all: the withdrawal stops what lies behind it."""
    stream: list[Any] = [consent(1), disclosure(2, secret_item()), withdrawal(3), disclosure(4, secret_item())]
    town.send(TOWN, *stream, agreement(5))
    with town.worker():
        receipts = [found["receipt"] for found in town.awaited(5, TOWN)]
    assert [receipt["outcome"] for receipt in receipts] == ["forward", "forward", "forward", "refer", "forward"]
