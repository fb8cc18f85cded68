"""The ledger that runs apart: reads what was published on `audit`, in order, and appends it to the log (loggförare).

Pure of any library: a topic and a log are handed in. Where the log stands in the topic is stored with the log, in the
same transaction, so that a ledger that is killed goes on where it stood; no offset is stored on Kafka. A place is an
offset and the hash of the record there: a topic that was cut off, made anew or exchanged is noticed before a word is
read from it.

What was published once stays: a log that is smaller than its last published checkpoint (restored from an old copy,
rebuilt from nothing) is read again up to exactly that size, unsigned, and must come to the same root there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from broker.log.handover import Handover
from broker.log.merkle import leaf_hash
from broker.log.verifier import DERIVED_COLUMNS, columns_of
from broker.model.canonical import canonical_object
from broker.model.decision import Json


class LedgerRefused(Exception):
    """The ledger stops, and signs nothing more until somebody has looked. One line, never a value."""


@dataclass(frozen=True)
class Published:
    """A record as it lies in the topic."""

    offset: int
    leaf: bytes | None


@dataclass(frozen=True)
class Place:
    """How far a log has come: the offset to read next, that of its last record, and that record's leaf hash."""

    next: int
    last: int
    last_hash: bytes


class AuditTopic(Protocol):
    """The topic, read committed. Raises an error of its adapter when Kafka does not answer."""

    def first(self) -> int:
        """The offset of the oldest record that is still there."""

    def end(self) -> int:
        """The offset behind the newest record that is committed."""

    def seek(self, offset: int) -> None:
        """Read from here on."""

    def read(self, most: int, wait: float) -> Sequence[Published]:
        """The next records, at most so many; none when none has come within so many seconds."""

    def position(self) -> int:
        """The offset to be read next."""


class AuditLog(Protocol):
    """The log with its place in the topic. What `append` raises, nothing of that batch is in the log."""

    @property
    def size(self) -> int:
        """How many records there are."""

    @property
    def behind(self) -> int:
        """How many records are missing up to the largest checkpoint that is known from elsewhere."""

    def place(self) -> Place | None:
        """How far it has come; None when it is empty."""

    def room(self) -> int | None:
        """How many records may be appended at once, so as to end at the next known checkpoint; None: any number."""

    def append(self, leaves: Sequence[tuple[bytes, Json]], place: Place) -> None:
        """Append these, the bytes and searchable columns of each, with the place after them; sign unless behind."""


@dataclass(frozen=True)
class Bounds:
    """How large a batch, that is a checkpoint, gets, and how long its first record waits for more (seconds)."""

    records: int = 1000
    seconds: float = 1.0


USUAL = Bounds()

_POLL = 0.25
"""Seconds between looks at whether to stop."""
_PATIENCE = 10.0
"""Seconds that one record, known to be there, may take to come."""


class LedgerService:
    """Keeps one log up with its topic."""

    def __init__(
        self,
        log: AuditLog,
        topic: AuditTopic,
        *,
        clock: Callable[[], float],
        bounds: Bounds = USUAL,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        """`clock` counts seconds; `tell` is called after each batch."""
        self._log = log
        self._topic = topic
        self._clock = clock
        self._bounds = bounds
        self._tell = tell
        self._rest: list[Published] = []
        """What was read behind a hand-over of the key: the next batch."""

    def run(self, stopped: Callable[[], bool], *, once: bool = False) -> None:
        """Go on until stopped, or with `once` until the end of the topic as it stood. Raises LedgerRefused."""
        end = self._topic.end()
        self._resume(end)
        self._tell()
        while not stopped():
            if not self._rest and self._topic.position() >= end:
                if self._log.behind:
                    raise LedgerRefused(
                        f"audit ends after {self._log.size} records, but a log of {self._log.size + self._log.behind} "
                        "was published: nothing is signed; find the records that are gone"
                    )
                if once:
                    return
            if batch := self._gather(stopped):
                self._append(batch)
                self._tell()

    def lag(self) -> int:
        """Offsets between the log's place and the topic's end: not fewer than the records that wait."""
        return max(0, self._topic.end() - self._topic.position())

    def _resume(self, end: int) -> None:
        """Go to where the log stands, and make sure that the topic is the one that it was read from."""
        place, first = self._log.place(), self._topic.first()
        if place is None:
            if first > 0:
                raise LedgerRefused("audit no longer holds its first records: the log can't be made from it")
            self._topic.seek(0)
            return
        if end <= place.last:
            raise LedgerRefused("audit ends before the log does: records of it are gone, or it is another topic")
        if first > place.next:
            raise LedgerRefused("audit no longer holds the records that follow on the log")
        if first <= place.last:
            self._topic.seek(place.last)
            records = self._topic.read(1, _PATIENCE)
            if not records or records[0].offset != place.last or leaf_hash(records[0].leaf or b"") != place.last_hash:
                raise LedgerRefused("audit does not hold the log's last record where it was: it is another topic")
        self._topic.seek(place.next)

    def _gather(self, stopped: Callable[[], bool]) -> list[Published]:
        """The next batch: full, or as many as came within its time. What came when it is time to stop is not lost."""
        room = self._log.room()
        most = self._bounds.records if room is None else min(room, self._bounds.records)
        batch, self._rest = self._rest, []
        until = None
        while len(batch) < most and not stopped():
            wait = _POLL if until is None else min(_POLL, max(0.0, until - self._clock()))
            batch += self._topic.read(most - len(batch), wait)
            if batch and until is None:
                until = self._clock() + self._bounds.seconds
            if until is None or self._clock() >= until:
                break
        return batch

    def _append(self, batch: Sequence[Published]) -> None:
        """Append a batch, up to a hand-over of the key in it."""
        leaves: list[tuple[bytes, Json]] = []
        for record in batch:
            data, leaf = _readable(record)
            leaves.append((data, _searchable(record, leaf)))
            if Handover.of(leaf):
                break
        last, self._rest = batch[len(leaves) - 1].offset, list(batch[len(leaves) :])
        to_read = last + 1 if self._rest else self._topic.position()
        self._log.append(leaves, Place(to_read, last, leaf_hash(leaves[-1][0])))


def _readable(record: Published) -> tuple[bytes, Json]:
    """A record's bytes and what they say. Only the worker may write `audit`: what it can't have written ends it all."""
    leaf = canonical_object(record.leaf) if record.leaf is not None else None
    if leaf is None:
        raise _poison(record, "is not a JSON object in canonical form")
    if "seq" in leaf:
        raise _poison(record, "says its place in a log, which only the ledger gives")
    assert record.leaf is not None
    return record.leaf, leaf


def _searchable(record: Published, leaf: Json) -> Json:
    columns = columns_of(leaf)
    for name, value in columns.items():
        if value is not None and not (isinstance(value, str) and "\x00" not in value):
            raise _poison(record, f"{DERIVED_COLUMNS[name]}: is not a text")
    return columns


def _poison(record: Published, what: str) -> LedgerRefused:
    return LedgerRefused(
        f"audit: the record at offset {record.offset} {what}: nobody but the worker may write there; "
        "nothing from it on is in the log"
    )
