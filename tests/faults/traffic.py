"""What is sent in a fault run: a generated county's month, each line from its sender's outbox or its desk's.

Some lines later the recipient registers what it has got, or hands it over to another desk.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import NamedTuple
from uuid import UUID

from broker import authorities, topics
from broker.authorities import Register
from scenery.county.generate import rows
from scenery.county.places import County

_DESKS = {
    "kommun-0980": {"social_services": ["social_services"], "schools": ["education_office", "school"]},
    "polismyndigheten": {"areas": ["police_area"]},
}
_LATER = 100
"""Lines between a message and what becomes of it."""
_SOME = 4
"""Of so many messages one is acknowledged."""


class Sent(NamedTuple):
    """One message on its way."""

    topic: str
    value: bytes
    headers: dict[str, str]


class Traffic:
    """So many messages of a county; `register`: the file that it needs, written into `folder`."""

    def __init__(self, county: str, messages: int, seed: int, folder: Path) -> None:
        place = County(county, Random(f"places {seed} {county}"))
        self.register = folder / "authorities.json"
        desks = [
            {"authority": party, "desk": name, "units": units}
            for party, apart in _DESKS.items()
            for name, units in apart.items()
        ]
        self.register.write_text(json.dumps([*json.loads(place.register_file()), *desks]))
        self._register = authorities.load(self.register)
        month = [row.line for row in rows(place, days=30, seed=str(seed), size=messages)]
        self._lines = list(self._acknowledged(month, Random(f"acknowledgements {seed}")))
        self.sent = list(self._told(self._register))
        """In order."""

    @property
    def parties(self) -> list[str]:
        """Who sends or may receive."""
        named = {party for line in self._lines for party in _parties(line) if party}
        known = {party.id for name in named if (party := self._register.find(name))}
        desks = {desk.address for party in known for desk in self._register.desks(party)}
        return sorted(known | desks | {topics.sender(sent.topic) or "" for sent in self.sent})

    def located(self, authority: str, unit: str) -> str:
        """Where what goes to a unit lies."""
        return self._register.address(authority, unit)

    def _acknowledged(self, month: list[bytes], rng: Random) -> Iterator[bytes]:
        """The month, with an acknowledgement some lines after some of its messages."""
        later = [self._acknowledgement(line, rng) if not rng.randrange(_SOME) else None for line in month]
        for line, acknowledgement in zip(month, [None] * _LATER + later, strict=False):
            yield line
            if acknowledgement is not None:
                yield acknowledgement

    def _acknowledgement(self, line: bytes, rng: Random) -> bytes | None:
        """What the recipient says of a message; None of one that is its own, or where nobody is named."""
        try:
            told = json.loads(line)
            (sender, recipient), unit = (told[end]["authority"] for end in ("sender", "recipient")), told["recipient"]
            to, by = self._register.find(sender), self._register.find(recipient)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        body = told.get("body")
        if to is None or by is None or to == by or (isinstance(body, dict) and body.get("anonymous")):
            return None
        own = unit.get("unit", "registry")
        desks = [desk.units[0] for desk in self._register.desks(by.id) if own not in desk.units]
        over = {"state": "handed_over", "unit": rng.choice(desks)} if desks else {"state": "registered"}
        said = {
            **{"id": _number(told["time"], rng), "kind": "Acknowledgement", "time": told["time"]},
            **{"sender": {"authority": by.id, "unit": own}, "recipient": {"authority": to.id}},
            "body": {"message": told["id"], **over},
        }
        return json.dumps(said).encode()

    def _told(self, register: Register) -> Iterator[Sent]:
        """A line without a known sender comes from whoever sent the one before."""
        last = "polismyndigheten"
        for line in self._lines:
            party = register.find(next(iter(_parties(line)), "") or "")
            last = register.address(party.id, _unit(line)) if party else last
            headers = {"content-type": "application/json"}
            yield Sent(topics.outbox(last), line, headers | ({"ce_id": found} if (found := _id(line)) else {}))


def _number(time: str, rng: Random) -> str:
    """A UUIDv7 of this time."""
    bits = int(datetime.fromisoformat(time).timestamp() * 1000) << 80 | rng.getrandbits(80)
    return str(UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62))


def _unit(line: bytes) -> str:
    return str(json.loads(line)["sender"].get("unit", "registry"))


def _parties(line: bytes) -> list[str]:
    try:
        told = json.loads(line)
        first = [told["sender"]["authority"], told["recipient"]["authority"]]
        body = told.get("body") or {}
        return [party for party in (*first, *body.get("parties", ())) if isinstance(party, str)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _id(line: bytes) -> str | None:
    try:
        return str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError):
        return None
