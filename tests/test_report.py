"""The yearly report: figures against numbers counted by eye, small numbers that nobody can work out, the page."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from command import samband
from hypothesis import given, settings
from hypothesis import strategies as st

from broker import bundle, texts
from broker.cli import report
from broker.deadlines import Times, read_times
from broker.kinds import KINDS
from broker.report import csv_form, figures, rules
from broker.report.casework import RegisteredAgreement, RegisteredConsent
from broker.report.entries import NOWHERE, OUTCOMES, Period, Reader
from broker.report.figures import CHAPTERS, Foundation, Report, Sources
from broker.report.labels import _SHARED, Labels
from broker.report.page import page
from broker.report.suppression import SUM, Cell, Sums, hide, with_sums
from broker.report.tables import MEASURES, Crosstab, Durations, suppress
from broker.report.waiting import Waiting

Json = dict[str, Any]

TOWN_STORY = Path(__file__).parent.parent / "scenery" / "town"
LAW = json.loads(bundle.load().tables)
_TRIED = sorted(LAW["law"]["grounds"].items(), key=lambda ground: ground[1]["order"])
GROUNDS = {ground: row["ref"] or ground for ground, row in _TRIED}
TIMES: Times = read_times(LAW["clocks"])
SMALLEST = rules.load().smallest_shown

POLICE = ("polismyndigheten", "state_authority", "polismyndigheten", "police_area")
SOCIAL = ("kommun-0127", "municipality", "kommun-0127", "social_services")
REGISTRY = ("kommun-0127", "municipality", "kommun-0127", "registry")
SCHOOL = ("skola-tallkotten", "school", "kommun-0127", "school")
PRIVATE_SCHOOL = ("friskola-larkan", "school", "friskola-larkan", "school")
CLINIC = ("region-12", "region", "region-12", "health_care")
COUNTY_BOARD = ("lansstyrelsen-25", "state_authority", "lansstyrelsen-25", "registry")
PLATFORM = ("plattform", "digital_platform", "plattform", "registry")
PUBLIC = ("allmanheten", "public_intake", "allmanheten", "registry")
CANARY = "kanarie-7f3a9c"


class Log:
    """A log made by hand: each `add` is a record."""

    def __init__(self) -> None:
        self.leaves: list[Json] = []

    def add(
        self,
        kind: str,
        time: str,
        sender: Sequence[str] = POLICE,
        recipient: Sequence[str] = SCHOOL,
        *,
        outcome: str = "forward",
        reply: str | None = None,
        asked: Sequence[str] = (),
        items: Sequence[tuple[str, str, str | None]] = (),
        stated: Json | None = None,
        grounds: Sequence[str] = (),
        bars: Sequence[tuple[str, Sequence[int]]] = (),
        area: str | None = None,
        subject: str | None = "a" * 64,
        **more: Any,
    ) -> str:
        """A record; `items` are category, outcome and ref. Gives the message's id."""
        seq = len(self.leaves)
        message = f"{CANARY}-{seq}"
        facts = {
            str(at): {
                "category": category,
                "on_request": reply is not None,
                "secrecy": [],
                "persons": list(more.get("persons", {})),
            }
            for at, category in enumerate(asked or [category for category, _, _ in items])
        }
        told = [{"item": at, "outcome": became, "ref": ref} for at, (_, became, ref) in enumerate(items)]
        partial = {became for _, became, _ in items} > {"release"} or bool(more.get("partial"))
        self.leaves.append(
            {
                "seq": seq,
                "record": "decision",
                "message": message,
                "kind": kind,
                "time": time,
                "sender": {"authority": sender[0], "unit": sender[3], "role": "officer"},
                "recipient": {"authority": recipient[0], "unit": recipient[3], "area": area},
                "in_reply_to": reply,
                "case": more.get("case", f"{CANARY}-case"),
                "subject": subject,
                "persons": [CANARY],
                "input": {
                    "kind": kind,
                    "basis": more.get("basis", []),
                    "sender": party(sender),
                    "recipient": party(recipient),
                    "persons": more.get("persons", {}),
                    "items": facts,
                    "stated": stated or {},
                    **more.get("asked_more", {}),
                },
                "receipt": {
                    "outcome": outcome,
                    "partial": partial,
                    "grounds": [{"id": ground, "ref": LAW["law"]["grounds"][ground]["ref"]} for ground in grounds],
                    "bars": [{"id": bar, "ref": None, "items": list(places)} for bar, places in bars],
                    "items": told,
                    "doubtful": more.get("doubtful", []),
                },
                **{name: more[name] for name in ("recalls", "clock", "acknowledges") if name in more},
            }
        )
        return message

    def ask(self, time: str, *asked: str, urgency: str = "routine", **more: Any) -> str:
        """The police ask."""
        categories = asked or ("school_attendance",)
        return self.add("InformationRequest", time, asked=categories, stated={"urgency": urgency}, **more)

    def give(self, time: str, reply: str | None, *categories: str, sender: Sequence[str] = SCHOOL, **more: Any) -> str:
        """The police get an answer, or something on own initiative."""
        given = [(category, "release", "2025:170 7 §") for category in categories or ("school_attendance",)]
        return self.add("Disclosure", time, sender, POLICE, reply=reply, items=given, **more)

    def report(self, year: int = 2026, **more: Any) -> Report:
        """The year's report."""
        found = Sources(times=TIMES, grounds=GROUNDS, counties=rules.counties(), **more)
        return figures.of_year(year, self.leaves, found, rules.load())


def party(of: Sequence[str]) -> Json:
    id_, kind, in_law, unit = of
    return {"id": id_, "kinds": [kind], "authority": in_law, "unit": unit}


