"""The one way to PostgreSQL: tables made, locks held, faults told as one.

A fault of the server or the way to it is Away as soon as it shows, whatever was asked: nobody takes it for a fault of
what was asked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    MetaData,
    Pool,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool

from broker import settings
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.sql import agent_tables, migrations, roles, tables, worker_tables
from broker.adapters.sql.data_folder import DataFolderError
from broker.adapters.sql.migrations import SEALED
from broker.model.canonical import compact_text, parse
from broker.ports.faults import Away, LedgerError
from broker.ports.health import POSTGRES

DATABASE = "postgres"
"""How commands name the database that the settings tell."""

_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
_AWAY = (OperationalError, InterfaceError, InternalError)

_LIMITS = "54"
"""Class of PostgreSQL's limits (too large a row, say): what is kept is at fault, and no other try mends that."""

_FULL = "DiskFull"
"""What psycopg calls PostgreSQL's 53100."""

_TABLES = 0x53414D42
"""Key of the advisory lock under which tables are made."""
_ONCE = 0x53414D44
"""Key under which is done what only one may do."""
_SLOTS = 0x53414D43
_PLANNED_ANEW = "-c plan_cache_mode=force_custom_plan"
"""A plan that is kept was made while the tables were nearly empty, and reads them whole when they are full."""
SLOTS = 64
"""Workers at once, at most; each holds a lock under the key before."""
_LEDGER = int.from_bytes(b"samband\x01")
"""The lock that the one ledger holds."""

Tables = tuple[MetaData, Sequence[Table] | None]
"""Some tables of a set, or all (None)."""
OF_WORKERS: Sequence[Tables] = ((tables.metadata, None), (worker_tables.metadata, None))
OF_LEDGER: Sequence[Tables] = ((tables.metadata, (tables.records, tables.checkpoints)), (tables.ledger_metadata, None))
OF_AGENTS: Sequence[Tables] = ((tables.metadata, (tables.matters,)), (agent_tables.metadata, None))
_ALL = (*OF_WORKERS, *OF_LEDGER, *OF_AGENTS)


def address(place: str) -> str:
    """The address of a database that is named DATABASE, or by its address. Raises SettingsError."""
    return settings.postgres() if place == DATABASE else place


def is_address(name: str) -> bool:
    """Whether a name is a database's address."""
    return name.startswith(_SCHEMES)


def make(connection: Connection, wanted: Sequence[Tables]) -> None:
    """Make the tables that are missing. Programs that start at once wait for one another.

    Raises DataFolderError where tables of another schema stand, and where this role may not make what is missing.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TABLES)))
    try:
        if migrations.version(connection) is None:
            migrations.stamp(connection)
        _check_schema(connection)
        for metadata, some in wanted:
            metadata.create_all(connection, tables=some)
    except ProgrammingError as error:
        url, fault = connection.engine.url, type(error.orig).__name__
        raise DataFolderError(
            f"{_database_name(url)}: {fault}: it is not made ready for {url.username}: "
            "run 'samband upgrade --data postgres' as the database's owner"
        ) from None
    connection.commit()


def upgrade(url: str, key: Callable[[], ContentsKey]) -> tuple[int, int]:
    """Bring a database to today's schema, an empty one too, and give each program's role its rights; as its owner.

    `key`: what contents are sealed with, where some are. The schemas before (0: empty) and after. Raises
    DataFolderError, KeyFileError or Away.
    """
    with _connection(url, "samband upgrade") as connection:
        version = migrations.version(connection)
        place = _database_name(connection.engine.url)
        if version is not None and version > tables.SCHEMA_VERSION:
            raise DataFolderError(f"{place}: {migrations.refusal(version, DATABASE)}")
        if version is not None and not (migrations.is_beside(version) or hold_off(connection)):
            raise DataFolderError(
                f"{place}: is in use by programs of schema {version}, which could not go on with schema "
                f"{tables.SCHEMA_VERSION}: stop workers, ledger and agents first"
            )
        connection.execute(select(func.pg_advisory_xact_lock(_TABLES)))
        if version is not None:
            migrations.upgrade(connection, version, key() if version < SEALED else ContentsKey(None))
        make(connection, _ALL)
        connection.execute(select(func.pg_advisory_xact_lock(_TABLES)))
        roles.give(connection)
        connection.commit()
        if version is not None and version < SEALED:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (tables.inbox, tables.quarantine):  # or the pages of before hold what was unsealed
                connection.execute(text(f"VACUUM FULL {table.name}"))
    return version or 0, tables.SCHEMA_VERSION


def _check_schema(connection: Connection) -> None:
    version = migrations.version(connection)
    if version is not None and (why := migrations.refusal(version, DATABASE, migrations.usable_from(connection))):
        raise DataFolderError(f"{_database_name(connection.engine.url)}: {why}")


@contextmanager
def working(url: str, program: str = "samband worker") -> Iterator[Connection]:
    """A connection with all of a worker's tables. Raises Away for any fault of the database in the body too."""
    with _connection(url, program) as connection:
        make(connection, OF_WORKERS)
        yield connection


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection that only reads, everything as it is at this moment. Raises DataFolderError or Away."""
    with _connection(url, "samband") as connection, _holding_a_log(url):
        _check_schema(connection)
        connection.rollback()
        yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def ledger(url: str) -> Iterator[Connection]:
    """The connection of the one ledger, with its tables. Raises Away, and LedgerError when another has it."""
    with _connection(url, "samband ledger") as connection, _holding_a_log(url):
        if not connection.execute(select(func.pg_try_advisory_lock(_LEDGER))).scalar_one():
            raise LedgerError(f"{_database_name(make_url(url))}: another ledger writes there: there may be only one")
        make(connection, OF_LEDGER)
        try:
            yield connection
        except IntegrityError:
            place = _database_name(make_url(url))
            raise LedgerError(f"{place}: somebody else has written there: run 'samband audit verify'") from None


def agents(url: str) -> Engine:
    """The agents' connections, which do not wait for the disk. What is done with them raises Away."""
    engine = _engine(url, "samband agents", setting="-c synchronous_commit=off")
    with engine.connect() as connection:
        make(connection, OF_AGENTS)
    return engine


