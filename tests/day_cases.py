"""Writes the shared cases of the tables' days, a line each: `python tests/day_cases.py`.

What is wanted is told by the second reading of the statutes (`tests/data/second_reading_*`) and not by the law as code;
the table itself is asked only which day is inferred. A test holds the files to what is written here.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from both_sides import CASES, the_day_before, turns
from second_reading import SUCCEEDED, Scale, listed, table, typed

Case = dict[str, Any]
INFERRED = 10000
"""A day that is inferred is doubtful for a year."""
_OPEN = ("sfs_2016_775/section_2", "ekobrottsmyndigheten")
"""[I] Named "när den bedriver polisiär verksamhet" alone: for a human."""
_EARLIER = "sfs_2016_775/section_2"
"""[I] Its first list is read in a later wording."""


class Asked(NamedTuple):
    """How it is asked whether an authority is named: of whom, as which party, and by which ground."""

    base: str
    party: str
    ground: str
    ref: str
    answers: dict[str, bool]


_SECRECY = {"need": True, "secrecy_clearly_prevails": False}
_ASKED = {
    "sfs_2025_170/section_2": Asked("forsakringskassan_to_police", "recipient", "s170_5", "2025:170 5 §", _SECRECY),
    "sfs_2025_170/section_5": Asked("forsakringskassan_to_police", "sender", "s170_5", "2025:170 5 §", _SECRECY),
    "sfs_2016_775/section_2": Asked(
        "forsakringskassan_to_police",
        "sender",
        "s2016_774",
        "2016:774 2 §",
        {"need": True, "overriding_reasons": False},
    ),
    "sol_19/section_1": Asked("police_to_social_services", "sender", "sol_19_1", "SoL 19:1", {"child_at_risk": True}),
}


def written() -> dict[str, dict[str, Case]]:
    """The cases of each file, by title."""
    return {"days_of_scales": dict(_of_scales()), "days_of_authorities": dict(_of_authorities())}


def text(group: str, cases: dict[str, Case]) -> str:
    """The file: a case a line."""
    lines = ",\n".join(f"{json.dumps(title, ensure_ascii=False)}: {_line(case)}" for title, case in cases.items())
    return f'{{"cases": {{"{group}": {{\n{lines}\n}}}}}}\n'


def _line(case: Case) -> str:
    return json.dumps(case, ensure_ascii=False, separators=(",", ":"))


# --- scales: OSL 10:24 carries where imprisonment is in the scale, and the act is punishable at its stage


_COMMITTED: Case = {
    "committed": True,
    "subject_is": "suspect",
    "subject_age": 25,
    "victim_under_18": None,
    "close_relation": None,
    "connected_with_school": None,
}


def _of_scales() -> Iterator[tuple[str, Case]]:
    scales = typed() | _successors()
    for (sort, *which), firsts in sorted(turns().items()):
        if sort == "scale":
            provision, degree, stage = which
            rows = [scale for scale in scales if (scale.provision, scale.degree) == (provision, degree)]
            for day in sorted({side for first in firsts for side in (the_day_before(first), first)}):
                yield f"{provision}, {degree}, {stage}, {day}", _of_scale(provision, degree, stage, day, rows)


def _successors() -> set[Scale]:
    """[I] What is said of a repealed act is read as the same under its successor."""
    return {
        scale._replace(
            since=SUCCEEDED[statute],
            until=None,
            stages_since=SUCCEEDED[statute] if scale.stages else scale.stages_since,
        )
        for scale in typed()
        for statute in SUCCEEDED
        if scale.provision.startswith(f"{statute} ")
    }


def _of_scale(provision: str, degree: str, stage: str, day: int, rows: list[Scale]) -> Case:
    known = [row for row in rows if row.since <= day and (row.until is None or day <= row.until)]
    verdict, why = _verdict(known, stage, day)
    item: Case = {
        "outcome": verdict,
        "ref": "OSL 10:24",
        "ground": None if verdict == "withhold" else "osl_24",
        "asks": [],
    }
    want: Case = {"outcome": "forward" if verdict == "release" else verdict, "items": {"0": item}}
    if verdict == "withhold":
        want["bars"] = {"osl_24": ["0"]}
    if _inferred(provision, degree, day):
        want["doubtful"] = ["osl_24"]
    statute, _, rest = provision.partition(" ")
    named = {
        "provision": provision,
        "named": provision,
        "statute": statute,
        "chapter": int(rest.partition(":")[0]) if ":" in rest else 0,
        "stycke": None,
    }
    offence = _COMMITTED | {"provision": named, "degree": degree, "stage": stage, "day": day}
    return {"because": why, "base": "offence_to_police", "input": {"offence": offence}, "want": want}


def _verdict(known: list[Scale], stage: str, day: int) -> tuple[str, str]:
    if not known:
        return "refer", "No wording is known of the day."
    if stage != "completed" and any(day < row.stages_since for row in known):
        return "refer", "The wording on the stage is not that of the day."
    punished = {row.greatest != 0 and (stage == "completed" or stage in row.stages) for row in known}
    if punished == {True}:
        return "release", "Imprisonment is in the scale of the day."
    if punished == {False}:
        return "withhold", "No imprisonment is in the scale of the day."
    return "refer", "One scale has imprisonment, another not."


def _inferred(provision: str, degree: str, day: int) -> bool:
    return any(
        "successor" in row or day < row["from"] + INFERRED
        for row in table("offences")["scales"][provision]
        if row["degree"] == degree
        and row["doubtful"]
        and row["from"] <= day
        and (row["to"] is None or day <= row["to"])
    )


# --- authorities: in a list from its first day, and in none before


def _of_authorities() -> Iterator[tuple[str, Case]]:
    for turn, firsts in sorted(turns().items()):
        if turn[0] == "authority":
            for first in firsts:
                _, place, authority = turn
                for day in (the_day_before(first), first):
                    yield f"{place}, {authority}, {day}", _of_authority(place, authority, day, day >= first)


def _of_authority(place: str, authority: str, day: int, is_named: bool) -> Case:
    assert authority in listed(place), f"{authority} is not read in {place}"
    asked = _ASKED[place]
    verdict = "withhold" if not is_named else "refer" if (place, authority) == _OPEN else "release"
    item: Case = {"outcome": verdict, "ref": asked.ref, "ground": asked.ground, "asks": []}
    if not is_named:
        item["ground"] = None
    want: Case = {"outcome": "forward" if verdict == "release" else verdict, "items": {"0": item}}
    if not is_named:
        want["bars"] = {asked.ground: ["0"]}
    if place == _EARLIER:
        want["doubtful"] = [asked.ground]
    party = (
        asked.party if authority != "polismyndigheten" else "recipient" if asked.base.endswith("police") else "sender"
    )
    given: Case = {
        "basis": [asked.ground],
        "day": day,
        party: {"id": authority, "authority": authority, "kinds": ["state_authority"], "unit": "registry"},
        "items": {"0": {"answers": {test: {"*": said} for test, said in asked.answers.items()}}},
    }
    why = f"{asked.ref}: named from that day." if is_named else f"{asked.ref}: not yet in force."
    return {"because": why, "base": asked.base, "input": given, "want": want}


if __name__ == "__main__":
    for name, cases in written().items():
        (CASES / f"{name}.json").write_text(text(name, cases), "utf-8")
