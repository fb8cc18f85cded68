"""The agents' state in PostgreSQL: what comes of a record and the place of the record become durable together.

A notice is kept until the cluster has it, so that a kill loses none; one that is sent again has the id that it had.
Commits do not wait for the disk: after a crash of the server the agents go back to the position that it still knows,
and what they then do again has the same ids.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    delete,
    func,
    inspect,
    select,
    update,
)

from broker.adapters.sql import agent_tables, postgres
from broker.adapters.sql.among import among
from broker.adapters.sql.deadlines import SqlMatters
from broker.adapters.sql.measures import Standing
from broker.adapters.sql.rows import insert_new_rows, put_rows
from broker.adapters.sql.worker_outbox import unknown
from broker.adapters.sql.worker_tables import decisions
from broker.deadlines import Matter
from broker.pipeline.notices import OwnNotice
from broker.ports.faults import Away

_CONCERNS = agent_tables.concerns.c
_ABOUT = select(agent_tables.concerns).where(among(_CONCERNS.about, "children")).order_by(_CONCERNS.position)
_SENT = delete(agent_tables.notices).where(among(agent_tables.notices.c.id, "ids"))


class Skipped(NamedTuple):
    """A record, by its place in its source, that one task could not take in."""

    source: str
    position: int
    task: str


class Missed(Exception):
    """Records are handed over of which some before them have not been taken in."""


class Concern(NamedTuple):
    """A notification of concern that has been delivered, and the place of its record."""

    recipient: str
    about: str
    """The child's token."""
    sender: str
    message: str
    position: int


class AgentState(SqlMatters):
    """What agents know and change inside one transaction."""

    def try_whole(self, skipped: Skipped, do: Callable[[], None]) -> str | None:
        """Do it whole; or not at all, and write down that this task has skipped this record.

        Gives the error's name then, else None. Raises Away: then the whole transaction is to be tried again. Anything
        else is the record's fault.
        """
        try:
            with self._connection.begin_nested():
                do()
        except Away:
            raise
        except Exception as error:
            reason = type(error).__name__
            put_rows(self._connection, agent_tables.skipped, [{**skipped._asdict(), "reason": reason}])
            return reason
        return None

    def forget_skipped(self, skipped: Skipped) -> None:
        """This task has taken this record in after all."""
        rows = agent_tables.skipped.c
        here = and_(rows.source == skipped.source, rows.position == skipped.position, rows.task == skipped.task)
        self._connection.execute(delete(agent_tables.skipped).where(here))

    # --- notices

    def tell(self, notices: Sequence[OwnNotice]) -> None:
        """These are to be sent; one that waits already waits on."""
        rows = [{"id": notice.id, "content": notice.encode()} for notice in notices]
        insert_new_rows(self._connection, agent_tables.notices, rows, "id")

    # --- concerns

    def concerns(self, children: Collection[str]) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Recipient and child (token) -> sender and message of each notification delivered, oldest first."""
        delivered: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for row in self._connection.execute(_ABOUT, {"children": list(children)}) if children else ():
            delivered.setdefault((row.recipient, row.about), []).append((row.sender, row.message))
        return delivered

    def move_concerns(self, moved: Iterable[Sequence[str]]) -> None:
        """Those whom a record names under a new key's token are the same as before."""
        about = agent_tables.concerns.c.about
        for token, now in moved:
            self._connection.execute(update(agent_tables.concerns).where(about == token).values(about=now))

    def add_concerns(self, delivered: Sequence[Concern]) -> None:
        """Notifications of concern have been delivered."""
        put_rows(self._connection, agent_tables.concerns, [concern._asdict() for concern in delivered])


class AgentStore:
    """The agents' tables, over connections to where they are. Every method is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> "AgentStore":
        """The store in PostgreSQL; makes the tables that are missing. Every method then raises Away too."""
        return cls(postgres.agents(url))

    def unknown(self, leaf_hashes: Collection[bytes]) -> int:
        """How many of these records the workers of this database have not made; where it has no workers, none."""
        with self._engine.begin() as connection:
            workers = inspect(connection).has_table(decisions.name)
            return unknown(connection, leaf_hashes) if workers else 0

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def taking(self, source: str, position: int, follows: int = -1) -> Iterator[tuple[AgentState, int] | None]:
        """Take in records up to this place: all that is done with the state, and the place, or nothing.

        `follows`: the place of the last record before them. Gives the state, and the place up to which was taken in
        before (-1: nothing); None where this place or a later one was. Whoever else takes in from the same source waits
        meanwhile. Raises Missed.
        """
        with self._engine.begin() as connection:
            known = self._lock(connection, source)
            if known < follows:
                raise Missed
            if position <= known:
                yield None
                return
            table = agent_tables.positions
            connection.execute(update(table).where(table.c.source == source).values(position=position))
            yield AgentState(connection), known

    @contextmanager
    def passing(self, source: str) -> Iterator[AgentState]:
        """Something happens between two records of the source, because time passes."""
        with self._engine.begin() as connection:
            self._lock(connection, source)
            yield AgentState(connection)

    def _lock(self, connection: Connection, source: str) -> int:
        """The place up to which a source is taken in; whoever else asks waits for this transaction."""
        table = agent_tables.positions
        insert_new_rows(connection, table, [{"source": source, "position": -1}], "source")
        place = select(table.c.position).where(table.c.source == source).with_for_update()
        return int(connection.execute(place).scalar_one())

    def position(self, source: str) -> int | None:
        """The last place of the source that has been taken in; None when nothing has."""
        place = select(agent_tables.positions.c.position).where(agent_tables.positions.c.source == source)
        with self._engine.begin() as connection:
            position: int | None = connection.execute(place).scalar_one_or_none()
        return position if position is not None and position >= 0 else None

    def unsent(self, most: int) -> Sequence[tuple[str, bytes]]:
        """Notices to be sent, oldest first: id and bytes."""
        table = agent_tables.notices
        with self._engine.begin() as connection:
            rows = connection.execute(select(table.c.id, table.c.content).order_by(table.c.n).limit(most))
            return [(row.id, row.content) for row in rows]

    def mark_sent(self, ids: Sequence[str]) -> None:
        """The cluster has these notices."""
        with self._engine.begin() as connection:
            connection.execute(_SENT, {"ids": list(ids)})

    def open_matters(self) -> Sequence[Matter]:
        """Every clock that runs."""
        with self._engine.begin() as connection:
            return list(Standing(connection).open_matters())

    def skipped_records(self) -> Sequence[tuple[Skipped, str]]:
        """What was skipped and is not yet taken in, oldest first, each with the error's name."""
        rows = agent_tables.skipped
        with self._engine.begin() as connection:
            skipped = connection.execute(select(rows).order_by(rows.c.position, rows.c.task))
            return [(Skipped(row.source, row.position, row.task), row.reason) for row in skipped]

    def count_skipped(self) -> int:
        """How many wait for a retry."""
        with self._engine.begin() as connection:
            return connection.execute(select(func.count()).select_from(agent_tables.skipped)).scalar_one()
