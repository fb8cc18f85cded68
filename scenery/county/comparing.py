"""Compares what came with what is expected: line by line, only what the expectation fixes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A line on which receipt and expectation differ."""

    line: int
    expected: Json
    found: Json


def differences(expected: Iterable[Json], receipts: Iterable[Json]) -> Iterator[Difference]:
    """Each line of `expected.jsonl` whose receipt, the one in the same place, says something else.

    Raises ValueError when there are more of the ones than of the others.
    """
    for row, receipt in zip(expected, receipts, strict=True):
        received = _comparable(receipt, row)
        if received != row:
            yield Difference(row["line"], row, received)


def _comparable(receipt: Json, row: Json) -> Json:
    """Of a receipt, what the expectation speaks of."""
    outcome: Json = {"line": row["line"], "outcome": receipt["outcome"]}
    if receipt["outcome"] == "quarantine":
        return {**outcome, "code": receipt["error"]["code"]}
    if receipt.get("partial"):
        outcome["partial"] = True
    items = sorted(receipt.get("items", []), key=lambda item: int(item["item"]))
    wanted = row.get("items", [])
    if items or wanted:
        outcome["items"] = [
            _item(item, wanted[place] if place < len(wanted) else {}) for place, item in enumerate(items)
        ]
    if "bars" in row:
        outcome["bars"] = sorted({bar["id"] for bar in receipt.get("bars", [])})
    return outcome


def _item(item: Json, wanted: Json) -> Json:
    outcome = {name: item[name] for name in ("item", "outcome", "ref")}
    return {**outcome, "asks": sorted(item["asks"])} if "asks" in wanted else outcome
