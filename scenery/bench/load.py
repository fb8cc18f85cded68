"""What a bench sends: requests of ordinary size between so many authorities, each from another to another."""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

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
class Request:
    """One request: who sends it, to whom, and its line."""

    id: str
    sender: str
    recipient: str
    line: bytes


def requests(ids: list[str], messages: int, *, into: int | None = None) -> Iterator[Request]:
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
        yield Request(number, sender, recipient, json.dumps(message, ensure_ascii=False).encode())


def conversations(folder: Path, messages: int, seed: int) -> tuple[Path, list[bytes]]:
    """A county's stories as a backlog: each authority's own in order, authorities by turns as Kafka gives them.

    Gives the register's file, which it writes into the folder, and the lines.
    """
    county = County("01", Random(f"places {seed}"))
    file = folder / "county.json"
    file.write_bytes(county.register_file())
    by_sender: dict[str, list[bytes]] = {}
    for row in rows(county, days=30, seed=f"bench {seed}", size=messages):
        by_sender.setdefault(_sender(row.line), []).append(row.line)
    rng, lines = Random(f"turns {seed}"), list[bytes]()
    while by_sender:
        sender = rng.choice(list(by_sender))
        turn, rest = by_sender[sender][:_TURN], by_sender[sender][_TURN:]
        lines += turn
        by_sender = (
            {**by_sender, sender: rest} if rest else {name: by_sender[name] for name in by_sender.keys() - {sender}}
        )
    return file, lines


def _sender(line: bytes) -> str:
    """Whose line it is; of a broken one nobody's."""
    try:
        return str(json.loads(line)["sender"]["authority"])
    except (ValueError, TypeError, KeyError):
        return ""


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): milliseconds, then chance."""
    value = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
