"""Retention for the eye: each class with its provision, its decision and what there is of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from broker.cli.tables import table as listing
from broker.cli.texts import Words, number
from broker.model.decision import Json


def rows(table: Iterable[Json], kept: Mapping[str, Mapping[str, Any]]) -> list[Json]:
    """A row for each class of the table, with how much is kept of it."""
    nothing = {"cases": 0, "due": 0, "held": 0, "next": None, "no_day": 0}
    return [
        {
            **{"class": row["id"], "ref": row["ref"], "ours": row["ours"], "decision": row["decision"]},
            **{"years": row["years"], "age": row["age"]},
            **kept.get(row["id"], nothing),
            "why": row["why"],
        }
        for row in table
    ]


def classes(words: Words, given: Sequence[Json]) -> RenderableType:
    """The classes as a list."""
    columns = ("retention_class", "rests_on", "kept_for", "kept_cases", "due_cases", "held_cases", "next_day")
    shown = listing(*map(words, columns), right=(3, 4, 5), whole=(1, 6))
    for row in given:
        rests = row["ref"] or words("ours")
        until = words("until_age", n=row["age"]) if row["age"] else words("for_years", n=row["years"])
        shown.add_row(
            words.term("retention", row["class"]),
            Text(rests).append(f"\n{row['decision']}", style="dim"),
            until,
            number(row["cases"]),
            number(row["due"]),
            number(row["held"]),
            row["next"] or "–",
        )
    no_day = sum(row["no_day"] for row in given)
    return Group(shown, Text(words("no_day", n=number(no_day)))) if no_day else shown


def total(told: Iterable[Json]) -> list[Json]:
    """What several records say of each class, together."""
    sums: dict[str, Json] = {}
    for row in (row for part in told for row in part["classes"]):
        so_far = sums.setdefault(row["class"], {**row, "cases": 0, "contents": 0})
        so_far["cases"] += row["cases"]
        so_far["contents"] += row["contents"]
    return [sums[name] for name in sorted(sums)]


def held(words: Words, told: Json) -> str:
    """What may not be erased, or may again, as a line."""
    said = words("let_go" if told["ends"] else "held", n=number(told["cases"]))
    return f"{said} ({told['reference']})"


def erased(words: Words, row: Json) -> str:
    """One class of what is erased, as a line."""
    numbers = {"contents": number(row["contents"]), "cases": number(row["cases"])}
    return words("erased_class", name=words.term("retention", row["class"]), decision=row["decision"], **numbers)
