"""The clocks (`broker/deadlines`): when matters are due, what messages do to them, what is told when time passes."""

import copy
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from policy_tools import POLICIES

from broker.deadlines import (
    CLOSED,
    UNSEEN,
    Clock,
    ClocksError,
    Event,
    Matter,
    Notice,
    State,
    advance,
    after,
    due,
    late,
    moment,
    open_matters,
    overdue,
    read_times,
    seconds,
    sought,
)
from broker.deadlines.clocks import LAST, Length, day_of
from broker.model.days import SWEDEN

TABLE = json.loads((POLICIES / "clocks" / "data.json").read_text("utf-8"))
TIMES = read_times(TABLE)
POLICE, BOARD, SCHOOL, PLATFORM = "polismyndigheten", "kommun-0127", "skola-1", "plattform-1"
HOUSING, BENEFIT = "housing", "benefit"
CHILD, OTHER = "token-of-a-child", "token-of-another"
HOUR, DAY = 3600, 86400


def at(text: str) -> int:
    """A Swedish time, as seconds."""
    return seconds(datetime.fromisoformat(text).replace(tzinfo=SWEDEN))


def swedish(when: int) -> str:
    """The Swedish time of a moment."""
    return moment(when).astimezone(SWEDEN).strftime("%Y-%m-%d %H:%M:%S")


START = at("2026-09-07 10:00")
JANUARY = at("2027-01-05 10:00")


class Host:
    """What the runtimes do: in the log's order, what is due, then what the event names, nothing else."""

    def __init__(self) -> None:
        self.matters: dict[str, Matter] = {}
        self.notices: list[Notice] = []
        self.seen: list[Event] = []

    def tell(self, kind: str, when: int, sender: str, recipient: str, **more: Any) -> Event:
        number = len(self.seen) + 1
        units = {"sender_unit": "registry", "recipient_unit": "social_services"}
        event = Event(number, more.pop("id", f"m{number}"), kind, when, sender, recipient=recipient, **units, **more)
        self.seen.append(event)
        self.look(when)
        self.apply(event)
        return event

    def apply(self, event: Event) -> None:
        named = [matter for matter in self.matters.values() if sought(event).names(matter)]
        changed = after(named, event, TIMES)
        assert set(changed) == set(after(self.matters.values(), event, TIMES)), "what is not sought is not touched"
        self.matters |= {matter.id: matter for matter in changed}

    def look(self, now: int) -> list[Notice]:
        told: list[Notice] = []
        for matter in list(self.matters.values()):
            if matter.next_at is not None and matter.next_at <= now:
                self.matters[matter.id], notices = due(matter, now, TIMES)
                told += notices
        self.notices += told
        return told

    def one(self, clock: Clock, message: str | None = None) -> Matter:
        (found,) = [m for m in self.matters.values() if m.clock is clock and message in (None, m.message)]
        return found

    def clocks(self) -> list[str]:
        return sorted(matter.clock.value for matter in self.matters.values())

    # --- messages

    def request(self, when: int = START, urgency: str = "routine", **more: Any) -> Event:
        said = {"about": CHILD, "stated": {"urgency": urgency}, "categories": ("housing", "benefit")} | more
        return self.tell("InformationRequest", when, POLICE, BOARD, **said)

    def reply(self, kind: str, when: int, to: str = "m1", **more: Any) -> Event:
        return self.tell(kind, when, BOARD, POLICE, in_reply_to=to, **({"about": CHILD} | more))

    def notification(self, when: int = START, sender: str = SCHOOL, **more: Any) -> Event:
        stated = {"anonymous": more.pop("anonymous", False), "feedback_requested": more.pop("asks", True)}
        said = {"about": CHILD, "grounds": ("sol_19_1",), "stated": stated} | more
        return self.tell("ConcernNotification", when, sender, BOARD, **said)

    def decision(self, when: int, status: str, on: int, to: str = "m1", **more: Any) -> Event:
        said = {"about": CHILD, "stated": {"status": status, "decided_on": on}} | more
        return self.tell("ConcernDecision", when, BOARD, BOARD, in_reply_to=to, **said)

    def acknowledge(self, delivery: str, state: str = "opened", when: int = START + 60, **more: Any) -> Event:
        said = {"acknowledges": delivery, "stated": {"state": state}} | more
        return self.tell("Acknowledgement", when, BOARD, POLICE, **said)

    def feedback(self, when: int, to: str = "m1", **more: Any) -> Event:
        said = {"about": CHILD, "stated": {"status": "opened", "decided_on": 20260910, "text": False}} | more
        return self.tell("ConcernFeedback", when, BOARD, SCHOOL, in_reply_to=to, **said)

    def order(self, when: int = START, action: str = "order") -> Event:
        return self.tell("ChannelAction", when, POLICE, PLATFORM, stated={"action": action, "done_at": None})

    def effect(self, when: int, done: int | None, to: str = "m1") -> Event:
        stated = {"action": "effect", "done_at": moment(done).isoformat() if done is not None else None}
        return self.tell("ChannelAction", when, PLATFORM, POLICE, in_reply_to=to, stated=stated)

    def condition(self, when: int, event: str = "start", until: int | None = None, **more: Any) -> Event:
        stated = {"event": event, "valid_until": until}
        return self.tell("ConditionNotice", when, BOARD, POLICE, **({"about": CHILD, "stated": stated} | more))

    def talk(self, when: int = START, met: bool = True, **more: Any) -> Event:
        said = {"about": CHILD, "stated": {"invited": True, "outcome": "agreed", "concern_met": met}} | more
        return self.tell("GuardianConversation", when, POLICE, BOARD, **said)


def climbed(matter: Matter) -> list[Notice]:
    """All notices of a matter when someone looks every time that something is due."""
    told: list[Notice] = []
    while matter.next_at is not None:
        matter, notices = due(matter, matter.next_at, TIMES)
        told += notices
    return told


def names(notices: Iterable[Notice]) -> list[tuple[str, str, str]]:
    return [(notice.notice, notice.authority, notice.unit) for notice in notices]


# --- how a term is counted


