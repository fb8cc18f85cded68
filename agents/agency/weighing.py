"""What the law asks of a human who answers: the questions of each ground, with what their answers state."""

from collections.abc import Iterator

from .broker import Json
from .lines import Delivery

NEGATED = frozenset({"not_unsuitable"})
"""Tests that state the contrary of what their paragraph asks: yes to the question is false."""
FALLS_AWAY = frozenset({"exceptional_reasons", "secrecy_clearly_prevails", "overriding_reasons"})
"""Weighings of secrecy: not asked where a human says that no provision applies; what is left is told in the preview."""
ONCE = "no_provision_applies"
"""Asked of every item that names no secrecy, whatever its ground: asked as the secrecy itself."""
_FORCES = {"duty": 0, "permission": 1, "narrow": 2}


def holds(test: str, *, answer: bool) -> bool:
    """What an assessment states when a question of the paragraph has been answered with yes or no."""
    return answer is not (test in NEGATED)


def grounds_for(request: Delivery, category: str) -> list[Json]:
    """What may carry an answer: duties first, then what is likely, then what is for special situations."""
    rows = [row for row in request.guidance if row.get("category") == category]
    grounds = [ground for row in rows for ground in row.get("grounds") or ()]
    return sorted(grounds, key=lambda ground: _FORCES.get(str(ground.get("force")), len(_FORCES)))


def tests_of(ground: Json, *, none: bool) -> list[str]:
    """What a ground asks of an item; `none`: a human says that no provision on secrecy applies to it."""
    return [test for test in ground.get("asks") or () if test != ONCE and not (none and test in FALLS_AWAY)]


def open_grounds(kept: Json) -> Iterator[Json]:
    """Of an item of a receipt, or a receipt without any: every ground that lacks only answers."""
    first = {"ground": kept.get("ground"), "ref": kept.get("ref"), "asks": kept.get("asks") or ()}
    yield from (ground for ground in kept.get("open") or ([first] if first["asks"] else ()) if ground.get("asks"))
