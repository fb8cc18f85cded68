"""Why a line could not be used, in Swedish: one text for each English one that a receipt or record holds.

Receipts and records keep the English, which is stable; people are told in their own language.
"""

import re
from functools import cache

from broker import texts
from broker.kinds.faults import BETWEEN

_PLACE = re.compile(r"(?P<place>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*): (?P<text>.*)", re.DOTALL)


def in_swedish(detail: str) -> str:
    """A detail in Swedish, fault by fault; what has no Swedish text stays as it is."""
    return BETWEEN.join(_one(fault) for fault in detail.split(BETWEEN))


def _one(fault: str) -> str:
    placed = _PLACE.fullmatch(fault)
    if placed is None:
        return _translate(fault) or fault
    return _translate(fault) or f"{placed['place']}: {_translate(placed['text']) or placed['text']}"


def _translate(text: str) -> str | None:
    for english, swedish in _patterns():
        match = english.fullmatch(text)
        if match:
            return swedish.format(*map(_name, match.groups())).replace("' or '", "' eller '")
    return None


def _name(value: str) -> str:
    """What a detail holds; a kind of message by its name too."""
    name = texts.read("sv")["kinds"].get(value)
    return f"{name} ({value})" if name else value


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each English text as a pattern; those that leave most open come last."""
    parts = sorted(texts.read("sv")["details"].items(), key=lambda both: (both[0].count("{}"), -len(both[0])))
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), swedish)
        for english, swedish in parts
    ]
