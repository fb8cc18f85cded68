"""What each ground found on each item says the same as its status: what `explain` shows is why it was decided so."""

from collections.abc import Iterator
from typing import Any

import pytest
from house import engine
from policy_inputs import SHARED

from broker.model.decision import PolicyInput

Json = dict[str, Any]
CLOSES = ("failing", "against", "unreached")
"""What keeps a ground from carrying, whatever is answered."""
AWAITS = ("open", "unknown", "unclear", "refer_to", "wording_unknown")
"""What waits for a human or a fact, beside the tests that are unanswered."""


def contradictions(asked: PolicyInput, findings: Json) -> Iterator[str]:
    """Each place where a ground's finding on an item contradicts itself, or what the item says."""
    asking = asked["kind"] == "InformationRequest"
    for ground, items in findings.items():
        for i, found in items.items():
            item = asked["items"][i]
            closed = {name for name in CLOSES if found[name]}
            awaited = {name for name in AWAITS if found[name]} | {
                "unanswered" for _ in found["unanswered"] if not asking
            }
            named = {one["named"] for one in item["secrecy"]}
            right = {
                "no: something closes it": (found["status"] == "no") == bool(closed),
                "refer: something is awaited": found["status"] != "refer" or bool(awaited),
                "yes: nothing is awaited": found["status"] != "yes" or not awaited,
                "what is unanswered or against is asked": {*found["unanswered"], *found["against"]} <= {*found["asks"]},
                "an answer is none that is lacking": not {*found["unanswered"]} & {*found["against"]},
                "what is named is reached or not": {*found["reached"], *found["unreached"]} == named,
                "what is reached is not unreached": not {*found["reached"]} & {*found["unreached"]},
                "unclear is a way to be reached": {*found["without_stycke"]}
                <= {*found["unclear"]}
                <= {*found["reached"]},
                "an open reading is a doubt": found["doubtful"] or not ({*found["open"]} - {"secrecy_not_named"}),
                "an unclear reach is a doubt": found["doubtful"] or not found["unclear"],
                "a consent that is short does not hold": asking
                or not found["consent_lacks"]
                or "consent" in found["failing"],
                "of a request nothing is missing": not (asking and found["missing"]),
                "the wrong age closes it": asking or not found["wrong_age"] or "age" in found["failing"],
            }
            yield from (f"{ground} {i}: {rule}" for rule, holds in right.items() if not holds)


@pytest.mark.slow
def test_a_finding_says_the_same_as_its_status() -> None:
    for asked in SHARED:
        assert list(contradictions(asked, engine().findings(asked))) == []