def counts(report: Report, table: str, row: str) -> dict[str, int]:
    """A row's counts as they are, zeros left out."""
    made = report.tables[table].table
    return {column: n for column in made.columns if (n := made.cells[row, column])}


def measures(report: Report, table: str, row: str) -> dict[str, float]:
    """A row's measures as they are."""
    made = report.tables[table].table
    return {name: made.measures[row, name].value for name in MEASURES if (row, name) in made.measures}


# --- hiding

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(list(Sums)))


@st.composite
def tables(draw: st.DrawFn, largest: int = 12) -> tuple[dict[Cell, int], Sums, list[str], list[str]]:
    height, width, sums = draw(SHAPES)
    rows, columns = [f"r{n}" for n in range(height)], [f"c{n}" for n in range(width)]
    numbers = st.one_of(st.integers(0, 6), st.integers(0, largest))
    inner = {(row, column): draw(numbers) for row in rows for column in columns}
    return with_sums(inner, rows, columns, sums), sums, rows, columns


def others(
    cells: dict[Cell, int], covered: frozenset[Cell], sums: Sums, rows: list[str], columns: list[str]
) -> Iterator[dict[Cell, int]]:
    """Every other table near this one that a reader can't tell from it: tried out, one by one."""
    inner = [(row, column) for row in rows for column in columns]
    free = [cell for cell in inner if cell in covered]
    for change in product((-1, 0, 1), repeat=len(free)):
        tried = {cell: cells[cell] for cell in inner}
        tried.update({cell: cells[cell] + step for cell, step in zip(free, change, strict=True)})
        whole = with_sums(tried, rows, columns, sums)
        if all(whole[cell] > 0 if cell in covered else whole[cell] == n for cell, n in cells.items()):
            yield whole


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_small_number_can_be_worked_out(given_table: tuple[dict[Cell, int], Sums, list[str], list[str]]) -> None:
    cells, sums, rows, columns = given_table
    covered = hide(cells, sums, smallest=SMALLEST)
    small = {cell for cell, n in cells.items() if 0 < n < SMALLEST}
    assert small <= covered
    assert all(cells[cell] for cell in covered), "a zero is shown"
    assert small or not covered, "nothing is hidden for nothing"
    told_apart = set(small)
    for other in others(cells, covered, sums, rows, columns):
        told_apart = {cell for cell in told_apart if other[cell] == cells[cell]}
        if not told_apart:
            return
    assert not told_apart


@settings(max_examples=150, deadline=None)
@given(tables(largest=2000))
def test_hiding_does_not_depend_on_the_order(given_table: tuple[dict[Cell, int], Sums, list[str], list[str]]) -> None:
    cells, sums, _, _ = given_table
    again = dict(reversed(cells.items()))
    assert hide(cells, sums, smallest=SMALLEST) == hide(again, sums, smallest=SMALLEST)


def test_the_cheapest_others_are_hidden() -> None:
    cells = with_sums(
        {("a", "x"): 2, ("a", "y"): 50, ("a", "z"): 9, ("b", "x"): 30, ("b", "y"): 40, ("b", "z"): 20},
        ["a", "b"],
        ["x", "y", "z"],
        Sums.BOTH,
    )
    assert hide(cells, Sums.BOTH, smallest=5) == {("a", "x"), ("a", "z"), ("b", "x"), ("b", "z")}


def test_a_sum_is_hidden_when_nothing_else_can_be() -> None:
    cells = with_sums({("a", "x"): 3, ("a", "y"): 0, ("b", "x"): 7, ("b", "y"): 8}, ["a", "b"], ["x", "y"], Sums.BOTH)
    covered = hide(cells, Sums.BOTH, smallest=5)
    assert {("a", "x"), ("a", SUM)} <= covered
    assert ("a", "y") not in covered
    five_ones = with_sums({("a", f"c{n}"): 1 for n in range(5)}, ["a"], [f"c{n}" for n in range(5)], Sums.ACROSS)
    assert hide(five_ones, Sums.ACROSS, smallest=5) == set(five_ones), "a sum of five ones would tell each"


def test_without_sums_only_small_numbers_are_hidden() -> None:
    cells = with_sums({("a", "x"): 3, ("b", "x"): 8}, ["a", "b"], ["x"], Sums.NONE)
    assert hide(cells, Sums.NONE, smallest=5) == {("a", "x")}


def test_a_number_that_two_tables_share_is_hidden_in_both() -> None:
    first, second = Crosstab("first", "any", "any"), Crosstab("second", "any", "any")
    for table, rows in ((first, {"a": 3, "b": 20, "c": 40}), (second, {"d": 20, "e": 30})):
        for row, n in rows.items():
            table.add(row, "x", n)
    made = suppress(
        [
            first.table(("x",), sums=Sums.DOWN, shared={("b", "x"): "both"}),
            second.table(("x",), sums=Sums.DOWN, shared={("d", "x"): "both"}),
        ],
        smallest=5,
    )
    assert made["first"].count("b", "x") is None
    assert made["second"].count("d", "x") is None
    assert made["second"].count("e", "x") is None, "or the sum would tell it"


def test_a_number_that_other_tables_add_up_to_is_hidden() -> None:
    parts, whole = Crosstab("parts", "any", "any"), Crosstab("whole", "any", "any")
    for row, n in {"few": 3, "many": 20, "more": 40}.items():
        parts.add(row, "x", n)
    whole.add("all", "x", 63)
    whole.add("other", "x", 200)
    relation = (("whole", ("all", "x")), *(("parts", (row, "x")) for row in ("few", "many", "more")))
    made = suppress(
        [parts.table(("x",), sums=Sums.NONE, relations=[relation]), whole.table(("x",), sums=Sums.NONE)], smallest=5
    )
    assert [made["parts"].count(row, "x") for row in ("few", "many", "more")] == [None, None, 40]
    assert made["whole"].count("all", "x") == 63


