"""A batch: the inputs that are decided together and become durable together, and when they are enough.

It is decided in steps, and each step in waves. A message that answers another of its step, or answers what that one
answers, is in a later wave, and sees what was decided of it (`overlay`). What a step has decided is written before the
next step is decided: a step ends before a message that changes or acknowledges one in it, after each consent or
agreement, and before a withdrawal, which is told to whoever got something. So every decision sees live facts whatever
the batches. What names nobody is in no step with what names somebody: the records of such steps have a time of their
own. A batch ends before what takes back a message in it, for nobody knows yet whether that is fetched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from broker.authorities import ANONYMOUS
from broker.deadlines import Event, event_of
from broker.kinds import Message
from broker.model.unusable import Unusable
from broker.pipeline.anonymity import is_anonymous
from broker.pipeline.gather import Gathered
from broker.pipeline.notices import Order, OwnNotice
from broker.ports.store import Recorded
from broker.ports.tokens import Tokens
from broker.ports.transport import Input
from broker.ports.writes import Effects, Moved


@dataclass(frozen=True)
class Repeat:
    """An input that was recorded before, with the number of that record; `waits`: it counts when it is sent."""

    given: Input
    record: int
    waits: bool = False


@dataclass(frozen=True)
class Rejected:
    """An input that is no message, or one that may not be decided."""

    given: Input
    why: Unusable
    moved: Moved = ()


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
    moved: Moved = ()


def repeat_of(given: Input, before: Recorded | None, digest: str, tokens: Tokens) -> Repeat | None:
    """The line that was recorded before, where it is this one: its digest may be an earlier key's."""
    same = before is not None and (before.digest == digest or before.digest in tokens.digests(given.line))
    return Repeat(given, before.seq, before.waits) if before and same else None


def nameless(why: Unusable) -> Unusable:
    """Why a line is unusable that nobody is named for."""
    return Unusable(why.code, why.detail, sender=ANONYMOUS)


Entry = Repeat | Rejected | Announced | Ordered | Prepared
"""What an input of the open batch is."""


Read = tuple[Input, str, Message | OwnNotice | Entry]
"""An input, the digest of its line, and what it was read as."""


Waves = Sequence[Sequence[int]]
"""Places in a batch, those that are decided at once together, in order."""


@dataclass(frozen=True)
class Taken:
    """What becomes durable together, and the waves of each step."""

    reads: Sequence[Read]
    steps: Sequence[Waves]

    def is_nobodys(self, waves: Waves) -> bool:
        """Whether a step is of lines that nobody is named for."""
        return is_nobodys(self.reads[waves[0][0]][2])


class Batch:
    """The inputs that become durable together, in which step and wave each is, and when they are enough."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._begin()

    def _begin(self) -> None:
        self._reads: list[Read] = []
        self._steps: list[list[list[int]]] = []
        self._sent: set[UUID] = set()
        """Ids of its messages."""
        self._ended = False
        self._begin_step()

    def _begin_step(self) -> None:
        self._waves: list[list[int]] = []
        self._ids: set[UUID] = set()
        self._wave_of: dict[UUID, int] = {}
        """The last wave in which something has this id or refers to it."""
        self._changed: set[UUID] = set()
        """What something changes, takes back or acknowledges."""
        self._concerns = -1
        """The last wave with a notification of concern, or a decision on one."""
        self._step_ended = False

    def fits(self, entry: Message | OwnNotice | Entry) -> bool:
        """Whether it may become durable with what is there already."""
        match entry:
            case Ordered():
                return not self._reads
            case Message():
                return entry.earlier().get("recalls") not in self._sent
        return True

    def _is_of_step(self, entry: Message | OwnNotice | Entry) -> bool:
        """Whether nothing that it rests on is written only when the step has ended; a step names somebody or nobody."""
        if self._waves and is_nobodys(entry) != is_nobodys(self._reads[-1][2]):
            return False
        match entry:
            case OwnNotice(id=id_):
                return UUID(id_) not in self._ids
            case Message():
                changes = entry.earlier().values()
                return not (
                    (entry.COMES_ALONE and self._waves)
                    or entry.id in self._ids
                    or any(earlier in self._wave_of for earlier in changes)
                    or not self._changed.isdisjoint(refers_to(entry))
                )
        return True

    def add(self, read: Read) -> None:
        if self._step_ended or not self._is_of_step(read[2]):
            self._begin_step()
        wave = 0
        match read[2]:
            case Ordered() | Repeat(waits=True):
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
                self._sent.add(message.id)
                self._changed.update(message.earlier().values())
                self._step_ended = message.REGISTERS and not message.LINKS
        if not self._waves:
            self._steps.append(self._waves)
        if wave == len(self._waves):
            self._waves.append([])
        self._waves[wave].append(len(self._reads))
        self._reads.append(read)

    def is_full(self) -> bool:
        return self._ended or len(self._reads) >= self._most

    def take(self) -> Taken:
        taken = Taken(self._reads, self._steps)
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


def events_of(entries: Mapping[int, Entry], decided: Mapping[int, Effects]) -> Mapping[int, Event]:
    """What clocks see of a batch: the messages that the law has decided, and no other. Their places come later."""
    asked = {n: own.leaf for n, own in decided.items() if own.outbox is not None and isinstance(entries[n], Prepared)}
    return {n: event_of(leaf, 0) for n, leaf in asked.items()}
