"""What must outlive a restart: messages not yet with the broker, receipts, which lines are handled.

One SQLite file.

A message's bytes lie here until the broker has them, and for a while longer, in case it is restored from a copy that
does not know them; an anonymous one's do not. Of what comes in, only keys are kept, receipts and what was acknowledged;
of what was sent, to whom, when, in which own case and about which categories. None of it says who it is about.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .broker import AgencyError, Json, Outgoing
from .state_file import StateFile

_FORM = 2
"""Raised with every change of a table; what is of an earlier one is brought here when it is opened."""
_TABLES = """
create table if not exists outgoing (n integer primary key, id text unique, kind text, time text, message blob,
  traceparent text) strict;
create table if not exists sent (n integer primary key, id text unique, kind text, time text, message blob,
  traceparent text, at integer, asked integer not null default 0) strict;
create table if not exists receipt (n integer primary key, id text unique, content text, shown integer) strict;
create table if not exists handled (key text primary key) strict, without rowid;
create table if not exists taken (id text primary key) strict, without rowid;
create table if not exists numbered (n integer primary key autoincrement, key text unique) strict;
create table if not exists opened (key text primary key) strict, without rowid;
create table if not exists history (n integer primary key, id text unique, kind text, authority text, unit text,
  time text, in_reply_to text, case_number text, categories text, answers text) strict;
create table if not exists acknowledged (message text, state text, reference text, time text,
  primary key (message, state)) strict, without rowid;
create table if not exists place (one integer primary key check (one = 1), position integer, key text) strict;
"""


@dataclass(frozen=True)
class Past:
    """A message that was sent: what a person follows it up by."""

    id: str
    kind: str
    authority: str
    unit: str
    time: str
    in_reply_to: str | None
    case: str | None
    categories: list[list[str]] = field(default_factory=list)
    """Each category that it names, in its order, and how: asked, given, or a refusal's reason."""
    answers: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    """What its recipient has acknowledged, with its reference."""


