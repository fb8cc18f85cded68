"""The worker's ports: the topics that it reads and writes, and what it keeps of the positions it has come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from broker.cloudevents import Trace
from broker.model.decision import Json
from broker.ports.writes import InboxLine


@dataclass(frozen=True)
class Input:
    """One line to handle: its bytes, and where it stands in which source, so that a rerun finds its record again.

    `proven` is the authority that the transport has proven, where it has; `now` the broker's clock on a live broker.
    `refused`: code and detail of why the transport hands it over unread. `trace`: its step in its sender's trace.
    """

    line: bytes
    number: int | None = None
    source: str | None = None
    proven: str | None = None
    now: datetime | None = None
    redrive_of: int | None = None
    refused: tuple[str, str] | None = None
    trace: Trace | None = field(default=None, compare=False)


class Handled(NamedTuple):
    """An input that is durably handled: its record's leaf, and its receipt."""

    given: Input
    leaf: Json
    receipt: Json


class RecordRefused(Exception):
    """The cluster is there and will never take one of these records: its size or form is at fault.

    `too_large`: its size is. `why`: the sort of fault, without any value.
    """

    def __init__(self, why: str, *, too_large: bool) -> None:
        super().__init__(why)
        self.too_large = too_large


@dataclass(frozen=True)
class Attempt:
    """How often work on an outbox has begun at one place without coming past it.

    `first`: where. `until`: last offset of the stretch that the first try took. `tries`: with this one.
    """

    first: int
    until: int
    tries: int

    CAREFUL: ClassVar[int] = 2
    """From so many tries on the messages of the stretch are taken one by one."""
    POISON: ClassVar[int] = 5
    """After so many tries of one message alone it is put aside unread."""

    @classmethod
    def at(cls, first: int, last: int, before: "Attempt | None") -> "Attempt":
        """The attempt that begins now, after the one known before."""
        if before is not None and before.first == first:
            return cls(first, before.until, before.tries + 1)
        if before is not None and before.first < first <= before.until and before.tries >= cls.CAREFUL:
            return cls(first, before.until, cls.CAREFUL)
        return cls(first, last, 1)


@dataclass(frozen=True)
class Outgoing:
    """All that one decided or quarantined input puts on the streams: its record, and lines for inboxes.

    `record`: the record's bytes, as they are logged. `quarantined`: those for the quarantine, empty when none are
    kept; None: not quarantined.
    """

    number: int
    record: bytes
    inbox: tuple[InboxLine, ...]
    quarantined: bytes | None = None
    published: bool = False


class Again(NamedTuple):
    """A delivery that has been given out again: by which number, the line, and its offset in its inbox.

    `lost`: where it lay before it could not be read, for it was gone.
    """

    number: int
    line: InboxLine
    offset: int
    lost: bool = False


class Positions(Protocol):
    """What a worker keeps of the positions that it has come to, beside its store."""

    def foresee(self, inputs: Sequence[Input]) -> None:
        """Look up at once which of these were handled before. Raises StoreOutdated."""

    def outgoing(self, given: Input) -> Outgoing | None:
        """What the input at this position puts on the streams; None for a repeat of another position's message."""

    def discard(self, given: Input) -> None:
        """What was decided at this position can't be sent: unless it is out, it is as if it had not been decided.

        Only what it ended stays ended: no consent comes to life again. The caller has looked it up (`foresee`).
        """

    def mark_published(self, offsets: Mapping[int, int | None], again: Sequence[Again] = ()) -> None:
        """These numbers are out; the offset of the delivery of each, where it made one; and what is given out again.

        Their contents go, but a delivery's, which may have to be given out again.
        """

    def rest(self) -> None:
        """Nothing comes for now: what is not durable yet becomes so."""

    def undo(self) -> None:
        """Work is begun anew: what is not durable is gone, and nothing is held."""

    def settle(self, committed: Mapping[str, int]) -> None:
        """All that was handled of these sources before these offsets is out, whoever sent it."""

    def know_source(self, source: str, others: Sequence[str]) -> None:
        """A source by its token, and those that it has under other keys."""

    def never_seen(self, read: Mapping[str, int]) -> int:
        """Of how many of these sources, read up to these offsets, nothing was ever handled."""

    def attempt(self, stretches: Mapping[str, tuple[int, int]]) -> Mapping[str, Attempt]:
        """Work begins on outboxes, each from its first to its last offset: how often it has begun there before."""

    def forget_attempts(self, topics: Iterable[str]) -> None:
        """Work on these outboxes came through, or stopped for another reason than what lies in them."""


@dataclass(frozen=True)
class Consumed:
    """A record as it lies in an outbox. `appended`: when the cluster took it, by its own clock.

    `outbox`: topic and offset where it lay first, of one that is run again out of quarantine; `arrived`: when it came
    there.
    """

    topic: str
    offset: int
    value: bytes
    headers: Sequence[tuple[str, bytes | None]]
    appended: datetime
    outbox: tuple[str, int] | None = None
    arrived: datetime | None = None

    @property
    def came(self) -> datetime:
        """When its sender sent it, by the cluster's clock."""
        return self.arrived or self.appended

    @property
    def first(self) -> tuple[str, int]:
        """Where its sender wrote it."""
        return self.outbox or (self.topic, self.offset)


@dataclass(frozen=True)
class Produced:
    """A record to send."""

    topic: str
    value: bytes
    headers: Sequence[tuple[str, bytes]]


class Streams(Protocol):
    """The topics, read by one of several workers. Every method raises Away when the cluster does not answer."""

    def poll(self, most: int) -> Sequence[Consumed]:
        """The next records, in order for each topic; none when there are none for a while."""

    def has_inbox(self, authority: str) -> bool:
        """Whether an authority has an inbox, as far as is known: looked up again now and then."""

    def assignment(self) -> Mapping[str, int]:
        """Topics that are this worker's since it was last asked, and the offset that is next in each."""

    def commit(
        self, records: Sequence[Produced], others: Sequence[Produced], positions: Mapping[str, int]
    ) -> Sequence[int]:
        """In one transaction: records, which are flushed before the others; then the next offset of each topic read.

        Gives the offset of each of the others. When it raises Away nobody knows what came of it: `rewind`. Raises
        RecordRefused when none of it came through, nor will: then too.
        """

    def rewind(self, topics: Iterable[str]) -> None:
        """Begin a new producer, which ends what the former left; read these topics on from what is committed."""
