"""What the desk keeps, in SQLite or PostgreSQL, contents sealed.

`database` opens it, `tables` are what lies in it, `sealed` seals contents with a key for each case.
`inbox` is what came, `arrivals` how it comes there, `terms` what runs out when, `summary` what lists show.
`drafts` are what is written, `sent` what was sent. `people` are who works here, `absence` who of them is away when.
`persons` says in which cases somebody is named. `public` is what visitors hand in.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from agents.agency import Sealing
from agents.desk.faults import NotNow
from agents.desk.keys import Keys
from agents.desk.store.absence import Absence, Absences, Cover
from agents.desk.store.arrivals import Arrivals
from agents.desk.store.desk_draft import DeskDraft
from agents.desk.store.drafts import Drafts
from agents.desk.store.inbox import Inbox, Row
from agents.desk.store.persons import Persons
from agents.desk.store.public import Public
from agents.desk.store.schema import SCHEMA
from agents.desk.store.sealed import Sealed
from agents.desk.store.sent import Reached, Sent, SentRow
from broker.web.database import PAGE, Database
from broker.web.people import People
from broker.web.user import Person

__all__ = [
    "PAGE",
    "Absence",
    "Absences",
    "Cover",
    "Database",
    "DeskDraft",
    "Drafts",
    "Inbox",
    "People",
    "Person",
    "Persons",
    "Public",
    "Reached",
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
    arrivals: Arrivals
    drafts: Drafts
    sent: Sent
    people: People
    absences: Absences
    persons: Persons
    public: Public

    def transaction(self) -> AbstractContextManager[Connection]:
        """All that is done within is kept, or nothing of it."""
        return self.database.transaction()

    def destroy(self, case: int) -> None:
        """A case's contents are unreadable for ever; its rows stay, with nothing of anybody's in them.

        Raises NotNow where something of it is on its way, Missing, DeskError.
        """
        with self.transaction():
            self.drafts.drop_case(case)
            self.persons.forget(case)
            self.sealed.destroy(case)

    def erase(self, day: date) -> int:
        """What the broker's classes keep no longer on this day is unreadable for ever; how many cases.

        What is on its way just now waits for another day.
        """
        count = 0
        for case in self.sealed.due(day):
            with suppress(NotNow):
                self.destroy(case)
                count += 1
        return count

    def last_contact(self) -> datetime | None:
        """When the broker was last known to be reached."""
        return self.database.moment("last_contact")

    def note_contact(self, now: datetime) -> None:
        """The broker is reached."""
        self.database.note("last_contact", now)

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
    sealing: Sealing = Sealing(),  # noqa: B008 - it holds nothing
) -> Store:
    """The store at a database's address, for the desk of an authority. Raises DeskError.

    `approval`: kinds that a second person approves before they are sent. A session ends after `idle` without use, and
    after `longest` whatever somebody does. `sealing` opens contents that came sealed.
    """
    database = Database(url, SCHEMA)
    sealed = Sealed(database, keys)
    persons = Persons(database, keys)
    sent = Sent(database, sealed, persons)
    people = People(database, clock, idle, longest)
    absences = Absences(database, people, clock)
    drafts = Drafts(database, sealed, sent, absences, approval=approval, clock=clock)
    inbox = Inbox(database, sealed, drafts, sent, authority=authority, absences=absences, sealing=sealing)
    arrivals, public = (
        Arrivals(database, sealed, drafts, sent, authority=authority, persons=persons),
        Public(database, keys, clock),
    )
    return Store(database, sealed, inbox, arrivals, drafts, sent, people, absences, persons, public)
