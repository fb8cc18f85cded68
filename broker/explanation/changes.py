"""What answers of another law have otherwise, counted by paragraph."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from broker.model.decision import Json

EXAMPLES = 5
"""Records that are named of each change."""


@dataclass(frozen=True)
class Change:
    """How an item, or a message without items, is answered: then, and by the other law.

    `fields` of the receipt are what differs where both outcomes and both paragraphs are the same.
    """

    ref: str
    outcome: str
    other_ref: str
    other_outcome: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    """A change, how often it comes, records to look at."""

    change: Change
    count: int
    examples: Sequence[int]


class Tally:
    """Counts differences by what has changed."""

    def __init__(self) -> None:
        self._counts: Counter[Change] = Counter()
        self._examples: dict[Change, list[int]] = {}

    def add(self, otherwise: Json) -> None:
        """Count a record's difference, as `again.difference` tells it."""
        seq = otherwise["seq"]
        for change in changes(otherwise):
            self._counts[change] += 1
            examples = self._examples.setdefault(change, [])
            if seq not in examples and len(examples) < EXAMPLES:
                examples.append(seq)

    def groups(self) -> list[Counted]:
        """What was counted, by paragraph."""
        order = sorted(self._counts, key=lambda one: (one.ref or one.other_ref, one.outcome, -self._counts[one]))
        return [Counted(change, self._counts[change], self._examples[change]) for change in order]


def changes(otherwise: Json) -> Iterator[Change]:
    """What has changed of a record, each item by itself."""
    then, now = otherwise["then"], otherwise["now"]
    pairs = zip(then["items"], now["items"], strict=True) if now["items"] else ()
    items = [Change(*_answer(was), *_answer(one)) for was, one in pairs if _answer(was) != _answer(one)]
    if items:
        yield from items
        return
    was, one = _whole(then), _whole(now)
    yield Change(*was, *one, tuple(otherwise["changed"]) if was == one else ())


def _answer(item: Json) -> tuple[str, str]:
    return item["ref"] or "", item["outcome"]


def _whole(receipt: Json) -> tuple[str, str]:
    rules = [*receipt.get("grounds", ()), *receipt.get("bars", ())]
    return ", ".join(dict.fromkeys(rule["ref"] for rule in rules if rule.get("ref"))), receipt["outcome"]
