"""What was stopped: bars that withheld, and lines in quarantine. And what was given on a word that is doubted."""

from collections.abc import Iterable
from datetime import datetime

from broker.decision import Json
from broker.messages import KINDS
from broker.messages.times import swedish_day
from broker.report.entries import Entry, Period
from broker.report.rules import Rules
from broker.report.suppression import Sums
from broker.report.tables import Crosstab, Table
from broker.vocabulary import WeighingTest


class Safeguards:
    """Counts what stood in the way, and what went out because somebody said that no secrecy applied to it."""

    kinds = frozenset(KINDS)

    def __init__(self, rules: Rules) -> None:
        self._smallest = rules.smallest_shown
        self._bars = Crosstab("bars", "bars", "barred")
        self._unnamed = Crosstab("no_provision_applies", "categories", "barred")

    def take(self, entry: Entry) -> None:
        """Each bar of a message, and the items that it held back; and what the law doubts is under no secrecy."""
        if not entry.counts:
            return
        for bar in entry.leaf["receipt"]["bars"]:
            self._bars.add(bar["id"], "messages")
            self._bars.add(bar["id"], "items", len(bar["items"]))
        if WeighingTest.NO_PROVISION_APPLIES in entry.leaf["receipt"]["doubtful"]:
            unnamed = [entry.category(item) for item in entry.items if entry.released_unnamed(item)]
            for category in unnamed:
                self._unnamed.add(category, "items")
            for category in set(unnamed):
                self._unnamed.add(category, "messages")

    def tables(self, _: datetime) -> list[Table]:
        """Bars, the most frequent first; those whose number is hidden by name, or their order would tell."""
        stopped = {bar: n for (bar, column), n in self._bars.counts.items() if column == "messages"}
        most = sorted(stopped, key=lambda bar: (-stopped[bar] if stopped[bar] >= self._smallest else 0, bar))
        return [
            self._bars.table(("messages", "items"), most, sums=Sums.NONE, plot="bars", drawn=("messages",)),
            self._unnamed.table(("messages", "items"), sums=Sums.NONE),
        ]


def quarantine(period: Period, quarantined: Iterable[tuple[Json, bool]]) -> Table:
    """Lines in quarantine by code; each comes with whether it was run again.

    They count by the day on which they were recorded: a broken line may have no time of its own.
    """
    counted = Crosstab("quarantine", "errors", "quarantined")
    for leaf, again in quarantined:
        if swedish_day(datetime.fromisoformat(leaf["recorded"])) in period:
            counted.add(leaf["receipt"]["error"]["code"], "run_again" if again else "kept")
    return counted.table(("kept", "run_again"))
