"""The places in `audit` that programs keep, after its records have got other offsets."""

from bisect import bisect_right
from collections.abc import Sequence

from sqlalchemy import Connection, Table, select, update

from broker.adapters.sql.agent_tables import positions, skipped
from broker.adapters.sql.tables import ledger_position


def move(connection: Connection, before: Sequence[int], now: Sequence[int]) -> None:
    """Each place becomes that of the same record. In: the offsets of all records, then and now, in order.

    Where the log stands at its own number of records they have been moved: then nothing changes.
    """
    log = connection.execute(select(ledger_position)).one_or_none()
    last = now[log.size - 1] if log is not None and log.size <= len(now) else None
    if log is not None and log.last == last:
        return
    for table in (positions, skipped):
        _move(connection, table, before, now)
    if last is not None:
        connection.execute(update(ledger_position).values(last=last, next=last + 1))


def _move(connection: Connection, table: Table, before: Sequence[int], now: Sequence[int]) -> None:
    column = table.c.position
    for (place,) in connection.execute(select(column).distinct().order_by(column)).all():
        n = bisect_right(before, place)  # a mark of a transaction stands for the record before it
        connection.execute(update(table).where(column == place).values(position=now[n - 1] if n else -1))
