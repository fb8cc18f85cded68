"""A delivery is kept until it is registered, given out again on request, and lies with whom it is handed over to."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cluster_in_memory import Cluster, cluster
from command import samband
from exchange_lines import PARTIES
from house import NOW, House, Json, opened
from lines import POLICE, TOWN, line, message, number, recall, request
from sqlalchemy import text

from broker import cloudevents, topics
from broker.log.merkle import leaf_hash
from broker.log.reconcile_inboxes import reconcile
from broker.log.reconcile_topics import REDELIVERY, Correspondence, Line, Position, Record, reader
from broker.model.canonical import canonical
from broker.pipeline import redelivery
from broker.pipeline.notices import RedeliveryOrder
from broker.pipeline.seals import digest, without_notes
from broker.ports.store import Wanted
from broker.ports.transport import Input, Produced
from broker.runtime.embedded import clock_times
from broker.topics import BROKER

SOCIAL = f"{TOWN}/social_services"
SCHOOLS = f"{TOWN}/schools"
DESKS = [
    {"authority": TOWN, "desk": "social_services", "units": ["social_services"]},
    {"authority": TOWN, "desk": "schools", "units": ["education_office", "school"]},
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=[*PARTIES, *DESKS]) as opening:
        yield opening


def asked(n: int, unit: str = "social_services") -> Json:
    """The police ask a unit of the municipality."""
    return request(n) | {"recipient": {"authority": TOWN, "unit": unit}}


def said(n: int, delivery: int, state: str = "opened", by: str = "social_services", **body: str) -> Json:
    """A unit of the municipality says what has become of it."""
    return message(n, "Acknowledgement", TOWN, POLICE, {"message": number(delivery), "state": state} | body, unit=by)


def lines(house: House, address: str) -> list[Json]:
    """The deliveries in an inbox, however they came there."""
    return [content for _, content in house.archive().inbox(address, "delivery", 0)]


def agrees(house: House) -> bool:
    """Log, registers and boxes say the same."""
    archive = house.archive()
    derived = archive.compare_derived(clock_times(), house.tokens)
    boxes = reconcile(archive.forwarded_deliveries(), archive.inbox_deliveries())
    assert (derived.first, boxes.first_unrecorded, boxes.first_undelivered) == ([], (), ())
    return house.verified().ok


# --- handed over


def test_what_is_handed_over_lies_with_both(house: House) -> None:
    """As it was, marked, at once; and the desk that has it now says what becomes of it."""
    house.run(asked(1))
    house.run(said(2, 1, "handed_over", unit="school"))
    assert lines(house, SCHOOLS) == [{**lines(house, SOCIAL)[0], "redelivered": True}]
    by_new, by_old = house.run(said(3, 1, by="school"), said(4, 1))
    assert (by_new["outcome"], by_old["outcome"]) == ("forward", "forward")
    assert [line["type"] for line in lines(house, SCHOOLS)] == ["delivery"]
    assert agrees(house)


def test_one_that_never_had_it_says_nothing_of_it(house: House) -> None:
    house.run(asked(1))
    (receipt,) = house.run(said(2, 1, by="school"))
    assert [bar["id"] for bar in receipt["bars"]] == ["not_own"]


@pytest.mark.parametrize("unit", ["family_counselling", "registry"])
def test_where_the_unit_lies_in_the_same_inbox_nothing_more_is_needed(house: House, unit: str) -> None:
    """Here neither unit has a desk: both lie with the authority's own."""
    house.run(asked(1, "registry"))
    house.run(said(2, 1, "handed_over", by="registry", unit=unit))
    assert len(lines(house, TOWN)) == 1
    assert agrees(house)


def test_handed_back_it_lies_there_already(house: House) -> None:
    house.run(asked(1), said(2, 1, "handed_over", unit="school"), said(3, 1, "handed_over", "school", unit="registry"))
    house.run(said(4, 1, "handed_over", "registry", unit="social_services"))
    assert [len(lines(house, address)) for address in (SOCIAL, SCHOOLS, TOWN)] == [1, 1, 1]
    assert agrees(house)


