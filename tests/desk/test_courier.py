"""Between the desk and the broker: nothing is lost, nothing goes twice, whatever moment the process dies at."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from agency_side import clock, embedded
from lines import POLICE, Json, no_provision, number

from agents.agency import Address, Agency, Delivery, NotReached, Receipt
from agents.agency.broker import Came
from agents.agency.fake_broker import Stage
from agents.agency.state import State
from agents.desk.store import Drafts, Inbox, Store
from agents.desk.store.arrivals import Arrivals
from desk.side import BOARD, CHILD, MAJA, NOW, REQUEST, SARA, Side, delivery, notice, receipt, term

ASKED = Address(POLICE, "police_area")
ITEM = {"category": "housing", "content": "Egen text.", "assessments": [no_provision()]}


class Away(Stage):
    """A stage that gives nothing either, while it is off."""

    def fetch(self, after: int, timeout: float) -> Sequence[Came]:
        if self.off:
            raise NotReached("away")
        return super().fetch(after, timeout)


def refuse(side: Side, n: int = 1, category: str = "housing", reason: str = "not_held") -> str:
    """The board's answer to one category is queued: its message id."""
    body = {"categories": [category], "reason": reason}
    draft = side.store.drafts.new("Refusal", user=SARA, answers=number(n), part=category, to=ASKED, body=body)
    return side.store.drafts.send(draft.number, SARA).message_id


def disclose(side: Side, *items: Json, n: int = 1) -> str:
    """The board's answer with items is queued: its message id."""
    body = {"subject": CHILD, "items": list(items)}
    draft = side.store.drafts.new("Disclosure", user=SARA, answers=number(n), to=ASKED, body=body)
    return side.store.drafts.send(draft.number, SARA).message_id


def ask(side: Side) -> str:
    """The board asks: its message id."""
    draft = side.store.drafts.new("InformationRequest", user=SARA, to=ASKED, body=REQUEST)
    side.store.drafts.send(draft.number, SARA)
    side.courier.round()
    return draft.message_id


# --- out and back


def test_a_request_is_answered_category_by_category(either: Side) -> None:
    due = NOW + timedelta(days=2)
    either.come(delivery(1, terms=[term("answer", due)], guidance=[{"category": "housing", "grounds": []}]))
    line = either.store.inbox.content(number(1))
    assert isinstance(line, Delivery) and line.guidance == [{"category": "housing", "grounds": []}]
    first = refuse(either)
    row = either.store.sent.row(first)
    assert (row.time, row.outcome, row.answers) == (None, None, number(1)), "it lies here until the broker has it"
    either.later(minutes=10)
    assert either.courier.round()
    (sent,) = either.stage.sent
    message = json.loads(sent.message)
    assert (message["id"], message["in_reply_to"], message["time"]) == (first, number(1), "2026-11-30T08:10:00.000Z")
    assert message["sender"] == {
        "authority": BOARD,
        "unit": "social_services",
        "role": "caseworker",
        "officer": "s-1",
    }
    assert either.store.sent.row(first).time == either.now
    either.come(receipt(first))
    row = either.store.sent.row(first)
    assert (row.outcome, set(row.states)) == ("forward", {"accepted", "delivered"})
    line_row = either.store.inbox.row(number(1))
    assert (line_row.left, line_row.done, line_row.back) == (("social_record",), None, None)
    either.come(receipt(refuse(either, category="social_record", reason="cannot_say")))
    line_row = either.store.inbox.row(number(1))
    assert (line_row.left, line_row.done) == ((), either.now)
    assert {row.case for row in either.store.sent.case(line_row.case)} == {line_row.case}


