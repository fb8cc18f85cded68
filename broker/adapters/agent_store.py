"""The agents' state in PostgreSQL: what comes of a record and the place of the record become durable together.

A notice is kept until the cluster has it, so that a kill loses none; one that is sent again has the id that it had.
Commits do not wait for the disk: after a crash of the server the agents go back to the position that it still knows,
and what they then do again has the same ids.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    and_,
    create_engine,
    delete,
    func,
    make_url,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from broker.adapters import agent_tables, tables
from broker.clocks import Matter, linked_by
from broker.own_notices import OwnNotice

AWAY = (OperationalError, InterfaceError, InternalError)
"""The database is away, or not itself: to be tried again. Anything else is the record's fault."""

_LOCK = 0x73616D62
"""Number of the advisory lock under which tables are made."""


def _insert(connection: Connection, table: Table) -> Any:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


class AgentState:
    """What agents know and change inside one transaction. Keeps the promises of `ports.Matters`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def trying(self, source: str, position: int, task: str, do: Callable[[], None]) -> None:
        """Do it whole; or not at all, and write down that this task has left this record out.

        Raises what stands in AWAY: then the whole transaction is to be tried again.
        """
        try:
            with self._connection.begin_nested():
                do()
        except AWAY:
            raise
        except Exception as error:
            row = {"source": source, "position": position, "task": task, "reason": type(error).__name__}
            self._put(agent_tables.skipped, [row])

    # --- clocks

    def matters(self, messages: Sequence[str], links: Sequence[str]) -> Sequence[Matter]:
        """Matters on one of these messages, or linked by one of these (`clocks.linked_by`)."""
        known = tables.matters.c
        return self._matters(or_(known.message.in_(messages), known.link.in_(links)))

    def due(self, now: int) -> Sequence[Matter]:
        """Matters to look at again at this moment (seconds since 1970) or before."""
        return self._matters(tables.matters.c.next_at <= now)

    def soonest(self, after: int | None = None) -> int | None:
        """The first moment, later than `after`, at which some matter is to be looked at again; None when none is."""
        query = select(func.min(tables.matters.c.next_at))
        if after is not None:
            query = query.where(tables.matters.c.next_at > after)
        found: int | None = self._connection.execute(query).scalar_one()
        return found

    def keep(self, matters: Sequence[Matter]) -> None:
        """Matters as they are now."""
        rows = [
            {"id": m.id, "message": m.message, "link": linked_by(m), "next_at": m.next_at, "matter": asdict(m)}
            for m in matters
        ]
        self._put(tables.matters, rows)

    def _matters(self, condition: Any) -> Sequence[Matter]:
        found = self._connection.execute(select(tables.matters.c.matter).where(condition))
        return [Matter.read(row) for row in found.scalars()]

    # --- notices

    def tell(self, notices: Sequence[OwnNotice]) -> None:
        """These are to be sent; one that waits already waits on."""
        rows = [{"id": notice.id, "content": notice.written()} for notice in notices]
        if rows:
            statement = _insert(self._connection, agent_tables.notices).on_conflict_do_nothing(index_elements=["id"])
            self._connection.execute(statement, rows)

    # --- concerns, follow-up, counts

    def earlier(self, recipient: str, about: str) -> Sequence[tuple[str, str]]:
        """Notifications of concern on the person with this token, delivered here: sender and message, oldest first."""
        known = agent_tables.concerns.c
        here = and_(known.recipient == recipient, known.about == about)
        found = self._connection.execute(select(known.sender, known.message).where(here).order_by(known.position))
        return [(row.sender, row.message) for row in found]

    def add_concern(self, recipient: str, about: str, sender: str, message: str, position: int) -> None:
        """A notification of concern has been delivered."""
        row = {"recipient": recipient, "about": about, "sender": sender, "message": message, "position": position}
        self._put(agent_tables.concerns, [row])

    def add_follow_up(self, referral: str, month: str, outcome: str, needs: dict[str, str], position: int) -> None:
        """How it went in a month; the newest word counts."""
        row = {"referral": referral, "month": month, "outcome": outcome, "needs": needs, "position": position}
        self._put(agent_tables.follow_ups, [row])

    def count(self, year: int, kind: str, outcome: str, by: Sequence[str]) -> None:
        """One message more: in all, and by each of its grounds, or by its code."""
        rows = [{"year": year, "kind": kind, "outcome": outcome, "by": one, "n": 1} for one in ("", *by)]
        statement = _insert(self._connection, agent_tables.counts)
        more = statement.on_conflict_do_update(
            index_elements=["year", "kind", "outcome", "by"], set_={"n": agent_tables.counts.c.n + 1}
        )
        self._connection.execute(more, rows)

    def _put(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows, in the place of those that have their key."""
        if not rows:
            return
        statement = _insert(self._connection, table)
        key = [column.name for column in table.primary_key]
        others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=others), rows)