@pytest.mark.parametrize("read", [False, True])
def test_a_recall_reaches_both(house: House, read: bool) -> None:
    """Recalled before either has read it: nothing is left with any of them."""
    house.run(asked(1), said(2, 1, "handed_over", unit="school"))
    if read:
        with house.fetched.alone() as marks:
            marks.add(house.archive().deliveries_among(SCHOOLS, None, 0))
    (receipt,) = house.run(recall(3, 1, sender=POLICE, recipient=TOWN))
    assert receipt["fetched"] is read
    for address in (SOCIAL, SCHOOLS):
        delivered, back = lines(house, address)
        assert (delivered["recalled"], "body" in delivered["message"]) == (number(3), read)
        assert back["message"]["kind"] == "Recall"
    assert agrees(house)


def test_what_is_recalled_is_handed_to_nobody(house: House) -> None:
    house.run(asked(1), recall(2, 1, sender=POLICE, recipient=TOWN))
    house.run(said(3, 1, "handed_over", unit="school"))
    assert lines(house, SCHOOLS) == []
    assert agrees(house)


def test_what_is_registered_says_by_which_and_the_first_stands(house: House) -> None:
    """A repeat under another number, and what goes back, is forwarded and changes nothing."""
    house.run(asked(1), said(2, 1, "registered", reference="SN 2026/1"))
    repeat, back = house.run(said(3, 1, "registered", reference="SN 2026/2"), said(4, 1, "handed_over", unit="school"))
    assert (repeat["outcome"], back["outcome"]) == ("forward", "forward")
    assert [line["registered"] for line in lines(house, SOCIAL)] == [number(2)]
    assert lines(house, SCHOOLS) == []
    assert agrees(house)


# --- given out again


def own(address: str = SOCIAL, **wanted: Any) -> Wanted:
    return Wanted(address, **wanted)


def test_what_is_given_out_again_is_the_delivery_as_it_was(house: House) -> None:
    """Marked, with a record of its own; however often."""
    house.run(asked(1), asked(2))
    for n in (1, 2):
        (told,) = house.pipeline.redeliver(own(messages=(number(1), number(9))))
        assert (told["messages"], told["refused"]) == ([[POLICE, number(1)]], {number(9): "not_here"})
        assert lines(house, SOCIAL)[2:] == n * [{**lines(house, SOCIAL)[0], "redelivered": True}]
    leaf = house.leaves()[-1]
    assert (leaf["record"], leaf["redelivered"]["inbox"], len(leaf["lines"])) == ("redelivery", SOCIAL, 1)
    assert agrees(house)


def test_the_unregistered_are_those_that_nobody_has_registered(house: House) -> None:
    """Acknowledgements are registered by nobody."""
    house.run(asked(1), asked(2), asked(3), said(4, 2, "registered"), said(5, 3))
    house.run(recall(6, 3, sender=POLICE, recipient=TOWN))
    (told,) = house.pipeline.redeliver(own(unregistered=True))
    assert told["messages"] == [[POLICE, number(1)], [POLICE, number(6)]] and told["refused"] == {}
    (police,) = house.pipeline.redeliver(own(POLICE, unregistered=True))
    assert police["messages"] == []
    assert agrees(house)


@pytest.mark.parametrize("read", [False, True])
def test_what_is_recalled_is_never_given_out_again(house: House, read: bool) -> None:
    house.run(asked(1))
    if read:
        with house.fetched.alone() as marks:
            marks.add([(SOCIAL, POLICE, number(1))])
    house.run(recall(2, 1, sender=POLICE, recipient=TOWN))
    (told,) = house.pipeline.redeliver(own(messages=(number(1),)))
    assert (told["messages"], told["refused"]) == ([], {number(1): "recalled"})
    assert agrees(house)


