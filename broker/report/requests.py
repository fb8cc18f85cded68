"""Requests, disclosures in reply to them, and refusals, by who sent them. How long it took is in `waiting`."""

from datetime import datetime

from broker.report.entries import AUTHORITY_KINDS, ON_REQUEST, OUTCOMES, Entry, sums_of
from broker.report.rules import UNKNOWN
from broker.report.suppression import SUM
from broker.report.tables import Crosstab, Table
from broker.vocabulary import RefusalReason

_REASONS = tuple(reason.value for reason in RefusalReason)


class Requests:
    """Counts what is asked and answered."""

    kinds = frozenset({"InformationRequest", "Disclosure", "Refusal"})

    def __init__(self) -> None:
        self._askers = Crosstab("requests_by_asker", "authority_kinds", "outcomes")
        self._answers = Crosstab("answers_by_sender", "authority_kinds", "outcomes")
        self._refusals = Crosstab("refusals", "authority_kinds", "reasons")

    def take(self, entry: Entry) -> None:
        """Count it under its sender."""
        if not entry.counts:
            return
        if entry.kind == "InformationRequest":
            self._askers.add(entry.sender.kind, entry.outcome)
        elif entry.kind == "Refusal":
            self._refusals.add(entry.sender.kind, str(entry.stated.get("reason") or UNKNOWN))
        elif entry.row == ON_REQUEST:
            self._answers.add(entry.sender.kind, entry.outcome)

    def tables(self, _: datetime) -> list[Table]:
        """One table each."""
        others = sorted({reason for _, reason in self._refusals.counts} - set(_REASONS))
        return [
            self._askers.table(OUTCOMES, ranked=AUTHORITY_KINDS, shared=sums_of("InformationRequest")),
            self._answers.table(OUTCOMES, ranked=AUTHORITY_KINDS, shared=sums_of(ON_REQUEST)),
            self._refusals.table((*_REASONS, *others), ranked=AUTHORITY_KINDS, shared={(SUM, SUM): f"Refusal/{SUM}"}),
        ]
