"""Desks: units of an authority that are apart in login, outbox and inbox; and whom to call there.

An address is where something is sent from or lies: an authority's own, `kommun-0127`, or a desk's,
`kommun-0127/social_services`. Between desks secrecy holds as between authorities, so none reaches another's.
"""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, Protocol, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from broker.authorities.hours import Hours
from broker.authorities.sealing_keys import SealingKeys
from broker.model.signs import is_unseen
from broker.model.vocabulary import Unit

_BETWEEN = "/"
"""Stands between an authority's id and a desk's name; neither can hold it."""


class Address(NamedTuple):
    """Where something is sent from, or lies: an authority's own (`desk` is None), or one desk's."""

    authority: str
    desk: str | None = None

    @classmethod
    def read(cls, text: str) -> "Address":
        """As it is written; whether anybody has it is for the register to say."""
        authority, between, desk = text.partition(_BETWEEN)
        return cls(authority, desk if between else None)

    def __str__(self) -> str:
        return self.authority if self.desk is None else f"{self.authority}{_BETWEEN}{self.desk}"


def _visible(text: str) -> str:
    if text != text.strip() or any(map(is_unseen, text)):
        raise ValueError("has a blank at an end, or a sign that is not seen")
    return text


def _read_hours(text: str) -> str:
    Hours(text)
    return text


class Contact(BaseModel):
    """Whom to call: a function, never a person. `hours` as in `hours.Hours`; None: not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    function: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_visible)]
    telephone: str = Field(pattern=r"^\+?[0-9](?:[0-9 -]{1,22})[0-9]$")
    hours: Annotated[str, Field(max_length=200), AfterValidator(_read_hours)] | None = None

    @property
    def opening(self) -> Hours | None:
        """When it answers, to ask."""
        return Hours(self.hours) if self.hours is not None else None


Contacts = Annotated[tuple[Contact, ...], Field(max_length=20)]


class Desk(BaseModel):
    """Units of an authority that are apart from its others. `agreements`: it may confirm them for the authority."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    authority: str
    name: str = Field(alias="desk", pattern=r"^[a-z0-9_-]{1,40}$")
    units: Annotated[tuple[Unit, ...], Field(min_length=1, max_length=len(Unit))]
    agreements: bool = False
    contacts: Contacts = ()
    keys: SealingKeys = ()

    @property
    def address(self) -> str:
        """Whose login, outbox and inbox it is."""
        return str(Address(self.authority, self.name))


class _HasMore(Protocol):
    """What can have contacts and keys."""

    @property
    def contacts(self) -> Contacts: ...
    @property
    def keys(self) -> SealingKeys: ...
    def model_copy(self, *, update: Mapping[str, Any]) -> Self: ...


_Party = TypeVar("_Party", bound=_HasMore)


class MoreOf(BaseModel):
    """Contacts and keys of a registered authority, or of a desk of it: a row that says nothing else of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    authority: str
    desk: str | None = None
    contacts: Contacts = ()
    keys: SealingKeys = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.contacts or self.keys):
            raise ValueError("has neither contacts nor keys")
        return self

    def added_to(self, party: _Party) -> _Party:
        """The party with them. Raises ValueError with one line where it has some."""
        if self.contacts and party.contacts:
            raise ValueError("its contacts are given twice: put them in one row")
        if self.keys and party.keys:
            raise ValueError("its keys are given twice: put them in one row")
        return party.model_copy(update={"contacts": self.contacts or party.contacts, "keys": self.keys or party.keys})
