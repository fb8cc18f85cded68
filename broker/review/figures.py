"""The yearly report's figures over other months, counted beside the pages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock, Thread

from broker.adapters.sql.read_model import Archive
from broker.deadlines import Matter, moment
from broker.report import figures, reading, rules
from broker.report.entries import Period
from broker.report.figures import Report, Sources
from broker.report.reading import Law

PATIENCE = 2.0
"""Seconds that a page waits; then it says that they are being counted."""
_FRESH = timedelta(minutes=10)
"""How long they are shown once they have been counted, which can take as long itself."""
_KEPT = 8


@dataclass(frozen=True)
class Oldest:
    """What waits under one clock: how many, the oldest of them since when; both None where they are too few."""

    clock: str
    n: int | None
    since: datetime | None


@dataclass(frozen=True)
class Counted:
    """Figures, of when they are, when they had been counted, and what had waited longest then."""

    report: Report
    at: datetime
    done: datetime
    oldest: Sequence[Oldest]


class Figures:
    """In: how the records are reached. One period is counted at a time; what was counted lately is kept."""

    def __init__(self, archive: Callable[[], AbstractContextManager[Archive]], clock: Callable[[], datetime]) -> None:
        self._archive, self._clock, self._lock = archive, clock, Lock()
        self._counted: dict[Period, Counted] = {}
        self._thread: Thread | None = None
        self._fault: Exception | None = None

    def of(self, period: Period, patience: float = PATIENCE) -> Counted | None:
        """The figures; None: they are being counted. Raises what hindered it: Away, SetUpError."""
        with self._lock:
            if counted := self._fresh(period):
                return counted
            if self._thread is None or not self._thread.is_alive():
                self._fault = None
                self._thread = Thread(target=self._count, args=(period,), name="review-figures", daemon=True)
                self._thread.start()
            thread = self._thread
        thread.join(patience)
        if self._fault is not None:
            raise self._fault
        return self._fresh(period)

    def _fresh(self, period: Period) -> Counted | None:
        counted = self._counted.get(period)
        return counted if counted and self._clock() - counted.done < _FRESH else None

    def _count(self, period: Period) -> None:
        try:
            law, now = reading.law(), self._clock()
            with self._archive() as archive:
                leaves = ({**record.leaf, "seq": record.seq} for record in archive.decisions())
                known = rules.load()
                report = figures.of_period(period, leaves, _sources(law, archive), known)
                oldest = list(oldest_of(archive.open_matters(), known.smallest_shown))
            kept = list(self._counted.items())[1 - _KEPT :]
            self._counted = {**dict(kept), period: Counted(report, now, self._clock(), oldest)}
        except Exception as error:
            self._fault = error


def _sources(law: Law, archive: Archive) -> Sources:
    """On a cluster the registers are not this room's to read: what is shown is of the log alone."""
    return law.sources(archive) if archive.has_boxes else law.sources()


def oldest_of(matters: Iterable[Matter], smallest: int) -> Iterator[Oldest]:
    """What waits, clock by clock."""
    begun: defaultdict[str, list[int]] = defaultdict(list)
    for matter in matters:
        begun[matter.clock.value].append(matter.started)
    for clock, started in sorted(begun.items()):
        is_shown = len(started) >= smallest
        yield Oldest(clock, len(started) if is_shown else None, moment(min(started)) if is_shown else None)


def months(since: str, until: str) -> Period | None:
    """Whole months, both with it: 2026-09, 2026-11. None where they are not twelve at most, in order."""
    try:
        first, last = (date.fromisoformat(f"{month}-01") for month in (since, until))
    except ValueError:
        return None
    period = Period(first, (last + timedelta(31)).replace(day=1) - timedelta(1))
    return period if 0 < len(period.months) <= _MONTHS else None


_MONTHS = 12


def usual(today: date) -> Sequence[str]:
    """The first month and the last that are shown from the start: this one, and the two before it."""
    first = today.year * 12 + today.month - 3
    return f"{first // 12}-{first % 12 + 1:02}", f"{today:%Y-%m}"
