"""Compares one to one what lies on Kafka, while it grows: outboxes, log, inboxes (avstämning; design, promise 1).

Pure: what lies in each topic is handed in as it is read, in any order between topics and in order within each. An entry
is dropped as soon as all that belongs to it has been seen, so memory grows with what is under way and not with what has
passed; which messages have been decided is kept elsewhere (`Seen`). `state` is all the rest: with it the comparison
goes on another day where it was. For each outbox position:

- either one audit record: and then one receipt in the sender's inbox, unless the record names no sender or is of a line
  in quarantine; and one delivery in the recipient's inbox exactly where the record says `forward`;
- or, of a message that was sent again, one receipt marked as a repeat, and nothing else.

Beside these a record may say that deliveries are given out again, in which inboxes: each of them once.

A message is decided once, whatever positions it has lain at.

A position's record precedes its deliveries by Kafka's own clock, records of one outbox stand in its order, and each box
shows a position of one sort once. What is missing is said only when everything was read that could hold it (`judge`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from broker import topics
from broker.authorities import ANONYMOUS
from broker.log import places
from broker.model.decision import Json
from broker.model.vocabulary import Outcome
from broker.ports.tokens import Tokens

PLACES = 20
"""Most differences that are named, of each sort."""

SKEW_MS = 1000
"""How far the clocks of Kafka's brokers may differ."""

SORTS = (
    "position_unrecorded",
    "position_unknown",
    "record_twice",
    "message_twice",
    "record_out_of_order",
    "undelivered",
    "delivery_unrecorded",
    "delivery_twice",
    "wrong_recipient",
    "delivered_before_record",
    "receipt_missing",
    "receipt_unrecorded",
    "receipt_twice",
    "wrong_receipt",
    "other_content",
    "unreadable",
)
"""Sorts of difference."""

DELIVERY, RECEIPT, NOTICE, REDELIVERY = "delivery", "receipt", "notice", "redelivery"


@dataclass(frozen=True)
class Difference:
    """What does not agree: its sort, the position as the record names it (a token for the topic), and in which box."""

    sort: str
    position: str
    box: str | None = None


@dataclass(frozen=True)
class Position:
    """Where a message lay: the token of its topic, and its offset there."""

    source: str
    offset: int
    hidden: str | None = field(default=None, compare=False)
    """What stands in its place beside a record that names nobody; it is told so."""

    def __str__(self) -> str:
        return self.hidden or f"{self.source}/{self.offset}"

    @classmethod
    def read(cls, text: str | None) -> "Position | None":
        """A position as a header says it; None for all else."""
        source, separator, offset = (text or "").rpartition("/")
        if not (separator and source and offset.isascii() and offset.isdecimal() and len(offset) < 19):
            return None
        return cls(source, int(offset))


_COMPARED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"record": (), "message": (), "sender": ("authority",), "recipient": ("authority",), "receipt": ("outcome",)}
)
"""What is compared of a record: names, and of an object the names in it."""