def test_a_measure_is_hidden_with_what_it_rests_on() -> None:
    table = Crosstab("times", "any", "clock_states")
    for row, within, late in (("few", 3, 0), ("one late", 20, 1), ("many", 30, 10)):
        table.add(row, "within", within)
        table.add(row, "late", late)
        for _ in range(within + late):
            table.durations_of(row).add(timedelta(hours=4))
    rated = ("within", "late")
    made = suppress([table.table(rated, sums=Sums.ACROSS, timed=rated, within=rated)], smallest=5)["times"]
    assert [made.measure(row, "share_within") for row in ("few", "one late", "many")] == [None, None, 0.75]
    assert made.hides_measure("one late", "median_hours") and made.measure("many", "median_hours") == 4


def test_durations_by_nearest_rank() -> None:
    took = Durations()
    assert took.hours(0.5) is None
    for hours in (1, 2, 3, 4, 10):
        took.add(timedelta(hours=hours))
    took.add(timedelta(hours=-5))
    assert (len(took), took.hours(0.5), took.hours(0.9)) == (6, 2, 10)


# --- figures


def test_requests_and_their_answers() -> None:
    log = Log()
    both = log.ask("2026-03-02T09:00:00Z", "school_attendance", "school_support")
    log.give("2026-03-04T09:00:00Z", both, "school_attendance")
    refused = {"reason": "withheld", "categories": ["school_support"]}
    log.add("Refusal", "2026-03-12T09:00:00Z", SCHOOL, POLICE, reply=both, stated=refused)
    log.ask("2026-03-05T09:00:00Z")
    log.ask("2026-03-05T10:00:00Z", recipient=SOCIAL, outcome="withhold")
    log.ask("2026-03-20T09:00:00Z", recipient=CLINIC)
    recalled = log.ask("2026-03-06T09:00:00Z", recipient=CLINIC)
    log.add("Recall", "2026-03-07T09:00:00Z", POLICE, CLINIC, recalls=recalled)
    log.add("Refusal", "2026-03-21T09:00:00Z", CLINIC, POLICE, stated={"reason": "not_held", "categories": []})
    report = log.report()
    assert counts(report, "requests_by_asker", "state_authority") == {"forward": 4, "withhold": 1}
    assert counts(report, "request_states", "school") == {"answered": 1, "overdue": 1}
    assert counts(report, "request_states", "region") == {"withdrawn": 1, "open": 1}
    assert counts(report, "first_answer", "school") == {"within": 1}
    assert measures(report, "first_answer", "school") == {"median_hours": 48, "p90_hours": 48, "share_within": 1}
    assert counts(report, "last_answer", "school") == {"late": 1}
    assert measures(report, "last_answer", SUM)["median_hours"] == 240
    assert counts(report, "refusals", "region") == {"not_held": 1}
    assert counts(report, "refusals", "school") == {"withheld": 1}
    assert counts(report, "answers_by_sender", "school") == {"forward": 1}


def test_the_clock_stands_still_while_a_question_back_waits() -> None:
    log = Log()
    asked = log.ask("2026-03-02T09:00:00Z", urgency="urgent")
    log.add("Clarification", "2026-03-03T09:00:00Z", SCHOOL, POLICE, reply=asked)
    log.give("2026-03-22T09:00:00Z", asked)
    waiting = log.ask("2026-03-02T09:00:00Z", recipient=CLINIC)
    log.add("Clarification", "2026-03-03T09:00:00Z", CLINIC, POLICE, reply=waiting)
    report = log.report()
    assert counts(report, "answer_by_urgency", "urgent") == {"within": 1}
    assert measures(report, "answer_by_urgency", "urgent")["median_hours"] == 24
    assert counts(report, "request_states", "region") == {"asked_back": 1}


def test_the_asker_s_own_deadline_goes_before_the_urgency() -> None:
    log = Log()
    asked = log.ask("2026-03-02T09:00:00Z", clock={"deadline": "2026-03-04T22:59:59Z"})
    log.give("2026-03-05T09:00:00Z", asked)
    assert counts(log.report(), "answer_by_urgency", "routine") == {"late": 1}


def test_an_answer_counts_in_the_year_when_it_came() -> None:
    log = Log()
    late = log.ask("2025-12-20T09:00:00Z")
    log.give("2026-01-10T09:00:00Z", late)
    log.give("2027-02-01T09:00:00Z", log.ask("2026-12-31T22:00:00Z"))
    log.ask("2026-12-31T23:30:00Z")
    report = log.report()
    assert counts(report, "first_answer", "school") == {"late": 1}
    assert counts(report, "request_states", "school") == {"open": 1}, "23:30 in London is next year in Sweden"
    assert report.messages == 2
    assert report.last is not None and report.last.year == 2026
    assert counts(log.report(2027), "request_states", "school") == {"overdue": 1}
    assert counts(log.report(2027), "first_answer", "school") == {"late": 1}


