"""Letters with refusals: a written decision with how it is appealed, or a statement that claims no secrecy.

And what a request has come to, category by category, over all its answers.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import pytest
from exchange_lines import judged
from house import House, engine, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import POLICE, TOWN, Json, disclosure, line, message, number, open_item, recall, request
from policy_tools import POLICIES
from strategies import messages

from broker import texts
from broker.authorities import Authority
from broker.facts.registers import Context
from broker.kinds import Refusal
from broker.model.decision import PolicyInput, Statute
from broker.model.vocabulary import AuthorityKind, Category, RefusalReason
from broker.pipeline import refusal_letter
from broker.pipeline.gather import Gathered
from broker.pipeline.released import may_tell_answer

PARTIES = [
    {"authority": "vard-1", "name": "Prövovården AB", "kind": "private_health_care"},
    {"authority": "ratt-1", "name": "Prövo tingsrätt", "kind": "court"},
    {"authority": "skola-1", "name": "Prövoskolan", "kind": "school", "principal": TOWN},
    {"authority": "forening-1", "name": "Prövoföreningen", "kind": "civil_society"},
]
STATE = "forsakringskassan"
SECRECY = "OSL 26:11"
WEIGHED = judged("jurist vid nämnden", secrecy_clearly_prevails=True)

Opener = Callable[[], AbstractContextManager[House]]


@pytest.fixture
def house(tmp_path: Path) -> Any:
    with opened(tmp_path, parties=PARTIES) as found:
        yield found


def refused(n: int, *categories: str, reply: int = 1, reason: str = "withheld", **more: Any) -> Json:
    """The one who was asked refuses; `sender` and `recipient` may be others than the municipality and the police."""
    sender, recipient = more.pop("sender", TOWN), more.pop("recipient", POLICE)
    sound = {"ref": SECRECY, "assessments": WEIGHED} if reason == "withheld" else {}
    body = {"categories": list(categories or ["housing"]), "reason": reason} | sound | more
    return message(n, "Refusal", sender, recipient, body, in_reply_to=number(reply))


def delivered(house: House, *given: Json, to: str = POLICE) -> Json:
    """The last delivery after these messages, all of them forwarded."""
    receipts = house.run(*given)
    assert [receipt["outcome"] for receipt in receipts] == ["forward"] * len(given), receipts
    return house.inbox(to)[-1]


def spaced(text: str) -> str:
    return " ".join(text.split())


# --- the written decision


def test_a_decision_says_what_was_decided_by_whom_and_why(house: House) -> None:
    """In both languages; the provision with its text, the test with its answer and who assessed; own words last."""
    weighed = [WEIGHED[0] | {"ground": "s170_6", "reason": "Uppgiften\n\nskyddar ett barn."}]
    own = refused(2, "housing", "vehicle", text="Beslutet i egna ord.\n\nMed två stycken.", assessments=weighed)
    own |= {"case": "KS 2026/17", "sender": {"authority": TOWN, "unit": "social_services", "role": "caseworker"}}
    asked = request(1, "housing", "vehicle") | {"case": "POLISENS-DNR-5"}
    told = delivered(house, asked, own)
    assert told.keys() >= {"decision"} and "statement" not in told
    both = told["decision"]
    for text in both.values():
        for part in (number(2), "2026-03-02", "Botkyrka kommun", "Polismyndigheten", number(1), "KS 2026/17", SECRECY):
            assert part in text
        assert text.endswith("Beslutet i egna ord.\n\nMed två stycken.")
        assert "jurist vid nämnden" in text and "2025:170 6 §" in text
        assert "skyddar ett barn" not in text  # the reason stays with the sender
        assert "POLISENS-DNR-5" not in text
    swedish, english = both["sv"], both["en"]
    assert swedish.startswith("BESLUT att inte lämna ut uppgifter") and english.startswith("DECISION not to")
    for text, words in (
        (
            swedish,
            ("– boende", "– fordon", "sekretessintresset har företräde: ja", "socialtjänst"),
        ),
        (english, ("– housing", "– vehicle", "interest of secrecy takes precedence: yes", "social services")),
    ):
        assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("ref", ["2025:170 8 §", "OSL 21:3", "skollagen 29:14"])
def test_the_provision_stands_with_its_text_verbatim(house: House, ref: str) -> None:
    """As the policy has it."""
    statute = engine().statute(ref)
    assert statute is not None
    told = delivered(house, request(1), refused(2, ref=ref))
    for text in told["decision"].values():
        assert statute.text in text and statute.title in text


def test_a_text_that_the_law_lacks_is_not_made_up(house: House) -> None:
    """Of a provision, with its stycke too, and of the time for appeal: it is said to be missing."""
    told = delivered(house, request(1), refused(2, ref="OSL 25:1 2 st"))
    for lack in ("OSL 25:1 2 st", "FL 44 §"):
        assert f"Lagtexten till {lack} finns inte" in told["decision"]["sv"]
        assert f"The text of {lack} is not in the collection" in told["decision"]["en"]


# --- how it is appealed


def appealed(house: House, sender: str, recipient: str = POLICE, **more: Any) -> tuple[str, str]:
    asked = request(1, "housing", sender=recipient, recipient=sender)
    told = delivered(house, asked, refused(2, sender=sender, recipient=recipient, **more), to=recipient)
    return spaced(told["decision"]["sv"]), spaced(told["decision"]["en"])


def test_a_municipality_s_decision_goes_to_the_administrative_court_of_appeal(house: House) -> None:
    """To whom, where it is sent, in what time, and the statute that says so."""
    swedish, english = appealed(house, TOWN)
    assert "Polismyndigheten får överklaga beslutet till kammarrätten" in swedish
    assert "Hur beslutet överklagas" in swedish and "How the decision is appealed" in english
    assert "Om svaret är fel" not in swedish and "If the answer is wrong" not in english
    assert "skicka den till Botkyrka kommun" in swedish
    assert "inom 3 veckor från den dag då Polismyndigheten fick del av beslutet" in swedish
    assert "may appeal the decision to the administrative court of appeal" in english
    assert "within 3 weeks from the day on which Polismyndigheten received the decision" in english
    statute = engine().statute("OSL 6:8")
    assert statute is not None and spaced(statute.text) in swedish and spaced(statute.text) in english


def test_an_authority_is_told_to_count_from_the_earlier_day(house: House) -> None:
    """Whether it represents the public interest is open, so it is told of the day that is safe; others are not."""
    swedish, english = appealed(house, TOWN)
    assert "räkna för säkerhets skull från 2026-03-02" in swedish and "to be safe, count from 2026-03-02" in english


def test_one_who_asks_as_an_individual_counts_from_receipt(house: House) -> None:
    """An association is no authority."""
    swedish, english = appealed(house, TOWN, "forening-1")
    assert "Prövoföreningen får överklaga beslutet till kammarrätten" in swedish
    assert "säkerhets skull" not in swedish and "to be safe" not in english


def test_between_state_authorities_it_goes_to_the_government(house: House) -> None:
    """Of those under the Government."""
    swedish, english = appealed(house, STATE)
    assert "får överklaga beslutet till regeringen" in swedish and "kammarrätten. Skriv" not in swedish
    assert "to the Government" in english and "skicka den till Försäkringskassan" in swedish


def test_a_court_s_decision_has_its_own_order(house: House) -> None:
    """No time and no instance is told that might be wrong; the statute stands there."""
    swedish, english = appealed(house, "ratt-1")
    assert "Beslutet är en domstols" in swedish and "The decision is a court's" in english
    assert "veckor" not in swedish and "hovrätt" in swedish


def test_what_no_authority_decides_can_not_be_appealed(house: House) -> None:
    """Said as it is, with what one may do instead; it calls itself no decision."""
    swedish, english = appealed(house, "vard-1", ref="PSL 6:12", assessments=[])
    assert swedish.startswith("BESKED att uppgifter inte lämnas ut") and english.startswith("ANSWER that")
    assert "Om svaret är fel" in swedish and "If the answer is wrong" in english
    assert "Hur beslutet överklagas" not in swedish and "How the decision is appealed" not in english
    assert "Prövovården AB är ingen myndighet" in swedish and "kan inte överklagas" in swedish
    assert "supervises" in english and "veckor" not in swedish and "OSL" not in swedish


def test_every_way_that_the_law_knows_has_its_words() -> None:
    """An instance without words would go out as a question to the decider."""
    rules = (POLICIES / "statutes" / "osl_6" / "section_8" / "where_to_appeal.rego").read_text("utf-8")
    ways = set(re.findall(r'^to := "([a-z_]+)"', rules, re.MULTILINE))
    assert ways == {*texts.ids("instances"), "court_of_appeal", refusal_letter._NOBODY, refusal_letter._UNCLEAR}


def test_a_refusal_that_is_not_forwarded_is_told_to_nobody(house: House) -> None:
    """Without what it rests on, or on a ground's paragraph without its test, it goes back to be mended."""
    receipts = house.run(request(1), refused(2, ref=None), refused(3, ref="2025:170 6 §", assessments=[]))
    assert [receipt["outcome"] for receipt in receipts] == ["forward", "refer", "refer"]
    assert house.inbox(POLICE) == []


