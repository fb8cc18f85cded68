"""The worker on a real Kafka, with a real OPA and PostgreSQL: each is a program of its own."""

from pathlib import Path
from uuid import UUID

import pytest
from confluent_kafka import Consumer, TopicPartition
from exchange_lines import follow_up, referral
from house import codec
from lines import (
    BOY,
    POLICE,
    TOWN,
    consent,
    disclosure,
    line,
    message,
    number,
    open_item,
    recall,
    request,
    secret_item,
    withdrawal,
)
from live import Emptied
from streams import Json, Town, until

from broker import topics
from broker.adapters.kafka.confluent_login import connection
from broker.pipeline.decode import decode
from broker.pipeline.notices import OwnNotice


def notice(authority: str) -> OwnNotice:
    """A reminder, as the agents make it."""
    told = {
        "type": "notice",
        "notice": "answer_due",
        "unit": "registry",
        "clock": "answer",
        "message": number(1),
        "due": "2026-03-03T09:00:00Z",
        "time": "2026-03-03T08:00:00Z",
        "ref": None,
    }
    id_ = number(900 if authority == TOWN else 901)
    return OwnNotice(id_, authority, "registry", told | {"id": id_})


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


def test_a_follow_up_rests_on_the_consent_of_its_referral(town: Town) -> None:
    """The workers' store knows which consent a referral went out under, and that it is withdrawn."""
    signed = [{"role": role, "answer": "yes"} for role in ("subject", "guardian", "guardian")]
    given = consent(1, consent="S-9", programme="defection", subject=BOY, given_by=signed)
    with town.worker():
        for n, sent in enumerate(
            (given, referral(2), follow_up(3, 2), withdrawal(4, consent="S-9"), follow_up(5, 2)), 1
        ):
            town.send(TOWN, sent)
            town.awaited(n, TOWN)
    receipts = town.receipts(TOWN)
    assert [receipt["outcome"] for receipt in receipts] == ["forward", "forward", "forward", "forward", "withhold"]
    assert [bar["id"] for bar in receipts[-1]["bars"]] == ["consent"]


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
    assert kept[1].value == line(spoofed)
    assert kept[1].headers["samband_topic"] == topics.outbox(POLICE)
    for n in (0, 2):  # what can't be read may be anybody's; its sender is told all the same
        assert kept[n].value == b""
        assert not {"samband_topic", "samband_offset"} & kept[n].headers.keys()
        assert receipts[n]["audit"] is None
    assert len(town.inbox(TOWN)) == 1


def test_hostile_bytes_are_put_aside_with_their_reason(town: Town) -> None:
    """An unknown schema, a count that would fill the memory, another's bytes, an old message's bytes at a new place."""
    avro = codec().write(decode(line(request(1)), codec()))
    unknown = avro[:2] + bytes(8) + avro[10:]
    bomb = avro[:10] + b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f" * 20
    with town.worker():
        town.send(POLICE, avro, unknown, bomb, avro + b"\x00", avro)
        town.send(TOWN, avro)
        receipts = until(lambda: town.receipts(POLICE), lambda found: len(found) == 5)
        [foreign] = until(lambda: town.receipts(TOWN), len)
    codes = [receipt.get("error", {}).get("code") for receipt in receipts]
    assert codes == [None, "invalid_avro", "invalid_avro", "invalid_avro", None]
    assert receipts[0] == receipts[4]
    assert foreign["error"]["code"] == "sender_mismatch"
    assert len(town.inbox(TOWN, "delivery")) == 1


