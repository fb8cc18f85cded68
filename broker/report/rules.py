"""What the report's rules are, as data beside this module: how parties are grouped, the smallest number shown."""

import csv
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

UNKNOWN = "unknown"
"""Stands where a record does not tell."""


@dataclass(frozen=True)
class Rules:
    """`sectors` are tried in their order; `smallest_shown` is the smallest count that is not hidden."""

    sectors: tuple[dict[str, Any], ...]
    smallest_shown: int

    @property
    def sector_ids(self) -> tuple[str, ...]:
        """Every sector once."""
        return tuple(dict.fromkeys(str(group["id"]) for group in self.sectors))

    def sector(self, authority: str, kinds: Collection[str], unit: str, message: tuple[str, str]) -> str:
        """The sector of a party; `message` is whether it `sends` or `receives`, and a message of which kind."""
        way, kind = message
        for group in self.sectors:
            if (
                authority in group.get("authorities", ())
                or unit in group.get("units", ())
                or kind in group.get(way, ())
                or not set(kinds).isdisjoint(group.get("kinds", ()))
            ):
                return str(group["id"])
        return UNKNOWN


def load() -> Rules:
    """The rules as they are installed."""
    tables = json.loads((files(__package__) / "rules.json").read_text("utf-8"))
    return Rules(tuple(tables["sectors"]), tables["smallest_shown"])


def counties() -> Mapping[str, str]:
    """Names of the counties (län) by code."""
    rows = csv.DictReader((files("broker.authorities") / "regions.csv").read_text("utf-8").splitlines())
    return {row["region_code"]: row["county_name"] for row in rows}
