"""Outboxes, log and inboxes compared while they are read: what agrees is quiet in any order, each fault is named."""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.authorities import ANONYMOUS
from broker.log.reconcile_topics import SORTS, Correspondence, InMemory, Line, Position, Record
from broker.topics import BROKER

AUTHORITIES = ("a", "b", "c")
SOURCES: dict[str, str | None] = {f"token-{name}": name for name in (*AUTHORITIES, BROKER)} | {"token-q": None}


NOBODY = {"authority": ANONYMOUS}


@dataclass(frozen=True)
class Sent:
    """A message in an outbox."""

    position: Position
    message: str | None = None


Event = Sent | Record | Line


@dataclass
class Whole:
    """Nothing is ever gone."""

    begins: int = 0
    since: int = -1

    def is_gone(self, position: Position) -> bool:
        return position.offset < self.begins

    def is_lapsed(self, box: str, at: int) -> bool:
        return at <= self.since


def leaf(record: str, sender: str | None, recipient: str | None, outcome: str, message: str = "") -> dict[str, object]:
    return {
        "record": record,
        "message": message,
        "sender": sender and {"authority": sender},
        "recipient": recipient and {"authority": recipient},
        "receipt": {"outcome": outcome},
    }


def exchange(
    sender: str, recipient: str, offset: int, outcome: str = "forward", *, anonymous: bool = False
) -> list[Event]:
    """A message that was decided, with all that comes of it."""
    at, told = Position(f"token-{sender}", offset), f"leaf-{sender}-{offset}"
    found = leaf("decision", ANONYMOUS if anonymous else sender, recipient, outcome, f"m{offset}")
    found["digests"] = [f"delivery {offset}", f"receipt {offset}"]
    shown = replace(at, hidden=f"veil-{sender}-{offset}/0") if anonymous else at
    events: list[Event] = [Sent(at), Record(shown, told, found, offset * 10)]
    if outcome == "forward":
        events.append(Line(recipient, "delivery", shown, offset * 10 + 1, digest=f"delivery {offset}"))
    if not anonymous:
        events.append(Line(sender, "receipt", at, offset * 10 + 1, told, digest=f"receipt {offset}"))
    return events


def unusable(sender: str, offset: int, *, receipt: bool) -> list[Event]:
    """A line that went to quarantine; whether its sender gets a receipt in its inbox is the worker's to choose."""
    at, told = Position(f"token-{sender}", offset), f"leaf-{sender}-{offset}"
    lines: list[Event] = [Line(sender, "receipt", at, offset * 10, told)] if receipt else []
    return [Sent(at), Record(at, told, leaf("quarantine", None, None, "quarantine"), offset * 10), *lines]


def again(sender: str, offset: int) -> list[Event]:
    """A message that was sent again."""
    at = Position(f"token-{sender}", offset)
    return [Sent(at), Line(sender, "receipt", at, offset * 10, "leaf of the first", repeat=True)]


def reminder(recipient: str, offset: int, message: str) -> list[Event]:
    """A notice of the broker's own."""
    at = Position(f"token-{BROKER}", offset)
    found = leaf("notice", None, recipient, "notice", message)
    return [
        Sent(at, message),
        Record(at, f"leaf-{offset}", found, offset * 10),
        Line(recipient, "notice", at, offset * 10),
    ]


def redriven(sender: str, recipient: str, offset: int) -> list[Event]:
    """A line that was run again out of quarantine."""
    at = Position("token-q", offset)
    found = leaf("decision", sender, recipient, "forward", f"q{offset}")
    told = f"leaf-q-{offset}"
    return [Record(at, told, found, 5), Line(recipient, "delivery", at, 6), Line(sender, "receipt", at, 6, told)]


def world() -> list[Event]:
    """Something of everything."""
    return [
        *exchange("a", "b", 0),
        *exchange("a", "c", 1),
        *exchange("b", "a", 3, "withhold"),
        *exchange("a", "b", 4, "refer"),
        *again("a", 6),
        *exchange("a", "b", 7),
        *exchange("c", "b", 2, anonymous=True),
        *unusable("a", 9, receipt=True),
        *unusable("b", 5, receipt=False),
        *again("a", 11),
        *again("b", 6),
        *exchange("a", "c", 12),  # what comes after a repeat may be seen before it
        *reminder("a", 0, "m0"),
        *reminder("b", 1, "m1"),
        Sent(Position(f"token-{BROKER}", 2), "m0"),  # the same reminder once more: nothing comes of it
        *exchange("c", "a", 4),
        Line("b", "notice", Position("token-c", 4), 41),  # a consent withdrawn is told to all its parties
        *redriven("b", "a", 3),
        *redriven("b", "c", 1),
        Record(Position("token-q", 4), "leaf-q-4", leaf("quarantine", None, None, "quarantine"), 5),
        Line("a", "receipt", Position("token-q", 4), 6, "leaf-q-4"),  # run again, and still unusable
        Line("a", "receipt", Position("token-q", 5), 6, "leaf of the first", repeat=True),  # it had come since
    ]


