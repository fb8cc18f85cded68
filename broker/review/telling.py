"""When an authority is told that its records were looked at: not before the day that a request names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from broker.adapters.sql.read_model import Archive
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.review.views import Seen, ViewLog

_FURTHEST = 8
"""Replies to replies that are followed back to what was asked first."""


@dataclass(frozen=True)
class Told:
    """What an authority is told today, oldest first, and how many views are held back until a day that is named."""

    views: Sequence[Seen]
    held: int


def told(views: ViewLog, archive: Archive, authority: str, today: date) -> Told:
    """The views of an authority's records that it may know of today. That more is held back it is not told."""
    days: dict[int, date | None] = {}
    shown, held = [], 0
    for view in views.concerning(authority):
        for seq in set(view.records) - days.keys():
            days[seq] = told_from(archive, seq)
        if any((day := days[seq]) is not None and today < day for seq in view.records):
            held += 1
        else:
            shown.append(view)
    return Told(shown, held)


def handed_over(answer: Told) -> Sequence[Json]:
    """What is handed over to an authority: one object for each view, and nothing of what is held back."""
    return [_line(one) for one in answer.views]


def _line(view: Seen) -> Json:
    said = {"seq": view.seq, "time": rfc3339(view.time), "auditor": view.who, "sort": view.sort}
    return {**said, "purpose": view.purpose, "records": list(view.records)}


def told_from(archive: Archive, seq: int) -> date | None:
    """The latest day that a record, or what it replies to, names for anybody to be told of; None: it names none."""
    leaf = archive.leaves([seq]).get(seq)
    return max((day for one in _thread(archive, leaf) for day in _days(one)), default=None) if leaf else None


def _thread(archive: Archive, leaf: Json) -> Iterator[Json]:
    """A record, and what it replies to, back to the first."""
    for _ in range(_FURTHEST):
        yield leaf
        earlier = leaf.get("in_reply_to")
        records = archive.records(message=earlier, record="decision", limit=1) if earlier else []
        if not records:
            return
        leaf = records[0].leaf


def _days(leaf: Json) -> Iterator[date]:
    for said in (leaf.get("may_be_told") or {}).values():
        try:
            yield date.fromisoformat(said)
        except ValueError:  # a word: yes, or to be asked first
            continue
