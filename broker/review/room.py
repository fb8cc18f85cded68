"""What every page is given: the settings, who works there, the records with their index, the log of views."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from broker.adapters.files.register_file import RegisterFile
from broker.adapters.opa.candidate import open_candidate
from broker.adapters.sql.read_model import Archive, open_archive
from broker.authorities import Register
from broker.model.days import swedish_day
from broker.model.decision import Json
from broker.model.faults import SetUpError
from broker.review.campaign import Campaigns
from broker.review.figures import Figures
from broker.review.index import Index
from broker.review.keeper import Keeper
from broker.review.law import Law
from broker.review.searches import Searches, read
from broker.review.settings import ReviewSettings
from broker.review.store import open_database
from broker.review.tokens import Tokens, of_socket
from broker.review.views import Sort, View, ViewLog
from broker.review.whatif import Asked, Trials
from broker.runtime.embedded import PUBLIC_KEY
from broker.web.people import People
from broker.web.user import User

_PATIENCE = 60.0
"""A population is of the whole log: it waits until all of it is in the index (seconds)."""


@dataclass(frozen=True)
class Room:
    """One auditors' room."""

    settings: ReviewSettings
    people: People
    searches: Searches
    keeper: Keeper
    tokens: Tokens
    law: Law
    register: RegisterFile
    views: ViewLog
    trials: Trials
    clock: Callable[[], datetime]

    @property
    def parties(self) -> Register:
        """Who takes part, as the file of the register has it."""
        return self.register.current

    def archive(self) -> AbstractContextManager[Archive]:
        """What is recorded, as it is at this moment. Raises DataFolderError, Away or SettingsError."""
        return open_archive(self.settings.data)

    @cached_property
    def campaigns(self) -> Campaigns:
        """The reviews."""
        return Campaigns(self.views, self.archive, self.log_key, lambda _, query: self.find(query))

    @cached_property
    def figures(self) -> Figures:
        """What is counted."""
        return Figures(self.archive, self.clock)

    def find(self, query: Json) -> Sequence[int]:
        """The places of all records that a search finds, by what it said, oldest first. Raises Away, SetUpError."""
        return self.keeper.complete(_PATIENCE).every(read(query).wanted(swedish_day(self.clock())))

    def log_key(self) -> str:
        """The public key of the broker's log. Raises SetUpError."""
        file = self.settings.vkey or Path(self.settings.data) / PUBLIC_KEY
        try:
            return file.read_text("utf-8").strip()
        except OSError:
            raise SetUpError(f"{file}: can't be read") from None

    def note(self, user: User, sort: Sort, purpose: str, what: Json, authorities: tuple[str, ...] = ()) -> int:
        """Write down what somebody is about to be shown; its place there. Raises NamesSomeone or LedgerError.

        `what` says under `records` which places in the broker's log are shown: by these an authority is told.
        """
        return self.views.append(View(user.officer, sort, purpose, what, authorities))


@contextmanager
def open_room(settings: ReviewSettings, clock: Callable[[], datetime]) -> Iterator[Room]:
    """The room with all that it keeps. Raises SiteError, KeyFileError or LedgerError."""
    with open_database(settings) as database:
        index, law = Index(settings.index), Law()
        archive = partial(open_archive, settings.data)
        keeper = Keeper(index, archive)
        open_law = partial(open_candidate, key=settings.bundle_key, opa=settings.opa)
        trials = Trials(database, clock, settings.candidates, open_law, Asked(archive, keeper, law))
        try:
            yield Room(
                settings,
                People.of(database, settings, clock),
                Searches(database, clock),
                keeper,
                of_socket(settings.tokens),
                law,
                RegisterFile(settings.register),
                ViewLog(database, settings.keys, clock),
                trials,
                clock,
            )
        finally:
            trials.close()
            index.close()
