"""Draws what one ground found: whether it carries, and if not, which condition, answer or reading stands in the way."""

from collections.abc import Collection, Iterator

from rich.text import Text

from broker import texts
from broker.cli import law
from broker.cli.texts import Words
from broker.model.decision import Json

SIGNS = {"yes": ("✓", "green"), "refer": ("?", "yellow"), "no": ("✕", "red")}


def finding(words: Words, found: Json, told_already: Collection[str]) -> Text:
    """A ground's finding and its reasons; tests that are told of elsewhere are left out."""
    sign, colour = SIGNS[found["status"]]
    name = found["ref"] or words.term("grounds", found["ground"])
    shown = Text.assemble((f"{sign} ", colour), (name, "bold"), " ")
    waits = found["status"] == "refer" and not found["unanswered"]
    shown.append(words.term("statuses", "open" if waits else found["status"]), style=colour)
    if found["doubtful"]:
        shown.append(f" ⚠ {words('doubtful')}", style="yellow")
    for line in _reasons(words, found, told_already):
        shown.append(f"\n  {line}")
    return shown


def _reasons(words: Words, found: Json, told_already: Collection[str]) -> Iterator[str]:
    conditions, tests = "conditions", "tests"
    for name in found["failing"]:
        yield _obstacle(words, name)
    for name in found["consent_lacks"]:
        yield f"→ {words.term('consent_lacks', name)}"
    for name in found["against"]:
        if name not in found["unanswered"]:
            yield words("answered_against", what=words.term(tests, name))
    for name in found["unreached"]:
        yield words("not_reached", what=name)
    for name in dict.fromkeys([*found["open"], *found["unknown"]]):
        yield words("unclear", what=words.term(conditions, _own(found["ground"], name, conditions)))
        yield f"→ {_settling(words, found['ground'], name)}"
    for name in found["unclear"]:
        yield words("reach_unclear", what=name)
        yield f"→ {_settling(words, found['ground'], 'stycke' if name in found['without_stycke'] else 'reach')}"
    if found["status"] == "refer":
        for name in sorted(set(found["unanswered"]).difference(told_already)):
            yield words("unanswered", what=words.term(tests, name))
    if found["refer_to"]:
        yield words("for_function", what=words.term("roles", found["refer_to"]))


def _obstacle(words: Words, condition: str) -> str:
    """What stands in the way: said outright where the condition is a negation, else that the condition is not met."""
    if condition in texts.ids("obstacles"):
        ref = law.bar_ref(condition)
        return words.term("obstacles", condition) + (f" ({ref})" if ref else "")
    return words("not_met", what=words.term("conditions", condition))


def _settling(words: Words, ground: str, condition: str) -> str:
    """Which fact, or whose decision, would settle what is unclear."""
    return words.term("settles", _own(ground, condition, "settles"))


def _own(ground: str, condition: str, table: str) -> str:
    """The condition as this ground has it, where the table has a text for that."""
    own = f"{ground}/{condition}"
    return own if own in texts.ids(table) else condition
