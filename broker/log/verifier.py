"""Verifies an audit log (logg) from its stored rows, sharing with the writer only the format.

Works on a database, an export or anything that yields rows in order. It trusts none of them: only the public key
behind `open_note`, and the checkpoints that someone has kept elsewhere. Whoever holds the signing key can sign a
whole new log; only a kept checkpoint shows that.

A log has one of two forms, told by its first record: each record says its place in the log (`seq`; embedded), or none
does (the ledger that runs apart: its leaves are the bytes that were published, before anybody knew their places).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from broker.log.checkpoint import NO_PREVIOUS, Checkpoint, CheckpointError, note_hash
from broker.log.merkle import CompactRange, leaf_hash
from broker.model.canonical import canonical_object

# The searchable copies beside each leaf, and where in the leaf each is taken from. A path that is missing gives None.
DERIVED_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "record": "record",
        "message": "message",
        "kind": "kind",
        "sender": "sender.authority",
        "recipient": "recipient.authority",
        "outcome": "receipt.outcome",
        "time": "time",
        "subject": "subject",
        "case": "case",
    }
)


@dataclass(frozen=True)
class StoredRecord:
    """One row of the log: its place, its bytes, their hash, and the searchable copies."""

    seq: int
    leaf: bytes
    leaf_hash: bytes
    columns: Mapping[str, object]


@dataclass(frozen=True)
class StoredCheckpoint:
    """One stored checkpoint: the whole signed note, and the size it is filed under."""

    size: int
    note: str


_Path = tuple[str, str, Sequence[str]]
"""A column; what stands in the record, and within that, and so on."""


def _paths(columns: Mapping[str, str]) -> Sequence[_Path]:
    parted = [(column, path.split(".")) for column, path in columns.items()]
    return [(column, names[0], names[1:]) for column, names in parted]


_PATHS = _paths(DERIVED_COLUMNS)
_TEXTS = frozenset({str, type(None)})
"""What is the same where it is equal; of anything else see `_same`."""


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where: `place` ("record 17"), `code` (stable), `text` (one line, never a value)."""

    place: str
    code: str
    text: str


@dataclass(frozen=True)
class Report:
    """The answer. If not ok, size, root (hex) and checkpoints count what was read before the first bad place."""

    ok: bool
    size: int
    root: str
    checkpoints: int
    first_bad: Finding | None


def verify(
    records: Iterable[StoredRecord],
    checkpoints: Iterable[StoredCheckpoint],
    open_note: Callable[[str], Checkpoint],
    *,
    kept: Sequence[str] = (),
    derived: Mapping[str, str] = DERIVED_COLUMNS,
    handovers: Mapping[int, bytes] = MappingProxyType({}),
) -> Report:
    """Read the log once, in order, and stop at the first bad place. Memory: O(log n) and the kept checkpoints.

    `open_note` returns the checkpoint of a signed note or raises CheckpointError. `kept` are whole signed notes of
    this log from elsewhere (a witness, a receipt, an older export): each must be a prefix of it. Each checkpoint is
    opened before the records that it covers are read. `handovers`: where the log's key is rightly handed over, and the
    leaf hash there (`handover.KeyChain`): no other record may say so. Raises only what the iterables raise.
    """
    walk = _Walk(open_note, derived, handovers)
    first_bad = None
    try:
        walk.through(iter(records), checkpoints, kept)
    except _BadPlace as bad:
        first_bad = bad.finding
    return Report(first_bad is None, walk.tree.size, walk.tree.root().hex(), walk.checkpoints, first_bad)


class _BadPlace(Exception):
    def __init__(self, place: str, code: str, text: str) -> None:
        super().__init__(text)
        self.finding = Finding(place, code, text)