def test_what_the_law_sends_back_comes_back(either: Side) -> None:
    """With the question that is open; answered anew it is no longer back, and sent back again it is again."""
    either.come(delivery(1))
    draft = disclose(either, ITEM, {**ITEM, "category": "social_record"})
    items = [
        {"item": 0, "outcome": "release", "ref": None, "asks": []},
        {"item": 1, "outcome": "refer", "ref": "OSL 10:15 a", "asks": ["overriding_reasons"], "missing": []},
    ]
    items[1]["open"] = [{"ground": "osl_15a", "ref": "OSL 10:15 a", "asks": ["overriding_reasons"]}]
    either.courier.round()
    either.come(receipt(draft, partial=True, items=items))
    (row,) = either.store.inbox.rows("back", now=NOW)
    assert (row.message, row.back, row.left, row.done) == (number(1), draft, ("social_record",), None)
    (back,) = either.store.inbox.returned(number(1))
    assert back.open[1][0]["asks"] == ["overriding_reasons"]
    again = disclose(either, {**ITEM, "category": "social_record"})
    assert either.store.inbox.rows("back", now=NOW) == []
    either.courier.round()
    either.come(receipt(again, "withhold"))
    assert [row.back for row in either.store.inbox.rows("back", now=NOW)] == [again]
    last = refuse(either, category="social_record")
    either.courier.round()
    either.come(receipt(last))
    assert either.store.inbox.row(number(1)).done == NOW


@pytest.mark.parametrize("outcome", ["refer", "withhold", "quarantine"])
def test_what_answers_nothing_comes_back_in_a_row_of_its_own(side: Side, outcome: str) -> None:
    asked = ask(side)
    error = {"error": {"code": "invalid_value", "detail": "body.need: …"}} if outcome == "quarantine" else {}
    side.come(receipt(asked, outcome, **error))
    (row,) = side.store.inbox.rows("back", now=NOW)
    assert (row.message, row.sort, row.kind, row.sender) == (asked, "receipt", "InformationRequest", POLICE)
    assert (row.birth_date, row.categories, row.left, row.holder) == (
        "2009-04-12",
        *[tuple(REQUEST["categories"])] * 2,
        1,
    )
    content = side.store.inbox.content(asked)
    assert isinstance(content, Receipt) and content.outcome == outcome
    new = side.store.drafts.again(asked, MAJA)
    assert (new.body, new.to) == (REQUEST, ASKED) and new.message_id != asked
    side.store.drafts.send(new.number, MAJA)
    assert side.store.inbox.rows(now=NOW) == []
    assert side.store.sent.row(asked).done == NOW


def test_how_far_it_has_come_and_whom_to_ring(either: Side) -> None:
    asked = ask(either)
    call = [{"function": "Rektor", "telephone": "0555-12 34 56"}]
    either.come(receipt(asked), notice(2, asked, "not_opened", clock="opened"))
    either.come(notice(3, asked, "not_opened_call", clock="opened", contacts=call))
    row = either.store.sent.row(asked)
    assert (row.late, row.contacts, row.clock) == (True, call, "opened")
    assert [row.kind for row in either.store.inbox.rows(now=NOW)] == ["not_opened_call"], "the newest says it all"
    opened = {"message": asked, "state": "opened"}
    either.come(delivery(4, "Acknowledgement", body=opened))
    either.come(delivery(5, "Acknowledgement", body={"message": asked, "state": "registered", "reference": "K 1"}))
    row = either.store.sent.row(asked)
    assert (row.late, row.contacts) == (False, [])
    assert {state: reached.reference for state, reached in row.states.items()} == {
        "accepted": "",
        "delivered": "",
        "opened": "",
        "registered": "K 1",
    }
    answers = {"housing": "given"}
    either.come(
        delivery(6, "Disclosure", in_reply_to=asked, body={"items": []}, answers=answers, unanswered=["social_record"])
    )
    row = either.store.sent.row(asked)
    assert (row.given, row.left, row.done) == (answers, ("social_record",), None)
    assert either.store.inbox.row(number(6)).left == ("social_record",)
    both = {**answers, "social_record": "not_held"}
    either.come(delivery(7, "Refusal", in_reply_to=asked, body={}, answers=both))
    assert either.store.sent.row(asked).done == NOW
    assert {row.case for row in either.store.inbox.case(row.case)} == {row.case}
    assert len(either.store.inbox.case(row.case)) == 6


def test_nobody_else_says_what_became_of_a_message(side: Side) -> None:
    asked = ask(side)
    said = {"message": asked, "state": "registered", "reference": "X"}
    side.come(delivery(4, "Acknowledgement", sender="kommun-0180", body=said))
    assert side.store.sent.row(asked).states == {}


def test_it_came_to_the_wrong_one(side: Side) -> None:
    asked = ask(side)
    side.come(delivery(4, "Acknowledgement", body={"message": asked, "state": "not_for_us"}))
    assert [row.kind for row in side.store.inbox.rows(now=NOW)] == ["Acknowledgement"]
    assert "not_for_us" in side.store.sent.row(asked).states


