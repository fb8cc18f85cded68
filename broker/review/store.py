"""The room's own database: users and sessions, and what its modules keep there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from broker.review.settings import ReviewSettings
from broker.web.database import Database, PlaceSchema
from broker.web.people import People

SCHEMA = PlaceSchema("review")
"""Its tables; each module that keeps something brings its own."""


@contextmanager
def open_database(settings: ReviewSettings) -> Iterator[Database]:
    """The database. Raises SiteError."""
    database = Database(settings.database, SCHEMA)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_people(settings: ReviewSettings, clock: Callable[[], datetime]) -> Iterator[People]:
    """Who may log in. Raises SiteError."""
    with open_database(settings) as database:
        yield People.of(database, settings, clock)
