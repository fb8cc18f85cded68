"""The clocks in SQL: the matters that run or have run, as brokers and agents keep them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, not_, select, union_all

from broker.adapters.sql.among import among
from broker.adapters.sql.rows import put_rows
from broker.adapters.sql.tables import matters
from broker.deadlines import Matter, link_of

_MATTERS = select(matters.c.matter)
_BY_MESSAGE, _BY_LINK = among(matters.c.message, "messages"), among(matters.c.link, "links")
_ON = union_all(_MATTERS.where(_BY_MESSAGE), _MATTERS.where(_BY_LINK, not_(_BY_MESSAGE)))
"""Not by either: SQLite would read the whole table."""
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
        put_rows(self._connection, matters, [_row(matter) for matter in changed])


def _row(matter: Matter) -> dict[str, Any]:
    """A matter as a row: its fields whole, and those that it is looked for by."""
    row = {"id": matter.id, "message": matter.message, "link": link_of(matter), "next_at": matter.next_at}
    return {**row, "matter": matter._asdict()}