@pytest.mark.parametrize(
    ("unit", "n", "start", "end"),
    [
        ("hours", 1, "2026-09-07 10:00:00", "2026-09-07 11:00:00"),
        ("hours", 8, "2026-03-28 22:00:00", "2026-03-29 07:00:00"),  # a night with an hour less
        ("hours", 8, "2026-10-24 22:00:00", "2026-10-25 05:00:00"),  # and with an hour more
        ("days", 14, "2026-09-07 00:00:00", "2026-09-21 23:59:59"),
        ("days", 14, "2026-09-07 23:59:59", "2026-09-21 23:59:59"),
        ("days", 14, "2026-03-20 10:00:00", "2026-04-03 23:59:59"),  # over the change to summer time
        ("days", 14, "2026-10-20 10:00:00", "2026-11-03 23:59:59"),  # and back
        ("days", 1, "2026-03-28 10:00:00", "2026-03-29 23:59:59"),  # ends on the short day
        ("days", 7, "2026-12-28 10:00:00", "2027-01-04 23:59:59"),  # a week: the weekday of the same name
        ("months", 4, "2026-10-31 10:00:00", "2027-02-28 23:59:59"),  # no 31st: the month's last day
        ("months", 4, "2027-10-31 10:00:00", "2028-02-29 23:59:59"),
        ("months", 6, "2026-08-31 23:30:00", "2027-02-28 23:59:59"),
        ("months", 6, "2026-09-25 10:00:00", "2027-03-25 23:59:59"),  # the same number, in winter time
    ],
)
def test_a_term_ends(unit: str, n: int, start: str, end: str) -> None:
    assert swedish(Length(unit, n).end(at(start))) == end


def test_a_day_is_swedish() -> None:
    """Half past eleven at night in UTC is tomorrow here."""
    utc = seconds(datetime.fromisoformat("2026-09-07T22:30:00+00:00"))
    assert swedish(Length("days", 14).end(utc)) == "2026-09-22 23:59:59"


MOMENTS = st.integers(at("2000-01-01 00:00"), at("2100-01-01 00:00"))


@given(MOMENTS, st.integers(0, 400))
def test_days_last_until_their_end(start: int, n: int) -> None:
    """Whatever the length of the days between: one second later it is another day."""
    end = Length("days", n).end(start)
    assert day_of(end) - day_of(start) == timedelta(days=n)
    assert day_of(end + 1) == day_of(end) + timedelta(days=1)
    assert end >= start


@given(MOMENTS, st.integers(0, 60))
def test_months_end_on_the_same_number_or_on_the_last_day(start: int, n: int) -> None:
    first, last = day_of(start), day_of(Length("months", n).end(start))
    assert (last.year - first.year) * 12 + last.month - first.month == n
    assert last.day == first.day or (last.day < first.day and (last + timedelta(days=1)).day == 1)


@given(st.sampled_from(["hours", "days", "months"]), st.integers(0, 10**6), st.dates())
def test_a_term_never_runs_off_the_calendar(unit: str, n: int, day: date) -> None:
    start = seconds(datetime(day.year, day.month, day.day, 12, tzinfo=SWEDEN))
    assert Length(unit, n).end(start) <= LAST


# --- the table


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("terms", "decision", 0, "days"), -1, "terms.decision"),
        (("terms", "decision", 0, "days"), "14", "terms.decision"),
        (("terms", "decision", 0, "hours"), 3, "terms.decision"),
        (("terms", "decision", 0, "from"), 20261399, "ValueError"),
        (("terms", "answer_urgent", 0, "ours"), False, "terms.answer_urgent"),
        (("terms", "effect", 0, "why"), {"sv": "…", "en": ""}, "terms.effect"),
        (("terms", "unheard_of"), [], "terms"),
        (("ladders", "unheard_of"), [], "ladders"),
        (("ladders", "answer", 0, "steps"), [], "ladders.answer"),
        (("ladders", "answer", 0, "steps", 0, "at"), 10, "ladders.answer"),
        (("ladders", "answer", 0, "steps", 0, "days"), -2, "ladders.answer"),
        (("ladders", "answer", 0, "steps", 2), {"notice": "a", "days": 1, "to": ["asker"]}, "ladders.answer"),
        (("ladders", "answer", 0, "steps", 0, "to"), ["press"], "ladders.answer"),
        (("ladders", "answer", 0, "steps", 1, "notice"), "reminder", "ladders.answer"),
        (("mandated",), None, "TypeError"),
    ],
)
def test_a_table_that_is_wrong_is_refused(path: tuple[Any, ...], value: Any, told: str) -> None:
    """The broker does not start with it; the text says where."""
    table = copy.deepcopy(TABLE)
    place = table
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(ClocksError, match=told):
        read_times(table)


def test_a_table_that_lacks_a_term_is_refused() -> None:
    with pytest.raises(ClocksError, match="terms"):
        read_times(TABLE | {"terms": {}})


def test_a_term_holds_on_its_days() -> None:
    """The last day included; a matter keeps the term of the day on which it began."""
    table = copy.deepcopy(TABLE)
    row = table["terms"]["decision"][0]
    table["terms"]["decision"] = [row | {"to": 20260906}, row | {"from": 20260907, "days": 10}]
    times = read_times(table)
    found = [times.term("decision", at(f"2026-09-{day} 23:59:59")) for day in ("06", "07")]
    assert [term and term.length.n for term in found] == [14, 10]
    assert times.term("decision", at("2025-06-30 12:00")) is None


# --- an answer to a request


@pytest.mark.parametrize(
    ("urgency", "end"),
    [
        ("immediate", "2026-09-07 18:00:00"),
        ("urgent", "2026-09-10 23:59:59"),
        ("routine", "2026-09-14 23:59:59"),
    ],
)
def test_a_request_is_due_by_its_urgency(urgency: str, end: str) -> None:
    host = Host()
    host.request(urgency=urgency)
    matter = host.one(Clock.ANSWER)
    assert (swedish(matter.due), matter.state, matter.ref) == (end, State.OPEN, None)
    assert (matter.holder, matter.holder_unit, matter.asker) == (BOARD, "social_services", POLICE)


def test_the_askers_deadline_goes_before() -> None:
    host = Host()
    host.request(deadline=START + 5 * HOUR)
    assert host.one(Clock.ANSWER).due == START + 5 * HOUR


def test_a_deadline_that_had_passed_does_not_count() -> None:
    host = Host()
    host.request(urgency="urgent", deadline=START)
    assert swedish(host.one(Clock.ANSWER).due) == "2026-09-10 23:59:59"


