"""What a ground rests on, as its paragraph states it (`uses`): it suffices, and nothing in it is idle.

A partial delivery tells of the message's body what the grounds of its released items use, and nothing else.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from house import engine
from policy_inputs import SHARED, copy

from broker import bundle
from broker.model.decision import Decision, PolicyInput
from broker.model.vocabulary import Circumstance, WeighingTest

ENGINE = engine()
NEVER_TOLD = {"harm", "no_provision_applies"}
"""Answers that an item may need and that no delivery tells."""

WITH_ITEMS = [asked for asked in SHARED if asked["kind"] in ("Disclosure", "CaseSharing", "CouncilReferral")]
SOME = 150
"""Questions that are put at once."""


def _decided(questions: Mapping[str, PolicyInput]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    keys = list(questions)
    for start in range(0, len(keys), SOME):
        found |= ENGINE.decide({key: questions[key] for key in keys[start : start + SOME]})
    return found


def _without(asked: PolicyInput, index: str, keeps: Callable[[str], bool], ground: str) -> PolicyInput:
    """The question with one item, one ground, and of what is stated only what is kept."""
    alone: Any = copy(asked)
    alone["basis"] = [ground]
    alone["items"] = {index: alone["items"][index]}
    item = alone["items"][index]
    if not keeps("offence"):
        alone["offence"] = None
    if not keeps("lul_notice"):
        alone["lul_notice"] = None
    if not keeps("purpose") and not item["on_request"]:
        item["purpose"] = None
    alone["circumstances"] = [name for name in alone["circumstances"] if keeps(name)]
    item["answers"] = {test: given for test, given in item["answers"].items() if keeps(test) or test in NEVER_TOLD}
    return alone


def _released() -> list[tuple[PolicyInput, str, str, frozenset[str]]]:
    """Each item of the shared cases that is released: the question, its index, its ground and what that uses."""
    asked = {str(n): one for n, one in enumerate(WITH_ITEMS)}
    return [
        (asked[key], str(index), carried.ground, carried.uses)
        for key, decision in _decided(asked).items()
        for index, carried in decision.carried.items()
    ]


RELEASED = _released()


def test_what_a_ground_uses_suffices_to_carry_the_item_again() -> None:
    assert len(RELEASED) > 300
    questions = {
        str(n): _without(asked, index, uses.__contains__, ground)
        for n, (asked, index, ground, uses) in enumerate(RELEASED)
    }
    answers = _decided(questions)
    short = [
        (ground, sorted(uses))
        for n, (_, index, ground, uses) in enumerate(RELEASED)
        if (found := answers[str(n)].carried.get(int(index))) is None or found.ground != ground
    ]
    assert not short


def test_nothing_that_a_ground_uses_is_idle() -> None:
    """Each name matters for each item: without it the item is not released by that ground."""
    questions, of = {}, {}
    for n, (asked, index, ground, uses) in enumerate(RELEASED):
        on_request = {"purpose"} if asked["items"][index]["on_request"] else set()  # it is the request's, and not told
        for name in uses - on_request:
            key = f"{n} {name}"
            of[key] = (ground, name, int(index))
            questions[key] = _without(asked, index, lambda kept, name=name: kept != name, ground)  # type: ignore[misc]
    idle = set()
    for key, decision in _decided(questions).items():
        ground, name, index = of[key]
        found = decision.carried.get(index)
        if found is not None and found.ground == ground:
            idle.add((ground, name))
    either = {("osl_20", "suspicion"), ("osl_20", "imminent_danger"), ("lul_34", "offence")}
    either |= {("lul_34", "inquiry_31_opened"), ("osl_35_15a", "serving_youth_supervision")}
    assert idle <= either, "these carry by either of two: where both are stated, both are told"


def test_every_name_is_one_that_a_message_states() -> None:
    told = {
        "offence",
        "purpose",
        "lul_notice",
        *(name.value for name in Circumstance),
        *(test.value for test in WeighingTest),
    }
    assert {name for *_, uses in RELEASED for name in uses} <= told


def test_every_ground_that_an_item_may_rest_on_is_among_the_cases() -> None:
    grounds = json.loads(bundle.load().tables)["law"]["grounds"]
    of_items = {ground for ground, row in grounds.items() if row["only_for"] is None}
    assert of_items - {ground for _, _, ground, _ in RELEASED} <= {"takedown"}
