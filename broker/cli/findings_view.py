"""Draws what one ground found: whether it carries, and if not, which condition, answer or reading stands in the way."""

from collections.abc import Collection

from rich.text import Text

from broker.explanation.reasons import reasons, status_of
from broker.explanation.words import Words
from broker.model.decision import Json

SIGNS = {"yes": ("✓", "green"), "refer": ("?", "yellow"), "no": ("✕", "red")}


def finding(words: Words, of_ground: Json, told_already: Collection[str]) -> Text:
    """A ground's finding and its reasons; tests that are told of elsewhere are left out."""
    sign, colour = SIGNS[of_ground["status"]]
    name = of_ground["ref"] or words.term("grounds", of_ground["ground"])
    shown = Text.assemble((f"{sign} ", colour), (name, "bold"), " ")
    shown.append(words.term("statuses", status_of(of_ground)), style=colour)
    if of_ground["doubtful"]:
        shown.append(f" ⚠ {words('doubtful')}", style="yellow")
    for line in reasons(words, of_ground, told_already):
        shown.append(f"\n  {line}")
    return shown