def _position(text: str | None) -> Position | None:
    """Reads positions as whoever holds the key does."""
    if text and text.startswith("veil-"):
        _, sender, offset = text.removesuffix("/0").split("-")
        return Position(f"token-{sender}", int(offset), text)
    return Position.read(text)


def _is_linked(state: dict[str, Any]) -> bool:
    """Whether something that names nobody stands beside the place of its sender's outbox."""
    nameless = [one for one in state["open"] if one["record"] and one["record"]["leaf"]["sender"] == NOBODY]
    return any(not one["position"].startswith("veil-") for one in nameless)


def topic(event: Event) -> str:
    if isinstance(event, Sent):
        return event.position.source
    return "audit" if isinstance(event, Record) else f"inbox.{event.box}"


def shuffled(events: Sequence[Event], seed: int) -> list[Event]:
    """Another order between topics, the same within each."""
    chance = random.Random(seed)
    waiting: dict[str, list[Event]] = {}
    for event in events:
        waiting.setdefault(topic(event), []).append(event)
    mixed = []
    while waiting:
        name = chance.choice(sorted(waiting))
        mixed.append(waiting[name].pop(0))
        if not waiting[name]:
            del waiting[name]
    return mixed


HANDLED = dict.fromkeys(SOURCES, 100)


def hand(found: Correspondence, event: Event) -> None:
    match event:
        case Sent():
            found.take_message(event.position, 0.0, event.message)
        case Record():
            found.take_record(event, 0.0)
        case Line():
            found.take_line(event, 0.0)


def compared(
    events: Sequence[Event], *, retention: Whole | None = None, handled: dict[str, int] = HANDLED
) -> Correspondence:
    found = Correspondence(SOURCES)
    for event in events:
        hand(found, event)
    found.judge(1.0, handled, retention or Whole())
    return found


seeds = st.integers(0, 2**32)


@given(seeds)
def test_what_agrees_is_quiet_in_any_order(seed: int) -> None:
    found = compared(shuffled(world(), seed))
    assert (found.differences, found.under_way, found.ok) == (Counter(), 0, True)
    assert set(found.counts) == set(SORTS) and not any(found.counts.values())


@given(seeds, st.lists(st.integers(0, 60), max_size=5))
def test_it_goes_on_from_its_state(seed: int, stops: list[int]) -> None:
    """Whatever was under way: as if it had never stopped, also where something differs."""
    for plant in (lambda events: None, *(plant for _, plant in FAULTS.values())):
        events = world()
        plant(events)
        seen = InMemory()
        found = Correspondence(SOURCES, seen)
        for n, event in enumerate(events := shuffled(events, seed)):
            if n in stops:
                state = json.loads(json.dumps(found.state()))
                assert not _is_linked(state)
                found = Correspondence(SOURCES, seen, _position)
                found.resume(state, 0.0)
            hand(found, event)
        found.judge(1.0, HANDLED, Whole())
        straight = compared(events)
        assert (found.agree, found.differences, found.first) == (straight.agree, straight.differences, straight.first)


def test_memory_holds_what_is_under_way_and_no_more() -> None:
    found = Correspondence(SOURCES)
    most = 0
    for offset in range(2000):
        for event in exchange("a", "b", offset):
            hand(found, event)
            most = max(most, found.under_way)
    assert (most, found.under_way, found.agree) == (1, 0, 2000)


def of(events: Sequence[Event], kind: type, source: str, offset: int, type_: str | None = None) -> int:
    """Where one event stands."""
    position = Position(f"token-{source}", offset)
    return next(
        n
        for n, event in enumerate(events)
        if isinstance(event, kind) and event.position == position and type_ in (None, getattr(event, "type", None))
    )


