"""What a message states beside items, in a few words: only what has a text, and never an identity."""

from collections.abc import Iterator

from broker import texts
from broker.cli.texts import Words
from broker.kinds.exchange import MayBeTold
from broker.model.days import ASK_FIRST
from broker.model.decision import Json

VALUES = {
    "urgency": "urgencies",
    "reason": "reasons",
    "concerns": "concerns",
    "status": "inquiry_statuses",
    "recorded_status": "inquiry_statuses",
    "handed_to": "handed_to",
    "event": "condition_events",
    "outcome": "matter_outcomes",
    "type": "organisation_types",
    "level": "levels",
    "action": "actions",
    "state": "seen_states",
}
"""Fields of `stated` whose value has a text, and the table where it stands."""


def first_of_all(words: Words, asked: Json) -> Iterator[str]:
    """What whoever answers a request must know first: whether it is itself secret, and who may be told of it.

    In: what holds the request's `secrecy` and `may_be_told`; what is left out of these is to be asked for first.
    """
    if secrecy := asked.get("secrecy"):
        yield words("request_secret", refs=", ".join(secrecy))
    said = asked.get("may_be_told") or {}
    by_answer: dict[str, list[str]] = {}
    for who in MayBeTold.model_fields:
        by_answer.setdefault(said.get(who, ASK_FIRST), []).append(words.term("may_be_told_to", who))
    for answer, persons in by_answer.items():
        known = answer in texts.ids("may_be_told")
        word = words.term("may_be_told", answer) if known else words("not_before", day=answer)
        yield words("may_be_told", who=", ".join(persons), answer=word)


def views(words: Words, said: Json) -> Iterator[str]:
    """Whether the child and its guardians were asked, as far as it is said."""
    for who in ("child", "guardians"):
        if said.get(who):
            yield f"{words.term('views_of', who)}: {words.term('views', said[who])}"


def stated_lines(words: Words, said: Json) -> Iterator[str]:
    """Each flag that is true, and each answer out of a closed list."""
    for name, value in said.items():
        if value is True and name in texts.ids("flags"):
            yield words.term("flags", name)
        elif name in VALUES and value:
            values = value if isinstance(value, list) else [value]
            yield f"{words.term('stated', name)}: {', '.join(words.term(VALUES[name], one) for one in values)}"