class AgentStore:
    """The agents' tables. Every method is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def opened(cls, url: str) -> "AgentStore":
        """The store at a URL; makes the tables that are missing. Raises what stands in AWAY."""
        on_postgres = make_url(url).get_backend_name() == "postgresql"
        at_once = {"options": "-c synchronous_commit=off"} if on_postgres else {}
        engine = create_engine(url, hide_parameters=True, connect_args=at_once)
        with engine.begin() as connection:
            if on_postgres:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            tables.matters.create(connection, checkfirst=True)
            agent_tables.metadata.create_all(connection)
        return cls(engine)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def taking(self, source: str, position: int) -> Iterator[AgentState | None]:
        """Take in the record at this place: all that is done with the state, and the place, or nothing.

        Gives None where the place, or a later one, has been taken in before. Whoever else takes in from the same
        source waits meanwhile.
        """
        with self._engine.begin() as connection:
            yield AgentState(connection) if self._moves(connection, source, position) else None

    @contextmanager
    def passing(self, source: str) -> Iterator[AgentState]:
        """Something happens between two records of the source, because time passes."""
        with self._engine.begin() as connection:
            self._moves(connection, source, -1)
            place = agent_tables.positions.c.source == source
            connection.execute(select(agent_tables.positions.c.position).where(place).with_for_update())
            yield AgentState(connection)

    def _moves(self, connection: Connection, source: str, position: int) -> bool:
        """Note a place as taken in; False when it has been before. Whoever else asks waits for this transaction."""
        table = agent_tables.positions
        statement: Any = _insert(connection, table)
        later = table.c.position < statement.excluded.position
        moved = statement.on_conflict_do_update(
            index_elements=["source"], set_={"position": statement.excluded.position}, where=later
        ).returning(table.c.position)
        return connection.execute(moved, {"source": source, "position": position}).first() is not None

    def position(self, source: str) -> int | None:
        """The last place of the source that has been taken in; None when nothing has."""
        place = select(agent_tables.positions.c.position).where(agent_tables.positions.c.source == source)
        with self._engine.begin() as connection:
            found: int | None = connection.execute(place).scalar_one_or_none()
        return found if found is not None and found >= 0 else None

    def unsent(self, most: int) -> Sequence[tuple[str, bytes]]:
        """Notices to be sent, oldest first: id and bytes."""
        table = agent_tables.notices
        with self._engine.begin() as connection:
            rows = connection.execute(select(table.c.id, table.c.content).order_by(table.c.n).limit(most))
            return [(row.id, row.content) for row in rows]

    def sent(self, ids: Sequence[str]) -> None:
        """The cluster has these notices."""
        with self._engine.begin() as connection:
            connection.execute(delete(agent_tables.notices).where(agent_tables.notices.c.id.in_(ids)))

    def counts(self, year: int) -> dict[tuple[str, str, str], int]:
        """The messages of a year: by kind, outcome, and ground or code (empty: all)."""
        table = agent_tables.counts
        with self._engine.begin() as connection:
            rows = connection.execute(select(table).where(table.c.year == year))
            return {(row.kind, row.outcome, row.by): row.n for row in rows}

    def follow_ups(self) -> dict[str, dict[str, tuple[str, dict[str, str]]]]:
        """How it goes after each referral: outcome and needs by month."""
        table = agent_tables.follow_ups
        found: dict[str, dict[str, tuple[str, dict[str, str]]]] = {}
        with self._engine.begin() as connection:
            for row in connection.execute(select(table).order_by(table.c.referral, table.c.month)):
                found.setdefault(row.referral, {})[row.month] = (row.outcome, row.needs)
        return found

    def skipped(self) -> Sequence[tuple[int, str, str]]:
        """What was left out: place, task and reason."""
        table = agent_tables.skipped
        with self._engine.begin() as connection:
            rows = connection.execute(select(table).order_by(table.c.position, table.c.task))
            return [(row.position, row.task, row.reason) for row in rows]
