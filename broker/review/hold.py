"""What waits before it may be told of: the day that a request names, the answer of those who must be asked first."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from broker.authorities import ANONYMOUS
from broker.model.days import ASK_FIRST, AT_ONCE
from broker.model.decision import Json
from broker.review.terms import EARLIER

Reader = Literal["child", "guardian", "party"]
"""Who may be told, as a request says: the person, somebody who has custody, another party of the case."""
READERS: tuple[Reader, ...] = get_args(Reader)
REQUEST = "InformationRequest"
_MOST = 100
"""Messages that are followed back; of a longer thread nobody knows all that was said."""

Find = Callable[[str], Json | None]
"""The decided message of an id."""


@dataclass(frozen=True)
class Hold:
    """Why something waits: until a day on which it is looked at again, or for the answer of those to be asked."""

    until: date | None = None
    ask: tuple[str, ...] = ()

    def without(self, asked: Collection[str]) -> "Hold | None":
        """What is left of it when these have been asked."""
        ask = tuple(one for one in self.ask if one not in asked)
        return Hold(self.until, ask) if self.until or ask else None


def hold(
    leaf: Json,
    find: Find,
    readers: Collection[Reader],
    today: date,
    asks: Callable[[Json], bool] = lambda _: False,
) -> Hold | None:
    """The strictest that a message says of any of these readers, or any message that it answers.

    What says nothing is asked for first. `asks`: whether who sent a message that is no request is to be asked too.
    """
    thread, is_whole = _thread(leaf, find)
    until, ask = None, list[str]()
    for one in thread:
        if one.get("kind") != REQUEST:
            ask += [_whom_to_ask(one)] if asks(one) else []
            continue
        for reader in readers:
            day, asks_first = _said(one, reader, today)
            until = max(filter(None, (until, day)), default=None)
            ask += [_whom_to_ask(one)] if asks_first else []
    if not is_whole or not any(one.get("kind") == REQUEST for one in thread):
        ask.append(_whom_to_ask(leaf))
    return Hold(until, tuple(dict.fromkeys(ask))) if until or ask else None


def earlier(leaf: Json) -> Iterator[str]:
    """The messages that a record answers or is about."""
    for said in (*(leaf.get(name) for name in EARLIER), (leaf.get("notice") or {}).get("message")):
        if said:
            yield str(said)


def _thread(leaf: Json, find: Find) -> tuple[list[Json], bool]:
    """A record with all that it answers, back to the first; whether each of these is there."""
    thread, known, fresh, is_whole = list[Json](), {leaf.get("message")}, [leaf], True
    while fresh:
        one = fresh.pop()
        thread.append(one)
        for message in earlier(one):
            if message in known:
                continue
            known.add(message)
            before = find(message) if len(known) <= _MOST else None
            if before is None:
                is_whole = False
            else:
                fresh.append(before)
    return thread, is_whole


def _whom_to_ask(leaf: Json) -> str:
    """Who sent it; where nobody is named, who got it."""
    ends = [(leaf.get(side) or {}).get("authority") for side in ("sender", "recipient")]
    return next((str(one) for one in ends if one and one != ANONYMOUS), ANONYMOUS)


def _said(leaf: Json, reader: Reader, today: date) -> tuple[date | None, bool]:
    """The day that a request says, if it is yet to come; whether who asks is to be asked first."""
    said = (leaf.get("may_be_told") or {}).get(reader, ASK_FIRST)
    if said == AT_ONCE:
        return None, False
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None, True
    return (day, False) if today < day else (None, bool(leaf.get("secrecy")))