def test_requests_by_who_asks_as_the_union_has_statistics() -> None:
    log = Log()
    late = log.ask("2025-12-30T09:00:00Z", urgency="urgent")
    log.give("2026-01-02T09:00:00Z", late)
    asked = log.ask("2026-03-02T09:00:00Z", "housing", "school_attendance", urgency="immediate")
    log.give("2026-03-02T10:00:00Z", asked, "housing")
    log.give("2026-03-02T11:00:00Z", asked)
    refused = log.ask("2026-03-03T09:00:00Z")
    log.add("Refusal", "2026-03-04T09:00:00Z", SCHOOL, POLICE, reply=refused, stated={"reason": "withheld"})
    log.add("Recall", "2026-03-05T09:00:00Z", recalls=log.ask("2026-03-05T08:00:00Z"))
    log.ask("2026-03-06T09:00:00Z", outcome="withhold")
    report = log.report()
    assert counts(report, "union_requests", "state_authority") == {
        "urgent_received": 1,
        "urgent_answered": 2,
        "other_received": 2,
    }
    assert counts(report, "union_refusals", "state_authority") == {"withheld": 1}
    assert counts(report, "refusals", "school") == {"withheld": 1}


def test_the_last_mile_is_timed_until_it_is_opened_and_registered() -> None:
    log = Log()
    given = log.give("2026-03-02T09:00:00Z", None)
    for state, time in (("opened", "03T09"), ("opened", "03T10"), ("not_for_us", "03T11"), ("registered", "04T09")):
        told: Json = {"stated": {"state": state}, "acknowledges": given}
        log.add("Acknowledgement", f"2026-03-{time}:00:00Z", POLICE, SCHOOL, **told)
    log.add("Acknowledgement", "2026-03-05T09:00:00Z", POLICE, SCHOOL, stated={"state": "opened"}, acknowledges="other")
    report = log.report()
    assert (counts(report, "last_mile", "opened"), counts(report, "last_mile", "registered")) == (
        {"deliveries": 1},
        {"deliveries": 1},
    )
    assert measures(report, "last_mile", "opened")["median_hours"] == 24
    assert measures(report, "last_mile", "registered")["median_hours"] == 48


def test_only_what_is_open_is_held() -> None:
    log = Log()
    for day in range(1, 29):
        asked = log.ask(f"2026-03-{day:02}T09:00:00Z", "housing")
        log.give(f"2026-03-{day:02}T10:00:00Z", asked, "housing")
    waiting = Waiting(TIMES)
    reader = Reader(rules.load(), Period.of_year(2026))
    for leaf in log.leaves:
        waiting.take(reader.read(leaf))
    assert (waiting._open, waiting._asked, dict(waiting._on)) == ({}, {}, {})


def test_paragraphs_bars_and_initiative() -> None:
    log = Log()
    asked = log.ask("2026-03-02T09:00:00Z", "school_attendance", basis=["s170_7_request"])
    items = [("school_attendance", "release", "2025:170 7 §"), ("school_support", "withhold", "2025:170 8 §")]
    log.add("Disclosure", "2026-03-03T09:00:00Z", SCHOOL, POLICE, reply=asked, items=items, bars=[("s170_8", [1])])
    log.give("2026-03-04T09:00:00Z", None, "observation", "threat", sender=SCHOOL)
    back = [("observation", "refer", "OSL 10:15 a"), ("threat", "withhold", None)]
    log.add("Disclosure", "2026-03-05T09:00:00Z", SOCIAL, POLICE, outcome="refer", items=back, bars=[("osl_18a", [1])])
    log.add("ConcernNotification", "2026-03-06T09:00:00Z", POLICE, REGISTRY, grounds=["sol_19_1"], stated=CONCERN)
    log.add("Tip", "2026-03-06T09:00:00Z", PUBLIC, POLICE, outcome="refer", bars=[("by_item", [])])
    report = log.report()
    used = {row: counts(report, "paragraphs", row) for row in report.tables["paragraphs"].table.rows}
    assert used == {
        "2025:170 7 §": {"claimed": 1, "released_on_request": 1, "released_own": 2},
        "OSL 10:15 a": {"referred": 1},
        "2025:170 8 §": {"withheld": 1},
        NOWHERE: {"withheld": 1},
    }
    assert counts(report, "own_initiative", "school") == {"forward": 1}
    assert counts(report, "own_initiative", "municipality") == {"refer": 1}
    assert counts(report, "bars", "s170_8") == {"messages": 1, "items": 1}
    assert counts(report, "bars", "by_item") == {"messages": 1}
    assert counts(report, "overview", "Disclosure") == {"partial": 1}
    assert counts(report, "overview", "DisclosureOwn") == {"forward": 1, "refer": 1}


def test_what_was_given_on_a_doubted_word_is_counted() -> None:
    """A release of what is as a rule under strong secrecy, because somebody said that none applied."""
    log = Log()
    given = [("health_record", "release", "2025:170 6 §"), ("social_record", "withhold", None)]
    doubted: Json = {"outcome": "forward", "items": given}
    log.add("Disclosure", "2026-03-02T09:00:00Z", SOCIAL, POLICE, **doubted, doubtful=["no_provision_applies"])
    log.add("Disclosure", "2026-03-03T09:00:00Z", SOCIAL, POLICE, **doubted, doubtful=["osl_15a"])
    log.add("Disclosure", "2025-03-03T09:00:00Z", SOCIAL, POLICE, **doubted, doubtful=["no_provision_applies"])
    report = log.report()
    assert report.tables["no_provision_applies"].table.rows == ("health_record",)
    assert counts(report, "no_provision_applies", "health_record") == {"messages": 1, "items": 1}


def test_bars_that_are_hidden_stand_by_name() -> None:
    log = Log()
    for bar, n in (("s170_8", 9), ("s170_2", 4), ("s170_3", 2), ("not_own", 3), ("osl_24", 12)):
        for _ in range(n):
            log.ask("2026-03-02T09:00:00Z", outcome="withhold", bars=[(bar, [])])
    assert log.report().tables["bars"].table.rows == ("osl_24", "s170_8", "not_own", "s170_2", "s170_3")