# --- not held, and cannot say


@pytest.mark.parametrize(
    ("reason", "swedish", "english"),
    [
        ("not_held", "BESKED att uppgifter inte finns", "STATEMENT that information is not held"),
        ("cannot_say", "BESKED att svar inte kan ges", "STATEMENT that no answer can be given"),
    ],
)
def test_a_statement_is_told_apart_from_a_decision(house: House, reason: str, swedish: str, english: str) -> None:
    """It claims no secrecy, and says how a decision can be had."""
    told = delivered(house, request(1, "vehicle"), refused(2, "vehicle", reason=reason, text="Vi har letat."))
    assert "decision" not in told
    statement = told["statement"]
    assert statement["sv"].startswith(swedish) and statement["en"].startswith(english)
    assert "inget beslut om sekretess" in statement["sv"] and "no decision on secrecy" in statement["en"]
    for text, category in ((statement["sv"], "– fordon"), (statement["en"], "– vehicle")):
        assert category in text and number(1) in text and text.endswith("Vi har letat.")
        assert "överklaga beslutet till" not in text and "may appeal" not in text


def test_only_refusals_carry_letters(house: House) -> None:
    """Other messages say what they say themselves."""
    told = delivered(house, request(1), disclosure(2, open_item(), reply=1, purpose=None))
    assert told.keys().isdisjoint({"decision", "statement"})


