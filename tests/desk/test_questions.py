"""From a question on the page to the contract, a test for each row; one category's answer becomes its messages."""

from typing import Any

import pytest

from agents.agency.texts import LANGUAGES, Texts
from agents.desk import law
from agents.desk.forms.answer import Answer, Piece, faults, read_answer, replies
from agents.desk.forms.questions import Question, assessments, ways, weigh, weighed
from agents.desk.forms.reading import check
from broker.model.vocabulary import WeighingTest

GUIDANCE = [
    {"id": "osl_15a", "ref": "OSL 10:15 a", "force": "permission", "asks": ["overriding_reasons"]},
    {"id": "osl_18a", "ref": "OSL 10:18 a", "force": "permission", "asks": ["concrete_risk", "not_unsuitable"]},
]
REQUEST = {"subject": {"id_type": "personnummer", "id": "201003142393"}, "categories": ["network"]}
GIVEN = {
    "way": ["give"],
    "i.0.content": ["Två vuxna män hämtar honom."],
    "i.0.secrecy": ["OSL 26:1"],
    "i.0.w.osl_15a.overriding_reasons": ["no"],
    "reason": ["Behovet väger tyngre."],
    "by": ["socialsekreterare"],
}


@pytest.mark.parametrize(
    ("ground", "test", "yes_holds", "yes_is_for"),
    [
        ("s170_4", "exceptional_reasons", True, False),
        ("s170_5", "secrecy_clearly_prevails", True, False),
        ("s170_6", "secrecy_clearly_prevails", True, False),
        ("s170_7_request", "overriding_reasons", True, False),
        ("s170_7_own", "overriding_reasons", True, False),
        ("osl_15a", "overriding_reasons", True, False),
        ("osl_18a", "concrete_risk", True, True),
        ("osl_18a", "not_unsuitable", False, False),
        ("osl_18c", "not_unsuitable", False, False),
        ("osl_26_9a", "not_unsuitable", False, False),
        ("osl_26_9e", "not_unsuitable", False, False),
        ("osl_27", "harm", True, False),
        ("osl_27", "obvious_interest", True, True),
        ("osl_21", "suspicion", True, True),
        ("s170_7_own", "need", True, True),
    ],
)
def test_yes_and_no_are_what_the_paragraph_asks(ground: str, test: str, yes_holds: bool, yes_is_for: bool) -> None:
    question = Question(ground, test)
    yes = question.assessment("yes", by="rektor", reason="skäl")
    no = question.assessment("no", by="rektor", reason="skäl")
    assert (yes, no) == tuple(
        {"test": test, "holds": holds, "assessed_by": "rektor", "reason": "skäl", "ground": ground}
        for holds in (yes_holds, not yes_holds)
    )
    assert (question.speaks_for("yes"), question.speaks_for("no")) == (yes_is_for, not yes_is_for)


@pytest.mark.parametrize("answer", ["not_weighed", "", "ja"])
def test_what_is_not_weighed_is_not_sent(answer: str) -> None:
    assert Question("osl_15a", "overriding_reasons").assessment(answer, by="rektor", reason="") is None


def test_every_test_of_the_contract_can_be_asked() -> None:
    for test in WeighingTest:
        if test is not WeighingTest.MATURITY:  # a brake when false, never asked for
            assert isinstance(Question("osl_15a", test.value).speaks_for("yes"), bool)
            assert all(Texts(lang).question("osl_15a", test.value) for lang in LANGUAGES)


def test_several_ways_are_asked_by_the_guidance_and_what_is_open() -> None:
    is_open = [{"ground": "osl_15a", "ref": "OSL 10:15 a", "asks": ["overriding_reasons", "harm"]}]
    found = ways(GUIDANCE, is_open, [{"ground": "osl_27", "ref": "OSL 10:27", "asks": ["obvious_interest"]}])
    assert [(way.ground, [question.test for question in way.questions]) for way in found] == [
        ("osl_15a", ["overriding_reasons", "harm"]),
        ("osl_18a", ["concrete_risk", "not_unsuitable"]),
        ("osl_27", ["obvious_interest"]),
    ]


