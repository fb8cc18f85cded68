"""A decision's record names the records of the consents and agreements that it used, so that an auditor finds them."""

import json
from pathlib import Path
from typing import Any

import pytest
from cluster_in_memory import cluster
from house import House, opened
from lines import POLICE, TOWN, Json, agreement, consent, disclosure, message, secret_item, withdrawal

from broker import topics
from broker.adapters.sql import derivation, tables
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical
from broker.runtime.embedded import clock_times

SHARING = {"items": [secret_item()], "programme": "sspf", "purpose": "prevent", "agreement": "Ö-1"}


def sharing(n: int) -> Json:
    body = SHARING | {"subject": consent(0)["body"]["subject"]}
    return message(n, "CaseSharing", TOWN, POLICE, body, unit="social_services", role="caseworker")


STORY = [
    *(agreement(1), agreement(2, by=POLICE), consent(3)),
    *(sharing(4), disclosure(5, secret_item()), withdrawal(6), sharing(7)),
]


def named(leaf: Json) -> tuple[list[str], list[list[str]]]:
    told = leaf.get("rests_on", {})
    return list(told.get("forms", {}).values()), told.get("agreements", [])


def test_the_records_of_consents_and_agreements_are_named(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(*STORY)
        leaves = house.leaves()
        at = [leaf_hash(canonical(leaf)).hex() for leaf in leaves]
        assert named(leaves[3]) == ([at[2]], [[at[0], at[1]]])
        assert named(leaves[4])[0] == [at[2]]
        assert named(leaves[6]) == ([at[5]], [[at[0], at[1]]])  # withdrawn: the withdrawal is what counted
        assert "rests_on" not in leaves[0]
        assert named(leaves[2])[1]  # what a consent needs is asked of the agreement
        assert compared(house).ok


def test_a_worker_names_them_too(tmp_path: Path) -> None:
    """By the hash of the leaf: a worker's numbers are not places in the log."""
    with cluster(tmp_path) as made:
        for found in STORY:
            made.send(found["sender"]["authority"], found)
            made.work()
        leaves = [json.loads(one.value) for one in made.topics[topics.AUDIT]]
        at = [leaf_hash(canonical(leaf)).hex() for leaf in leaves]
        assert named(leaves[3]) == ([at[2]], [[at[0], at[1]]])
        assert named(leaves[6])[0] == [at[5]]


def compared(house: House, changes: dict[int, Json] | None = None) -> derivation.Derived:
    """What the registers are beside the log, in which some records are others."""
    leaves = [(changes or {}).get(n, leaf) for n, leaf in enumerate(house.leaves())]
    rows = {table.name: list(house.connection.execute(table.select()).mappings()) for table in derivation.REGISTERS}
    return derivation.compare(lambda: enumerate(leaves), rows, times=clock_times(), tokens=house.tokens)


@pytest.mark.parametrize("other", ["none", "another kind", "other facts", "a later one"])
def test_a_record_that_names_what_the_log_does_not_have_is_found(other: str, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(*STORY)
        leaf: Json = json.loads(json.dumps(house.leaves()[3]))
        at = [leaf_hash(canonical(one)).hex() for one in house.leaves()]
        form: Any = next(iter(leaf["input"]["persons"].values()))["consents"][0]
        if other == "none":
            leaf["rests_on"]["forms"]["0"] = "0" * 64
        elif other == "another kind":
            leaf["rests_on"]["agreements"][0][0] = at[4]
        elif other == "other facts":
            form["categories"] = ["health_record"]
        else:
            leaf["rests_on"]["forms"]["0"] = at[6]
        answer = compared(house, {3: leaf})
        found = [(one.code, one.table, one.seq) for one in answer.first]
        assert ("unfounded", tables.records.name, 3) in found


def test_records_from_before_name_nothing_and_are_no_finding(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(*STORY)
        older = {n: {k: v for k, v in leaf.items() if k != "rests_on"} for n, leaf in enumerate(house.leaves())}
        assert compared(house, older).ok
