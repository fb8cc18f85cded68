"""What a message without items states, in a few words: only what has a text, and never an identity."""

from collections.abc import Iterator

from broker.cli.exchange_terms import FLAGS, STATED, VALUES
from broker.cli.texts import Words
from broker.decision import Json


def stated(words: Words, found: Json) -> Iterator[str]:
    """Each flag that is true, and each answer out of a closed list."""
    for name, value in found.items():
        if value is True and name in FLAGS:
            yield words.term(FLAGS, name)
        elif name in VALUES and value:
            values = value if isinstance(value, list) else [value]
            yield f"{words.term(STATED, name)}: {', '.join(words.term(VALUES[name], one) for one in values)}"
