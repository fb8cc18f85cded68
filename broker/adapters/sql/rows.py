"""Rows written many at a time: a statement is compiled once, and each row goes to the driver as it takes it.

What an expression language asks of each row anew costs more than the row itself, and so does what PostgreSQL's driver
asks of a row that is an execution of its own: there new rows are copied (COPY), and others given as one list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import (
    JSON,
    TEXT,
    Connection,
    Dialect,
    Engine,
    Insert,
    LargeBinary,
    String,
    Table,
    bindparam,
    cast,
    column,
    event,
    func,
    select,
)

from broker.model.canonical import compact_text

Rows = Sequence[Mapping[str, Any]]
"""All of one call have the same columns."""
_Names = tuple[str, ...]
_Writer = Callable[[Mapping[str, Any]], Any]
_TYPES = "samband_types"
"""The option of a statement that copies rows: the types of their columns, by name."""
_LONGEST = 16_000_000
"""Characters of one list of rows, or little more: PostgreSQL reads none of 256 MB."""


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows. Raises IntegrityError where one is there already."""
    if not rows:
        return
    dialect, names = connection.dialect, _names(rows)
    if dialect.name == "postgresql" and len(rows) > 1:
        _copy(connection, table, names, rows)
    else:
        text, written = _compiled(dialect, _insert(dialect.name, table), names)
        connection.exec_driver_sql(text, list(map(written, rows)))


def insert_new_rows(connection: Connection, table: Table, rows: Rows, *key: str) -> None:
    """Insert rows, but not where one with this key, or with any that the table has, is there already."""
    _merge(connection, table, rows, key)


def put_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows, in the place of those that have their key; of several with one key the last."""
    last = {tuple(row[column.name] for column in table.primary_key): row for row in rows}
    _merge(connection, table, list(last.values()), None)


def _merge(connection: Connection, table: Table, rows: Rows, kept: _Names | None) -> None:
    """Insert rows where others may have their key: such are replaced, or kept (`kept`: of which key)."""
    if not rows:
        return
    dialect, names = connection.dialect, _names(rows)
    if dialect.name == "postgresql" and not any(isinstance(column.type, LargeBinary) for column in table.columns):
        statement = _merging(dialect.name, table, kept, names)
        for listed in _lists(table, rows):
            connection.execute(statement, {"rows": listed})
    else:
        text, written = _compiled(dialect, _merging(dialect.name, table, kept), names)
        connection.exec_driver_sql(text, list(map(written, rows)))


def _names(rows: Rows) -> _Names:
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError("rows of one call have the same columns")
    return tuple(rows[0])


@cache
def _insert(dialect: str, table: Table) -> Any:
    module: Any = import_module(f"sqlalchemy.dialects.{dialect}")  # the other is a twelfth of a command's start
    return module.insert(table)


@cache
def _merging(dialect: str, table: Table, kept: _Names | None, listed: _Names = ()) -> Any:
    """`listed`: the columns of rows that come as one list."""
    statement = _insert(dialect, table)
    if listed:
        statement = statement.from_select(listed, _rows_of(table, listed))
    if kept is not None:
        return statement.on_conflict_do_nothing(index_elements=kept or None)
    key = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


@lru_cache(maxsize=64)  # each connection has a dialect of its own
def _compiled(dialect: Dialect, statement: Insert, names: _Names) -> tuple[str, _Writer]:
    """The statement as the driver takes it, and what makes a row so."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    of_type = [(name, types[name].bind_processor(dialect) or _as_it_is) for name in compiled.positiontup or names]
    if compiled.positional:
        return compiled.string, lambda row: tuple(process(row[name]) for name, process in of_type)
    return compiled.string, lambda row: {name: process(row[name]) for name, process in of_type}


def _as_it_is(value: Any) -> Any:
    return value


# --- PostgreSQL


def _copy(connection: Connection, table: Table, names: _Names, rows: Rows) -> None:
    text, types = _copying(connection.dialect, table, names)
    values = [tuple(map(row.__getitem__, names)) for row in _with_texts(table, rows)]
    connection.exec_driver_sql(text, values, execution_options={_TYPES: types})


@lru_cache(maxsize=64)
def _copying(dialect: Dialect, table: Table, names: _Names) -> tuple[str, Sequence[str]]:
    """The statement, and the types of what is copied. JSON goes as its text."""
    types = [TEXT() if _is_json(table, name) else table.c[name].type for name in names]
    columns = ", ".join(map(dialect.identifier_preparer.quote, names))
    text = f"COPY {dialect.identifier_preparer.format_table(table)} ({columns}) FROM STDIN (FORMAT BINARY)"
    return text, [type_.compile(dialect).lower() for type_ in types]


@event.listens_for(Engine, "do_executemany")
def _copy_to_server(cursor: Any, statement: str, parameters: Sequence[Any], context: Any) -> bool:
    """An event, so that a fault is told as any statement's."""
    types = context.execution_options.get(_TYPES)
    if types is None:
        return False
    with cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in parameters:
            copy.write_row(row)
    return True


def _rows_of(table: Table, names: _Names) -> Any:
    """The rows of a list. JSON comes as its text: as a value its members would be put in another order."""
    jsonb: Any = import_module("sqlalchemy.dialects.postgresql").JSONB
    columns = [column(name, String if _is_json(table, name) else table.c[name].type) for name in names]
    listed = func.jsonb_to_recordset(cast(bindparam("rows", type_=String), jsonb))
    rows = listed.table_valued(*columns).render_derived(with_types=True)
    return select(*(cast(rows.c[name], JSON) if _is_json(table, name) else rows.c[name] for name in names))


def _lists(table: Table, rows: Rows) -> Iterator[str]:
    """The rows as lists in JSON, none of them too long."""
    listed, length = list[str](), 0
    for row in _with_texts(table, rows):
        text = compact_text(row)
        if listed and length + len(text) > _LONGEST:
            yield f"[{','.join(listed)}]"
            listed, length = [], 0
        listed.append(text)
        length += len(text)
    yield f"[{','.join(listed)}]"


def _with_texts(table: Table, rows: Rows) -> Rows:
    of_json = [name for name in rows[0] if _is_json(table, name)]
    return [{**row, **{name: compact_text(row[name]) for name in of_json}} for row in rows] if of_json else rows


def _is_json(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, JSON)
