"""What a human is asked: each ground's question in its own words, what yes or no means."""

from collections.abc import Iterable

from broker import texts
from broker.explanation.words import Words
from broker.model.decision import Json


def question(words: Words, ground: str | None, test: str) -> str:
    """The question of a ground, or of a test where the ground has none of its own."""
    own = f"{ground}/{test}"
    return words.term("questions", own if own in texts.ids("questions") else test)


def with_answers(words: Words, ground: str | None, test: str) -> str:
    """The question, and what yes and no mean."""
    return f"{question(words, ground, test)} {words.term('answers', test)}"


def open_grounds(item: Json) -> Iterable[Json]:
    """Every ground that an item waits for; a receipt of an earlier version tells the first alone."""
    first = {"ground": item.get("ground"), "ref": item["ref"], "asks": item["asks"]}
    grounds: Iterable[Json] = item.get("open") or ([first] if item["asks"] else [])
    return grounds


def rule_name(words: Words, rule: Json) -> str:
    """The reference of a ground or bar; of one that rests on no paragraph, what it says."""
    return rule["ref"] or words.barrier(rule["id"])
