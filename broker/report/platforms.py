"""Recruitment content on platforms: reports and orders. The hour that an order gives is in `waiting`."""

from datetime import datetime

from broker.exchange_vocabulary import ActionType
from broker.report.entries import OUTCOMES, Entry, sums_of
from broker.report.rules import UNKNOWN
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Table

CHANNELS = ("open_channel", "closed_chat")
_ACTIONS = tuple(action.value for action in ActionType)


class Platforms:
    """Counts reports and actions."""

    kinds = frozenset({"ChannelReport", "ChannelAction"})

    def __init__(self) -> None:
        self._actions = Crosstab("platform_actions", "actions", "outcomes")
        self._reports = Crosstab("channel_reports", "channels", "numbers")

    def take(self, entry: Entry) -> None:
        """Count it."""
        if not entry.counts:
            return
        if entry.kind == "ChannelReport":
            self._reports.add("closed_chat" if entry.stated.get("closed_chat") else "open_channel", "reports")
        else:
            self._actions.add(str(entry.stated.get("action") or UNKNOWN), entry.outcome)

    def tables(self, _: datetime) -> list[Table]:
        """One table each."""
        shared = {(SUM, "reports"): f"ChannelReport/{SUM}"}
        return [
            self._reports.table(("reports",), CHANNELS, sums=Sums.DOWN, shared=shared),
            self._actions.table(
                OUTCOMES,
                _ACTIONS,
                shared=sums_of("ChannelAction") | {(ActionType.ORDER.value, OUTCOMES[0]): "order/forward"},
            ),
        ]
