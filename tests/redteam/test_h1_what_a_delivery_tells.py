"""A delivery tells only what was released: nothing that was said about what was withheld or referred goes with it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_lines import PARTIES, concern, decision, feedback, judged
from house import House, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import GIRL, POLICE, TOWN, Json, closed_item, disclosure, open_item, refusal, request, secret_item

MOTHER = {"id_type": "personnummer", "id": "198504122386", "protected_identity": "fingerade_uppgifter"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=PARTIES) as made:
        yield made


def answer(test: str, holds: bool, by: str = "enhetschef", **more: object) -> Json:
    """An answer to a weighing test."""
    return {"test": test, "holds": holds, "assessed_by": by, "reason": f"skäl för {test}"} | more


def free(**more: object) -> Json:
    """An item that no secrecy covers and that the police need: released on own initiative."""
    made = open_item()
    return made | {"assessments": [*made.get("assessments", []), answer("need", True)]} | more


def delivered(house: House, authority: str = POLICE) -> Json:
    """The newest delivery in an inbox."""
    found: Json = house.inbox(authority)[-1]
    return found


def test_what_was_said_of_a_protected_mother_stays(house: House) -> None:
    """The record that was referred leaves no trace in the delivery of the one that was released."""
    about_the_mother = closed_item(concerns=[MOTHER])
    body = {
        "assessments": [
            answer("harm", True, reason="MAMMAN LEVER UNDER FINGERADE UPPGIFTER"),
            answer("concrete_risk", True, by="överläkare", reason="BUP-journalen visar det"),
        ],
        "circumstances": ["guardian_must_not_know"],
        "basis": ["s170_6", "osl_18a"],
        "offence": {"provision": "BrB 8:4", "committed": False},
    }
    [told] = house.run(disclosure(1, free(), about_the_mother, **body))
    assert (told["outcome"], told["partial"]) == ("forward", True)
    sent = delivered(house)["message"]["body"]
    assert sent["assessments"] == [] and sent["circumstances"] == [] and sent["offence"] is None
    assert sent["basis"] == ["s170_6"] and len(sent["items"]) == 1


def test_what_the_released_item_rests_on_goes_with_it(house: House) -> None:
    """Its answers without their reasons, and of the rest of the body what its ground reads."""
    weighed = [answer("concrete_risk", True), answer("not_unsuitable", True), answer("importance", True)]
    body = {"assessments": weighed, "basis": ["osl_18a", "osl_24"], "purpose": "prevent"}
    [told] = house.run(disclosure(1, secret_item(), closed_item(), **body))
    assert [item["outcome"] for item in told["items"]] == ["release", "withhold"]
    sent = delivered(house)["message"]["body"]
    assert [given["test"] for given in sent["assessments"]] == ["concrete_risk", "not_unsuitable"]
    assert all("reason" not in given for given in sent["assessments"])
    assert sent["basis"] == ["osl_18a"]


def test_an_answer_that_the_item_gives_itself_wins_and_the_body_s_stays(house: House) -> None:
    own = [answer("concrete_risk", True, by="enhetschef"), answer("not_unsuitable", True, by="enhetschef")]
    other = [
        answer("concrete_risk", True, by="överläkare på BUP"),
        answer("not_unsuitable", True, by="överläkare på BUP"),
    ]
    house.run(disclosure(1, secret_item(assessments=own), closed_item(), assessments=other, basis=["osl_18a"]))
    assert "BUP" not in json.dumps(delivered(house), ensure_ascii=False)


def test_harm_and_reasons_stay_with_the_sender_also_when_all_goes_out(house: House) -> None:
    protected = free(concerns=[MOTHER])
    protected["assessments"].append(answer("harm", False))
    [told] = house.run(disclosure(1, protected))
    assert (told["outcome"], told["partial"]) == ("forward", False)
    [item] = delivered(house)["message"]["body"]["items"]
    assert [given for given in item["assessments"] if given["test"] in ("harm", "no_provision_applies")] == []
    assert "skäl för" not in json.dumps(delivered(house), ensure_ascii=False)


def test_the_record_holds_a_keyed_digest_of_each_reason(house: House) -> None:
    """So that it can be shown later to be the one that was given; two equal reasons have two digests."""
    same = [answer("concrete_risk", True, reason="Lika."), answer("not_unsuitable", True, reason="Lika.")]
    sent = disclosure(1, secret_item(assessments=same), basis=["osl_18a"])
    house.run(sent)
    reasons = house.leaves()[0]["reasons"]
    places = ["items/0/assessments/0", "items/0/assessments/1"]
    assert list(reasons) == places and len(set(reasons.values())) == 2
    for place in places:
        assert reasons[place] == house.tokens.digest(f"\0{sent['id']}\0{place}\0Lika.".encode())


def test_a_case_number_is_delivered_with_an_answer_only(house: House) -> None:
    house.run(disclosure(1, free()) | {"case": "KS 2026/17"}, request(2, recipient=TOWN) | {"case": "A-5"})
    assert delivered(house)["message"]["case"] is None
    assert house.inbox(TOWN)[-1]["message"]["case"] is None
    house.run(disclosure(3, reply=2) | {"case": "KS 2026/18"})
    assert delivered(house)["message"]["case"] == "KS 2026/18"


def test_a_refusal_tells_its_tests_but_no_reason(house: House) -> None:
    weighed = [answer("secrecy_clearly_prevails", True, ground="s170_6", reason="Barnet är placerat på hemlig ort")]
    refused = refusal(2, reply=1)
    refused["body"] |= {"reason": "withheld", "ref": "OSL 26:1", "assessments": weighed}
    assert [told["outcome"] for told in house.run(request(1), refused)] == ["forward", "forward"]
    told = delivered(house)
    assert "hemlig ort" not in json.dumps(told, ensure_ascii=False)
    assert [given["test"] for given in told["message"]["body"]["assessments"]] == ["secrecy_clearly_prevails"]


def test_feedback_tells_nobody_what_was_weighed(house: House) -> None:
    house.run(concern(1), decision(3, 1), feedback(2, 1, assessments=judged(not_unsuitable=True)))
    assert house.inbox("skola-1")[-1]["message"]["body"]["assessments"] == []


def test_the_sender_is_warned_that_conditions_went_out(house: House) -> None:
    words = {"conditions": "Uppgiften om mamman får inte spridas."}
    partly, wholly = house.run(disclosure(1, free(), closed_item(), **words), disclosure(2, free(), **words))
    assert partly["warnings"] == ["conditions_sent"] and "warnings" not in wholly


# --- whatever is stated

WORDS = iter(f"ord{n}x" for n in range(1 << 30))
TESTS = ("harm", "concrete_risk", "not_unsuitable", "importance", "suspicion", "need", "overriding_reasons")


@st.composite
def weighed(draw: st.DrawFn) -> list[Json]:
    """Answers to some tests, each with words of its own."""
    tests = draw(st.lists(st.sampled_from(TESTS), unique=True, max_size=5))
    return [answer(test, draw(st.booleans()), by=next(WORDS), reason=next(WORDS)) for test in tests]


@st.composite
def item(draw: st.DrawFn) -> Json:
    """An item that is released, referred or withheld, as it happens."""
    made = draw(st.sampled_from([free, secret_item, closed_item]))()
    answered = {given["test"] for given in made.get("assessments", [])}
    own = [*made.get("assessments", []), *(given for given in draw(weighed()) if given["test"] not in answered)]
    about = draw(st.sampled_from([{}, {}, {"concerns": [MOTHER]}, {"concerns": [GIRL, MOTHER]}]))
    return made | {"content": next(WORDS), "content_type": f"text/{next(WORDS)}", "assessments": own} | about


@st.composite
def partly(draw: st.DrawFn) -> Json:
    """A disclosure whose items are each decided on their own."""
    items = draw(st.lists(item(), min_size=2, max_size=4))
    grounds = ["osl_18a", "osl_24", "osl_21", "osl_15a", "s170_6"]
    body = {
        "assessments": draw(weighed()),
        "basis": draw(st.lists(st.sampled_from(grounds), unique=True)),
        "circumstances": draw(st.lists(st.sampled_from(["guardian_must_not_know", "inquiry_open", "met_by_staff"]))),
    }
    return disclosure(1, *items, **body) | {"case": next(WORDS)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(partly())
def test_no_word_of_what_was_not_released_is_in_any_line_of_the_recipient(house: House, message: Json) -> None:
    """Nor any reason, nor an answer of the body's that no ground of a released item asks for."""
    house.connection.exec_driver_sql("DELETE FROM outbox")
    house.connection.exec_driver_sql("DELETE FROM inbox")
    [told] = house.run(message)
    if told["outcome"] != "forward":
        return
    line = json.dumps(house.inbox(POLICE), ensure_ascii=False)
    outcomes = [one["outcome"] for one in told["items"]]
    out = [one for one, outcome in zip(message["body"]["items"], outcomes, strict=True) if outcome == "release"]
    kept = [one for one, outcome in zip(message["body"]["items"], outcomes, strict=True) if outcome != "release"]
    weighings = [given for one in (message["body"], *out) for given in one["assessments"]]
    secret = {message["case"], *(given["reason"] for given in weighings)}
    secret |= {given["assessed_by"] for given in weighings if given["test"] == "harm"}
    for one in kept:
        secret |= {one["content"], one["content_type"].removeprefix("text/")}
        secret |= {given[name] for given in one["assessments"] for name in ("assessed_by", "reason")}
    secret -= {given["assessed_by"] for one in out for given in one["assessments"] if given["test"] != "harm"}
    assert not [word for word in secret if f'"{word}"' in line or f"/{word}" in line]
    assert all(one["content"] in line for one in out)
    if told["partial"]:
        sent = house.inbox(POLICE)[-1]["message"]["body"]
        carried = {ground["id"] for ground in told["grounds"]}
        assert set(sent["basis"]) <= carried
        assert set(sent["circumstances"]) <= {"met_by_staff"}
        assert "osl_20" in carried or not sent["circumstances"]
        asked = {"osl_18a": {"concrete_risk", "not_unsuitable"}, "osl_24": {"importance"}, "osl_21": {"suspicion"}}
        asked |= {"osl_15a": {"need", "overriding_reasons"}, "s170_6": {"need", "secrecy_clearly_prevails"}}
        may = set().union(*(asked.get(ground, set(TESTS)) for ground in carried))
        assert {given["test"] for given in sent["assessments"]} <= may


def test_only_what_a_sender_is_known_by_is_delivered(house: House) -> None:
    house.run(disclosure(1, free()))
    assert delivered(house)["message"]["sender"].keys() == {"authority", "unit", "role"}