# --- any refusal

own_words = st.text(max_size=60) | st.sampled_from(["{id}", "{", "}}", "%s", "\\n– fordon", "Hur beslutet överklagas"])
ways = st.sampled_from(["kammarratten", "regeringen", "court_of_appeal", "unclear", "none"])
withins = st.none() | st.fixed_dictionaries(
    {"weeks": st.integers(1, 9), "ref": st.just("FL 44 §"), "safest_from": st.sampled_from(["decided", "received"])}
)


def enclosed(refusal: Refusal, appeal: Json | None, law: Any, name: str = "Namnet") -> Json:
    kind = AuthorityKind.MUNICIPALITY
    decider = Authority(authority=TOWN, name=name, kind=kind)
    receiver = Authority(authority=POLICE, name="Polismyndigheten", kind=AuthorityKind.STATE_AUTHORITY)
    context = cast(Context, SimpleNamespace(sender=decider, recipient=receiver))
    gathered = Gathered(refusal, context, cast(PolicyInput, {}))
    return refusal_letter.enclose(gathered, appeal, law)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    refusal=messages("Refusal"),
    text=own_words,
    name=st.text("{}aå %", min_size=1, max_size=9),
    appeal=st.none() | st.fixed_dictionaries({"to": ways, "ref": st.none() | st.just("OSL 6:8"), "within": withins}),
    law=st.sampled_from(["full", "empty"]),
)
def test_every_refusal_has_a_letter_in_both_languages(
    refusal: Any, text: str, name: str, appeal: Json | None, law: str
) -> None:
    """Whatever it holds: the right sort, every category and answer, and no text of its own taken for a template."""
    body = refusal.body.model_copy(update={"text": text})
    refusal = refusal.model_copy(update={"body": body})
    found = enclosed(refusal, appeal, engine().statute if law == "full" else lambda _: None, name)
    withheld = body.reason is RefusalReason.WITHHELD
    assert list(found) == ["decision" if withheld else "statement"]
    [written] = found.values()
    assert list(written) == ["sv", "en"] and written["sv"] != written["en"]
    for lang, letter in written.items():
        assert str(refusal.id) in letter and name in letter
        assert letter.rstrip().endswith(text.rstrip()) if text.strip() else True
        for category in body.categories:
            assert f"\n– {texts.text(lang, 'categories', category)}\n" in letter
        told = [answer for answer in body.assessments if may_tell_answer(answer.test)]
        for given_answer in told:
            assert texts.text(lang, "tests", given_answer.test) in letter
            assert spaced(given_answer.assessed_by) in letter
        answers = [part for part in letter.split("\n") if part.startswith("– ")]
        assert len(answers) >= len(set(body.categories)) + len(told)
        assert withheld or not re.search(r"överklagas\n|appealed\n", letter.removesuffix(text))


def test_a_school_that_may_be_an_authority_is_said_to_be_one_that_may() -> None:
    """No decision is denied, and none is promised; the statute that decides it stands there."""
    refusal = Refusal.model_validate_json(line(refused(2)))
    told = enclosed(refusal, {"to": "unclear", "ref": "OSL 2:3 a"}, engine().statute)["decision"]
    assert "Det framgår inte om Namnet ska jämställas med en myndighet" in told["sv"]
    assert "enskilda juridiska personer som är godkända" in told["en"] and "equated with an authority" in told["en"]


def test_a_law_without_a_time_is_asked_for() -> None:
    """The letter then names no day."""
    refusal = Refusal.model_validate_json(line(refused(2)))
    found = enclosed(refusal, {"to": "kammarratten", "ref": None}, lambda _: None)["decision"]
    assert "Fråga Namnet inom vilken tid" in found["sv"] and "veckor" not in found["sv"]
    assert "Fråga Namnet hur beslutet överklagas" in enclosed(refusal, None, lambda _: None)["decision"]["sv"]


