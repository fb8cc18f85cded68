"""Judges a run by what lies on Kafka afterwards: each message once, recorded before it was delivered, in its order.

Offline and pure: a dump goes in, faults and figures come out. What joins the topics is the position, which every record
and every line carries: the token of the outbox, and the offset in it.

    each outbox position <-> one record, or a repeat's receipt
    each forwarded record <-> one delivery, in its recipient's inbox, or where a unit has a desk in that desk's
    each line that a record says it makes <-> one line, in the inbox that it names: also what is handed over
    each record <-> one receipt to its sender, of that record
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from broker import topics
from broker.authorities import ANONYMOUS
from broker.log import merkle

POSITION, REPEAT, LEAF, CODE = "samband_position", "samband_repeat", "samband_leaf", "samband_code"
_MADE = ("delivery", "redelivery", "notice")
"""Sorts of lines that a record says it makes, beside its receipt."""
Located = Callable[[str, str], str]
"""The address where what is sent to an authority's unit lies."""


@dataclass(frozen=True)
class Record:
    """One record as a consumer reads it; `written` is Kafka's time of it, in milliseconds."""

    topic: str
    offset: int
    written: int
    headers: Mapping[str, str]
    value: bytes

    @property
    def place(self) -> tuple[str, int]:
        """Where it lies."""
        return self.topic, self.offset

    @property
    def position(self) -> str:
        """Of a record or line that the broker wrote: what it was made from."""
        return self.headers.get(POSITION, "")

    @cached_property
    def content(self) -> Any:
        """The JSON in it."""
        return json.loads(self.value)


class Sighting(NamedTuple):
    """What a reader saw while the run went on, and when (seconds)."""

    topic: str
    offset: int
    at: float


@dataclass(frozen=True)
class Dump:
    """All that is needed of a run. `committed`: records in order of topic and offset, as read_committed gives them."""

    committed: Sequence[Record]
    on_disk: Collection[tuple[str, int]]
    """Places that read_uncommitted gives: aborted ones too."""
    ends: Mapping[str, tuple[int, int]]
    """Of each topic the last stable offset and the end."""
    seen: Sequence[Sighting]
    """What a read_committed reader saw of the audit topic and the inboxes during the run."""


class Fault(NamedTuple):
    """What is wrong, and where."""

    name: str
    where: str


@dataclass
class Verdict:
    """No fault, or which."""

    faults: list[Fault] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    answered: list[tuple[float, float]] = field(default_factory=list, repr=False)
    """Of each message when it was sent, and when the receipt was written that was committed: Kafka's times, seconds."""

    @property
    def ok(self) -> bool:
        """Whether all promises were kept."""
        return not self.faults

    @property
    def names(self) -> dict[str, int]:
        """How many faults of each name."""
        return dict(Counter(fault.name for fault in self.faults))

    def as_json(self, first: int = 20) -> dict[str, Any]:
        """The figures, how many faults of each name, and the first of them, for a file."""
        shown = [f"{name} {where}" for name, where in self.faults[:first]]
        return {"figures": self.figures, "wrong": self.names, "first": shown}


def check(
    dump: Dump,
    token: Callable[[str], str],
    patience: float = 10.0,
    reveal: Callable[[str], str | None] = lambda _: None,
    located: Located = lambda authority, _: authority,
) -> Verdict:
    """Judge a run. In: the dump, the token of a topic, seconds a reader may see a delivery before its record.

    `located`: where what goes to a unit lies, by the register. `reveal` reads the place that is hidden beside what
    names nobody. A transaction's marks reach the partitions one after the other: so much later a reader may see one.
    """
    found = _Run(replace(dump, committed=[_revealed(record, reveal) for record in dump.committed]), token, located)
    verdict = Verdict()
    for rule in (_recorded, _delivered, _receipts, _quarantined, _in_order, _no_more, _stable):
        verdict.faults += rule(found)
    verdict.faults += _reader(found, patience)
    verdict.figures, verdict.answered = found.figures(), found.answered()
    return verdict


def _revealed(record: Record, reveal: Callable[[str], str | None]) -> Record:
    """The record, its position as it stands beside a named one."""
    hidden, _, number = record.position.rpartition("/")
    told = reveal(hidden) if number == "0" else None
    if told is None:
        return record
    source, _, offset = told.rpartition("/")
    return replace(record, headers={**record.headers, POSITION: f"{source}/{int(offset)}"})


