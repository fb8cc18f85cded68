"""The clocks in SQL: the matters that run or have run, as brokers and agents keep them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from broker.adapters.sql.tables import matters
from broker.deadlines import Matter, link_of

_MATTERS = select(matters.c.matter)
_ON = _MATTERS.where(
    or_(
        matters.c.message.in_(bindparam("messages", expanding=True)),
        matters.c.link.in_(bindparam("links", expanding=True)),
    )
)
_DUE = _MATTERS.where(matters.c.next_at <= bindparam("now"))


class SqlMatters:
    """Matters over one connection. Keeps the promises of `ports.store.Matters`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def matters(self, messages: Sequence[str], links: Sequence[str]) -> Sequence[Matter]:
        """Matters on one of these messages, or linked by one of these (`deadlines.link_of`)."""
        where = {"messages": list(messages), "links": list(links)}
        return [Matter.read(row) for row in self._connection.execute(_ON, where).scalars()]

    def matters_about(self, tokens: Sequence[str]) -> Sequence[Matter]:
        """Matters about those with these tokens: all are looked through."""
        about = _MATTERS.where(matters.c.matter["about"].as_string().in_(tokens))
        return [Matter.read(row) for row in self._connection.execute(about).scalars()]

    def due(self, now: int, after: int | None = None) -> Sequence[Matter]:
        """Matters to look at again at this moment (seconds since 1970) or before, but later than `after`."""
        query = _DUE if after is None else _DUE.where(matters.c.next_at > after)
        return [Matter.read(row) for row in self._connection.execute(query, {"now": now}).scalars()]

    def soonest(self, after: int | None = None) -> int | None:
        """The first moment, later than `after`, at which some matter is to be looked at again; None when none is."""
        query = select(func.min(matters.c.next_at))
        if after is not None:
            query = query.where(matters.c.next_at > after)
        moment: int | None = self._connection.execute(query).scalar_one()
        return moment

    def keep(self, changed: Sequence[Matter]) -> None:
        """Matters as they are now."""
        put(self._connection, matters, [_row(matter) for matter in changed])


def inserting(connection: Connection, table: Table) -> Any:
    """An insertion that can say what to do where a key is there already."""
    return _insertion(connection.dialect.name, table)


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, in the place of those that have their key."""
    if rows:
        connection.execute(_putting(connection.dialect.name, table), rows)


def _insertion(dialect: str, table: Table) -> Any:
    module: Any = postgresql if dialect == "postgresql" else sqlite
    return module.insert(table)


@cache
def _putting(dialect: str, table: Table) -> Any:
    """Made once: to make it takes longer than to carry it out."""
    statement = _insertion(dialect, table)
    key = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def _row(matter: Matter) -> dict[str, Any]:
    """A matter as a row: its fields whole, and those that it is looked for by."""
    row = {"id": matter.id, "message": matter.message, "link": link_of(matter), "next_at": matter.next_at}
    return {**row, "matter": vars(matter)}
