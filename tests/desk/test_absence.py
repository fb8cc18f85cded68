"""Time off: somebody's work is with a deputy or back in the queue; a queue with nobody there rings."""

import json
import logging
from datetime import date, timedelta
from typing import Any

import pytest
from lines import number

from agents.agency import Address
from agents.desk.bell import ring
from agents.desk.faults import NotNow, SameEyes
from agents.desk.store import Person
from broker.web.faults import Missing
from broker.web.user import User
from tests.desk.side import NOW, REQUEST, SARA, Side, delivery, term

TODAY = date(2026, 11, 30)
WORKS: Any = frozenset({"read", "answer"})


def add(side: Side, name: str, role: str = "teacher", may: Any = WORKS) -> User:
    return side.store.people.add(Person(f"{name} Exempel", "school", role, name, may), account=name, password="x")


def away(side: Side, user: User, deputy: User | None = None, *, first: int = 0, last: int = 4) -> int:
    days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    return side.store.absences.add(user.number, *days, deputy.number if deputy else None).number


def held(side: Side, whose: Any) -> list[str]:
    box = side.store.inbox
    rows = [row.message for row in box.rows("open", whose=whose, now=side.now)]
    assert box.total("open", whose=whose, now=side.now) == len(rows)
    assert box.has("open", whose=whose, now=side.now) is bool(rows)
    return rows


def test_what_somebody_has_is_with_the_deputy_while_they_are_away_and_theirs_again_after(either: Side) -> None:
    eva, maja, ali = (add(either, name) for name in ("eva", "maja", "ali"))
    either.come(delivery(1), delivery(2))
    either.store.inbox.assign(number(1), eva.number)
    number_ = away(either, eva, maja, first=1)
    assert held(either, maja.number) == [], "not before the day"
    either.later(hours=16)  # one in the morning of the day after, in Sweden
    assert held(either, maja.number) == held(either, eva.number) == [number(1)]
    assert either.store.inbox.row(number(1)).holder == eva.number, "nobody has moved it"
    away(either, maja, ali, first=1, last=1)
    assert (held(either, ali.number), held(either, "nobody")) == ([number(1)], [number(2)]), "the deputy's deputy"
    either.later(days=1)
    assert held(either, ali.number) == [], "maja is back"
    either.store.absences.end(number_)
    assert (held(either, maja.number), held(either, eva.number)) == ([], [number(1)])


def test_what_nobody_stands_in_for_is_back_in_the_queue(either: Side) -> None:
    eva, maja = add(either, "eva"), add(either, "maja")
    either.come(delivery(1), delivery(2), delivery(3))
    for n, one in ((1, eva), (2, maja)):
        either.store.inbox.assign(number(n), one.number)
    own = away(either, eva)
    assert held(either, "nobody") == [number(1), number(3)]
    either.store.absences.end(own)
    away(either, eva, maja)
    away(either, maja, eva)
    assert held(either, "nobody") == [number(1), number(2), number(3)], "each stands in for the other"
    either.store.people.remove("maja")
    assert held(either, "nobody") == [number(1), number(2), number(3)], "whoever is gone has nothing"


def test_days_that_can_not_be(side: Side) -> None:
    eva = add(side, "eva")
    away(side, eva, first=2, last=4)
    for first, last in ((1, 0), (-3, -1), (4, 9), (0, 2), (3, 3)):
        with pytest.raises(NotNow):
            away(side, eva, first=first, last=last)
    with pytest.raises(NotNow):
        away(side, eva, eva, first=9, last=9)
    ended = away(side, eva, first=0, last=1)
    side.store.absences.end(ended)
    with pytest.raises(Missing):
        side.store.absences.end(ended)


def test_no_clock_stands_still_and_nothing_counts_as_opened(side: Side) -> None:
    eva, maja = add(side, "eva"), add(side, "maja")
    side.come(delivery(1, terms=[term("opened", NOW + timedelta(hours=2))]))
    side.store.inbox.assign(number(1), eva.number)
    before = side.store.inbox.row(number(1))
    away(side, eva, maja)
    side.later(days=1)
    side.courier.round()
    assert side.store.inbox.row(number(1)) == before
    assert side.store.drafts.queued() == [] and side.stage.sent == []
    assert side.store.inbox.open(number(1), maja, side.now), "the deputy opens it as a person"


def test_a_database_of_before_is_brought_up(side: Side) -> None:
    side.come(delivery(1))
    side.store.drafts.acknowledge(number(1), 1, Address("polismyndigheten"), {"message": number(1)}, SARA)
    with side.store.transaction() as connection:
        for statement in (
            "drop index desk_sent_holder",
            "alter table desk_sent drop column holder",
            *(f"alter table desk_case drop column {column}" for column in ("holder", "class", "until")),
            "update desk_step set step = 1",
        ):
            connection.exec_driver_sql(statement)
    side.restart()
    assert side.store.sent.counts(side.now, holders=[SARA.number]) == side.store.sent.counts(side.now)
    eva = add(side, "eva")
    side.store.inbox.assign(number(1), eva.number)
    assert held(side, eva.number) == [number(1)]


