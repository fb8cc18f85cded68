"""The envelope that every message has, whatever its kind (kuvert)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, model_validator

from broker.model.days import Instant, swedish_day
from broker.model.parts import AreaCode, AuthorityId, CaseNumber, OfficerId, Part
from broker.model.vocabulary import Role, Unit

_VERSION = 7


def _version_7(value: UUID) -> UUID:
    if value.version != _VERSION:
        raise ValueError("must be a UUID of version 7")
    return value


MessageId = Annotated[UUID, AfterValidator(_version_7)]
"""UUIDv7 (RFC 9562 5.7)."""


class Sender(Part):
    """Who sends (avsändare)."""

    authority: AuthorityId
    """Id of the authority or other registered party."""
    unit: Unit = Unit.REGISTRY
    """The part of it that sends: its own recorded statement."""
    role: Role = Role.OFFICER
    """The function that acts: its own recorded statement."""
    officer: OfficerId | None = None
    """Who decided, an id of the authority's own and never a person's number: a token in the log, never delivered."""


class Recipient(Part):
    """Who receives (mottagare); one recipient a message."""

    authority: AuthorityId
    """Id of the authority or other registered party."""
    unit: Unit = Unit.REGISTRY
    """The part of it that receives."""
    area: AreaCode | None = None
    """Municipality code or police region id, or null."""


class Envelope(Part):
    """What every message carries around its body."""

    id: MessageId
    """The message's id, unique for its sender."""
    sender: Sender
    """Who sends."""
    recipient: Recipient
    """Who receives."""
    time: Instant
    """When it was sent, with zone."""
    case: CaseNumber | None = None
    """The sender's diarienummer; a token in every log, delivered with an answer only."""
    in_reply_to: MessageId | None = None
    """The request that this answers; null: own initiative."""

    @model_validator(mode="after")
    def _what_has_happened_lies_behind(self) -> Self:
        today = swedish_day(self.time)
        for place, day in self.past_days():
            if day > today:
                raise ValueError(f"{place}: has happened, but lies after the message's day")
        return self