@dataclass(frozen=True)
class Record:
    """An audit record as it was read: the hash of its bytes in hex, what it says, when Kafka took it (ms)."""

    position: Position
    leaf_hash: str
    leaf: Json
    at: int

    @classmethod
    def of(cls, position: Position, leaf_hash: str, leaf: Json, at: int) -> "Record":
        """The record without what is not compared. Raises ValueError and its kind for what is no record."""
        compared = {name: _part(leaf.get(name), parts) for name, parts in _COMPARED.items()}
        if "lines" in leaf:
            compared["digests"] = [line["digest"] for line in leaf["lines"]]
            compared["delivers"] = any(line["type"] == DELIVERY for line in leaf["lines"])
            compared["boxes"] = {line["type"]: line["authority"] for line in leaf["lines"]}
            if again := [[line["authority"], line["digest"]] for line in leaf["lines"] if line["type"] == REDELIVERY]:
                compared["again"] = again
        record = cls(position, leaf_hash, compared, at)
        _ = record.sends, record.recipient, record.sender  # what is no record can't say them
        return record

    @property
    def sort(self) -> object:
        """What the record is of."""
        return self.leaf.get("record")

    @property
    def sends(self) -> str | None:
        """The sort of line that it promises its recipient."""
        receipt = self.leaf.get("receipt") or {}
        if self.sort == "decision" and receipt.get("outcome") == Outcome.FORWARD:
            return DELIVERY if self.leaf.get("delivers", True) else None  # to one without a name nothing goes
        return NOTICE if self.sort == "notice" else None

    @property
    def key(self) -> str | None:
        """The message that it decides, or the notice: there is no other record of it. None for all else."""
        if self.sort == "notice":
            return f"{topics.BROKER} {self.leaf.get('message')}"
        sender = (self.leaf.get("sender") or {}).get("authority")
        return f"{sender} {self.leaf.get('message')}" if self.sort == "decision" else None

    @property
    def recipient(self) -> str | None:
        """Whose inbox that is."""
        return self._box(self.sends) or (self.leaf.get("recipient") or {}).get("authority")

    @property
    def again(self) -> Counter[tuple[str, str | None]]:
        """What it gives out again: each line's inbox, and its digest."""
        return Counter((box, digest) for box, digest in self.leaf.get("again", ()))

    def has_line(self, digest: str | None) -> bool:
        """Whether it promises a line with this digest; one from before there were digests can't say."""
        digests = self.leaf.get("digests")
        return self.sort == "quarantine" or digests is None or digest is None or digest in digests

    @property
    def nameless(self) -> bool:
        """Whether it is of a line that may be anonymous: its receipt need not lead to it."""
        return self.sort == "quarantine" and self.leaf.get("sender") is None

    @property
    def sender(self) -> str | None:
        """Who gets a receipt."""
        sender: str | None = (self.leaf.get("sender") or {}).get("authority")
        return None if self.sort != "decision" or sender == ANONYMOUS else self._box(RECEIPT) or sender

    def _box(self, type_: str | None) -> str | None:
        """In whose inbox, a desk's perhaps, a line of this type lies; a record from before they were told can't say."""
        boxes: Mapping[str, str] = self.leaf.get("boxes", {})
        return boxes.get(type_ or "")


@dataclass(frozen=True)
class Line:
    """A line of an inbox: whose, of which type, for which position; a receipt's leaf hash; when Kafka took it (ms).

    `digest`: keyed, of what it says in this inbox (`seals.digest`); `others`: under other keys.
    """

    box: str
    type: str
    position: Position
    at: int
    leaf_hash: str | None = None
    repeat: bool = False
    digest: str | None = None
    others: Sequence[str] = ()

    def under(self, record: Record) -> "Line":
        """The line with that of its digests which its record promises, where it does any."""
        promised = record.leaf.get("digests", ())
        digest = next((other for other in self.others if other in promised), self.digest)
        return replace(self, digest=digest, others=()) if self.others else self


@dataclass
class _Entry:
    """What is under way at one position."""

    since: float
    sent: bool = False
    message: str | None = None
    record: Record | None = None
    lines: list[Line] = field(default_factory=list)

    def again(self) -> Counter[tuple[str, str | None]]:
        """What has come of deliveries that are given out again."""
        return Counter((line.box, line.digest) for line in self.lines if line.type == REDELIVERY)

    def has(self, type_: str) -> bool:
        """Whether a line of this type has come."""
        return any(line.type == type_ for line in self.lines)


Positions = Callable[[str | None], Position | None]
"""Reads a position as a header says it; None for all else."""


def reader(tokens: Tokens) -> Positions:
    """Reads those too that are hidden."""

    def read(text: str | None) -> Position | None:
        position = Position.read(text)
        shown = position and places.reveal(tokens, (position.source, position.offset))
        return Position(*shown, hidden=text) if shown else position

    return read


class Seen(Protocol):
    """Keys of what has been seen: they are many, and stay."""

    def add(self, key: str) -> bool:
        """Keep a key; False where it is there already."""

    def __contains__(self, key: str) -> bool:
        """Whether it is there."""


class InMemory(set[str]):
    """Seen for as long as the process runs."""

    def add(self, key: str) -> bool:  # type: ignore[override]
        """Keep a key; False where it is there already."""
        before = len(self)
        super().add(key)
        return len(self) > before


class Retention(Protocol):
    """What topics no longer hold because its time there is over."""

    def is_gone(self, position: Position) -> bool:
        """Whether a message at this position may be gone."""

    def is_lapsed(self, box: str, at: int) -> bool:
        """Whether a line that an inbox got at this time (ms) may be gone."""


