"""The law's dated tables against the same typed from the statutes by another hand: each row that differs is named."""

import json
from collections import defaultdict
from typing import Any

import pytest
from policy_tools import POLICIES, opa
from second_reading import FORCE, OFFENCES, PLACES, REPEALED, SUCCEEDED, Scale, day, listed, rows, table, typed
from statute_lists import whole

_RULES = {"reaches": "names", "excepts": "excepted", "exempts": "exempt"}


def tabled() -> set[Scale]:
    """The product's scales, but for those that a repealed act is read by."""
    return {
        Scale(
            provision,
            row["degree"],
            row["min_months"],
            row["max_months"],
            row["fines"],
            row.get("life", False),
            tuple(sorted(row["stages"])),
            row["from"],
            row["to"],
            row["stages_from"],
        )
        for provision, scales in OFFENCES["scales"].items()
        for row in scales
        if "successor" not in row
    }


def test_each_scale_is_what_the_statute_says() -> None:
    read, held = typed(), tabled()
    assert len(read) >= 200
    assert sorted(map(str, read - held)) == [], "in the second reading alone"
    assert sorted(map(str, held - read)) == [], "in the product's table alone"


def test_a_provision_of_a_repealed_act_is_read_as_its_successor() -> None:
    """[I] From the day after: the same scale under the new act, and always marked as an inference."""
    for provision, scales in OFFENCES["scales"].items():
        old = {_without_days(row) for row in scales if row["to"] == REPEALED.get(provision.split(" ")[0])}
        for row in scales:
            if "successor" in row:
                since = SUCCEEDED[provision.split(" ")[0]]
                assert (row["doubtful"], row["from"], row["stages_from"], row["to"]) == (True, since, since, None)
                assert _without_days(row) in old, provision
                assert all(successor in OFFENCES["scales"] for successor in row["successor"]), provision


def _without_days(row: dict[str, Any]) -> tuple[object, ...]:
    return (row["degree"], row["min_months"], row["max_months"], row["fines"], tuple(row["stages"]))


def test_each_act_is_in_force_from_the_day_that_its_text_says() -> None:
    read = {act: day(since) for act, since, _ in rows("days", "act")}
    assert read == {act: FORCE.get(act) for act in read}


def test_each_ground_holds_from_the_day_that_its_statute_says() -> None:
    grounds = table("law/grounds")
    read = {ground: (day(since), day(known)) for ground, since, known, _ in rows("days", "ground")}
    assert read == {ground: (grounds[ground]["from"], grounds[ground]["known_from"]) for ground in read}


def test_each_term_is_as_long_as_the_statute_says() -> None:
    terms = table("clocks")["terms"]
    read = {name: (length, ref) for name, length, ref, _ in rows("days", "term")}
    assert read == {name: (_length(terms[name][0]), terms[name][0]["ref"]) for name in read}
    assert {name for name, held in terms.items() if not held[0]["ours"]} == set(read)


def _length(term: dict[str, Any]) -> str:
    unit = next(unit for unit in ("hours", "days", "months") if unit in term)
    return f"{term[unit]} {unit}"


@pytest.mark.slow
@pytest.mark.parametrize("ref", [ref for ref, does, *_ in rows("lists") if does in _RULES])
def test_each_list_of_provisions_is_what_the_statute_says(ref: str) -> None:
    does, provisions = next((does, provisions) for read, does, provisions, _ in rows("lists") if read == ref)
    query = f"data.statutes.{PLACES[ref].replace('/', '.')}.{_RULES[does]}"
    held = set(json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout))
    read = {one if one.startswith("PSL") else f"OSL {one}" for one in provisions.split(", ")}
    assert sorted(whole(held)) == sorted(whole(read))


def test_no_list_of_provisions_is_without_a_second_reading() -> None:
    query = '{concat("/", [s, p]) | some s, p; some rule in {"names", "excepted", "exempt"}; data.statutes[s][p][rule]}'
    held = set(json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout))
    assert held == {PLACES[ref] for ref, does, *_ in rows("lists") if does in _RULES}


@pytest.mark.parametrize("ref", [ref for ref, does, *_ in rows("lists") if does == "names"])
def test_each_list_of_authorities_is_what_the_statute_says(ref: str) -> None:
    held = table(f"statutes/{PLACES[ref]}")["authorities"]
    assert sorted(held) == sorted(listed(PLACES[ref]))


def test_who_usually_takes_part_is_who_is_told_of() -> None:
    """No statute says it: whom a source names is in the table, which may hold more (its row names its own source)."""
    held: dict[str, set[str]] = defaultdict(set)
    tables = {**table("programmes")["members"], "council": table("councils")["members"]}
    for programme, row in tables.items():
        held[programme] = {*row["kinds"], *row["authorities"]}
        assert row["source"], programme
    lacking = {name: set(who.split(", ")) - held[name] for name, who, _ in rows("days", "member")}
    assert {name: who for name, who in lacking.items() if who} == {}
