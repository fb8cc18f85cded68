"""What has been handed over to the message service, what has come from it: one SQLite file, nothing of anybody's in it.

A line is noted before it is handed over, and what has come before the service is told to forget it: whoever is killed
between the two asks again, by the same id. What came is kept sealed with the key of its case.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from agents.agency.state_file import StateFile
from broker.web.faults import SiteError

HandedState = Literal["waits", "handed", "accepted", "refused"]
CameState = Literal["draft", "typed", "settled", "refused"]
"""`settled`: typed, and what the broker did with it is known."""

_TABLES = """
create table if not exists handed (n integer primary key, line integer, message text unique, sdk text unique,
  conversation text,
  state text, codes text, since text, told integer default 0) strict;
create table if not exists came (sdk text primary key, conversation text, message text, state text, codes text,
  time text, case_number integer, content blob) strict;
create index if not exists handed_conversation on handed (conversation);
create index if not exists handed_state on handed (state);
"""


@dataclass(frozen=True)
class Handed:
    """A line of the desk that goes to the authority as a message of SDK."""

    line: int
    """The number of its row at the desk; 0 of an own message that came back."""
    message: str
    """The id of that row; of what came back, of the own message."""
    sdk: str
    conversation: str
    state: HandedState
    codes: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class Arrived:
    """A message of SDK that has come, and the draft that it became; empty where it became none."""

    sdk: str
    conversation: str
    message: str
    state: CameState
    codes: tuple[str, ...]
    time: datetime
    case: int
    content: bytes | None


class State(StateFile):
    """In: the file, made when it is missing. Raises SiteError."""

    def __init__(self, path: Path) -> None:
        try:
            super().__init__(path, threads=True)
        except (OSError, sqlite3.Error) as error:
            raise SiteError(f"{path}: can't be used as the bridge's state: {type(error).__name__}") from None

    def _prepare(self, _: Path | None) -> None:
        self._db.executescript(_TABLES)

    # --- to the authority

    def last_line(self) -> int:
        """The number of the newest line that is noted."""
        return int(self._db.execute("select coalesce(max(line), 0) from handed").fetchone()[0])

    def note(self, line: int, message: str, sdk: str, conversation: str, now: datetime) -> None:
        """A line that is to be handed over; again changes nothing."""
        self._db.execute(
            "insert or ignore into handed (line, message, sdk, conversation, state, codes, since)"
            " values (?, ?, ?, ?, 'waits', '', ?)",
            (line, message, sdk, conversation, now.isoformat()),
        )

    def move(self, sdk: str, state: HandedState, now: datetime, codes: Sequence[str] = ()) -> None:
        """How far a line has come."""
        self._db.execute(
            "update handed set state = ?, codes = ?, since = ? where sdk = ?",
            (state, " ".join(codes), now.isoformat(), sdk),
        )

    def handed(self, *states: HandedState) -> list[Handed]:
        """Lines in these states, oldest first."""
        marks = ",".join("?" * len(states))
        rows = self._db.execute(
            f"select line, message, sdk, conversation, state, codes, since from handed where state in ({marks})"
            " order by n",
            states,
        )
        return [_handed(row) for row in rows]

    def answered(self, sdk: str | None, conversation: str) -> Handed | None:
        """The line that a message answers: the one that it names, else the newest of its conversation."""
        asked = "select line, message, sdk, conversation, state, codes, since from handed where"
        for where, value in (("sdk = ?", sdk), ("conversation = ? and line > 0 order by line desc", conversation)):
            row = self._db.execute(f"{asked} {where} limit 1", (value,)).fetchone() if value else None
            if row:
                return _handed(row)
        return None

    def tell(self, sdk: str) -> bool:
        """Whether it has not been told of yet that a line waits for its kvittens."""
        return self._db.execute("update handed set told = 1 where sdk = ? and told = 0", (sdk,)).rowcount > 0

    # --- from the authority

    def arrived(self, sdk: str) -> Arrived | None:
        """What became of a message that has come; None: it has not."""
        row = self._db.execute("select * from came where sdk = ?", (sdk,)).fetchone()
        return _arrived(row) if row else None

    def keep(self, arrived: Arrived) -> None:
        """A message that has come; again changes nothing."""
        self._db.execute(
            "insert or ignore into came values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(arrived.sdk, arrived.conversation, arrived.message, arrived.state, " ".join(arrived.codes)),
                *(arrived.time.isoformat(), arrived.case, arrived.content),
            ),
        )

    def arrivals(self) -> list[Arrived]:
        """All that has come, oldest first."""
        return [_arrived(row) for row in self._db.execute("select * from came order by time, sdk")]

    def settle(self, sdk: str) -> None:
        """What the broker did with it is known."""
        self._db.execute("update came set state = 'settled' where sdk = ?", (sdk,))

    def of_draft(self, message: str | None) -> Arrived | None:
        """The message of SDK that a message of the authority's came as."""
        row = self._db.execute(
            "select * from came where message = ? and state in ('typed', 'settled')", (message,)
        ).fetchone()
        return _arrived(row) if row else None

    def counts(self) -> dict[str, int]:
        """How many there are in each state."""
        rows = self._db.execute(
            "select state, count(*) from handed group by state union all"
            " select 'came_' || state, count(*) from came group by state"
        )
        return {str(state): int(n) for state, n in rows}


def _handed(row: Sequence[Any]) -> Handed:
    line, message, sdk, conversation, state, codes, since = row
    return Handed(line, message, sdk, conversation, state, tuple(codes.split()), datetime.fromisoformat(since))


def _arrived(row: Sequence[Any]) -> Arrived:
    sdk, conversation, message, state, codes, time, case, content = row
    when = datetime.fromisoformat(time)
    return Arrived(sdk, conversation, message, state, tuple(codes.split()), when, case, content)
