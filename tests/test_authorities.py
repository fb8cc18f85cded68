"""The register of authorities: Sweden's public ones, and those of a user's file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from broker.authorities import Authority, Register, RegisterError, load
from broker.cli.fault_texts import in_swedish
from broker.facts.parts import party_facts
from broker.model.vocabulary import AuthorityKind


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


@pytest.mark.parametrize("approved", ["legal_person_2_5", "other", None])
def test_a_private_school_says_how_it_is_approved(tmp_path: Path, approved: str | None) -> None:
    """The rules see it of private schools alone: a municipal school is its municipality whatever stands there."""
    private = found(registered(tmp_path, school(principal="private", approved=approved)), "skola-1")
    municipal = found(registered(tmp_path, school(approved=approved)), "skola-1")
    assert party_facts(private, "school", None)["approved"] == approved
    assert "approved" not in party_facts(municipal, "school", None)


def test_a_principal_may_stand_in_the_same_file(tmp_path: Path) -> None:
    """In any order."""
    special = {"authority": "sameskolstyrelsen", "name": "Sameskolstyrelsen", "kind": "state_authority"}
    register = registered(tmp_path, school(principal="sameskolstyrelsen"), special)
    assert found(register, "skola-1").in_law == "sameskolstyrelsen"
    assert len(register) == 372


@pytest.mark.parametrize("principal", ["kommun-0980", "region-09"])
def test_a_principal_under_its_other_id_is_the_same_authority(tmp_path: Path, principal: str) -> None:
    assert found(registered(tmp_path, school(principal=principal)), "skola-1").in_law == "kommun-0980"


@pytest.mark.parametrize("principal", ["region-01", "statens-institutionsstyrelse"])
def test_a_region_or_a_state_authority_that_runs_schools_is_a_principal(tmp_path: Path, principal: str) -> None:
    assert found(registered(tmp_path, school(principal=principal)), "skola-1").in_law == principal


def test_a_register_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert found(registered(tmp_path, text="\ufeff" + json.dumps([school()])), "skola-1")


@pytest.mark.parametrize("name", ["Ungdomens hus [/b]", "Ångströms [red]skola", "A & <b>Co</b>"])
def test_a_name_stands_as_it_is_written(tmp_path: Path, name: str) -> None:
    assert found(registered(tmp_path, school(name=name)), "skola-1").name == name


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
    "an unknown approval": [school(principal="private", approved="skolinspektionen")],
    "an approval of another than a school": [{"authority": "a-1", "name": "A", "kind": "court", "approved": "other"}],
    "a school without a principal": [school(principal=None)],
    "an unknown principal": [school(principal="kommun-9999")],
    "the same id twice": [school(), school(name="En annan")],
    "the id of a municipality": [school(authority="kommun-0127", principal="private")],
    "the other id of Gotland": [school(authority="region-09")],
    "the id of the class": [school(authority="utlandsmyndigheterna")],
    "the second entry": [school(), school(authority="skola-2", kind="club")],
    "both kinds": [school(also="region")],
    "a principal of another than a school": [school(kind="civil_society", principal="polismyndigheten")],
    "a company's principal": [school(kind="municipal_company")],
    "a court as a mission": [school(kind="court", principal="utlandsmyndigheterna")],
    "a school as a mission": [school(principal="utlandsmyndigheterna")],
    "the police as a principal": [school(principal="polismyndigheten")],
    "a state authority without schools": [school(principal="skatteverket")],
    "a school as a principal": [school(principal="skola-2"), school(authority="skola-2")],
    "an association as a principal": [school(principal="f-1"), school(authority="f-1", kind="civil_society")],
    "a company as a principal": [school(principal="b-1"), school(authority="b-1", kind="municipal_company")],
    "itself as a principal": [school(principal="skola-1")],
    "nobody as a principal": [school(principal="")],
    "the broker's own id": [school(authority="samband")],
    "nobody's id": [school(authority="anonymous")],
    "the word for no authority": [school(authority="private", principal="private")],
    "forms of another than a school": [{"authority": "a-1", "name": "A", "kind": "court", "forms": ["preschool"]}],
    "a field that is somebody's number": [school(**{"201103042386": True})],
    "a desk's field that is of no desk": [{"authority": "kommun-0127", "desk": "a", "units": ["school"], "mail": "x"}],
    "a desk without units": [{"authority": "kommun-0127", "desk": "a", "units": []}],
    "a desk of nobody": [{"authority": "kommun-9999", "desk": "a", "units": ["school"]}],
    "a unit in two desks": [
        {"authority": "kommun-0127", "desk": name, "units": ["school"]} for name in ("skola", "barnomsorg")
    ],
    "a desk twice": [{"authority": "kommun-0127", "desk": "a", "units": [unit]} for unit in ("school", "leisure")],
    "hours of another form": [school(contacts=[{"function": "jour", "telephone": "08-123", "hours": "dagtid"}])],
    "contacts of nobody": [{"authority": "kommun-9999", "contacts": [{"function": "jour", "telephone": "08-123"}]}],
    "contacts twice": [{"authority": "kommun-0127", "contacts": [{"function": "jour", "telephone": "08-123"}]}] * 2,
    "an id that ends its line": [school(authority="skola-1\n")],
    "a municipality of one's own": [{"authority": "kommun-9999", "name": "Nyby kommun", "kind": "municipality"}],
    "a region of one's own": [{"authority": "region-99", "name": "Region Nyland", "kind": "region"}],
    "a field twice": '[{"authority": "a-1", "name": "A", "kind": "court", "kind": "school", "principal": "private"}]',
    "a field twice, further in": '[{"authority": "a-1", "name": "A", "kind": "court", "forms": [{"a": 1, "a": 2}]}]',
    "a name with a tab": [school(name="A\tB")],
    "a name with an end of line": [school(name="A\nB")],
    "a name that colours": [school(name="A\u001b[31mB")],
    "a name with C1": [school(name="A\u009bB")],
    "a name that turns": [school(name="A\u202eB")],
    "a name that isolates": [school(name="A\u2067B")],
    "a name with what is not seen": [school(name="A\u200bB")],
    "a name of a letter that shows nothing": [school(name="\u3164")],
    "a name that selects a variation": [school(name="A\ufe0f")],
    "a name that is blank": [school(name=" ")],
    "a name that begins with a blank": [school(name=" A")],
    "a name that is too long": [school(name="A" * 201)],
    "too many forms": [school(forms=["preschool"] * 21)],
    "a form of another form": [school(forms=["Pre school"])],
    "too deep": "[" * 100_000,
    "a number with many digits": f"[{'1' * 5000}]",
    "a lone surrogate": r'[{"authority": "a-1", "name": "\ud800", "kind": "court"}]',
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_fault_in_the_file_is_told_in_one_line(tmp_path: Path, content: Any) -> None:
    """The line names the file."""
    with pytest.raises(RegisterError) as error:
        registered(tmp_path, *content, text=content if isinstance(content, str) else None)
    told = str(error.value)
    assert told.startswith(f"{tmp_path / 'register.json'}: ")
    assert "\n" not in told and "201103042386" not in told
    assert not re.search("Input|String|Tuple|List|Extra|Field|Value|sys", told), "pydantic's words, or Python's"
    assert in_swedish(told).rpartition(": ")[2] != told.rpartition(": ")[2]


def test_a_file_that_is_no_register_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "register.json"
    with file.open("wb") as written:
        written.truncate(1 << 40)
    with pytest.raises(RegisterError, match="16 MiB"):
        load(file)


def test_text_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "register.json"
    file.write_bytes(json.dumps([school()], ensure_ascii=False).encode("latin-1"))
    with pytest.raises(RegisterError, match="UTF-8"):
        load(file)


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="can't be read") as error:
        load(tmp_path / "none.json")
    assert "\n" not in str(error.value)