def test_a_recall_tells_whether_it_had_been_read(town: Town) -> None:
    """As far as the recipient's group has come."""
    with town.worker():
        town.send(POLICE, request(9))
        town.awaited(1, TOWN, "delivery")
        town.send(TOWN, disclosure(1, open_item(), reply=9), disclosure(2, open_item(), reply=9))
        town.awaited(2, POLICE, "delivery")
        name = topics.inbox(POLICE)
        reader = Consumer({**connection(town.kafka.login(POLICE)), "group.id": name})
        first = next(record for record in town.read(name) if record.content["type"] == "delivery")
        reader.commit(offsets=[TopicPartition(name, 0, first.offset + 1)], asynchronous=False)
        reader.close()
        town.send(TOWN, recall(3, 1), recall(4, 2))
        receipts = until(lambda: town.receipts(TOWN), lambda found: len(found) == 4)
    assert [receipt.get("fetched") for receipt in receipts] == [None, None, True, False]


def test_a_notice_of_the_broker_s_own_goes_out_once(town: Town) -> None:
    """Whatever its agents repeat; one to somebody unknown is put aside."""
    told = notice(TOWN)
    with town.worker():
        town.send(topics.BROKER, told.encode(), told.encode(), notice("kommun-0180").encode())
        town.send(POLICE, request(1))
        town.awaited(1, POLICE)
        until(lambda: town.read(topics.AUDIT), lambda found: len(found) == 3)
    assert town.inbox(TOWN, "notice") == [told.content]
    [kept] = town.read(topics.QUARANTINE)
    assert kept.headers["samband_code"] == "not_connected"


def test_an_anonymous_tip_is_nobody_s(town: Town) -> None:
    """No receipt, no topic's name, no bytes beside the outbox itself say who sent it."""
    tip = message(1, "Tip", TOWN, POLICE, {"text": "Ett tips.", "anonymous": True}, unit="registry")
    tip["recipient"] |= {"unit": "police_area", "area": "0127"}
    with town.worker():
        town.send(TOWN, tip)
        [record] = until(lambda: town.read(topics.AUDIT), len)
        town.send(POLICE, request(2))
        town.awaited(1, POLICE)
    assert record.content["sender"]["authority"] == "anonymous"
    assert TOWN not in str(record)
    assert town.inbox(TOWN, "receipt") == []


def test_a_worker_that_is_killed_at_any_point_loses_and_doubles_nothing(town: Town) -> None:
    """Each point of a batch, with the worker started again: one record, one delivery, one receipt of each message."""
    count = 0
    for point in ("after_poll", "after_decide", "after_audit", "after_deliveries", "before_commit", "after_commit",
                  "before_mark"):  # fmt: skip
        with town.worker(SAMBAND_KILL=f"{point}:1") as process:
            town.send(POLICE, *(request(count + n) for n in range(1, 4)))
            count += 3
            assert process.wait(60) == -9
    with town.worker():
        town.awaited(count, POLICE)
    wanted = [number(n) for n in range(1, count + 1)]
    assert [record.content["message"] for record in town.read(topics.AUDIT)] == wanted
    assert [line["message"]["id"] for line in town.inbox(TOWN, "delivery")] == wanted
    assert [receipt["message"] for receipt in town.receipts(POLICE)] == wanted


def test_a_withdrawal_counts_for_all_that_is_decided_after_it(town: Town) -> None:
    """Also for what lay in the outbox already: one stream, taken at once, or killed in the middle and taken again."""

    def by_consent(n: int) -> Json:
        return disclosure(n, secret_item(), basis=["consent"])

    stream = [by_consent(1), consent(2), by_consent(3), withdrawal(4), by_consent(5), consent(6), by_consent(7)]
    town.send(TOWN, *stream)
    with town.worker(SAMBAND_KILL="after_decide:1") as process:  # all is decided, and no record is out
        assert process.wait(60) == -9
    with town.worker():
        receipts = until(lambda: town.receipts(TOWN), lambda found: len(found) == len(stream))
    outcomes = [receipt["outcome"] for receipt in receipts]
    assert outcomes == ["withhold", "forward", "forward", "forward", "withhold", "forward", "forward"]
    assert [content["message"]["id"] for content in town.inbox(POLICE, "delivery")] == [number(3), number(7)]
    notices = [content["notice"] for content in town.inbox(POLICE, "notice")]
    assert notices == ["consent_registered", "consent_withdrawn", "consent_registered"]
