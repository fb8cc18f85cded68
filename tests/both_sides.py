"""Which days the dated law turns on, and which of the shared cases ask on both sides of each.

A *demand* is a turn (what turns, and the first day on which it reads otherwise); it is met by one case the day before
and one on the day. Turns are read from the annotations' days (`policies/law/grounds`), the dated tables and the days in
the rules; a new day without its two cases is a demand that is not met (`tests/test_both_sides.py`).
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from policy_tools import POLICIES

CASES = Path(__file__).parent / "cases"
ALWAYS = 19000101
"""The first day that a question may have: what holds from then has no day before."""

Turn = tuple[str, ...]
"""What turns: its sort, and which one of it."""

_LISTS = {
    "sfs_2025_170/section_2": {"s170_4", "s170_5", "s170_6", "s170_7_request", "s170_7_own"},
    "sfs_2025_170/section_5": {"s170_5"},
    "sfs_2016_775/section_2": {"s2016_774"},
    "sol_19/section_1": {"sol_19_1"},
}
"""Each list of authorities, and the grounds that ask it."""


def table(path: str) -> Any:
    """A table of the law."""
    return json.loads((POLICIES / path / "data.json").read_text("utf-8"))


def the_day_before(day: int) -> int:
    return _shifted(day, -1)


def the_day_after(day: int) -> int:
    return _shifted(day, 1)


def _shifted(day: int, days: int) -> int:
    there = date(day // 10000, day // 100 % 100, day % 100) + timedelta(days)
    return there.year * 10000 + there.month * 100 + there.day


def turns() -> dict[Turn, set[int]]:
    """Each thing that turns, with the first days on which it reads otherwise than the day before."""
    found: dict[Turn, set[int]] = {}
    for turn, day in _dated():
        if day > ALWAYS:
            found.setdefault(turn, set()).add(day)
    return found


def _dated() -> Iterator[tuple[Turn, int]]:
    for ground, row in table("law/grounds").items():
        yield from ((("ground", ground), row[field]) for field in ("from", "known_from"))
        yield from _ended(("ground", ground), row)
    for file in sorted((POLICIES / "statutes").rglob("*.rego")):
        annotation = dict(re.findall(r'^#   (ground|ceases): "?([^"\n]+)"?$', file.read_text("utf-8"), re.M))
        if {"ground", "ceases"} <= set(annotation):
            yield ("ground", annotation["ground"]), int(annotation["ceases"].replace("-", ""))
    for place in _LISTS:
        for authority, row in table(f"statutes/{place}")["authorities"].items():
            yield ("authority", place, authority), row["from"]
            yield from _ended(("authority", place, authority), row)
    for provision, rows in table("offences")["scales"].items():
        for row in rows:
            yield ("scale", provision, row["degree"], "completed"), row["from"]
            yield from _ended(("scale", provision, row["degree"], "completed"), row)
            yield from ((("scale", provision, row["degree"], stage), row["stages_from"]) for stage in row["stages"])
    for row in table("exchanges/refusal")["appeal_within"]:
        yield ("appeal",), row["from"]
        yield from _ended(("appeal",), row)
    for programme, row in table("programmes")["members"].items():
        yield from _ended(("members", programme), row)
    for file in sorted(POLICIES.rglob("*.rego")):
        if not file.name.endswith("_test.rego"):
            for of, day in re.findall(
                r"^[^#\n]*?(\w+\.)?day (?:<|>=|>|<=|==|!=) (\d{8})", file.read_text("utf-8"), re.M
            ):
                yield ("rule", file.parent.name, "offence" if of == "offence." else "message"), int(day)


def _ended(turn: Turn, row: dict[str, Any]) -> Iterator[tuple[Turn, int]]:
    if row["to"] is not None:
        yield turn, the_day_after(row["to"])


def asked() -> Iterator[tuple[str, dict[str, Any]]]:
    """The question of each shared case, by its title."""
    bases = json.loads((CASES / "bases.json").read_text("utf-8"))["bases"]
    for file in sorted(CASES.glob("*.json")):
        for group, cases in json.loads(file.read_text("utf-8")).get("cases", {}).items():
            for title, case in cases.items():
                yield f"{group}: {title}", merged(bases[case["base"]], case["input"])


def merged(base: Any, over: Any) -> Any:
    """The second over the first: objects key by key, everything else replaced."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    return base | {key: merged(base[key], value) if key in base else value for key, value in over.items()}


def asks(question: dict[str, Any], kinds: dict[str, Any], grounds: dict[str, Any]) -> Iterator[tuple[Turn, int]]:
    """What a question asks of: the turns, and on which day."""
    tried = set(question["basis"]) or set(kinds[question["kind"]]["grounds"] or ())
    day, offence = question["day"], question["offence"]
    yield from ((("ground", ground), day) for ground in tried)
    for place, asking in _LISTS.items():
        if tried & asking:
            yield from ((("authority", place, question[party]["authority"]), day) for party in ("sender", "recipient"))
    if offence:
        yield ("scale", offence["provision"]["provision"], str(offence["degree"]), offence["stage"]), offence["day"]
    if question["kind"] == "Refusal":
        yield ("appeal",), day
    if question["kind"] == "CaseSharing":
        yield ("members", question["programme"]), day
    for file in _files_of(tried, grounds) | {"section_1a", "section_3a", "section_6"}:
        yield ("rule", file, "message"), day
        if offence:
            yield ("rule", file, "offence"), offence["day"]


def _files_of(tried: set[str], grounds: dict[str, Any]) -> set[str]:
    sections = {grounds[ground]["at"][1] for ground in tried}
    return sections | ({"section_2"} if "s2016_774" in tried else set())


def unmet() -> list[str]:
    """Each turn that no case asks on the day before, or on the day itself."""
    kinds, grounds = table("law")["kinds"], table("law/grounds")
    met = {pair for _, question in asked() for pair in asks(question, kinds, grounds)}
    return sorted(
        f"{' '.join(turn)}: {day}"
        for turn, firsts in turns().items()
        for first in firsts
        for day in (the_day_before(first), first)
        if (turn, day) not in met
    )