class Correspondence:
    """What agrees and what does not, so far."""

    def __init__(
        self, sources: Mapping[str, str | None], seen: Seen | None = None, positions: Positions = Position.read
    ) -> None:
        """`sources`: token of each topic that messages come from -> whose outbox it is, or None (quarantine).

        `positions` reads those in a `state`.
        """
        self._positions = positions
        self._sources = dict(sources)
        self._seen: Seen = InMemory() if seen is None else seen
        self._open: dict[Position, _Entry] = {}
        self._recorded: dict[str, int] = {}
        self._shown: dict[tuple[str, str, str], int] = {}
        self.agree = 0
        self.differences: Counter[str] = Counter()
        self.first: list[Difference] = []

    def state(self) -> Json:
        """All that is known but for what has been seen, as JSON."""
        return {
            "recorded": self._recorded,
            "shown": [[*place, offset] for place, offset in self._shown.items()],
            "open": [_write(position, entry) for position, entry in self._open.items()],
            "agree": self.agree,
            "differences": self.differences,
            "first": [[one.sort, one.position, one.box] for one in self.first],
        }

    def resume(self, state: Json, now: float) -> None:
        """Go on where `state` was; what was under way then is first seen now. Raises ValueError and its kind."""
        self._recorded = dict(state["recorded"])
        self._shown = {(box, type_, source): offset for box, type_, source, offset in state["shown"]}
        self._open = dict(_read(row, now, self._positions) for row in state["open"])
        self.agree = state["agree"]
        self.differences = Counter(state["differences"])
        self.first = [Difference(*row) for row in state["first"]]

    @property
    def ok(self) -> bool:
        """Whether nothing that has been compared differs."""
        return not self.differences

    @property
    def under_way(self) -> int:
        """Positions of which something has not been seen yet."""
        return len(self._open)

    @property
    def counts(self) -> dict[str, int]:
        """How many differ, by sort; none of a sort is 0."""
        return {sort: self.differences[sort] for sort in SORTS}

    def waits_for(self) -> tuple[int, int]:
        """How many positions wait for their record, and how many recorded ones for their lines or their message."""
        recorded = sum(entry.record is not None for entry in self._open.values())
        return len(self._open) - recorded, recorded

    def from_now_on(self, sources: Mapping[str, str | None]) -> None:
        """Topics that are new."""
        self._sources.update(sources)

    # --- what is read

    def take_message(self, position: Position, now: float, message: str | None = None) -> None:
        """A message lies at this position. `message`: its id, where the outbox is the broker's own."""
        entry = self._entry(position, now)
        entry.sent, entry.message = True, message
        self._settle(position, entry)

    def take_record(self, record: Record, now: float) -> None:
        """A record."""
        position = record.position
        if position.source not in self._sources:
            self._differs("position_unknown", position)
            return
        if self._sources[position.source] is not None:
            if position.offset <= self._recorded.get(position.source, -1):
                waiting = self._open.get(position)
                if waiting is None or waiting.record is not None:
                    self._differs("record_twice", position)
                    return
                self._differs("record_out_of_order", position)
            else:
                self._recorded[position.source] = position.offset
        if (key := record.key) is not None and not self._seen.add(key):
            self._differs("message_twice", position, record.recipient)
        entry = self._entry(position, now)
        entry.record = record
        entry.lines = [line.under(record) for line in entry.lines]
        for line in entry.lines:
            self._compare(record, line)
        self._settle(position, entry)

    def take_line(self, line: Line, now: float) -> None:
        """A line of an inbox."""
        position, place = line.position, (line.box, line.type, line.position.source)
        if line.type in (DELIVERY, RECEIPT) and self._sources.get(position.source) is not None:
            if position.offset <= self._shown.get(place, -1):
                self._differs(f"{line.type}_twice", position, line.box)
                return
            self._shown[place] = position.offset
        seen = position.offset <= self._recorded.get(position.source, -1)
        if position not in self._open and seen and not line.repeat:  # a repeat has no record, later ones may have come
            self._late(line)
            return
        entry = self._entry(position, now)
        line = line.under(entry.record) if entry.record else line
        entry.lines.append(line)
        if entry.record is not None:
            self._compare(entry.record, line)
        self._settle(position, entry)

    def unreadable(self, topic: str, offset: int) -> None:
        """A record or line that does not say for which position it is, or of what it is."""
        self._differs("unreadable", f"{topic}/{offset}")

    # --- what is missing

    def judge(self, before: float, handled: Mapping[str, int], retention: Retention) -> None:
        """Say what is missing of what was first seen `before` then, and drop it.

        The caller has read all that can have become visible with it. `handled`: token -> the offset up to which the
        worker had come by then.
        """
        for position, entry in [*self._open.items()]:
            if entry.record is None and not entry.lines:
                if position.offset < handled.get(position.source, 0):
                    if entry.message is None or f"{topics.BROKER} {entry.message}" not in self._seen:
                        self._differs("position_unrecorded", position)
                    del self._open[position]
            elif entry.since <= before:
                self._missing(position, entry, retention)
                del self._open[position]

    def _missing(self, position: Position, entry: _Entry, retention: Retention) -> None:
        record = entry.record
        if record is None:
            for line in entry.lines:
                if not (line.repeat and retention.is_gone(position)):
                    sort = "receipt_unrecorded" if line.type == RECEIPT else "delivery_unrecorded"
                    self._differs(sort, line.position, line.box)
            return
        position = record.position
        if not entry.sent and self._sources[position.source] is not None and not retention.is_gone(position):
            self._differs("position_unknown", position)
        promised = ((record.sends, record.recipient, "undelivered"), (RECEIPT, record.sender, "receipt_missing"))
        for type_, box, sort in promised:
            if type_ and box and not entry.has(type_) and not retention.is_lapsed(box, record.at):
                self._differs(sort, position, box)
        for box, _ in (record.again - entry.again()).elements():
            if not retention.is_lapsed(box, record.at):
                self._differs("undelivered", position, box)

    # --- one entry

    def _entry(self, position: Position, now: float) -> _Entry:
        return self._open.setdefault(position, _Entry(now))

    def _settle(self, position: Position, entry: _Entry) -> None:
        """Drop an entry of which all has been seen."""
        owner, record = self._sources.get(position.source), entry.record
        if not entry.sent and owner is not None:
            return
        if record is None:
            whole = any(line.repeat and owner in (line.box, None) for line in entry.lines)
        elif owner is None and record.sort == "quarantine":
            whole = entry.has(RECEIPT)  # it may get one: who sent it is not said here
        else:
            lines = all(entry.has(type_) for type_ in (record.sends, record.sender and RECEIPT) if type_)
            whole = lines and not record.again - entry.again()
        if whole:
            self.agree += 1
            del self._open[position]

    def _compare(self, record: Record, line: Line) -> None:
        """A line with the record of its position."""
        position, box = record.position, line.box
        if line.type == RECEIPT:
            mine = record.sender if record.sort == "decision" else self._sources.get(position.source) or box
            leaf_hashes = (record.leaf_hash, None) if record.nameless else (record.leaf_hash,)
            if line.repeat or box != mine or line.leaf_hash not in leaf_hashes:
                self._differs("wrong_receipt", position, box)
            elif not record.has_line(line.digest):
                self._differs("other_content", position, box)
        elif line.type == record.sends:
            if box != record.recipient:
                self._differs("wrong_recipient", position, box)
            elif line.at + SKEW_MS < record.at:
                self._differs("delivered_before_record", position, box)
            elif not record.has_line(line.digest):
                self._differs("other_content", position, box)
        elif (
            line.type == REDELIVERY and record.again[box, line.digest] >= self._open[position].again()[box, line.digest]
        ):
            if line.at + SKEW_MS < record.at:
                self._differs("delivered_before_record", position, box)
        elif line.type in (DELIVERY, REDELIVERY):
            self._differs("delivery_unrecorded", position, box)

    def _late(self, line: Line) -> None:
        """A line for a position of which all had been seen. One in quarantine may have a receipt, or none."""
        if line.type in (DELIVERY, REDELIVERY):
            self._differs("delivery_unrecorded", line.position, line.box)
        elif line.type == RECEIPT and line.box != self._sources.get(line.position.source):
            self._differs("wrong_receipt", line.position, line.box)

    def _differs(self, sort: str, position: Position | str, box: str | None = None) -> None:
        self.differences[sort] += 1
        if self.differences[sort] <= PLACES:
            self.first.append(Difference(sort, str(position), box))


def _part(value: object, parts: tuple[str, ...]) -> object:
    return {name: value.get(name) for name in parts} if parts and isinstance(value, dict) else value


def _write(position: Position, entry: _Entry) -> Json:
    record = entry.record and {"leaf_hash": entry.record.leaf_hash, "leaf": entry.record.leaf, "at": entry.record.at}
    lines = [{**asdict(line), "position": None} for line in entry.lines]
    positions = (position, *(line.position for line in entry.lines))
    shown = next((p for p in (entry.record and entry.record.position, *positions) if p and p.hidden), position)
    return {"position": str(shown), "sent": entry.sent, "message": entry.message, "record": record, "lines": lines}


def _read(row: Json, now: float, positions: Positions) -> tuple[Position, _Entry]:
    position, record = positions(row["position"]), row["record"]
    if position is None:
        raise ValueError(row["position"])
    lines = [Line(**{**line, "position": position}) for line in row["lines"]]
    return position, _Entry(now, row["sent"], row["message"], record and Record(position, **record), lines)
