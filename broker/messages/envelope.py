"""The envelope that every message has, whatever its kind (kuvert)."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, model_validator

from broker.messages.parts import OUTSIDE, AreaCode, AuthorityId, CaseNumber, Part
from broker.vocabulary import YEARS, Role, Unit

SWEDEN = ZoneInfo("Europe/Stockholm")
"""Where days are counted."""

_VERSION = 7
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)


def _version_7(value: UUID) -> UUID:
    if value.version != _VERSION:
        raise ValueError("must be a UUID of version 7")
    return value


def _time(value: object) -> object:
    """Text as a moment. Left to itself, pydantic takes a number in quotes for seconds since 1970, zone or no zone."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.upper() if _TIME.fullmatch(value) else "")
    except ValueError:
        raise ValueError("must be a time, RFC 3339 text") from None


def _time_or_day(value: object) -> object:
    """As `_time`; a day alone is its last second in Sweden: what is due on a day is due until it ends."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return _time(value)
    try:
        return datetime.combine(date.fromisoformat(value), time(23, 59, 59), SWEDEN)
    except ValueError:
        raise ValueError("must be a time, RFC 3339 text, or a day, YYYY-MM-DD") from None


def _utc(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise ValueError(OUTSIDE) from None
    if moment.year not in YEARS:
        raise ValueError(OUTSIDE)
    return moment


def swedish_day(moment: datetime) -> date:
    """The Swedish calendar day of a moment."""
    return moment.astimezone(SWEDEN).date()


MessageId = Annotated[UUID, AfterValidator(_version_7)]
"""UUIDv7 (RFC 9562 5.7)."""

Instant = Annotated[AwareDatetime, BeforeValidator(_time), AfterValidator(_utc)]
"""A moment with its zone, kept in UTC with microseconds."""


Deadline = Annotated[AwareDatetime, BeforeValidator(_time_or_day), AfterValidator(_utc)]
"""A moment, or a day, by whose end in Sweden something is due."""


class Sender(Part):
    """Who sends (avsändare)."""

    authority: AuthorityId
    """Id of the authority or other registered party."""
    unit: Unit = Unit.REGISTRY
    """The part of it that sends: its own recorded statement."""
    role: Role = Role.OFFICER
    """The function that acts: its own recorded statement."""


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
        for place, day in self.happened():
            if day > today:
                raise ValueError(f"{place}: has happened, but lies after the message's day")
        return self
