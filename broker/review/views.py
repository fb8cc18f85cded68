"""The log of views: whatever somebody looks at, searches for or takes out is written here before it is shown."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from broker.adapters.files.signing import TokenKey
from broker.adapters.sql.own_log import OwnLog
from broker.adapters.sql.read_model import Archive, Record
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.model.faults import SetUpError
from broker.model.identity import mentions_person
from broker.review.settings import ReviewSettings
from broker.review.store import open_database
from broker.web.database import Database

Sort = Literal[
    "search", "decision", "case", "subject", "extract", "export", "figures", "whatif", "views", "campaign", "handover"
]
"""What was done."""
NAME = "samband.local/views"
"""The origin of the log."""
VERSION = 1
_TOKENS = "views-token.key"
_TYPED = frozenset({"purpose", "title", "questions", "note", "text", "reference"})
"""What people type: all else of a record is made here."""


class NamesSomeone(SetUpError):
    """A person's number stands in a text that would be recorded. It says which text, and never the number."""


@dataclass(frozen=True)
class View:
    """Something that somebody is about to be shown.

    `who` is their own id in the room, of which the log has a token. `what` holds no identity: own filters, tokens, and
    under `records` the places in the broker's log of what is shown. `authorities` are those whose records are shown.
    """

    who: str
    sort: Sort
    purpose: str
    what: Json
    authorities: Sequence[str] = ()


@dataclass(frozen=True)
class Seen:
    """A view as it is recorded: its place in the log, when, who by token."""

    seq: int
    time: datetime
    who: str
    sort: str
    purpose: str
    what: Json
    authorities: Sequence[str]

    @classmethod
    def of(cls, record: Record) -> Self:
        """What a record says."""
        leaf = record.leaf
        time = datetime.fromisoformat(leaf["time"])
        rest = leaf["kind"], leaf["purpose"], leaf["what"], tuple(leaf["authorities"])
        return cls(record.seq, time, leaf["subject"], *rest)

    @property
    def records(self) -> Sequence[int]:
        """Places in the broker's log of what was shown."""
        return tuple(self.what.get("records") or ())


class ViewLog:
    """The log, in the room's own database."""

    def __init__(self, database: Database, keys: Path, clock: Callable[[], datetime]) -> None:
        """Raises KeyFileError or LedgerError."""
        self.log, self._clock = OwnLog(database, keys, NAME), clock
        self._tokens = TokenKey(keys / _TOKENS, create=not self._has_records())

    def who(self, officer: str) -> str:
        """The token of somebody, by their own id in the room."""
        return self._tokens.token("auditor", officer)

    def append(self, view: View) -> int:
        """Write it down; its place there. Raises NamesSomeone or LedgerError: then nothing is shown."""
        said = asdict(view)
        return self.record("view", said.pop("who"), kind=said.pop("sort"), **said)

    def record(self, record: str, officer: str, **said: object) -> int:
        """Write down what somebody does; its place. Raises NamesSomeone or LedgerError: then it is not done."""
        for name in _TYPED & said.keys():
            if any(map(mentions_person, _texts(said[name]))):
                raise NamesSomeone(f"{name}: has a person's number")
        head = {"version": VERSION, "record": record, "time": rfc3339(self._clock()), "subject": self.who(officer)}
        return self.log.append({**head, **{name: _plain(value) for name, value in said.items()}})

    def seen(
        self, size: int, *, who: str | None = None, before: int | None = None
    ) -> tuple[int, Sequence[Seen], int | None]:
        """How many views there are (of everybody: records); the newest, newest first; where the next page begins.

        In: whose, by token, None: everybody's; before which place.
        """
        with self.log.reading() as archive:
            n = archive.count(record="view", subject=who) if who else archive.end()
            newest = archive.before(before, size + 1, record="view", subject=who)
        more = newest[size - 1].seq if len(newest) > size else None
        return n, [Seen.of(record) for record in newest[:size]], more

    def concerning(self, authority: str) -> Iterator[Seen]:
        """Every view of an authority's records, oldest first."""
        with self.log.reading() as archive:
            for record in archive.span(0, archive.end()):
                if record.leaf["record"] == "view" and authority in record.leaf["authorities"]:
                    yield Seen.of(record)

    def reading(self) -> AbstractContextManager[Archive]:
        """The log as it is at this moment."""
        return self.log.reading()

    def _has_records(self) -> bool:
        with self.log.reading() as archive:
            return archive.size() > 0


@contextmanager
def open_views(settings: ReviewSettings, clock: Callable[[], datetime]) -> Iterator[ViewLog]:
    """The log of a room. Raises SiteError, KeyFileError or LedgerError."""
    with open_database(settings) as database:
        yield ViewLog(database, settings.keys, clock)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
