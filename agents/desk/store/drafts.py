"""What is written before it is sent: drafts, a second pair of eyes, the queue to send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from agents.agency import Address, Json
from agents.desk.store.database import Database
from agents.desk.store.sealed import Sealed
from agents.desk.user import User

State = Literal["draft", "ready", "awaits_approval", "approved", "queued", "sent", "dropped"]


@dataclass(frozen=True)
class DeskDraft:
    """A message that is being written. Its id is made with it and never changes: however often it is sent, once."""

    number: int
    message_id: str
    kind: str
    to: Address | None
    answers: str | None
    """The message that it answers, as in an inbox row."""
    part: str | None
    """The category that it answers, where each is answered by itself."""
    body: Json = field(repr=False)
    how: Json = field(repr=False)
    """`unit`, `role`, `case`, `officer`."""
    state: State
    author: int
    approver: int | None
    question: str | None = field(repr=False)
    """Why the second pair of eyes gave it back."""
    saved: datetime
    version: int
    case: int


class Drafts:
    """In: the database, what seals, whose desk it is, the kinds that two pairs of eyes see, the clock."""

    def __init__(
        self,
        database: Database,
        sealed: Sealed,
        authority: str,
        approval: frozenset[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sealed = sealed
        self._authority = authority
        self._approval = approval
        self._clock = clock

    def new(
        self,
        kind: str,
        *,
        user: User,
        answers: str | None = None,
        part: str | None = None,
        to: Address | None = None,
        body: Json | None = None,
        how: Mapping[str, str] | None = None,
    ) -> DeskDraft:
        """A new draft, in the case of what it answers. Raises Missing when that is not here."""
        raise NotImplementedError

    def get(self, number: int) -> DeskDraft:
        """One draft. Raises Missing."""
        raise NotImplementedError

    def of(self, message: str) -> list[DeskDraft]:
        """What has been written in answer to a message and is not dropped, oldest first."""
        raise NotImplementedError

    def case(self, case: int) -> list[DeskDraft]:
        """What has been written in a case and is not dropped, oldest first."""
        raise NotImplementedError

    def unsent(self, *, author: int | None = None) -> list[DeskDraft]:
        """What is not sent, newest first: of one author, or of all; of acknowledgements none."""
        raise NotImplementedError

    def awaiting_approval(self, user: User) -> list[DeskDraft]:
        """What this person may approve: what others have written."""
        raise NotImplementedError

    def save(
        self,
        number: int,
        *,
        version: int,
        body: Json | None = None,
        to: Address | None = None,
        how: Mapping[str, str] | None = None,
        kind: str | None = None,
    ) -> DeskDraft:
        """Keep what is written, whatever lacks; what is None stays. An approval falls: what was approved is not this.

        Raises Changed when `version` is not the newest, NotNow when it is queued or sent, Missing.
        """
        raise NotImplementedError

    def needs_approval(self, kind: str) -> bool:
        """Whether two pairs of eyes see this kind before it is sent."""
        raise NotImplementedError

    def ready(self, number: int, user: User) -> DeskDraft:
        """The author is done with it, and nothing more is asked. Raises NotNow, Missing."""
        raise NotImplementedError

    def submit(self, number: int, user: User) -> DeskDraft:
        """It waits for a second pair of eyes. Raises NotNow, Missing."""
        raise NotImplementedError

    def approve(self, number: int, user: User, *, version: int) -> DeskDraft:
        """Somebody else has seen this version. Raises SameEyes, Changed, NotNow, Missing."""
        raise NotImplementedError

    def send_back(self, number: int, user: User, question: str) -> DeskDraft:
        """Back to its author, with a question. Raises NotNow, Missing."""
        raise NotImplementedError

    def send(self, number: int, user: User) -> DeskDraft:
        """It is to be sent, and goes when the broker is reached; again changes nothing. Raises NotNow, Missing."""
        raise NotImplementedError

    def drop(self, number: int) -> DeskDraft:
        """It is not to be sent. Raises NotNow when it is queued or sent, Missing."""
        raise NotImplementedError

    def queued(self) -> list[DeskDraft]:
        """What is to be sent, in the order in which it was said."""
        raise NotImplementedError

    def sent(self, number: int, time: datetime) -> None:
        """The broker has it; again changes nothing."""
        raise NotImplementedError