def test_a_weighing_of_secrecy_falls_away_where_none_applies() -> None:
    found = ways(GUIDANCE, [{"ground": "no_secrecy", "asks": ["no_provision_applies"]}], none=True)
    assert [[question.test for question in way.questions] for way in found] == [
        [],
        ["concrete_risk", "not_unsuitable"],
        [],
    ]


def test_one_way_is_enough_and_carries_by_its_own_answers() -> None:
    first, second = ways(GUIDANCE)
    answers = {"osl_15a.overriding_reasons": "no", "osl_18a.concrete_risk": "yes", "osl_18a.not_unsuitable": "yes"}
    assert first.carries(answers) and not second.carries(answers)
    assert [one["holds"] for one in assessments([first, second], answers, by="rektor", reason="")] == [
        False,
        True,
        False,
    ]


def test_what_a_page_weighs_is_what_fills_it() -> None:
    found = ways([{"id": "osl_26_9a", "ref": "OSL 26:9 a", "asks": ["not_unsuitable"]}])
    other = {"test": "need", "holds": True, "assessed_by": "rektor"}
    body = weigh({"assessments": [other]}, found, {"osl_26_9a.not_unsuitable": "no"}, by="handläggare", reason="skäl")
    assert [one["holds"] for one in body["assessments"]] == [True, True]
    assert weighed(body, found) == {"w.osl_26_9a.not_unsuitable": ["no"], "by": ["handläggare"], "reason": ["skäl"]}
    assert weigh(body, found, {}, by="", reason="") == {"assessments": [other]}
    assert weigh({"text": "x"}, found, {}, by="", reason="") == {"text": "x"}


def answered(**changes: Any) -> Answer:
    form = {name: list(values) for name, values in GIVEN.items()}
    form |= {name.replace("__", "."): values for name, values in changes.items()}
    return read_answer("network", form)


def outcome(answer: Answer) -> dict[str, str]:
    return faults(answer, [ways(GUIDANCE, none=piece.none) for piece in answer.pieces], REQUEST)


def sent(answer: Answer) -> list[tuple[str, Any]]:
    found = replies(answer, [ways(GUIDANCE, none=piece.none) for piece in answer.pieces], REQUEST)
    assert [check(one.kind, one.body) for one in found] == [{}] * len(found)
    return [(one.kind, one.body) for one in found]


def test_what_is_given_is_an_item_with_its_secrecy_and_what_was_weighed() -> None:
    assert outcome(answered()) == {}
    [(kind, body)] = sent(answered())
    [item] = body["items"]
    assert (kind, body["subject"], item["secrecy"]) == ("Disclosure", REQUEST["subject"], ["OSL 26:1"])
    assert [(one["test"], one["holds"]) for one in item["assessments"]] == [("overriding_reasons", False)]


def test_a_part_is_an_item_and_a_refusal_of_the_rest() -> None:
    answer = answered(way=["part"], ref=["OSL 26:1"], text=["Resten lämnas inte."])
    assert outcome(answer) == {}
    first, second = sent(answer)
    assert (first[0], second[0], second[1]["reason"], second[1]["ref"]) == (
        "Disclosure",
        "Refusal",
        "withheld",
        "OSL 26:1",
    )


def test_a_refusal_under_a_ground_says_what_was_weighed_of_it() -> None:
    answer = answered(way=["refuse"], ref=["OSL 10:15 a"], text=["Nej."], i__0__w__osl_15a__overriding_reasons=["yes"])
    assert outcome(answer) == {}
    [(_, body)] = sent(answer)
    assert [(one["ground"], one["holds"]) for one in body["assessments"]] == [("osl_15a", True)]