# --- who decides


def how(side: Side, number_: int) -> tuple[str, str]:
    said = side.store.drafts.get(number_).how
    return said["role"], said["officer"]


def test_a_rektor_s_deputy_decides_as_one_within_their_own_rights(tmp_path: Any) -> None:
    side = Side(tmp_path, approval=frozenset({"Disclosure"}))
    eva = add(side, "eva", "rektor", WORKS | {"approve"})
    maja = add(side, "maja", may=WORKS | {"approve"})
    ali = add(side, "ali")
    side.come(delivery(1))
    drafts = side.store.drafts

    def write(user: User) -> int:
        to = Address("polismyndigheten", "police_area")
        return drafts.new("Disclosure", user=user, answers=number(1), to=to, body={"items": []}).number

    own = away(side, eva, maja)
    assert side.store.people.user(maja.number) == maja, "no right is handed on"
    first = write(ali)
    assert how(side, first) == ("teacher", "ali")
    waits = drafts.submit(first, ali)
    with pytest.raises(SameEyes):
        drafts.approve(first, ali, version=waits.version)
    drafts.approve(first, maja, version=waits.version)
    assert how(side, first) == ("rektor", "maja"), "who decides signs"
    drafts.send(first, ali)
    assert how(side, first) == ("rektor", "maja"), "who presses the button does not"
    second = write(maja)
    assert how(side, second) == ("rektor", "maja")
    with pytest.raises(SameEyes):
        drafts.approve(second, maja, version=drafts.submit(second, maja).version)
    drafts.save(second, user=ali, version=drafts.get(second).version, body={"items": []})
    assert how(side, second) == ("teacher", "ali"), "a teacher's words are not a rektor's"
    side.store.absences.end(own)
    assert how(side, write(maja)) == ("teacher", "maja")
    assert how(side, write(eva)) == ("rektor", "eva")
    side.courier.round()
    assert [json.loads(one.message)["sender"]["role"] for one in side.stage.sent] == ["rektor"]
    side.close()


# --- a case handed to a colleague


def test_a_case_that_is_handed_over_takes_with_it_what_comes_later(either: Side) -> None:
    eva, maja = add(either, "eva"), add(either, "maja")
    either.come(delivery(1))
    either.store.inbox.assign(number(1), eva.number)
    either.come(delivery(2, "Clarification", in_reply_to=number(1), body={"text": "x", "about": "subject"}))
    assert held(either, eva.number) == [number(1), number(2)]
    case = either.store.inbox.row(number(1)).case
    either.store.inbox.assign_case(case, maja.number)
    assert (held(either, eva.number), held(either, maja.number)) == ([], [number(1), number(2)])
    assert either.store.inbox.holder(case) == maja.number
    with pytest.raises(Missing):
        either.store.inbox.assign_case(case + 1, eva.number)


def test_what_answers_a_request_is_its_author_s_or_whoever_s_its_case_is(either: Side) -> None:
    eva, maja = add(either, "eva"), add(either, "maja")
    drafts, to = either.store.drafts, Address("polismyndigheten", "police_area")
    own = [drafts.new("InformationRequest", user=eva, to=to, body=REQUEST) for _ in range(2)]
    for draft in own:
        drafts.send(draft.number, eva)
    either.store.inbox.assign_case(own[1].case, maja.number)
    either.courier.round()
    either.come(
        *(delivery(n, "Interim", in_reply_to=one.message_id, body={"reason": "x"}) for n, one in enumerate(own))
    )
    assert (held(either, eva.number), held(either, maja.number)) == ([number(0)], [number(1)])


# --- what rings


def test_a_queue_with_nobody_there_rings(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    box = side.store.inbox
    assert ring(side.store, NOW) is None, "nothing waits"
    with caplog.at_level(logging.WARNING, "samband_desk"):
        side.come(delivery(1, terms=[term("answer", NOW + timedelta(hours=1))]))
        assert ring(side.store, side.now) == "nobody", "nobody has been let in"
        eva, maja = add(side, "eva"), add(side, "maja", may=frozenset({"read", "admin"}))
        assert ring(side.store, side.now) is None
        own = away(side, eva, maja)
        assert ring(side.store, side.now) == "nobody", "a deputy who may not answer is nobody"
        for _ in range(3):
            side.courier.round()
        side.later(minutes=61)
        side.courier.round()
    said = [record.getMessage() for record in caplog.records]
    assert said == ["kommun-0127: something waits, and nobody who may answer is here"] * 2, "every hour"
    side.store.absences.end(own)
    assert ring(side.store, side.now) == "late", "nobody has taken it"
    box.assign(number(1), eva.number)
    assert ring(side.store, side.now) is None
    away(side, eva)
    ali = add(side, "ali")
    assert ring(side.store, side.now) == "late", "whose it is is away, and nobody stands in"
    box.close(number(1), side.now)
    assert ring(side.store, side.now) is None
    side.store.drafts.submit(side.store.drafts.new("Tip", user=ali, body={}).number, ali)
    assert ring(side.store, side.now) == "eyes"
