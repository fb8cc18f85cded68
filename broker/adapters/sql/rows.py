"""Rows written many at a time: a statement is compiled once, and each row goes to the driver as it takes it.

What an expression language asks of each row anew costs more than the row itself.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table

Rows = Sequence[Mapping[str, Any]]
"""All of one call have the same columns."""
_Writer = Callable[[Mapping[str, Any]], Any]


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows. Raises IntegrityError where one is there already."""
    _write(connection, _inserting(connection.dialect.name, table), rows)


def insert_new_rows(connection: Connection, table: Table, rows: Rows, *key: str) -> None:
    """Insert rows, but not where one with this key, or with any that the table has, is there already."""
    _write(connection, _inserting_new(connection.dialect.name, table, key), rows)


def put_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows, in the place of those that have their key."""
    _write(connection, _putting(connection.dialect.name, table), rows)


@cache
def _inserting(dialect: str, table: Table) -> Any:
    module: Any = import_module(f"sqlalchemy.dialects.{dialect}")  # the other is a twelfth of a command's start
    return module.insert(table)


@cache
def _inserting_new(dialect: str, table: Table, key: Sequence[str]) -> Any:
    return _inserting(dialect, table).on_conflict_do_nothing(index_elements=key or None)


@cache
def _putting(dialect: str, table: Table) -> Any:
    statement = _inserting(dialect, table)
    key = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def _write(connection: Connection, statement: Insert, rows: Rows) -> None:
    if not rows:
        return
    names = tuple(rows[0])
    text, written = _compiled(connection.dialect, statement, names)
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError("rows of one call have the same columns")
    connection.exec_driver_sql(text, list(map(written, rows)))


@lru_cache(maxsize=64)  # each connection has a dialect of its own
def _compiled(dialect: Dialect, statement: Insert, names: Sequence[str]) -> tuple[str, _Writer]:
    """The statement as the driver takes it, and what makes a row so."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    of_type = [(name, types[name].bind_processor(dialect) or _as_it_is) for name in compiled.positiontup or names]
    if compiled.positional:
        return compiled.string, lambda row: tuple(process(row[name]) for name, process in of_type)
    return compiled.string, lambda row: {name: process(row[name]) for name, process in of_type}


def _as_it_is(value: Any) -> Any:
    return value
