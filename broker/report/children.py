"""Concern for children, children in police custody, talks with guardians, and conditions to stay at home.

The clocks are in `waiting`.
"""

from datetime import datetime

from broker.exchange_vocabulary import Concern, ConditionEvent, ConversationOutcome, HandedTo, InquiryStatus
from broker.report.entries import OUTCOMES, Entry, sums_of
from broker.report.rules import UNKNOWN, Rules
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Table

MARKS = ("immediate", "anonymous", "feedback_requested")
TALKS = ("invited_concern", "invited_no_concern", "not_invited_concern", "not_invited_no_concern")
"""Were social services invited, and did the talk give cause for a notification?"""

_SORTS = tuple(concern.value for concern in Concern)
_STATUSES = tuple(status.value for status in InquiryStatus)
_HANDED = tuple(to.value for to in HandedTo)
_EVENTS = tuple(event.value for event in ConditionEvent)
_OUTCOMES_OF_TALKS = tuple(outcome.value for outcome in ConversationOutcome)


class Children:
    """Counts notifications, decisions, handovers, talks and conditions."""

    kinds = frozenset(
        {"ConcernNotification", "ConcernDecision", "CustodyHandover", "GuardianConversation", "ConditionNotice"}
    )

    def __init__(self, rules: Rules) -> None:
        self._sectors = rules.sector_ids
        self._notifiers = Crosstab("concerns", "sectors", "outcomes")
        self._sorts = Crosstab("concern_sorts", "concerns", "numbers")
        self._marks = Crosstab("concern_marks", "concern_marks", "numbers")
        self._decisions = Crosstab("concern_decisions", "inquiry_statuses", "numbers")
        self._handed = Crosstab("custody", "handed_to", "custody")
        self._talks = Crosstab("conversations", "conversation_outcomes", "talks")
        self._conditions = Crosstab("conditions", "condition_events", "outcomes")

    def take(self, entry: Entry) -> None:
        """Count it; notifications and conditions whatever became of them, else what was delivered or recorded."""
        if not entry.counts:
            return
        if entry.kind == "ConcernNotification":
            self._notify(entry)
        elif entry.kind == "ConditionNotice":
            self._conditions.add(str(entry.stated.get("event") or UNKNOWN), entry.outcome)
        elif not entry.delivered:
            return
        elif entry.kind == "ConcernDecision":
            self._decisions.add(str(entry.stated.get("status") or UNKNOWN), "decisions")
        elif entry.kind == "CustodyHandover":
            self._hand_over(entry)
        else:
            invited = "invited" if entry.stated.get("invited") else "not_invited"
            met = "concern" if entry.stated.get("concern_met") else "no_concern"
            self._talks.add(str(entry.stated.get("outcome") or UNKNOWN), f"{invited}_{met}")

    def _notify(self, entry: Entry) -> None:
        self._notifiers.add(entry.sender.sector, entry.outcome)
        for sort in entry.stated.get("concerns", ()):
            self._sorts.add(sort, "notifications")
        for mark in MARKS:
            self._marks.add(mark, "notifications", int(bool(entry.stated.get(mark))))

    def _hand_over(self, entry: Entry) -> None:
        taken, handed = (entry.stated.get(name) for name in ("taken_at", "handed_at"))
        row = str(entry.stated.get("handed_to") or UNKNOWN)
        self._handed.add(row, "handed_over" if handed else "not_yet")
        if taken and handed:
            self._handed.timed(row).add(datetime.fromisoformat(handed) - datetime.fromisoformat(taken))

    def tables(self, _: datetime) -> list[Table]:
        """The tables of the year."""
        return [
            self._notifiers.table(OUTCOMES, ranked=self._sectors, shared=sums_of("ConcernNotification")),
            self._sorts.table(("notifications",), _SORTS, sums=Sums.NONE, plot="bars"),
            self._marks.table(("notifications",), MARKS, sums=Sums.NONE),
            self._decisions.table(
                ("decisions",), _STATUSES, sums=Sums.DOWN, shared={(SUM, "decisions"): "ConcernDecision/forward"}
            ),
            self._handed.table(
                ("handed_over", "not_yet"),
                _HANDED,
                timed=("handed_over",),
                shared={(SUM, SUM): "CustodyHandover/forward"},
            ),
            self._talks.table(TALKS, _OUTCOMES_OF_TALKS, shared={(SUM, SUM): "GuardianConversation/forward"}),
            self._conditions.table(OUTCOMES, _EVENTS, shared=sums_of("ConditionNotice")),
        ]
