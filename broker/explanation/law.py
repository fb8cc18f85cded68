"""What the law's table says of kinds, for those who show what was decided.

Nothing is decided here.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from broker import bundle


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(bundle.load().tables)
    return tables


def _law() -> dict[str, Any]:
    law: dict[str, Any] = _tables()["law"]
    return law


def own_grounds(kind: str) -> Mapping[str, str | None]:
    """The grounds that a kind without items rests on, in order, and their references; empty for the others."""
    table = _law()
    return {ground: table["grounds"][ground]["ref"] for ground in table["kinds"][kind]["grounds"] or ()}


def ref(ground: str) -> str | None:
    """The reference of any ground, those of kinds without items too."""
    reference: str | None = _law()["grounds"][ground]["ref"]
    return reference


def bar_ref(bar: str) -> str | None:
    """The reference of a bar that is no ground; None where it rests on no paragraph, or is no bar."""
    reference: str | None = _law()["bars"].get(bar)
    return reference


def for_release(test: str) -> bool:
    """Which answer to a test supports release."""
    answer: bool = _tables()["missing"]["for_release"][test]
    return answer
