"""When an authority is told that its records were looked at: not while anybody that a request names may not be told."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from broker.adapters.sql.read_model import Archive
from broker.authorities import ANONYMOUS
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.review.hold import READERS, Hold, hold
from broker.review.listing import authorities_of
from broker.review.views import Seen, ViewLog

_UNKNOWN = Hold(ask=(ANONYMOUS,))
"""Of a record that isn't there nobody can say whom to ask."""


@dataclass(frozen=True)
class Told:
    """What an authority is told today, oldest first; of what is held back, how much waits for a day, how much for whom.

    `held` counts views that wait for a day. `asks` counts, for each authority that must be asked first, the others.
    """

    views: Sequence[Seen]
    held: int
    asks: Counter[str]


def told(views: ViewLog, archive: Archive, authority: str, today: date, allowed: Collection[str] = ()) -> Told:
    """The views of an authority's records that it may know of today. That more is held back it is not told.

    In: `allowed`: those who have been asked, whose answer was yes. Nobody asks an authority before it is told itself.
    """

    @cache
    def find(message: str) -> Json | None:
        return next((one.leaf for one in archive.records(message=message, record="decision", limit=1)), None)

    own: dict[int, Hold | None] = {}
    """Of its own records, why each waits."""
    read = set[int]()
    shown, for_a_day, asks = list[Seen](), 0, Counter[str]()
    for view in views.concerning(authority):
        fresh = set(view.records) - read
        leaves = archive.leaves(fresh)
        for seq in fresh:
            leaf = leaves.get(seq)
            if leaf is None or authority in authorities_of([leaf]):
                waits = hold(leaf, find, READERS, today) if leaf else _UNKNOWN
                own[seq] = waits and waits.without({authority, *allowed})
        read |= fresh
        records = [seq for seq in view.records if seq in own]
        waiting = [one for seq in records if (one := own[seq])]
        if not waiting:
            shown.append(replace(view, what={**view.what, "records": records}))
        elif any(one.until for one in waiting):
            for_a_day += 1
        else:
            asks.update({whom for one in waiting for whom in one.ask})
    return Told(shown, for_a_day, asks)


def handed_over(answer: Told) -> Sequence[Json]:
    """What is handed over to an authority: one object for each view, and nothing of what is held back."""
    return [_line(one) for one in answer.views]


def _line(view: Seen) -> Json:
    said = {"seq": view.seq, "time": rfc3339(view.time), "auditor": view.who, "sort": view.sort}
    return {**said, "purpose": view.purpose, "records": list(view.records)}
