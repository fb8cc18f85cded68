"""What the room keeps of its own: who works there, with their sessions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from broker.review.settings import ReviewSettings
from broker.web.database import Database, Schema
from broker.web.people import People

SCHEMA = Schema("review")
"""The tables of the room's database; each module that keeps something brings its own."""


@contextmanager
def open_database(settings: ReviewSettings) -> Iterator[Database]:
    """The room's own. Raises SiteError."""
    database = Database(settings.database, SCHEMA)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_people(settings: ReviewSettings, clock: Callable[[], datetime]) -> Iterator[People]:
    """Who may log in. Raises SiteError."""
    with open_database(settings) as database:
        yield People(database, clock, timedelta(minutes=settings.idle), timedelta(minutes=settings.longest))
