"""The receipt: what the broker answers the sender of each message (kvitto).

A receipt is the broker's own, so it is not among `KINDS`: nobody sends one in. Its fields name rules, places and
outcomes; none holds a value from the message.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from broker.model.days import Day
from broker.model.parts import MAX_ITEMS, MAX_LIST, GroundId, Part
from broker.model.vocabulary import Category, Outcome, WeighingTest

Asks = Annotated[tuple[WeighingTest, ...], Field(max_length=MAX_LIST)]
Index = Annotated[int, Field(ge=0)]


class ItemOutcome(StrEnum):
    """What becomes of one item (utfall för en uppgift)."""

    RELEASE = "release"
    WITHHOLD = "withhold"
    REFER = "refer"


class CarryingGround(Part):
    """A ground that carries something in the message (stöd för utlämnande)."""

    id: GroundId
    """The ground's id."""
    ref: str | None = None
    """The provision; null for a ground without one."""


class Bar(Part):
    """A rule that closes something (hinder)."""

    id: str
    """The rule's id."""
    ref: str | None = None
    """The provision; null for a rule without one."""
    items: Annotated[tuple[Index, ...], Field(max_length=MAX_ITEMS)] = ()
    """Indexes of the items that it closes; empty: the message as a whole."""


class Missing(Part):
    """One thing that is missing (vad som saknas): exactly one of these is stated."""

    fact: str | None = None
    """Id of a fact that was not stated, or may be looked at again."""
    test: WeighingTest | None = None
    """A weighing test without an answer."""
    consent: str | None = None
    """Id of a consent, or of a signature on one."""


class OpenGround(Part):
    """A ground that lacks only answers (stöd som väntar på en prövning)."""

    ground: GroundId
    """The ground's id."""
    ref: str | None = None
    """The provision; null for a ground without one."""
    asks: Asks = ()
    """Weighing tests that a human has to answer before it carries; empty: a reading, or a fact, is open."""


class ItemVerdict(Part):
    """The verdict on one item (beslut om en uppgift)."""

    item: Index
    """The item's index in the message."""
    outcome: ItemOutcome
    """Released, withheld or referred back."""
    ref: str | None = None
    """The provision that decided."""
    ground: str | None = None
    """The ground that it hangs on, where one is named."""
    asks: Asks = ()
    """Weighing tests that a human has to answer before it can be released."""
    refer_to: str | None = None
    """The function that may decide; null: the sender's own."""
    open: Annotated[tuple[OpenGround, ...], Field(max_length=MAX_LIST)] = ()
    """Of a referred item: every ground that lacks only answers, in order; `ground`, `ref` and `asks` name the first."""
    missing: Annotated[
        tuple[Annotated[tuple[Missing, ...], Field(max_length=MAX_LIST)], ...], Field(max_length=MAX_LIST)
    ] = ()
    """Sets each of which may be enough to let it go; what one question to the law gives."""


class Force(StrEnum):
    """How a ground binds the one who is asked (verkan)."""

    DUTY = "duty"
    PERMISSION = "permission"
    NARROW = "narrow"


class AskableGround(Part):
    """A ground that a category may be asked for under (möjligt stöd)."""

    id: GroundId
    """The ground's id."""
    ref: str | None = None
    """The provision; null for a ground without one."""
    asks: Asks = ()
    """Weighing tests that the answering authority has to make."""
    force: Force | None = None
    """A duty, a permission, or `narrow`: only in a situation that nobody has told of; null: not told."""


class Guidance(Part):
    """What can be had of one category that was asked for (vägledning)."""

    category: Category
    """Kind of information asked for."""
    grounds: Annotated[tuple[AskableGround, ...], Field(max_length=MAX_LIST)] = ()
    """Grounds that may carry it."""
    bars: Annotated[tuple[Bar, ...], Field(max_length=MAX_LIST)] = ()
    """Rules that close other grounds."""
    note: str | None = None
    """Stable id of a remark, or null."""


class AppealTime(Part):
    """Until when a decision can be appealed (överklagandetid)."""

    weeks: Annotated[int, Field(ge=1)]
    """Length of the time."""
    ref: str
    """The provision that sets it."""
    safest_from: str
    """What the time is safest counted from, as a stable id."""


class Appeal(Part):
    """How the decision that a refusal tells of is appealed (överklagande)."""

    to: str
    """Stable id of the instance, or of why there is none."""
    ref: str | None = None
    """The provision."""
    within: AppealTime | None = None
    """The time for it, where it is known."""


class AuditPlace(Part):
    """Where the record of the decision stands in the log (plats i loggen)."""

    leaf: str
    """Hash of the record's leaf, in hex (RFC 9162 2.1)."""
    seq: Index | None = None
    """The record's number in the log; null where the log runs apart."""


class Retention(Part):
    """Until when the broker keeps its sender's copy of the message (gallring)."""

    class_: Annotated[str, Field(alias="class")]
    """The class's id; what it rests on stands in the table of the law."""
    until: Day | None = None
    """The last day; null: not known yet, so it is kept."""


class Fault(Part):
    """Why a line could not be used (fel)."""

    code: str
    """Stable id of the fault."""
    detail: str
    """Field and rule, never the value."""


class Receipt(Part):
    """The broker's answer to one message or line (kvitto)."""

    message: UUID | None = None
    """The message's id; null when the line has none."""
    line: Annotated[int, Field(ge=1)] | None = None
    """Number of the line in its file; null when it does not come from one."""
    outcome: Outcome
    """What became of the message."""
    partial: bool = False
    """True when some items were released and others not."""
    grounds: Annotated[tuple[CarryingGround, ...], Field(max_length=MAX_LIST)] = ()
    """Grounds that carry something."""
    bars: Annotated[tuple[Bar, ...], Field(max_length=MAX_LIST)] = ()
    """Rules that close something."""
    items: Annotated[tuple[ItemVerdict, ...], Field(max_length=MAX_ITEMS)] = ()
    """One verdict for each item."""
    asks: Asks = ()
    """Of a message without items: weighing tests that a human has to answer first."""
    guidance: Annotated[tuple[Guidance, ...], Field(max_length=MAX_LIST)] = ()
    """For a request: what can be had of each category."""
    appeal: Appeal | None = None
    """Of a refusal: how it is appealed; null otherwise."""
    fetched: bool | None = None
    """Of a recall: true, what it recalls has been given out; false, that is not confirmed; null otherwise."""
    warnings: Annotated[tuple[str, ...], Field(max_length=MAX_LIST)] = ()
    """What the sender may not have meant to give out, by stable ids: `conditions_sent`, of a partial delivery."""
    doubtful: Annotated[tuple[str, ...], Field(max_length=MAX_LIST)] = ()
    """Ids of rules used that rest on an inference."""
    retention: Retention | None = None
    """Until when the broker keeps the sender's copy; null of what lies in quarantine."""
    policy: str | None = None
    """Revision of the policy that decided; null when none was asked."""
    audit: AuditPlace | None = None
    """Where the decision is recorded; null when nothing was recorded."""
    error: Fault | None = None
    """Why the line is in quarantine; null otherwise."""
