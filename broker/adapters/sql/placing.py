"""The places in `audit` that programs keep, after its records have got other offsets."""

from bisect import bisect_right
from collections.abc import Sequence

from sqlalchemy import Connection, Table, select, update

from broker.adapters.sql.agent_tables import positions, skipped
from broker.adapters.sql.tables import ledger_position


def move(connection: Connection, before: Sequence[int], now: Sequence[int]) -> None:
    """Each place becomes that of the same record. In: the offsets of all records, then and now, in order."""
    for table, name in ((positions, "position"), (skipped, "position"), (ledger_position, "last")):
        _move(connection, table, name, before, now)
    last = connection.execute(select(ledger_position.c.last)).scalar_one_or_none()
    if last is not None:
        connection.execute(update(ledger_position).values(next=last + 1))


def _move(connection: Connection, table: Table, name: str, before: Sequence[int], now: Sequence[int]) -> None:
    column = table.c[name]
    for (place,) in connection.execute(select(column).distinct().order_by(column)).all():
        n = bisect_right(before, place)  # a mark of a transaction stands for the record before it
        connection.execute(update(table).where(column == place).values({name: now[n - 1] if n else -1}))