def test_counties_and_sectors() -> None:
    log = Log()
    log.ask("2026-03-02T09:00:00Z", recipient=SCHOOL)
    log.ask("2026-03-02T09:00:00Z", recipient=PRIVATE_SCHOOL)
    log.give("2026-03-03T09:00:00Z", None, sender=CLINIC, area="0127")
    log.give("2026-03-03T09:00:00Z", None, sender=COUNTY_BOARD, area="polisregion-nord")
    log.add("Tip", "2026-03-04T09:00:00Z", PUBLIC, POLICE, area="1880")
    log.add("ConcernNotification", "2026-03-04T09:00:00Z", PRIVATE_SCHOOL, REGISTRY, stated=CONCERN)
    log.add("ConcernDecision", "2026-03-04T09:00:00Z", SOCIAL, SOCIAL, stated=DECISION)
    report = log.report()
    assert counts(report, "counties", "01") == {"InformationRequest": 1, "ConcernNotification": 1}
    assert counts(report, "counties", NOWHERE) == {"InformationRequest": 1}
    assert counts(report, "counties", "12") == {"DisclosureOwn": 1}
    assert counts(report, "counties", "25") == {"DisclosureOwn": 1}
    assert counts(report, "counties", "18") == {"Tip": 1}
    assert counts(report, "matrix", "police") == {"school": 2}
    assert counts(report, "matrix", "school") == {"social_services": 1}
    assert counts(report, "matrix", "health_care") == {"police": 1}
    assert counts(report, "matrix", "social_services") == {}, "what is recorded with oneself is no exchange"
    assert counts(report, "months", "2026-03")["InformationRequest"] == 2
    assert len(report.tables["counties"].table.rows) == 22 and len(report.tables["months"].table.rows) == 12


CONCERN = {"immediate": True, "anonymous": False, "feedback_requested": True, "concerns": ["crime", "drugs"]}
DECISION = {"status": "opened", "decided_on": 20260310}


def test_concern_decisions_and_feedback_in_time() -> None:
    log = Log()
    to_board: Json = {"sender": SCHOOL, "recipient": REGISTRY, "grounds": ["sol_19_1"], "stated": CONCERN}
    soon, slow, never = (
        log.add("ConcernNotification", f"2026-03-{day}T09:00:00Z", subject=who * 64, **to_board)
        for day, who in (("02", "b"), ("03", "c"), ("04", "d"))
    )
    told: Json = {"sender": REGISTRY, "recipient": SCHOOL, "subject": None}
    log.add("ConcernDecision", "2026-03-10T09:00:00Z", SOCIAL, SOCIAL, reply=soon, subject=None, stated=DECISION)
    log.add("ConcernFeedback", "2026-03-15T09:00:00Z", reply=soon, stated=DECISION, **told)
    late = {"status": "not_opened", "decided_on": 20260320}
    log.add("ConcernDecision", "2026-03-20T09:00:00Z", SOCIAL, SOCIAL, reply=slow, subject=None, stated=late)
    report = log.report()
    assert never
    assert counts(report, "concerns", "school") == {"forward": 3}
    assert counts(report, "concern_sorts", "crime") == {"notifications": 3}
    assert counts(report, "concern_marks", "immediate") == {"notifications": 3}
    assert counts(report, "concern_marks", "anonymous") == {}
    assert counts(report, "concern_decisions", "opened") == {"decisions": 1}
    assert counts(report, "concern_clocks", "decision") == {"within": 1, "late": 1, "overdue": 1} | (
        {} if report.last and report.last.day > 18 else {"running": 1}
    )
    assert counts(report, "concern_clocks", "feedback") == {"within": 1, "running": 1}
    assert 5 * 24 - 1 <= measures(report, "concern_clocks", "feedback")["median_hours"] <= 5 * 24


def test_custody_and_conversations() -> None:
    log = Log()
    for to, handed in (("guardian", "10:30"), ("guardian", "13:00"), ("social_board", "20:00"), ("social_board", None)):
        stated = {
            "handed_to": to,
            "handed": handed is not None,
            "taken_at": "2026-04-01T09:00:00+02:00",
            "handed_at": f"2026-04-01T{handed}:00+02:00" if handed else None,
        }
        log.add("CustodyHandover", "2026-04-02T09:00:00Z", POLICE, REGISTRY, stated=stated)
    talk = {"invited": True, "outcome": "agreed", "concern_met": False}
    log.add("GuardianConversation", "2026-04-03T09:00:00Z", POLICE, REGISTRY, stated=talk)
    log.add("GuardianConversation", "2026-04-03T09:00:00Z", POLICE, REGISTRY, stated=talk, outcome="withhold")
    report = log.report()
    assert counts(report, "custody", "guardian") == {"handed_over": 2}
    assert counts(report, "custody", "social_board") == {"handed_over": 1, "not_yet": 1}
    assert measures(report, "custody", "guardian") == {"median_hours": 1.5, "p90_hours": 4}
    assert measures(report, "custody", SUM) == {"median_hours": 4, "p90_hours": 11}
    assert counts(report, "conversations", "agreed") == {"invited_no_concern": 1}


def test_conditions_are_counted_by_what_happened_and_what_became_of_it() -> None:
    log = Log()
    for event, outcome in (("start", "forward"), ("start", "withhold"), ("changed", "refer"), ("ended", "forward")):
        stated = {"event": event}
        log.add("ConditionNotice", "2026-04-03T09:00:00Z", SOCIAL, POLICE, stated=stated, outcome=outcome)
    report = log.report()
    assert counts(report, "conditions", "start") == {"forward": 1, "withhold": 1}
    assert counts(report, "conditions", "changed") == {"refer": 1}
    assert counts(report, "conditions", SUM) == {"forward": 2, "refer": 1, "withhold": 1}


