"""A misspelt word of the law is refused, whether it stands where it is written or where it is read."""

import runpy
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from policy_tools import POLICIES, ROOT, opa, opa_binary

SCHEMA = ROOT / "schemas" / "policy" / "input.json"
PLANTED = {
    "a paragraph's word": (
        "statutes/sol_15/section_4/paid_assistance.rego",
        "holds_for[i]",
        "holds_fro[i]",
        "holds_fro",
    ),
    "a word that the engine reads": (
        "finding/finding.rego",
        "[statute][section].doubts\n",
        "[statute][section].doubst\n",
        "doubst",
    ),
    "an exchange's word": ("exchanges/texts/texts.rego", "open contains", "opne contains", "opne"),
    "a shared set": ("statutes/osl_6/section_5/no_secrecy.rego", "facts.on_request", "facts.on_reqest", "on_reqest"),
    "an item's field": ("facts/facts.rego", "input.items[i].on_request", "input.items[i].on_reqest", "on_reqest"),
    "a table": ("facts/facts.rego", "row.from <= ", "row.frmo <= ", "frmo"),
    "another paragraph's rule": (
        "statutes/lul/section_6/notice_of_a_young_suspect.rego",
        "section_34.of_age",
        "section_34.of_aeg",
        "of_aeg",
    ),
    "a party's field": ("facts/facts.rego", 'party.role == "rektor"', 'party.rool == "rektor"', "rool"),
    "a rule that nobody reads": (
        "facts/facts.rego",
        "near_a_child :=",
        "nera_a_child :=",
        "nera_a_child",
    ),
    "what is a paragraph's own": (
        "statutes/sol_15/section_7/details_to_authorities.rego",
        "_receivers",
        "receivers",
        "receivers",
    ),
}
"""Where in the rules, what stands there, what is put there once or everywhere, and the word that is told."""
OF_THE_INPUT = {
    "the input's field": (
        "statutes/sol_20/section_6/duty_to_the_board.rego",
        "input.circumstances",
        "input.circumstanses",
    ),
    "an offence's": ("statutes/brb_1/section_6/age_of_responsibility.rego", "input.offence.day", "input.offence.dya"),
    "a holder's": (
        "statutes/polislagen/section_6/police_and_social_services.rego",
        "facts.holder.authority",
        "facts.holder.atuhority",
    ),
    "a flag": ("exchanges/texts/texts.rego", "input.stated.personal_data", "input.stated.personaldata"),
}


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    """The check of names."""
    monkeypatch.setenv("OPA", opa_binary())
    found: Callable[[Path], list[str]] = runpy.run_path(str(ROOT / "deploy" / "policy_names.py"))["faults"]
    return found


def misspelt(into: Path, file: str, old: str, new: str) -> Path:
    """The law with a word written otherwise."""
    shutil.copytree(POLICIES, into)
    path = into / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return into


def checked(policies: Path) -> str:
    """What OPA says of the input's fields; empty where all is well."""
    return opa("check", "--strict", "--schema", str(SCHEMA), str(policies)).stderr


def test_every_name_in_the_law_is_one(faults: Callable[[Path], list[str]]) -> None:
    assert faults(POLICIES) == []
    assert checked(POLICIES) == ""


@pytest.mark.slow
@pytest.mark.parametrize("place", PLANTED)
def test_a_misspelt_name_is_told(tmp_path: Path, faults: Callable[[Path], list[str]], place: str) -> None:
    file, old, new, word = PLANTED[place]
    found = faults(misspelt(tmp_path / "policies", file, old, new))
    assert f"{file}: {word}:" in "\n".join(found)


@pytest.mark.parametrize("place", OF_THE_INPUT)
def test_a_misspelt_field_of_the_input_is_told(tmp_path: Path, place: str) -> None:
    file, old, new = OF_THE_INPUT[place]
    said = checked(misspelt(tmp_path / "policies", file, old, new))
    assert f'have: "{new.rpartition(".")[2]}"' in said


def test_the_schema_is_of_the_types_that_the_broker_fills() -> None:
    found = runpy.run_path(str(ROOT / "deploy" / "input_schema.py"))["input_schema"]()
    assert found == SCHEMA.read_text("utf-8"), "run make bundle"
