"""What belongs to one item, one ground, one authority or one child counts for that one alone."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from exchange_lines import judged
from house import House, Json, opened
from lines import (
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    consent,
    disclosure,
    message,
    number,
    refusal,
    request,
    secret_item,
    withdrawal,
)

from broker.facts.parts import answers
from broker.model.parts import Assessment
from broker.model.vocabulary import WeighingTest

FOR_RELEASE = judged("enhetschef", concrete_risk=True, not_unsuitable=True)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path) as found:
        yield found


def outcomes(receipts: list[Json]) -> list[str]:
    return [receipt["outcome"] for receipt in receipts]


def for_ground(ground: str, given: list[Json]) -> list[Json]:
    return [one | {"ground": ground} for one in given]


def told(test: str, *, holds: bool, ground: str | None = None) -> Assessment:
    return Assessment(test=WeighingTest(test), holds=holds, assessed_by="enhetschef", ground=ground)


def test_an_item_s_answer_for_one_ground_is_none_for_another(house: House) -> None:
    """Promise 2: what was weighed for OSL 10:23 says nothing of 10:18 a."""
    another = secret_item(assessments=for_ground("osl_23", FOR_RELEASE))
    its_own = secret_item(assessments=for_ground("osl_18a", FOR_RELEASE))
    receipts = house.run(disclosure(1, another, basis=["osl_18a"]), disclosure(2, its_own, basis=["osl_18a"]))
    assert outcomes(receipts) == ["refer", "forward"]
    assert receipts[0]["items"][0]["asks"] == ["concrete_risk", "not_unsuitable"]


@pytest.mark.parametrize("of_body", [None, "osl_18a"], ids=["for every ground", "for this ground"])
@pytest.mark.parametrize("of_item", [None, "osl_18a"], ids=["for every ground", "for this ground"])
def test_an_item_s_own_answer_wins_over_the_body_s(house: House, of_body: str | None, of_item: str | None) -> None:
    """Promise 2: what was said of this item goes before what was said of all."""
    body = for_ground(of_body, FOR_RELEASE) if of_body else FOR_RELEASE
    against = judged("enhetschef", concrete_risk=False)
    item = secret_item(assessments=for_ground(of_item, against) if of_item else against)
    (receipt,) = house.run(disclosure(1, item, basis=["osl_18a"], assessments=body))
    assert receipt["outcome"] == "withhold"


def test_the_body_s_answer_holds_for_the_grounds_of_which_the_item_says_nothing() -> None:
    own, general = told("need", holds=False, ground="osl_15a"), told("need", holds=True)
    assert answers([general], [own]) == {"need": {"osl_15a": False, "*": True}}
    assert answers([own], [general]) == {"need": {"*": True}}
    assert answers([told("need", holds=True, ground="osl_27")], [own]) == {"need": {"osl_15a": False, "osl_27": True}}


def test_a_diarienummer_is_its_authority_s(house: House) -> None:
    """Promise 8: the same number at two authorities is two cases, and at one it is one."""
    at_two = [request(n, sender=by) | {"case": "A-1"} for n, by in ((1, POLICE), (2, "tullverket"), (3, POLICE))]
    house.run(*at_two)
    first, other, again = (leaf["case"] for leaf in house.leaves())
    assert first == again != other


def test_a_consent_s_id_is_its_authority_s(house: House) -> None:
    """Promise 7: one municipality's withdrawal ends its own consent of that id, and no other's."""
    other = consent(2, by=OTHER_TOWN, parties=[OTHER_TOWN, POLICE])
    assert outcomes(house.run(consent(1), other, withdrawal(3, by=OTHER_TOWN))) == ["forward"] * 3
    ended = house.rows("SELECT authority FROM consents WHERE withdrawn IS NOT NULL AND withdrawn IS NOT 0")
    assert {row.authority for row in ended} == {OTHER_TOWN}


def test_a_referred_refusal_is_no_answer(house: House) -> None:
    """It has gone back to be mended: the request stands as before."""
    unfounded = refusal(2, reply=1) | {"body": {"categories": ["housing"], "reason": "withheld"}}
    assert outcomes(house.run(request(1), unfounded)) == ["forward", "refer"]
    asked = house.store.sent_message(POLICE, UUID(number(1)))
    assert asked is not None and asked.answers == {}


def test_two_children_whom_nobody_knows_are_not_one(house: House) -> None:
    """Without an id there is nothing that tells whether it is the same child."""
    unknown = {"id_type": "unknown", "birth_date": "2012-02-02"}
    board = {"authority": TOWN, "unit": "social_services"}

    def concern(n: int, child: Json) -> Json:
        body = {"subject": child, "concerns": ["network"]}
        return message(n, "ConcernNotification", POLICE, TOWN, body) | {"recipient": board}

    house.run(concern(1, unknown), concern(2, unknown))
    assert house.inbox(TOWN, "notice") == []
    house.run(concern(3, GIRL), concern(4, GIRL))
    assert [notice["messages"] for notice in house.inbox(TOWN, "notice")] == [[number(3), number(4)]]


@pytest.mark.parametrize(
    ("home", "area", "place"),
    [(None, None, "0127"), (None, "0180", "0180"), ("0136", "0180", "0136")],
    ids=["the municipality's own", "the address", "the person's home"],
)
def test_where_a_case_is(house: House, home: str | None, area: str | None, place: str) -> None:
    """The person's home, else the address, else the place of the party that is a municipality."""
    subject = GIRL | ({"municipality": home} if home else {})
    shared = disclosure(1, secret_item(), subject=subject)
    body = shared["body"] | {"programme": "sspf"}
    recipient = {"authority": POLICE} | ({"area": area} if area else {})
    house.run(shared | {"kind": "CaseSharing", "body": body, "recipient": recipient})
    assert house.leaves()[0]["input"]["place"] == place
