"""What is missing for what was kept back: asks the law for all of it, and says it."""

import json
from collections.abc import Sequence
from functools import cache

from broker import bundle
from broker.advice.missing import CLAIM, Part, order_sets, part, ways
from broker.advice.suppositions import Examples
from broker.explanation import law
from broker.explanation.questions import question, rule_name
from broker.explanation.words import Words
from broker.model.decision import Json, PolicyInput, in_todays_form
from broker.ports.policy import EngineError, PolicyDecisionPoint

GROUNDS = "missing_grounds"
"""Beside `missing`: the ground that the item would go under with each set."""
WHOLE = "0"
"""A message without items, as the law sees it."""


@cache
def _examples() -> Examples:
    return Examples(**json.loads(bundle.load().tables)["missing"])


def of_item(asked: PolicyInput, index: str, engine: PolicyDecisionPoint) -> Json:
    """`missing`, all sets, and `GROUNDS`."""
    try:
        refs = ways(asked, index, engine, _examples())
    except EngineError:
        refs = {}
    sets = order_sets(refs)
    named = (refs[parts_of(way)] for way in sets)
    return {"missing": sets, GROUNDS: [{"id": ground, "ref": law.ref(ground)} if ground else None for ground in named]}


def in_full(receipt: Json, leaf: Json, engine: PolicyDecisionPoint) -> Json:
    """A receipt with all that is missing of each item that was kept back, and its record's leaf."""
    asked = in_todays_form(leaf["input"])
    items = [
        item if item["outcome"] == "release" else {**item, **of_item(asked, str(item["item"]), engine)}
        for item in receipt["items"]
    ]
    return {**receipt, "items": items, **({} if items else of_item(asked, WHOLE, engine))}


def way_text(words: Words, way: Sequence[Json], ground: Json | None) -> str:
    """What is to be claimed, obtained, checked and assessed, each sort said once."""
    parts = sorted(parts_of(way) - {CLAIM} if ground else parts_of(way))
    named = {sort: [name for of, name in parts if of == sort] for sort in ("consent", "fact", "test")}
    said = [words.term("consents", name) for name in named["consent"]]
    if named["fact"]:
        said.append(words("missing_fact", what=_join(words, [words.term("facts", one) for one in named["fact"]])))
    if named["test"]:
        asked = (question(words, ground["id"] if ground else None, test) for test in named["test"])
        said.append(words("missing_test", what=" ".join(asked)))
    together = "; ".join(said)
    if ground is None:
        return together
    rule = words("missing_claim" if CLAIM in parts_of(way) else "missing_under", rule=rule_name(words, ground))
    return f"{rule} – {together}" if said else rule


def _join(words: Words, named: Sequence[str]) -> str:
    """Clauses, the last two joined by a word; one that holds a colon stands last."""
    *first, last = sorted(named, key=lambda one: (":" in one, "," in one))
    return f"{', '.join(first)} {words('and')} {last}" if first else last


def parts_of(way: Sequence[Json]) -> frozenset[Part]:
    """A set as its parts."""
    return frozenset(map(part, way))
