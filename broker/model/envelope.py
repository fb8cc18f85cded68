"""The envelope that every message has, whatever its kind (kuvert)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import AfterValidator, model_validator

from broker.model.days import Instant, swedish_day
from broker.model.identity import mentions_person
from broker.model.parts import AreaCode, Assessment, AuthorityId, CaseNumber, OfficerId, Part, Subject
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
    """What every message carries around its body, and what its path asks of a kind: each answers in its own class."""

    REPLIES_TO: ClassVar[frozenset[str]] = frozenset({"InformationRequest"})
    """Kinds that it may reply to."""
    REGISTERS: ClassVar[bool] = False
    """Whether it is kept in a register: another registration ends it, and no recall."""

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

    def flags(self, recipient_code: str | None) -> dict[str, Any] | None:
        """What a message without items states, as the rules see it; None of a kind without any.

        No identity and no free text; what a flag means in law is said in `policies/exchanges/`. `recipient_code`: the
        recipient's municipality code.
        """
        return None

    def earlier(self) -> Mapping[str, UUID]:
        """The sender's earlier message that it changes or goes on from, under what the record calls that."""
        return {}

    def can_be_answered(self) -> bool:
        """Whether other messages may name it (`in_reply_to`)."""
        return False

    def holds_a_number(self) -> bool:
        """Whether a person's number stands in a text of the body."""
        return any(map(mentions_person, _texts(getattr(self, "body"))))  # noqa: B009 - each kind has its own

    def concerns_a_person(self) -> bool:
        """Whether the body is about a person: by its subject, or by a person's number in a text."""
        return getattr(getattr(self, "body"), "subject", None) is not None or self.holds_a_number()  # noqa: B009

    @model_validator(mode="after")
    def _what_has_happened_lies_behind(self) -> Self:
        today = swedish_day(self.time)
        for place, day in self.happened():
            if day > today:
                raise ValueError(f"{place}: has happened, but lies after the message's day")
        return self


def _texts(part: Part) -> Iterator[str]:
    """Every text in a part: not of the person whom it is about, assessments (their reasons stay) and locators."""
    for name in type(part).model_fields.keys() - {"locators"}:
        value = getattr(part, name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, Part) and not isinstance(entry, Subject | Assessment):
                yield from _texts(entry)
