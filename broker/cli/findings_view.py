"""Draws what one ground found: whether it carries, and if not, which condition, answer or reading stands in the way."""

from collections.abc import Collection, Iterator

from rich.text import Text

from broker import texts
from broker.cli import law
from broker.cli.texts import Words
from broker.model.decision import Json

SIGNS = {"yes": ("✓", "green"), "refer": ("?", "yellow"), "no": ("✕", "red")}


def finding(words: Words, of_ground: Json, told_already: Collection[str]) -> Text:
    """A ground's finding and its reasons; tests that are told of elsewhere are left out."""
    sign, colour = SIGNS[of_ground["status"]]
    name = of_ground["ref"] or words.term("grounds", of_ground["ground"])
    shown = Text.assemble((f"{sign} ", colour), (name, "bold"), " ")
    waits = of_ground["status"] == "refer" and not of_ground["unanswered"]
    shown.append(words.term("statuses", "open" if waits else of_ground["status"]), style=colour)
    if of_ground["doubtful"]:
        shown.append(f" ⚠ {words('doubtful')}", style="yellow")
    for line in _reasons(words, of_ground, told_already):
        shown.append(f"\n  {line}")
    return shown


def _reasons(words: Words, of_ground: Json, told_already: Collection[str]) -> Iterator[str]:
    conditions, tests = "conditions", "tests"
    for name in of_ground["failing"]:
        yield _obstacle(words, of_ground["ground"], name)
    for name in of_ground["consent_lacks"]:
        yield f"→ {words.term('consent_lacks', name)}"
    for name in of_ground["against"]:
        if name not in of_ground["unanswered"]:
            answer = "answered_no" if law.for_release(name) else "answered_yes"
            yield words(answer, question=words.term("questions", _own(of_ground["ground"], name, "questions")))
    for name in of_ground["unreached"]:
        yield words("not_reached", what=name)
    for name in dict.fromkeys([*of_ground["open"], *of_ground["unknown"]]):
        yield words("unclear", what=words.term(conditions, _own(of_ground["ground"], name, conditions)))
        yield f"→ {_settling(words, of_ground['ground'], name)}"
    for name in of_ground["unclear"]:
        yield words("reach_unclear", what=name)
        yield f"→ {_settling(words, of_ground['ground'], 'stycke' if name in of_ground['without_stycke'] else 'reach')}"
    if of_ground["status"] == "refer":
        for name in sorted(set(of_ground["unanswered"]).difference(told_already)):
            yield words("unanswered", what=words.term(tests, name))
    if of_ground["refer_to"]:
        yield words("for_function", what=words.term("roles", of_ground["refer_to"]))


def _obstacle(words: Words, ground: str, condition: str) -> str:
    """What stands in the way where a condition of the ground is not met, with the paragraph that says so."""
    ref = law.bar_ref(condition)
    return words.term("obstacles", _own(ground, condition, "obstacles")) + (f" ({ref})" if ref else "")


def _settling(words: Words, ground: str, condition: str) -> str:
    """Which fact, or whose decision, would settle what is unclear."""
    return words.term("settles", _own(ground, condition, "settles"))


def _own(ground: str, condition: str, table: str) -> str:
    """The condition as this ground has it, where the table has a text for that."""
    own = f"{ground}/{condition}"
    return own if own in texts.ids(table) else condition