def test_a_question_back_stops_the_clock(side: Side) -> None:
    due = NOW + timedelta(hours=4)
    side.come(delivery(1, terms=[term("answer", due)]))
    draft = side.store.drafts.new("Clarification", user=SARA, answers=number(1), to=ASKED, body={"text": "Vilken tid?"})
    side.store.drafts.send(draft.number, SARA)
    side.courier.round()
    side.come(receipt(draft.message_id))
    assert side.store.inbox.row(number(1)).due is None
    side.later(hours=3)
    side.come(delivery(2, "Clarification", in_reply_to=draft.message_id, body={"text": "Hela hösten."}))
    assert side.store.inbox.row(number(1)).due == due + timedelta(hours=3)


def test_what_is_taken_back_is_marked(side: Side) -> None:
    side.come(delivery(1), delivery(2, "Recall", body={"message": number(1), "text": ""}))
    side.come(delivery(3), delivery(4, "Recall", sender="kommun-0180", body={"message": number(3), "text": ""}))
    assert side.store.inbox.row(number(1)).recalled
    assert not side.store.inbox.row(number(3)).recalled, "only its sender takes it back"


def test_strange_lines_stop_nobody(side: Side) -> None:
    side.come(
        {"type": "of_a_later_version", "what": 1},
        {"type": "notice", "notice": "of_a_later_version", "message": None},
        delivery(1, body={"subject": "x", "categories": "housing", "items": {"a": 1}}),
        {**delivery(2), "terms": [{"clock": "answer", "due": "i morgon"}, "x"]},
        receipt("not one of ours"),
        {"type": "receipt", "receipt": {"message": None, "outcome": "quarantine", "line": 3}},
        delivery(5),
    )
    assert {row.kind for row in side.store.inbox.rows(now=NOW)} == {
        "unknown",
        "of_a_later_version",
        "InformationRequest",
    }


def test_two_senders_may_use_one_id(side: Side) -> None:
    side.come(delivery(1), delivery(1, sender="kommun-0180"))
    rows = side.store.inbox.rows(now=NOW)
    assert len({row.message for row in rows}) == 2 and len({row.case for row in rows}) == 2
    other = next(row.message for row in rows if row.message != number(1))
    side.store.inbox.open(other, SARA, NOW)
    side.courier.round()
    (told,) = side.stage.sent
    assert json.loads(told.message)["body"]["message"] == number(1)
    assert json.loads(told.message)["recipient"]["authority"] == "kommun-0180"


def test_of_what_nobody_is_to_know_nothing_stays(side: Side) -> None:
    body = {"subject": CHILD, "concerns": ["crime"], "text": "Egen text.", "anonymous": True}
    to = Address("kommun-0180", "social_services")
    draft = side.store.drafts.new("ConcernNotification", user=SARA, to=to, body=body, how={"case": "SN 1"})
    side.store.drafts.send(draft.number, SARA)
    side.courier.round()
    message = json.loads(side.stage.sent[0].message)
    assert "officer" not in message["sender"] and "case" not in message
    kept = side.store.drafts.get(draft.number)
    assert (kept.body, kept.how, kept.author, kept.state) == ({}, {}, 0, "sent")
    row = side.store.sent.row(draft.message_id)
    assert (row.author, row.done) == (0, NOW)


# --- the broker is away


def test_away_nothing_is_sent_and_all_is_kept(tmp_path: Path) -> None:
    """The page still works; the time of a message is that at which it goes."""
    side = Side(tmp_path, broker=Away())
    side.come(delivery(1))
    assert (side.courier.last_contact, side.courier.away) == (NOW, False)
    side.stage.off = True
    message = refuse(side)
    side.later(hours=2)
    assert not side.courier.round()
    assert (side.courier.last_contact, side.courier.away) == (NOW, True)
    assert [row.message for row in side.store.sent.rows("waiting_here", now=side.now)] == [message]
    side.restart()
    assert side.courier.last_contact == NOW, "a new process knows it too"
    assert not side.courier.round() and side.stage.refused == []
    side.stage.off = False
    assert side.courier.round()
    (sent,) = side.stage.sent
    assert (sent.id, sent.time) == (message, "2026-11-30T10:00:00.000Z")
    assert side.store.sent.rows("waiting_here", now=side.now) == []
    side.close()


