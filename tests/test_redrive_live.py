"""Out of the quarantine on Kafka and through the worker again, once."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lines import POLICE, TOWN, message, request
from live import Emptied
from streams import Town, until

from broker import topics

LATER = "skola-ny"


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Town(kafka(POLICE, TOWN, LATER), database, keys)


def quarantine(town: Town, command: str, *words: object) -> list[dict[str, Any]]:
    """Run `samband quarantine` on the cluster."""
    arguments = ["quarantine", command, *map(str, words), "--data", "kafka", "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "broker.cli", *arguments],
        env=town.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_what_is_mended_is_delivered_once(town: Town, tmp_path: Path) -> None:
    """To a school that was not registered then; what is still unusable goes back, what nobody sent is left."""
    early = request(1)
    early["recipient"]["authority"] = LATER
    tip = message(3, "Tip", TOWN, POLICE, {"text": "", "anonymous": True}, unit="registry")
    with town.worker():
        town.send(POLICE, early, b"{not json")
        town.send(TOWN, tip)
        until(lambda: town.read(topics.QUARANTINE), lambda found: len(found) == 3)
    listed = quarantine(town, "list")
    assert sorted((row["code"], row["sender"], row["kept"]) for row in listed) == [
        ("invalid_value", None, False),
        ("not_json", POLICE, True),
        ("unknown_authority", POLICE, True),
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
    assert [receipt["outcome"] for receipt in receipts] == ["quarantine", "quarantine", "forward", "quarantine"]
    assert [row["redriven"] for row in quarantine(town, "list") if row["code"] == "unknown_authority"] == ["✓"]
    [*_, again] = town.read(topics.QUARANTINE)
    assert (again.value, again.headers["samband_topic"]) == (b"{not json", topics.outbox(POLICE))
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
