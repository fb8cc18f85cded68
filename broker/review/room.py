"""What every page is given: the settings, who works there, where the records are, the log of views."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from broker.adapters.sql.read_model import Archive, open_archive
from broker.authorities import Register
from broker.model.decision import Json
from broker.review.settings import ReviewSettings
from broker.review.views import Sort, View, ViewLog
from broker.web.people import People
from broker.web.user import User


@dataclass(frozen=True)
class Room:
    """One auditors' room."""

    settings: ReviewSettings
    people: People
    clock: Callable[[], datetime]
    parties: Register
    views: ViewLog

    def archive(self) -> AbstractContextManager[Archive]:
        """What is recorded, as it is at this moment. Raises DataFolderError, Away or SettingsError."""
        return open_archive(self.settings.data)

    def note(self, user: User, sort: Sort, purpose: str, what: Json, authorities: tuple[str, ...] = ()) -> int:
        """Write down what somebody is about to be shown; its place there. Raises NamesSomeone or LedgerError.

        `what` says under `records` which places in the broker's log are shown: by these an authority is told.
        """
        return self.views.append(View(user.officer, sort, purpose, what, authorities))
