"""Sends the town's messages over an agency's connection to the broker, each as the authority that says it sends.

One sender at a time: the receipts of what it has sent are there before the next one's turn, so that each message is
decided with all that was told before it. Nobody marks an inbox as read before the end: a recall tells of that.
"""

import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from time import monotonic
from typing import Any

from agents.agency import AgencyError, NoReceipt
from agents.agency.broker import Connection, Outgoing
from agents.agency.ids import traceparent
from broker.authorities import Register

Json = dict[str, Any]
Connect = Callable[[str], Connection]

NOBODY = "polismyndigheten"
"""Who sends the lines that don't say who."""


@dataclass(frozen=True)
class Line:
    """A line of the town: its number, its bytes, and what can be read of them."""

    number: int
    content: bytes
    sender: str
    id: str | None
    kind: str
    time: str
    anonymous: bool


@dataclass
class _Box:
    """One authority's connection, and how far its inbox is read."""

    connection: Connection
    last: int = -1
    found: list[Json] = field(default_factory=list)

    def look(self) -> None:
        """What has come; only receipts are kept, the rest is left for whoever reads the inbox."""
        for came in self.connection.fetch(self.last, 1.0):
            self.last = max(self.last, came.position)
            content = came.content or {}
            if content.get("type") == "receipt" and content.get("receipt"):
                self.found.append(content["receipt"])

    def take(self, line: Line) -> Json | None:
        """The first receipt that can be of this line."""
        for place, receipt in enumerate(self.found):
            if receipt["message"] == line.id:
                return self.found.pop(place)
        return None


def lines(content: Iterable[bytes], register: Register) -> list[Line]:
    """The lines of a file of messages, with their senders as registered."""
    return [_line(number, line.rstrip(b"\n"), register) for number, line in enumerate(content, 1)]


def send_all(story: Iterable[Line], connect: Connect, patience: float = 60.0) -> Iterator[tuple[Line, Json | None]]:
    """Send all, in order; each line with its receipt, None where it is anonymous and has none. Raises AgencyError."""
    boxes: dict[str, _Box] = {}
    with ExitStack() as stack:
        for sender, turn in groupby(story, key=lambda line: line.sender):
            if sender not in boxes:
                boxes[sender] = _Box(connect(sender))
                stack.callback(boxes[sender].connection.close)
            yield from _turn(boxes[sender], list(turn), patience)
        for box in boxes.values():
            if box.last >= 0:
                box.connection.commit(box.last)


def _turn(box: _Box, turn: list[Line], patience: float) -> Iterator[tuple[Line, Json | None]]:
    box.connection.send([_outgoing(line) for line in turn])
    until = monotonic() + patience
    for line in turn:
        receipt = None
        while not line.anonymous and (receipt := box.take(line)) is None:
            if monotonic() > until:
                raise NoReceipt(f"line {line.number}: no receipt within {patience:g} seconds: is a worker running?")
            box.look()
        yield line, receipt


def _outgoing(line: Line) -> Outgoing:
    return Outgoing(line.id or str(uuid.uuid4()), line.kind, line.time, line.content, traceparent(None, os.urandom))


def _line(number: int, content: bytes, register: Register) -> Line:
    try:
        message = json.loads(content)
    except ValueError:
        return Line(number, content, NOBODY, None, "Unreadable", "", anonymous=False)
    sender = register.find(message["sender"]["authority"])
    if sender is None:
        raise AgencyError(f"line {number}: its sender is not in the register")
    anonymous = bool(message.get("body", {}).get("anonymous"))
    return Line(number, content, sender.id, message.get("id"), message["kind"], message["time"], anonymous)
