"""Those who want to leave: what they needed and how it went, counted as persons and never told apart."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broker.exchange_vocabulary import DefectionOutcome, NeedAnswer
from broker.report.entries import Entry
from broker.report.rules import UNKNOWN
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Table

NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")
_ANSWERS = tuple(answer.value for answer in NeedAnswer)
_OUTCOMES = tuple(outcome.value for outcome in DefectionOutcome)


class Defection:
    """Keeps the newest follow-up of each case: one that is followed up each month is still one person."""

    kinds = frozenset({"DefectionFollowUp"})

    def __init__(self) -> None:
        self._newest: dict[str, Mapping[str, Any]] = {}

    def take(self, entry: Entry) -> None:
        """A follow-up of the year replaces the one before.

        Those that name neither referral nor case count as one person for each sender: rather too few than too many.
        """
        if entry.counts and entry.delivered:
            case = entry.stated.get("referral") or entry.leaf["case"] or entry.sender.id
            self._newest[str(case)] = entry.stated

    def tables(self, _: datetime) -> list[Table]:
        """Needs, and where it stands."""
        needs = Crosstab("needs", "needs", "need_answers")
        outcomes = Crosstab("defections", "defection_outcomes", "numbers")
        for stated in self._newest.values():
            for need, answer in (stated.get("needs") or {}).items():
                needs.add(need, answer)
            outcomes.add(str(stated.get("outcome") or UNKNOWN), "persons")
        return [
            outcomes.table(("persons",), _OUTCOMES, sums=Sums.DOWN, shared={(SUM, "persons"): "persons"}),
            needs.table(
                _ANSWERS, NEEDS, sums=Sums.ACROSS, shared={(need, SUM): "persons" for need in NEEDS}, plot="stacked"
            ),
        ]
