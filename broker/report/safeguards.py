"""What was stopped: bars that withheld, and lines in quarantine."""

from collections.abc import Iterable
from datetime import datetime

from broker.decision import Json
from broker.messages import KINDS
from broker.messages.envelope import swedish_day
from broker.report.entries import Entry, Period
from broker.report.rules import Rules
from broker.report.suppression import Sums
from broker.report.tables import Crosstab, Table


class Bars:
    """Counts what stood in the way."""

    kinds = frozenset(KINDS)

    def __init__(self, rules: Rules) -> None:
        self._smallest = rules.smallest_shown
        self._bars = Crosstab("bars", "bars", "barred")

    def take(self, entry: Entry) -> None:
        """Each bar of a message, and the items that it held back."""
        if entry.counts:
            for bar in entry.leaf["receipt"]["bars"]:
                self._bars.add(bar["id"], "messages")
                self._bars.add(bar["id"], "items", len(bar["items"]))

    def tables(self, _: datetime) -> list[Table]:
        """One table, the most frequent first; those whose number is hidden by name, or their order would tell."""
        stopped = {bar: n for (bar, column), n in self._bars.counts.items() if column == "messages"}
        most = sorted(stopped, key=lambda bar: (-stopped[bar] if stopped[bar] >= self._smallest else 0, bar))
        return [self._bars.table(("messages", "items"), most, sums=Sums.NONE, plot="bars", drawn=("messages",))]


def quarantine(period: Period, quarantined: Iterable[tuple[Json, bool]]) -> Table:
    """Lines in quarantine by code; each comes with whether it was run again.

    They count by the day on which they were recorded: a broken line may have no time of its own.
    """
    counted = Crosstab("quarantine", "errors", "quarantined")
    for leaf, again in quarantined:
        if swedish_day(datetime.fromisoformat(leaf["recorded"])) in period:
            counted.add(leaf["receipt"]["error"]["code"], "run_again" if again else "kept")
    return counted.table(("kept", "run_again"))
