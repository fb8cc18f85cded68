"""Counts requests by who asks, as the Union has statistics of them, with the last mile of deliveries."""

from datetime import datetime

from broker.kinds import KINDS
from broker.model.vocabulary import RefusalReason, SeenState, Urgency
from broker.report.entries import AUTHORITY_KINDS, OUTCOMES, Entry
from broker.report.rules import UNKNOWN
from broker.report.suppression import SUM, Sums
from broker.report.tables import Crosstab, Relation, Table

_ACKNOWLEDGEMENT = "Acknowledgement"
_URGENT = (Urgency.IMMEDIATE.value, Urgency.URGENT.value)
_RECEIVED, _ANSWERED = ("urgent_received", "other_received"), ("urgent_answered", "other_answered")
_REASONS = tuple(reason.value for reason in RefusalReason)
_SEEN = (SeenState.OPENED.value, SeenState.REGISTERED.value)


class Union:
    """Requests that were received, answered and refused, by the authority that asks: in a Member State's place.

    A request is held until somebody answers it.
    """

    kinds = frozenset({"InformationRequest", "Disclosure", "Refusal", "Recall"})

    def __init__(self) -> None:
        self._requests = Crosstab("union_requests", "authority_kinds", "union")
        self._refusals = Crosstab("union_refusals", "authority_kinds", "reasons")
        self._open: dict[str, tuple[str, bool]] = {}
        """Of each: the kind of authority that asks, whether it is urgent."""

    def take(self, entry: Entry) -> None:
        """Count it under who asks."""
        if entry.kind == "InformationRequest":
            if entry.delivered:
                asker = entry.sender.kind, str(entry.stated.get("urgency")) in _URGENT
                self._open[entry.id] = asker
                self._add(entry, _RECEIVED, asker)
        elif entry.kind == "Refusal":
            self._open.pop(entry.in_reply_to or "", None)
            if entry.counts:
                self._refusals.add(entry.recipient.kind, str(entry.stated.get("reason") or UNKNOWN))
        elif entry.kind == "Recall":
            self._open.pop(str(entry.leaf.get("recalls")), None)
        elif entry.delivered and (asked := self._open.pop(entry.in_reply_to or "", None)):
            self._add(entry, _ANSWERED, asked)

    def _add(self, entry: Entry, columns: tuple[str, str], asker: tuple[str, bool]) -> None:
        kind, is_urgent = asker
        if entry.counts:
            self._requests.add(kind, columns[0 if is_urgent else 1])

    def tables(self, _: datetime) -> list[Table]:
        """One table each."""
        others = sorted({reason for _, reason in self._refusals.counts} - set(_REASONS))
        reasons = (*_REASONS, *others)
        return [
            self._requests.table(
                (*_RECEIVED, *_ANSWERED), ranked=AUTHORITY_KINDS, sums=Sums.DOWN, relations=self._relations()
            ),
            self._refusals.table(
                reasons,
                ranked=AUTHORITY_KINDS,
                shared={(SUM, reason): f"refusals/{reason}" for reason in reasons} | {(SUM, SUM): f"Refusal/{SUM}"},
            ),
        ]

    def _relations(self) -> list[Relation]:
        """What is received is what was forwarded of those who ask; what is answered has a first answer, or nearly."""
        own, asked, first = self._requests.id, "requests_by_asker", "answer_by_urgency"
        rows = [SUM, *sorted({row for row, _ in self._requests.counts})]
        received = [
            (*((asked, (row, outcome)) for outcome in OUTCOMES[:2]), *((own, (row, column)) for column in _RECEIVED))
            for row in rows
        ]
        urgent = ((own, (SUM, _ANSWERED[0])), *((first, (urgency, SUM)) for urgency in _URGENT))
        other = ((own, (SUM, _ANSWERED[1])), (first, (Urgency.ROUTINE.value, SUM)))
        return [*received, urgent, other]


class LastMile:
    """How long it took until a person had opened what was delivered, and until it was registered there.

    A delivery is held until it is registered.
    """

    kinds = frozenset(KINDS)

    def __init__(self) -> None:
        self._states = Crosstab("last_mile", "seen_states", "numbers")
        self._sent: dict[str, datetime] = {}
        self._opened: set[str] = set()

    def take(self, entry: Entry) -> None:
        """Begin with a delivery; end with what its recipient has told of it."""
        if entry.kind != _ACKNOWLEDGEMENT:
            if entry.delivered:
                self._sent[entry.id] = entry.time
            return
        delivery, state = str(entry.leaf.get("acknowledges")), entry.stated.get("state")
        sent = self._sent.get(delivery)
        if sent is None or state not in _SEEN or not entry.delivered:
            return
        if state == SeenState.REGISTERED:
            del self._sent[delivery]
            self._opened.discard(delivery)
        elif delivery in self._opened:
            return
        else:
            self._opened.add(delivery)
        if entry.counts:
            self._states.add(state, "deliveries")
            self._states.durations_of(state).add(entry.time - sent)

    def tables(self, _: datetime) -> list[Table]:
        """One table: what else may be told of a delivery is not in it, but may be nothing."""
        told = (
            ("overview", (_ACKNOWLEDGEMENT, OUTCOMES[0])),
            *((self._states.id, (row, "deliveries")) for row in _SEEN),
        )
        return [
            self._states.table(
                ("deliveries",), _SEEN, sums=Sums.NONE, timed=("deliveries",), relations=[told], plot="times"
            )
        ]