class State(StateFile):
    """In: the file's path, made when it is missing; None: in memory, gone with the process. Raises AgencyError."""

    def __init__(self, path: Path | None = None) -> None:
        try:
            super().__init__(path)
        except (OSError, sqlite3.Error) as error:
            raise AgencyError(f"{path}: can't be used as the agency's state: {type(error).__name__}") from None

    def _prepare(self, path: Path | None) -> None:
        (form,) = self._db.execute("pragma user_version").fetchone()
        if form > _FORM:
            raise AgencyError(f"{path}: is of a later version (form {form}, this one has {_FORM}): use that version")
        self._db.executescript(_TABLES)
        if "key" not in {row[1] for row in self._db.execute("pragma table_info(place)")}:  # of an earlier version
            self._db.execute("alter table place add column key text")
        self._db.execute(f"pragma user_version = {_FORM}")

    def keep(self, messages: Iterable[Outgoing]) -> None:
        """Messages that are to be sent."""
        rows = ((m.id, m.kind, m.time, m.message, m.traceparent) for m in messages)
        self._db.executemany("insert into outgoing (id, kind, time, message, traceparent) values (?,?,?,?,?)", rows)

    def outgoing(self) -> list[Outgoing]:
        """Messages that the broker does not have yet, in the order in which they were kept."""
        rows = self._db.execute("select id, kind, time, message, traceparent from outgoing order by n")
        return [Outgoing(*row) for row in rows]

    def remove_sent(self, messages: Sequence[Outgoing]) -> None:
        """The broker has them."""
        self._db.executemany("delete from outgoing where id = ?", [(message.id,) for message in messages])

    def hold(self, messages: Iterable[Outgoing], at: int) -> None:
        """The broker has them, at this moment (seconds since 1970): they are held, in case it loses them."""
        rows = ((m.id, m.kind, m.time, m.message, m.traceparent, at) for m in messages)
        self._db.executemany(
            "insert or replace into sent (id, kind, time, message, traceparent, at) values (?,?,?,?,?,?)", rows
        )

    def let_go(self, before: int) -> None:
        """What the broker has had since before this moment is not held any longer."""
        self._db.execute("delete from sent where at < ?", (before,))

    def doubt(self) -> None:
        """The broker may have lost what it had: each that is held is asked for in its inbox (`receive`)."""
        self._db.execute("update sent set asked = 1")

    def doubts(self) -> bool:
        """Whether any is still asked for."""
        return self._db.execute("select 1 from sent where asked limit 1").fetchone() is not None

    def lost(self) -> list[Outgoing]:
        """Those of which its inbox has no receipt, in the order in which they were sent."""
        rows = self._db.execute("select id, kind, time, message, traceparent from sent where asked order by n")
        return [Outgoing(*row) for row in rows]

    def send_again(self, messages: Sequence[Outgoing]) -> None:
        """They are to be sent as if for the first time: what the broker said of them before is said no longer."""
        for table in ("sent", "receipt"):
            self._db.executemany(f"delete from {table} where id = ?", [(message.id,) for message in messages])
        self.keep(messages)

    def take(self, id: str) -> bool:
        """A message that has been given to be sent, by an id of its own. Whether it is new."""
        return self._db.execute("insert or ignore into taken values (?)", (id,)).rowcount > 0

    def renew(self, message: Outgoing) -> None:
        """A message that waits has another time."""
        self._db.execute(
            "update outgoing set time = ?, message = ? where id = ?", (message.time, message.message, message.id)
        )

    def receive(self, id: str | None, content: Json) -> None:
        """A receipt. The first of a message stands, except that one with a place in the log replaces one without."""
        self._db.execute("update sent set asked = 0 where id = ?", (id,))
        text = json.dumps(content, ensure_ascii=False)
        has_place = int(bool(content.get("audit")))
        self._db.execute(
            "insert into receipt (id, content, shown) values (?, ?, 0) on conflict (id) do update set"
            " content = excluded.content, shown = 0 where ? and json_extract(content, '$.audit') is null",
            (id, text, has_place),
        )

    def receipt(self, id: str) -> Json | None:
        """The receipt of a message."""
        row = self._db.execute("select content from receipt where id = ?", (id,)).fetchone()
        return json.loads(row[0]) if row else None

    def new_receipts(self) -> list[tuple[int, Json]]:
        """Receipts that have not been shown, with their numbers."""
        return [(n, json.loads(text)) for n, text in self._db.execute("select n, content from receipt where not shown")]

    def mark_shown(self, n: int) -> None:
        """A receipt has been shown."""
        self._db.execute("update receipt set shown = 1 where n = ?", (n,))

    def is_handled(self, key: str) -> bool:
        """Whether a line has been handled, now or in an earlier run."""
        return self._db.execute("select 1 from handled where key = ?", (key,)).fetchone() is not None

    def mark_handled(self, key: str) -> None:
        """A line has been handled."""
        self._db.execute("insert or ignore into handled values (?)", (key,))

    def number(self, key: str) -> int:
        """The number that a person knows a line by, the same at each look."""
        row = self._db.execute("select n from numbered where key = ?", (key,)).fetchone()
        if row is None:
            row = self._db.execute("insert into numbered (key) values (?) returning n", (key,)).fetchone()
        return int(row[0])

    def is_opened(self, key: str) -> bool:
        """Whether a person has opened a line."""
        return self._db.execute("select 1 from opened where key = ?", (key,)).fetchone() is not None

    def mark_opened(self, key: str) -> None:
        """A person has opened a line."""
        self._db.execute("insert or ignore into opened values (?)", (key,))

    def note(self, entries: Iterable[Past]) -> None:
        """Messages that are sent, to be followed up."""
        rows = (
            (e.id, e.kind, e.authority, e.unit, e.time, e.in_reply_to, e.case, json.dumps(e.categories))
            for e in entries
        )
        self._db.executemany(
            "insert into history (id, kind, authority, unit, time, in_reply_to, case_number, categories)"
            " values (?,?,?,?,?,?,?,?)",
            rows,
        )

    def history(self) -> list[Past]:
        """What was sent, oldest first, with what has been heard of it."""
        columns = "id, kind, authority, unit, time, in_reply_to, case_number, categories, answers"
        rows = self._db.execute(f"select {columns} from history order by n").fetchall()
        return [
            Past(
                *(id_, kind, to, unit, time, reply, case),
                categories=json.loads(named),
                answers=json.loads(answers or "{}"),
                states=self._states(id_),
            )
            for id_, kind, to, unit, time, reply, case, named, answers in rows
        ]

    def _states(self, message: str) -> dict[str, str]:
        rows = self._db.execute("select state, reference from acknowledged where message = ?", (message,))
        return {state: reference or "" for state, reference in rows}

    def acknowledge(self, message: str, state: str, reference: str | None, time: str) -> None:
        """A recipient has said what became of a message."""
        self._db.execute(
            "insert or ignore into acknowledged values (?, ?, ?, ?)", (message, state, reference or "", time)
        )

    def answer(self, message: str, answers: Json) -> None:
        """What has come so far of each category of a request."""
        self._db.execute("update history set answers = ? where id = ?", (json.dumps(answers), message))

    def place(self) -> tuple[int, str | None]:
        """Up to which line all are handled, and the key of that line, where it is known."""
        row = self._db.execute("select position, key from place").fetchone()
        return (row[0], row[1]) if row else (-1, None)

    def move(self, position: int, key: str) -> None:
        """All lines up to this one are handled."""
        self._db.execute("insert or replace into place (one, position, key) values (1, ?, ?)", (position, key))
