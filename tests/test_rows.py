"""Rows written many at a time are the rows that the expression language would write, in either database."""

from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    false,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from broker.adapters.sql.rows import insert_new_rows, insert_rows, put_rows

_THINGS = Table(
    "things",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("content", LargeBinary),
    Column("said", JSON, nullable=False, server_default="{}"),
    Column("at", BigInteger),
    Column("is_open", Boolean, nullable=False, server_default=false()),
)
_ONE = {"name": "å'%s", "content": b"\x00\xff%", "said": {"b": [1, None], "a": "?:x"}, "at": 2**40, "is_open": True}
_OTHER = {"name": "b", "content": None, "said": [], "at": None, "is_open": False}


@pytest.fixture
def connection(either_database: Connection) -> Connection:
    _THINGS.create(either_database)
    return either_database


def _read(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(_THINGS).order_by(_THINGS.c.name.desc())).mappings()]


def test_they_are_read_as_they_were_given(connection: Connection) -> None:
    insert_rows(connection, _THINGS, [_ONE, _OTHER])
    assert _read(connection) == [_ONE, _OTHER]
    connection.execute(_THINGS.delete())
    connection.execute(insert(_THINGS), [_ONE, _OTHER])
    assert _read(connection) == [_ONE, _OTHER]


def test_what_is_not_given_is_what_the_table_says(connection: Connection) -> None:
    insert_rows(connection, _THINGS, [{"name": "a"}, {"name": "b"}])
    insert_rows(connection, _THINGS, [{"name": "c", "at": 1}])
    rest = {"content": None, "said": {}, "is_open": False}
    assert _read(connection) == [
        {"name": "c", "at": 1, **rest},
        *({"name": name, "at": None, **rest} for name in ("b", "a")),
    ]


def test_of_none_nothing_is_written(connection: Connection) -> None:
    for write in (insert_rows, insert_new_rows, put_rows):
        write(connection, _THINGS, [])
    assert _read(connection) == []


def test_one_that_is_there_is_refused_kept_or_replaced(connection: Connection) -> None:
    insert_rows(connection, _THINGS, [_ONE])
    changed = _ONE | {"at": 7}
    insert_new_rows(connection, _THINGS, [changed, _OTHER])
    insert_new_rows(connection, _THINGS, [changed], "name")
    assert _read(connection) == [_ONE, _OTHER]
    put_rows(connection, _THINGS, [changed])
    assert _read(connection) == [changed, _OTHER]
    with pytest.raises(IntegrityError):
        insert_rows(connection, _THINGS, [_OTHER])


def test_rows_of_other_columns_are_refused_whole(connection: Connection) -> None:
    """What the first has not would be lost unseen."""
    with pytest.raises(ValueError, match="same columns"):
        insert_rows(connection, _THINGS, [{"name": "a"}, {"name": "b", "at": 1}])
    assert _read(connection) == []


def test_of_several_with_one_key_the_last_is_put_and_the_first_is_new(connection: Connection) -> None:
    put_rows(connection, _THINGS, [_ONE, _ONE | {"at": 1}, _OTHER, _ONE | {"at": 2}])
    assert _read(connection) == [_ONE | {"at": 2}, _OTHER]
    connection.execute(_THINGS.delete())
    insert_new_rows(connection, _THINGS, [_ONE, _ONE | {"at": 1}])
    assert _read(connection) == [_ONE]


_PLAIN = Table(
    "plain",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("said", JSON, nullable=False),
    Column("at", BigInteger),
    Column("is_open", Boolean, nullable=False, server_default=false()),
)
"""Without bytes: in PostgreSQL its rows are merged as lists."""


@pytest.mark.parametrize("longest", [1, 100, 16_000_000])
def test_lists_of_any_length_are_merged(
    either_database: Connection, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broker.adapters.sql.rows._LONGEST", longest)
    _PLAIN.create(either_database)

    def found() -> list[dict[str, Any]]:
        return [dict(row) for row in either_database.execute(select(_PLAIN).order_by(_PLAIN.c.at)).mappings()]

    said = {"z": "å\"'\\%s:x", "a": [1, 2.5, None, True], "mm": {}}
    rows = [{"name": f"{n} å'%s\\", "said": said, "at": 2**40 + n, "is_open": n % 2 == 0} for n in range(30)]
    put_rows(either_database, _PLAIN, rows)
    assert found() == rows
    assert [list(row["said"]) for row in found()] == [["z", "a", "mm"]] * 30, "members keep their order"
    put_rows(either_database, _PLAIN, [row | {"said": None} for row in rows[:7]])
    insert_new_rows(either_database, _PLAIN, [row | {"said": 1} for row in rows], "name")
    assert found() == [row | {"said": None} for row in rows[:7]] + rows[7:]
