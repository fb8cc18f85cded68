"""What the pages show of the law, from its own tables: nothing is decided here."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from agents.agency.broker import Json
from agents.agency.texts import Texts
from broker import bundle


def lets_go(test: str, *, holds: bool) -> bool:
    """Whether an answer to a test speaks for that the information is given. Raises KeyError of what is no test."""
    answers: Mapping[str, bool] = _tables()["missing"]["for_release"]
    return answers[test] is holds


def secrecies() -> tuple[str, ...]:
    """Provisions on secrecy that are often named."""
    return tuple(_tables()["missing"]["secrecy"])


def is_duty(ground: str) -> bool:
    """Whether what carries under a ground must be given, and not only may."""
    return bool(_tables()["law"]["grounds"].get(ground, {}).get("duty"))


def may_send(kind: str, authority: str, sort: str) -> bool:
    """Whether an authority of a sort (`municipality`, `school` …) is among those who may send a kind."""
    row = _tables()["law"]["kinds"][kind]
    only = row["only_senders"]
    if only is not None:
        return authority in only["authorities"] or sort in only["kinds"]
    return sort not in row["barred_senders"]


def function(role: str) -> str:
    """A role as the function that has assessed something, in Swedish: it goes to the other side."""
    return Texts("sv").term("roles", role)


def statute(ground: str) -> Json | None:
    """The text of a ground's paragraph: `ref`, `statute`, `text`, `in_force`, `amended_by`; None: there is none."""
    row = _tables()["law"]["grounds"].get(ground)
    return None if row is None else _bundle().statutes.get("/".join(row["at"]))


@cache
def _bundle() -> bundle.Bundle:
    return bundle.load()


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(_bundle().tables)
    return tables
