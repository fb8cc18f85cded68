"""A malformed question never opens: with a field of the policy's input lost, null, of another type or an unknown word
there is no answer at all, so nothing moves.
"""

import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Self

import pytest
from house import engine, opened
from lines import TOWN, disclosure, number, request, secret_item
from policy_inputs import SHARED
from policy_tools import POLICIES, opa

from broker.kinds import KINDS
from broker.kinds.conditions import CONTENT
from broker.kinds.platform import ORDER
from broker.model import vocabulary
from broker.model.decision import Decision, PolicyInput, in_todays_form
from broker.model.vocabulary import WeighingTest

Json = dict[str, Any]
Place = tuple[str | int, ...]

BATCH = 2000
GOLDEN = Path(__file__).parent / "golden" / "schema-3.tar.gz"
LOST = object()


WORDS: dict[str, type[StrEnum]] = {
    "action": vocabulary.ActionType,
    "approval": vocabulary.Approval,
    "category": vocabulary.Category,
    "circumstance": vocabulary.Circumstance,
    "concern": vocabulary.Concern,
    "condition_event": vocabulary.ConditionEvent,
    "conversation": vocabulary.ConversationOutcome,
    "defection": vocabulary.DefectionOutcome,
    "degree": vocabulary.Degree,
    "deprivation": vocabulary.Deprivation,
    "form": vocabulary.ConsentForm,
    "guardians": vocabulary.GuardiansNeeded,
    "handed_to": vocabulary.HandedTo,
    "inquiry_status": vocabulary.InquiryStatus,
    "kind_of_authority": vocabulary.AuthorityKind,
    "level": vocabulary.CouncilLevel,
    "mediation_answer": vocabulary.MediationAnswer,
    "need": vocabulary.NeedAnswer,
    "organisation": vocabulary.OrganisationType,
    "programme": vocabulary.Programme,
    "purpose": vocabulary.Purpose,
    "refusal_reason": vocabulary.RefusalReason,
    "role": vocabulary.Role,
    "seen_state": vocabulary.SeenState,
    "signer": vocabulary.SignerRole,
    "stage": vocabulary.Stage,
    "subject_is": vocabulary.SubjectIs,
    "test": vocabulary.WeighingTest,
    "unit": vocabulary.Unit,
    "urgency": vocabulary.Urgency,
}
"""What the lists of words in `policies/question/` are in the contract."""

TABLES = {"items", "persons", "answers", "needs"} | {test.value for test in WeighingTest}
"""Objects whose keys are no fields: one entry less is another question, and a right one."""

MAY_BE_NULL = {
    *("refers_to_own", "principal", "role", "purpose", "stycke", "age", "degree", "subject_age", "victim_under_18"),
    *("close_relation", "connected_with_school", "offence", "place", "home", "area", "ref", "handed_at", "outcome"),
    *("link_to_sweden", "done_at", "guardians", "consent", "approved", "legal_basis"),
    *("subject", "lul_notice", "mediation_asked", "mediation_answer", "deprived_of_liberty"),
    *("recorded_status", "recorded_on"),
    *("elsewhere", "valid_until"),
}
"""Fields of which null says something; `provision` is one in an order's flags alone."""