def test_what_was_handed_over_and_did_not_go_has_a_new_time(side: Side) -> None:
    """Where it fails at the last moment: the same id, and not too old for a live broker."""
    side.come(delivery(1))
    message = refuse(side)
    side.stage.off = True  # only the way out
    assert not side.courier.round()
    side.later(minutes=1)
    assert not side.courier.round()
    first, second = side.stage.refused
    assert first == second, "the same bytes while they are new"
    side.later(minutes=30)
    side.stage.off = False
    assert side.courier.round()
    (sent,) = side.stage.sent
    assert (sent.id, json.loads(sent.message)["time"]) == (message, "2026-11-30T08:31:00.000Z")


def test_what_cant_be_sent_holds_nobody_up(side: Side) -> None:
    side.come(delivery(1))
    large = disclose(side, {**ITEM, "content": "x" * (1 << 20)})
    small = refuse(side)
    assert side.courier.round()
    assert [message.id for message in side.stage.sent] == [small]
    (draft,) = [draft for draft in side.store.drafts.of(number(1)) if draft.message_id == large]
    assert draft.state == "draft" and "1 MiB" in str(draft.question)
    with pytest.raises(Exception, match="no such message"):
        side.store.sent.row(large)


def test_its_thread_goes_on(tmp_path: Path) -> None:
    """Woken it sends at once; a round that fails, for whatever reason, is not the last."""
    side = Side(tmp_path)
    gone = Event()
    take = side.stage.send

    def send(messages: Any) -> Any:
        result = take(messages)
        gone.set()
        return result

    with patch.object(side.stage, "send", send), patch.object(Arrivals, "save", side_effect=[RuntimeError, None]):
        side.stage.lines.append(delivery(8))
        side.courier._every = 0.01
        side.courier.start()
        draft = side.store.drafts.new("InformationRequest", user=SARA, to=ASKED, body=REQUEST)
        side.store.drafts.send(draft.number, SARA)
        side.courier.wake()
        assert gone.wait(20)
        side.close()
    assert [message.id for message in side.stage.sent] == [draft.message_id]


# --- killed


class Killed(BaseException):
    """The process is gone."""


STEPS: list[tuple[type, str]] = [
    (State, "keep"),
    (State, "remove_sent"),
    (State, "receive"),
    (State, "mark_handled"),
    (State, "mark_shown"),
    (State, "move"),
    (Agency, "keep"),
    (Agency, "resume"),
    (Arrivals, "save"),
    (Arrivals, "receive"),
    (Drafts, "send"),
    (Drafts, "sent"),
    (Inbox, "open"),
    (Store, "note_contact"),
]
"""Before and after each of them the process may die."""


@contextmanager
def killed_at(n: int, broker: Any, steps: Sequence[tuple[type, str]] = STEPS) -> Iterator[Counter[str]]:
    """The process dies at the n:th of all moments."""
    passed: Counter[str] = Counter()

    def watched(method: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            _pass()
            result = method(*arguments, **named)
            _pass()
            return result

        return step

    def _pass() -> None:
        passed["moments"] += 1
        if passed["moments"] == n:
            raise Killed

    places = [*steps, (type(broker), "send"), (type(broker), "fetch")]
    patches = [patch.object(owner, name, watched(getattr(owner, name))) for owner, name in places]
    for one in patches:
        one.start()
    try:
        yield passed
    finally:
        for one in patches:
            one.stop()


def work(side: Side) -> None:
    """A day: two requests come, one is opened, both answered; receipts come."""
    if not side.stage.lines:
        side.stage.lines += [delivery(1), delivery(2)]
    side.courier.round()
    for n in (1, 2):
        side.store.inbox.open(number(n), SARA, side.now)
        written = side.store.drafts.of(number(n)) or [
            side.store.drafts.new(
                *("Refusal",),
                user=SARA,
                answers=number(n),
                to=ASKED,
                body={"categories": REQUEST["categories"], "reason": "not_held"},
            )
        ]
        side.store.drafts.send(written[0].number, SARA)
    side.courier.round()
    told = {line["receipt"]["message"] for line in side.stage.lines if line["type"] == "receipt"}
    for message in side.stage.sent:
        if message.id not in told:
            told.add(message.id)
            side.stage.lines.append(receipt(message.id))
    side.courier.round()


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.slow), 17])
def test_killed_at_any_moment_nothing_is_lost_or_sent_twice(tmp_path: Path, stride: int) -> None:
    moment, survived = 0, False
    while not survived:
        moment += stride
        folder = tmp_path / str(moment)
        folder.mkdir()
        side = Side(folder)
        with killed_at(moment, side.broker):
            try:
                work(side)
                survived = True
            except Killed:
                pass
        side.restart()
        work(side)
        by_id = {message.id: message.message for message in side.stage.sent}
        assert all(by_id[message.id] == message.message for message in side.stage.sent), "an id has one content"
        once = Counter(json.loads(content)["kind"] for content in by_id.values())
        assert once == {"Acknowledgement": 2, "Refusal": 2}, moment
        assert side.store.inbox.counts(NOW)["done"] == 2 and side.store.inbox.rows(now=NOW) == []
        assert side.store.drafts.queued() == []
        assert side.store.sent.counts(NOW)["waiting_here"] == 0
        side.close()
    assert moment > 60


