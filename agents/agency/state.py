"""What must outlive a restart: messages not yet with the broker, receipts, which lines are handled.

One SQLite file.

A message's bytes lie here only until the broker has them. Of what comes in, only keys are kept, and receipts: none
of them says anything about a person.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .broker import AgencyError, Json, Outgoing

_TABLES = """
create table if not exists outgoing (n integer primary key, id text unique, kind text, time text, message blob,
  traceparent text) strict;
create table if not exists receipt (n integer primary key, id text unique, content text, shown integer) strict;
create table if not exists handled (key text primary key) strict, without rowid;
create table if not exists place (one integer primary key check (one = 1), position integer, key text) strict;
"""


class State:
    """In: the file's path, made when it is missing; None: in memory, gone with the process. Raises AgencyError."""

    def __init__(self, path: Path | None = None) -> None:
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = _opened(path)
        except (OSError, sqlite3.Error) as error:
            raise AgencyError(f"{path}: can't be used as the agency's state: {type(error).__name__}") from None

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is kept herein is kept, or nothing of it."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def keep(self, messages: Iterable[Outgoing]) -> None:
        """Messages that are to be sent."""
        rows = ((m.id, m.kind, m.time, m.message, m.traceparent) for m in messages)
        self._db.executemany("insert into outgoing (id, kind, time, message, traceparent) values (?,?,?,?,?)", rows)

    def outgoing(self) -> list[Outgoing]:
        """Messages that the broker does not have yet, in the order in which they were kept."""
        rows = self._db.execute("select id, kind, time, message, traceparent from outgoing order by n")
        return [Outgoing(*row) for row in rows]

    def sent(self, messages: Sequence[Outgoing]) -> None:
        """The broker has them."""
        self._db.executemany("delete from outgoing where id = ?", [(message.id,) for message in messages])

    def receive(self, id: str | None, content: Json) -> None:
        """A receipt. The first of a message stands, except that one with a place in the log replaces one without."""
        text = json.dumps(content, ensure_ascii=False)
        has_place = int(bool(content.get("audit")))
        self._db.execute(
            "insert into receipt (id, content, shown) values (?, ?, 0) on conflict (id) do update set"
            " content = excluded.content where ? and json_extract(content, '$.audit') is null",
            (id, text, has_place),
        )

    def receipt(self, id: str) -> Json | None:
        """The receipt of a message."""
        row = self._db.execute("select content from receipt where id = ?", (id,)).fetchone()
        return json.loads(row[0]) if row else None

    def new_receipts(self) -> list[tuple[int, Json]]:
        """Receipts that have not been shown, with their numbers."""
        return [(n, json.loads(text)) for n, text in self._db.execute("select n, content from receipt where not shown")]

    def shown(self, n: int) -> None:
        """A receipt has been shown."""
        self._db.execute("update receipt set shown = 1 where n = ?", (n,))

    def is_handled(self, key: str) -> bool:
        """Whether a line has been handled, now or in an earlier run."""
        return self._db.execute("select 1 from handled where key = ?", (key,)).fetchone() is not None

    def handled(self, key: str) -> None:
        """A line has been handled."""
        self._db.execute("insert or ignore into handled values (?)", (key,))

    def place(self) -> tuple[int, str | None]:
        """Up to which line all are handled, and the key of that line, where it is known."""
        row = self._db.execute("select position, key from place").fetchone()
        return (row[0], row[1]) if row else (-1, None)

    def move(self, position: int, key: str) -> None:
        """All lines up to this one are handled."""
        self._db.execute("insert or replace into place (one, position, key) values (1, ?, ?)", (position, key))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _opened(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", isolation_level=None)
    try:
        if path is not None:
            connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma secure_delete=on")
        connection.executescript(_TABLES)
        if "key" not in {row[1] for row in connection.execute("pragma table_info(place)")}:  # of an earlier version
            connection.execute("alter table place add column key text")
    except BaseException:
        connection.close()
        raise
    return connection
