"""How a story is told: one call a message; each story has its own clock, place and dice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from scenery.county.month import later, soon
from scenery.county.people import of_unknown_age, someone
from scenery.county.places import County
from scenery.town.places import Desk

Json = dict[str, Any]

_SWEDEN = ZoneInfo("Europe/Stockholm")


_PROTECTED = ("sekretessmarkering", "sekretessmarkering", "skyddad_folkbokforing", "fingerade_uppgifter")


@dataclass(frozen=True)
class Draft:
    """A message that will be sent at its time."""

    at: datetime
    message: Json


class Ids:
    """Ids of version 7 (RFC 9562 5.7) that depend on nothing but the seed, the moment and the count before them."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._counts = count()

    def number(self) -> int:
        """The next number."""
        return next(self._counts)

    def new(self, at: datetime) -> str:
        """The next id."""
        milliseconds, n = int(at.timestamp() * 1000), next(self._counts)
        digest = hashlib.sha256(f"{self._seed} {milliseconds} {n}".encode()).digest()
        low, high = int.from_bytes(digest[:8]) >> 2, int.from_bytes(digest[8:10]) >> 4
        return str(UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low))


class Story:
    """One course of events in one municipality: its messages in order, each at its time."""

    def __init__(self, county: County, ids: Ids, rng: Random, at: datetime) -> None:
        self.county = county
        self.rng = rng
        self.at = at
        self.place = rng.choice(county.municipalities)
        self.drafts: list[Draft] = []
        self._ids = ids

    @property
    def day(self) -> date:
        """The Swedish day on which the story now is."""
        return self.at.astimezone(_SWEDEN).date()

    def desk(self, name: str) -> Desk:
        """A desk in the story's municipality, or of the county or the state."""
        return self.county.desk(name, self.place, self.rng)

    def person(self, youngest: int, oldest: int, *, protected: bool = False) -> Json:
        """Somebody of that age who lives here."""
        more = {"protected_identity": self.rng.choice(_PROTECTED)} if protected else {}
        return someone(self.rng, self.day, (youngest, oldest), self.place, **more)

    def stranger(self) -> Json:
        """Somebody whose age is not known."""
        return of_unknown_age(self.rng)

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.rng.random() < share

    def turn(self, name: str, courses: int) -> int:
        """Which of a story's so many courses it takes now: each in its turn."""
        self.county.turns[name] += 1
        return (self.county.turns[name] - 1) % courses

    def wait(self, days: tuple[float, float]) -> None:
        """Some days pass."""
        self.at = later(self.rng, self.at, days)

    def send(
        self, kind: str, sender: Desk, to: Desk, body: Json, *, reply: str | None = None, case: str | None = None
    ) -> str:
        """A message; then some minutes pass. Gives its id. Fields that are None are left out."""
        own = self._ids.new(self.at)
        message = {
            "id": own,
            "kind": kind,
            "sender": sender.sends(),
            "recipient": to.receives(),
            "time": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            **omit_empty(case=case, in_reply_to=reply),
            "body": omit_empty(**body),
        }
        self.drafts.append(Draft(self.at, message))
        self.at = soon(self.rng, self.at)
        return own

    def unique(self, prefix: str) -> str:
        """A name that no other story has."""
        return f"{prefix}-{self._ids.number():06}"

    def case(self, prefix: str) -> str:
        """A diarienummer."""
        return f"{prefix}-{self.day.year}-{self.rng.randrange(10_000):04}"


Teller = Callable[[Story], None]
"""What tells a story."""


def omit_empty(**fields: Any) -> Json:
    """The fields that hold something: null and empty ones are left out."""
    return {name: value for name, value in fields.items() if value not in (None, [], "")}
