"""A private school that may or may not be equated with an authority (OSL 2:3 a) releases nothing by that.

Each shared case is asked three times with a private school as sender or as recipient: as one that is equated, as one
that is not, and as one of which the register does not say. Whatever paragraph makes the difference, a human decides.
"""

from typing import Any

import pytest
from house import engine
from policy_inputs import SHARED

from broker.model.decision import PolicyInput

Json = dict[str, Any]

DAY = 20270105
APPROVALS = {"equated": "legal_person_2_5", "not": "other", "unclear": None}
FORMS = {
    "equated": ["compulsory_school"],
    "not": ["international"],
    "unclear": ["compulsory_school", "other_education"],
}
ROLES = {"rektor", "school_health"}


def as_school(asked: PolicyInput, side: str, **stated: Any) -> Json:
    """The same message on a day when the paragraph is in force, from or to a private school."""
    role = asked["sender"]["role"]
    party = {
        "id": "skola-20202020",
        "authority": "skola-20202020",
        "kinds": ["school"],
        "principal": "private",
        "forms": [],
        "works_with_children": False,
        "unit": "school",
        "role": None if side == "recipient" else role if role in ROLES else "rektor",
    }
    return {**asked, "day": DAY, side: {**party, **stated}}


def outcomes(answers: dict[str, Json], name: str) -> dict[str, str]:
    """The outcome of each item; of a message without items its own."""
    answer = answers[name]
    return {i: item["outcome"] for i, item in answer.get("items", {}).items()} or {"": answer["outcome"]}


@pytest.mark.slow
@pytest.mark.parametrize("side", ["sender", "recipient"])
@pytest.mark.parametrize("fact", ["approved", "forms"])
def test_what_only_an_equated_school_may_is_for_a_human_where_that_is_not_clear(side: str, fact: str) -> None:
    by_items = [asked for asked in SHARED if asked["kind"] in ("Disclosure", "InformationRequest")]
    by_items = [asked for asked in by_items if not any("harm" in item["answers"] for item in asked["items"].values())]
    ways: dict[str, Json] = {
        way: {"approved": approval} if fact == "approved" else {"approved": "legal_person_2_5", "forms": FORMS[way]}
        for way, approval in APPROVALS.items()
    }
    differing = 0
    for start in range(0, len(by_items), 200):
        group = list(enumerate(by_items))[start : start + 200]
        questions = {f"{n} {way}": as_school(asked, side, **ways[way]) for n, asked in group for way in ways}
        answers = engine()._ask("decision/results", questions)
        for n, _ in group:
            if f"{n} equated" not in answers:
                continue
            equated, other, unclear = (outcomes(answers, f"{n} {way}") for way in ways)
            for i, found in unclear.items():
                pair = (equated[i], other[i])
                open_ones = {"release", "forward"}
                if pair[0] == pair[1] or pair[1] in open_ones:
                    assert found == pair[1], (n, i, pair, found)
                elif pair[0] in open_ones or pair[1] == "withhold":
                    differing += 1
                    assert found == "refer", (n, i, pair, found)
                    assert answers[f"{n} unclear"]["doubtful"] or pair[1] == "refer", (n, i, pair)
    assert differing >= 10
