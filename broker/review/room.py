"""What every page is given: the settings, who works there, the records with their index, the log of views."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from broker import authorities
from broker.adapters.sql.read_model import Archive, open_archive
from broker.authorities import Register
from broker.model.decision import Json
from broker.review.index import Index
from broker.review.keeper import Keeper
from broker.review.law import Law
from broker.review.searches import Searches
from broker.review.settings import ReviewSettings
from broker.review.store import open_database
from broker.review.tokens import Tokens, of_socket
from broker.review.views import Sort, View, ViewLog
from broker.web.people import People
from broker.web.user import User


@dataclass(frozen=True)
class Room:
    """One auditors' room."""

    settings: ReviewSettings
    people: People
    searches: Searches
    keeper: Keeper
    tokens: Tokens
    law: Law
    parties: Register
    views: ViewLog
    clock: Callable[[], datetime]

    def archive(self) -> AbstractContextManager[Archive]:
        """What is recorded, as it is at this moment. Raises DataFolderError, Away or SettingsError."""
        return open_archive(self.settings.data)

    def note(self, user: User, sort: Sort, purpose: str, what: Json, authorities: tuple[str, ...] = ()) -> int:
        """Write down what somebody is about to be shown; its place there. Raises NamesSomeone or LedgerError.

        `what` says under `records` which places in the broker's log are shown: by these an authority is told.
        """
        return self.views.append(View(user.officer, sort, purpose, what, authorities))


@contextmanager
def open_room(settings: ReviewSettings, clock: Callable[[], datetime]) -> Iterator[Room]:
    """The room with all that it keeps. Raises SiteError, KeyFileError or LedgerError."""
    with open_database(settings) as database:
        index = Index(settings.index)
        try:
            yield Room(
                settings,
                People.of(database, settings, clock),
                Searches(database, clock),
                Keeper(index, partial(open_archive, settings.data)),
                of_socket(settings.tokens),
                Law(),
                authorities.load(settings.register),
                ViewLog(database, settings.keys, clock),
                clock,
            )
        finally:
            index.close()
