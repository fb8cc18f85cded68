"""Retention: until when what a message says is kept, by class (bevarande, gallring).

Pure functions over the table of `policies/retention`, which names provision, decision (gallringsbeslut), whose messages
a class is about, and how long they are kept. Whoever sends has a copy, and so has whoever receives: each is asked about
by itself. What is not known never makes anything go sooner: without an age there is no day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from broker.model.days import as_date
from broker.model.decision import Json

_ADULT = 18
_LEAP_DAY = (2, 29)


class Side(StrEnum):
    """Whose copy: the sender's or the recipient's."""

    SENDER = "sender"
    RECIPIENT = "recipient"


class RetentionError(ValueError):
    """The table of classes can't be used: the text names the place."""


@dataclass(frozen=True)
class Retained:
    """A class, and the last day that it is kept; None: nobody knows yet, so it is kept."""

    class_: str
    until: date | None

    def as_json(self) -> Json:
        """As receipt, delivery and record tell it."""
        return {"class": self.class_, "until": self.until and self.until.isoformat()}


@dataclass(frozen=True)
class Class:
    """A row of the table: what it is about, how long it is kept, and by which decision.

    `ref`: the provision; None where the term is the broker's own (`ours`). `age`: kept until the end of the year in
    which the child has reached it; else `years` after the day.
    """

    id: str
    ref: str | None
    decision: str
    ours: bool
    first: date
    last: date | None
    units: frozenset[str]
    kinds: frozenset[str]
    messages: frozenset[str]
    about: str | None
    decided: str | None
    years: int | None
    age: int | None

    def fits(self, asked: Mapping[str, Any], side: Side, day: date) -> bool:
        """Whether it is about this copy of what the law was asked about."""
        holder = asked[side]
        return (
            self.first <= day <= (self.last or date.max)
            and (not self.units or holder["unit"] in self.units)
            and (not self.kinds or not self.kinds.isdisjoint(holder["kinds"]))
            and (not self.messages or asked["kind"] in self.messages)
            and self.about in (None, _about(asked))
            and self.decided in (None, (asked.get("stated") or {}).get("status"))
        )

    def until(self, asked: Mapping[str, Any], day: date) -> date | None:
        """The last day."""
        if self.age is None:
            return _years_after(day, self.years or 0)
        ages = [person["age"] for person in asked["persons"].values()]
        if not ages or None in ages:
            return None
        youngest = day.year - min(ages)  # the last year in which one of that age can have been born
        return date(youngest + self.age, 12, 31)


@dataclass(frozen=True)
class Classes:
    """The table, in order: the first row that fits is the class."""

    rows: Sequence[Class]

    def of(self, asked: Mapping[str, Any], side: Side) -> Retained:
        """Class and day of a copy. In: what the law was asked about the message."""
        day = as_date(asked["day"])
        row = next(row for row in self.rows if row.fits(asked, side, day))
        return Retained(row.id, row.until(asked, day))

    def decision(self, class_: str) -> str | None:
        """The decision under which a class is erased; None of a class that the table does not have."""
        return next((row.decision for row in self.rows if row.id == class_), None)


def read_classes(table: Mapping[str, Any]) -> Classes:
    """The table as values. Raises RetentionError, where nothing is said of some message too."""
    rows = [_row(n, row) for n, row in enumerate(table["classes"])]
    if not rows or not _takes_all(rows[-1]):
        raise RetentionError("retention: the last class is not about all")
    return Classes(rows)


def _takes_all(row: Class) -> bool:
    conditions = (row.units, row.kinds, row.messages, row.about, row.decided, row.last)
    return not any(conditions) and row.years is not None


def _row(n: int, row: Mapping[str, Any]) -> Class:
    if (row["years"] is None) == (row["age"] is None) or (row["ref"] is None) > row["ours"]:
        raise RetentionError(f"retention: class {n}: years or age, and a provision or ours")
    return Class(
        id=row["id"],
        ref=row["ref"],
        decision=row["decision"],
        ours=row["ours"],
        first=as_date(row["from"]),
        last=as_date(row["to"]) if row["to"] else None,
        units=frozenset(row["units"]),
        kinds=frozenset(row["kinds"]),
        messages=frozenset(row["messages"]),
        about=row["about"],
        decided=row["decided"],
        years=row["years"],
        age=row["age"],
    )


def _about(asked: Mapping[str, Any]) -> str:
    """Whom it is about: somebody who is, or for all that is known may be, a child; an adult; nobody."""
    ages = [person["age"] for person in asked["persons"].values()]
    if not ages:
        return "nobody"
    return "child" if any(age is None or age < _ADULT for age in ages) else "adult"


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; of a leap day the last of its month."""
    leap = (day.month, day.day) == _LEAP_DAY
    return day.replace(year=day.year + years, day=28 if leap else day.day)
