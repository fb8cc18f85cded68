"""Searching the log: what is asked for, as terms of the index; the page of records that it gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from broker.adapters.sql.read_model import Archive, Record
from broker.model.decision import Json
from broker.review.index import Found, Index, Wanted
from broker.review.terms import days, of_item, paragraph, term

PAGE = 50
"""Records of a page."""


@dataclass(frozen=True)
class Query:
    """What is asked for; what is None or empty asks nothing. Persons, cases and officers are tokens: one of each."""

    person: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    officer: tuple[str, ...] = ()
    sender: str | None = None
    """An authority, or a unit of one (`kommun-0127/social_services`)."""
    recipient: str | None = None
    unit: str | None = None
    """Of either side."""
    kind: str | None = None
    ref: str | None = None
    """A paragraph, however it is written."""
    rule: str | None = None
    """A ground or a bar by its name."""
    outcome: str | None = None
    """Of an item; with `ref` of one under that paragraph."""
    decided: str | None = None
    """Of the message as a whole, or `quarantine`."""
    doubtful: bool = False
    since: date | None = None
    until: date | None = None
    message: str | None = None

    def wanted(self, today: date) -> Wanted:
        """As terms: of each group one at least."""
        return list(self._groups(today))

    def _groups(self, today: date) -> Iterator[Sequence[str]]:
        for sort, tokens in (("person", self.person), ("case", self.case), ("officer", self.officer)):
            if tokens:
                yield [term(sort, token) for token in tokens]
        values = {"sender": self.sender, "recipient": self.recipient, "unit": self.unit, "kind": self.kind}
        values |= {"rule": self.rule, "outcome": self.decided, "message": self.message}
        yield from ([term(sort, value)] for sort, value in values.items() if value)
        if self.ref and self.outcome:
            yield [of_item(self.outcome, self.ref)]
        elif self.ref:
            yield [term("ref", paragraph(self.ref))]
        elif self.outcome:
            yield [term("item", self.outcome)]
        if self.doubtful:
            yield [term("doubtful", "yes")]
        if self.since or self.until:
            yield list(days(self.since or _FIRST_DAY, self.until or today))

    def said(self) -> Json:
        """What is asked for as it may be written down: no identity, tokens in their place."""
        values: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value
        }


_FIRST_DAY = date(2020, 1, 1)
"""No record is older."""


@dataclass(frozen=True)
class Page:
    """Some of what was found, newest first, with how many there are in all."""

    found: Found
    records: Sequence[Record]

    @property
    def more(self) -> int | None:
        """Where the next page begins; None where this is the last."""
        return self.found.seqs[-1] if self.found.seqs and len(self.found.seqs) == PAGE else None


def search(
    index: Index, archive: Archive, query: Query, today: date, *, limit: int = PAGE, before: int | None = None
) -> Page:
    """A page of what is asked for, in an index that is kept up by whoever calls."""
    found = index.search(query.wanted(today), limit=limit, before=before)
    records = {record.seq: record for record in archive.some(found.seqs)}
    return Page(found, [records[seq] for seq in found.seqs])
