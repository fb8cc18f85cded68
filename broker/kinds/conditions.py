"""The kind that tells the police of a curfew condition for a child or a young person (särskilt villkor).

What a notice must hold depends on its event, the person's age and the place: the law says it (`policies/`), so that one
that lacks something is left to a human. Names and contacts stand in the delivered message only.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from broker.facts.registers import Context
from broker.kinds.message import Message
from broker.model.days import Day, as_number
from broker.model.parts import MAX_LIST, Account, Note, Part, ShortText, Subject, has_words
from broker.model.vocabulary import ConditionEvent, IdType, ProtectedIdentity


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


_HOME = "home"
_NUMBERED = (IdType.PERSONNUMMER, IdType.SAMORDNINGSNUMMER)


def _is_told(guardian: Guardian) -> bool:
    """Who it is, and how to reach that person: that it is not known is an answer."""
    return (guardian.subject is not None or has_words(guardian.name)) and has_words(guardian.contact)


CONTENT: Mapping[str, Callable[[ConditionNoticeBody], bool]] = {
    "name": lambda body: has_words(body.name),
    "number": lambda body: body.subject is not None and body.subject.id_type in _NUMBERED,
    "contact": lambda body: has_words(body.contact),
    "text": lambda body: body.condition is not None and has_words(body.condition.text),
    "place": lambda body: body.condition is not None and has_words(body.condition.place),
    "times": lambda body: body.condition is not None and has_words(body.condition.times),
    "within_youth_care": lambda body: body.within_youth_care is not None,
    "guardians": lambda body: bool(body.guardians) and all(map(_is_told, body.guardians)),
    "in_charge": lambda body: body.in_charge is not None and has_words(body.in_charge.contact),
    "valid_from": lambda body: body.valid_from is not None,
    "valid_until": lambda body: body.valid_until is not None,
}
"""What a notice of a condition may hold, and when it does."""


class ConditionNotice(Message):
    """The social board tells the police of a condition to stay at home or at another place at certain times."""

    kind: Literal["ConditionNotice"]
    """The message's kind."""
    body: ConditionNoticeBody
    """The condition."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What of its content is there, and nothing of what it says."""
        body = self.body
        place = body.condition.place if body.condition else None
        return {
            "event": body.event,
            "notice": body.notice is not None,
            "subject": body.subject is not None,
            "elsewhere": place.strip() != _HOME if place and has_words(place) else None,
            "given": [name for name, is_there in CONTENT.items() if is_there(body)],
            "valid_until": as_number(body.valid_until) if body.valid_until else None,
            "guardian_protected": any(
                guardian.subject and guardian.subject.protected_identity is not ProtectedIdentity.NONE
                for guardian in body.guardians
            ),
        }

    def persons(self) -> list[Subject]:
        """And the guardians."""
        return [*self.subjects(), *(guardian.subject for guardian in self.body.guardians if guardian.subject)]

    def earlier(self) -> Mapping[str, UUID]:
        """The start of the condition that it concerns."""
        return {"condition": self.body.notice} if self.body.notice else {}

    def refers_to_own(self, context: Context) -> bool | None:
        """The start is the sender's own, to this recipient and on this person."""
        if self.body.notice is None:
            return None
        start = context.facts.sent_message(context.sender.id, self.body.notice)
        if start is None or (start.kind, start.recipient) != (self.kind, context.recipient.id):
            return False
        return context.about in (None, start.about) and context.is_own(self.body.notice)

    def can_be_answered(self) -> bool:
        """The start of a condition, by what comes of it."""
        return self.body.event is ConditionEvent.START
