"""The register of authorities: Sweden's public ones, and those of a user's file."""

import json
from pathlib import Path
from typing import Any

import pytest

from broker.authorities import Authority, Register, RegisterError, load
from broker.vocabulary import AuthorityKind


@pytest.fixture(scope="module")
def public() -> Register:
    return load()


def registered(folder: Path, *entries: Any, text: str | None = None) -> Register:
    file = folder / "register.json"
    file.write_text(json.dumps(entries) if text is None else text, "utf-8")
    return load(file)


def found(register: Register, party: str) -> Authority:
    authority = register.find(party)
    assert authority is not None
    return authority


def school(**changes: Any) -> dict[str, Any]:
    return {"authority": "skola-1", "name": "Prövoskolan", "kind": "school", "principal": "kommun-0127"} | changes


def of_kind(register: Register, kind: AuthorityKind) -> list[str]:
    return [authority.id for authority in register if authority.kind is kind]


def test_every_public_authority_is_registered_once(public: Register) -> None:
    """290 municipalities with Gotland, 20 regions beside it, 60 state authorities without the class of missions."""
    assert len(of_kind(public, AuthorityKind.MUNICIPALITY)) == 290
    assert len(of_kind(public, AuthorityKind.REGION)) == 20
    assert len(of_kind(public, AuthorityKind.STATE_AUTHORITY)) == 60
    assert len(public) == 370 == len({authority.id for authority in public})
    assert public.find("utlandsmyndigheterna") is None


def test_gotland_is_one_authority_with_two_ids_and_both_tasks(public: Register) -> None:
    gotland = found(public, "region-09")
    assert gotland is public.find("kommun-0980")
    assert (gotland.id, gotland.kinds, gotland.in_law) == ("kommun-0980", ["municipality", "region"], "kommun-0980")
    assert "region-09" not in {authority.id for authority in public}


@pytest.mark.parametrize(
    ("party", "name"),
    [
        ("kommun-0127", "Botkyrka kommun"),
        ("kommun-1480", "Göteborgs kommun"),
        ("region-01", "Region Stockholm"),
        ("polismyndigheten", "Polismyndigheten"),
        ("lansstyrelsen-01", "Länsstyrelsen i Stockholms län"),
    ],
)
def test_ids_are_those_of_the_contract(public: Register, party: str, name: str) -> None:
    assert found(public, party).name == name


@pytest.mark.parametrize("party", ["", "kommun-9999", "Polismyndigheten", "polismyndigheten ", "kommun-127"])
def test_an_unknown_party_is_not_found(public: Register, party: str) -> None:
    assert public.find(party) is None


@pytest.mark.parametrize(
    ("area", "known"),
    [("0127", True), ("0980", True), ("polisregion-syd", True), ("9999", False), ("polisregion-x", False), ("", False)],
)
def test_areas_are_municipality_codes_and_police_regions(public: Register, area: str, known: bool) -> None:
    """Any other word could be somebody's name, and an area is recorded."""
    assert public.has_area(area) is known


def test_a_municipal_school_is_its_municipality_in_law(tmp_path: Path) -> None:
    """With its own id as an address."""
    added = found(registered(tmp_path, school(forms=["preschool"])), "skola-1")
    assert (added.id, added.in_law, added.forms) == ("skola-1", "kommun-0127", ("preschool",))


def test_a_private_school_is_itself(tmp_path: Path) -> None:
    assert found(registered(tmp_path, school(principal="private")), "skola-1").in_law == "skola-1"


def test_a_principal_may_stand_in_the_same_file(tmp_path: Path) -> None:
    """In any order."""
    company = {"authority": "bolag-1", "name": "Bolaget", "kind": "municipal_company", "principal": "kommun-0127"}
    register = registered(tmp_path, school(principal="bolag-1"), company)
    assert found(register, "skola-1").in_law == "bolag-1"
    assert len(register) == 372


def test_a_mission_abroad_is_registered_under_its_class(tmp_path: Path) -> None:
    mission = {"authority": "ambassad-1", "name": "Beskickning", "kind": "state_authority"}
    assert found(registered(tmp_path, mission | {"principal": "utlandsmyndigheterna"}), "ambassad-1")


WRONG = {
    "no list": '{"authority": "skola-1"}',
    "no json": "[",
    "not UTF-8 text": "[\u0000]",
    "no kind": [{"authority": "a-1", "name": "A"}],
    "no name": [{"authority": "a-1", "kind": "court"}],
    "an empty name": [{"authority": "a-1", "kind": "court", "name": ""}],
    "an unknown kind": [school(kind="club")],
    "an unknown field": [school(phone="1")],
    "an id of another form": [school(authority="Skola 1")],
    "a flag that is no flag": [school(works_with_children="yes")],
    "forms that are no list": [school(forms="preschool")],
    "a school without a principal": [school(principal=None)],
    "an unknown principal": [school(principal="kommun-9999")],
    "the same id twice": [school(), school(name="En annan")],
    "the id of a municipality": [school(authority="kommun-0127", principal="private")],
    "the other id of Gotland": [school(authority="region-09")],
    "the id of the class": [school(authority="utlandsmyndigheterna")],
    "the second entry": [school(), school(authority="skola-2", kind="club")],
    "both kinds": [school(also="region")],
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_fault_in_the_file_is_told_in_one_line(tmp_path: Path, content: Any) -> None:
    """The line names the file."""
    with pytest.raises(RegisterError) as error:
        registered(tmp_path, *content, text=content if isinstance(content, str) else None)
    told = str(error.value)
    assert told.startswith(f"{tmp_path / 'register.json'}: ")
    assert "\n" not in told


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="can't be read") as error:
        load(tmp_path / "none.json")
    assert "\n" not in str(error.value)