class _Walk:
    """One reading of one log."""

    def __init__(
        self, open_note: Callable[[str], Checkpoint], derived: Mapping[str, str], handovers: Mapping[int, bytes]
    ) -> None:
        self._open_note = open_note
        self._derived = _paths(derived)
        self._handovers = handovers
        self._kept: list[tuple[str, Checkpoint]] = []  # the smallest last
        self._last_size = -1
        self._last_hash = NO_PREVIOUS
        self._numbered: bool | None = None  # whether the records say their places; known from the first on
        self.tree = CompactRange()
        self.checkpoints = 0

    def through(
        self, records: Iterable[StoredRecord], checkpoints: Iterable[StoredCheckpoint], kept: Sequence[str]
    ) -> None:
        rows = iter(records)
        self._open_kept(kept)
        for stored in checkpoints:
            place, checkpoint = self._open_stored(stored)
            while self.tree.size < checkpoint.size:
                row = next(rows, None)
                if row is None:
                    self._bad_record("truncated", "The records end here, but a signed checkpoint covers more of them.")
                self._compare_kept()
                self._read_record(row)
            if self.tree.root() != checkpoint.root:
                raise _BadPlace(place, "checkpoint_root", "The records up to here are not those that were signed.")
            self.checkpoints += 1
        if next(rows, None) is not None:
            self._bad_record("unsigned_tail", "No signed checkpoint covers the records from here on.")
        self._compare_kept()
        if self._kept:
            raise _BadPlace(self._kept[-1][0], "rollback", "The log is shorter than a checkpoint that was kept of it.")

    def _open_stored(self, stored: StoredCheckpoint) -> tuple[str, Checkpoint]:
        place = f"checkpoint {self.checkpoints}" + (f" (size {stored.size})" if type(stored.size) is int else "")
        checkpoint = self._open(stored.note)
        if checkpoint is None:
            text = "The checkpoint is not a note signed by the key of this log."
            raise _BadPlace(place, "checkpoint_signature", text)
        if type(stored.size) is not int or stored.size != checkpoint.size:
            raise _BadPlace(place, "checkpoint_size", "The checkpoint is filed under another size than it states.")
        if checkpoint.size <= self._last_size:
            raise _BadPlace(place, "checkpoint_order", "The checkpoint is not larger than the one before it.")
        if checkpoint.previous != self._last_hash:
            raise _BadPlace(place, "checkpoint_chain", "The checkpoint does not name the one before it.")
        self._last_size, self._last_hash = checkpoint.size, note_hash(stored.note)
        return place, checkpoint

    def _open_kept(self, kept: Sequence[str]) -> None:
        for index, note in enumerate(kept):
            checkpoint = self._open(note)
            if checkpoint is None:
                text = "The checkpoint that was kept is not a note signed by the key of this log."
                raise _BadPlace(f"kept checkpoint {index}", "kept_signature", text)
            self._kept.append((f"kept checkpoint {index} (size {checkpoint.size})", checkpoint))
        self._kept.sort(key=lambda entry: entry[1].size, reverse=True)

    def _open(self, note: str) -> Checkpoint | None:
        try:
            return self._open_note(note) if isinstance(note, str) else None  # a store may give bytes or null
        except CheckpointError:
            return None

    def _compare_kept(self) -> None:
        # Called when the log's own checkpoint of this size, if any, has been compared: its finding is the plainer one.
        while self._kept and self._kept[-1][1].size == self.tree.size:
            place, checkpoint = self._kept.pop()
            if checkpoint.root != self.tree.root():
                raise _BadPlace(place, "fork", "The log is another than the one that this checkpoint was kept of.")

    def _read_record(self, row: StoredRecord) -> None:
        seq = self.tree.size
        if type(row.seq) is not int or row.seq != seq:
            self._bad_record("seq_gap", "A record is missing, repeated or out of order here.")
        leaf = canonical_object(row.leaf)
        if leaf is None:
            self._bad_record("leaf_not_canonical", "The record is not a JSON object in canonical form.")
        if self._numbered is None:
            self._numbered = "seq" in leaf
        if ("seq" in leaf) is not self._numbered:
            self._bad_record("leaf_mixed", "Of this record and those before it, only some say their place in the log.")
        if self._numbered and not _same(leaf["seq"], seq):
            self._bad_record("leaf_seq", "The record was written for another place in the log.")
        computed = leaf_hash(row.leaf)
        if row.leaf_hash != computed:
            self._bad_record("leaf_hash", "The stored hash is not that of the record.")
        if self._handovers.get(seq) != (computed if leaf.get("record") == "handover" else None):
            self._bad_record("handover", "The log's key is not rightly handed over here.")
        self._compare_columns(row.columns, _columns(leaf, self._derived))
        self.tree.append(computed)

    def _compare_columns(self, stored: Mapping[str, object], derived: Mapping[str, object]) -> None:
        if stored == derived and _TEXTS.issuperset(map(type, derived.values())):
            return
        for name, value in derived.items():
            if not _same(stored.get(name), value):
                self._bad_record(f"column:{name}", "A searchable column differs from the record.")
        if not stored.keys() <= derived.keys():
            self._bad_record("column_unknown", "A searchable column is not one that the record can show.")

    def _bad_record(self, code: str, text: str) -> NoReturn:
        raise _BadPlace(f"record {self.tree.size}", code, text)


def columns_of(leaf: Mapping[str, object]) -> dict[str, object]:
    """What a record says for each of its searchable columns; None where it says nothing."""
    return _columns(leaf, _PATHS)


def _columns(leaf: Mapping[str, object], paths: Sequence[_Path]) -> dict[str, object]:
    columns: dict[str, object] = {}
    for column, first, rest in paths:
        value = leaf.get(first)
        for name in rest:
            value = value.get(name) if isinstance(value, dict) else None
        columns[column] = value
    return columns


def _same(stored: object, derived: object) -> bool:
    # Of the same type too: in Python true equals 1 and 1.0, in the record they are three different statements.
    return type(stored) is type(derived) and stored == derived
