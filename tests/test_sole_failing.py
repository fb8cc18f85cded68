"""For each (ground, condition) a shared case in which that condition alone fails: else it may be lost unseen."""

import json
from collections.abc import Iterator

import pytest
from house import Json, engine
from policy_tools import POLICIES, opa
from test_policy_engines import INPUTS

TABLE = json.loads((POLICIES / "law" / "grounds" / "data.json").read_text("utf-8"))
NEVER_ALONE = {
    "s2026_1600_20_4 assistance_requested": "Not stated it is not known, and nobody states that it was not.",
    "lul_11 claimed": "Under what a request was made is not known where nobody says it: for a human.",
    "lul_6 incomplete": "What a notice lacks is for a human to add.",
    "osl_26_9a notified": "Who has notified another way is not known here: for a human.",
    "osl_35_15a receiver": "To one who is no authority it is an open reading.",
    "no_secrecy not_secret": "It reaches no secrecy: what is secret is out of its reach too.",
    "s170_7_own s170_2": "The Police alone receive, and the Police are of 2 § on each day on which 7 § is in force.",
    "takedown order": "What is no order is no order of another offence than terrorism either.",
    "takedown provision": "Where none is named it does not recruit to one.",
}
"""Conditions that fail in no case alone: they never fail, or never without another one. Why, of each."""


def conditions() -> set[str]:
    """Each condition of each ground, as the paragraphs have them."""
    query = '{concat("/", [s, p]): list | some s, p; list := data.statutes[s][p].conditions}'
    found = json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout)
    return {f"{ground} {one}" for ground, row in TABLE.items() for one in found["/".join(row["at"])]}


def shown() -> set[str]:
    """Each condition that alone fails in some case: nothing is answered against, and all secrecy is reached."""
    return {one for found in map(engine().findings, INPUTS.values()) for one in alone(found)}


def alone(findings: Json) -> Iterator[str]:
    """Each condition of a ground that alone fails on an item."""
    for ground, items in findings.items():
        for found in items.values():
            if len(found["failing"]) == 1 and not found["against"] and not found["unreached"]:
                yield f"{ground} {found['failing'][0]}"


@pytest.mark.slow
def test_each_condition_fails_alone_in_some_case() -> None:
    # `function` never fails: it refers to whose it is to decide.
    assert {one for one in conditions() - shown() if not one.endswith(" function")} == set(NEVER_ALONE)


def test_the_grounds_have_an_order_of_their_own() -> None:
    orders = [row["order"] for row in TABLE.values()]
    assert len(set(orders)) == len(orders)
