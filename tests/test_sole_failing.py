"""For each (ground, condition) a shared case in which that condition alone fails: else it may be lost unseen."""

import json

from house import engine
from policy_tools import POLICIES, opa
from test_policy_engines import INPUTS

TABLE = json.loads((POLICIES / "law" / "grounds" / "data.json").read_text("utf-8"))
WITHOUT_A_CASE = {
    "s2026_1600_20_4 assistance_requested",  # not stated it is open, and nobody states that it was not
    "lul_11 claimed",
    "lul_6 incomplete",
    "no_secrecy not_secret",
    "osl_26_9a notified",
    "osl_35_15a receiver",
    "psl_6_15 particular_case",
    "psl_6_15 person",
    "s170_7_own s170_2",
    "sol_15_7 person",
    "takedown order",
    "takedown provision",
}
"""Conditions that no case shows alone yet. Only ever shorter."""


def conditions() -> set[str]:
    """Each condition of each ground, as the paragraphs have them."""
    query = '{concat("/", [s, p]): list | some s, p; list := data.statutes[s][p].conditions}'
    found = json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout)
    return {f"{ground} {one}" for ground, row in TABLE.items() for one in found["/".join(row["at"])]}


def shown() -> set[str]:
    """Each condition that alone fails in some case: nothing is answered against, and all secrecy is reached."""
    return {
        f"{ground} {finding['failing'][0]}"
        for tried in map(engine().findings, INPUTS.values())
        for ground, items in tried.items()
        for finding in items.values()
        if len(finding["failing"]) == 1 and not finding["against"] and not finding["unreached"]
    }


def test_each_condition_fails_alone_in_some_case() -> None:
    # `function` never fails: it refers to whose it is to decide.
    assert {one for one in conditions() - shown() if not one.endswith(" function")} <= WITHOUT_A_CASE


def test_the_grounds_have_an_order_of_their_own() -> None:
    orders = [row["order"] for row in TABLE.values()]
    assert len(set(orders)) == len(orders)
