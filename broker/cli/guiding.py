"""Draws the guidance of a request: which provision can apply, what it asks, what is exempt, what to write down."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from broker.cli.rendering import table
from broker.cli.texts import Words
from broker.decision import Json


def guidance(words: Words, advice: list[Json], titles: Mapping[str, str]) -> RenderableType:
    """For each category asked for: grounds with what they ask, what is exempt, what to write down."""
    parts: list[RenderableType] = []
    for categories, row in same(advice):
        names = ", ".join(words.term("categories", category) for category in categories)
        parts.append(Text(names, style="bold"))
        grounds = table(words("rule"), words("about"), words("to_assess"), whole=(0,))
        for ground in row["grounds"]:
            about = Text(words.term("grounds", ground["id"]))
            if ground["id"] in titles:
                about.append(f"\n{titles[ground['id']]}", style="dim")
            asks = "\n".join(words.term("tests", test) for test in ground["asks"])
            grounds.add_row(Text(ground["ref"] or "–", style="bold"), about, asks or "–")
        parts.append(grounds if row["grounds"] else Text(words("no_ground"), style="red"))
        parts += [_exempt(words, bar) for bar in row["bars"]]
        if row["note"]:
            parts.append(Text(f"✎ {words.term('notes', row['note'])}", style="cyan"))
        parts.append(Text(""))
    return Group(*parts)


def _exempt(words: Words, bar: Json) -> Text:
    ref = f"{bar['ref']} " if bar["ref"] else ""
    return Text.assemble(("✕ ", "red"), (ref, "bold"), words.barrier(bar["id"]))


def same(advice: Iterable[Json]) -> list[tuple[list[str], Json]]:
    """Categories with the same advice together."""
    groups: list[tuple[list[str], Json]] = []
    for row in advice:
        rest = {name: value for name, value in row.items() if name != "category"}
        same = next((group for group in groups if group[1] == rest), None)
        if same is None:
            groups.append(([row["category"]], rest))
        else:
            same[0].append(row["category"])
    return groups
