"""Erasure: nothing is kept any longer of what messages said once the day of their class is over (gallring).

The record names which records' contents are gone, whose copies, by class and decision, and no identity. What is held
(a litigation, a supervision) stays until it is released; that is recorded too. A day to come is nobody's to erase by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from broker.model.days import swedish_day
from broker.model.decision import Json
from broker.pipeline import audit_record
from broker.ports.store import Due, Store
from broker.ports.writes import Effects
from broker.retention import Classes

MOST = 200
"""Cases of which one record says that they are erased, at most."""


class TooEarly(ValueError):
    """Erasure was asked for by a day that is not over."""


@dataclass(frozen=True)
class Hold:
    """That nothing of what some messages said may be erased, or (`ends`) may again.

    `reference`: the number of the matter in which that is ordered.
    """

    reference: str
    messages: tuple[str, ...]
    ends: bool = False


def erase(store: Store, classes: Classes, day: date, recorded: datetime) -> Effects | None:
    """The effects of erasing what was due before this day, or some of it; None where nothing is. Raises TooEarly."""
    if day > swedish_day(recorded):
        raise TooEarly("a day to come can't be erased by")
    due = store.due_cases(day.isoformat(), MOST)
    if not due:
        return None
    named = [[place, one.holder, one.class_] for one in due for place in _places(store, one.records)]
    erased: Json = {"day": day.isoformat(), "classes": _by_class(due, classes), "records": named}
    leaf = audit_record.of_erasure(erased, recorded)
    return Effects(leaf, "", erased=tuple(one.case for one in due))


def _by_class(due: Sequence[Due], classes: Classes) -> list[Json]:
    contents: dict[str, list[int]] = {}
    for one in due:
        contents.setdefault(one.class_, []).append(one.contents)
    return [
        {"class": name, "decision": classes.decision(name), "cases": len(of_class), "contents": sum(of_class)}
        for name, of_class in sorted(contents.items())
    ]


def hold(store: Store, wanted: Hold, recorded: datetime) -> Effects:
    """The effects of holding the cases that these messages lie in, or of letting them go."""
    cases = tuple(store.cases_of(wanted.messages))
    told: Json = {"reference": wanted.reference, "messages": list(wanted.messages), "cases": len(cases)}
    leaf = audit_record.of_hold({**told, "ends": wanted.ends}, recorded)
    return Effects(leaf, "", released=cases) if wanted.ends else Effects(leaf, "", held=cases)


def _places(store: Store, records: Sequence[int]) -> list[int | str]:
    """Records by their places in the log, or where it runs apart by the hashes of their leaves."""
    return [n if store.seq(n) is not None else store.record(n)[1] for n in records]
