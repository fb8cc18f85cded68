"""Consents and agreements: nobody opens another's data by a registration, and a no is never outlived by a copy."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_lines import judged
from house import PARTIES, House, opened
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lines import (
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    Json,
    agreement,
    consent,
    disclosure,
    message,
    number,
    open_item,
    recall,
    request,
    secret_item,
    withdrawal,
)

BASED = {"basis": ["consent"]}
SCHOOL, CLUB = "skola-1", "forening-1"
NO = [{"role": "subject", "answer": "no"}]
PAIR = [TOWN, POLICE]
AT = "2026-03-02T0{}:00:00Z"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=PARTIES) as made:
        yield made


def outcomes(house: House, *messages: Json) -> list[str]:
    return [receipt["outcome"] for receipt in house.run(*messages)]


def bars(receipt: Json) -> list[str]:
    return [bar["id"] for bar in receipt["bars"]]


def told(n: int, *items: Json, **changes: Any) -> Json:
    return disclosure(n, *(items or (secret_item(),)), **{**BASED, **changes})


# --- C2: who may register, and what carries


@pytest.mark.parametrize("stranger", [OTHER_TOWN, CLUB])
def test_who_is_no_party_registers_nothing(house: House, stranger: str) -> None:
    receipt, after = house.run(consent(1, by=stranger), told(2))
    assert (receipt["outcome"], bars(receipt), after["outcome"]) == ("withhold", ["not_party"], "withhold")


@pytest.mark.parametrize("by", [POLICE, SCHOOL, CLUB])
def test_what_another_registers_waits_for_the_holder(house: House, by: str) -> None:
    """The recipient, another id of the holder's authority, another party: each only until the holder has seen to it."""
    house.run(consent(1, by=by, parties=[*PAIR, CLUB]))
    (asked,) = house.run(told(2))
    assert (asked["outcome"], asked["items"][0]["asks"], asked["items"][0]["ground"]) == (
        "refer",
        ["consent_confirmed"],
        "consent",
    )
    seen = [told(n, secret_item(assessments=judged(consent_confirmed=holds))) for n, holds in ((3, True), (4, False))]
    assert outcomes(house, *seen) == ["forward", "withhold"]


def test_a_no_of_the_holder_s_stops_the_recipient_s_yes(house: House) -> None:
    """Whatever its programme: the latest word counts."""
    house.run(consent(1, by=POLICE) | {"time": AT.format(7)})
    house.run(consent(2, consent="N-1", given_by=NO, guardians=0, programme="losam") | {"time": AT.format(8)})
    assert outcomes(house, told(3), told(4, secret_item(assessments=judged(consent_confirmed=True)))) == ["refer"] * 2
    (grown,) = house.run(told(5, subject=GIRL | {"birth_date": "2011-03-04"}))
    assert grown["outcome"] == "refer"


def test_a_withdrawal_is_not_outlived_by_another_s_copy(house: House) -> None:
    grown = {"id_type": "personnummer", "id": "200001012384"}
    own = {"subject": grown, "guardians": 0, "given_by": [{"role": "subject", "answer": "yes"}]}
    house.run(consent(1, **own), consent(2, by=POLICE, consent="P-1", **own))
    confirmed = secret_item(assessments=judged(consent_confirmed=True))
    assert outcomes(house, told(3, confirmed, subject=grown)) == ["forward"]
    assert outcomes(house, withdrawal(4), told(5, confirmed, subject=grown)) == ["forward", "withhold"]


def test_a_late_older_version_reopens_nothing(house: House) -> None:
    house.run(consent(1) | {"time": AT.format(6)}, withdrawal(2) | {"time": AT.format(8)})
    assert outcomes(house, consent(3) | {"time": AT.format(7)}, told(4)) == ["forward", "withhold"]


