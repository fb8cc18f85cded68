"""The desk's own database: SQLite on a file, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from agents.desk.faults import DeskError

METADATA = MetaData()
"""Every table of the desk; each module of the store brings its own."""

STEP = 1
"""The form of the tables. A later one adds a change to `_STEPS`."""

_STEPS: dict[int, str] = {}
"""What brings a database from the step before to this one: statements, parted by semicolons."""

steps = Table("desk_step", METADATA, Column("one", Integer, primary_key=True), Column("step", Integer, nullable=False))


class Moment(TypeDecorator[datetime]):
    """A point in time, as milliseconds since 1970: the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Into the database."""
        return None if value is None else int(value.timestamp() * 1000)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        """Out of it."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Database:
    """In: an address as SQLAlchemy has them (`sqlite:///desk.db`, `postgresql+psycopg://…`). Raises DeskError.

    Tables of the modules that are imported are made when they are missing. A database of a later step is refused.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
            with self.engine.begin() as connection:
                _bring_up(connection)
        except ArgumentError:
            raise DeskError("database: not an address that can be used") from None
        except SQLAlchemyError as error:
            raise DeskError(f"database: can't be opened: {type(error).__name__}") from None
        self._current: ContextVar[Connection | None] = ContextVar("desk_transaction", default=None)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that is done herein is kept, or nothing of it; within another it is a part of that one."""
        current = self._current.get()
        if current is not None:
            yield current
            return
        with self.engine.begin() as connection:
            token = self._current.set(connection)
            try:
                yield connection
            finally:
                self._current.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One look at what is there, within the transaction where there is one."""
        current = self._current.get()
        if current is not None:
            yield current
            return
        with self.engine.connect() as connection:
            yield connection.execution_options(desk_reads=True)

    def close(self) -> None:
        """Let go."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    in_memory: dict[str, Any] = {} if address.database else {"poolclass": StaticPool}
    engine = create_engine(address, connect_args={"check_same_thread": False, "timeout": 30}, **in_memory)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _begin)
    return engine


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where the driver guesses
    for pragma in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "foreign_keys=on"):
        connection.execute(f"pragma {pragma}").close()


def _begin(connection: Connection) -> None:
    """A transaction that writes takes its turn at once: none is refused half-way."""
    reads = connection.get_execution_options().get("desk_reads")
    connection.exec_driver_sql("begin" if reads else "begin immediate")


def _bring_up(connection: Connection) -> None:
    there = inspect(connection).has_table(steps.name)
    METADATA.create_all(connection)
    if not there:
        connection.execute(insert(steps).values(one=1, step=STEP))
        return
    step = connection.execute(select(steps.c.step)).scalar_one()
    if step > STEP:
        raise DeskError("database: made by a later version of the desk: run that one")
    for number in range(step + 1, STEP + 1):
        for statement in _STEPS[number].split(";"):
            connection.exec_driver_sql(statement)
    connection.execute(steps.update().values(step=STEP))
