"""What a message without items states, in a few words: only what has a text, and never an identity."""

from collections.abc import Iterator

from broker import texts
from broker.cli.texts import Words
from broker.decision import Json

VALUES = {
    "urgency": "urgencies",
    "reason": "reasons",
    "concerns": "concerns",
    "status": "inquiry_statuses",
    "handed_to": "handed_to",
    "outcome": "matter_outcomes",
    "type": "organisation_types",
    "level": "levels",
    "action": "actions",
}
"""Fields of `stated` whose value has a text, and the table where it stands."""


def stated(words: Words, found: Json) -> Iterator[str]:
    """Each flag that is true, and each answer out of a closed list."""
    for name, value in found.items():
        if value is True and name in texts.ids("flags"):
            yield words.term("flags", name)
        elif name in VALUES and value:
            values = value if isinstance(value, list) else [value]
            yield f"{words.term('stated', name)}: {', '.join(words.term(VALUES[name], one) for one in values)}"