def test_a_recall_in_the_same_batch_comes_first(house: House) -> None:
    """An order is carried out when all that came before it is durable."""
    order = Input(RedeliveryOrder(own(messages=(number(1),))).encode(), 1, "broker", BROKER)
    house.run(asked(1), recall(2, 1, sender=POLICE, recipient=TOWN), order)
    assert house.leaves()[-1]["redelivered"]["refused"] == {number(1): "recalled"}


def test_since_when_and_by_how_many_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.run(*(asked(n) for n in range(1, 6)))
    monkeypatch.setattr(redelivery, "MOST", 2)
    told = house.pipeline.redeliver(own(since=NOW))
    assert [len(part["messages"]) for part in told] == [2, 2, 1]
    assert [part["messages"] for part in house.pipeline.redeliver(own(since=NOW + timedelta(seconds=1)))] == [
        [],
        [],
        [],
    ]
    assert agrees(house)


def test_a_line_given_out_again_that_no_record_promises_is_told(house: House) -> None:
    house.run(asked(1))
    house.pipeline.redeliver(own(messages=(number(1),)))
    changed = "UPDATE inbox SET content = CAST(content || 'x' AS BLOB) WHERE type = 'redelivery'"
    house.connection.execute(text(changed))
    house.connection.commit()
    derived = house.archive().compare_derived(clock_times(), house.tokens)
    assert {one.code for one in derived.first} == {"line_unrecorded", "line_missing"}


def test_an_order_for_nobody_s_inbox_is_put_aside(house: House) -> None:
    order = Input(RedeliveryOrder(own("kommun-9999", unregistered=True)).encode(), 1, "broker", BROKER)
    (receipt,) = house.run(order)
    assert receipt["error"]["code"] == "not_connected"


@pytest.mark.parametrize("broken", [{"inbox": "A B"}, {"order": "x"}, {"lost": [1]}, {"since": "igår"}, {"more": 1}])
def test_an_order_in_another_form_is_put_aside(house: House, broken: Json) -> None:
    fields = json.loads(RedeliveryOrder(own()).encode())["redeliver"] | broken
    (receipt,) = house.run(Input(canonical({"redeliver": fields}), 1, "broker", BROKER))
    assert receipt["error"]["code"] == "invalid_value"


# --- the command


def test_the_command_tells_what_it_gave_out_and_what_it_could_not(tmp_path: Path) -> None:
    sent = (request(1), request(2), recall(3, 2, sender=POLICE, recipient=TOWN))
    (tmp_path / "messages.jsonl").write_bytes(b"\n".join(map(line, sent)) + b"\n")
    assert samband("run", tmp_path / "messages.jsonl", "--data", tmp_path / "data").status == 0
    data = ("--data", tmp_path / "data")
    ids = ("--message", number(1), "--message", number(2))
    ended = samband("redeliver", TOWN, *ids, *data, "--json")
    assert ended.objects == [{"redelivered": [number(1)], "refused": {number(2): "recalled"}}], ended.err
    assert ended.status == 1
    shown = samband("redeliver", TOWN, "--unregistered", *data)
    assert shown.status == 0 and "2 leveranser är utlämnade igen" in shown.err + shown.out
    inbox = samband("inbox", TOWN, *data, "--type", "delivery")
    assert "⟳" in inbox.out
    assert samband("audit", "verify", *data).status == 0
    for seq in ("3", "4"):
        assert "utlämnade igen" in samband("explain", seq, *data).out
    assert "lämnat ut igen" in samband("audit", "show", *data).out


@pytest.mark.parametrize("options", [(), ("--since", "igår"), ("--message", "x")])
def test_the_command_says_what_it_needs(tmp_path: Path, options: tuple[str, ...]) -> None:
    with opened(tmp_path):
        pass
    assert samband("redeliver", TOWN, *options, "--data", str(tmp_path)).status == 2


# --- on topics


