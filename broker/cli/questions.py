"""Says what a human is asked: each ground's question in its own words, and which way an answer goes."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from broker import texts
from broker.cli.tables import rule_name
from broker.cli.texts import Words
from broker.model.decision import Json


def question(words: Words, ground: str | None, test: str) -> str:
    """The question of a ground, or of a test where the ground has none of its own."""
    own = f"{ground}/{test}"
    return words.term("questions", own if own in texts.ids("questions") else test)


def with_answers(words: Words, ground: str | None, test: str) -> str:
    """The question, and what yes and no mean."""
    return f"{question(words, ground, test)} {words.term('answers', test)}"


def to_assess(words: Words, item: Json) -> Iterator[Text]:
    """What is asked of a referred item: by each ground that lacks only answers, of which any one is enough."""
    asking = [ground for ground in open_grounds(item) if ground["asks"]]
    for n, ground in enumerate(asking):
        rule = rule_name(words, {"id": ground["ground"], "ref": ground["ref"]})
        yield Text.assemble((words("or_under" if n else "assess_under", rule=rule), "yellow"))
        yield from (Text(f"  – {with_answers(words, ground['ground'], test)}") for test in ground["asks"])


def open_grounds(item: Json) -> Iterable[Json]:
    """Every ground that an item waits for; a receipt of an earlier version tells the first alone."""
    first = {"ground": item.get("ground"), "ref": item["ref"], "asks": item["asks"]}
    grounds: Iterable[Json] = item.get("open") or ([first] if item["asks"] else [])
    return grounds


def of_the_whole(words: Words, decided: Json) -> Iterator[Text]:
    """What is asked of a message without items, by the ground that holds it."""
    own = [bar["id"] for bar in decided.get("bars", ())]
    for test in decided.get("asks", ()):
        ground = next((bar for bar in own if f"{bar}/{test}" in texts.ids("questions")), None)
        yield Text.assemble((f"{words('to_assess')}: ", "yellow"), with_answers(words, ground, test))
