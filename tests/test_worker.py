"""The worker on a real Kafka, with a real OPA and PostgreSQL: each is a program of its own."""

from pathlib import Path
from uuid import UUID

import pytest
from lines import POLICE, TOWN, disclosure, number, open_item, request
from live import Emptied
from streams import Town, until

from broker import topics


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    """Two authorities on an empty cluster."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Town(kafka(POLICE, TOWN), database, keys)


def test_a_request_and_its_answer(town: Town) -> None:
    """Delivered, with receipts, records and headers; the answer is on request."""
    with town.worker():
        town.send(POLICE, request(1, "housing"))
        [asked] = town.awaited(1, TOWN, "delivery")
        assert UUID(asked["message"]["id"]) == UUID(number(1))
        town.send(TOWN, disclosure(2, open_item(), reply=1))
        [answer] = town.awaited(1, POLICE, "delivery")
        assert answer["message"]["in_reply_to"] == number(1)
        [receipt] = town.receipts(POLICE)
        assert (receipt["outcome"], receipt["audit"]["seq"]) == ("forward", None)
    records = town.read(topics.AUDIT)
    assert [record.content["message"] for record in records] == [number(1), number(2)]
    assert records[0].headers["ce_id"] == receipt["audit"]["leaf"]


def test_a_repeat_gives_the_same_receipt_and_nothing_else(town: Town) -> None:
    """Sent twice, at two positions: one record, one delivery, two equal receipts."""
    with town.worker():
        town.send(POLICE, request(1), request(1))
        first, second = town.awaited(2, POLICE)
    assert first == second
    assert (len(town.inbox(TOWN)), len(town.read(topics.AUDIT))) == (1, 1)


def test_what_is_unusable_goes_to_quarantine_and_the_rest_goes_on(town: Town) -> None:
    """With its reason, its bytes and its place; the sender is the topic, never the claim."""
    spoofed = disclosure(3)
    many = [(f"h{n}", b"x") for n in range(10_000)]
    with town.worker():
        town.send(POLICE, b"{not json", spoofed, b"x" * (2 << 20))
        town.send(POLICE, request(4), headers=many)
        town.send(POLICE, request(5))
        receipts = until(lambda: town.receipts(POLICE), lambda found: len(found) == 5)
    codes = [receipt.get("error", {}).get("code") for receipt in receipts]
    assert codes == ["not_json", "sender_mismatch", "too_large", "bad_headers", None]
    kept = town.read(topics.QUARANTINE)
    assert [record.headers["samband_code"] for record in kept] == codes[:4]
    assert kept[0].value == b"{not json"
    assert kept[0].headers["samband_topic"] == topics.outbox(POLICE)
    assert len(town.inbox(TOWN)) == 1
