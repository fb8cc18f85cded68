"""A throw-away copy of what is recorded: to try something on it, and record nothing.

It is one of SQLite's temporary databases: in memory while it is small, else in a file whose name is taken away before
anything is written in it, so nothing is left of it, however the process ends. No key is copied: tokens are made with
the folder's own, and nothing is signed.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from broker.adapters.files.checkpoint_file import PublishedFile
from broker.adapters.sql import data_folder, delivered_marks, sqlite_faults
from broker.adapters.sql.audit_log import SqlLedger
from broker.adapters.sql.data_folder import DATABASE, DataFolderError

_TEMPORARY = ""
"""The name of a temporary database."""
_LEFT = "etilqs_*"
"""Empty files that may be left where a process was killed between making one and taking its name away."""


class UnsignedLedger(SqlLedger):
    """The log of a copy: goes on from what is recorded, and signs nothing.

    Raises LedgerError where less is recorded than was `published`.
    """

    def __init__(self, connection: Connection, published: PublishedFile | None = None) -> None:
        self._connection = connection
        self._published = published
        self._tree = None
        self._continue()

    def sign(self) -> str:
        """No checkpoint is made."""
        return ""

    def mark_durable(self) -> None:
        """Nothing is published."""

    def resume(self, known: Mapping[int, bytes]) -> None:
        """Read the tree so far from the stored hashes; check it against these roots."""
        self._tree = self._stored_tree(known)


class SeenMarks:
    """Fetched, as it stands: what is tried marks nothing, and holds nobody back."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / delivered_marks.FILE

    @contextmanager
    def alone(self) -> Iterator["SeenMarks"]:
        """The marks as others leave them."""
        yield self

    def has(self, sender: str, message: str) -> bool:
        """Whether this delivery has been given out. Raises DataFolderError."""
        if not self._path.exists():
            return False
        try:
            with closing(data_folder.readable(self._path)) as marks:
                return delivered_marks.has(marks, sender, message)
        except sqlite3.Error as error:
            raise DataFolderError(f"{self._path}: {sqlite_faults.clause(error)}") from None

    def add(self, deliveries: object) -> None:
        """Nothing is given out."""


@contextmanager
def open_copy(folder: Path) -> Iterator[Connection]:
    """A connection to the copy; to an empty one where there is nothing yet. Raises DataFolderError."""
    original = folder / DATABASE
    try:
        with closing(sqlite3.connect(_TEMPORARY, check_same_thread=False)) as copy:
            if original.exists():
                _keep_within(folder, copy)
                with closing(data_folder.readable(original)) as source:
                    source.backup(copy)
            with data_folder.trying(copy, original) as connection:
                yield connection
    except sqlite3.Error as error:
        raise DataFolderError(f"{original}: {sqlite_faults.clause(error)}") from None


def _keep_within(folder: Path, copy: sqlite3.Connection) -> None:
    """Let the file lie beside the original, on the same disk and in its owner's folder, if it can be written."""
    if os.access(folder, os.W_OK):
        for left in folder.glob(_LEFT):
            left.unlink(missing_ok=True)
        place = str(folder.absolute()).replace("'", "''")
        copy.execute(f"PRAGMA temp_store_directory='{place}'")
