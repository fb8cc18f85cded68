"""What may be asked for is the law's answer for this holder, person and purpose; never a list of the desk's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agents.agency import Address
from agents.desk.guidance import FORCES, expect
from broker.model.vocabulary import Category

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
POLICE = Address("polismyndigheten", "police_area")
BOARD = Address("kommun-0127", "social_services")
BODY = {"purpose": "avert", "subject": {"id_type": "personnummer", "id": "201003142393"}}


def test_each_sort_of_information_stands_under_one_force() -> None:
    expected = expect(BOARD, POLICE, BODY, NOW)
    assert tuple(expected) == FORCES
    named = [one.category for force in FORCES for one in expected[force]]
    assert sorted(named) == sorted(category.value for category in Category)
    assert all(ground["force"] == force for force in FORCES for one in expected[force] for ground in one.grounds)


def test_the_holder_decides_what_is_a_duty() -> None:
    of_the_board = {one.category: one for one in expect(BOARD, POLICE, BODY, NOW)["duty"]}
    assert {"home_address", "stay_in_care"} <= of_the_board.keys()
    assert "school_attendance" not in of_the_board
    of_the_school = expect(Address("kommun-0127", "school"), POLICE, BODY, NOW)["duty"]
    assert "school_attendance" in [one.category for one in of_the_school]


def test_age_is_known_by_the_number() -> None:
    def grounds(number: str) -> set[str]:
        body = {**BODY, "subject": {"id_type": "personnummer", "id": number}}
        rows = [one for force in FORCES for one in expect(BOARD, POLICE, body, NOW)[force]]
        return {ground["id"] for one in rows if one.category == "network" for ground in one.grounds}

    assert "osl_18a" in grounds("201003142393")
    assert "osl_18a" not in grounds("198001012387")


@pytest.mark.parametrize(
    "body", [{}, {"purpose": "okänt"}, {**BODY, "subject": {"id_type": "personnummer", "id": "inte ett nummer"}}]
)
def test_what_is_not_said_yet_stops_nothing(body: dict[str, Any]) -> None:
    assert isinstance(expect(BOARD, POLICE, body, NOW), dict)
    assert expect(Address("okänd"), POLICE, BODY, NOW) == {}
