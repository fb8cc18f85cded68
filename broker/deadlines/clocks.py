"""How long things may take: the table of `policies/clocks/` as a typed value, and how a term is counted.

Moments are whole seconds since 1970 in UTC: plain numbers that sort. Hours are elapsed time. Days and months are
Swedish calendar days: the day on which the term starts is not counted, and the last one lasts until its end, 23:59:59
in Sweden, whether it has 23, 24 or 25 hours. Working days are counted likewise (`working_days`); a term may also end at
noon of one. Months end on the day with the same number, or else on the month's last
day (lag 1930:173 1 §).
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from broker.deadlines.working_days import NO_HOLIDAYS, WorkingDays
from broker.model.days import SWEDEN

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
LAST = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // _SECOND
"""The last moment that is counted: a term never ends later."""
_FIRST = (datetime(1, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND

_CLOCKS = (
    *("protection", "decision", "feedback", "inquiry", "effect", "preservation", "concern"),
    *("condition", "condition_end"),
)
_SEEN = ("opened", "registered")
TERMS = {
    *("answer_immediate", "answer_urgent", "answer_routine", "question", "interim", "feedback_at_once"),
    *("opened_immediate", "opened_soon", *_SEEN, *_CLOCKS),
}
"""Names of the terms that the clocks ask for."""
LADDERS = {"answer", "question", *_SEEN, *_CLOCKS}
"""Names of the ladders that the clocks ask for."""
PARTIES = frozenset({"holder", "asker", "registry", "contact_point"})
_UNITS = frozenset({"minutes", "hours", "days", "working_days", "noons", "months"})
_STEP_UNITS = frozenset({"at", "days"})


class ClocksError(ValueError):
    """The table of clocks can't be used: the text names the place and the rule."""


def seconds(moment: datetime) -> int:
    """A moment as seconds since 1970, parts of a second left out."""
    return (moment - _EPOCH) // _SECOND


def moment(at: int) -> datetime:
    """The moment, in UTC, of seconds since 1970."""
    return _EPOCH + at * _SECOND


def day_of(at: int) -> date:
    """The Swedish day of a moment."""
    return moment(max(_FIRST, min(at, LAST))).astimezone(SWEDEN).date()


def start_of(day: date) -> int:
    """The first second of a Swedish day."""
    return seconds(datetime.combine(day, time(), SWEDEN))


def noon_of(day: date) -> int:
    """The noon of a Swedish day."""
    return min(seconds(datetime.combine(day, time(12), SWEDEN)), LAST)


def end_of(day: date) -> int:
    """The last second of a Swedish day."""
    return min(seconds(datetime.combine(day, time(23, 59, 59), SWEDEN)), LAST)