Plant = Callable[[list[Event]], None]
FAULTS: dict[str, tuple[str, Plant]] = {}


def fault(sort: str) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (sort, plant)
        return plant

    return add


@fault("delivery_unrecorded")
def delivery_without_record(events: list[Event]) -> None:
    events.append(Line("c", "delivery", Position("token-a", 50), 500))


@fault("delivery_unrecorded")
def delivery_of_what_was_withheld(events: list[Event]) -> None:
    events.append(Line("a", "delivery", Position("token-b", 3), 31))


@fault("delivery_unrecorded")
def delivery_of_what_is_in_quarantine(events: list[Event]) -> None:
    events.append(Line("c", "delivery", Position("token-b", 5), 51))


@fault("undelivered")
def record_without_delivery(events: list[Event]) -> None:
    del events[of(events, Line, "a", 7, "delivery")]


@fault("undelivered")
def notice_that_did_not_come(events: list[Event]) -> None:
    del events[of(events, Line, BROKER, 1)]


@fault("position_unrecorded")
def message_without_record(events: list[Event]) -> None:
    events.append(Sent(Position("token-b", 20)))


@fault("position_unrecorded")
def own_notice_without_record(events: list[Event]) -> None:
    events.append(Sent(Position(f"token-{BROKER}", 20), "m20"))


@fault("position_unrecorded")
def repeat_without_its_receipt(events: list[Event]) -> None:
    del events[of(events, Line, "a", 11)]


@fault("position_unknown")
def record_of_no_message(events: list[Event]) -> None:
    del events[of(events, Sent, "a", 7)]


@fault("position_unknown")
def record_of_no_outbox(events: list[Event]) -> None:
    events.append(Record(Position("token-x", 1), "leaf", leaf("decision", "a", "b", "withhold"), 0))


@fault("record_twice")
def record_twice(events: list[Event]) -> None:
    events.append(events[of(events, Record, "a", 1)])


@fault("record_twice")
def record_twice_at_once(events: list[Event]) -> None:
    where = of(events, Record, "c", 4)
    events.insert(where, events[where])


@fault("message_twice")
def message_decided_at_two_positions(events: list[Event]) -> None:
    """As after a restore of a database: other positions, each with all that belongs to it."""
    at, told = Position("token-a", 30), "another leaf"
    found = leaf("decision", "a", "c", "forward", "m1")
    events += [
        Sent(at),
        Record(at, told, found, 300),
        Line("c", "delivery", at, 301),
        Line("a", "receipt", at, 301, told),
    ]


@fault("message_twice")
def message_decided_again_out_of_quarantine(events: list[Event]) -> None:
    at, told = Position("token-q", 30), "another leaf"
    events += [Record(at, told, leaf("decision", "a", "c", "withhold", "m1"), 300), Line("a", "receipt", at, 301, told)]


@fault("delivery_twice")
def delivery_twice(events: list[Event]) -> None:
    events.append(events[of(events, Line, "a", 7, "delivery")])


@fault("wrong_recipient")
def wrong_recipient(events: list[Event]) -> None:
    where = of(events, Line, "a", 7, "delivery")
    events[where] = replace(events[where], box="c")  # type: ignore[call-arg]


@fault("delivered_before_record")
def delivered_before_record(events: list[Event]) -> None:
    where = of(events, Line, "a", 7, "delivery")
    events[where] = replace(events[where], at=-5000)  # type: ignore[call-arg]


@fault("receipt_missing")
def receipt_missing(events: list[Event]) -> None:
    del events[of(events, Line, "a", 7, "receipt")]


@fault("receipt_twice")
def receipt_twice(events: list[Event]) -> None:
    events.append(events[of(events, Line, "a", 7, "receipt")])


@fault("receipt_unrecorded")
def receipt_of_nothing(events: list[Event]) -> None:
    events.append(Line("a", "receipt", Position("token-a", 60), 600, "leaf"))


@fault("wrong_receipt")
def receipt_of_another_record(events: list[Event]) -> None:
    where = of(events, Line, "a", 7, "receipt")
    events[where] = replace(events[where], leaf_hash="another")  # type: ignore[call-arg]


@fault("other_content")
def receipt_that_says_something_else(events: list[Event]) -> None:
    where = of(events, Line, "a", 7, "receipt")
    events[where] = replace(events[where], digest="another")  # type: ignore[call-arg]


