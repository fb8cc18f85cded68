"""The year's figures: one pass over the records, in memory for what is open and not for what has been read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from broker.deadlines import Times
from broker.model.decision import Json
from broker.report import casework, chapters
from broker.report.casework import Casework, Councils, RegisteredAgreement, RegisteredConsent
from broker.report.chapters import Children, Community, Defection, Exchange, Platforms, Requests, Safeguards
from broker.report.entries import Entry, Period, Reader
from broker.report.rules import Rules
from broker.report.statistics import LastMile, Union
from broker.report.tables import Shown, Table, suppress
from broker.report.waiting import Waiting

CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "overview": ("overview", "months", "counties"),
    "requests": ("requests_by_asker", "answers_by_sender", "refusals", "request_states", "paragraphs"),
    "times": ("first_answer", "last_answer", "answer_by_urgency", "last_mile"),
    "own_initiative": ("own_initiative",),
    "exchange": ("matrix",),
    "casework": ("consents", "cases", "sharings", "agreements", "councils", "pictures"),
    "children": ("concerns", "concern_sorts", "concern_marks", "concern_decisions", "concern_clocks"),
    "police": ("custody", "conversations", "conditions"),
    "community": ("tips", "organisations"),
    "defection": ("defections", "needs"),
    "platforms": ("removal_orders", "platform_actions", "channel_reports"),
    "union": ("union_requests", "union_refusals"),
    "safeguards": ("bars", "no_provision_applies", "quarantine"),
}
"""The report's chapters and their tables. The headings are ours: those that the Government asked for are not known."""


class Counter(Protocol):
    """Counts some kinds of messages."""

    kinds: frozenset[str]

    def take(self, entry: Entry) -> None:
        """Count a message, of the year or earlier."""

    def tables(self, now: datetime) -> list[Table]:
        """The tables, as things stood at a moment."""


@dataclass(frozen=True)
class Sources:
    """What the figures are made of beside the decisions: the table of clocks, grounds with their references, counties
    by code, registers, and what lies in quarantine with whether it was run again."""

    times: Times
    grounds: Mapping[str, str] = field(default_factory=dict)
    counties: Mapping[str, str] = field(default_factory=dict)
    consents: Iterable[RegisteredConsent] = ()
    agreements: Iterable[RegisteredAgreement] = ()
    quarantined: Iterable[tuple[Json, bool]] = ()


@dataclass(frozen=True)
class Report:
    """A period's tables as they may be shown, and what they rest on: messages of it, the first and the last."""

    period: Period
    tables: Mapping[str, Shown]
    messages: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Foundation:
    """What a reader can check the page against: size and root of the newest checkpoint, and the table's file name."""

    size: int
    root: str
    csv: str


def of_year(year: int, leaves: Iterable[Json], sources: Sources, rules: Rules) -> Report:
    """The report of a year, from the leaves of all decisions in the log's order."""
    return of_period(Period.of_year(year), leaves, sources, rules)


def of_period(period: Period, leaves: Iterable[Json], sources: Sources, rules: Rules) -> Report:
    """The same of other days: earlier records are read too, for what they left open."""
    reader = Reader(rules, period)
    counters: Sequence[Counter] = (
        Exchange(period, rules, sources.grounds, sources.counties),
        Requests(),
        Waiting(sources.times),
        Casework(period, sources.consents),
        Councils(),
        Children(rules),
        Community(),
        Defection(),
        Platforms(),
        Safeguards(rules),
        Union(),
        LastMile(),
    )
    end = period.end
    messages = 0
    first: datetime | None = None
    last: datetime | None = None
    for entry in map(reader.read, leaves):
        if entry.time >= end:
            continue
        last = max(last or entry.time, entry.time)
        if entry.counts:
            messages += 1
            first = min(first or entry.time, entry.time)
        for counter in counters:
            if entry.kind in counter.kinds:
                counter.take(entry)
    now = last or datetime.min.replace(tzinfo=UTC)
    tables = [table for counter in counters for table in counter.tables(now)]
    tables += [casework.agreements(period, sources.agreements), chapters.quarantine(period, sources.quarantined)]
    return Report(period, suppress(tables, rules.smallest_shown), messages, first, last if messages else None)
