"""The kind that tells the police of a curfew condition for a child or a young person (särskilt villkor).

What a notice must hold depends on its event, the person's age and the place: the law says it (`policies/`), so that one
that lacks something is left to a human. Names and contacts stand in the delivered message only.
"""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from broker.model.days import Day
from broker.model.envelope import Envelope
from broker.model.parts import MAX_LIST, Account, Note, Part, ShortText, Subject
from broker.model.vocabulary import ConditionEvent


class Condition(Part):
    """The condition's content and extent (villkorets innehåll och omfattning)."""

    text: Account = ""
    """What the person must do."""
    place: ShortText | None = None
    """home, or the name of the place where the person must stay; null: not stated."""
    times: Account = ""
    """The times at which the person must be there."""


class Guardian(Part):
    """A guardian of the child (vårdnadshavare)."""

    subject: Subject | None = None
    """The guardian, or null."""
    name: ShortText | None = None
    """The guardian's name; null: not stated."""
    contact: Note = ""
    """How the guardian is reached; "not known" is an answer."""


class InCharge(Part):
    """Who looks after the child where that is not at home (den som har uppsikt)."""

    function: ShortText | None = None
    """Function or activity; null: not stated."""
    contact: Note = ""
    """How they are reached; "not known" is an answer."""


class ConditionNoticeBody(Part):
    """What the police are told of a condition (upplysning om ett särskilt villkor)."""

    subject: Subject | None = None
    """The child or young person; null where the notice says whom it is about."""
    name: ShortText | None = None
    """The person's name; null: not stated."""
    contact: Note = ""
    """How the person is reached; "not known" is an answer."""
    event: ConditionEvent
    """Whether the condition starts, has an exception, is changed or has ended."""
    notice: UUID | None = None
    """The start that it concerns; null: that was sent outside Samband, or this is the start."""
    condition: Condition | None = None
    """The condition; in an exception or a change, what is other than before."""
    within_youth_care: bool | None = None
    """Does it hold within a sentence to youth care (utdömd ungdomsvård)? Null: not stated."""
    guardians: Annotated[tuple[Guardian, ...], Field(max_length=MAX_LIST, fail_fast=True)] = ()
    """The child's guardians."""
    in_charge: InCharge | None = None
    """Who looks after the child at another place than home."""
    valid_from: Day | None = None
    """First day; null: not stated."""
    valid_until: Day | None = None
    """Last day; null: until further notice."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self


class ConditionNotice(Envelope):
    """The social board tells the police of a condition to stay at home or at another place at certain times."""

    kind: Literal["ConditionNotice"]
    """The message's kind."""
    body: ConditionNoticeBody
    """The condition."""