def test_a_ground_without_a_provision_is_not_named() -> None:
    """Its id would say nothing to the one who reads."""
    weighed = [WEIGHED[0] | {"ground": "open_information"}]
    refusal = Refusal.model_validate_json(line(refused(2, assessments=weighed)))
    none = Statute("–", "", "")
    text = enclosed(refusal, None, lambda _: none)["decision"]["sv"]
    assert "Enligt –" not in text


# --- category by category


def test_each_category_is_accounted_for_over_several_answers(house: House) -> None:
    """What each has come to, and what nobody has touched yet; nothing that was not asked for."""
    asked = request(1, "housing", "vehicle", "permit", "company", "threat")
    steps = [
        (refused(2, "vehicle"), {"vehicle": "withheld"}, ["housing", "permit", "company", "threat"]),
        (
            refused(3, "permit", "benefit", reason="not_held"),
            {"vehicle": "withheld", "permit": "not_held"},
            ["housing", "company", "threat"],
        ),
        (
            disclosure(4, open_item("housing"), reply=1, purpose=None),
            {"housing": "given", "vehicle": "withheld", "permit": "not_held"},
            ["vehicle", "permit", "company", "threat"],  # a disclosure tells what it has not given itself
        ),
        (
            refused(5, "company", "housing", reason="cannot_say"),
            {"housing": "partly", "vehicle": "withheld", "permit": "not_held", "company": "cannot_say"},
            ["threat"],
        ),
        (
            disclosure(6, open_item("vehicle"), open_item("threat"), reply=1, purpose=None),
            {
                "housing": "partly",
                "vehicle": "partly",
                "permit": "not_held",
                "company": "cannot_say",
                "threat": "given",
            },
            ["housing", "permit", "company"],
        ),
    ]
    house.run(asked)
    for answer, answers, unanswered in steps:
        told = delivered(house, answer)
        assert (told["answers"], told["unanswered"], told["partial"]) == (answers, unanswered, True)


def test_the_last_refusal_leaves_nothing_open(house: House) -> None:
    """Then the answer is whole."""
    told = delivered(house, request(1, "housing", "vehicle"), refused(2), refused(3, "vehicle", reason="not_held"))
    assert (told["unanswered"], told["partial"]) == ([], False)


def test_another_s_request_with_the_same_id_has_its_own_account(house: House) -> None:
    """An id belongs to its sender."""
    house.run(request(1, "housing", "vehicle"), request(1, "housing", "vehicle", sender=STATE))
    delivered(house, refused(2, "vehicle"))
    told = delivered(house, refused(3, recipient=STATE), to=STATE)
    assert (told["answers"], told["unanswered"]) == ({"housing": "withheld"}, ["vehicle"])


def test_what_is_recalled_was_said_all_the_same(house: House) -> None:
    """A recalled refusal takes its letter back where nobody had fetched it; the account stands."""
    house.run(request(1, "housing", "vehicle"), refused(2, text="Känsligt skäl."), recall(3, 2))
    emptied = house.inbox(POLICE)[0]
    assert emptied.keys().isdisjoint({"decision", "answers"}) and emptied["recalled"] == number(3)
    assert delivered(house, refused(4, "vehicle"))["unanswered"] == []


ASKED = ["housing", "vehicle", "permit"]
REASONS = ["withheld", "not_held", "cannot_say", "given"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(REASONS),
            st.lists(st.sampled_from([*ASKED, "company"]), min_size=1, max_size=3, unique=True),
        ),
        max_size=8,
    ),
    batch=st.integers(1, 9),
)
def test_the_account_is_what_was_said(steps: list[tuple[str, list[str]]], batch: int) -> None:
    """For any answers in any order and batches: given and refused is partly, of refusals the last word counts."""
    answers = [
        disclosure(n, *map(open_item, named), reply=1, purpose="prevent", assessments=judged(need=True))
        if how == "given"
        else refused(n, *named, reason=how)
        for n, (how, named) in enumerate(steps, 2)
    ]
    expected: dict[str, str] = {}
    with TemporaryDirectory() as folder, opened(Path(folder)) as house:
        assert {receipt["outcome"] for receipt in house.run(request(1, *ASKED), *answers, batch=batch)} == {"forward"}
        for (how, named), told in zip(steps, house.inbox(POLICE), strict=True):
            for one in set(named) & set(ASKED):
                mixed = {how, expected.get(one, how)}
                expected[one] = "partly" if mixed & {"partly", "given"} and mixed != {"given"} else how
            assert told.get("answers", {}) == expected
            if how != "given":
                assert told["unanswered"] == [one for one in ASKED if one not in expected]


def test_every_category_has_its_words() -> None:
    """A category that is new gets both."""
    assert {category.value for category in Category} == texts.ids("categories")
