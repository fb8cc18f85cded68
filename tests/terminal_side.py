"""The terminal as a person meets it: a command, what is typed at its questions, what is shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agency_side import TOWN, clock

from agents.agency import Agency, AgencyError
from agents.agency.__main__ import _parser
from agents.agency.broker import Broker
from agents.agency.lines import Delivery
from agents.agency.terminal import run
from agents.agency.worklist import Task, worklist

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[a-z]+_[a-z_]+\b")
"""What nobody is to read: an id of a message, or a word of the contract."""


@dataclass
class Shown:
    """How a command ended, and what it showed."""

    status: int
    text: str


@dataclass
class Desk:
    """One person at one authority's terminal."""

    broker: Broker
    folder: Path
    authority: str
    flags: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        """What this desk remembers."""
        return self.folder / f"{self.authority}.db"

    def do(self, *command: object, typed: Sequence[str] | None = None) -> Shown:
        """Run a command; `typed` are the answers to its questions, None: nobody is there to answer."""
        name, *rest = map(str, command)
        own = ["--as", self.authority, "--state", str(self.state), "--register", str(TOWN), *self.flags]
        said = _parser().parse_args([name, *own, *rest])
        shown: list[str] = []
        answers = iter(typed or ())

        def read(_: str) -> str:
            answer = next(answers, None)
            if answer is None:
                raise EOFError
            return answer

        try:
            status = run(
                said, read=read if typed is not None else None, write=shown.append, clock=clock, broker=self.broker
            )
        except AgencyError as error:
            return Shown(2, "".join(shown) + str(error))
        assert next(answers, None) is None, "not all that was typed was asked for"
        return Shown(status, "".join(shown))

    def tasks(self) -> list[Task]:
        """What awaits here."""
        with Agency(self.authority, self.broker, state=self.state, clock=clock) as agency:
            return worklist(agency, 10.0)

    def number(self, kind: str) -> int:
        """The number of the first delivery of a kind that awaits."""
        return next(task.number for task in self.tasks() if isinstance(task.line, Delivery) and task.line.kind == kind)
