"""Draws what a human is asked: by each ground that lacks only answers."""

from collections.abc import Iterator

from rich.text import Text

from broker import texts
from broker.explanation.questions import open_grounds, rule_name, with_answers
from broker.explanation.words import Words
from broker.model.decision import Json


def to_assess(words: Words, item: Json) -> Iterator[Text]:
    """What is asked of a referred item: by each ground that lacks only answers, of which any one is enough."""
    asking = [ground for ground in open_grounds(item) if ground["asks"]]
    for n, ground in enumerate(asking):
        rule = rule_name(words, {"id": ground["ground"], "ref": ground["ref"]})
        yield Text.assemble((words("or_under" if n else "assess_under", rule=rule), "yellow"))
        yield from (Text(f"  – {with_answers(words, ground['ground'], test)}") for test in ground["asks"])


def of_the_whole(words: Words, decided: Json) -> Iterator[Text]:
    """What is asked of a message without items, by the ground that holds it."""
    own = [bar["id"] for bar in decided.get("bars", ())]
    for test in decided.get("asks", ()):
        ground = next((bar for bar in own if f"{bar}/{test}" in texts.ids("questions")), None)
        yield Text.assemble((f"{words('to_assess')}: ", "yellow"), with_answers(words, ground, test))
