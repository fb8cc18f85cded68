"""`names`, `excepted` and `exempt` of each paragraph, against what a reader finds in the statute text above them."""

import json
from typing import Any

from policy_tools import POLICIES, opa
from statute_lists import listed, provisions, whole

from broker import bundle

TEXTS = {place: entry["text"] for place, entry in bundle.load().statutes.items()}


def lists() -> dict[str, Any]:
    """Each list of provisions in the rules, by the paragraph's place."""
    found = {}
    for name in ("names", "excepted", "exempt"):
        query = f'{{concat("/", [s, p]): list | some s, p; list := data.statutes[s][p].{name}}}'
        found |= json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout)
    return found


def test_a_range_a_letter_and_a_stycke_are_read() -> None:
    text = "24 kap. 2 a eller 8 §, 25 kap. 1 §, 2 § andra stycket eller 3-4 §§, 26 kap. 1-2 §§"
    osl_26 = {"OSL 26:1", "OSL 26:1 a", "OSL 26:2"}
    assert provisions(text) == {"OSL 24:2 a", "OSL 24:8", "OSL 25:1", "OSL 25:2 2 st", "OSL 25:3", "OSL 25:4"} | osl_26
    assert whole({"OSL 25:2 1 st", "OSL 25:2 2 st", "OSL 26:1 a 1 st"}) == {"OSL 25:2", "OSL 26:1 a 1 st"}


def test_each_list_is_what_the_statute_s_text_says() -> None:
    found = lists()
    assert len(found) >= 17
    assert {place: sorted(whole(set(rule))) for place, rule in found.items()} == {
        place: sorted(whole(listed(place, TEXTS))) for place in found
    }
