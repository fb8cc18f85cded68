"""What is missing: each set lets the item go when the law is asked again with it, and no part of a set does."""

import json
import os
from collections.abc import Iterable, Iterator
from itertools import combinations, islice, product
from random import Random

import pytest
from house import engine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from policy_inputs import AGAINST_WHEN_TRUE, SHARED, TESTS, copy, disclosures, others

from broker.advice import suppositions
from broker.advice.missing import Part, Way, part, ways
from broker.advice.suppositions import Examples, Supposition
from broker.bundle import load
from broker.model.decision import Decision, OffenceFacts, PolicyInput
from broker.model.references import parse

BUNDLE = load()
ENGINE = engine()
GROUNDS = list(ENGINE.grounds)
EXAMPLES = Examples(**json.loads(BUNDLE.tables)["missing"])
OF_ITS_OWN = {"suspicion", "necessary_for_own_task"}
"""Tests under whose name some ground asks its own question: an answer for every ground is none to it."""
MOST = 3000
"""Questions about one part of a set: of more values, which only three facts together have, a sample is asked about."""
RANDOM = Random(2026)


def lets_go(decision: Decision, index: str) -> bool:
    """Whether the item is released, or the message without items is forwarded."""
    found = [item["outcome"] for item in decision.items if item["item"] == int(index)]
    return (found or [decision.outcome])[0] in ("release", "forward")


def values(one: Part) -> Iterable[Supposition]:
    """All that a part may be."""
    if one.sort == "test":
        return suppositions.of_test(one.name, EXAMPLES, GROUNDS)
    if one.sort == "consent":
        return suppositions.of_consent(one.name)
    return suppositions.of_fact(one.name, EXAMPLES)


def with_parts(about: PolicyInput, index: str, parts: Iterable[Part], most: int) -> Iterator[PolicyInput]:
    """The question with these parts stated, in each way there is: the offence first, then what is said of it."""
    first = sorted(parts, key=lambda one: (one.name not in ("offence", "secrecy", "basis"), one))
    choices = list(product(*map(values, first)))
    for chosen in RANDOM.sample(choices, min(len(choices), most)):
        asked: PolicyInput = json.loads(json.dumps(about))
        for suppose in chosen:
            suppose(asked, index)
        yield asked


def enough(about: PolicyInput, index: str, parts: Iterable[Part], most: int = 20_000) -> bool:
    """Whether the law lets the item go with these parts, whatever they are."""
    questions = with_parts(about, index, parts, most)
    while some := list(islice(questions, 50)):
        if any(lets_go(one, index) for one in ENGINE.decide({str(n): one for n, one in enumerate(some)}).values()):
            return True
    return False


def held(about: PolicyInput, index: str, found: Iterable[Way]) -> None:
    """Every set is sound and minimal: each part of it is asked about with every value."""
    parts: dict[tuple[Part, ...], Way] = {}
    for way in found:
        assert enough(about, index, way), f"not sound: {sorted(way)}"
        parts |= {some: way for n in range(len(way)) for some in combinations(sorted(way), n)}
    for some, way in parts.items():
        assert not enough(about, index, some, MOST), f"not minimal: {sorted(way)}, for {some} is enough"


def unreleased(about: PolicyInput) -> list[str]:
    """Indexes of the items that are not released, or of the message without items."""
    decision = ENGINE.decide({"0": about})["0"]
    if decision.quarantine:
        return []
    items = [str(item["item"]) for item in decision.items if item["outcome"] != "release"]
    return items if decision.items else ["0"] if decision.outcome != "forward" else []


def looked_at(about: PolicyInput, n: int) -> None:
    """One of the items that are not released."""
    if not (indexes := unreleased(about)):
        return
    index = indexes[n % len(indexes)]
    found = ways(about, index, ENGINE, EXAMPLES)
    held(about, index, found)
    against_nothing(about, index, found)
    told = [item for item in ENGINE.decide({"0": about})["0"].items if item["item"] == int(index)]
    for way in [frozenset(map(part, one)) for item in told for one in item["missing"]]:
        assert enough(about, index, way), f"the receipt tells {sorted(way)}, which is not enough"


def against_nothing(about: PolicyInput, index: str, found: Iterable[Way]) -> None:
    """A test that was answered for every ground is never said to be missing, whatever the answer."""
    answers = about["items"][index]["answers"] if index in about["items"] else {}
    answered = {test for test, given in answers.items() if "*" in given}
    assert not {name for way in found for sort, name in way if sort == "test"} & (answered - OF_ITS_OWN)


MANY = int(os.environ.get("SAMBAND_MISSING_CASES", "100"))
asked = disclosures(GROUNDS) | disclosures(GROUNDS) | others(GROUNDS)
numbers = st.integers(0, 1000)
slow_data = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.slow
@settings(max_examples=MANY, derandomize=True, deadline=None, suppress_health_check=slow_data, phases=[Phase.generate])
@given(asked, numbers)
def test_what_is_missing_is_enough_and_no_part_of_it_is(about: PolicyInput, n: int) -> None:
    """`make missing` looks at some two thousand kept items, which takes a quarter of an hour."""
    looked_at(about, n)


def test_a_part_that_is_enough_with_another_value_is_told_alone() -> None:
    """An offence whose degree decides for a 14-year-old: at another age it does not matter, and it is not told."""
    [about, *_] = (
        copy(one) for one in SHARED if one["basis"] == ["lul_6"] and one["offence"] and not one["lul_notice"]
    )
    gun: OffenceFacts = {**about["offence"], "provision": parse("2022:666 4 §"), "degree": None, "subject_age": 14}
    about |= {"day": 20261015, "offence": {**gun, "day": 20261015}, "offence_dated": False}
    about["persons"] = {key: {**person, "age": 25} for key, person in about["persons"].items()}
    about["items"]["0"]["answers"] = {"suspicion": {"*": True}}
    found = ways(about, "0", ENGINE, EXAMPLES)
    assert frozenset({Part("fact", "age"), Part("fact", "lul_notice")}) in found
    held(about, "0", found)


def test_each_test_has_an_answer_for_release() -> None:
    assert EXAMPLES.for_release == {test: test not in AGAINST_WHEN_TRUE for test in TESTS}
