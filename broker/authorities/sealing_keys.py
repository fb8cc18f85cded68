"""Keys that contents are sealed to: each of one address, with the days on which it is in force."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_SIZE = 1184 + 32
"""Bytes of a public key: of ML-KEM-768, then of X25519."""


def key_id(public: bytes) -> str:
    """What a public key is called: whoever has the key can make its id, and tell it on the telephone."""
    return sha256(public).hexdigest()[:32]


class SealingKey(BaseModel):
    """A public key of an address. Its id is made from it, so that a slip of the pen is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    public: str = Field(max_length=2_000, repr=False)
    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="until")
    revoked: date | None = None
    """The day from which nothing may be sealed to it; None: it is not revoked."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        try:
            public = b64decode(self.public, validate=True)
        except ValueError:
            public = b""
        if len(public) != _SIZE or b64encode(public).decode("ascii") != self.public:
            raise ValueError("public: is no key for sealing: 1216 bytes in base64")
        if key_id(public) != self.id:
            raise ValueError("id: is not that of the public key beside it")
        if self.last is not None and self.last < self.first:
            raise ValueError("until: lies before from")
        return self

    def is_in_force(self, day: date) -> bool:
        """Whether contents may be sealed to it on a day."""
        is_valid = self.first <= day and (self.last is None or day <= self.last)
        return is_valid and (self.revoked is None or day < self.revoked)


SealingKeys = Annotated[tuple[SealingKey, ...], Field(max_length=20)]


def newest_in_force(keys: Iterable[SealingKey], day: date) -> SealingKey | None:
    """Which key to seal to on a day: of those in force the one that begins last; None: there is none."""
    return max((key for key in keys if key.is_in_force(day)), key=lambda key: (key.first, key.id), default=None)