NAMES = {
    "id",
    "authority",
    "principal",
    "desk",
    "forms",
    "parties",
    "place",
    "area",
    "month",
    "taken_at",
    "handed_at",
    "done_at",
}
NAMES |= {"registrant", "provision", "named", "statute", "ref"}
"""Words that are no closed list: another one is another right question."""


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    """Every field and entry, at every level."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*above, key)
        yield from places(inner, (*above, key))


def wrong(place: Place, value: Any) -> Iterator[Any]:
    """What may stand there by a slip: nothing, null, another type; for a word one that nobody knows."""
    field = next(str(key) for key in reversed(place) if isinstance(key, str))
    entry = isinstance(place[-1], int) or (len(place) > 1 and place[-2] in TABLES)
    if not entry:
        yield LOST
    yield {} if isinstance(value, list) else [value]
    if isinstance(value, dict):
        yield []
    if value is None:
        return
    yield 7 if not isinstance(value, int) or isinstance(value, bool) else "7"
    if (entry or field not in MAY_BE_NULL) and place != ("stated", "provision"):
        yield None
    if isinstance(value, str) and field not in NAMES:
        yield "unheard_of"


def put(asked: Any, place: Place, value: Any) -> Any:
    """A copy with another value at one place; what is not on the way there is shared."""
    key, *rest = place
    copy = dict(asked) if isinstance(asked, dict) else list(asked)
    if rest:
        copy[key] = put(asked[key], tuple(rest), value)
    elif value is LOST:
        del copy[key]
    else:
        copy[key] = value
    return copy


def at(asked: Any, place: Place) -> Any:
    """What stands at a place."""
    for key in place:
        asked = asked[key]
    return asked


def put_wrong(asked: PolicyInput, place: Place) -> Iterator[PolicyInput]:
    """The question with each of what may stand at one place by a slip."""
    yield from (put(asked, place, other) for other in wrong(place, at(asked, place)))


def malformed(asked: PolicyInput) -> Iterator[tuple[str, PolicyInput]]:
    """Each change of one question, by its name."""
    for place in places(asked):
        for other in wrong(place, at(asked, place)):
            name = "lost" if other is LOST else json.dumps(other)
            yield f"{'.'.join(map(str, place))}: {name}", put(asked, place, other)


def by_webassembly(questions: dict[str, Any]) -> dict[str, Json]:
    return engine()._ask("decision/results", questions)


def by_opa(folder: Path) -> Callable[[dict[str, Any]], dict[str, Json]]:
    """OPA itself, as on a policy server."""

    def ask(questions: dict[str, Any]) -> dict[str, Json]:
        asked = folder / "asked.json"
        asked.write_text(json.dumps({"messages": questions}), "utf-8")
        found = opa("eval", "-f", "raw", "-d", str(POLICIES), "-i", str(asked), "data.decision.results")
        answers: dict[str, Json] = json.loads(found.stdout)
        return answers

    return ask


def answered(inputs: Iterable[PolicyInput], ask: Callable[[dict[str, Any]], dict[str, Json]]) -> list[str]:
    """The malformed questions that are answered all the same."""
    questions = (
        (f"{asked['kind']} {n} {name}", other) for n, asked in enumerate(inputs) for name, other in malformed(asked)
    )
    found: list[str] = []
    while batch := dict(islice(questions, BATCH)):
        found += ask(batch)
    return found


def test_a_malformed_question_has_no_answer() -> None:
    assert answered(SHARED[::60], by_webassembly) == []


@pytest.mark.slow
def test_opa_answers_no_malformed_question_either(tmp_path: Path) -> None:
    assert answered(SHARED[::100], by_opa(tmp_path)) == []


@pytest.mark.slow
def test_no_malformed_question_of_any_case_has_an_answer() -> None:
    assert answered(SHARED, by_webassembly) == []


def test_every_kind_is_among_the_questions() -> None:
    assert {asked["kind"] for asked in SHARED} == set(KINDS)


def test_what_explains_says_nothing_of_a_malformed_question() -> None:
    asked = next(asked for asked in SHARED if asked["kind"] == "Disclosure")
    assert engine().findings(asked) != {}
    assert [name for name, other in malformed(asked) if engine().findings(other) != {}] == []


class Slipping:
    """The law, asked by a broker that loses `named` where a threat is told of."""

    def __init__(self) -> None:
        self.revision, self.grounds = engine().revision, engine().grounds
        self.findings, self.statute, self.retention = engine().findings, engine().statute, engine().retention

    def on(self, day: int) -> Self:
        return self

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        return engine().decide({key: self._slipped(asked) for key, asked in inputs.items()})

    def _slipped(self, asked: PolicyInput) -> PolicyInput:
        threat = asked["items"]["0"]["category"] == "threat"
        slipped: PolicyInput = put(asked, ("items", "0", "secrecy", 0, "named"), LOST) if threat else asked
        return slipped


def test_one_malformed_question_does_not_stop_the_others_of_its_batch(tmp_path: Path) -> None:
    """It is in quarantine, undecided and undelivered; those around it are decided."""
    with opened(tmp_path, law=Slipping()) as broker:
        receipts = broker.run(disclosure(1, secret_item()), disclosure(2, secret_item("threat")), request(3))
        assert [receipt["outcome"] for receipt in receipts] == ["refer", "quarantine", "forward"]
        assert receipts[1]["error"]["code"] == "engine_error"
        assert [found["message"]["id"] for found in broker.inbox(TOWN)] == [number(3)]


def test_the_known_words_are_the_contract_s() -> None:
    listed = json.loads((POLICIES / "question" / "data.json").read_text("utf-8"))["words"]
    assert {name: list(words) for name, words in listed.items()} == {
        name: [member.value for member in vocabulary] for name, vocabulary in WORDS.items()
    } | {
        "condition_field": list(CONTENT),
        "order_field": list(ORDER),
        "registered_by": ["sender", "own_authority", "recipient", "party", "other"],
    }


def test_every_flag_has_its_form() -> None:
    forms = json.loads((POLICIES / "question" / "data.json").read_text("utf-8"))["flags"]
    stated = {asked["kind"]: set(asked["stated"]) for asked in SHARED if "stated" in asked}
    assert {kind: set(fields) for kind, fields in forms.items()} == stated


def test_every_question_of_an_earlier_schema_still_has_an_answer(tmp_path: Path) -> None:
    """As replay asks it: what did not stand there then is filled in."""
    with tarfile.open(GOLDEN) as kept:
        kept.extractall(tmp_path, filter="data")
    with closing(sqlite3.connect(tmp_path / "schema-3" / "samband.db")) as store:
        leaves = [json.loads(leaf) for (leaf,) in store.execute("SELECT leaf FROM records")]
    decided = {str(leaf["seq"]): in_todays_form(leaf["input"]) for leaf in leaves if leaf["record"] == "decision"}
    assert len(decided) > 100
    assert set(engine().decide(decided)) == set(decided)
