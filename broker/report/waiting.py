"""What somebody waits for: answers, decisions on concern, feedback, removals.

The clocks say when each is due.

The clocks run again over the year's records. Only what is open is held: a matter is let go when it is settled.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from broker.deadlines import (
    CLOSED,
    Clock,
    Event,
    Matter,
    State,
    Times,
    after,
    event_of,
    link_of,
    overdue,
    seconds,
    sought,
)
from broker.model.vocabulary import Urgency
from broker.report.entries import AUTHORITY_KINDS, Entry
from broker.report.suppression import SUM, Cell, Sums
from broker.report.tables import Crosstab, Relation, Table

WITHIN, LATE, ENDED, RUNNING, OVERDUE = "within", "late", "ended", "running", "overdue"
_FOLLOWED = frozenset({Clock.ANSWER, Clock.DECISION, Clock.FEEDBACK, Clock.CONCERN, Clock.EFFECT})
"""The clocks whose end can be seen in a message."""

_CHILD = (Clock.DECISION.value, Clock.FEEDBACK.value, Clock.CONCERN.value)
_STATES = ("answered", "partly_answered", "refused", "withdrawn", "asked_back", "open", "overdue")
_OPEN_STATES = {State.PAUSED: "asked_back", State.PARTLY_ANSWERED: "partly_answered"}


class Waiting:
    """Runs the clocks. What is settled counts in the year when it was."""

    kinds = frozenset({
        "InformationRequest", "Clarification", "Interim", "Disclosure", "CaseSharing", "CouncilReferral", "Refusal",
        "Recall", "ConcernNotification", "ConcernDecision", "ConcernFeedback", "GuardianConversation", "ChannelAction",
    })  # fmt: skip

    def __init__(self, times: Times) -> None:
        self._times = times
        self._open: dict[str, Matter] = {}
        self._asked: dict[str, tuple[str, str, bool]] = {}
        """Of each open request: the kind of authority that is asked, its urgency, whether it is of the year."""
        self._on: dict[str, set[str]] = defaultdict(set)
        """Open matters by the message that they hang on, and by what links them to others on the same person."""
        self._states = Crosstab("request_states", "authority_kinds", "states")
        self._first = Crosstab("first_answer", "authority_kinds", "clock_states")
        self._last = Crosstab("last_answer", "authority_kinds", "clock_states")
        self._urgencies = Crosstab("answer_by_urgency", "urgencies", "clock_states")
        self._clocks = Crosstab("concern_clocks", "clocks", "clock_states")
        self._effects = Crosstab("removal_orders", "clocks", "clock_states")

    def take(self, entry: Entry) -> None:
        """Start, pause, resume or stop the clocks that a message touches."""
        event = self._event(entry)
        named = sought(event)
        keys = (*named.messages, *named.links)
        known = [self._open[id_] for id_ in sorted(set().union(*(self._on.get(key, ()) for key in keys)))]
        for matter in after(known, event, self._times):
            if matter.clock in _FOLLOWED:
                self._change(entry, self._open.get(matter.id), matter)

    def _event(self, entry: Entry) -> Event:
        event = event_of(entry.leaf, entry.seq)
        return event if event.about else event._replace(about=self._about(entry.in_reply_to))

    def _about(self, message: str | None) -> str | None:
        """Whom the message is about that is replied to."""
        return next((self._open[id_].about for id_ in sorted(self._on.get(message or "", ()))), None)

    def _change(self, entry: Entry, before: Matter | None, matter: Matter) -> None:
        if matter.clock is Clock.ANSWER:
            self._answer(entry, before, matter)
        elif matter.state in CLOSED and entry.counts:
            table = self._effects if matter.clock is Clock.EFFECT else self._clocks
            if matter.state is State.DONE:
                _settle(table, matter.clock.value, matter, matter.closed or matter.started)
            else:
                table.add(matter.clock.value, ENDED)
        for key in _keys(before) if before else ():
            self._on[key].discard(matter.id)
            if not self._on[key]:
                del self._on[key]
        if matter.state in CLOSED:
            self._open.pop(matter.id, None)
        else:
            self._open[matter.id] = matter
            for key in _keys(matter):
                self._on[key].add(matter.id)

    def _answer(self, entry: Entry, before: Matter | None, matter: Matter) -> None:
        if before is None:
            urgency = str(entry.stated["urgency"])
            self._asked[matter.id] = (entry.recipient.kind, urgency, entry.counts)
            return
        kind, urgency, of_the_year = self._asked[matter.id]
        at = seconds(entry.time)
        if entry.counts and len(matter.remaining) < len(before.remaining) == len(before.asked):
            _settle(self._first, kind, matter, at)
            _settle(self._urgencies, urgency, matter, at)
        if matter.state in CLOSED:
            del self._asked[matter.id]
            if of_the_year:
                self._states.add(kind, matter.state.value)
            if entry.counts and matter.state is not State.RECALLED:
                _settle(self._last, kind, matter, at)

    def tables(self, now: datetime) -> list[Table]:
        """The tables, with what is open as it stood at a moment."""
        at = seconds(now)
        for matter in self._open.values():
            is_late = overdue(matter, at)
            if matter.clock is Clock.ANSWER:
                kind, _, of_the_year = self._asked[matter.id]
                state = _OPEN_STATES.get(matter.state) or (OVERDUE if is_late else "open")
                self._states.add(kind, state, int(of_the_year))
            else:
                table = self._effects if matter.clock is Clock.EFFECT else self._clocks
                table.add(matter.clock.value, OVERDUE if is_late else RUNNING)
        return [
            self._states.table(
                _STATES,
                ranked=AUTHORITY_KINDS,
                shared={(SUM, SUM): "InformationRequest/forward"},
                relations=self._relations(),
                plot="stacked",
            ),
            _answers(self._first, plot="times"),
            _answers(self._last),
            _answers(self._urgencies, [urgency.value for urgency in Urgency]),
            _clocks(self._clocks, _CHILD, {(Clock.DECISION.value, SUM): "ConcernNotification/forward"}),
            _clocks(self._effects, (Clock.EFFECT.value,), {(Clock.EFFECT.value, SUM): "order/forward"}),
        ]

    def _relations(self) -> list[Relation]:
        """A first answer is all or a part, a last one gives or refuses: but for what is carried between years."""
        rows = [SUM, *sorted({row for row, _ in self._states.counts})]
        states = self._states.id
        first = [
            ((self._first.id, (row, SUM)), (self._last.id, (row, SUM)), (states, (row, "partly_answered")))
            for row in rows
        ]
        last = [((self._last.id, (row, SUM)), (states, (row, "answered")), (states, (row, "refused"))) for row in rows]
        return [*first, *last]


def _keys(matter: Matter) -> tuple[str, ...]:
    """By what an open matter is found."""
    link = link_of(matter)
    return (matter.message, link) if link else (matter.message,)


def _answers(table: Crosstab, rows: Sequence[str] = (), plot: str | None = None) -> Table:
    """Answers in time and not. First and last ones are mostly the same: hidden in one table, hidden in the other."""
    rated, kinds = (WITHIN, LATE), () if rows else AUTHORITY_KINDS
    names = {(row, column): f"answer/{row}/{column}" for row in (*kinds, SUM) for column in (*rated, SUM)}
    return table.table(rated, rows, ranked=kinds, timed=(SUM,), within=rated, shared=names, plot=plot)


def _clocks(table: Crosstab, rows: Sequence[str], shared: Mapping[Cell, str]) -> Table:
    """Clocks that ended in time or not, or otherwise, and those that run."""
    rated = (WITHIN, LATE)
    columns = (*rated, ENDED, RUNNING, OVERDUE)
    return table.table(columns, rows, sums=Sums.ACROSS, timed=rated, within=rated, shared=shared, plot="stacked")


def _settle(table: Crosstab, row: str, matter: Matter, at: int) -> None:
    """In time or not, and how long it took but for the time that a question back stood still."""
    table.add(row, WITHIN if at <= matter.due else LATE)
    table.durations_of(row).add(timedelta(seconds=at - matter.started - matter.paused))
