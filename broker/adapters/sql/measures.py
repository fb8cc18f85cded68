"""How things stand in the embedded runtime's database: what is measured now and then, and not as it happens."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from broker.adapters.sql import tables
from broker.adapters.sql.audit_log import last_checkpoint
from broker.adapters.sql.deliveries import OF_DELIVERY
from broker.deadlines import Clock, Matter

_Q = tables.quarantine.c
_DEPTH = select(func.count()).select_from(tables.quarantine).where(_Q.redriven.is_(None), _Q.purged.is_(None))
_NEWEST = select(tables.records.c.leaf).order_by(tables.records.c.seq.desc()).limit(1)


@dataclass(frozen=True)
class Signed:
    """The log's newest checkpoint: its size, and when the last record under it was made (seconds since 1970)."""

    size: int
    at: float


class Standing:
    """Reads over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_matters(self) -> Iterator[Matter]:
        """Every clock that runs; what has ended is not read."""
        query = select(tables.matters.c.matter).where(tables.OPEN_MATTERS[self._connection.dialect.name])
        return map(Matter.read, self._connection.execute(query, execution_options={"yield_per": 500}).scalars())

    def unopened(self) -> Iterator[tuple[Matter, str]]:
        """Each delivery that a person has still to open, by its clock, with every inbox that it lies in."""
        matter, lies = tables.matters.c.matter, tables.inbox.c
        same = and_(lies.sender == matter["sender"].as_string(), lies.message == tables.matters.c.message)
        waits = and_(tables.OPEN_MATTERS[self._connection.dialect.name], matter["clock"].as_string() == Clock.OPENED)
        query = select(matter, lies.authority).join_from(tables.matters, tables.inbox, same)
        query = query.where(and_(waits, lies.type.in_(OF_DELIVERY)))
        for row in self._connection.execute(query, execution_options={"yield_per": 500}):
            yield Matter.read(row.matter), row.authority

    def quarantine_depth(self) -> int:
        """How many lines lie in quarantine and have not been run again."""
        return int(self._connection.execute(_DEPTH).scalar_one())

    def newest_checkpoint(self) -> Signed | None:
        """The newest checkpoint; None: nothing is recorded yet. Each batch ends with one: no record is after it."""
        checkpoint = last_checkpoint(self._connection)
        leaf = self._connection.execute(_NEWEST).scalar_one_or_none()
        if checkpoint is None or leaf is None:
            return None
        return Signed(checkpoint.size, datetime.fromisoformat(json.loads(leaf)["recorded"]).timestamp())
