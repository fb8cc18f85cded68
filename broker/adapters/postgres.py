"""A connection to PostgreSQL: its tables made, and every fault of it told as one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from broker.adapters import tables, worker_tables
from broker.ports import Away

_TABLES = 0x53414D42
"""Key of the lock under which tables are made."""
_SLOTS = 0x53414D43
_ONCE = 0x53414D44
SLOTS = 64


@contextmanager
def connected(url: str, program: str) -> Iterator[Connection]:
    """A connection, with all tables there. Raises Away for any fault of the database in the body too.

    `url`: postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE. `program`: how the server lists it.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    told = {"application_name": program, "connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 15_000}
    engine = create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=told)

    @event.listens_for(engine, "handle_error")
    def _told(context: ExceptionContext) -> None:
        """A fault of the server or the way to it, whatever was asked: told at once, before anybody takes it for one."""
        fault = context.original_exception
        if context.is_disconnect or isinstance(context.sqlalchemy_exception, OperationalError | InterfaceError):
            raise Away("postgres", type(fault).__name__) from None

    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TABLES})
            for metadata in (tables.metadata, worker_tables.metadata):
                metadata.create_all(connection)
            connection.commit()
            yield connection
    except DBAPIError as error:  # its text can hold values
        raise Away("postgres", type(error.orig).__name__) from None
    except SQLAlchemyError as error:
        raise Away("postgres", type(error).__name__) from None
    finally:
        engine.dispose()


@contextmanager
def one_at_a_time(connection: Connection) -> Iterator[None]:
    """What is done once, as making keys: whoever else does it on this database waits."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONCE})
    try:
        yield
    finally:
        connection.rollback()


def slot(connection: Connection) -> int:
    """A number that no other connection has, for as long as this one lasts. Raises Away when all are taken."""
    for number in range(SLOTS):
        taken = text("SELECT pg_try_advisory_lock(:key, :slot)")
        if connection.execute(taken, {"key": _SLOTS, "slot": number}).scalar_one():
            connection.commit()
            return number
    raise Away("postgres", "NoSlot")
