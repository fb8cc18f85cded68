"""The data folder of the embedded runtime: one SQLite file, its keys, and a lock that lets in one writer.

SQLite's WAL-reset fault needs two writers (fixed in 3.51.3); the lock admits one, and readers never checkpoint.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from broker.adapters.files import contents_key as contents
from broker.adapters.files import lock_file
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.sql import migrations, sqlite_faults
from broker.adapters.sql.tables import SCHEMA_VERSION, metadata
from broker.model.canonical import compact_text, parse
from broker.model.faults import SetUpError

DATABASE = "samband.db"
PUBLIC_KEY = "log.vkey"
"""The file beside the data that holds the log's public key: all that a verifier needs. It comes after the tables."""
HANDED = "handed"
"""Where messages are left to the live broker, which is the one writer: drop folders like its others."""
_SERVED = "serve.lock"
_DURABLE = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")  # what is emptied is overwritten
_OWNER_ONLY = 0o700


class DataFolderError(SetUpError):
    """The data folder can't be used. One line, with what to do."""


class Busy(DataFolderError):
    """Another process writes in the data folder."""


def contents_key(folder: Path, *, create: bool = False) -> ContentsKey:
    """What wraps the keys of a folder's cases. Raises KeyFileError."""
    return ContentsKey(folder / "keys" / contents.FILE, create=create)


@contextmanager
def serve(folder: Path) -> Iterator[None]:
    """Be the live broker here, which takes what is handed to it. The caller is the folder's one writer."""
    with lock_file.take(folder / _SERVED):
        yield


def is_served(folder: Path) -> bool:
    """Whether a live broker runs here."""
    try:
        lock_file.take(folder / _SERVED).close()
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock as its one writer; makes the folder when it is missing. Raises DataFolderError."""
    try:
        folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        lock = lock_file.take(folder / "lock")
    except BlockingIOError:
        if is_served(folder):
            raise Busy(
                f"{folder}: samband serve runs here: leave messages to it with samband send, or stop it"
            ) from None
        raise Busy(f"{folder}: another samband writes here: wait for it, or choose another --data") from None
    except OSError as error:
        raise DataFolderError(f"{folder}: can't be written: {error.strerror}") from None
    with lock:
        yield


def begin(folder: Path) -> bool:
    """Whether nothing was ever recorded here: then the database's file is made, before any key. The lock is held.

    So a start that is cut off leaves a folder that opens, and keys whose database is gone are not taken for one.
    Raises DataFolderError, as `is_new`.
    """
    path = folder / DATABASE
    new = is_new(folder)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return new


def is_new(folder: Path) -> bool:
    """Whether nothing was ever recorded here.

    Raises DataFolderError where keys stand beside a database that is gone, or emptied after it was opened: a new log in
    an old one's name would say that all is well.
    """
    path = folder / DATABASE
    if path.exists() and path.stat().st_size:
        return False
    if (folder / PUBLIC_KEY).exists() if path.exists() else any((folder / "keys").glob("*.key")):
        raise DataFolderError(
            f"{folder}: holds keys and no {DATABASE}: put it back from its newest copy, or choose another --data"
        )
    return True


@contextmanager
def writing(folder: Path) -> Iterator[Connection]:
    """A connection that may write (WAL, synchronous=FULL). The caller holds the lock. Raises DataFolderError."""
    path = folder / DATABASE
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _connection(lambda: writable(path), path, _DURABLE) as connection:
        _make(connection)
        _check_schema(connection, path)
        yield connection


@contextmanager
def trying(copy: sqlite3.Connection, path: Path) -> Iterator[Connection]:
    """A connection that may write on an open copy of the database in `path`. Raises DataFolderError."""
    with _connection(lambda: copy, path) as connection:
        _make(connection)
        _check_schema(connection, path)
        yield connection


def _make(connection: Connection) -> None:
    if migrations.version(connection) is None:
        metadata.create_all(connection)
        migrations.stamp(connection)
        connection.commit()


def upgrade(folder: Path) -> tuple[int, int]:
    """Bring a folder to today's schema as its one writer; the schemas before and after. Raises DataFolderError."""
    path = folder / DATABASE
    if not path.exists():
        raise DataFolderError(f"{folder}: holds no data: nothing to upgrade")
    with lock(folder), _connection(lambda: writable(path), path, _DURABLE) as connection:
        version = migrations.version(connection) or 0
        connection.rollback()
        if version < migrations.FIRST or version > SCHEMA_VERSION:
            raise DataFolderError(f"{path}: {migrations.refusal(version, folder)}")
        migrations.upgrade(connection, version, contents_key(folder))
        if version < migrations.SEALED:  # or pages that are free again hold what was unsealed
            connection.connection.commit()
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return version, SCHEMA_VERSION


def _check_schema(connection: Connection, path: Path) -> None:
    version = migrations.version(connection)
    connection.rollback()
    if version is not None and (why := migrations.refusal(version, path.parent)):
        raise DataFolderError(f"{path}: {why}")


@contextmanager
def reading(folder: Path) -> Iterator[Connection]:
    """A connection that only reads, beside the writer. Raises DataFolderError when there is nothing to read."""
    path = folder / DATABASE
    if not path.exists():
        raise DataFolderError(f"{folder}: holds no data yet: run a file first, or point --data to its folder")
    with _connection(lambda: readable(path), path, ("query_only=1",)) as connection:
        _check_schema(connection, path)
        yield connection


def readable(path: Path) -> sqlite3.Connection:
    """An open database that is only read. Raises sqlite3.Error.

    In a folder that can't be written SQLite makes no -shm: what was closed cleanly (no -wal) is read as it stands.
    """
    try:
        connection = _open(path, "mode=ro")
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        log = path.with_name(f"{path.name}-wal")
        if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        connection = _open(path, "mode=ro&immutable=1")
    return connection


def writable(path: Path) -> sqlite3.Connection:
    """An open database that may be written. Raises sqlite3.Error, also where there is none."""
    return _open(path, "mode=rw")


def _open(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, check_same_thread=False)


@contextmanager
def _connection(
    opened: Callable[[], sqlite3.Connection], path: Path, pragmas: tuple[str, ...] = ()
) -> Iterator[Connection]:
    hidden = {"hide_parameters": True}  # they hold contents
    of_json = {"json_serializer": compact_text, "json_deserializer": parse}
    engine = create_engine("sqlite://", creator=opened, poolclass=StaticPool, **of_json, **hidden)

    @event.listens_for(engine, "connect")
    def _set(connection: object, _: object) -> None:
        for pragma in (*pragmas, "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    try:
        with engine.connect() as connection:
            yield connection
    except (DatabaseError, OperationalError) as error:
        raise DataFolderError(f"{path}: {sqlite_faults.clause(error.orig)}") from None
    finally:
        engine.dispose()