def test_a_request_that_was_not_delivered_opens_nothing() -> None:
    host = Host()
    host.request(outcome="withhold")
    host.request(outcome="refer")
    assert host.matters == {}


def test_a_reminder_two_days_before_is_data() -> None:
    """A step may be counted in days: by Swedish clocks at the same hour, whatever the term; not before it began."""
    table = copy.deepcopy(TABLE)
    step = table["ladders"]["answer"][0]["steps"][0]
    del step["at"]
    step["days"] = -2
    reminder, *_ = read_times(table).steps("answer", START)
    due = seconds(datetime(2026, 10, 26, 12, tzinfo=SWEDEN))  # the clocks go back on the 25th
    assert reminder.time_in(due - 100 * DAY, due) == seconds(datetime(2026, 10, 24, 12, tzinfo=SWEDEN))
    assert reminder.time_in(due - HOUR, due) == due - HOUR


def test_the_ladder_of_an_answer() -> None:
    """The holder before, both at the due time, the holder's contact point after, then both for the last time."""
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    told = climbed(host.one(Clock.ANSWER))
    assert [(notice.notice, (notice.at - START) // HOUR, notice.authority, notice.unit) for notice in told] == [
        ("reminder", 75, BOARD, "social_services"),
        ("overdue", 100, BOARD, "social_services"),
        ("overdue", 100, POLICE, "registry"),
        ("escalated", 150, BOARD, "contact_point"),
        ("last_reminder", 200, BOARD, "contact_point"),
        ("last_reminder", 200, POLICE, "registry"),
    ]
    assert {(notice.clock, notice.message, notice.sender) for notice in told} == {(Clock.ANSWER, "m1", POLICE)}


def test_only_the_newest_is_sent_when_time_has_jumped() -> None:
    """Each recipient hears once, of the latest; what was passed over never comes."""
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    told = host.look(START + 999 * HOUR)
    assert sorted(names(told)) == [
        ("last_reminder", BOARD, "contact_point"),
        ("last_reminder", POLICE, "registry"),
        ("overdue", BOARD, "social_services"),
    ]
    assert host.one(Clock.ANSWER).next_at is None


def test_a_holder_that_is_the_contact_point_hears_once() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    matter = host.one(Clock.ANSWER)._replace(holder_unit="contact_point")
    _, told = due(matter, START + 150 * HOUR, TIMES)
    assert names(told) == [("escalated", BOARD, "contact_point"), ("overdue", POLICE, "registry")]


def test_a_question_back_pauses_and_anything_on_the_same_person_resumes() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    host.reply("Clarification", START + 10 * HOUR)
    paused = host.one(Clock.ANSWER)
    assert (paused.state, paused.due, overdue(paused, START + 999 * HOUR)) == (State.PAUSED, START + 100 * HOUR, False)
    host.tell("Disclosure", START + 20 * HOUR, POLICE, BOARD, about=OTHER)
    host.tell("Disclosure", START + 25 * HOUR, POLICE, "kommun-0180", about=CHILD)
    assert host.one(Clock.ANSWER) == paused
    host.tell("Disclosure", START + 30 * HOUR, POLICE, BOARD, about=CHILD)
    resumed = host.one(Clock.ANSWER)
    assert (resumed.state, resumed.due, resumed.paused) == (State.OPEN, START + 120 * HOUR, 20 * HOUR)
    assert resumed.next_at == START + (75 + 20) * HOUR, "a quarter of the term itself, not of the pause"


def test_a_reply_resumes_where_no_person_links() -> None:
    host = Host()
    host.request(about="unknown")
    asked = host.reply("Clarification", START + HOUR, about="unknown")
    assert host.one(Clock.ANSWER).about is None
    host.tell("InformationRequest", START + 2 * HOUR, POLICE, BOARD, about="unknown", stated={"urgency": "routine"})
    assert host.one(Clock.ANSWER, "m1").state is State.PAUSED, "two persons without an id are not one"
    answer = Event(9, "m9", "InformationRequest", START + 3 * HOUR, POLICE, "registry", BOARD, "registry")
    replied = advance(host.one(Clock.ANSWER, "m1"), answer._replace(in_reply_to=asked.id), TIMES)
    assert (replied.state, replied.paused) == (State.OPEN, 2 * HOUR)


def test_the_asker_is_told_once_of_a_question_that_waits() -> None:
    host = Host()
    host.request()
    host.reply("Clarification", START + HOUR)
    assert host.look(START + 7 * DAY) == []
    assert names(host.look(START + 30 * DAY)) == [("question_waits", POLICE, "registry")]
    host.reply("Interim", START + 31 * DAY)
    host.reply("Clarification", START + 32 * DAY)
    host.look(START + 99 * DAY)
    assert len(host.notices) == 1
    host.tell("Disclosure", START + 100 * DAY, POLICE, BOARD, about=CHILD)
    host.reply("Clarification", START + 101 * DAY)
    host.look(START + 199 * DAY)
    assert names(host.notices).count(("question_waits", POLICE, "registry")) == 2, "another pause is another question"
    asked = [notice.id for notice in host.notices if notice.notice == "question_waits"]
    assert len(set(asked)) == 2, "each is told by itself"


def test_a_message_from_before_the_pause_resumes_and_moves_nothing() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    host.reply("Clarification", START + 10 * HOUR)
    host.tell("Disclosure", START + 9 * HOUR, POLICE, BOARD, about=CHILD)
    matter = host.one(Clock.ANSWER)
    assert (matter.state, matter.due) == (State.OPEN, START + 100 * HOUR)


def test_what_is_not_delivered_does_not_resume() -> None:
    host = Host()
    host.request()
    host.reply("Clarification", START + HOUR)
    host.tell("Disclosure", START + 2 * HOUR, POLICE, BOARD, about=CHILD, outcome="refer")
    assert host.one(Clock.ANSWER).state is State.PAUSED


@pytest.mark.parametrize(
    ("before", "meanwhile", "state"),
    [
        ([], [], State.OPEN),
        (["Interim"], [], State.INTERIM),
        ([], ["Interim"], State.INTERIM),
        (["Disclosure"], ["Interim"], State.PARTLY_ANSWERED),
        ([], ["Disclosure"], State.PARTLY_ANSWERED),
    ],
)
def test_after_a_pause_it_is_where_it_was(before: list[str], meanwhile: list[str], state: State) -> None:
    host = Host()
    host.request()
    for kind in (*before, "Clarification", *meanwhile):
        host.reply(kind, START + HOUR, unanswered=(BENEFIT,))
    host.tell("Disclosure", START + 2 * HOUR, POLICE, BOARD, about=CHILD)
    assert host.one(Clock.ANSWER).state is state


def test_a_second_question_does_not_shorten_the_pause() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    host.reply("Clarification", START + 10 * HOUR)
    host.reply("Clarification", START + 20 * HOUR)
    host.tell("Disclosure", START + 30 * HOUR, POLICE, BOARD, about=CHILD)
    assert host.one(Clock.ANSWER).due == START + 120 * HOUR


def test_an_interim_answer_moves_the_next_look_and_not_the_due_time() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    host.reply("Interim", START + 10 * HOUR, expected=START + 120 * HOUR)
    matter = host.one(Clock.ANSWER)
    assert (matter.state, matter.due, matter.next_at) == (State.INTERIM, START + 100 * HOUR, START + 120 * HOUR)
    assert overdue(matter, START + 101 * HOUR)
    assert sorted(names(host.look(START + 120 * HOUR))) == [
        ("overdue", BOARD, "social_services"),
        ("overdue", POLICE, "registry"),
    ]


def test_the_reminder_comes_on_the_day_that_the_holder_named() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    host.reply("Interim", START + 10 * HOUR, expected=START + 40 * HOUR)
    assert names(host.look(START + 40 * HOUR)) == [("reminder", BOARD, "social_services")]


def test_after_the_reminder_the_later_steps_wait_for_the_day_that_was_named() -> None:
    host = Host()
    host.request(deadline=START + 100 * HOUR)
    host.look(START + 75 * HOUR)
    host.reply("Interim", START + 80 * HOUR, expected=START + 130 * HOUR)
    assert host.one(Clock.ANSWER).next_at == START + 130 * HOUR


def test_an_interim_answer_does_not_silence_the_clock_for_good() -> None:
    host = Host()
    host.request()
    host.reply("Interim", START + HOUR, expected=LAST)
    assert swedish(host.one(Clock.ANSWER).next_at or 0) == "2026-10-07 23:59:59"


@pytest.mark.parametrize("expected", [None, START])
def test_an_interim_answer_without_a_day_to_come_moves_nothing(expected: int | None) -> None:
    host = Host()
    host.request()
    before = host.one(Clock.ANSWER)
    host.reply("Interim", START + HOUR, expected=expected)
    after_it = host.one(Clock.ANSWER)
    assert (after_it.state, after_it.next_at) == (State.INTERIM, before.next_at)


@pytest.mark.parametrize(
    ("messages", "state", "remaining"),
    [
        ([("Disclosure", ())], State.ANSWERED, ()),
        ([("CaseSharing", ())], State.ANSWERED, ()),
        ([("Disclosure", (BENEFIT,))], State.PARTLY_ANSWERED, (BENEFIT,)),
        ([("Disclosure", (HOUSING, BENEFIT))], State.OPEN, (HOUSING, BENEFIT)),
        ([("Disclosure", (BENEFIT,)), ("Disclosure", (HOUSING,))], State.ANSWERED, ()),
        ([("Refusal", (HOUSING, BENEFIT))], State.REFUSED, ()),
        ([("Refusal", (HOUSING,)), ("Refusal", (BENEFIT,))], State.REFUSED, ()),
        ([("Refusal", (HOUSING,))], State.PARTLY_ANSWERED, (BENEFIT,)),
        ([("Refusal", (HOUSING,)), ("Disclosure", (HOUSING,))], State.ANSWERED, ()),
        ([("Disclosure", (BENEFIT,)), ("Refusal", (BENEFIT,))], State.ANSWERED, ()),
        ([("Refusal", (HOUSING, BENEFIT)), ("Disclosure", ())], State.ANSWERED, ()),
        ([("Clarification", ()), ("Disclosure", (BENEFIT,))], State.PARTLY_ANSWERED, (BENEFIT,)),
    ],
)
def test_what_is_given_and_refused(
    messages: Sequence[tuple[str, tuple[str, ...]]], state: State, remaining: tuple[str, ...]
) -> None:
    host = Host()
    host.request()
    for hours, (kind, categories) in enumerate(messages, start=1):
        named = "categories" if kind == "Refusal" else "unanswered"
        host.reply(kind, START + hours * HOUR, **{named: categories})
    matter = host.one(Clock.ANSWER)
    assert (matter.state, matter.remaining) == (state, remaining)
    assert (matter.next_at is None) == (state in CLOSED)


def test_another_may_not_answer() -> None:
    host = Host()
    host.request()
    before = host.one(Clock.ANSWER)
    host.tell("Disclosure", START + HOUR, "kommun-0180", POLICE, in_reply_to="m1", about=CHILD)
    host.tell("Disclosure", START + HOUR, BOARD, POLICE, about=CHILD)
    host.reply("Disclosure", START + HOUR, outcome="withhold")
    host.tell("Recall", START + HOUR, BOARD, POLICE, recalls="m1")
    assert host.one(Clock.ANSWER) == before


def test_a_recall_withdraws_and_nothing_is_told_after() -> None:
    host = Host()
    host.request()
    host.tell("Recall", START + HOUR, POLICE, BOARD, recalls="m1")
    matter = host.one(Clock.ANSWER)
    assert (matter.state, matter.closed) == (State.RECALLED, START + HOUR)
    assert host.look(LAST) == []


def test_what_is_withdrawn_was_never_late() -> None:
    host = Host()
    host.request()
    host.tell("Recall", START + 99 * DAY, POLICE, BOARD, recalls="m1")
    assert not late(host.one(Clock.ANSWER))


def test_late_is_after_the_due_time() -> None:
    for delay, is_late in [(0, False), (1, True)]:
        host = Host()
        host.request(urgency="immediate")
        matter = host.one(Clock.ANSWER)
        assert overdue(matter, matter.due + delay) == is_late
        host.reply("Disclosure", matter.due + delay)
        assert late(host.one(Clock.ANSWER)) == is_late
        assert not overdue(host.one(Clock.ANSWER), LAST)


# --- a notification of concern


def test_a_notification_opens_two_clocks() -> None:
    host = Host()
    host.notification()
    assert host.clocks() == ["decision", "protection"]
    decision, protection = host.one(Clock.DECISION), host.one(Clock.PROTECTION)
    assert (swedish(decision.due), decision.ref) == ("2026-09-21 23:59:59", "SoL 20:2")
    assert (swedish(protection.due), protection.ref) == ("2026-09-08 23:59:59", "SoL 20:1")


def test_before_the_act_no_clock_runs() -> None:
    host = Host()
    host.notification(at("2025-06-30 23:59"))
    assert host.matters == {}
    host.notification(at("2025-07-01 00:00"))
    assert host.clocks() == ["decision", "protection"]


def test_only_the_board_is_told_of_its_own_clocks() -> None:
    """The reporter may learn what SoL 19:6 names, and that a decision is late is more."""
    host = Host()
    host.notification()
    told = [notice for matter in host.matters.values() for notice in climbed(matter)]
    host.decision(START + DAY, "opened", 20260908)
    told += [notice for matter in host.matters.values() for notice in climbed(matter)]
    assert {notice.authority for notice in told} == {BOARD}
    fed = [notice.notice for notice in climbed(host.one(Clock.FEEDBACK))]
    assert fed == ["reminder", "overdue", "escalated", "last_reminder"]


def test_what_no_message_closes_is_never_overdue() -> None:
    host = Host()
    host.notification()
    assert not overdue(host.one(Clock.PROTECTION), START + 5 * DAY)
    told = names(host.look(START + 5 * DAY))
    assert told == [
        ("protection_term_ends", BOARD, "social_services"),
        ("protection_term_ends", BOARD, "contact_point"),
    ]
    matter = host.one(Clock.PROTECTION)
    assert (matter.state, overdue(matter, LAST), late(matter)) == (State.DONE, False, False)
    host = Host()
    host.notification()
    host.matters = {matter.id: matter._replace(next_at=None) for matter in host.matters.values()}
    host.decision(START + 5 * DAY, "opened", 20260912)
    assert not late(host.one(Clock.PROTECTION)), "nobody knows when it was made"


def test_the_decision_stops_the_clock_and_starts_two() -> None:
    host = Host()
    host.notification()
    host.decision(at("2026-09-12 09:00"), "opened", 20260910)
    decision, feedback, inquiry = (host.one(clock) for clock in (Clock.DECISION, Clock.FEEDBACK, Clock.INQUIRY))
    assert (decision.state, swedish(decision.closed or 0)) == (State.DONE, "2026-09-10 23:59:59")
    assert host.one(Clock.PROTECTION).state is State.DONE
    assert (swedish(feedback.due), feedback.asker, feedback.message) == ("2026-09-17 23:59:59", SCHOOL, "m1")
    assert (swedish(inquiry.due), inquiry.asker, inquiry.ref) == ("2027-01-10 23:59:59", None, "SoL 20:3")
    host.feedback(at("2026-09-13 09:00"))
    assert host.one(Clock.FEEDBACK).state is State.DONE
    assert [matter.clock for matter in host.matters.values() if matter.next_at] == [Clock.INQUIRY]
    assert [notice.notice for notice in climbed(inquiry)] == ["reminder", "inquiry_term_ends"]


@pytest.mark.parametrize(
    ("change", "status", "clocks"),
    [
        ({}, "opened", ["decision", "feedback", "inquiry", "protection"]),
        ({}, "not_opened", ["decision", "feedback", "protection"]),
        ({}, "running", ["decision", "feedback", "protection"]),
        ({"asks": False}, "not_opened", ["decision", "protection"]),
        ({"anonymous": True, "sender": "anonymous"}, "not_opened", ["decision", "protection"]),
        ({"grounds": ("sol_19_4",)}, "not_opened", ["decision", "protection"]),
    ],
)
def test_who_is_owed_feedback(change: dict[str, Any], status: str, clocks: list[str]) -> None:
    """A mandated reporter who asked and has a name; an inquiry only where one is opened."""
    host = Host()
    host.notification(**change)
    host.decision(START + DAY, status, 20260908)
    assert host.clocks() == clocks


def test_an_anonymous_reporter_is_nowhere() -> None:
    host = Host()
    host.notification(sender="anonymous", anonymous=True)
    assert {(matter.asker, matter.asker_unit) for matter in host.matters.values()} == {(None, None)}


def test_feedback_is_owed_from_the_day_in_force() -> None:
    for when, owed in [("2026-01-14 23:59", False), ("2026-01-15 00:00", True)]:
        host = Host()
        host.notification(at("2026-01-10 10:00"))
        host.decision(at(when), "not_opened", 20260114)
        assert ("feedback" in host.clocks()) == owed


@pytest.mark.parametrize(
    ("status", "on", "end"),
    [
        ("not_opened", 20260910, "2026-09-17 23:59:59"),  # a week from the decision
        ("not_opened", 20260907, "2026-09-14 23:59:59"),  # decided on the day that it came
        ("running", 20260910, "2026-09-13 23:59:59"),  # at once: an inquiry runs
        ("not_opened", 20260901, "2026-09-13 23:59:59"),  # at once: asked after the decision
        ("not_opened", 20270101, "2026-09-19 23:59:59"),  # a day to come is no day of a decision
    ],
)
def test_when_feedback_is_due(status: str, on: int, end: str) -> None:
    host = Host()
    host.notification()
    host.decision(at("2026-09-12 09:00"), status, on)
    assert swedish(host.one(Clock.FEEDBACK).due) == end


def test_an_opened_inquiry_settles_every_notification_of_the_child() -> None:
    """Three reporters, one decision: each is owed feedback, and one inquiry runs."""
    host = Host()
    for hours in range(3):
        host.notification(START + hours * HOUR)
    host.notification(START + 3 * HOUR, about=OTHER)
    host.decision(START + DAY, "opened", 20260908, to="m2")
    open_still = [matter.message for matter in host.matters.values() if matter.state not in CLOSED]
    assert sorted(open_still) == ["m1", "m2", "m2", "m3", "m4", "m4"]
    host.decision(START + DAY + HOUR, "opened", 20260908, to="m1")
    host.decision(START + DAY + HOUR, "running", 20260908, to="m3")
    host.decision(START + 2 * DAY, "opened", 20260908, to="m2")
    assert host.clocks().count("inquiry") == 1
    assert host.clocks().count("feedback") == 3


def test_an_inquiry_of_today_owes_nothing_to_a_reporter_of_before() -> None:
    """Decided before feedback was a duty: a new inquiry on the same child does not make it one."""
    host = Host()
    host.notification(at("2025-12-01 10:00"))
    host.decision(at("2025-12-02 10:00"), "not_opened", 20251202)
    host.notification(at("2026-09-07 10:00"), asks=False)
    host.decision(at("2026-09-08 10:00"), "opened", 20260908, to="m3")
    assert "feedback" not in host.clocks()


def test_without_a_token_each_notification_stands_alone() -> None:
    host = Host()
    host.notification(about="unknown")
    host.notification(about="unknown")
    host.decision(START + DAY, "opened", 20260908, to="m1", about="unknown")
    assert host.one(Clock.DECISION, "m2").state is State.OPEN
    host.decision(START + DAY, "opened", 20260908, to="m2", about="unknown")
    assert host.clocks().count("inquiry") == 2


def test_a_decision_not_to_open_settles_its_own_notification() -> None:
    host = Host()
    host.notification()
    host.notification()
    host.decision(START + DAY, "not_opened", 20260908, to="m1")
    assert host.one(Clock.DECISION, "m1").state is State.DONE
    assert host.one(Clock.DECISION, "m2").state is State.OPEN


def test_another_municipality_decides_nothing() -> None:
    host = Host()
    host.notification()
    before = dict(host.matters)
    stated = {"status": "opened", "decided_on": 20260907}
    host.tell("ConcernDecision", START + HOUR, "kommun-0180", "kommun-0180", about=CHILD, stated=stated)
    assert host.matters == before


def test_feedback_before_the_decision_is_recorded_is_enough() -> None:
    host = Host()
    host.notification()
    host.feedback(START + 4 * DAY)
    assert host.one(Clock.DECISION).state is State.DONE
    host.decision(START + 5 * DAY, "opened", 20260910)
    assert host.clocks() == ["decision", "inquiry", "protection"]


@pytest.mark.parametrize("first", ["decision", "feedback"])
def test_feedback_that_is_unsuitable_is_not_owed(first: str) -> None:
    host = Host()
    host.notification()
    if first == "decision":
        host.decision(START + DAY, "not_opened", 20260908)
    host.feedback(START + 2 * DAY, outcome="withhold")
    if first == "feedback":
        assert host.one(Clock.DECISION).state is State.OPEN
        host.decision(START + 3 * DAY, "not_opened", 20260908)
        assert "feedback" not in host.clocks()
    else:
        assert host.one(Clock.FEEDBACK).state is State.REFUSED


def test_a_notification_that_is_recalled_has_still_come_in() -> None:
    host = Host()
    host.notification()
    before = dict(host.matters)
    host.tell("Recall", START + HOUR, SCHOOL, BOARD, recalls="m1")
    assert host.matters == before


# --- a condition to stay at home


def test_a_notice_that_lacks_something_is_to_be_completed_at_once() -> None:
    """2026:1637 6:6, "genast": by the end of the next day. The police, who know of nothing, hear nothing."""
    host = Host()
    host.condition(JANUARY, outcome="refer")
    matter = host.one(Clock.CONDITION)
    assert (swedish(matter.due), matter.ref) == ("2027-01-06 23:59:59", "2026:1637 6:6")
    assert {(notice.notice, notice.authority) for notice in climbed(matter)} == {
        ("reminder", BOARD),
        ("overdue", BOARD),
        ("escalated", BOARD),
        ("last_reminder", BOARD),
    }
    host.condition(JANUARY + HOUR, about=OTHER)
    assert host.one(Clock.CONDITION).state is State.OPEN
    host.condition(JANUARY + 2 * HOUR)
    assert host.one(Clock.CONDITION).state is State.DONE


def test_before_the_act_and_without_a_person_nothing_is_waited_for() -> None:
    host = Host()
    host.condition(at("2027-01-01 10:00"), outcome="refer")
    host.condition(JANUARY, outcome="refer", about="unknown")
    host.condition(JANUARY, outcome="withhold")
    assert host.clocks() == []


def test_when_a_condition_s_time_is_out_its_end_is_told_at_once() -> None:
    """2026:1637 6:8: the board is reminded on the day after the last one; then the police hear that no word came."""
    host = Host()
    host.condition(JANUARY, until=20270110)
    matter = host.one(Clock.CONDITION_END)
    assert (swedish(matter.due), matter.ref) == ("2027-01-11 23:59:59", "2026:1637 6:8")
    told = climbed(matter)
    assert [(notice.notice, swedish(notice.at), notice.authority) for notice in told[:3]] == [
        ("reminder", "2027-01-11 11:59:59", BOARD),
        ("overdue", "2027-01-11 23:59:59", BOARD),
        ("overdue", "2027-01-11 23:59:59", POLICE),
    ]


@pytest.mark.parametrize("by", ["notice", "person"])
def test_a_change_moves_the_end_and_an_end_settles_it(by: str) -> None:
    """An exception does neither, and what is about another person nothing."""
    host = Host()
    host.condition(JANUARY, until=20270110)
    whose = {"condition": "m1", "about": None} if by == "notice" else {}
    host.condition(JANUARY + DAY, "exception", until=20270107, **whose)
    host.condition(JANUARY + DAY, "ended", about=OTHER)
    assert swedish(host.one(Clock.CONDITION_END).due) == "2027-01-11 23:59:59"
    host.condition(JANUARY + 2 * DAY, "changed", until=20270131, **whose)
    assert swedish(host.one(Clock.CONDITION_END).due) == "2027-02-01 23:59:59"
    host.condition(JANUARY + 3 * DAY, "changed", **whose)
    host.condition(JANUARY + 4 * DAY, "ended", **whose)
    ended = host.one(Clock.CONDITION_END)
    assert (ended.state, ended.closed) == (State.DONE, JANUARY + 4 * DAY)


def test_a_change_that_sets_a_last_day_is_waited_for_and_a_recalled_start_is_not() -> None:
    host = Host()
    host.condition(JANUARY)
    assert host.clocks() == []
    host.condition(JANUARY + DAY, "changed", until=20270131, condition="m1")
    assert host.one(Clock.CONDITION_END).message == "m1"
    host.tell("Recall", JANUARY + 2 * DAY, BOARD, POLICE, recalls="m1")
    assert host.one(Clock.CONDITION_END).state is State.RECALLED


# --- an order to a platform


def test_an_order_is_due_within_the_hour() -> None:
    host = Host()
    host.order()
    matter = host.one(Clock.EFFECT)
    assert (matter.due, matter.ref) == (START + HOUR, "2026:1235 7 §")
    told = climbed(matter)
    assert [(notice.notice, (notice.at - START) // 60, notice.authority) for notice in told] == [
        ("reminder", 45, PLATFORM),
        ("effect_overdue", 60, PLATFORM),
        ("effect_overdue", 60, POLICE),
        ("escalated", 90, PLATFORM),
        ("last_reminder", 120, PLATFORM),
        ("last_reminder", 120, POLICE),
    ]


@pytest.mark.parametrize(
    ("done", "told", "closed", "is_late"),
    [
        (30, 40, 30, False),
        (30, 90, 30, False),  # what counts is when it was removed
        (61, 90, 61, True),
        (-5, 40, 0, False),  # not before the order
        (99, 40, 40, False),  # not after the report
    ],
)
def test_the_effect_closes_and_keeps(done: int, told: int, closed: int, is_late: bool) -> None:
    host = Host()
    host.order()
    host.effect(START + told * 60, START + done * 60)
    effect, kept = host.one(Clock.EFFECT), host.one(Clock.PRESERVATION)
    assert (effect.state, effect.closed, late(effect)) == (State.DONE, START + closed * 60, is_late)
    assert (kept.holder, kept.asker, kept.message) == (PLATFORM, POLICE, "m1")
    assert (swedish(kept.due), kept.ref) == ("2027-03-07 23:59:59", "2026:1235 8 §")
    host.effect(START + told * 60 + 1, START + done * 60 + 1)
    assert host.clocks() == ["effect", "preservation"]
    assert host.one(Clock.PRESERVATION) == kept
    assert names(climbed(kept)) == [
        ("preservation_ends_soon", POLICE, "registry"),
        ("preservation_ends", PLATFORM, "social_services"),
        ("preservation_ends", POLICE, "registry"),
    ]


def test_a_report_without_a_time_is_no_removal() -> None:
    host = Host()
    host.order()
    host.effect(START + 60, None)
    assert host.clocks() == ["effect"]
    assert host.one(Clock.EFFECT).state is State.OPEN


def test_an_information_order_has_no_clock() -> None:
    host = Host()
    host.order(action="information")
    host.effect(START + 60, START + 30)
    assert host.matters == {}


def test_an_order_taken_back_is_withdrawn() -> None:
    host = Host()
    host.order()
    host.tell("Recall", START + 60, POLICE, PLATFORM, recalls="m1")
    host.effect(START + 120, START + 90)
    assert host.clocks() == ["effect"]
    assert host.one(Clock.EFFECT).state is State.RECALLED


# --- a talk with guardians


def test_a_concern_that_is_met_is_notified_at_once() -> None:
    host = Host()
    host.talk()
    matter = host.one(Clock.CONCERN)
    assert (swedish(matter.due), matter.holder, matter.asker) == ("2026-09-08 23:59:59", POLICE, BOARD)
    assert names(host.look(matter.due)) == [
        ("concern_not_notified", POLICE, "registry"),
        ("concern_not_notified", BOARD, "social_services"),
    ]
    host.notification(matter.due + HOUR, about=OTHER, sender=POLICE)
    host.notification(matter.due + HOUR, sender=SCHOOL)
    assert host.one(Clock.CONCERN).state is State.OPEN
    host.notification(matter.due + HOUR, sender=POLICE)
    assert host.one(Clock.CONCERN).state is State.DONE
    assert late(host.one(Clock.CONCERN))


@pytest.mark.parametrize("change", [{"met": False}, {"about": "unknown"}, {"about": None}])
def test_no_clock_where_nothing_is_met_or_nobody_could_tell(change: dict[str, Any]) -> None:
    host = Host()
    host.talk(**change)
    assert host.matters == {}


@pytest.mark.parametrize(("days", "opens"), [(0, False), (1, False), (2, True)])
def test_a_notification_just_before_the_talk_is_told_of_counts(days: int, opens: bool) -> None:
    host = Host()
    host.notification(START, sender=POLICE)
    host.talk(START + days * DAY)
    assert ("concern" in host.clocks()) == opens


@pytest.mark.parametrize("change", [{"sender": SCHOOL}, {"about": OTHER}])
def test_a_notification_of_another_or_on_another_does_not_count(change: dict[str, Any]) -> None:
    """Also when a host passes more than was sought."""
    host = Host()
    host.notification(**({"sender": POLICE} | change))
    before = list(host.matters.values())
    talk = host.talk(START + HOUR)
    assert [matter.clock for matter in after(before, talk, TIMES)] == [Clock.CONCERN]


# --- what holds whatever happens


def test_the_same_event_opens_the_same_matter() -> None:
    one, other = Host(), Host()
    for host in (one, other):
        host.notification()
        host.decision(START + DAY, "opened", 20260908)
    assert one.matters == other.matters
    assert all(UUID(name).version == 7 for name in one.matters)


def test_an_id_belongs_to_its_sender() -> None:
    host = Host()
    host.notification(id="same", sender=SCHOOL)
    host.notification(id="same", sender="skola-2")
    assert len(host.matters) == 4


def test_events_again_change_nothing() -> None:
    """At-least-once: whatever has been read before may be read again, from any place."""
    host = Host()
    host.request()
    host.reply("Clarification", START + HOUR)
    host.request(START + 2 * HOUR)
    host.notification(START + 3 * HOUR)
    host.decision(START + 4 * HOUR, "opened", 20260907, to="m4")
    host.order(START + 5 * HOUR)
    host.effect(START + 6 * HOUR, START + 6 * HOUR, to="m6")
    before = dict(host.matters)
    for first in range(len(host.seen)):
        for event in host.seen[first:]:
            host.apply(event)
    assert host.matters == before


def test_a_matter_can_be_written_and_read_back() -> None:
    host = Host()
    host.request()
    host.reply("Clarification", START + HOUR)
    host.notification()
    for matter in host.matters.values():
        assert Matter.read(json.loads(json.dumps(matter._asdict()))) == matter


def test_nothing_in_a_notice_is_about_a_person() -> None:
    fields = {"id", "authority", "unit", "notice", "clock", "message", "sender", "due", "at", "ref", "kind"}
    assert set(Notice.__dataclass_fields__) == fields | {"lies_with", "immediate"}
    host = Host()
    host.talk()
    host.request()
    host.look(LAST)
    assert CHILD not in json.dumps([asdict(notice) for notice in host.notices])


def matters_of_every_clock() -> list[Matter]:
    host = Host()
    host.request(to_be_seen=True)
    host.request(urgency="immediate")
    host.acknowledge("m1")
    host.notification()
    host.notification(about=OTHER)
    host.decision(START + HOUR, "opened", 20260907, to="m4")
    host.order()
    host.effect(START + 60, START + 30, to="m7")
    host.order()
    host.talk(about="a third")
    host.condition(JANUARY, until=20270110, about="a fourth")
    host.condition(JANUARY, about="a fifth", outcome="refer")
    paused = Host()
    paused.request()
    paused.reply("Clarification", START + HOUR)
    found = [*host.matters.values(), *paused.matters.values()]
    assert {matter.clock for matter in found} == set(Clock)
    return found


EVERY = matters_of_every_clock()
SPANS = st.lists(st.integers(-DAY, 250 * DAY) | st.integers(-60, 20 * DAY), min_size=1, max_size=12)


@pytest.mark.parametrize("matter", EVERY, ids=lambda matter: matter.clock)
def test_each_step_to_each_recipient_is_one_notice(matter: Matter) -> None:
    told = climbed(matter)
    assert len({notice.id for notice in told}) == len(told) == len(set(names(told)))
    assert all(UUID(notice.id).version == 7 for notice in told)


@given(st.sampled_from(EVERY), SPANS)
def test_in_whatever_order_one_looks(matter: Matter, spans: list[int]) -> None:
    """No notice twice; none that would not have come; and each recipient has the newest of what was reached."""
    every = climbed(matter)
    latest = matter.started + max(spans)
    newest = {(notice.authority, notice.unit): notice.id for notice in every if notice.at <= latest}
    told: list[Notice] = []
    for span in spans:
        now = matter.started + span
        matter, notices = due(matter, now, TIMES)
        told += notices
        assert due(matter, now, TIMES) == (matter, ())
    ids = [notice.id for notice in told]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {notice.id for notice in every}
    assert set(newest.values()) <= set(ids)
    assert all(notice.at <= latest for notice in told)


class RequestMachine(RuleBasedStateMachine):
    """A request through any course of messages, repeats and looks."""

    def __init__(self) -> None:
        super().__init__()
        self.host = Host()
        self.host.request()
        self.now = START
        self.due = self.matter.due

    @property
    def matter(self) -> Matter:
        return self.host.one(Clock.ANSWER, "m1")

    @rule(span=st.integers(0, 20 * DAY), back=st.integers(0, HOUR))
    def time_passes(self, span: int, back: int) -> None:
        """And messages may carry a time before that of an earlier one."""
        self.now += span - back

    @rule(kind=st.sampled_from(["Clarification", "Interim"]), expected=st.none() | st.integers(-DAY, 99 * DAY))
    def holder_waits(self, kind: str, expected: int | None) -> None:
        self.host.reply(kind, self.now, expected=None if expected is None else self.now + expected)

    @rule(kind=st.sampled_from(["Disclosure", "Tip"]), about=st.sampled_from([CHILD, OTHER, "unknown", None]))
    def asker_sends(self, kind: str, about: str | None) -> None:
        self.host.tell(kind, self.now, POLICE, BOARD, about=about)

    @rule(kind=st.sampled_from(["Disclosure", "Refusal"]), part=st.sets(st.sampled_from([HOUSING, BENEFIT])))
    def holder_settles(self, kind: str, part: set[str]) -> None:
        named = "categories" if kind == "Refusal" else "unanswered"
        self.host.reply(kind, self.now, **{named: tuple(sorted(part))})

    @rule()
    @precondition(lambda self: len(self.host.seen) > 8)
    def asker_recalls(self) -> None:
        self.host.tell("Recall", self.now, POLICE, BOARD, recalls="m1")

    @rule(back=st.integers(1, 5))
    def read_again(self, back: int) -> None:
        before = dict(self.host.matters)
        for event in self.host.seen[-back:]:
            self.host.apply(event)
        assert self.host.matters == before

    @rule()
    def look(self) -> None:
        told = self.host.look(self.now)
        assert not told or self.matter.closed is None

    @invariant()
    def no_notice_comes_twice(self) -> None:
        ids = [notice.id for notice in self.host.notices]
        assert len(ids) == len(set(ids))

    @invariant()
    def a_pause_never_shortens(self) -> None:
        assert self.matter.due >= self.due
        assert self.matter.due - self.matter.paused == Length("days", 7).end(START)
        self.due = self.matter.due

    @invariant()
    def what_is_closed_is_silent(self) -> None:
        matter = self.matter
        assert (matter.state in CLOSED) == (matter.closed is not None)
        if matter.state in CLOSED:
            assert due(matter, LAST, TIMES) == (matter, ())
            assert not overdue(matter, LAST)

    @invariant()
    def the_state_tells_what_remains(self) -> None:
        matter = self.matter
        assert (matter.state is State.PAUSED) == (matter.paused_since is not None)
        assert set(matter.remaining) <= set(matter.asked)
        if matter.state in (State.ANSWERED, State.REFUSED):
            assert matter.remaining == ()
            assert matter.given == (matter.state is State.ANSWERED)

    @invariant()
    def it_can_be_read_back(self) -> None:
        assert Matter.read(json.loads(json.dumps(self.matter._asdict()))) == self.matter


TestRequest = RequestMachine.TestCase


@pytest.mark.parametrize("matter", EVERY, ids=lambda matter: matter.clock)
def test_what_is_left_alone_falls_silent(matter: Matter) -> None:
    """And stays open, but for what no message could close."""
    assert matter.next_at is None or climbed(matter)
    quiet, _ = due(matter, LAST, TIMES)
    assert quiet.next_at is None
    if matter.state not in CLOSED:
        assert (quiet.state in CLOSED) == (matter.clock in UNSEEN)


def test_nothing_that_is_not_named_is_opened() -> None:
    kinds = ("Tip", "SupportEnquiry", "CustodyHandover", "DefectionReferral", "ChannelReport", "ConsentGiven")
    for kind in kinds:
        event = Event(1, "m1", kind, START, POLICE, "registry", BOARD, "registry", about=CHILD)
        assert open_matters(event, TIMES) == ()