@contextmanager
def one_at_a_time(connection: Connection) -> Iterator[None]:
    """What is done once, as making keys: whoever else does it on this database waits."""
    connection.execute(select(func.pg_advisory_xact_lock(_ONCE)))
    try:
        yield
    finally:
        connection.rollback()


def slot(connection: Connection) -> int:
    """A number that no other connection has, for as long as this one lasts. Raises Away when all are taken."""
    for number in range(SLOTS):
        if connection.execute(select(func.pg_try_advisory_lock(_SLOTS, number))).scalar_one():
            connection.commit()
            return number
    raise Away(POSTGRES, "NoSlot")


def hold_off_workers(connection: Connection) -> bool:
    """Take the numbers of all workers for as long as the connection lasts; False where one works."""
    taken = (connection.execute(select(func.pg_try_advisory_lock(_SLOTS, n))).scalar_one() for n in range(SLOTS))
    held = all(taken)
    connection.commit()
    return held


def hold_off(connection: Connection) -> bool:
    """The same, and no ledger begins either."""
    ledger: bool = connection.execute(select(func.pg_try_advisory_lock(_LEDGER))).scalar_one()
    return ledger and hold_off_workers(connection)


@contextmanager
def _connection(url: str, program: str) -> Iterator[Connection]:
    engine = _engine(url, program, NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:  # its text can hold values
        raise _away(engine.url, error.orig) from None
    except SQLAlchemyError as error:
        raise _away(engine.url, error) from None
    finally:
        engine.dispose()


def _engine(url: str, program: str, pool: type[Pool] | None = None, setting: str = "") -> Engine:
    """`program`: how the server lists it. `setting`: beside those that the address has. Raises DataFolderError."""
    arguments = {"application_name": program, "connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 15_000}
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        options = " ".join((*address.normalized_query.get("options", ()), _PLANNED_ANEW, setting))
        connecting = arguments | {"options": options.rstrip()}
        of_json = {"json_serializer": compact_text, "json_deserializer": parse}
        engine = create_engine(address, poolclass=pool, hide_parameters=True, connect_args=connecting, **of_json)
    except (ArgumentError, ValueError):
        raise DataFolderError("the database's address must be as postgresql://USER@HOST:PORT/NAME") from None
    except ImportError:
        raise DataFolderError("PostgreSQL needs the extra: pip install 'samband[distributed]'") from None
    event.listen(engine, "handle_error", _raise_away)
    return engine


def _raise_away(context: ExceptionContext) -> None:
    limit = str(getattr(context.original_exception, "sqlstate", None)).startswith(_LIMITS)
    if context.is_disconnect or (isinstance(context.sqlalchemy_exception, _AWAY) and not limit):
        assert context.engine is not None
        raise _away(context.engine.url, context.original_exception) from None


@contextmanager
def _holding_a_log(url: str) -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        fault = type(error.orig).__name__
        place = _database_name(make_url(url))
        raise DataFolderError(f"{place}: {fault}: holds no log that this user may use") from None


def _away(address: URL, fault: BaseException | None) -> Away:
    why = type(fault).__name__
    said = "its disk is full: make room there" if why == _FULL else f"{why}: does not answer as it should"
    return Away(POSTGRES, why, f"{_database_name(address)}: {said}")


def _database_name(address: URL) -> str:
    """Which database, without who logs in."""
    return f"PostgreSQL {address.host or 'here'}/{address.database or ''}"
