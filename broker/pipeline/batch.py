"""A batch: the inputs that are decided and committed together, and when they are enough.

A message that answers another of its batch, or answers what that one answers, is in a later wave, and sees what was
decided of it (`overlay`). A batch ends before a message that changes, takes back or acknowledges one in it, after each
consent or agreement, and before a withdrawal, which is told to whoever got something: so every decision sees live facts
whatever the batches. What names nobody is in no batch with what names somebody: all records of a batch have one time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from broker.authorities import ANONYMOUS
from broker.kinds import Message
from broker.model.unusable import Unusable
from broker.pipeline.anonymity import is_anonymous
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


Read = tuple[Input, str, Message | OwnNotice | Entry]
"""An input, the digest of its line, and what it was read as."""


@dataclass(frozen=True)
class Taken:
    """What is decided and committed together. `waves`: places in `reads`, those of each decided at once, in order."""

    reads: Sequence[Read]
    waves: Sequence[Sequence[int]]


class Batch:
    """The inputs that are decided and committed together, in which wave each is, and when they are enough."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._begin()

    def _begin(self) -> None:
        self._reads: list[Read] = []
        self._waves: list[list[int]] = []
        self._ids: set[UUID] = set()
        self._wave_of: dict[UUID, int] = {}
        """The last wave in which something has this id or refers to it."""
        self._changed: set[UUID] = set()
        """What something changes, takes back or acknowledges."""
        self._concerns = -1
        """The last wave with a notification of concern, or a decision on one."""
        self._ended = False

    def fits(self, entry: Message | OwnNotice | Entry) -> bool:
        """Whether it may be decided with what is there already: nothing in it rests on what only a commit writes."""
        if self._reads and is_nobodys(entry) != is_nobodys(self._reads[0][2]):
            return False
        match entry:
            case Ordered():
                return not self._reads
            case OwnNotice(id=id_):
                return UUID(id_) not in self._ids
            case Message():
                changes = entry.earlier().values()
                return not (
                    (entry.COMES_ALONE and self._reads)
                    or entry.id in self._ids
                    or any(earlier in self._wave_of for earlier in changes)
                    or not self._changed.isdisjoint(refers_to(entry))
                )
        return True

    def add(self, read: Read) -> None:
        wave = 0
        match read[2]:
            case Ordered():
                self._ended = True
            case OwnNotice(id=id_):
                self._ids.add(UUID(id_))
            case Message() as message:
                refers = refers_to(message)
                wave = 1 + max((self._wave_of.get(id_, -1) for id_ in refers), default=-1)
                if message.asks_for_concerns():
                    wave = max(wave, 1 + self._concerns)
                if message.LINKS:
                    self._concerns = max(self._concerns, wave)
                self._wave_of |= dict.fromkeys(refers, wave)
                self._ids.add(message.id)
                self._changed.update(message.earlier().values())
                self._ended = message.REGISTERS and not message.LINKS
        if wave == len(self._waves):
            self._waves.append([])
        self._waves[wave].append(len(self._reads))
        self._reads.append(read)

    def is_full(self) -> bool:
        return self._ended or len(self._reads) >= self._most

    def take(self) -> Taken:
        taken = Taken(self._reads, self._waves)
        self._begin()
        return taken

    def __bool__(self) -> bool:
        return bool(self._reads)


def is_nobodys(entry: Message | OwnNotice | Entry) -> bool:
    """Whether a line is looked for, when it comes again, by a place that does not tell where it stood."""
    match entry:
        case Rejected(why=why):
            return why.sender == ANONYMOUS
        case Prepared(gathered=Gathered(message=message)):
            return is_anonymous(message)
        case Message():
            return is_anonymous(entry)
        case _:
            return False


def refers_to(message: Message) -> set[UUID]:
    """Messages whose outcome this one must see: itself sent before, what it answers, corrects, recalls or follows."""
    return {message.id, *message.earlier().values(), *([message.in_reply_to] if message.in_reply_to else [])}
