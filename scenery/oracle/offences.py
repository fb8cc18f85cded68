"""Penal scales of the offences that the county uses, read from the statutes, with what a paragraph asks of them."""

from dataclasses import dataclass
from datetime import date

from scenery.oracle.case import Case, Json, Unclear


@dataclass(frozen=True)
class Scale:
    """One degree's scale in months: the least prison (0: a fine, or the general minimum) and the most."""

    least: int
    most: int


_AMENDED = date(2026, 8, 1)
"""2026:1318 is in force from that day; earlier wordings of what it amended are not among the statutes at hand."""

_SCALES: dict[str, dict[str, Scale]] = {
    "BrB 3:5": {"normal": Scale(0, 24), "minor": Scale(0, 6)},
    "BrB 3:6": {"gross": Scale(18, 84), "very_gross": Scale(72, 144)},
    "BrB 4:4": {"normal": Scale(0, 24), "gross": Scale(12, 72)},
    "BrB 4:5": {"normal": Scale(0, 24), "gross": Scale(12, 48)},
    "BrB 8:2": {"normal": Scale(0, 6)},
    "BrB 8:5": {"normal": Scale(18, 72)},
    "BrB 16:5 a": {"normal": Scale(0, 72)},
    "2022:666 4 §": {"normal": Scale(48, 216), "minor": Scale(24, 72)},
    "2022:666 7 §": {"normal": Scale(0, 36), "gross": Scale(12, 72)},
    "1996:67 9:1 a": {"gross": Scale(48, 84), "very_gross": Scale(72, 120)},
}
"""Provision -> the scale of each degree that it names."""

_OF_2026 = ("BrB 3:6", "BrB 16:5 a")
"""Those whose scale 2026:1318 gave."""

_NO_SCALE = ("1968:64", "1951:649")
"""Statutes that are not at hand: a rule that asks for the scale must be left to a human."""

_PUNISHABLE_STAGES = {"BrB 8:5": {"attempt", "preparation", "conspiracy"}, "BrB 3:6": {"attempt", "preparation"}}
_TERRORIST = tuple(f"2022:666 {n} §" for n in ("4", "4 a", "5", "6", "7", "8", "9", "10"))


def _scales(case: Case, offence: Json) -> list[Scale] | None:
    """The scales that can be meant; None where the statute or its wording on that day is not at hand."""
    provision = offence["provision"]
    if provision.startswith(_NO_SCALE):
        return None
    if provision not in _SCALES:
        raise Unclear(f"the oracle has not read the scale of {provision}")
    by_degree = _SCALES[provision]
    day = date.fromisoformat(offence["date"]) if offence.get("date") else case.day
    if day < _AMENDED:
        if provision in _OF_2026:
            return None
        raise Unclear("from when a wording is known")
    degree = offence.get("degree")
    if degree is not None and degree not in by_degree:
        raise Unclear("a degree that the paragraph does not have")
    return [by_degree[degree]] if degree else list(by_degree.values())


def _agree(answers: set[bool]) -> bool | None:
    return answers.pop() if len(answers) == 1 else None


def least_at_least(case: Case, months: int) -> bool | None:
    """Whether the least prison is at least so many months; None: the scales fall on both sides, or are not known."""
    assert case.offence is not None
    scales = _scales(case, case.offence)
    return None if scales is None else _agree({scale.least >= months for scale in scales})


def prison_in_scale(case: Case) -> bool | None:
    """Whether prison is in the scale; None where the statute is not at hand."""
    assert case.offence is not None
    scales = _scales(case, case.offence)
    return None if scales is None else all(scale.most > 0 for scale in scales)


def stage(case: Case) -> str:
    """Completed, or a stage before it that must be punishable."""
    assert case.offence is not None
    stated: str = case.offence.get("stage", "completed")
    if stated != "completed" and stated not in _PUNISHABLE_STAGES.get(case.offence["provision"], ()):
        raise Unclear("whether that stage is punishable")
    return stated


def in_chapters(case: Case, *chapters: int) -> bool:
    """Whether it is an offence in one of these chapters of brottsbalken."""
    assert case.offence is not None
    provision: str = case.offence["provision"]
    return any(provision.startswith(f"BrB {chapter}:") for chapter in chapters)


def is_terrorist(case: Case) -> bool:
    """2022:666 4-10 §§."""
    assert case.offence is not None
    return case.offence["provision"] in _TERRORIST


def is_statute(case: Case, *statutes: str) -> bool:
    """Whether the offence is in one of these statutes, written "1968:64"."""
    assert case.offence is not None
    provision: str = case.offence["provision"]
    return provision.startswith(tuple(f"{statute} " for statute in statutes))
