"""What came: a row for each matter that asks something of somebody, and its contents, sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agents.agency import Address, Delivery, Notice, Receipt, Unknown
from agents.agency.lines import Line
from agents.desk.store.database import Database
from agents.desk.store.drafts import Drafts
from agents.desk.store.sealed import Sealed
from agents.desk.store.sent import Sent
from agents.desk.user import User

Show = Literal["open", "due", "late", "unopened", "back", "drafts", "done", "all"]
"""`due`: something runs out today or has; `back`: the law has sent back what was answered."""
Whose = int | Literal["nobody"] | None
"""A person's number; nobody's; everybody's."""
PAGE = 25
"""Rows of a page."""


@dataclass(frozen=True)
class Row:
    """What a list may show of a line: nothing of its contents."""

    number: int
    message: str
    """The id in its address: the message's own, a notice's; of what came back by itself, that of the own message."""
    sort: Literal["delivery", "notice", "receipt"]
    kind: str
    """The message's kind; of a notice, which one."""
    sender: str
    """An authority's id, or `anonymous`; of what the broker itself tells, empty."""
    sender_unit: str
    unit: str
    """The own unit that it is for."""
    about: str | None
    """The message that it is about: what it answers, or what a notice is of."""
    received: datetime
    due: datetime | None
    clock: str | None
    urgency: str | None
    secret: bool
    """Whether a request is itself secret."""
    birth_date: str | None
    """None where nobody is named, or is protected."""
    protected: bool
    categories: tuple[str, ...]
    left: tuple[str, ...]
    """Categories that are still unanswered: of a request, by us; of an answer to us, by them."""
    opened: datetime | None
    registered: str | None
    """The number that it is registered under; empty: without one."""
    done: datetime | None
    recalled: bool
    back: str | None
    """The own message that the law has sent back, where a question is open."""
    case: int
    holder: int | None
    drafts: int
    """How many drafts answer it."""


class Inbox:
    """In: the database, what seals, and the two others that a line touches."""

    def __init__(self, database: Database, sealed: Sealed, drafts: Drafts, sent: Sent, authority: str) -> None:
        self._database = database
        self._sealed = sealed
        self._drafts = drafts
        self._sent = sent
        self._authority = authority

    def rows(
        self,
        show: Show = "open",
        *,
        whose: Whose = None,
        kind: str | None = None,
        sender: str | None = None,
        page: int = 1,
        now: datetime,
    ) -> list[Row]:
        """One page of what is due soonest first; of what is done, the newest first."""
        raise NotImplementedError

    def total(
        self, show: Show, *, whose: Whose = None, kind: str | None = None, sender: str | None = None, now: datetime
    ) -> int:
        """How many rows there are on all pages: the same question."""
        raise NotImplementedError

    def counts(
        self, now: datetime, whose: Whose = None, *, kind: str | None = None, sender: str | None = None
    ) -> dict[Show, int]:
        """How many rows each view has."""
        raise NotImplementedError

    def senders(self) -> list[str]:
        """Whom something has come from, to choose among."""
        raise NotImplementedError

    def kinds(self) -> list[str]:
        """Which kinds have come, to choose among."""
        raise NotImplementedError

    def row(self, message: str) -> Row:
        """One row. Raises Missing."""
        raise NotImplementedError

    def case(self, case: int) -> list[Row]:
        """All that came in a case, oldest first, notices of deadlines among it. Raises Missing."""
        raise NotImplementedError

    def content(self, message: str) -> Delivery | Notice | Receipt | Unknown:
        """What it says. Raises Missing, Destroyed."""
        raise NotImplementedError

    def returned(self, message: str) -> list[Receipt]:
        """Receipts of own messages that answer this one, or are it, and were sent back: each with what is open."""
        raise NotImplementedError

    def open(self, message: str, user: User, now: datetime) -> bool:
        """A person opens it: the first time its sender is told, once. Whether this was that time. Raises Missing."""
        raise NotImplementedError

    def register(self, message: str, reference: str, user: User, now: datetime) -> None:
        """It has a place in the authority's own register; its sender is told. Raises Missing."""
        raise NotImplementedError

    def not_for_us(self, message: str, user: User, now: datetime, *, go_to: Address | None = None) -> None:
        """It came to the wrong one; its sender is told who is right. Raises Missing."""
        raise NotImplementedError

    def hand_over(self, message: str, unit: str, user: User, now: datetime) -> None:
        """Another unit of the own authority has it now; its sender is told. Raises Missing."""
        raise NotImplementedError

    def assign(self, message: str, holder: int | None) -> None:
        """Who has it. Raises Missing."""
        raise NotImplementedError

    def close(self, message: str, now: datetime) -> None:
        """A person is done with it. Raises Missing."""
        raise NotImplementedError

    def reopen(self, message: str) -> None:
        """It awaits somebody again. Raises Missing."""
        raise NotImplementedError

    def save(self, line: Line, now: datetime) -> None:
        """A line that came, to stay; the same one again changes nothing."""
        raise NotImplementedError

    def receive(self, receipt: Receipt, now: datetime) -> None:
        """What came of an own message: answers what it answers, or comes back. Again changes nothing."""
        raise NotImplementedError