class _Run:
    """The dump, joined by position."""

    def __init__(self, dump: Dump, token: Callable[[str], str], located: Located) -> None:
        self.dump = dump
        self.located = located
        by_kind: dict[str, list[Record]] = defaultdict(list)
        for record in dump.committed:
            by_kind[record.topic.split(".")[0]].append(record)
        self.audit = by_kind["audit"]
        self.quarantine = by_kind["quarantine"]
        tokens = {topic: token(topic) for topic in {record.topic for record in by_kind["outbox"]}}
        self.sent = {f"{tokens[record.topic]}/{record.offset}": record for record in by_kind["outbox"]}
        self.records = _joined(self.audit)
        self.nameless = {record.content["message"] for record in self.audit if _sender(record) == ANONYMOUS}
        self.by_leaf = {record.headers.get("ce_id", ""): record for record in self.audit}
        self.lines = {
            kind: _joined(record for record in by_kind["inbox"] if _sort(record) == kind)
            for kind in (*_MADE, "receipt")
        }
        self.inboxes = by_kind["inbox"]

    def figures(self) -> dict[str, float]:
        """What there was of each sort, and how much later than a delivery its record was seen at most."""
        lines = {kind: sum(map(len, found.values())) for kind, found in self.lines.items()}
        aborted = len(set(self.dump.on_disk) - {record.place for record in self.dump.committed})
        gaps = [gap for _, gap in _gaps(self)]
        return {
            "sent": len(self.sent),
            "records": len(self.audit),
            "deliveries": lines["delivery"],
            "given_again": lines["redelivery"],
            "acknowledgements": sum(record.content.get("kind") == "Acknowledgement" for record in self.audit),
            "receipts": lines["receipt"],
            "notices": lines["notice"],
            "quarantined": len(self.quarantine),
            "repeats": sum(REPEAT in record.headers for record in self.inboxes),
            "aborted_or_marks": aborted,
            "seen_delivery_first": len(gaps),
            "longest_gap_s": round(max(gaps, default=0.0), 3),
        }

    def answered(self) -> list[tuple[float, float]]:
        """When each message was sent and its receipt written, in the order of sending."""
        receipts = self.lines["receipt"]
        return sorted(
            (sent.written / 1000, receipts[position][0].written / 1000)
            for position, sent in self.sent.items()
            if receipts.get(position)
        )


def _joined(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.position].append(record)
    return found


def _at(record: Record) -> str:
    return f"{record.topic}/{record.offset}"


def _outcome(record: Record) -> str:
    return str(record.content["receipt"]["outcome"])


def _recorded(run: _Run) -> Iterator[Fault]:
    """Each position has one record or a repeat's receipt, each record its position, its own hash and its own id."""
    for position, sent in run.sent.items():
        records = run.records.get(position, [])
        repeats = [line for line in run.lines["receipt"].get(position, []) if REPEAT in line.headers]
        if len(records) > 1:
            yield Fault("recorded_twice", _at(sent))
        elif records and repeats:
            yield Fault("repeat_with_record", _at(sent))
        elif not records and not repeats:
            yield Fault("lost", _at(sent))
    ids: Counter[tuple[str, str]] = Counter()
    for record in run.audit:
        if record.position not in run.sent:
            yield Fault("record_of_nothing", _at(record))
        if merkle.leaf_hash(record.value).hex() != record.headers.get("ce_id"):
            yield Fault("hash_differs", _at(record))
        if record.content["record"] == "decision":
            ids[_sender(record), record.content["message"]] += 1
            if ids[_sender(record), record.content["message"]] > 1:
                yield Fault("decided_twice", _at(record))


def _id(sent: Record) -> str | None:
    """The id of a message in JSON; of one in Avro as its header says."""
    try:
        return str(sent.content["id"])
    except (ValueError, TypeError, KeyError):
        return sent.headers.get("ce_id")


def _sender(record: Record) -> str:
    return str((record.content.get("sender") or {}).get("authority"))


def _sort(line: Record) -> str:
    """What a line is; what is given out again, or handed over, calls itself a delivery."""
    return "redelivery" if line.content.get("redelivered") else str(line.content["type"])


def _delivered(run: _Run) -> Iterator[Fault]:
    """Each line that a record says it makes lies once where it says, and not before; nothing else is delivered."""
    for position, records in run.records.items():
        first = records[0]
        yield from _promised(run, first)
        for sort in _MADE:
            due = Counter(
                topics.inbox(line["authority"]) for line in first.content.get("lines", ()) if line["type"] == sort
            )
            left = due.copy()
            for line in run.lines[sort].get(position, []):
                if not due:
                    yield Fault("delivered_unforwarded", _at(line))
                elif line.topic not in due:
                    yield Fault("delivered_elsewhere", _at(line))
                elif not left[line.topic]:
                    yield Fault("delivered_twice", _at(line))
                left[line.topic] -= 1
                if line.written < first.written:
                    yield Fault("delivered_before_record", _at(line))
            yield from (Fault("undelivered", _at(first)) for _ in (+left).elements())
    for sort in _MADE:
        for position, lines in run.lines[sort].items():
            if position not in run.records:
                yield from (Fault("delivery_without_record", _at(line)) for line in lines)


def _promised(run: _Run, record: Record) -> Iterator[Fault]:
    """A forwarded message's record makes one delivery, to its recipient, and to the desk of its unit; others none.

    An acknowledgement goes back to the desk that sent, and to the public not every one.
    """
    content = record.content
    if content["record"] != "decision":
        return
    made = [line["authority"] for line in content["lines"] if line["type"] == "delivery"]
    acknowledges, authority, unit = "acknowledges" in content, *(content["recipient"][n] for n in ("authority", "unit"))
    is_due = _outcome(record) == "forward"
    untold = acknowledges and "public_intake" in content["input"]["recipient"]["kinds"]
    if len(made) != is_due and not (untold and not made):
        yield Fault("promises_other_deliveries", _at(record))
    goes_to_unit = unit != "registry" and not acknowledges and "recalls" not in content and _sender(record) != authority
    for address in made:
        if address.partition("/")[0] != authority or (goes_to_unit and address != run.located(authority, unit)):
            yield Fault("promised_elsewhere", _at(record))


