"""What runs out when, of one line: clocks that are met, clocks that stand still."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict

from agents.agency.texts import moment

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Where in the queue stands what is due never: last."""


class Term(TypedDict):
    """A clock, when it runs out, and since when it stands still."""

    clock: str
    due: str
    paused: str | None


def terms_of(told: Iterable[dict[str, Any]]) -> list[Term]:
    """The terms that a delivery or notice tells; those that can't be read are left out."""
    known = [(str(term.get("clock")), moment(str(term.get("due")))) for term in told]
    return [Term(clock=clock, due=due.isoformat(), paused=None) for clock, due in known if due]


def met(terms: Sequence[Term], *clocks: str) -> list[Term]:
    """Without these clocks: what they wait for is done."""
    return [term for term in terms if term["clock"] not in clocks]


def added(terms: Sequence[Term], term: Term) -> list[Term]:
    """With a clock that is told of later, in place of what was known of it."""
    return [*met(terms, term["clock"]), term]


def paused(terms: Sequence[Term], clock: str, now: datetime) -> list[Term]:
    """A clock stands still: a question has been asked back."""
    return [
        {**term, "paused": now.isoformat()} if term["clock"] == clock and not term["paused"] else term for term in terms
    ]


def resumed(terms: Sequence[Term], clock: str, now: datetime) -> list[Term]:
    """A clock goes on, so much later as it stood still."""
    return [_later(term, now) if term["clock"] == clock and term["paused"] else term for term in terms]


def next_term(terms: Sequence[Term]) -> dict[str, Any]:
    """What runs out first: the columns `due`, `clock` and `place`."""
    running = [(datetime.fromisoformat(term["due"]), term["clock"]) for term in terms if not term["paused"]]
    due, clock = min(running, default=(None, None))
    return {"due": due, "clock": clock, "place": due or NEVER}


def _later(term: Term, now: datetime) -> Term:
    stood = now - datetime.fromisoformat(str(term["paused"]))
    return {**term, "due": (datetime.fromisoformat(term["due"]) + stood).isoformat(), "paused": None}
