"""What a clock runs on: a matter that somebody has to settle, the events that touch it, the notices that come of it.

All three are plain values that can be written as JSON and read back. Nothing in them is an identity or a free text: a
person is a token, or not there at all.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Self
from uuid import UUID

from broker.model.vocabulary import IdType, Outcome


class Clock(StrEnum):
    """What is waited for."""

    ANSWER = "answer"
    """An answer to a request (svar på begäran)."""
    PROTECTION = "protection"
    """The immediate assessment on a notification of concern (omedelbar skyddsbedömning)."""
    DECISION = "decision"
    """The decision on a notification of concern (förhandsbedömning)."""
    FEEDBACK = "feedback"
    """What a mandated reporter who asked is told (information till anmälaren)."""
    INQUIRY = "inquiry"
    """The end of an inquiry (utredning)."""
    EFFECT = "effect"
    """The removal that a platform is ordered to make (avlägsnande)."""
    PRESERVATION = "preservation"
    """The end of the time for which removed content is kept (bevarande)."""
    CONCERN = "concern"
    """The notification that a talk with guardians gave cause for (anmälan efter orossamtal)."""
    CONDITION = "condition"
    """A notice of a condition that lacks something, and has not gone out (upplysning om särskilt villkor)."""
    CONDITION_END = "condition_end"
    """The word that a condition whose time is out has ended (upplysning om att villkoret har upphört)."""
    OPENED = "opened"
    """That a person opens what was delivered (öppnad av en person)."""
    REGISTERED = "registered"
    """That what was opened is registered (registrerad)."""


UNSEEN = frozenset({Clock.PROTECTION, Clock.INQUIRY, Clock.PRESERVATION})
"""No kind of message tells that these are done: the broker reminds, but never calls them overdue."""


class State(StrEnum):
    """Where a matter stands. Overdue is no state: it follows from the due time (`overdue`)."""

    OPEN = "open"
    PAUSED = "paused"
    """A question back waits for the asker."""
    INTERIM = "interim"
    """An interim answer has come."""
    PARTLY_ANSWERED = "partly_answered"
    ANSWERED = "answered"
    REFUSED = "refused"
    RECALLED = "withdrawn"
    """The sender has taken the message back; what stands in data folders keeps the older word."""
    NOT_FOR_US = "not_for_us"
    """Whoever it was delivered to says that it is not theirs."""
    DONE = "done"
    """Settled, where there is no answer to speak of; or nothing more to remind of."""


CLOSED = frozenset({State.ANSWERED, State.REFUSED, State.RECALLED, State.NOT_FOR_US, State.DONE})
_NEVER_LATE = frozenset({State.RECALLED, State.NOT_FOR_US})


class Matter(NamedTuple):
    """One clock that runs, or has run. Moments are seconds since 1970 (`clocks.seconds`)."""

    id: str
    """Derived from what it is about: the same event opens the same matter."""
    clock: Clock
    message: str
    """Id of the message that it hangs on: request, notification, order, talk."""
    sender: str
    """Whose message that is: an id belongs to its sender."""
    holder: str
    """Who must act."""
    holder_unit: str
    asker: str | None
    """Who waits; None: nobody, or nobody whose name is kept."""
    asker_unit: str | None
    about: str | None
    """Token of whom it is about; None where there is none to link by."""
    started: int
    due: int
    position: int
    """Place in the log of the last event that it has taken in."""
    changed: int = 0
    """When that was."""
    ref: str | None = None
    """The provision that sets the term; None: the broker's own term, or the asker's deadline."""
    state: State = State.OPEN
    step: int = 0
    """How many steps of its ladder are taken."""
    next_at: int | None = None
    """When to look again; None: nothing more comes by the passing of time."""
    paused_since: int | None = None
    paused: int = 0
    """Seconds that it has been paused in all; the due time has moved by as many."""
    question: str | None = None
    """The question back that paused it last."""
    prompted: bool = False
    """Has the asker been reminded of that question?"""
    before: State | None = None
    """The state that it goes back to after a pause."""
    quiet_until: int | None = None
    """When an interim answer expects the answer: no notice goes out before."""
    asked: tuple[str, ...] = ()
    """The categories of a request."""
    remaining: tuple[str, ...] = ()
    """Those of them that are neither given nor refused."""
    given: bool = False
    """Has any of them been given?"""
    feedback: bool = False
    """Of a decision: is feedback owed once it is made?"""
    closed: int | None = None
    """When it was settled."""
    kind: str | None = None
    """Of what is to be opened or registered: the message's kind."""
    lasting: bool = False
    """Of such: does its recipient answer for it until it is decided or passed on, whoever it was meant for?"""
    immediate: bool = False
    """Of such: can it not wait until somebody is in the office?"""

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """A matter from its fields as JSON or a table holds them."""
        before = row.get("before")
        typed = {
            "clock": Clock(row["clock"]),
            "state": State(row["state"]),
            "before": State(before) if before else None,
            "asked": tuple(row["asked"]),
            "remaining": tuple(row["remaining"]),
            **{flag: bool(row.get(flag)) for flag in ("feedback", "prompted", "given", "lasting", "immediate")},
        }
        return cls(**{**row, **typed})


