"""What is sent in a fault run: a generated county's month, each line from its sender's outbox."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from broker import authorities, topics
from broker.authorities import Register
from scenery.county.generate import rows
from scenery.county.places import County


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
        self.register.write_bytes(place.register_file())
        self._register = authorities.load(self.register)
        self._lines = [row.line for row in rows(place, days=30, seed=str(seed), size=messages)]
        self.sent = list(self._told(self._register))
        """In order."""

    @property
    def parties(self) -> list[str]:
        """Who sends or may receive."""
        named = {party for line in self._lines for party in _parties(line) if party}
        known = {party.id for name in named if (party := self._register.find(name))}
        return sorted(known | {topics.sender(sent.topic) or "" for sent in self.sent})

    def _told(self, register: Register) -> Iterator[Sent]:
        """A line without a known sender comes from whoever sent the one before."""
        last = "polismyndigheten"
        for line in self._lines:
            party = register.find(next(iter(_parties(line)), "") or "")
            last = party.id if party else last
            headers = {"content-type": "application/json"}
            yield Sent(topics.outbox(last), line, headers | ({"ce_id": found} if (found := _id(line)) else {}))


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
