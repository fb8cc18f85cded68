"""Desks: units of an authority that are apart in login, outbox and inbox; and whom to call there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broker import authorities, topics
from broker.authorities import Register, RegisterError
from broker.authorities.hours import Hours

TOWN = "kommun-0127"
SOCIAL = f"{TOWN}/social_services"
SCHOOLS = f"{TOWN}/schools"
OFFICE = {"function": "mottagningsenheten", "telephone": "08-123 45 67", "hours": "Mo-Fr 08:00-16:30; PH off"}
NIGHT = {"function": "socialjouren", "telephone": "+46 8 765 43 21", "hours": "24/7"}
DESKS: list[dict[str, Any]] = [
    {
        "authority": TOWN,
        "desk": "social_services",
        "units": ["social_services", "family_counselling"],
        "contacts": [OFFICE, NIGHT],
    },
    {"authority": TOWN, "desk": "schools", "units": ["education_office", "school"], "agreements": True},
]


def register(tmp_path: Path, *rows: Any) -> Register:
    path = tmp_path / "register.json"
    path.write_text(json.dumps(rows))
    return authorities.load(path)


# --- the register


def test_a_unit_has_the_address_of_its_desk_and_else_its_authority_s(tmp_path: Path) -> None:
    known = register(tmp_path, *DESKS)
    assert known.address(TOWN, "family_counselling") == SOCIAL
    assert known.address(TOWN, "school") == SCHOOLS
    assert known.address(TOWN, "registry") == TOWN
    assert known.address("polismyndigheten", "police_area") == "polismyndigheten"
    assert [address for address in known.addresses() if address.startswith(TOWN)] == [TOWN, SOCIAL, SCHOOLS]


def test_an_address_is_somebody_s_or_nobody_s(tmp_path: Path) -> None:
    known = register(tmp_path, *DESKS)
    town = known.find(TOWN)
    assert known.locate(TOWN) == (town, None)
    assert known.locate(SCHOOLS) == (town, known.desk(TOWN, "school"))
    assert known.locate(f"{TOWN}/") is known.locate(f"{TOWN}/police") is known.locate("nobody/schools") is None


def test_an_alias_is_its_authority_s(tmp_path: Path) -> None:
    known = register(tmp_path, {"authority": "region-09", "desk": "care", "units": ["health_care"]})
    assert (
        known.address("region-09", "health_care") == "kommun-0980/care" == known.address("kommun-0980", "health_care")
    )
    assert known.locate("region-09/care") == (known.find("region-09"), known.desk("kommun-0980", "health_care"))
    assert known.address("region-09", "registry") == "kommun-0980"


def test_a_register_that_is_read_again_has_other_desks(tmp_path: Path) -> None:
    known = register(tmp_path)
    known.become(register(tmp_path, *DESKS))
    assert known.address(TOWN, "school") == SCHOOLS


A_DESK = {"authority": TOWN, "desk": "a", "units": ["school"]}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{**A_DESK, "desk": "Socialtjänst"}], "desk"),
        ([{**A_DESK, "desk": "a/b"}], "desk"),
        ([{**A_DESK, "desk": "a" * 41}], "desk"),
        ([{**A_DESK, "desk": None}], "desk"),
        ([{**A_DESK, "units": []}], "units"),
        ([{**A_DESK, "units": ["kitchen"]}], "units.0"),
        ([{"authority": TOWN, "desk": "a"}], "units"),
        ([{**A_DESK, "name": "Skolan"}], "name"),
        ([{**A_DESK, "agreements": "yes"}], "agreements"),
        ([{**A_DESK, "authority": "kommun-9999"}], "its authority is not registered"),
        ([A_DESK, {**A_DESK, "units": ["leisure"]}], "is a desk already"),
        ([A_DESK, {**A_DESK, "desk": "b"}], "school: lies in a desk already"),
        ([{**A_DESK, "units": ["school", "school"]}], "school: lies in a desk already"),
        (
            [{"authority": "region-09", "desk": "a", "units": ["school"]}, {**A_DESK, "authority": "kommun-0980"}],
            "desk",
        ),
        ([{**A_DESK, "contacts": [{"function": "x", "telephone": "ring"}]}], "contacts.0.telephone"),
        ([{**A_DESK, "contacts": [{**OFFICE, "hours": "alltid"}]}], "contacts.0.hours"),
        ([{**A_DESK, "contacts": [{**OFFICE, "hours": "Mo 08:00-24:30"}]}], "contacts.0.hours"),
        ([{**A_DESK, "contacts": [{**OFFICE, "function": "expeditionen\n"}]}], "contacts.0.function"),
        ([{"authority": "kommun-9999", "contacts": [OFFICE]}], "is not registered"),
        ([{"authority": TOWN, "contacts": []}], "contacts"),
        ([{"authority": TOWN, "contacts": [OFFICE]}] * 2, "given twice"),
    ],
)
def test_a_wrong_row_is_refused_in_one_line_that_names_it(tmp_path: Path, rows: list[Any], why: str) -> None:
    with pytest.raises(RegisterError, match=why) as refused:
        register(tmp_path, *rows)
    assert "\n" not in str(refused.value)


# --- contacts


def test_contacts_are_the_desk_s_or_else_the_authority_s(tmp_path: Path) -> None:
    registrar = {"function": "registrator", "telephone": "08-100"}
    school = {"authority": "skola-a", "name": "A", "kind": "school", "principal": TOWN, "contacts": [registrar]}
    known = register(tmp_path, *DESKS, {"authority": TOWN, "contacts": [registrar]}, school)
    at = lambda unit: [contact.function for contact in known.contacts(TOWN, unit)]  # noqa: E731
    assert at("social_services") == ["mottagningsenheten", "socialjouren"]
    assert at("school") == at("registry") == ["registrator"]
    assert known.contacts("skola-a", "registry")[0].opening is None
    assert known.contacts("kommun-0180", "registry") == known.contacts("nobody", "registry") == ()


MONDAY, FRIDAY, SATURDAY = 2, 6, 7
"""Days of March 2026."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)  # an hour after UTC in Sweden