@fault("other_content")
def delivery_that_says_something_else(events: list[Event]) -> None:
    where = next(n for n, event in enumerate(events) if isinstance(event, Line) and event.digest == "delivery 7")
    events[where] = replace(events[where], digest="another")  # type: ignore[call-arg]


@fault("wrong_receipt")
def receipt_to_another(events: list[Event]) -> None:
    where = of(events, Line, "a", 7, "receipt")
    events[where] = replace(events[where], box="b")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_named_and_counted_once(name: str) -> None:
    sort, plant = FAULTS[name]
    for seed in range(20):
        events = world()
        plant(events)
        found = compared(events if seed == 0 else shuffled(events, seed))
        assert found.differences == {sort: 1}, (seed, found.first)
        assert [one.sort for one in found.first] == [sort]


def test_every_sort_but_two_is_planted() -> None:
    assert {sort for sort, _ in FAULTS.values()} == set(SORTS) - {"record_out_of_order", "unreadable"}


def test_records_out_of_their_outbox_order() -> None:
    first, second = exchange("a", "b", 1), exchange("a", "b", 2)
    found = compared([first[0], second[0], second[1], first[1], *first[2:], *second[2:]])
    assert found.differences == {"record_out_of_order": 1}


def test_what_cant_be_read_is_counted() -> None:
    found = Correspondence(SOURCES)
    found.unreadable("inbox.a", 3)
    assert found.differences == {"unreadable": 1}
    assert not found.ok


def test_what_the_worker_has_not_reached_is_under_way() -> None:
    found = compared([*world(), Sent(Position("token-a", 99))], handled={**HANDLED, "token-a": 99})
    assert (found.ok, found.under_way) == (True, 1)


def test_what_was_seen_just_now_is_under_way() -> None:
    found = Correspondence(SOURCES)
    for event in exchange("a", "b", 0)[:2]:
        if isinstance(event, Sent):
            found.take_message(event.position, 5.0)
        elif isinstance(event, Record):
            found.take_record(event, 5.0)
    found.judge(4.0, HANDLED, Whole())
    assert (found.ok, found.under_way) == (True, 1)
    found.judge(5.0, HANDLED, Whole())
    assert found.differences == {"undelivered": 1, "receipt_missing": 1}
    assert found.under_way == 0


def test_what_is_older_than_a_topic_keeps_is_no_fault() -> None:
    events = [event for event in world() if not isinstance(event, Sent | Line)]
    assert compared(events, retention=Whole(begins=100, since=10_000)).ok
    assert not compared(events, retention=Whole(begins=100)).ok
    assert not compared(events, retention=Whole(since=10_000)).ok


@pytest.mark.parametrize("text", [None, "", "a", "/1", "a/", "a/-1", "a/1 ", "a/١", "a/1.0", "a/" + "9" * 19])
def test_a_position_that_is_none(text: str | None) -> None:
    assert Position.read(text) is None


@given(st.text("0123456789abcdef", min_size=1, max_size=64), st.integers(0, 10**18 - 1))
def test_a_position_reads_as_written(source: str, offset: int) -> None:
    assert Position.read(str(Position(source, offset))) == Position(source, offset)


def of_desks(box: str, of_receipt: str) -> list[Event]:
    """A message from one desk to another authority's, with its delivery and receipt in these boxes."""
    at, told = Position("token-a/schools", 0), "leaf-desk"
    lines = [
        {"authority": "b/board", "type": "delivery", "digest": "delivery"},
        {"authority": "a/schools", "type": "receipt", "digest": "receipt"},
    ]
    found = Record.of(at, told, leaf("decision", "a", "b", "forward", "m") | {"lines": lines}, 5)
    return [Sent(at), found, Line(box, "delivery", at, 6), Line(of_receipt, "receipt", at, 6, told)]


@pytest.mark.parametrize(
    ("box", "of_receipt", "differs"),
    [
        ("b/board", "a/schools", []),
        ("b", "a/schools", ["wrong_recipient"]),
        ("b/other", "a/schools", ["wrong_recipient"]),
        ("b/board", "a", ["wrong_receipt"]),
    ],
)
def test_a_line_of_a_desk_lies_in_its_inbox_and_in_no_other(box: str, of_receipt: str, differs: list[str]) -> None:
    found = Correspondence({"token-a/schools": "a/schools"})
    for event in of_desks(box, of_receipt):
        hand(found, event)
    found.judge(1.0, {}, Whole())
    assert list(found.differences) == differs
