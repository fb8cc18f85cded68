"""Out of the quarantine on Kafka and through the worker again, once."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from lines import POLICE, TOWN, disclosure, line, message, request
from live import Emptied
from streams import Town, until

from broker import topics
from broker.adapters.kafka.confluent_login import connection

LATER = "skola-ny"


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Town(kafka(POLICE, TOWN, LATER), database, keys)


def quarantine(town: Town, command: str, *words: object, says: str = "") -> list[dict[str, Any]]:
    """Run `samband quarantine` on the cluster; `says`: what stands on stderr."""
    arguments = ["quarantine", command, *map(str, words), "--data", "kafka", "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "broker.cli", *arguments],
        env=town.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0 and says in ended.stderr, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_what_is_mended_is_delivered_once(town: Town, tmp_path: Path) -> None:
    """To a school that was not registered then; what is still unusable goes back, what nobody sent is left."""
    early = request(1)
    early["recipient"]["authority"] = LATER
    wrong = request(2, "nothing")
    tip = message(3, "Tip", TOWN, POLICE, {"text": "", "anonymous": True}, unit="registry")
    with town.worker():
        town.send(POLICE, early, wrong, b"{not json")
        town.send(TOWN, tip)
        until(lambda: town.read(topics.QUARANTINE), lambda found: len(found) == 4)
    listed = quarantine(town, "list")
    assert sorted((row["code"], row["sender"], row["kept"]) for row in listed) == [
        ("invalid_value", None, False),
        ("not_json", None, False),
        ("unknown_authority", POLICE, True),
        ("unknown_value", POLICE, True),
    ]
    register = tmp_path / "register.json"
    school = {"authority": LATER, "name": "Nya skolan", "kind": "school", "principal": TOWN}
    register.write_text(json.dumps([school]), "utf-8")
    assert quarantine(town, "redrive", "--all", "--register", register) == [
        {"outcomes": {"forward": 1, "quarantine": 1}, "repeats": 0}
    ]
    [delivered] = town.inbox(LATER, "delivery")
    assert delivered["message"]["id"] == early["id"]
    receipts = town.receipts(POLICE)
    outcomes = [receipt["outcome"] for receipt in receipts]
    assert outcomes == ["quarantine", "quarantine", "quarantine", "forward", "quarantine"]
    assert [row["redriven"] for row in quarantine(town, "list") if row["code"] == "unknown_authority"] == ["✓"]
    [*_, again] = town.read(topics.QUARANTINE)
    assert (again.value, again.headers["samband_topic"]) == (line(wrong), topics.outbox(POLICE))
    # Once more: only what went back is tried, and nothing is delivered twice.
    assert quarantine(town, "redrive", "--all", "--register", register) == [
        {"outcomes": {"quarantine": 1}, "repeats": 0}
    ]
    assert len(town.inbox(LATER, "delivery")) == 1
    ids = [record.content["message"] for record in town.read(topics.AUDIT) if record.content["record"] == "decision"]
    assert ids == [early["id"]]


def test_what_was_sent_again_meanwhile_is_a_repeat(town: Town, tmp_path: Path) -> None:
    """The sender mended nothing, and sent the same again when the school was there: redriven, it is a repeat."""
    early = request(1)
    early["recipient"]["authority"] = LATER
    with town.worker():
        town.send(POLICE, early)
        town.awaited(1, POLICE)
    town.register = tmp_path / "register.json"
    school = {"authority": LATER, "name": "Nya skolan", "kind": "school", "principal": TOWN}
    town.register.write_text(json.dumps([school]), "utf-8")
    with town.worker():
        town.send(POLICE, early)
        town.awaited(1, LATER, "delivery")
    assert quarantine(town, "redrive", "--all", "--register", town.register) == [{"outcomes": {}, "repeats": 1}]
    assert len(town.inbox(LATER, "delivery")) == 1


def test_what_was_forged_or_late_stays_so(town: Town) -> None:
    """The outbox and the time are kept beside the line, also of what is redriven again; without them it is left."""
    town.profile = "local"
    late, forged = request(1), disclosure(2) | {"time": datetime.now(UTC).isoformat()}
    with town.worker():
        town.send(POLICE, late, forged)
        town.awaited(2, POLICE)
    for _ in range(2):
        assert quarantine(town, "redrive", "--all") == [{"outcomes": {"quarantine": 2}, "repeats": 0}]
    codes = [receipt["error"]["code"] for receipt in town.receipts(POLICE)]
    assert codes == ["clock_skew", "sender_mismatch"] * 3
    assert {row["sender"] for row in quarantine(town, "list")} == {POLICE}
    [*_, last] = town.read(topics.QUARANTINE)
    old = [(name, value) for name, value in last.headers.items() if name != "samband_arrived"]
    producer = Producer(connection(town.kafka.login(topics.WORKER)))
    producer.produce(topics.QUARANTINE, line(late), headers=old)
    assert producer.flush(30) == 0
    assert quarantine(town, "redrive", "--all", says="of an earlier version: 1.") == [
        {"outcomes": {"quarantine": 2}, "repeats": 0}
    ]
    assert town.inbox(TOWN) == []
