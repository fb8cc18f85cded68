"""Everything that passed: by kind, month, county and paragraph, and who sent to whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from broker.kinds import KINDS
from broker.model.days import swedish_day
from broker.model.decision import Json
from broker.model.vocabulary import (
    ActionType,
    Concern,
    ConditionEvent,
    ConversationOutcome,
    DefectionOutcome,
    HandedTo,
    InquiryStatus,
    NeedAnswer,
    OrganisationType,
    RefusalReason,
    WeighingTest,
)
from broker.report.entries import AUTHORITY_KINDS, NOWHERE, ON_REQUEST, OUTCOMES, OWN_INITIATIVE, Entry, Period, sums_of
from broker.report.rules import UNKNOWN, Rules
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
        totals = {(SUM, row): f"{row}/{SUM}" for row in _FOLLOWED}
        named = {(row, column): f"{row}/{column}" for row in _ROWS for column in (*OUTCOMES, SUM)}
        counties = [*self._counties, NOWHERE]
        # whoever is in none of them has a place of its own
        others = sorted({sector for cell in self._matrix.counts for sector in cell} - set(self._sectors))
        sectors = (*self._sectors, *others)
        return [
            self._overview.table(OUTCOMES, _ROWS, shared=named),
            self._months.table(_FOLLOWED[:4], self._period.months, sums=Sums.DOWN, shared=totals, plot="months"),
            self._places.table(_FOLLOWED, counties, sums=Sums.DOWN, shared=totals),
            self._matrix.table(sectors, sectors, plot="heat"),
            self._paragraphs.table(
                _USES, ranked=self._grounds.values(), sums=Sums.NONE, plot="stacked", drawn=_USES[1:]
            ),
            self._own.table(OUTCOMES, ranked=AUTHORITY_KINDS, shared=sums_of(OWN_INITIATIVE)),
        ]


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
            self._refusals.table(
                (*_REASONS, *others),
                ranked=AUTHORITY_KINDS,
                shared={(SUM, reason): f"refusals/{reason}" for reason in (*_REASONS, *others)}
                | {(SUM, SUM): f"Refusal/{SUM}"},
            ),
        ]


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
            self._handed.durations_of(row).add(datetime.fromisoformat(handed) - datetime.fromisoformat(taken))

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
            unnamed = [entry.category(item) for item in entry.items if entry.is_released_unnamed(item)]
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
