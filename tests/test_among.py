"""One of many values: the same answer from either database, by the column's index."""

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    insert,
    select,
    text,
    union_all,
)

from broker.adapters.sql.among import among

_THINGS = Table(
    "things",
    MetaData(),
    Column("n", BigInteger, primary_key=True),
    Column("name", String, index=True),
)
_NAMED = union_all(
    select(_THINGS.c.n).where(among(_THINGS.c.name, "names")),
    select(_THINGS.c.n).where(among(_THINGS.c.n, "numbers")),
)


@pytest.fixture
def connection(either_database: Connection) -> Connection:
    _THINGS.create(either_database)
    either_database.execute(insert(_THINGS), [{"n": n, "name": f"name {n}" if n else None} for n in range(2000)])
    return either_database


def _found(connection: Connection, names: list[str], numbers: list[int]) -> set[int]:
    return set(connection.execute(_NAMED, {"names": names, "numbers": numbers}).scalars())


def test_texts_and_numbers_are_found(connection: Connection) -> None:
    assert _found(connection, ["name 3", "å\"'{},\\", "name 3", ""], [0, 5, 2**40]) == {0, 3, 5}
    assert _found(connection, [], []) == set()


def test_more_than_a_statement_has_parameters_for(connection: Connection) -> None:
    assert _found(connection, [f"name {n}" for n in range(1, 100_000)], []) == set(range(1, 2000))


def test_an_odd_name_is_found(connection: Connection) -> None:
    odd = 'NULL,"x"{}\\\'\n å'
    connection.execute(insert(_THINGS), [{"n": -1, "name": odd}, {"n": -2, "name": "NULL"}])
    assert _found(connection, [odd], []) == {-1}
    assert _found(connection, ["NULL"], [-1]) == {-1, -2}


def test_the_index_is_used(connection: Connection) -> None:
    asked = _NAMED.compile(connection)
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    connection.execute(text("ANALYZE"))
    given = {"names": ["name 3"], "numbers": [4]}
    wanted = {name: bind.type.dialect_impl(connection.dialect) for name, bind in asked.binds.items()}
    processed = {
        name: (process(given[name]) if (process := of.bind_processor(connection.dialect)) else given[name])
        for name, of in wanted.items()
    }
    parameters = tuple(processed[name] for name in asked.positiontup) if asked.positiontup else processed
    plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + asked.string, parameters))
    assert "ix_things_name" in plan and "SCAN things" not in plan and "Seq Scan" not in plan
