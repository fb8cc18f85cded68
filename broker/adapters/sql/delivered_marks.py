"""Which deliveries each inbox has given out: a small SQLite file of its own, beside the one writer's database.

Many may read inboxes at once, and each marks here what it gives out, so the file has many writers, one at a time. It
keeps a rollback journal: WAL's reset fault needs several writers (see `data_folder`). EXTRA syncs the folder as well.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from broker.adapters.sql import sqlite_faults
from broker.adapters.sql.data_folder import DataFolderError

FILE = "fetched.db"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS given_out"
    " (inbox TEXT, sender TEXT, message TEXT, PRIMARY KEY (sender, message, inbox)) WITHOUT ROWID"
)
_OF_EARLIER_VERSION = "SELECT 1 FROM sqlite_master WHERE name = 'fetched'"
_ANYWHERE = ""
"""The inbox of a mark that an earlier version made: then each delivery lay in one."""
_WAIT = 30.0
"""Seconds to wait for somebody else who marks or recalls."""


class FetchedFile:
    """Fetched over the file in a data folder. Safe to use from several threads: it keeps no connection."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open it; made only with `create`: a lost one, made anew in silence, would call everything not fetched.

        Raises DataFolderError.
        """
        self._path = folder / FILE
        if create:
            self._create()
        elif not self._path.exists():
            raise DataFolderError(f"{self._path}: is missing: put it back from a copy of the folder")
        else:
            self._upgrade()

    @contextmanager
    def alone(self) -> Iterator["_Marks"]:
        """The marks, which nobody else sees or adds to meanwhile; all that is added is durable when it ends, or none.

        Raises DataFolderError.
        """
        with self._connect() as connection:
            with self._usable():
                connection.execute("BEGIN IMMEDIATE")
            yield _Marks(self, connection)
            with self._usable():
                connection.execute("COMMIT")

    def given_out(self, deliveries: Iterable[tuple[str, str, str]]) -> frozenset[tuple[str, str, str]]:
        """Those of these that have been given out by now, from that inbox; nobody is held back. Raises DataFolderError.

        Each is inbox, sender and message.
        """
        query = "SELECT 1 FROM given_out WHERE (sender, message) = (?, ?) AND inbox IN (?, ?)"
        with self._connect() as connection, self._usable():
            connection.execute("BEGIN")  # one look, and not as many as there are deliveries
            return frozenset(
                (inbox, sender, message)
                for inbox, sender, message in deliveries
                if connection.execute(query, (sender, message, inbox, _ANYWHERE)).fetchone()
            )

    def _create(self) -> None:
        with self._usable():
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
            with self._connect() as connection:
                connection.execute(_TABLE)

    def _upgrade(self) -> None:
        """Take over what an earlier version has marked."""
        with self._connect() as connection, self._usable():
            if connection.execute(_OF_EARLIER_VERSION).fetchone() is None:
                return
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute(_OF_EARLIER_VERSION).fetchone() is not None:  # nobody else has, meanwhile
                connection.execute(_TABLE)
                marks = "SELECT ?, sender, message FROM fetched"
                connection.execute(f"INSERT OR IGNORE INTO given_out {marks}", (_ANYWHERE,))
                connection.execute("DROP TABLE fetched")
            connection.execute("COMMIT")

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with self._usable():
            address = f"{self._path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)
        with closing(connection):
            with self._usable():
                connection.execute("PRAGMA synchronous=EXTRA")
            yield connection

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            why = f"what is given out can't be marked: {sqlite_faults.clause(error)}; or look with --peek"
            raise DataFolderError(f"{self._path}: {why}") from None


class _Marks:
    """Marks inside one transaction."""

    def __init__(self, file: FetchedFile, connection: sqlite3.Connection) -> None:
        self._file = file
        self._connection = connection

    def has(self, sender: str, message: str) -> bool:
        """Whether this delivery has been given out, from any inbox that it lies in."""
        with self._file._usable():
            return has(self._connection, sender, message)

    def add(self, deliveries: Iterable[tuple[str, str, str]]) -> None:
        """These are given out as soon as the marks are let go; to mark one again changes nothing."""
        with self._file._usable():
            self._connection.executemany("INSERT OR IGNORE INTO given_out VALUES (?, ?, ?)", deliveries)


def has(marks: sqlite3.Connection, sender: str, message: str) -> bool:
    """Whether a delivery stands among the marks as given out."""
    query = "SELECT 1 FROM given_out WHERE (sender, message) = (?, ?) LIMIT 1"
    return marks.execute(query, (sender, message)).fetchone() is not None
