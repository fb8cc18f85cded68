"""What the desk keeps, in SQLite or PostgreSQL, contents sealed.

`database` opens it, `tables` are what lies in it, `sealed` seals contents with a key for each case.
`inbox` is what came, `drafts` what is written, `sent` what was sent. `people` are who works here.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from agents.desk.keys import Keys
from agents.desk.store.database import Database
from agents.desk.store.drafts import DeskDraft, Drafts
from agents.desk.store.inbox import Inbox, Row
from agents.desk.store.people import People, Person
from agents.desk.store.sealed import Sealed
from agents.desk.store.sent import Sent, SentRow

__all__ = [
    "Database",
    "DeskDraft",
    "Drafts",
    "Inbox",
    "People",
    "Person",
    "Row",
    "Sealed",
    "Sent",
    "SentRow",
    "Store",
    "open_store",
]


@dataclass(frozen=True)
class Store:
    """One desk's store."""

    database: Database
    sealed: Sealed
    inbox: Inbox
    drafts: Drafts
    sent: Sent
    people: People

    def transaction(self) -> AbstractContextManager[Connection]:
        """All that is done within is kept, or nothing of it."""
        return self.database.transaction()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(
    url: str,
    keys: Keys,
    *,
    authority: str,
    approval: frozenset[str] = frozenset(),
    clock: Callable[[], datetime],
    idle: timedelta = timedelta(minutes=30),
    longest: timedelta = timedelta(hours=10),
) -> Store:
    """The store at a database's address, for the desk of an authority. Raises DeskError.

    `approval`: kinds that a second person approves before they are sent. A session ends after `idle` without use, and
    after `longest` whatever somebody does.
    """
    database = Database(url)
    sealed = Sealed(database, keys)
    drafts = Drafts(database, sealed, authority, approval, clock)
    sent = Sent(database, sealed, clock)
    inbox, people = Inbox(database, sealed, drafts, sent, authority), People(database, clock, idle, longest)
    return Store(database, sealed, inbox, drafts, sent, people)
