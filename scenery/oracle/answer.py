"""A message as the oracle sees it: what it says, what comes of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scenery.oracle.case import Json
from scenery.oracle.items import Grounds, Verdict
from scenery.oracle.parties import Party
from scenery.oracle.registers import Registers, Sent


class Quarantine(Exception):
    """The line is a message, but not one that may be decided: its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_NUMBER = re.compile(r"(?<!\d)(?:19|20)?\d\d\W{0,3}[01]\d\W{0,3}\d\d\W{0,3}\d{4}(?!\d)")


def _texts(value: object) -> Iterator[str]:
    """Every text in a body, but who it is about and what a human assessed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, dict):
        for name, entry in value.items():
            if name not in ("subject", "organisation", "assessments", "message"):
                yield from _texts(entry)


@dataclass(frozen=True)
class Asked:
    """One message between two known parties, and the registers as they stand."""

    message: Json
    sender: Party
    recipient: Party
    day: date
    registers: Registers
    grounds: Grounds
    in_law: dict[str, str]

    @property
    def body(self) -> Json:
        """The message's body."""
        body: Json = self.message["body"]
        return body

    @property
    def reply(self) -> Sent | None:
        """The delivered message that this one names in `in_reply_to`."""
        return self.registers.delivered(self.message.get("in_reply_to"))

    def agreements(self) -> list[Json]:
        """Agreements in force between sender and recipient on the day."""
        return self.registers.agreements(self.sender.in_law, self.recipient.in_law, self.day, self.in_law)

    def names_somebody(self) -> bool:
        """Whether a person's number stands in a text of the body."""
        written = {name: value for name, value in self.body.items() if name != "locators"}
        return any(_NUMBER.search(text) for text in _texts(written))

    def answer(self, test: str) -> bool | None:
        """A human's answer in the body."""
        return next((given["holds"] for given in self.body.get("assessments", ()) if given["test"] == test), None)


@dataclass(frozen=True)
class Told:
    """What is expected: `bars` and `asks` are None where the contract does not fix them."""

    outcome: str
    bars: tuple[str, ...] | None = None
    partial: bool = False
    items: tuple[Verdict, ...] = ()

    def row(self) -> Json:
        """As it stands in `expected.jsonl`, without the line's number."""
        row: Json = {"outcome": self.outcome}
        if self.partial:
            row["partial"] = True
        if self.items:
            row["items"] = [_item(place, verdict) for place, verdict in enumerate(self.items)]
        if self.bars is not None:
            row["bars"] = sorted(self.bars)
        return row


FORWARD = Told("forward")
REFER = Told("refer")


def withhold(*bars: str) -> Told:
    """Withheld, because of these bars."""
    return Told("withhold", bars)


def decide(verdicts: Sequence[Verdict], outcome: str) -> Told:
    """A message with items."""
    partial = outcome == "forward" and any(verdict.outcome != "release" for verdict in verdicts)
    bars = tuple({verdict.bar for verdict in verdicts if verdict.bar})
    fixed = outcome == "withhold" and all(verdict.bar for verdict in verdicts)
    return Told(outcome, bars if fixed else None, partial, tuple(verdicts))


def _item(place: int, verdict: Verdict) -> Json:
    row: Json = {"item": place, "outcome": verdict.outcome, "ref": verdict.ref}
    if verdict.outcome == "refer" and verdict.asks is not None:
        row["asks"] = sorted(verdict.asks)
    return row
