"""What a bench sends: independent requests of ordinary size, or a county's conversations as a backlog."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, Protocol

from broker import authorities
from scenery.county.generate import rows
from scenery.county.people import number_subject
from scenery.county.places import County

Json = dict[str, Any]

_SCHOOLS = 250
"""Beside the 370 of the public register: 620."""
_PEOPLE = 500
_TURN = 20
"""Messages of one authority's that come one after the other in a backlog."""
_NEED = "Underlag för att bedöma risken att den unge dras in i brott, inför mötet i samverkansgruppen på torsdag."


class House:
    """Who takes part in a bench."""

    def __init__(self, folder: Path) -> None:
        """Writes the register's file into the folder."""
        places = sorted(party.id.removeprefix("kommun-") for party in authorities.load() if "kommun-" in party.id)
        schools = [
            {
                "authority": f"skola-{place}-1",
                "name": f"Exempelskolan {place}",
                "kind": "school",
                "principal": f"kommun-{place}",
            }
            for place in places[:_SCHOOLS]
        ]
        self.file = folder / "authorities.json"
        self.file.write_text(json.dumps(schools, ensure_ascii=False), "utf-8")

    @cached_property
    def ids(self) -> list[str]:
        """All of them."""
        return sorted(party.id for party in authorities.load(self.file))


@dataclass(frozen=True)
class Sent:
    """One message: from whose outbox, to whom, and its line."""

    id: str
    sender: str
    recipient: str
    line: bytes


class Work(Protocol):
    """What a way is given to do."""

    load: str
    register: Path
    ids: Sequence[str]
    """Who has an outbox and an inbox."""

    def messages(self, count: int) -> list[Sent]:
        """So many that were never sent before."""


class Independent:
    """Requests that refer to nothing, between the first so many of a house; one alone sends to one that only gets."""

    load = "independent"

    def __init__(self, house: House, count: int) -> None:
        self.register = house.file
        self.ids: Sequence[str] = list(house.ids[: max(count, 2)])

    def messages(self, count: int) -> list[Sent]:
        """So many, their time now."""
        return list(requests(self.ids, count, into=1 if len(self.ids) == 2 else None))


class Backlog:
    """A county's stories: each authority's own in order, authorities by turns as Kafka gives them."""

    load = "conversation"

    def __init__(self, folder: Path) -> None:
        """Writes the register's file into the folder."""
        self._county = County("01", Random("places"))
        self.register = folder / "county.json"
        self.register.write_bytes(self._county.register_file())
        self._known = authorities.load(self.register)
        self._turn = 0
        own = {str(row["authority"]) for row in json.loads(self.register.read_bytes())}
        others = {end for sent in self._month(1_500, "parties") for end in (sent.sender, sent.recipient)}
        self._taking_part = own | others
        self.ids: Sequence[str] = sorted(self._taking_part)

    def messages(self, count: int) -> list[Sent]:
        """A month of so many lines, never the same; without the few of those who are seldom in it."""
        self._turn += 1
        return self.backlog(count, self._turn)

    def backlog(self, count: int, seed: int) -> list[Sent]:
        """The month of this seed, by turns."""
        by_sender: dict[str, list[Sent]] = {}
        for sent in self._month(count, str(seed)):
            if {sent.sender, sent.recipient} <= self._taking_part:
                by_sender.setdefault(sent.sender, []).append(sent)
        rng, lines = Random(f"turns {seed}"), list[Sent]()
        while by_sender:
            sender = rng.choice(list(by_sender))
            lines += by_sender[sender][:_TURN]
            del by_sender[sender][:_TURN]
            if not by_sender[sender]:
                del by_sender[sender]
        return lines

    def _month(self, count: int, seed: str) -> Iterator[Sent]:
        """In the order of its days; a line whose sender can't be read comes from whoever sent the one before."""
        last = "polismyndigheten"
        for row in rows(self._county, days=30, seed=f"bench {seed}", size=count):
            id_, (sender, recipient) = _ends(row.line)
            last = party.id if (party := self._known.find(sender)) else last
            yield Sent(id_, last, found.id if (found := self._known.find(recipient)) else last, row.line)


def _ends(line: bytes) -> tuple[str, tuple[str, str]]:
    """A line's id, and whom it names as sender and recipient; of a broken one what can be read."""
    try:
        told = json.loads(line)
    except ValueError:
        told = {}
    fields = told if isinstance(told, dict) else {}
    ends = (fields.get(end) for end in ("sender", "recipient"))
    sender, recipient = (str(end.get("authority", "")) if isinstance(end, dict) else "" for end in ends)
    return str(fields.get("id", "")), (sender, recipient)


def requests(ids: Sequence[str], messages: int, *, into: int | None = None) -> Iterator[Sent]:
    """So many requests, their time now, sent round about; `into`: to so many recipients only."""
    rng = Random("bench")
    people = [number_subject(rng, date(2010, 1 + n % 12, 1 + n % 28), "0180") for n in range(_PEOPLE)]
    recipients = ids[-into:] if into else ids
    senders = [party for party in ids if party not in recipients] if into else ids
    for n in range(messages):
        sender = senders[n % len(senders)]
        recipient = recipients[(n + 1 + n // len(ids)) % len(recipients)]
        if recipient == sender:
            recipient = recipients[(recipients.index(recipient) + 1) % len(recipients)]
        number = new_id()
        body = {
            "purpose": "prevent",
            "need": _NEED,
            "subject": people[n % _PEOPLE],
            "categories": ["housing", "school_attendance"],
        }
        message = {
            "id": number,
            "kind": "InformationRequest",
            "sender": {"authority": sender},
            "recipient": {"authority": recipient},
            "time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "body": body,
        }
        yield Sent(number, sender, recipient, json.dumps(message, ensure_ascii=False).encode())


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): milliseconds, then chance."""
    value = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
