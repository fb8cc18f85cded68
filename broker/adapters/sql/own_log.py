"""A log of its own in a place's database: in all the same as the broker's, with its own origin, key and checkpoints."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, text

from broker.adapters.files import whole_file
from broker.adapters.files.checkpoint_file import FILE, PublishedFile
from broker.adapters.files.signing import Seal, Signer, Verifier
from broker.adapters.sql import audit_log, tables
from broker.adapters.sql.audit_log import SqlLedger
from broker.adapters.sql.read_model import Archive
from broker.log.checkpoint import Checkpoint
from broker.model.decision import Json

KEY, SEAL = "views", "summary"
"""Names of the files of its keys: `.key` is secret, `.vkey` public."""
_SCHEMA = "samband_views"
"""In PostgreSQL its tables lie apart: never in those of a broker's log that the same database may hold."""
_TURN = 0x53414D42
"""Who appends there takes this lock."""


class Place(Protocol):
    """The database."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Where it is written."""

    def reading(self) -> AbstractContextManager[Connection]:
        """What is there at one moment."""


class OwnLog:
    """Each record is signed by itself, and durable when its place is known."""

    def __init__(self, place: Place, keys: Path, name: str) -> None:
        """In: the folder of its keys, and its origin.

        Keys are made where neither a log nor a key is. Raises KeyFileError or LedgerError.
        """
        self._place, self._keys, self._lock = place, keys, Lock()
        with place.transaction() as connection:
            _prepare(connection)
            fresh = audit_log.last_checkpoint(connection) is None and not (keys / FILE).exists()
            signer = Signer(keys / f"{KEY}.key", name, create=fresh)
            self._ledger = SqlLedger(connection, signer, self)
        self.seal = Seal(keys / f"{SEAL}.key", f"{name}/summary", create=fresh)
        self.vkey = signer.vkey
        if fresh:
            for file, vkey in ((KEY, self.vkey), (SEAL, self.seal.vkey)):
                whole_file.write(keys / f"{file}.vkey", f"{vkey}\n".encode(), whole_file.ANYBODY)

    def append(self, leaf: Json) -> int:
        """Append a record; its place. Not within another transaction. Raises LedgerError: then it is not there."""
        with self._lock:
            try:
                with self._place.transaction() as connection:
                    _take_turn(connection)
                    self._ledger.move(connection)
                    ((seq, _),) = self._ledger.append([leaf])
            except BaseException:
                self._ledger.forget()
                raise
            self._ledger.mark_durable()
            return seq

    @contextmanager
    def reading(self) -> Iterator[Archive]:
        """What is recorded, as it is at this moment."""
        with self._place.reading() as connection:
            _look_there(connection)
            yield Archive(connection)

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The newest that was published, by whichever process; None before the first."""
        return self._published().checkpoint

    def write(self, note: str) -> None:
        """This note is published from now on."""
        self._published().write(note)

    def kept(self) -> Sequence[str]:
        """The newest checkpoint that was published, as one that was kept elsewhere."""
        file = self._keys / FILE
        return [file.read_text("utf-8")] if file.exists() else []

    def _published(self) -> PublishedFile:
        return PublishedFile(self._keys, Verifier(self.vkey))


def _prepare(connection: Connection) -> None:
    """Be the one who writes there now, with the tables that it needs."""
    if connection.dialect.name == "postgresql":
        _take_turn(connection)
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}"))
    _look_there(connection)
    for table in (tables.records, tables.checkpoints):
        table.create(connection, checkfirst=True)


def _take_turn(connection: Connection) -> None:
    """Be the one who writes there now: SQLite sees to it by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        _look_there(connection)


def _look_there(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL search_path TO {_SCHEMA}"))
