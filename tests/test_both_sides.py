"""Each first and last day of the dated law is asked from both sides by a shared case: a new day without two fails."""

import json

import both_sides
import pytest
from both_sides import CASES, the_day_after, the_day_before, turns, unmet
from day_cases import text, written


def test_each_day_of_the_law_is_asked_the_day_before_and_on_the_day() -> None:
    assert len(turns()) >= 550
    assert unmet() == []


@pytest.mark.parametrize(
    "turn",
    [
        ("ground", "osl_15a"),
        ("scale", "BrB 16:5 a", "normal", "completed"),
        ("scale", "BrB 4:1", "normal", "attempt"),
        ("authority", "sfs_2025_170/section_5", "lantmateriet"),
        ("rule", "section_3a", "message"),
    ],
    ids=" ".join,
)
def test_a_day_that_no_case_asks_is_named(turn: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the law to turn on another day than it does, two cases would be missing."""
    moved = {turn: {20290315}}
    monkeypatch.setattr(both_sides, "turns", lambda: moved)
    assert unmet() == [f"{' '.join(turn)}: {day}" for day in (20290314, 20290315)]


def test_a_year_ends_on_its_last_day() -> None:
    assert (the_day_before(20270101), the_day_after(20271231)) == (20261231, 20280101)
    assert the_day_before(20280301) == 20280229


WRITTEN = written()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_written_cases_are_what_the_second_reading_says(name: str) -> None:
    """Else: `python tests/day_cases.py`."""
    assert json.loads((CASES / f"{name}.json").read_text("utf-8")) == json.loads(text(name, WRITTEN[name]))