class _NothingGone:
    def is_gone(self, position: Position) -> bool:
        return False

    def is_lapsed(self, box: str, at: int) -> bool:
        return False


def judged(made: Cluster) -> Correspondence:
    """All that lies on the topics, compared as `samband reconcile` does."""
    outboxes = [topic for topic in made.topics if topics.sender(topic)]
    compared = Correspondence({made.tokens.token("source", topic): topics.sender(topic) for topic in outboxes})

    def place(one: Produced) -> Position:
        found = reader(made.tokens)(dict(one.headers)[cloudevents.POSITION].decode())
        assert found is not None
        return found

    for topic in outboxes:
        for offset, _ in enumerate(made.topics[topic]):
            compared.take_message(Position(made.tokens.token("source", topic), offset), 0)
    for one in made.topics[topics.AUDIT]:
        compared.take_record(Record.of(place(one), leaf_hash(one.value).hex(), json.loads(one.value), 0), 0)
    for topic in made.topics:
        box = topics.address(topic.removeprefix(topics.INBOXES))
        for one in made.topics[topic] if topic.startswith(topics.INBOXES) else ():
            content = json.loads(one.value)
            type_ = REDELIVERY if content.get("redelivered") else content["type"]
            leaf = content["receipt"]["audit"]["leaf"] if type_ == "receipt" else None
            seal = digest(made.tokens, box, without_notes(content)[0])
            compared.take_line(Line(box, type_, place(one), 0, leaf, digest=seal), 0)
    compared.judge(1, {}, _NothingGone())
    return compared


def test_nothing_is_handed_or_given_to_a_desk_without_an_inbox(tmp_path: Path) -> None:
    """It stays where it lies, and whoever hands it over is told; once the desk has one it is taken."""
    with cluster(tmp_path, [*PARTIES, *DESKS]) as made:
        made.without.add(SCHOOLS)
        made.send(POLICE, asked(1))
        made.work()
        made.send(SOCIAL, said(2, 1, "handed_over", unit="school"))
        made.send(BROKER, RedeliveryOrder(own(SCHOOLS, unregistered=True)).encode())
        made.work()
        leaves = [json.loads(one.value) for one in made.topics[topics.AUDIT]]
        assert [leaf["receipt"].get("error") for leaf in leaves[1:]] == [
            {"code": "not_connected", "detail": "body.unit: its desk has no inbox at this broker"},
            {"code": "not_connected", "detail": "inbox: nobody has this address"},
        ]
        assert len(made.topics[topics.inbox(POLICE)]) == 1, "the receipt: its sender is told of nothing that was not"
        made.without.clear()
        made.send(SOCIAL, said(3, 1, "handed_over", unit="school"))
        made.work()
        [given] = [json.loads(one.value) for one in made.topics[topics.inbox(SCHOOLS)]]
        assert given["message"]["id"] == number(1)


def test_on_topics_what_is_given_out_again_agrees_with_its_record(tmp_path: Path) -> None:
    """Handed over and ordered: each line once, by its digest."""
    with cluster(tmp_path, [*PARTIES, *DESKS]) as made:
        made.send(POLICE, asked(1))
        made.work()
        made.send(SOCIAL, said(2, 1, "handed_over", unit="school"))
        made.work()
        made.send(BROKER, RedeliveryOrder(own(messages=(number(1),))).encode())
        made.work()
        given = [json.loads(one.value) for one in made.topics[topics.inbox(SCHOOLS)]]
        assert [one.get("redelivered") for one in given] == [True]
        again = [json.loads(one.value) for one in made.topics[topics.inbox(SOCIAL)]]
        assert [(one["type"], one.get("redelivered")) for one in again] == [
            ("delivery", None),
            ("receipt", None),
            ("delivery", True),
        ]
        assert judged(made).first == []
        topic = made.topics[topics.inbox(SOCIAL)]
        topic.append(topic[-1])
        assert [one.sort for one in judged(made).first] == ["delivery_unrecorded"]