@pytest.mark.parametrize(
    ("changes", "kind", "body"),
    [
        ({"way": ["not_held"]}, "Refusal", {"categories": ["network"], "reason": "not_held"}),
        ({"way": ["cannot_say"]}, "Refusal", {"categories": ["network"], "reason": "cannot_say"}),
        ({"way": ["ask_back"], "question": ["Vilken tid?"]}, "Clarification", {"text": "Vilken tid?"}),
        ({"way": ["later"], "why_later": ["Vi letar."]}, "Interim", {"text": "Vi letar."}),
    ],
)
def test_the_other_answers(changes: dict[str, list[str]], kind: str, body: Any) -> None:
    assert outcome(answered(**changes)) == {}
    assert sent(answered(**changes)) == [(kind, body)]


def test_that_no_secrecy_applies_is_said_of_the_item_with_a_reason() -> None:
    answer = answered(i__0__secrecy=[], i__0__none=["yes"], i__0__why_none=["Uppgiften är offentlig."])
    [(_, body)] = sent(answer)
    item = body["items"][0]
    assert "secrecy" not in item
    assert ("no_provision_applies", True) in [(one["test"], one["holds"]) for one in item["assessments"]]


@pytest.mark.parametrize(
    ("changes", "place", "key"),
    [
        ({"way": []}, "way", "way"),
        ({"i__0__content": [" "]}, "i.0.content", "content"),
        ({"i__0__secrecy": []}, "i.0.secrecy", "which_secrecy"),
        ({"i__0__none": ["yes"]}, "i.0.secrecy", "both_secrecies"),
        ({"i__0__secrecy": [], "i__0__none": ["yes"], "i__0__why_none": ["…"]}, "i.0.why_none", "why_none"),
        ({"i__0__other": ["sekretess"]}, "i.0.secrecy", "reference"),
        ({"i__0__w__osl_15a__overriding_reasons": []}, "i.0.w.osl_15a.overriding_reasons", "unanswered"),
        ({"reason": [""]}, "reason", "reason"),
        ({"by": [""]}, "by", "by"),
        ({"by": ["201003142393"]}, "by", "function"),
        ({"way": ["refuse"], "text": ["Nej."]}, "ref", "ref"),
        ({"way": ["refuse"], "ref": ["OSL 26:1"]}, "text", "decision"),
        ({"way": ["ask_back"]}, "question", "question"),
        ({"way": ["later"]}, "why_later", "why_later"),
        ({"way": ["later"], "why_later": ["x"], "expected": ["snart"]}, "expected", "deadline"),
    ],
)
def test_what_lacks_is_told_at_its_field(changes: dict[str, list[str]], place: str, key: str) -> None:
    assert outcome(answered(**changes))[place] == key


def test_a_reference_is_taken_in_its_one_form() -> None:
    answer = answered(i__0__secrecy=[], i__0__other=["osl 26:01, OSL 25:1"])
    assert sent(answer)[0][1]["items"][0]["secrecy"] == ["OSL 26:1", "OSL 25:1"]


def test_not_weighed_yet_is_an_answer_of_the_page() -> None:
    answer = answered(i__0__w__osl_15a__overriding_reasons=["not_weighed"], reason=[""])
    assert outcome(answer) == {}
    assert "assessments" not in sent(answer)[0][1]["items"][0]


def test_another_secrecy_is_another_piece_by_one_click() -> None:
    answer = answered().split()
    assert [piece.secrecy for piece in answer.pieces] == [("OSL 26:1",), ()]
    assert answer.without(1) == answered()
    assert answered().without(0).pieces == answered().pieces, "one piece is always left"


def test_the_law_has_the_words_that_the_page_shows() -> None:
    statute = law.statute("osl_15a")
    assert statute is not None and "övervägande skäl" in statute["text"]
    assert law.statute("no_such") is None
    assert law.is_duty("s170_4") and not law.is_duty("osl_15a")
    assert law.secrecies()


def test_a_piece_shows_nothing_of_what_it_says() -> None:
    assert "hemligt" not in repr(Piece(content="hemligt", why_none="hemligt"))