@pytest.mark.parametrize(
    ("hours", "moment", "holds"),
    [
        ("24/7", at(SATURDAY, 3), True),
        ("Mo-Fr 08:00-16:30", at(MONDAY, 8), True),
        ("Mo-Fr 08:00-16:30", at(MONDAY, 16, 30), False),
        ("Mo-Fr 08:00-16:30", at(SATURDAY, 12), False),
        ("Mo-Fr 16:30-08:00; Sa,Su 00:00-24:00", at(FRIDAY, 23), True),
        ("Mo-Fr 16:30-08:00; Sa 12:00-24:00", at(SATURDAY, 7, 59), True),
        ("Mo-Fr 16:30-08:00; Sa 12:00-24:00", at(SATURDAY, 8), False),
        ("Fr-Mo 10:00-11:00,13:00-14:00", at(SATURDAY, 13, 30), True),
        ("10:00-11:00", at(SATURDAY, 10), True),
        ("Mo-Fr 08:00-16:00; Fr 08:00-14:00", at(FRIDAY, 15), False),
    ],
)
def test_hours_hold_in_swedish_time(hours: str, moment: datetime, holds: bool) -> None:
    assert Hours(hours).hold(moment) is holds


def test_a_rule_for_public_holidays_holds_on_them_alone() -> None:
    office, night = Hours("Mo-Fr 08:00-16:30; PH off"), Hours("Mo-Fr 16:30-08:00; Sa,Su,PH 00:00-24:00")
    noon = at(MONDAY, 12)
    assert office.hold(noon) and not office.hold(noon, holiday=True)
    assert night.hold(noon, holiday=True) and not night.hold(noon)
    assert Hours("Mo-Fr 08:00-16:30").hold(noon, holiday=True), "one that does not name them"


# --- names on Kafka


def test_a_desk_has_a_dot_where_its_address_has_a_slash(tmp_path: Path) -> None:
    assert topics.inbox(SOCIAL) == "inbox.kommun-0127.social_services"
    assert topics.outbox(SOCIAL) == "outbox.kommun-0127.social_services"
    for address in register(tmp_path, *DESKS).addresses():
        assert topics.sender(topics.outbox(address)) == address
        assert topics.address(topics.user(address)) == address
    assert topics.sender(topics.outbox(topics.BROKER)) == topics.BROKER
