"""What was sent: its receipt, how far it has come at its recipient's, which answers have come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from agents.agency import Address, Json, Receipt
from agents.desk.store.database import Database
from agents.desk.store.sealed import Sealed

Show = Literal["open", "waiting_here", "unopened", "late", "partly", "back", "done", "all"]
"""`waiting_here`: not with the broker yet; `partly`: some of what was asked for is answered."""


@dataclass(frozen=True)
class Reached:
    """When a message came to one of its five states, and the recipient's number of it."""

    time: datetime
    reference: str = ""


@dataclass(frozen=True)
class SentRow:
    """What a list may show of a message that was sent: nothing of its contents."""

    message: str
    draft: int
    kind: str
    to: Address
    answers: str | None
    case: int
    author: int
    queued: datetime
    time: datetime | None
    """When the broker got it; None: it lies here, and goes when there is contact again."""
    outcome: str | None
    partial: bool
    states: Mapping[str, Reached]
    """`accepted`, `delivered`, `opened`, `registered`, `not_for_us`, `handed_over`."""
    categories: tuple[str, ...]
    given: Mapping[str, str]
    """What has come of each category that was asked for."""
    left: tuple[str, ...]
    due: datetime | None
    clock: str | None
    late: bool
    contacts: Sequence[Json] = field(repr=False)
    """Whom to ring: the broker has told that it lies unseen."""
    secret: bool
    birth_date: str | None
    protected: bool
    done: datetime | None


class Sent:
    """In: the database, what seals, the clock."""

    def __init__(self, database: Database, sealed: Sealed, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._sealed = sealed
        self._clock = clock

    def rows(self, show: Show = "open", *, author: int | None = None, page: int = 1, now: datetime) -> list[SentRow]:
        """One page: whom to ring first, then the newest."""
        raise NotImplementedError

    def total(self, show: Show, *, author: int | None = None, now: datetime) -> int:
        """How many rows there are on all pages: the same question."""
        raise NotImplementedError

    def counts(self, now: datetime, *, author: int | None = None) -> dict[Show, int]:
        """How many rows each view has."""
        raise NotImplementedError

    def row(self, message: str) -> SentRow:
        """One row. Raises Missing."""
        raise NotImplementedError

    def case(self, case: int) -> list[SentRow]:
        """All that was sent in a case, oldest first; acknowledgements too."""
        raise NotImplementedError

    def receipt(self, message: str) -> Receipt | None:
        """What the broker answered. Raises Missing, Destroyed."""
        raise NotImplementedError

    def close(self, message: str, now: datetime) -> None:
        """Nothing more is waited for. Raises Missing."""
        raise NotImplementedError
