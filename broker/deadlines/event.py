"""Reads an audit record as an event: the record holds all that the clocks need, so that they run wherever it is read.

Beside what the record says anyway, `clock` holds what only clocks ask for; a field that has nothing to say is left
out. Records from before it was written lack it and are read as far as they go: all asked categories that the message
does not release then count as unanswered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broker.deadlines.clocks import seconds
from broker.deadlines.deadline import Event
from broker.model.vocabulary import Category, Role

Json = Mapping[str, Any]


def unit_of(leaf: Json) -> str:
    """For which unit of the recipient a message was: the one stated, or that to which it went where none was."""
    unit: str = (leaf.get("clock") or {}).get("unit") or leaf["recipient"]["unit"]
    return unit


def event_of(leaf: Json, position: int) -> Event:
    """The event that the record of a decided message tells of. `position` is its place in the log.

    In: the record's object, with `record` = `decision`. Raises KeyError, TypeError or ValueError when it is not one.
    """
    asked, clock = leaf["input"], leaf.get("clock")
    return Event(
        position=position,
        id=leaf["message"],
        kind=leaf["kind"],
        time=_moment(leaf["time"]),
        sender=leaf["sender"]["authority"],
        sender_unit=leaf["sender"]["unit"],
        recipient=leaf["recipient"]["authority"],
        recipient_unit=unit_of(leaf),
        outcome=leaf["receipt"]["outcome"],
        in_reply_to=leaf["in_reply_to"],
        about=leaf["subject"] or (clock or {}).get("about"),
        grounds=tuple(ground["id"] for ground in leaf["receipt"]["grounds"]),
        stated=asked.get("stated") or {},
        categories=_categories(leaf),
        unanswered=_unreleased_categories(leaf) if clock is None else tuple(clock.get("unanswered", ())),
        deadline=_moment(clock["deadline"]) if clock and "deadline" in clock else None,
        expected=_moment(clock["expected"]) if clock and "expected" in clock else None,
        recalls=leaf.get("recalls"),
        condition=leaf.get("condition"),
        acknowledges=leaf.get("acknowledges"),
        unit=leaf.get("unit"),
        by_person=leaf["sender"].get("role") != Role.SYSTEM,
        to_be_seen=bool(clock and clock.get("to_be_seen")),
    )


def _moment(text: str) -> int:
    return seconds(datetime.fromisoformat(text))


def _categories(leaf: Json) -> tuple[str, ...]:
    """What a request asks for, each once, in its order; or what a refusal covers."""
    if leaf["kind"] == "InformationRequest":
        items = sorted(leaf["input"]["items"].items(), key=lambda item: int(item[0]))
        return tuple(dict.fromkeys(str(item["category"]) for _, item in items))
    stated = leaf["input"].get("stated") or {}
    return tuple(str(category) for category in stated.get("categories", ()))


def _unreleased_categories(leaf: Json) -> tuple[str, ...]:
    items = leaf["input"]["items"]
    released = {items[str(item["item"])]["category"] for item in leaf["receipt"]["items"] if _is_released(item)}
    return tuple(category.value for category in Category if category not in released)


def _is_released(item: Json) -> bool:
    return bool(item["outcome"] == "release")