# --- a real broker on this machine


def real(folder: Path) -> Side:
    """A desk over the embedded broker, at its day."""
    side = Side(folder, broker=embedded(folder / "data"), now=clock())
    return side


def asked_by_police(folder: Path) -> str:
    with Agency("polismyndigheten", embedded(folder / "data"), unit="police_area", clock=clock) as police:
        sent = police.request(
            Address(BOARD, "social_services"),
            ["housing", "social_record"],
            purpose="prevent",
            need="planering",
            subject=CHILD,
        )
        assert police.receipt(sent).outcome == "forward"
        return sent.id


def delivered_to_police(folder: Path) -> Counter[str]:
    with Agency("polismyndigheten", embedded(folder / "data"), unit="police_area", clock=clock) as police:
        return Counter(line.kind for line in police.inbox() if isinstance(line, Delivery))


@pytest.mark.slow
def test_over_the_real_broker(tmp_path: Path) -> None:
    """The same as over a stage: opened is told, what lacks an answer comes back, the preview says so beforehand."""
    request = asked_by_police(tmp_path)
    side = real(tmp_path)
    assert side.courier.round()
    (row,) = side.store.inbox.rows(now=side.now)
    assert row.message == request and row.due is not None and row.left == ("housing", "social_record")
    side.store.inbox.open(request, SARA, side.now)
    secret = {"category": "social_record", "content": "Egen text.", "secrecy": ["OSL 26:1"]}
    body = {"subject": CHILD, "items": [ITEM, secret]}
    draft = side.store.drafts.new("Disclosure", user=SARA, answers=request, to=ASKED, body=body)
    foreseen = side.courier.preview([draft])
    assert foreseen is not None and foreseen.whole
    assert [item["outcome"] for item in foreseen.receipts[0].content["items"]] == ["release", "refer"]
    side.store.drafts.send(draft.number, SARA)
    assert side.courier.round()
    sent = side.store.sent.row(draft.message_id)
    assert (sent.outcome, sent.partial) == ("forward", True)
    (row,) = side.store.inbox.rows("back", now=side.now)
    assert (row.message, row.left) == (request, ("social_record",))
    assert delivered_to_police(tmp_path) == {"Acknowledgement": 1, "Disclosure": 1}
    side.close()


@pytest.mark.slow
def test_killed_at_any_moment_over_the_real_broker(tmp_path: Path) -> None:
    moment, survived = 0, False
    places = [*STEPS[:2], *STEPS[6:8], (Drafts, "sent")]
    while not survived:
        moment += 1
        folder = tmp_path / str(moment)
        folder.mkdir()
        request = asked_by_police(folder)
        side = real(folder)
        side.courier.round()
        body = {"categories": ["housing", "social_record"], "reason": "not_held"}
        draft = side.store.drafts.new("Refusal", user=SARA, answers=request, to=ASKED, body=body)
        side.store.drafts.send(draft.number, SARA)
        connection = side.courier._connected()._connection
        with killed_at(moment, connection, places):
            try:
                side.courier.round()
                survived = True
            except Killed:
                pass
        side.restart()
        assert side.courier.round()
        assert side.store.sent.row(draft.message_id).outcome == "forward", moment
        assert side.store.inbox.row(request).done is not None
        assert delivered_to_police(folder) == {"Refusal": 1}
        side.close()
    assert moment > 10