def test_removal_orders_and_their_hour() -> None:
    log = Log()
    order = {"action": "order"}
    for hour, done in (("09", "09:40"), ("10", "12:30")):
        sent = log.add("ChannelAction", f"2026-08-03T{hour}:00:00Z", POLICE, PLATFORM, subject=None, stated=order)
        effect = {"action": "effect", "done_at": f"2026-08-03T{done}:00+00:00"}
        log.add("ChannelAction", "2026-08-03T13:00:00Z", PLATFORM, POLICE, reply=sent, subject=None, stated=effect)
    for hour in ("08", "13"):
        log.add("ChannelAction", f"2026-08-03T{hour}:00:00Z", POLICE, PLATFORM, subject=None, stated=order)
    log.add("ChannelReport", "2026-08-03T08:00:00Z", PUBLIC, POLICE, subject=None, stated={"closed_chat": True})
    report = log.report()
    assert counts(report, "removal_orders", "effect") == {"within": 1, "late": 1, "running": 1, "overdue": 1}
    assert measures(report, "removal_orders", "effect")["p90_hours"] == 2.5
    assert counts(report, "platform_actions", "order") == {"forward": 4}
    assert counts(report, "channel_reports", "closed_chat") == {"reports": 1}


def test_consents_and_sharing() -> None:
    log = Log()
    persons = {"0": {"consents": [{"programme": "sspf", "valid_until": 20261231}]}}
    shared: Json = {"sender": SOCIAL, "recipient": POLICE, "items": [("observation", "release", "OSL 12:2")]}
    shared |= {"persons": persons, "asked_more": {"programme": "sspf"}, "subject": "e" * 64}
    own: Json = {"sender": SOCIAL, "recipient": SOCIAL, "subject": "e" * 64}
    log.add("ConsentGiven", "2026-02-01T09:00:00Z", **own)  # 0: renewed by 1
    log.add("ConsentGiven", "2026-03-01T09:00:00Z", **own)  # 1: withdrawn by 5
    log.add("ConsentGiven", "2026-03-01T09:00:00Z", **own | {"subject": "f" * 64})  # 2: runs out in June
    log.add("CaseSharing", "2026-04-01T09:00:00Z", **shared)
    log.add("CaseSharing", "2026-04-02T09:00:00Z", **shared)
    log.add("ConsentWithdrawn", "2026-05-01T09:00:00Z", **own | {"subject": None})
    log.add("CaseSharing", "2026-05-02T09:00:00Z", **shared | {"outcome": "withhold", "items": []})
    log.add("ConsentGiven", "2026-06-01T09:00:00Z", **own | {"subject": "9" * 64})  # 7: stands
    log.add("ConsentGiven", "2027-01-02T09:00:00Z", **own | {"subject": "8" * 64})  # 8: next year's
    rows = [(0, 20261231, 1, False), (1, 20261231, 5, True), (2, 20260630, None, False), (7, 20270101, None, False)]
    rows.append((8, 20271231, None, False))
    consents = [
        RegisteredConsent(seq, log.leaves[seq]["subject"], "sspf", 20260101, until, ended, withdrawn)
        for seq, until, ended, withdrawn in rows
    ]
    report = log.report(consents=consents)
    assert counts(report, "consents", "sspf") == {
        "given": 3,
        "renewed": 1,
        "withdrawn": 1,
        "ran_out": 1,
        "in_force": 1,
    }
    assert counts(report, "cases", "sspf") == {"started": 1, "ended": 1}
    assert counts(report, "sharings", "sspf") == {"forward": 2, "withhold": 1}


def test_agreements_and_councils() -> None:
    registered = [
        RegisteredAgreement("sig", 3, 20260101, 99991231),
        RegisteredAgreement("sig", 2, 20250101, 20260630),
        RegisteredAgreement("sig", 1, 20260101, 20261231),
        RegisteredAgreement("iop", 2, 20240101, 20251231),
    ]
    log = Log()
    log.add("CouncilReferral", "2026-04-01T09:00:00Z", outcome="withhold", asked_more={"level": "national"})
    log.add("SituationPicture", "2026-04-01T09:00:00Z", partial=True, stated={"level": "local"})
    report = log.report(agreements=registered)
    assert counts(report, "agreements", "sig") == {"in_force": 1, "ended": 1, "one_party": 1}
    assert report.tables["agreements"].table.rows == ("sig",)
    assert counts(report, "councils", "national") == {"withhold": 1}
    assert counts(report, "pictures", "local") == {"partial": 1}


def test_a_defector_is_one_person_however_often_followed_up() -> None:
    log = Log()
    for month, answer, outcome in ((1, "unmet", "running"), (2, "met", "running"), (3, "met", "completed")):
        stated = {"outcome": outcome, "month": f"2026-0{month}", "needs": {"housing": answer, "debts": "unknown"}}
        log.add("DefectionFollowUp", f"2026-0{month}-20T09:00:00Z", SOCIAL, POLICE, stated=stated, case="case-1")
    report = log.report()
    assert counts(report, "defections", "completed") == {"persons": 1}
    assert counts(report, "needs", "housing") == {"met": 1}
    assert counts(report, "needs", "debts") == {"unknown": 1}


