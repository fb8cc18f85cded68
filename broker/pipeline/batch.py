"""A batch: the inputs that are decided and committed together, and when they are enough.

It ends before a message that refers to one in it, or to what one in it refers to, and after each registration, so that
every decision sees live facts whatever the batches; and before a withdrawal, which is told to whoever got something.
"""

from dataclasses import dataclass
from uuid import UUID

from broker.kinds import Message
from broker.model.unusable import Unusable
from broker.pipeline.gather import Gathered
from broker.pipeline.notices import Order, OwnNotice
from broker.ports.transport import Input


@dataclass(frozen=True)
class Repeat:
    """An input that was recorded before, with the number of that record."""

    given: Input
    record: int


@dataclass(frozen=True)
class Rejected:
    """An input that is no message, or one that may not be decided."""

    given: Input
    why: Unusable


@dataclass(frozen=True)
class Announced:
    """A notice of the broker's own. `digest`: of the line as it came."""

    given: Input
    digest: str
    notice: OwnNotice


@dataclass(frozen=True)
class Ordered:
    """An order of the broker's own: what it is about is looked up when it is carried out."""

    given: Input
    digest: str
    order: Order


@dataclass(frozen=True)
class Prepared:
    """A message with all that the law is asked of it. `canonical`: its bytes, `digest`: theirs."""

    given: Input
    digest: str
    gathered: Gathered
    canonical: bytes


Entry = Repeat | Rejected | Announced | Ordered | Prepared
"""What an input of the open batch is."""


class Batch:
    """The inputs that are decided and committed together, and when they are enough."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: list[Entry] = []
        self._ids: set[UUID] = set()
        self._concerns: set[str] = set()
        self._ended = False

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        match entry:
            case Announced(notice=notice):
                self._ids.add(UUID(notice.id))
            case Ordered():
                self._ended = True
            case Prepared(gathered=gathered):
                self._ids |= refers_to(gathered.message)
                if gathered.message.LINKS:
                    self._concerns |= _tokens_of(gathered)
                self._ended = gathered.message.REGISTERS

    def ends_before(self, message: Message) -> bool:
        """Whether it must be committed first: a withdrawal is told to whom something in it may go."""
        return message.COMES_ALONE and bool(self._entries)

    def has_some(self) -> bool:
        """Whether there is anything in it."""
        return bool(self._entries)

    def holds_any(self, messages: set[UUID]) -> bool:
        """Whether one of these, whoever sent it, is in the batch, or something in the batch refers to it."""
        return not self._ids.isdisjoint(messages)

    def holds_concern(self, entry: Entry) -> bool:
        """Whether the batch has a notification of concern, or a decision on one, on the same person.

        Notifications are linked, and what is told of an inquiry rests on both.
        """
        return (
            isinstance(entry, Prepared)
            and entry.gathered.message.asks_for_concerns()
            and not (self._concerns.isdisjoint(_tokens_of(entry.gathered)))
        )

    def is_full(self) -> bool:
        return self._ended or len(self._entries) >= self._most

    def take(self) -> list[Entry]:
        taken, self._entries = self._entries, []
        self._ids, self._concerns, self._ended = set(), set(), False
        return taken


def _tokens_of(gathered: Gathered) -> set[str]:
    """The tokens of those whom the message, or what it replies to, is about."""
    about = {gathered.about, gathered.reply.about if gathered.reply else None}
    return {token for token in (*about, *gathered.persons) if token}


def refers_to(message: Message) -> set[UUID]:
    """Messages whose outcome this one must see: itself sent before, what it answers, corrects, recalls or follows."""
    return {message.id, *message.earlier().values(), *([message.in_reply_to] if message.in_reply_to else [])}