FORMS = st.lists(
    st.tuples(
        st.sampled_from([TOWN, POLICE, SCHOOL]),
        st.sampled_from(["S-1", "S-2"]),
        st.sampled_from(["yes", "no", "withdrawal"]),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=5,
)


def form(n: int, by: str, name: str, what: str, hour: int) -> Json:
    made = (
        withdrawal(n, by=by, consent=name)
        if what == "withdrawal"
        else consent(n, by=by, consent=name, **({"given_by": NO} if what == "no" else {}))
    )
    return made | {"time": AT.format(hour)}


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=FORMS, more=st.tuples(st.sampled_from([TOWN, POLICE, SCHOOL]), st.sampled_from(["no", "withdrawal"])))
def test_a_no_or_a_withdrawal_never_releases_more(
    tmp_path_factory: pytest.TempPathFactory, forms: list[Any], more: tuple[str, str]
) -> None:
    """But a withdrawal of a no, which its own registrant may take back (contract, "A later no")."""
    assume(more[1] == "no" or (more[0], "S-1", "no") not in [(by, name, what) for by, name, what, _ in forms])
    rank = ["withhold", "refer", "forward"]
    found = []
    for last in ([], [(more[0], "S-1", more[1], 5)]):
        with opened(tmp_path_factory.mktemp("d"), parties=PARTIES) as house:
            house.run(*(form(n, *one) for n, one in enumerate([*forms, *last], 1)))
            found.append(outcomes(house, told(90))[0])
    assert rank.index(found[1]) <= rank.index(found[0])


# --- C3: what a notice may say, and to whom


def test_a_notice_says_no_word_that_somebody_wrote(house: House) -> None:
    """An id with words is refused; a no is told to nobody, neither is its withdrawal."""
    words = "Anna vårdas på BUP, bor Storgatan 1"
    parties = [TOWN, POLICE, CLUB]
    (bad,) = house.run(consent(1, consent=words, given_by=NO, parties=parties))
    assert bad["error"]["code"] == "invalid_value"
    assert "body.consent" in bad["error"]["detail"]
    house.run(consent(2, given_by=NO, parties=parties), withdrawal(3))
    assert [house.inbox(party, "notice") for party in (POLICE, CLUB)] == [[], []]


def test_who_got_something_under_a_consent_hears_of_its_withdrawal(house: House) -> None:
    """One guardian's form is told to nobody; the holder's disclosure under it, once it is whole, is."""
    house.run(consent(1, parties=[TOWN, POLICE, CLUB]), told(2), withdrawal(3))
    given, taken = house.inbox(POLICE, "notice")
    assert (given["message"], taken["messages"], taken["received"]) == (number(1), [number(1)], [number(2)])
    assert [line["notice"] for line in house.inbox(CLUB, "notice")] == ["consent_registered", "consent_withdrawn"]
    assert house.verified().ok


# --- H5: agreements


def test_a_school_binds_no_municipality(house: House) -> None:
    house.run(agreement(1), agreement(2, by=POLICE))
    (receipt,) = house.run(agreement(3, by=SCHOOL, purposes=["detect"]))
    assert (receipt["outcome"], bars(receipt)) == ("withhold", ["not_own"])
    house.run(consent(4))
    shared = message(5, "CaseSharing", TOWN, POLICE, told(5)["body"] | {"programme": "sspf"}, unit="social_services")
    shared["body"]["subject"] = GIRL | {"municipality": "0127"}
    assert outcomes(house, shared) == ["forward"]


# --- H6: recall


@pytest.mark.parametrize("registration", [consent(1), agreement(1)], ids=["consent", "agreement"])
def test_a_registration_is_not_recalled(house: House, registration: Json) -> None:
    house.run(registration)
    (receipt,) = house.run(recall(2, 1, recipient=TOWN))
    assert (receipt["outcome"], bars(receipt)) == ("withhold", ["registration"])


def test_a_recalled_request_is_not_answered(house: House) -> None:
    house.run(request(1), recall(2, 1, sender=POLICE, recipient=TOWN))
    answer, own = disclosure(3, open_item(), reply=1), disclosure(4, open_item())
    receipt, _ = house.run(answer, own)
    assert (receipt["outcome"], bars(receipt)) == ("withhold", ["request_recalled"])
    asked = message(5, "Interim", TOWN, POLICE, {"text": "Vi återkommer."}, in_reply_to=number(1))
    assert bars(house.run(asked)[0]) == ["request_recalled"]


# --- ids


def test_ids_are_one_in_every_form_of_their_letters(house: House) -> None:
    house.run(consent(1, consent="Ö-1"))
    apart = unicodedata.normalize("NFD", "Ö-1")
    assert outcomes(house, told(2), withdrawal(3, consent=apart), told(4)) == ["forward", "forward", "withhold"]


@pytest.mark.parametrize("made", [consent(2, consent="S-1 "), agreement(2, agreement=" a")])
def test_a_blank_at_an_end_is_refused_and_not_passed_over(house: House, made: Json) -> None:
    house.run(consent(1))
    (receipt,) = house.run(made)
    assert receipt["error"]["code"] == "invalid_value"