def _receipts(run: _Run) -> Iterator[Fault]:
    """Each position has one receipt, in its sender's inbox, and of its own record; a repeat's of the earlier one."""
    for position, sent in run.sent.items():
        told = run.lines["receipt"].get(position, [])
        own = run.records.get(position, [])
        sender = topics.sender(sent.topic)
        expected = sender != topics.BROKER and not (own and _sender(own[0]) in (ANONYMOUS, "None"))
        if own and expected and not told:
            yield Fault("no_receipt", _at(sent))
        if len(told) > 1:
            yield Fault("receipt_twice", _at(told[1]))
        for line in told:
            if line.topic != topics.inbox(sender or ""):
                yield Fault("receipt_elsewhere", _at(line))
            bare = line.content["receipt"] is None and not own and _id(sent) in run.nameless
            unlinked = (
                bool(own) and _sender(own[0]) == "None" and (line.content["receipt"] or {}).get("audit", "") is None
            )
            if bare or unlinked:  # an anonymous message sent again, or a line that may be: nothing leads to its record
                continue
            leaf = ((line.content["receipt"] or {}).get("audit") or {}).get("leaf", "")
            record = run.by_leaf.get(leaf)
            if record is None or (own and leaf not in (one.headers.get("ce_id") for one in own)):
                yield Fault("receipt_of_another", _at(line))
            elif not own and record.content["message"] != _id(sent):
                yield Fault("repeat_of_another", _at(line))
    for position in run.lines["receipt"].keys() - run.sent.keys():
        yield from (Fault("receipt_of_nothing", _at(line)) for line in run.lines["receipt"][position])


def _quarantined(run: _Run) -> Iterator[Fault]:
    """Each record of a quarantine has its bytes kept once, and nothing else is kept. No message is a worker's end."""
    kept = Counter(record.headers.get(LEAF, "") for record in run.quarantine)
    due = [record for record in run.audit if record.content["record"] == "quarantine"]
    alike = Counter(record.headers["ce_id"] for record in due)  # two that say the same at one time
    yield from (
        Fault("not_kept_once", _at(one)) for one in due if kept[one.headers["ce_id"]] != alike[one.headers["ce_id"]]
    )
    yield from (Fault("kept_without_record", leaf[:12]) for leaf in kept.keys() - alike.keys())
    yield from (Fault("put_aside", _at(one)) for one in run.quarantine if one.headers.get(CODE) == "poison")


def _in_order(run: _Run) -> Iterator[Fault]:
    """What comes from one outbox stands in its order: in the log, and in each inbox for each sort of line."""
    last: dict[tuple[str, str, str], int] = {}
    for record in (*run.audit, *run.inboxes):
        source, _, offset = record.position.rpartition("/")
        way = (record.topic, str(record.content.get("type")), source)
        if offset.isdecimal():
            if int(offset) < last.get(way, -1):
                yield Fault("reordered", _at(record))
            last[way] = int(offset)
        else:
            yield Fault("no_position", _at(record))


def _no_more(run: _Run) -> Iterator[Fault]:
    """Who reads committed records sees none that is not on disk."""
    disk = set(run.dump.on_disk)
    yield from (Fault("not_on_disk", _at(record)) for record in run.dump.committed if record.place not in disk)


def _stable(run: _Run) -> Iterator[Fault]:
    """No transaction hangs."""
    yield from (Fault("hanging", topic) for topic, (stable, end) in run.dump.ends.items() if stable < end)


def _reader(run: _Run, patience: float) -> Iterator[Fault]:
    """Who read along saw the same, each once, and no delivery long before its record."""
    ours = {record.place for record in (*run.audit, *run.inboxes)}
    seen = Counter((sighting.topic, sighting.offset) for sighting in run.dump.seen)
    yield from (Fault("unseen", f"{topic}/{offset}") for topic, offset in sorted(ours - seen.keys()))
    yield from (Fault("seen_but_gone", f"{topic}/{offset}") for topic, offset in sorted(seen.keys() - ours))
    yield from (Fault("seen_without_record", _at(line)) for line, gap in _gaps(run) if gap > patience)


def _gaps(run: _Run) -> Iterator[tuple[Record, float]]:
    """Deliveries that the reader saw before their record, and by how many seconds."""
    at = {(sighting.topic, sighting.offset): sighting.at for sighting in reversed(run.dump.seen)}
    for position, lines in run.lines["delivery"].items():
        record = next(iter(run.records.get(position, [])), None)
        when = at.get(record.place, float("inf")) if record else float("inf")
        for line in lines:
            if line.place in at and at[line.place] < when:
                yield line, when - at[line.place]