def day_numbered(number: int) -> date:
    """The day that an integer such as 20261121 stands for."""
    return date(number // 10_000, number // 100 % 100, number % 100)


@dataclass(frozen=True)
class Length:
    """A length of time: so many minutes, hours, days, working days, noons of working days, or months."""

    unit: str
    n: int
    calendar: WorkingDays = NO_HOLIDAYS

    def end(self, start: int) -> int:
        """The last second of a term that starts at a moment."""
        if self.unit in _ELAPSED:
            return min(start + self.n * _ELAPSED[self.unit], LAST)
        return self.end_from(day_of(start))

    def end_from(self, day: date) -> int:
        """The last second of a term that is counted from a day; minutes and hours are counted from its end."""
        try:
            if self.unit == "days":
                return end_of(day + timedelta(days=self.n))
            if self.unit == "working_days":
                return end_of(self.calendar.after(day, self.n))
            if self.unit == "noons":
                return noon_of(self.calendar.after(day, self.n))
            if self.unit == "months":
                return end_of(_months_after(day, self.n))
        except (OverflowError, ValueError):
            return LAST
        return self.end(end_of(day))


_ELAPSED = {"minutes": 60, "hours": 3600}


def _months_after(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Term:
    """A length with the provision that it rests on; `ref` is None where it is the broker's own."""

    length: Length
    ref: str | None


@dataclass(frozen=True)
class Step:
    """One rung of a ladder of notices: what is told to whom, and when.

    `n` is counted from the due time: -25 per cent is when a quarter of the whole term is left, -2 days two days before,
    by Swedish clocks at the same hour.
    """

    notice: str
    n: int
    to: tuple[str, ...]
    unit: str = "at"
    """`at`: per cent; or `days`."""

    def time_in(self, started: int, due: int) -> int:
        """When, in a term that ends then; never before it began."""
        if self.unit == "at":
            return min(due + (due - started) * self.n // 100, LAST)
        try:
            return min(max(started, seconds(moment(due).astimezone(SWEDEN) + timedelta(days=self.n))), LAST)
        except OverflowError:
            return LAST


@dataclass(frozen=True)
class _Dated:
    """A row with the moments between which it holds, both included."""

    first: int
    last: int
    value: Any


@dataclass(frozen=True)
class Times:
    """The table of clocks: terms and ladders by name, each with its days, and the grounds of mandated reporters.

    `at_once`: kinds and grounds of messages that their recipient must take care of at once (genast), whoever it is.
    """

    terms: Mapping[str, Sequence[_Dated]]
    ladders: Mapping[str, Sequence[_Dated]]
    mandated: frozenset[str]
    at_once: frozenset[str]
    calendar: WorkingDays = NO_HOLIDAYS

    def term(self, name: str, at: int) -> Term | None:
        """The term that holds at a moment, or None when the duty does not."""
        term: Term | None = _holding(self.terms[name], at)
        return term

    def steps(self, name: str, at: int) -> tuple[Step, ...]:
        """The ladder that holds at a moment; empty when none does."""
        steps: tuple[Step, ...] | None = _holding(self.ladders[name], at)
        return steps or ()


def _holding(rows: Sequence[_Dated], at: int) -> Any:
    return next((row.value for row in rows if row.first <= min(at, LAST) <= row.last), None)


def read_times(data: Mapping[str, Any]) -> Times:
    """The table from its JSON (`clocks` in the policy's data). Raises ClocksError."""
    try:
        _must(set(data["terms"]) == TERMS, "terms", "has just the names that the clocks ask for")
        _must(set(data["ladders"]) == LADDERS, "ladders", "has just the names that the clocks ask for")
        calendar = WorkingDays(tuple(data["holidays"]["rows"]))
        calendar.after(date(2026, 12, 22), 7)  # a row that is none is met here
        return Times(
            terms={
                name: [
                    _parse_dated(f"terms.{name}", row, lambda place, row: _term(place, row, calendar)) for row in rows
                ]
                for name, rows in data["terms"].items()
            },
            ladders={
                name: [_parse_dated(f"ladders.{name}", row, _ladder) for row in rows]
                for name, rows in data["ladders"].items()
            },
            mandated=frozenset(data["mandated"]["grounds"]),
            calendar=calendar,
            at_once=frozenset((*data["at_once"]["kinds"], *data["at_once"]["grounds"])),
        )
    except ClocksError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ClocksError(f"clocks: a field is missing or of the wrong type ({type(error).__name__})") from None


def _must(holds: bool, place: str, rule: str) -> None:
    if not holds:
        raise ClocksError(f"clocks.{place}: {rule}")


def _parse_dated(place: str, row: Mapping[str, Any], read: Any) -> _Dated:
    _must(bool(row["why"]["sv"] and row["why"]["en"]), place, "says why in Swedish and English")
    last = LAST if row["to"] is None else end_of(day_numbered(row["to"]))
    return _Dated(start_of(day_numbered(row["from"])), last, read(place, row))


def _term(place: str, row: Mapping[str, Any], calendar: WorkingDays) -> Term:
    units = [unit for unit in sorted(_UNITS) if unit in row]
    _must(len(units) == 1, place, f"has one of {', '.join(sorted(_UNITS))}")
    length = row[units[0]]
    _must(isinstance(length, int) and length >= 0, place, "has a whole length, not below zero")
    _must(row["ref"] is not None or row["ours"] is True, place, "has a ref, or is marked as ours")
    return Term(Length(units[0], length, calendar), row["ref"])


def _ladder(place: str, row: Mapping[str, Any]) -> tuple[Step, ...]:
    units = [unit for step in row["steps"] for unit in sorted(_STEP_UNITS & step.keys())]
    _must(len(units) == len(row["steps"]), place, "counts each step in per cent (at) or in days")
    rows = zip(row["steps"], units, strict=True)
    steps = tuple(Step(step["notice"], step[unit], tuple(step["to"]), unit) for step, unit in rows)
    _must(bool(steps), place, "has a step")
    _must(all(step.to and PARTIES.issuperset(step.to) for step in steps), place, f"tells {', '.join(sorted(PARTIES))}")
    _must(all(_goes_up(one, other) for one, other in pairwise(steps)), place, "goes up, step by step")
    _must(len({step.notice for step in steps}) == len(steps), place, "has a name of its own for each step")
    return steps


def _goes_up(one: Step, other: Step) -> bool:
    """On one side of the due time only steps of one unit can be told apart: how long a term is nobody knows here."""
    return one.n < other.n and (one.unit == other.unit or one.n <= 0 <= other.n)
