"""What comes from the public, associations and others: tips, reports of offences, reports of organisations."""

from datetime import datetime

from broker.exchange_vocabulary import OrganisationType
from broker.report.entries import OUTCOMES, Entry, sums_of
from broker.report.rules import UNKNOWN
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Table

_TYPES = tuple(type_.value for type_ in OrganisationType)
_SENDERS = ("anonymous", "named")


class Community:
    """Counts tips and reports."""

    kinds = frozenset({"Tip", "OffenceReport", "OrganisationConcern"})

    def __init__(self) -> None:
        self._tips = Crosstab("tips", "kinds", "senders")
        self._organisations = Crosstab("organisations", "organisation_types", "outcomes")

    def take(self, entry: Entry) -> None:
        """Count it."""
        if not entry.counts:
            return
        if entry.kind == "OrganisationConcern":
            self._organisations.add(str(entry.stated.get("type") or UNKNOWN), entry.outcome)
        else:
            self._tips.add(entry.kind, "anonymous" if entry.stated.get("anonymous") else "named")

    def tables(self, _: datetime) -> list[Table]:
        """One table each."""
        kinds = ("Tip", "OffenceReport")
        shared = {(kind, SUM): f"{kind}/{SUM}" for kind in kinds}
        return [
            self._tips.table(_SENDERS, kinds, sums=Sums.ACROSS, shared=shared),
            self._organisations.table(OUTCOMES, _TYPES, shared=sums_of("OrganisationConcern")),
        ]
