"""A register changes while messages flow: nobody is restarted, and nothing of or for a newcomer goes to quarantine."""

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest
from lines import POLICE, TOWN, number, request
from live import Emptied
from streams import Town

from broker import topics
from broker.adapters.files.signing import TokenKey

NEW = "skola-ny"
PARTIES = [{"authority": NEW, "name": "Nya skolan", "kind": "school", "principal": TOWN}]


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    (tmp_path / "before.json").write_text("[]")
    return Town(kafka(POLICE, TOWN), database, keys, register=tmp_path / "before.json")


def test_a_newcomer_sends_and_gets_under_load_without_a_restart(town: Town, tmp_path: Path) -> None:
    """The workers' own file stays as it was: what the operator announces is what they all go by."""
    after = tmp_path / "after.json"
    after.write_text(json.dumps(PARTIES))
    stop, sent = Event(), [number(n) for n in range(1, 41)]

    def stream() -> None:
        n = 1000
        while not stop.wait(0.02):
            n += 1
            sent.append(number(n))
            town.send(POLICE, request(n, "housing"))

    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(town.worker())
        town.send(POLICE, *(request(n, "housing") for n in range(1, 11)))
        town.awaited(10, TOWN, "delivery")
        flow = Thread(target=stream, daemon=True)
        flow.start()
        try:
            town.kafka = town.kafka.admit(after, NEW)
            to = {"recipient": {"authority": NEW, "unit": "school"}}
            town.send(TOWN, *({**request(n, "school_attendance"), **to, "sender": at_town()} for n in range(11, 21)))
            by = {"sender": {"authority": NEW, "unit": "school", "role": "teacher"}}
            town.send(NEW, *({**request(n, "housing"), **by} for n in range(21, 31)))
            town.send(POLICE, *({**request(n, "school_attendance"), **to} for n in range(31, 41)))
            town.awaited(20, NEW, "delivery")
            town.awaited(10, NEW)
        finally:
            stop.set()
            flow.join()
        town.awaited(len(sent) - 20, POLICE)
        town.awaited(10, TOWN)
    told = [receipt for who in (POLICE, TOWN, NEW) for receipt in town.receipts(who)]
    assert Counter(receipt["message"] for receipt in told) == Counter(sent), "none lost, none twice"
    assert {receipt["outcome"] for receipt in told} == {"forward"}
    assert town.read(topics.QUARANTINE) == []
    assert "register announced: " in town.log.read_text("utf-8")


def at_town() -> dict[str, str]:
    return {"authority": TOWN, "unit": "social_services", "role": "caseworker"}
