"""What lists show of a message: read once, when it comes or is sent, so that its contents need not be opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.agency import Json

_NUMBER = re.compile(r"(?:19|20)\d{10}")
_COORDINATION = 60
"""Added to the day of birth in a samordningsnummer."""


@dataclass(frozen=True)
class Summary:
    """Of one message."""

    urgency: str | None
    secret: bool
    protected: bool
    birth_date: str | None
    categories: tuple[str, ...]


def summary_of(kind: str, body: Json) -> Summary:
    """Whatever the body holds, and however strange it is."""
    subject = body.get("subject")
    protected = any(_protected(body))
    immediate = "immediate" if body.get("immediate") is True else None
    return Summary(
        urgency=immediate or (str(body["urgency"]) if body.get("urgency") else None),
        secret=kind == "InformationRequest" and bool(body.get("secrecy")),
        protected=protected,
        birth_date=_birth_date(subject) if isinstance(subject, dict) and not protected else None,
        categories=tuple(dict.fromkeys(_categories(body))),
    )


def _categories(body: Json) -> Iterator[str]:
    for category in _list(body.get("categories")):
        yield str(category)
    for item in _list(body.get("items")):
        if isinstance(item, dict) and item.get("category"):
            yield str(item["category"])


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _protected(value: object) -> Iterator[bool]:
    """Whether anybody who is named anywhere has a protected identity."""
    if isinstance(value, dict):
        yield value.get("protected_identity") not in (None, "none")
        for part in value.values():
            yield from _protected(part)
    elif isinstance(value, list):
        for part in value:
            yield from _protected(part)


def _birth_date(subject: Json) -> str | None:
    if subject.get("birth_date"):
        return str(subject["birth_date"])
    number = str(subject.get("id") or "")
    if not _NUMBER.fullmatch(number):
        return None
    day = int(number[6:8])
    try:
        return date(int(number[:4]), int(number[4:6]), day - _COORDINATION * (day > _COORDINATION)).isoformat()
    except ValueError:
        return None
