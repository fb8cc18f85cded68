"""Draws the guidance of a request: which provision can apply, what it asks, what is exempt, what to write down."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from broker import texts
from broker.cli.tables import table
from broker.cli.texts import Words
from broker.explanation.questions import question, rule_name
from broker.model.decision import Json
from broker.model.vocabulary import WeighingTest

_FOLDED = "narrow"
"""How a ground binds that is for a situation which nobody has told of."""


def guidance(
    words: Words, advice: list[Json], titles: Mapping[str, str], *, every_ground: bool = False
) -> RenderableType:
    """For each category asked for: grounds with what they ask, what is exempt, what to write down.

    Those for special situations are only named, unless `every_ground`.
    """
    parts: list[RenderableType] = []
    for categories, row in same(advice):
        names = ", ".join(words.term("categories", category) for category in categories)
        parts.append(Text(names, style="bold"))
        shown = [ground for ground in row["grounds"] if every_ground or ground.get("force") != _FOLDED]
        folded = [ground for ground in row["grounds"] if ground not in shown]
        parts.append(_grounds(words, shown, titles) if shown else Text(words("no_ground"), style="red"))
        if folded:
            rules = ", ".join(dict.fromkeys(rule_name(words, ground) for ground in folded))
            parts.append(Text(words("in_special_cases", rules=rules), style="dim"))
        parts += [_exempt(words, bar) for bar in row["bars"]]
        parts += [Text(words("name_secrecy"), style="dim")] if any(map(_wants_secrecy_named, row["grounds"])) else []
        if row["note"] and row["grounds"]:
            parts.append(Text(f"✎ {words.term('notes', row['note'])}", style="cyan"))
        parts.append(Text(""))
    return Group(*parts)


def _grounds(words: Words, grounds: Iterable[Json], titles: Mapping[str, str]) -> Table:
    rows = table(words("rule"), words("force"), words("about"), words("to_assess"), whole=(0,))
    for ground in grounds:
        about = Text(words.term("grounds", ground["id"]))
        if ground["id"] in texts.ids("limits"):
            about.append(f"\n{words.term('limits', ground['id'])}", style="yellow")
        if ground["id"] in titles:
            about.append(f"\n{titles[ground['id']]}", style="dim")
        asks = "\n".join(question(words, ground["id"], test) for test in ground["asks"] if test != _ONCE)
        force = words.term("forces", ground.get("force"))
        rows.add_row(Text(ground["ref"] or "–", style="bold"), force, about, asks or "–")
    return rows


_ONCE = WeighingTest.NO_PROVISION_APPLIES.value
"""Asked of an item that names no secrecy, whatever its ground: said once."""


def _wants_secrecy_named(ground: Json) -> bool:
    return _ONCE in ground["asks"]


def _exempt(words: Words, bar: Json) -> Text:
    return Text.assemble(("✕ ", "red"), (f"{rule_name(words, bar)} ", "bold"), words("exempt_as_a_rule"))


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
