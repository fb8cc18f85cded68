"""Rows written many at a time are the rows that the expression language would write, in either database."""

from collections.abc import Iterator
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
    create_engine,
    false,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from broker.adapters.sql.rows import insert_new_rows, insert_rows, put_rows
from broker.model.canonical import compact_text

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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.live)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    url = "sqlite://"
    if request.param == "postgresql":
        url = request.getfixturevalue("database").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, json_serializer=compact_text)
    with engine.connect() as opened:
        _THINGS.create(opened)
        yield opened
    engine.dispose()


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
