"""Connections to PostgreSQL: one that only reads, on a snapshot, and the ledger's, of which there is one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import StaticPool

from broker.adapters import tables
from broker.adapters.data_folder import DataFolderError
from broker.adapters.ledger import LedgerError

_LEDGER = int.from_bytes(b"samband\x01")
"""The advisory lock that the one ledger holds."""
_CONNECT_SECONDS = 10
_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class DatabaseAway(Exception):
    """PostgreSQL does not answer, or not any longer. One line that names it, never its password."""


def is_address(name: str) -> bool:
    """Whether a name is a database's address."""
    return name.startswith(_SCHEMES)


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection that only reads, everything as it is at this moment. Raises DataFolderError or DatabaseAway."""
    with _connected(url) as connection:
        yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def ledger(url: str) -> Iterator[Connection]:
    """The connection of the one ledger, with its tables. Raises DatabaseAway, and LedgerError when another has it."""
    with _connected(url) as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(_LEDGER))).scalar_one():
            raise LedgerError(f"{_shown(url)}: another ledger writes there: there may be only one")
        make_ledger_tables(connection)
        yield connection


def make_ledger_tables(connection: Connection) -> None:
    """The tables that the ledger that runs apart needs, where they are missing."""
    tables.metadata.create_all(connection, tables=[tables.records, tables.checkpoints])
    tables.ledger_metadata.create_all(connection)
    connection.commit()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        engine = create_engine(
            address,
            poolclass=StaticPool,
            hide_parameters=True,  # they hold what was recorded
            connect_args={"connect_timeout": _CONNECT_SECONDS},
        )
    except (ArgumentError, ValueError):
        raise DataFolderError("the database's address must be as postgresql://USER@HOST:PORT/NAME") from None
    except ImportError:
        raise DataFolderError("PostgreSQL needs the extra: pip install 'samband[distributed]'") from None
    try:
        with engine.connect() as connection:
            yield connection
    except ProgrammingError as error:
        fault = type(error.orig).__name__
        raise DataFolderError(f"{_shown(url)}: {fault}: holds no log that this user may use") from None
    except IntegrityError:
        raise LedgerError(f"{_shown(url)}: somebody else has written there: run 'samband audit verify'") from None
    except DBAPIError as error:
        raise DatabaseAway(f"{_shown(url)}: {type(error.orig).__name__}: does not answer as it should") from None
    finally:
        engine.dispose()


def _shown(url: str) -> str:
    """Which database, without who logs in."""
    address = make_url(url)
    return f"PostgreSQL {address.host or 'here'}/{address.database or ''}"
