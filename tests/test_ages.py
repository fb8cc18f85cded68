"""Whose age a ground asks, and what may be presumed: from messages to receipts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_lines import BOARD, CHILD, HEALTH, concern, custody, judged
from house import PARTIES, House, opened
from lines import GIRL, POLICE, TOWN, Json, disclosure, secret_item

PARENT = {"id_type": "unknown", "birth_date": "1984-02-01"}
NO_AGE = {"id_type": "unknown"}
SEEN = ["presumed_under_18"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=PARTIES) as made:
        yield made


def of_care(n: int, subject: Json, *concerns: Json) -> Json:
    """The board tells health care what a child's care needs."""
    item = secret_item(concerns=list(concerns), assessments=judged(need=True))
    return disclosure(n, item, recipient=HEALTH, subject=subject, purpose="support", basis=["osl_26_9"]) | {
        "recipient": {"authority": HEALTH, "unit": "child_psychiatry"}
    }


def met(n: int, subject: Json, *circumstances: str) -> Json:
    """Staff of the social services have met somebody in danger."""
    item = secret_item(assessments=judged(imminent_danger=True))
    return disclosure(n, item, subject=subject, basis=["osl_20"], circumstances=["met_by_staff", *circumstances])


def at_risk(n: int, subject: Json, *concerns: Json, circumstances: tuple[str, ...] = ()) -> Json:
    """The police tell the board of a child who may fare badly."""
    item = {"category": "observation", "content": "Uppgift.", "secrecy": ["OSL 35:1"], "concerns": list(concerns)}
    item["assessments"] = judged(child_at_risk=True)
    sent = disclosure(n, item, sender=POLICE, recipient=TOWN, subject=subject, basis=["sol_19_1"])
    sender = {"authority": POLICE, "unit": "police_area"}
    sent["body"]["circumstances"] = list(circumstances)
    return sent | {"sender": sender, "recipient": BOARD}


def test_the_age_asked_is_the_childs_also_of_an_item_on_a_parent(house: House) -> None:
    near, unknown, grown, of_child = house.run(
        of_care(1, GIRL, PARENT), of_care(2, NO_AGE, PARENT), of_care(3, PARENT, PARENT), of_care(4, PARENT, GIRL)
    )
    assert [near["outcome"], near["doubtful"]] == ["forward", ["osl_26_9"]]
    assert [unknown["outcome"], grown["outcome"]] == ["refer", "withhold"]
    assert [of_child["outcome"], of_child["doubtful"]] == ["forward", []]


def test_a_person_without_a_number_is_not_mixed_up_with_the_child(house: House) -> None:
    """Two of the same age, neither with a number, stand once in the question."""
    (told,) = house.run(of_care(1, NO_AGE, NO_AGE))
    assert told["outcome"] == "refer"


def test_what_the_police_know_of_a_parent_shows_that_the_child_fares_badly(house: House) -> None:
    told = house.run(
        at_risk(1, GIRL, PARENT),
        at_risk(2, PARENT, GIRL),
        at_risk(3, PARENT),
        at_risk(4, NO_AGE),
        at_risk(5, NO_AGE, circumstances=("presumed_under_18",)),
    )
    assert [receipt["outcome"] for receipt in told] == ["forward", "forward", "withhold", "refer", "forward"]
    assert [receipt["doubtful"] for receipt in told] == [[], [], [], [], ["sol_19_1"]]


def test_an_age_may_be_presumed_where_nobody_knows_it(house: House) -> None:
    asked = [
        met(1, NO_AGE),
        met(2, NO_AGE, *SEEN),
        met(3, PARENT, *SEEN),
        concern(4, POLICE, subject=NO_AGE),
        concern(5, POLICE, subject=NO_AGE, circumstances=SEEN),
        concern(6, POLICE, subject=PARENT, circumstances=SEEN),
        custody(7, subject=NO_AGE),
        custody(8, subject=NO_AGE, circumstances=SEEN),
        custody(9, subject=PARENT, circumstances=SEEN),
    ]
    told = [receipt["outcome"] for receipt in house.run(*asked)]
    assert told == ["refer", "forward", "withhold"] * 3


def test_a_partial_delivery_tells_a_presumption_with_the_ground_that_asks_for_an_age(house: House) -> None:
    kept = secret_item(secrecy=["OSL 26:1"], concerns=[CHILD])
    seen, other = met(1, NO_AGE, *SEEN), met(2, GIRL, *SEEN, "inquiry_open")
    for sent in (seen, other):
        sent["body"]["items"] += [kept | {"secrecy": ["OSL 25:1"]}]
    assert [receipt["partial"] for receipt in house.run(seen, other)] == [True, True]
    delivered = [line["message"]["body"]["circumstances"] for line in house.inbox(POLICE)]
    assert delivered == [["met_by_staff", "presumed_under_18"], ["met_by_staff"]]  # of a known age nothing is presumed
