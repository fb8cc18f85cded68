"""Which grounds are tried where none is claimed: the table of the annotations leaves out none that could carry."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from house import Json, engine
from policy_inputs import SHARED

from broker import bundle
from broker.adapters.opa.wasm import WasmLaw

BUNDLE = bundle.load()
TABLES = json.loads(BUNDLE.tables)
WORDS = TABLES["question"]["words"]
GROUNDS = TABLES["law"]["grounds"]
CANDIDATES = TABLES["law"]["candidates"]
FREE = [ground for ground, row in GROUNDS.items() if row["only_for"] is None and not row["only_when_claimed"]]
"""Grounds that may carry where none is claimed."""
PRUNED = ("Disclosure", "CaseSharing", "CouncilReferral", "InformationRequest")
_OF_PARTIES = {"holder": {"holder"}, "receiver": {"receiver", "s170_2"}}
"""Conditions that a table may answer for, by side."""


@cache
def _law() -> WasmLaw:
    """Compiled once: it takes most of a second."""
    return WasmLaw(BUNDLE.wasm, BUNDLE.tables)


def answers(candidates: Json, asked: list[Any], *, categories: bool = True) -> list[str]:
    """The decision documents under the same rules with another table, in chunks as a batch has them."""
    rows = {ground: row if categories else {**row, "categories": None} for ground, row in GROUNDS.items()}
    tables = {**TABLES, "law": {**TABLES["law"], "candidates": candidates, "grounds": rows}}
    law = _law()
    law._tables = json.dumps(tables).encode()
    law._begin()
    found: list[str] = []
    for start in range(0, len(asked), 50):
        chunk = {str(n): one for n, one in enumerate(asked[start : start + 50])}
        results = law.evaluate({"messages": chunk}, "decision/results")
        found += [json.dumps(results[key]) for key in chunk]
    return found


def trying_all(asked: list[Any]) -> list[str]:
    """The same with a table that lets everything through."""
    return answers({"*": {"*": FREE}}, asked, categories=False)


def questions() -> list[Any]:
    """Cases that claim nothing, as they are and between other parties, on other days, of other categories."""
    rng = Random("candidates")
    parties = [asked[side] for asked in SHARED for side in ("sender", "recipient")]
    chosen = [asked for asked in SHARED if asked["kind"] in PRUNED]
    asked: list[Any] = [{**one, "basis": []} for one in chosen[::4]]
    for _ in range(600):
        one: Any = {**rng.choice(chosen), "basis": [], "sender": rng.choice(parties), "recipient": rng.choice(parties)}
        if rng.random() < 0.3:
            one["day"] = rng.choice((20200101, 20250401, 20260715, 20270101, 20300101))
        if rng.random() < 0.3:
            category = rng.choice(sorted(WORDS["category"]))
            one["items"] = {i: {**item, "category": category} for i, item in one["items"].items()}
        asked.append(one)
    return asked


@pytest.mark.slow
def test_the_table_decides_as_trying_all_does() -> None:
    """Byte for byte, over the cases as they are and over questions that claim nothing."""
    asked = [*SHARED[::3], *questions()]
    ours = answers(CANDIDATES, asked)
    assert ours == trying_all(asked)
    assert sum('"force"' in one for one in ours) > 50 and len(set(ours)) > 200


@pytest.mark.slow
def test_a_ground_that_the_table_forgot_is_seen() -> None:
    """Each: the questions of these tests hold some that are answered otherwise without it."""
    asked = questions()
    named = trying_all(asked)
    unseen = []
    for ground in FREE:
        witnesses = [one for one, answer in zip(asked, named, strict=True) if f'"{ground}"' in answer][:5]
        less = {
            holder: {receiver: [one for one in grounds if one != ground] for receiver, grounds in row.items()}
            for holder, row in CANDIDATES.items()
        }
        if not witnesses or answers(less, witnesses) == trying_all(witnesses):
            unseen.append(ground)
    assert unseen == ["takedown"], "an order is a ChannelAction, which has a ground of its own"


def _party(**facts: Any) -> Json:
    plain = {"id": "annan", "authority": "annan", "kinds": ["civil_society"], "principal": None, "forms": []}
    return {**plain, "works_with_children": False, "unit": "registry", "role": None, **facts}


def _parties() -> Iterator[Json]:
    """Every kind in every unit, some in a role; every one that a table names."""
    for kind, unit in product(WORDS["kind_of_authority"], WORDS["unit"]):
        principal = "municipal" if kind == "school" else None
        yield _party(kinds=[kind], unit=unit, principal=principal)
        if unit == "registry":
            yield from (_party(kinds=[kind], role=role, principal=principal) for role in ("school_health", "rektor"))
    lists = [section["authorities"] for act in TABLES["statutes"].values() for section in act.values()]
    named = {name for listed in lists for name in listed} | {"statens-institutionsstyrelse", "rattsmedicinalverket"}
    yield from (_party(authority=name, kinds=["state_authority"]) for name in sorted(named))
    for approved, forms in product((None, "legal_person_2_5", "other"), ([], ["preschool"], ["other_education"])):
        yield _party(kinds=["school"], principal="private", approved=approved, forms=forms, works_with_children=True)


def _words(party: Json) -> set[str]:
    return {"*", party["authority"], party["unit"], party["role"], *party["kinds"]} - {None}


@pytest.mark.slow
@pytest.mark.parametrize("side", ["holder", "receiver"])
def test_the_annotations_are_as_wide_as_the_rules(side: str) -> None:
    """Whoever may have the information, or get it, by a paragraph's rules is named by its annotation."""
    base: Any = next(one for one in SHARED if one["kind"] == "Disclosure" and one["items"]["0"]["persons"])
    allowed = {ground: set[str]() for ground in FREE}
    for holder, row in CANDIDATES.items():
        for receiver, grounds in row.items():
            for ground in grounds:
                allowed[ground].add(holder if side == "holder" else receiver)
    needed: dict[str, list[set[str]]] = {ground: [] for ground in FREE}
    claimed = {**base, "basis": list(GROUNDS), "day": 20270201, "circumstances": [], "offence": None}
    for party in _parties():
        asked: Any = {**claimed, ("sender" if side == "holder" else "recipient"): party}
        for ground, items in engine().findings(asked).items():
            failing = items["0"]["failing"]
            if ground in allowed and not _OF_PARTIES[side] & set(failing):
                needed[ground].append(_words(party))
    missing = [(ground, words) for ground, found in needed.items() for words in found if not words & allowed[ground]]
    assert missing == []
    wide = {
        (ground, word)
        for ground, words in allowed.items()
        for word in words - {"*"}
        if not any(found & words == {word} for found in needed[ground])
    }
    of_both = {("osl_21", "statens-institutionsstyrelse"), ("osl_21", "rattsmedicinalverket")}
    assert wide == (of_both if side == "holder" else set()), "nothing could be left out, but a state authority's name"
