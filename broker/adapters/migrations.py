"""From one schema of the tables to the next, where data stand already: `samband upgrade`.

A SQLite file has its schema's number in `user_version`, a PostgreSQL database in the table `schema_version`; one that
has tables and no number is of schema 3, the last before numbers. Each step is one transaction with the number.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, inspect, select, text, update
from sqlalchemy.schema import CreateColumn

from broker.adapters import agent_tables, tables, worker_tables
from broker.adapters.tables import SCHEMA_VERSION

FIRST = 3
"""The oldest schema that can be brought to today's."""

metadata = MetaData()
schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

_OURS = {
    name
    for known in (tables.metadata, tables.ledger_metadata, worker_tables.metadata, agent_tables.metadata)
    for name in known.tables
}


def version(connection: Connection) -> int | None:
    """The schema's number; None where there are no tables yet."""
    if connection.dialect.name == "sqlite":
        number: int = connection.execute(text("PRAGMA user_version")).scalar_one()
        return number or None
    there = inspect(connection)
    if there.has_table(schema_version.name):
        stamped: int | None = connection.execute(select(func.max(schema_version.c.version))).scalar_one()
        return stamped
    return FIRST if _OURS.intersection(there.get_table_names()) else None


def refusal(found: int, data: object) -> str | None:
    """Why data of this schema can't be used, with what to do; None for today's. `data`: as --data names the place."""
    if found < FIRST:
        return f"is of schema {found}, which no version reads any more: keep it with the version that made it"
    if found < SCHEMA_VERSION:
        todo = f"stop what writes there, then run 'samband upgrade --data {data}'"
        return f"is of an earlier version (schema {found}): {todo}"
    if found > SCHEMA_VERSION:
        return f"is of a later version (schema {found}, this one has {SCHEMA_VERSION}): use that version"
    return None


def stamp(connection: Connection, number: int = SCHEMA_VERSION) -> None:
    """Write the schema's number down; the caller commits."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version = {number:d}"))
        return
    metadata.create_all(connection)
    if not connection.execute(update(schema_version).values(version=number)).rowcount:
        connection.execute(insert(schema_version).values(version=number))


def upgrade(connection: Connection, found: int) -> None:
    """Take every step from schema `found` on, each in a transaction of its own."""
    for number in range(found, SCHEMA_VERSION):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # its driver begins none before a change of tables
        _STEPS[number](connection)
        stamp(connection, number + 1)
        connection.commit()


def _add(connection: Connection, *columns: Column[object]) -> None:
    """Add columns, which may be null or have a default, to the tables that are there."""
    there = inspect(connection)
    for column in columns:
        name = column.table.name
        if there.has_table(name) and column.name not in {known["name"] for known in there.get_columns(name)}:
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN {CreateColumn(column).compile(connection)}"))


def _to_4(connection: Connection) -> None:
    """What schema 4 has beside schema 3."""
    _add(connection, *(tables.quarantine.c[name] for name in ("size", "proven", "arrived")))


_STEPS: Mapping[int, Callable[[Connection], None]] = MappingProxyType({3: _to_4})
"""The step from each schema to the next."""
