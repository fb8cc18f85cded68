"""Desks on a real Kafka: each has its login, outbox and inbox, and the worker knows them apart."""

import json
import os
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from command import samband
from lines import GIRL, POLICE, TOWN, disclosure, message, number, open_item, recall, refusal, request
from live import Emptied
from streams import Town
from test_between_desks import AREAS, DESKS, SCHOOLS, SOCIAL, at, of

from agents.agency import Agency, Delivery, Kafka, NotReached
from broker import topics
from broker.adapters.files.signing import TokenKey

Json = dict[str, Any]
ADDRESSES = (POLICE, AREAS, TOWN, SOCIAL, SCHOOLS)


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    return provisioned(kafka, database, tmp_path, ADDRESSES)


def provisioned(kafka: Emptied, database: str, folder: Path, addresses: Collection[str]) -> Town:
    """A cluster whose register has all desks, and where these addresses have a login and their topics."""
    keys, register = folder / "keys", folder / "register.json"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    register.write_text(json.dumps(DESKS))
    return Town(kafka(*addresses), database, keys, register)


def ids(town: Town, address: str) -> list[str]:
    return [found["message"]["id"] for found in town.inbox(address, "delivery")]


def test_two_desks_of_one_municipality(town: Town) -> None:
    """Neither sees, answers as, or takes back for the other; the log and the inboxes agree."""
    with town.worker():
        town.send(AREAS, of(request(1), "police_area"), of(at(request(2), "school"), "police_area"))
        town.awaited(2, AREAS)
        assert (ids(town, TOWN), ids(town, SCHOOLS), ids(town, SOCIAL)) == ([number(1)], [number(2)], [])
        answer = disclosure(3, open_item(), reply=1, purpose=None)
        town.send(SCHOOLS, {**answer, "id": number(4)})
        [refused] = town.awaited(1, SCHOOLS)
        assert refused["receipt"]["error"]["code"] == "sender_mismatch"
        town.send(SOCIAL, answer)
        [told] = town.awaited(1, SOCIAL)
        assert told["receipt"]["outcome"] == "forward"
        town.send(SCHOOLS, of(recall(5, 3), "school"))
        assert town.awaited(2, SCHOOLS)[1]["receipt"]["bars"][0]["id"] == "not_own"
        town.send(SOCIAL, of(recall(6, 3), "social_services"))
        assert town.awaited(2, SOCIAL)[1]["receipt"]["fetched"] is False
        concern = {"subject": GIRL, "concerns": ["network"], "text": "Det som setts."}
        town.send(POLICE, message(7, "ConcernNotification", POLICE, TOWN, concern))
        town.awaited(1, POLICE)
        assert (ids(town, AREAS), ids(town, POLICE)) == ([number(3), number(6)], [])
        assert (ids(town, SOCIAL), ids(town, TOWN)) == ([number(7)], [number(1)])
    environment = town.environment() | town.kafka.environment(topics.RECONCILE)
    with patch.dict(os.environ, environment, clear=True):
        ended = samband("reconcile", "--once", "--json")
    assert ended.status == 0, ended.out
    assert (ended.objects[-1]["ok"], ended.objects[-1]["agree"]) == (True, 7)


def test_nothing_is_handed_over_to_a_desk_that_is_not_provisioned(
    kafka: Emptied, database: str, tmp_path: Path
) -> None:
    """It is in the register alone: who hands over is told, and has the delivery still; nobody else hears of it."""
    town = provisioned(kafka, database, tmp_path, [each for each in ADDRESSES if each != SCHOOLS])
    over = {"message": number(1), "state": "handed_over", "unit": "school"}
    with town.worker():
        town.send(POLICE, at(request(1), "social_services"))
        town.awaited(1, POLICE)
        town.send(SOCIAL, of(message(2, "Acknowledgement", TOWN, POLICE, over), "social_services"))
        [told] = town.awaited(1, SOCIAL, "receipt")
        assert told["receipt"]["error"]["code"] == "not_connected"
        assert "body.unit" in told["receipt"]["error"]["detail"]
        town.send(SOCIAL, of(refusal(3, reply=1), "social_services"))
        assert [line["message"]["kind"] for line in town.awaited(1, POLICE, "delivery")] == ["Refusal"]


def test_the_sdk_logs_in_as_a_desk_and_reads_no_other(town: Town) -> None:
    login = town.kafka.login(topics.user(SOCIAL))
    broker = Kafka(login.bootstrap, login.password, protocol=login.protocol, patience=15.0)
    town.profile = "local"
    with town.worker(), Agency(SOCIAL, broker, unit="social_services", role="caseworker") as desk:
        now = datetime.now(UTC).isoformat()
        town.send(POLICE, at(request(1), "school") | {"time": now}, request(2) | {"time": now})
        town.awaited(2, POLICE)
        town.send(POLICE, at(request(3), "social_services") | {"time": now})
        [asked] = [found for found in desk.inbox(timeout=10) if isinstance(found, Delivery)]
        assert asked.id == number(3)
        sent = desk.interim(asked, "Vi återkommer.")
        assert desk.receipt(sent).outcome == "forward"
        assert [found["message"]["kind"] for found in town.awaited(1, POLICE, "delivery")] == ["Interim"]
    with pytest.raises(NotReached), Agency(SCHOOLS, broker) as other:
        list(other.inbox(timeout=1))
