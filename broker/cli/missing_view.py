"""What is missing for what was kept back: asks the law for all of it, and draws it."""

import json
from collections.abc import Iterator, Sequence
from functools import cache

from rich.text import Text

from broker import bundle
from broker.adapters.sql.read_model import Archive
from broker.advice.missing import CLAIM, Part, order_sets, part, ways
from broker.advice.suppositions import Examples
from broker.cli import law
from broker.cli.questions import question
from broker.cli.tables import rule_name
from broker.cli.tally import is_kept_back
from broker.cli.texts import Words
from broker.model.decision import Json, PolicyInput, in_todays_form
from broker.model.vocabulary import Outcome
from broker.ports.policy import EngineError, PolicyDecisionPoint

SHOWN = 6
"""Most sets that are shown of one item, unless all are asked for."""
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
    named = (refs[_parts(way)] for way in sets)
    return {"missing": sets, GROUNDS: [{"id": ground, "ref": law.ref(ground)} if ground else None for ground in named]}


def in_full(receipt: Json, leaf: Json, engine: PolicyDecisionPoint) -> Json:
    """A receipt with all that is missing of each item that was kept back, and its record's leaf."""
    asked = in_todays_form(leaf["input"])
    items = [
        item if item["outcome"] == "release" else {**item, **of_item(asked, str(item["item"]), engine)}
        for item in receipt["items"]
    ]
    return {**receipt, "items": items, **({} if items else of_item(asked, WHOLE, engine))}


def of_trial(receipt: Json, archive: Archive, engine: PolicyDecisionPoint) -> Json:
    """A receipt of what was only tried: with all that is missing where it was kept back; it has no place in a log."""
    return {**as_agreed(tried_in_full(receipt, archive, engine)), "audit": None}


def tried_in_full(receipt: Json, archive: Archive, engine: PolicyDecisionPoint) -> Json:
    """What is tried is told with all that is missing; what is recorded is told as it stands in the log."""
    if not is_kept_back(receipt):
        return receipt
    [record] = archive.records(seq=receipt["audit"]["seq"])
    return in_full(receipt, record.leaf, engine)


def as_agreed(receipt: Json) -> Json:
    """The receipt with the contract's fields alone: sets of what items lack."""
    kept = {name: value for name, value in receipt.items() if name not in (GROUNDS, "missing")}
    if "items" in kept:
        kept["items"] = [{name: item[name] for name in item if name != GROUNDS} for item in kept["items"]]
    return kept


def missing_lines(words: Words, explained: Json, *, every: bool = False) -> Iterator[Text]:
    """Each set in a line, with the ground behind it; what is asked beside it already is not told again.

    In: an item, or a receipt or explanation of a message without any.
    """
    if GROUNDS not in explained:
        return
    heading = "missing_heading" if "item" in explained else "missing_heading_whole"
    asked = {
        frozenset(Part("test", test) for test in one.get("asks", ())) for one in (explained, *explained.get("open", ()))
    }
    left = [pair for pair in zip(explained["missing"], explained[GROUNDS], strict=True) if _parts(pair[0]) not in asked]
    if not explained["missing"] and explained.get("receipt", explained)["outcome"] == Outcome.WITHHOLD:
        yield Text(words("nothing_is_missing"), style="dim")  # of what is referred a human decides, and is told what
    elif left:
        yield Text(words(heading if len(left) == len(explained["missing"]) else "missing_else"), style="yellow")
    for way, ground in left if every else left[:SHOWN]:
        yield Text.assemble(("  • ", "yellow"), _line(words, way, ground))
    if not every and len(left) > SHOWN:
        yield Text(f"  {words('missing_more', n=len(left) - SHOWN)}", style="dim")


def _line(words: Words, way: Sequence[Json], ground: Json | None) -> str:
    """What is to be claimed, obtained, checked and assessed, each sort said once."""
    parts = sorted(_parts(way) - {CLAIM} if ground else _parts(way))
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
    rule = words("missing_claim" if CLAIM in _parts(way) else "missing_under", rule=rule_name(words, ground))
    return f"{rule} – {together}" if said else rule


def _join(words: Words, named: Sequence[str]) -> str:
    """Clauses, the last two joined by a word; one that holds a colon stands last."""
    *first, last = sorted(named, key=lambda one: (":" in one, "," in one))
    return f"{', '.join(first)} {words('and')} {last}" if first else last


def _parts(way: Sequence[Json]) -> frozenset[Part]:
    return frozenset(map(part, way))