def test_tips_organisations_and_quarantine() -> None:
    log = Log()
    log.add("Tip", "2026-04-01T09:00:00Z", PUBLIC, POLICE, stated={"anonymous": True})
    log.add("OffenceReport", "2026-04-01T09:00:00Z", PUBLIC, POLICE, stated={"anonymous": False})
    log.add("OrganisationConcern", "2026-04-01T09:00:00Z", PUBLIC, POLICE, stated={"type": "hvb"})
    broken = {"recorded": "2026-05-01T09:00:00Z", "receipt": {"error": {"code": "not_json", "detail": CANARY}}}
    old = broken | {"recorded": "2025-05-01T09:00:00Z"}
    report = log.report(quarantined=[(broken, False), (broken, True), (old, False)])
    assert counts(report, "tips", "Tip") == {"anonymous": 1}
    assert counts(report, "tips", "OffenceReport") == {"named": 1}
    assert counts(report, "organisations", "hvb") == {"forward": 1}
    assert counts(report, "quarantine", "not_json") == {"kept": 1, "run_again": 1}


# --- the page and the table


def labels(lang: str) -> Labels:
    bars = {bar: ref or bar for bar, ref in LAW["law"]["bars"].items()}
    return Labels(lang, rules.counties(), GROUNDS | bars)


def busy() -> Log:
    """A log in which every chapter has something, some of it small."""
    log = Log()
    for n in range(24):
        day = f"2026-{n % 3 + 7:02}-{n % 18 + 10}"
        asked = log.ask(f"{day}T09:00:00Z", recipient=(SCHOOL, CLINIC, SOCIAL)[n % 3])
        log.give(f"{day}T19:00:00Z", asked, sender=(SCHOOL, CLINIC, SOCIAL)[n % 3])
        log.give(f"{day}T19:00:00Z", None, sender=SCHOOL)
        told: Json = {"sender": SCHOOL, "recipient": REGISTRY, "grounds": ["sol_19_1"], "stated": CONCERN}
        log.add("ConcernNotification", f"{day}T09:00:00Z", subject=f"{n}" * 64, **told)
        log.ask(f"{day}T10:00:00Z", outcome="withhold", bars=[("s170_2" if n else "s170_3", [])])
        stated = {"outcome": "running", "needs": {"housing": "met" if n else "unmet"}}
        log.add("DefectionFollowUp", f"{day}T09:00:00Z", SOCIAL, POLICE, stated=stated, case=f"case-{n}")
        log.add("ChannelAction", f"{day}T09:00:00Z", POLICE, PLATFORM, subject=None, stated={"action": "order"})
    return log


class Structure(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id" and value]

    def count(self, tag: str) -> int:
        return sum(found == tag for found, _ in self.found)


FOUNDATION = Foundation(116, "336ca1558e6b9dc1", "report.csv")


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_the_page_has_every_chapter_and_table(lang: str) -> None:
    report, words = busy().report(), labels(lang)
    text = page(report, words, TIMES, ours={"answer_routine"}, foundation=FOUNDATION)
    seen, text = Structure(text), unescape(text)
    for chapter, names in CHAPTERS.items():
        assert chapter in seen.ids and words.of("chapters", chapter) in text
        for name in names:
            there = f"table-{name}" in seen.ids
            assert there != report.tables[name].empty, name
            assert words.of("tables", name) in text, name
    assert f'<html lang="{lang}">' in text
    assert len(seen.ids) == len(set(seen.ids)), "an id stands twice"
    assert seen.count("caption") == seen.count("table") > 10
    assert all("scope" in attrs for tag, attrs in seen.found if tag == "th")
    assert seen.count("svg") == seen.count("figure") >= 7
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for tag, attrs in seen.found if tag == "svg")
    assert text.count(words.page("our_heading")) == len(CHAPTERS)
    assert "336ca1558e6b9dc1" in text and "SoL 20:2" in text and "2026:1235 7 §" in text


def test_the_page_needs_nothing_else() -> None:
    text = page(busy().report(), labels("sv"), TIMES)
    seen = Structure(text)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in seen.found}
    assert not re.search(r"url\((?!#)|@import", text)
    links = [value for _, attrs in seen.found for name, value in attrs.items() if name.endswith("href") and value]
    assert links and all(value.startswith("#") and value[1:] in seen.ids for value in links)


def test_page_and_table_hold_no_small_number_and_nobody() -> None:
    log = busy()
    report = log.report()
    text, stream = page(report, labels("sv"), TIMES), io.StringIO()
    csv_form.write(report, stream)
    for written in (text, stream.getvalue()):
        assert CANARY not in written and "skola-tallkotten" not in written and "a" * 64 not in written
    told = list(csv.reader(io.StringIO(stream.getvalue())))
    assert told[0] == list(csv_form.HEADER) and {len(row) for row in told} == {4}
    values = [(row[2], row[3]) for row in told[1:]]
    assert (csv_form.HIDDEN in {value for _, value in values}) and "-" not in "".join(value for _, value in values)
    small = {value for column, value in values if column not in MEASURES} & set("1234")
    assert small == set()
    assert {row[0] for row in told[1:]} == {
        name for names in CHAPTERS.values() for name in names if report.tables[name].table.all_rows
    }


