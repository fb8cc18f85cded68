"""A place's own database: SQLite on a file, or PostgreSQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateSchema

from broker.web.faults import SiteError

PAGE = 25
"""Rows of a page."""

_READS = "samband_reads"
"""Of a connection that only reads."""


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


class Schema:
    """The tables of a database: those that each has, and what its modules add to `metadata`.

    In: what their names begin with. `changes`: what brings a database from the step before to each step, as statements
    that semicolons part; a new one has the form of the last. `namespace`: the schema that they lie in on PostgreSQL.
    """

    def __init__(self, prefix: str, changes: Mapping[int, str] | None = None, namespace: str = "") -> None:
        self.prefix, self.changes, self.metadata = prefix, changes or {}, MetaData()
        self.namespace = namespace
        self.steps = self._table(
            "step", Column("one", Integer, primary_key=True), Column("step", Integer, nullable=False)
        )
        self.facts = self._table(
            "fact", Column("name", String, primary_key=True), Column("moment", Moment, nullable=False)
        )

    @property
    def step(self) -> int:
        """The form that the tables have now."""
        return max(self.changes, default=1)

    def _table(self, name: str, *columns: Column[Any]) -> Table:
        return Table(f"{self.prefix}_{name}", self.metadata, *columns)


class PlaceSchema(Schema):
    """The tables of a place where people log in."""

    def __init__(self, prefix: str, changes: Mapping[int, str] | None = None) -> None:
        super().__init__(prefix, changes)
        self.users = self._table(
            "users",
            Column("number", Integer, primary_key=True),
            Column("name", String, nullable=False),
            Column("unit", String, nullable=False),
            Column("role", String, nullable=False),
            Column("officer", String, nullable=False),
            Column("lang", String, nullable=False),
            Column("scheme", String, nullable=False),
            Column("may", String, nullable=False),  # words, in alphabetical order
            Column("account", String, unique=True),  # of a local account
            Column("password", String),  # its digest
            Column("subject", String, unique=True),  # digest of who it is at the identity provider
            Column("active", Boolean, nullable=False),
        )
        self.sessions = self._table(
            "sessions",
            Column("key", String, primary_key=True),  # digest of what the browser has
            Column("user", ForeignKey(self.users.c.number), index=True),  # none: about to log in
            Column("begun", Moment, nullable=False),
            Column("used", Moment, nullable=False),
            Column("pending", String),  # of a login under way: what its answer is held against
        )


class Database:
    """In: an address as SQLAlchemy has them (`sqlite:///desk.db`, `postgresql://…`). Raises SiteError.

    Tables that are missing are made. A database of a later step is refused.
    """

    def __init__(self, url: str, schema: Schema) -> None:
        self.schema = schema
        try:
            self.engine = _engine(url, schema.namespace)
            with self.engine.begin() as connection:
                _bring_up(connection, schema)
        except ArgumentError:
            raise SiteError("database: not an address that can be used") from None
        except SQLAlchemyError as error:
            raise SiteError(f"database: can't be opened: {type(error).__name__}") from None
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._snapshot: dict[str, Any] = {_READS: True} if is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._writing: ContextVar[Connection | None] = ContextVar("writing", default=None)
        self._reading: ContextVar[Connection | None] = ContextVar("reading", default=None)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that is done herein is kept, or nothing of it; within another it is a part of that one."""
        if (current := self._writing.get()) is not None:
            yield current
            return
        with self.engine.begin() as connection, _as_current(self._writing, connection):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What is there at one moment; within a transaction, as that has it."""
        if (current := self._writing.get() or self._reading.get()) is not None:
            yield current
            return
        with self.engine.connect() as connection, _as_current(self._reading, connection):
            connection.execution_options(**self._snapshot)
            yield connection

    def moment(self, name: str) -> datetime | None:
        """What the place has noted of itself."""
        facts = self.schema.facts
        with self.reading() as connection:
            at: datetime | None = connection.execute(select(facts.c.moment).where(facts.c.name == name)).scalar()
            return at

    def note(self, name: str, moment: datetime) -> None:
        """Note it, in place of what was noted before."""
        facts = self.schema.facts
        with self.transaction() as connection:
            connection.execute(delete(facts).where(facts.c.name == name))
            connection.execute(insert(facts).values(name=name, moment=moment))

    def close(self) -> None:
        """Let go."""
        self.engine.dispose()


@contextmanager
def _as_current(variable: ContextVar[Connection | None], connection: Connection) -> Iterator[None]:
    token = variable.set(connection)
    try:
        yield
    finally:
        variable.reset(token)


def _engine(url: str, namespace: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        driver = "postgresql+psycopg" if address.drivername == "postgresql" else address.drivername
        there = {"connect_args": {"options": f"-csearch_path={namespace}"}} if namespace else {}
        return create_engine(address.set(drivername=driver), pool_pre_ping=True, **there)
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
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("begin" if reads else "begin immediate")


def _bring_up(connection: Connection, schema: Schema) -> None:
    steps = schema.steps
    if schema.namespace and connection.dialect.name == "postgresql":
        connection.execute(CreateSchema(schema.namespace, if_not_exists=True))
    there = inspect(connection).has_table(steps.name)
    schema.metadata.create_all(connection)
    if not there:
        connection.execute(insert(steps).values(one=1, step=schema.step))
        return
    step = connection.execute(select(steps.c.step)).scalar_one()
    if step > schema.step:
        raise SiteError(f"database: made by a later version (step {step}, this one has {schema.step}): run that one")
    for number in range(step + 1, schema.step + 1):
        for statement in schema.changes[number].split(";"):
            connection.exec_driver_sql(statement)
    connection.execute(steps.update().values(step=schema.step))