class Event(NamedTuple):
    """A decided message, as far as clocks need it.

    `position` is its place in the log, higher for each later event: what has been taken in once is not taken in again.
    `about` is the token of the message's person or organisation, or of the message that it replies to.
    """

    position: int
    id: str
    kind: str
    time: int
    sender: str
    sender_unit: str
    recipient: str
    recipient_unit: str
    outcome: str = Outcome.FORWARD
    in_reply_to: str | None = None
    about: str | None = None
    grounds: tuple[str, ...] = ()
    """Ids of the grounds that carried it."""
    stated: Mapping[str, Any] = MappingProxyType({})
    """The flags that its body states, as in the policy input."""
    categories: tuple[str, ...] = ()
    """Of a request: what is asked for. Of a refusal: what it covers."""
    unanswered: tuple[str, ...] = ()
    """Of an answer: the asked categories of which it gives nothing."""
    deadline: int | None = None
    """Of a request: the asker's own."""
    expected: int | None = None
    """Of an interim answer: when the answer is expected."""
    recalls: str | None = None
    """Of a recall: the message that is taken back."""
    condition: str | None = None
    """Of a notice of a condition: the start that it concerns."""
    acknowledges: str | None = None
    """Of an acknowledgement: the delivery that it is about."""
    unit: str | None = None
    """Of a delivery that is handed over: the unit that has it now."""
    by_person: bool = True
    """Is it not a system alone that sends it?"""
    to_be_seen: bool = False
    """Does it lie with somebody who is to open and register it?"""

    @property
    def forwarded(self) -> bool:
        """Was it delivered?"""
        return self.outcome == Outcome.FORWARD


@dataclass(frozen=True)
class Notice:
    """What is told because time has passed. The same step to the same party has the same id, and is one notice."""

    id: str
    """A UUIDv7, derived."""
    authority: str
    unit: str
    notice: str
    """Stable id of what is told, such as reminder or overdue."""
    clock: Clock
    message: str
    sender: str
    due: int
    at: int
    """When the step was reached, by the table: the notice's own time."""
    ref: str | None
    kind: str | None = None
    """Of what is not opened or registered: the message's kind."""
    lies_with: tuple[str, str] | None = None
    """Of such: with which authority and unit, to call."""
    immediate: bool = False
    """Of such: can it not wait until somebody is in the office?"""


def overdue(matter: Matter, now: int) -> bool:
    """Is it late and still not settled? While it is paused its clock stands still."""
    if matter.state in CLOSED or matter.clock in UNSEEN:
        return False
    return (now if matter.paused_since is None else min(now, matter.paused_since)) > matter.due


def is_escalated(matter: Matter, now: int) -> bool:
    """Is it overdue, and the last step of its ladder taken: all who are to be told have been?"""
    return overdue(matter, now) and matter.next_at is None and matter.paused_since is None


def late(matter: Matter) -> bool:
    """Was it settled after its due time? One that was withdrawn, or not its holder's, never was."""
    settled = matter.state in CLOSED - _NEVER_LATE and matter.clock not in UNSEEN
    return settled and matter.closed is not None and matter.closed > matter.due


def linkable(about: str | None) -> str | None:
    """The token to link by, or None: a person without an id is linked with nothing."""
    return None if about == IdType.UNKNOWN else about


def derive_id(started: int, *names: str) -> str:
    """A UUIDv7 (RFC 9562 5.7) that is the same for the same start and names: its random bits are their SHA-256."""
    mixed = int.from_bytes(hashlib.sha256("\0".join(names).encode()).digest()[:10])
    milliseconds = max(started, 0) * 1000
    bits = (milliseconds & (1 << 48) - 1) << 80 | mixed
    return str(UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62))
