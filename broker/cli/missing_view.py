"""Draws what is missing for what was kept back."""

from collections.abc import Iterator

from rich.text import Text

from broker.adapters.sql.read_model import Archive
from broker.advice.missing import Part
from broker.cli.tally import is_kept_back
from broker.explanation.missing import GROUNDS, in_full, parts_of, way_text
from broker.explanation.words import Words
from broker.model.decision import Json
from broker.model.vocabulary import Outcome
from broker.ports.policy import PolicyDecisionPoint

SHOWN = 6
"""Most sets that are shown of one item, unless all are asked for."""


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
    left = [
        pair for pair in zip(explained["missing"], explained[GROUNDS], strict=True) if parts_of(pair[0]) not in asked
    ]
    if not explained["missing"] and explained.get("receipt", explained)["outcome"] == Outcome.WITHHOLD:
        yield Text(words("nothing_is_missing"), style="dim")  # of what is referred a human decides, and is told what
    elif left:
        yield Text(words(heading if len(left) == len(explained["missing"]) else "missing_else"), style="yellow")
    for way, ground in left if every else left[:SHOWN]:
        yield Text.assemble(("  • ", "yellow"), way_text(words, way, ground))
    if not every and len(left) > SHOWN:
        yield Text(f"  {words('missing_more', n=len(left) - SHOWN)}", style="dim")
