"""Why a ground does not carry: which condition, answer or reading stands in the way, each in a sentence."""

from collections.abc import Collection, Iterator

from broker import texts
from broker.explanation import law
from broker.explanation.words import Words
from broker.model.decision import Json


def status_of(finding: Json) -> str:
    """`yes`, `refer`, `no`; `open` where a human decides, though no answer is missing."""
    waits = finding["status"] == "refer" and not finding["unanswered"]
    return "open" if waits else str(finding["status"])


def reasons(words: Words, of_ground: Json, told_already: Collection[str] = ()) -> Iterator[str]:
    """What stands in its way; tests that are told of elsewhere are left out."""
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
