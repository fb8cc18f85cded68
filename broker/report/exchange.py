"""Everything that passed: by kind, month, county and paragraph, and who sent to whom."""

from collections.abc import Mapping
from datetime import datetime

from broker.messages import KINDS
from broker.report.entries import AUTHORITY_KINDS, NOWHERE, ON_REQUEST, OUTCOMES, OWN_INITIATIVE, Entry, Period, sums_of
from broker.report.rules import Rules
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Table

_ROWS = [row for kind in KINDS for row in ((ON_REQUEST, OWN_INITIATIVE) if kind == ON_REQUEST else (kind,))]

_FOLLOWED = ("InformationRequest", ON_REQUEST, OWN_INITIATIVE, "ConcernNotification", "Tip", "OffenceReport")
"""The rows that are told month by month and county by county."""

_PLACED_BY_SENDER = (ON_REQUEST, OWN_INITIATIVE)
"""What is given belongs where it comes from, all else where it goes."""

_USES = ("claimed", "released_on_request", "released_own", "referred", "withheld")


class Exchange:
    """Counts every message."""

    kinds = frozenset(KINDS)

    def __init__(self, period: Period, rules: Rules, grounds: Mapping[str, str], counties: Mapping[str, str]) -> None:
        self._period = period
        self._sectors = rules.sector_ids
        self._grounds = grounds
        self._counties = counties
        self._overview = Crosstab("overview", "kinds", "outcomes")
        self._months = Crosstab("months", "months", "kinds")
        self._places = Crosstab("counties", "counties", "kinds")
        self._matrix = Crosstab("matrix", "sectors", "sectors")
        self._paragraphs = Crosstab("paragraphs", "paragraphs", "uses")
        self._own = Crosstab("own_initiative", "authority_kinds", "outcomes")

    def take(self, entry: Entry) -> None:
        """Count a message of the year."""
        if not entry.counts:
            return
        row = entry.row
        self._overview.add(row, entry.outcome)
        if row in _FOLLOWED:
            self._months.add(f"{entry.day:%Y-%m}", row)
            self._places.add(entry.county("sender" if row in _PLACED_BY_SENDER else "recipient"), row)
        if row == OWN_INITIATIVE:
            self._own.add(entry.sender.kind, entry.outcome)
        if entry.delivered and entry.sender.id != entry.recipient.id:
            self._matrix.add(entry.sender.sector, entry.recipient.sector)
        self._count_paragraphs(entry)

    def _count_paragraphs(self, entry: Entry) -> None:
        if entry.kind == "InformationRequest":
            for ground in entry.leaf["input"]["basis"]:
                self._paragraphs.add(self._grounds.get(ground, ground), "claimed")
            return
        for item in entry.items:
            self._paragraphs.add(item["ref"] or NOWHERE, self._use(entry, item))

    def _use(self, entry: Entry, item: Mapping[str, object]) -> str:
        if item["outcome"] == "release":
            on_request = entry.leaf["input"]["items"][str(item["item"])]["on_request"]
            return "released_on_request" if on_request else "released_own"
        return "referred" if item["outcome"] == "refer" else "withheld"

    def tables(self, _: datetime) -> list[Table]:
        """The tables of the year."""
        months = [f"{self._period.year}-{month:02}" for month in range(1, 13)]
        totals = {(SUM, row): f"{row}/{SUM}" for row in _FOLLOWED}
        named = {(row, column): f"{row}/{column}" for row in _ROWS for column in (*OUTCOMES, SUM)}
        counties = [*self._counties, NOWHERE]
        # whoever is in none of them has a place of its own
        others = sorted({sector for cell in self._matrix.counts for sector in cell} - set(self._sectors))
        sectors = (*self._sectors, *others)
        return [
            self._overview.table(OUTCOMES, _ROWS, shared=named),
            self._months.table(_FOLLOWED[:4], months, sums=Sums.DOWN, shared=totals, plot="months"),
            self._places.table(_FOLLOWED, counties, sums=Sums.DOWN, shared=totals),
            self._matrix.table(sectors, sectors, plot="heat"),
            self._paragraphs.table(
                _USES, ranked=self._grounds.values(), sums=Sums.NONE, plot="stacked", drawn=_USES[1:]
            ),
            self._own.table(OUTCOMES, ranked=AUTHORITY_KINDS, shared=sums_of(OWN_INITIATIVE)),
        ]
