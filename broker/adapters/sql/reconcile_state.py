"""How far a comparison on Kafka has come, in one SQLite file: a restart goes on where it was.

What lies in it was derived from the topics, so a file that is lost or of another cluster is made anew, and everything
is compared again from the start. Places and comparison become durable together. It holds positions, tokens and digests.
"""

import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from broker.adapters.sql.data_folder import DataFolderError
from broker.model.decision import Json

_FORM = 2
_TABLES = (
    "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY) WITHOUT ROWID",
)
_LOG = logging.getLogger("samband.reconcile")


@contextmanager
def open_state(file: Path | None, key_id: str) -> Iterator["ComparedState"]:
    """The state in a file, for this process alone; None: in memory. `key_id`: of the key behind the tokens.

    Raises DataFolderError when the file can't be written, or another process has it.
    """
    try:
        if file is not None:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(_connect(file)) as connection:
            yield ComparedState(connection, key_id)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise DataFolderError(f"{file}: can't be used ({why}): is another 'samband reconcile' running on it?") from None


class ComparedState:
    """Seen, and what else is kept, over one connection."""

    def __init__(self, connection: sqlite3.Connection, key_id: str) -> None:
        self._connection = connection
        self._mine = {"form": _FORM, "key": key_id}
        if self._read("of") != self._mine:
            self.forget()

    def load(self, name: str) -> Json | None:
        """What was kept under this name."""
        return self._read(name)

    def save(self, **content: Mapping[str, object]) -> None:
        """Keep these, and all that was seen until now, together."""
        rows = [(name, json.dumps(one, ensure_ascii=False)) for name, one in content.items()]
        self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
        self._connection.commit()

    def forget(self) -> None:
        """Begin from the start."""
        for table in ("kept", "seen"):
            self._connection.execute(f"DELETE FROM {table}")
        self.save(of=self._mine)

    def undo(self) -> None:
        """What was seen since it was last saved is not."""
        self._connection.rollback()

    def add(self, key: str) -> bool:
        """Keep a key; False where it is there already."""
        return self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (_short(key),)).rowcount > 0

    def __contains__(self, key: str) -> bool:
        """Whether it is there."""
        return self._connection.execute("SELECT 1 FROM seen WHERE key = ?", (_short(key),)).fetchone() is not None

    def _read(self, name: str) -> Json | None:
        row = self._connection.execute("SELECT content FROM kept WHERE name = ?", (name,)).fetchone()
        state: Json | None = json.loads(row[0]) if row else None
        return state


def _connect(file: Path | None) -> sqlite3.Connection:
    try:
        return _with_tables(file)
    except sqlite3.DatabaseError as damaged:
        if file is None or isinstance(damaged, sqlite3.OperationalError):
            raise
        _LOG.warning("%s is damaged: all is compared again from the start", file)
        for one in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            one.unlink(missing_ok=True)
        return _with_tables(file)


def _with_tables(file: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(file or ":memory:", timeout=1.0)
    try:
        for statement in ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", *_TABLES):
            connection.execute(statement)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _short(key: str) -> bytes:
    return sha256(key.encode()).digest()[:16]