def test_the_same_log_gives_the_same_bytes() -> None:
    first, second = (page(busy().report(), labels("sv"), TIMES) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_a_year_without_messages(lang: str) -> None:
    text = page(Log().report(), labels(lang), TIMES)
    assert labels(lang).page("nothing") in text
    assert Structure(text).count("svg") == 0


def test_numbers_as_they_are_written() -> None:
    assert labels("sv").number(12345) == "12\N{NO-BREAK SPACE}345"
    assert (labels("sv").duration(1.5), labels("en").duration(1.5)) == ("1,5 tim", "1.5 h")
    assert (labels("sv").duration(72), labels("en").duration(60)) == ("3 dygn", "2.5 days")
    assert labels("sv").measure("share_within", 0.876) == "88\N{NO-BREAK SPACE}%"
    assert labels("sv").number(None) == csv_form.HIDDEN == labels("sv").measure("median_hours", None)
    assert labels("sv").term("months", "2026-05") == "maj"
    assert labels("en").term("counties", "25") == "Norrbottens län"
    assert labels("en").term("bars", "s170_6").startswith("2025:170 6 §: does not support release")
    assert labels("sv").term("paragraphs", "2025:170 7 §").startswith("2025:170 7 §: skolans skyldighet på begäran;")


# --- texts


def shown_ids() -> Iterator[tuple[str, str]]:
    """Every id that a table can show, with its vocabulary."""
    for made in busy().report().tables.values():
        table = made.table
        yield from ((table.rows_of, row) for row in table.all_rows)
        yield from ((table.columns_of, column) for column in table.all_columns)
    yield from (("kinds", kind) for kind in KINDS)
    yield from (("outcomes", outcome) for outcome in OUTCOMES)
    yield from (("sectors", sector) for sector in rules.load().sector_ids)
    yield from (("measures", measure) for measure in MEASURES)


def test_every_id_has_a_text() -> None:
    words = labels("sv")
    for vocabulary, key in set(shown_ids()):
        if vocabulary == "paragraphs" and key in GROUNDS.values():
            assert words.term(vocabulary, key) != key
        elif not (vocabulary == "counties" and key in words.counties):
            name = key[-2:] if vocabulary == "months" and key != SUM else key
            tables = (f"report_{vocabulary}", _SHARED.get(vocabulary, vocabulary), "report_any")
            assert any(name in texts.read("sv").get(table, {}) for table in tables), (vocabulary, key)


def test_every_text_is_used() -> None:
    assert texts.ids("report_chapters") == texts.ids("report_leads") == set(CHAPTERS)
    names = {name for names in CHAPTERS.values() for name in names}
    assert texts.ids("report_tables") == names == set(Log().report().tables)
    room = Path(figures.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in room.rglob("*") if path.suffix in (".py", ".j2"))
    sources += Path(report.__file__).read_text("utf-8")
    assert [key for key in texts.ids("report_page") if f'"{key}"' not in sources] == []


def test_the_figures_at_the_top_are_in_tables() -> None:
    made = busy().report().tables
    for name, row, column in (figure.split("/") for figure in texts.ids("report_figures")):
        table = made[name].table
        assert row in (SUM, *table.rows) or not table.rows, name
        assert column in (*table.all_columns, *MEASURES), name


# --- the command


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "data"
    story = (TOWN_STORY / "messages.jsonl", "--register", TOWN_STORY / "authorities.json")
    assert samband("run", *story, "--data", folder, "--json").status == 0
    return folder


@pytest.mark.slow
def test_the_command_writes_page_and_table(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    ended = samband("report", "--year", 2026, "--out", out, "--data", town)
    assert (ended.status, ended.out) == (0, "")
    assert "report.html" in ended.line and "report.csv" in ended.line
    text, table = out.read_text("utf-8"), (tmp_path / "report.csv").read_text("utf-8")
    assert "Årsrapport 2026" in text
    rows = list(csv.DictReader(io.StringIO(table)))
    months = [row for row in rows if row["table"] == "months" and row["row"] == SUM]
    assert len(rows) > 500 and len(months) == 4
    again = samband("report", "--year", 2026, "--out", tmp_path / "again.html", "--data", town, "--lang", "en")
    assert again.status == 0 and "Yearly report 2026" in (tmp_path / "again.html").read_text("utf-8")
    assert (tmp_path / "again.csv").read_text("utf-8") == table, "the table's ids are the same in every language"


def test_nobody_of_the_town_is_in_the_report(town: Path, tmp_path: Path) -> None:
    samband("report", "--year", 2026, "--out", tmp_path / "report.html", "--data", town)
    written = "".join((tmp_path / f"report.{ending}").read_text("utf-8") for ending in ("html", "csv"))
    told: set[str] = set()
    for line in (TOWN_STORY / "messages.jsonl").read_bytes().splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            body = found.get("body") or {}
            told |= {found.get("case") or "", found.get("id") or "", body.get("text") or "", body.get("need") or ""}
            told |= set(re.findall(r'"id": "([0-9]{12})"', json.dumps(body)))
            told |= {item.get("content") or "" for item in body.get("items") or ()}
    told = {text for text in told if len(text) > 5}
    assert len(told) > 50
    assert [text for text in told if text in written] == []


def test_a_table_alone_and_json(town: Path, tmp_path: Path) -> None:
    ended = samband("report", "--year", 2026, "--out", tmp_path / "only.csv", "--data", town, "--json")
    assert ended.status == 0 and [path.name for path in tmp_path.iterdir()] == ["only.csv"]
    lines = (tmp_path / "only.csv").read_text("utf-8").splitlines()
    assert len(ended.objects) == len(lines) - 1
    assert set(ended.objects[0]) == set(csv_form.HEADER)
    assert None in {line["value"] for line in ended.objects}


@pytest.mark.parametrize("out", ["report.pdf", "report", "missing/report.html"])
def test_a_file_that_can_not_be_written(town: Path, tmp_path: Path, out: str) -> None:
    ended = samband("report", "--year", 2026, "--out", tmp_path / out, "--data", town)
    assert ended.status == 2 and Path(out).name in ended.line


def test_other_commands_do_not_import_what_draws() -> None:
    asked = "import sys, broker.cli; print({'matplotlib', 'numpy', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
