"""The audit verifier against a corpus of tampering: each kind at several places, found with its code and its place.

A kind is a function that tampers with one copy of the log and returns the code and the place to be reported.
"""

import ast
import base64
import gc
import hashlib
import json
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.adapters.files.signing import Signer, Verifier
from broker.log import verifier
from broker.log.checkpoint import NO_PREVIOUS, Checkpoint, note_hash
from broker.log.merkle import EMPTY_ROOT, CompactRange, leaf_hash
from broker.log.verifier import DERIVED_COLUMNS, Report, StoredCheckpoint, StoredRecord, verify

ORIGIN = "samband.example/log"
SIZES = [5, 12, 20, 21, 33, 40]
PLACES = [0, 1, 4, 5, 11, 12, 17, 20, 21, 32, 39]
CANARY = "canary-7f3a"  # in every value of a record: no finding may show it

Found = tuple[str, str]
Object = dict[str, Any]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record(seq: int, note: str = "", *, numbered: bool = True) -> Object:
    """What the broker writes of one input; every fourth has been put in quarantine, and has little to say.

    Not `numbered`: as the ledger that runs apart has it, which does not say its place.
    """
    if not numbered:
        return {name: value for name, value in record(seq, note).items() if name != "seq"}
    if seq % 4 == 3:
        time = f"2026-03-02T09:{seq:02}:00Z"
        return {"seq": seq, "record": "quarantine", "time": time, "error": CANARY, "note": note}
    return {
        "seq": seq,
        "record": "decision",
        "message": f"019c-{CANARY}-{seq}",
        "kind": "Disclosure",
        "sender": {"authority": f"kommun-{CANARY}", "unit": "social_services"},
        "recipient": {"authority": "polismyndigheten", "unit": "police_area"},
        "time": f"2026-03-02T09:{seq:02}:00Z",
        "subject": f"{CANARY}-subject" if seq % 2 else None,
        "case": f"{CANARY}-Å",
        "payload": hashlib.sha256(str(seq).encode()).hexdigest(),
        "policy": "f" * 64,
        "receipt": {"outcome": "forward", "grounds": [{"id": "s170_6", "ref": "2025:170 6 §"}], "partial": False},
        "note": note,
    }


def columns_of(leaf: Object) -> dict[str, object]:
    return {
        "record": leaf.get("record"),
        "message": leaf.get("message"),
        "kind": leaf.get("kind"),
        "sender": leaf.get("sender", {}).get("authority"),
        "recipient": leaf.get("recipient", {}).get("authority"),
        "outcome": leaf.get("receipt", {}).get("outcome"),
        "time": leaf.get("time"),
        "subject": leaf.get("subject"),
        "case": leaf.get("case"),
    }


def row(seq: int, leaf: Object) -> StoredRecord:
    return StoredRecord(seq, canonical(leaf), leaf_hash(canonical(leaf)), columns_of(leaf))


def sign(signer: Signer, rows: Sequence[StoredRecord], sizes: Sequence[int]) -> list[StoredCheckpoint]:
    checkpoints, previous = [], NO_PREVIOUS
    for size in sizes:
        root = CompactRange(leaf_hash(r.leaf) for r in rows[:size]).root()
        note = signer.sign(Checkpoint(ORIGIN, size, root, previous).body_text())
        checkpoints.append(StoredCheckpoint(size, note))
        previous = note_hash(note)
    return checkpoints


@dataclass(repr=False)
class Log:
    """A log that a test may tamper with. `signer` is what an insider holds, `stranger` what anyone can make."""

    records: list[StoredRecord]
    checkpoints: list[StoredCheckpoint]
    signer: Signer
    stranger: Signer
    numbered: bool = True

    def copy(self) -> "Log":
        return Log(self.records.copy(), self.checkpoints.copy(), self.signer, self.stranger, self.numbered)

    def new(self, seq: int, note: str = "") -> StoredRecord:
        """A record that is not in the log, as a row of its form."""
        return row(seq, record(seq, note, numbered=self.numbered))

    def out_of_place(self, at: int) -> Found:
        """What is found where whole records have changed places or gone, their rows made to hang together."""
        if self.numbered:
            return "leaf_seq", at_record(at)
        index = covering(at)
        return ("checkpoint_root", at_checkpoint(index))

    def check(self, kept: Sequence[str] = ()) -> Report:
        verifier = Verifier(self.signer.vkey)
        return verify(iter(self.records), iter(self.checkpoints), verifier.open, kept=kept)

    def leaf(self, at: int) -> Object:
        leaf: Object = json.loads(self.records[at].leaf)
        return leaf

    def alter(self, at: int, **fields: Any) -> None:
        self.records[at] = replace(self.records[at], **fields)

    def alter_column(self, at: int, name: str, value: object) -> None:
        self.alter(at, columns={**self.records[at].columns, name: value})

    def alter_note(self, at: int, note: str) -> None:
        self.checkpoints[at] = replace(self.checkpoints[at], note=note)

    def body(self, at: int) -> Checkpoint:
        return Checkpoint.parse(self.checkpoints[at].note.rpartition("\n\n")[0] + "\n")

    def resign(self, at: int, signer: Signer, **fields: Any) -> None:
        """Sign checkpoint `at` anew with other fields, and nothing after it."""
        body = replace(self.body(at), **fields)
        self.checkpoints[at] = StoredCheckpoint(body.size, signer.sign(body.body_text()))

    def renumber(self) -> None:
        """Make all rows hang together again: seq, leaf, hash and columns."""
        leaves = [{**self.leaf(seq), **({"seq": seq} if self.numbered else {})} for seq in range(len(self.records))]
        self.records = [row(seq, leaf) for seq, leaf in enumerate(leaves)]


@pytest.fixture(scope="module", params=[True, False], ids=["numbered", "numberless"])
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A log in each of the two forms."""
    keys = tmp_path_factory.mktemp("keys")
    signer, stranger = Signer(keys / "log.key", ORIGIN), Signer(keys / "stranger.key", ORIGIN)
    rows = [row(seq, record(seq, numbered=request.param)) for seq in range(SIZES[-1])]
    return Log(rows, sign(signer, rows, SIZES), signer, stranger, request.param)


def at_record(at: int) -> str:
    return f"record {at}"


def at_checkpoint(at: int) -> str:
    return f"checkpoint {at} (size {SIZES[at]})"


def covering(at: int) -> int:
    """The first checkpoint that covers record `at`."""
    return next(index for index, size in enumerate(SIZES) if size > at)


Kind = Callable[[Log, int], Found]
KINDS: dict[str, tuple[Kind, Sequence[int]]] = {}


def kind(places: Sequence[int] = PLACES) -> Callable[[Kind], Kind]:
    def add(tamper: Kind) -> Kind:
        KINDS[tamper.__name__] = (tamper, places)
        return tamper

    return add


def kinds_of(
    name: str, variants: dict[str, Any], tamper: Callable[[Log, int, Any], Found], places: Sequence[int]
) -> None:
    for variant, value in variants.items():
        KINDS[f"{name}: {variant}"] = (partial(_vary, tamper, value), places)


def _vary(tamper: Callable[[Log, int, Any], Found], value: Any, log: Log, at: int) -> Found:
    return tamper(log, at, value)


# ---- the bytes of a record


def other_bytes(log: Log, at: int, change: Callable[[bytes], Any]) -> Found:
    """Bytes that are no canonical object, with a hash that is right for them: no hash may excuse them."""
    changed = change(log.records[at].leaf)
    hashed = leaf_hash(changed) if isinstance(changed, bytes) else log.records[at].leaf_hash
    log.alter(at, leaf=changed, leaf_hash=hashed)
    return "leaf_not_canonical", at_record(at)


kinds_of(
    "leaf bytes",
    {
        "truncated": lambda leaf: leaf[:-1],
        "half": lambda leaf: leaf[: len(leaf) // 2],
        "empty": lambda leaf: b"",
        "byte added": lambda leaf: leaf + b" ",
        "newline added": lambda leaf: leaf + b"\n",
        "space inside": lambda leaf: leaf.replace(b":", b": ", 1),
        "byte order mark": lambda leaf: b"\xef\xbb\xbf" + leaf,
        "utf-16": lambda leaf: leaf.decode().encode("utf-16"),
        "invalid utf-8": lambda leaf: leaf.replace(b"T09", b"\xff\xfe", 1),
        "escaped": lambda leaf: leaf.replace(b"T09", b"\\u005409", 1),
        "lone surrogate": lambda leaf: leaf.replace(b"T09", b"\\ud800", 1),
        "keys not sorted": lambda leaf: json.dumps(
            dict(reversed(json.loads(leaf).items())), separators=(",", ":"), ensure_ascii=False
        ).encode(),
        "duplicate key": lambda leaf: b'{"aa":1,"aa":1,' + leaf[1:],
        "not a number": lambda leaf: b'{"aa":NaN,' + leaf[1:],
        "infinity": lambda leaf: b'{"aa":1e999,' + leaf[1:],
        "number of 5,000 digits": lambda leaf: b'{"aa":' + b"9" * 5000 + b"," + leaf[1:],
        "number written otherwise": lambda leaf: b'{"aa":1e2,' + leaf[1:],
        "too deep": lambda leaf: b'{"aa":' + b"[" * 100_000 + b"]" * 100_000 + b"," + leaf[1:],
        "a list": lambda leaf: b"[" + leaf + b"]",
        "a string": lambda leaf: json.dumps(leaf.decode(), ensure_ascii=False).encode(),
        "null": lambda leaf: b"null",
        "two objects": lambda leaf: leaf + leaf,
        "text in place of bytes": lambda leaf: leaf.decode(),
        "nothing": lambda leaf: None,
    },
    other_bytes,
    [0, 5, 17, 20, 32, 39],
)


@kind()
def edit_leaf(log: Log, at: int) -> Found:
    log.alter(at, leaf=canonical({**log.leaf(at), "error": "none"}))
    return "leaf_hash", at_record(at)


@kind()
def edit_leaf_and_hash_but_not_the_column(log: Log, at: int) -> Found:
    log.records[at] = replace(row(at, {**log.leaf(at), "time": "1999"}), columns=log.records[at].columns)
    return "column:time", at_record(at)


def insider_edit(log: Log, at: int, change: Callable[[Object], Object]) -> Found:
    """Leaf, hash and columns are changed together, as someone who may write to the database would."""
    log.records[at] = row(at, change(log.leaf(at)))
    return "checkpoint_root", at_checkpoint(covering(at))


kinds_of(
    "leaf, hash and columns",
    {
        "time": lambda leaf: {**leaf, "time": "1999-01-01T00:00:00Z"},
        "actor": lambda leaf: {**leaf, "sender": {"authority": "kommun-0180"}},
        "recipient": lambda leaf: {**leaf, "recipient": {"authority": "region-01"}},
        "outcome": lambda leaf: {**leaf, "receipt": {"outcome": "withhold"}},
        "rule id": lambda leaf: {**leaf, "receipt": {"outcome": "forward", "grounds": [{"id": "osl_27"}]}},
        "policy digest": lambda leaf: {**leaf, "policy": "e" * 64},
        "payload digest": lambda leaf: {**leaf, "payload": "0" * 64},
        "subject": lambda leaf: {**leaf, "subject": "someone else"},
        "case": lambda leaf: {**leaf, "case": "another"},
        "kind of record": lambda leaf: {**leaf, "record": "notice"},
        "field added": lambda leaf: {**leaf, "remark": "approved"},
        "field removed": lambda leaf: {name: value for name, value in leaf.items() if name != "time"},
        "all but seq removed": lambda leaf: {name: leaf[name] for name in leaf if name == "seq"},
    },
    insider_edit,
    PLACES,
)


@kind()
def edit_record_and_root_under_the_old_signature(log: Log, at: int) -> Found:
    insider_edit(log, at, lambda leaf: {**leaf, "time": "1999"})
    index = covering(at)
    old = log.body(index)
    root = CompactRange(r.leaf_hash for r in log.records[: old.size]).root()
    note = log.checkpoints[index].note
    log.alter_note(index, note.replace(old.body_text(), replace(old, root=root).body_text()))
    return "checkpoint_signature", at_checkpoint(index)


@kind()
def edit_record_and_sign_all_with_another_key(log: Log, at: int) -> Found:
    insider_edit(log, at, lambda leaf: {**leaf, "time": "1999"})
    log.checkpoints[covering(at) :] = sign(log.stranger, log.records, SIZES)[covering(at) :]
    return "checkpoint_signature", at_checkpoint(covering(at))


@kind(PLACES[:-1])
def edit_record_and_sign_only_its_checkpoint(log: Log, at: int) -> Found:
    """With the right key, but the later checkpoints name the old note."""
    insider_edit(log, at, lambda leaf: {**leaf, "time": "1999"})
    index = covering(at)
    root = CompactRange(r.leaf_hash for r in log.records[: SIZES[index]]).root()
    log.resign(index, log.signer, root=root)
    return "checkpoint_chain", at_checkpoint(index + 1)


# ---- the hash of a record


def other_hash(log: Log, at: int, change: Callable[[StoredRecord], Any]) -> Found:
    log.alter(at, leaf_hash=change(log.records[at]))
    return "leaf_hash", at_record(at)


kinds_of(
    "hash",
    {
        "one bit": lambda r: bytes([r.leaf_hash[0] ^ 1]) + r.leaf_hash[1:],
        "last bit": lambda r: r.leaf_hash[:-1] + bytes([r.leaf_hash[-1] ^ 128]),
        "without prefix": lambda r: hashlib.sha256(r.leaf).digest(),
        "node prefix": lambda r: hashlib.sha256(b"\x01" + r.leaf).digest(),
        "of another leaf": lambda r: leaf_hash(r.leaf + b" "),
        "truncated": lambda r: r.leaf_hash[:31],
        "lengthened": lambda r: r.leaf_hash + b"\x00",
        "empty": lambda r: b"",
        "zeros": lambda r: bytes(32),
        "hex text": lambda r: r.leaf_hash.hex(),
        "nothing": lambda r: None,
    },
    other_hash,
    [0, 20, 39],
)


# ---- the searchable columns


def other_column(log: Log, at: int, name: str) -> Found:
    log.alter_column(at, name, "something else")
    return f"column:{name}", at_record(at)


def emptied_column(log: Log, at: int, name: str) -> Found:
    log.alter_column(at, name, None)
    return f"column:{name}", at_record(at)


def dropped_column(log: Log, at: int, name: str) -> Found:
    log.alter(at, columns={key: value for key, value in log.records[at].columns.items() if key != name})
    return f"column:{name}", at_record(at)


ALL_COLUMNS = {name: name for name in DERIVED_COLUMNS}
kinds_of("column changed", ALL_COLUMNS, other_column, PLACES)
kinds_of("column emptied", ALL_COLUMNS, emptied_column, [1, 5, 17, 37])  # decisions with a subject
kinds_of("column dropped", ALL_COLUMNS, dropped_column, [1, 5, 17, 37])


@kind()
def column_filled_where_the_record_has_none(log: Log, at: int) -> Found:
    bare = {"seq": at} if log.numbered else {}
    log.records[at] = replace(row(at, bare), columns={**columns_of({}), "subject": "someone"})
    return "column:subject", at_record(at)


@kind([0, 2, 4, 20])
def subject_given_to_a_record_without_one(log: Log, at: int) -> Found:
    log.alter_column(at, "subject", f"{CANARY}-subject")
    return "column:subject", at_record(at)


@kind()
def columns_of_another_record(log: Log, at: int) -> Found:
    log.alter(at, columns=log.records[(at + 4) % 40].columns)
    return ("column:time" if at % 4 == 3 else "column:message"), at_record(at)


@kind()
def column_that_no_record_shows(log: Log, at: int) -> Found:
    log.alter_column(at, "approved_by", CANARY)
    return "column_unknown", at_record(at)


@kind()
def column_in_other_case(log: Log, at: int) -> Found:
    log.alter_column(at, "record", str(log.records[at].columns["record"]).upper())
    return "column:record", at_record(at)


@kind()
def column_as_bytes(log: Log, at: int) -> Found:
    log.alter_column(at, "time", str(log.records[at].columns["time"]).encode())
    return "column:time", at_record(at)


@kind()
def no_columns(log: Log, at: int) -> Found:
    log.alter(at, columns={})
    return "column:record", at_record(at)


# ---- the order of records


def other_seq(log: Log, at: int, change: Callable[[int], Any]) -> Found:
    log.alter(at, seq=change(at))
    return "seq_gap", at_record(at)


kinds_of(
    "seq",
    {
        "one more": lambda seq: seq + 1,
        "one less": lambda seq: seq - 1,
        "negative": lambda seq: -seq - 1,
        "far": lambda seq: seq + (1 << 63),
        "text": str,
        "fraction": float,
        "nothing": lambda seq: None,
    },
    other_seq,
    [0, 1, 17, 39],
)


@kind([0, 1])
def seq_as_truth_value(log: Log, at: int) -> Found:
    return other_seq(log, at, bool)


def other_leaf_seq(log: Log, at: int, change: Callable[[int], Any]) -> Found:
    leaf = {**log.leaf(at), "seq": change(at)}
    log.records[at] = row(at, leaf)
    return ("leaf_seq" if log.numbered or at == 0 else "leaf_mixed"), at_record(at)


kinds_of(
    "seq in the leaf",
    {"one more": lambda seq: seq + 1, "text": str, "fraction": float, "null": lambda seq: None, "list": lambda s: [s]},
    other_leaf_seq,
    [0, 17, 39],
)


@kind([0, 1])
def seq_in_the_leaf_as_truth_value(log: Log, at: int) -> Found:
    return other_leaf_seq(log, at, bool)


@kind()
def a_record_of_the_other_form(log: Log, at: int) -> Found:
    """The first record tells the form: where it is the strange one, the next is found to differ."""
    log.records[at] = row(at, record(at, numbered=not log.numbered))
    return "leaf_mixed", at_record(at or 1)


@kind(PLACES[1:])
def the_other_form_from_here_on(log: Log, at: int) -> Found:
    log.records[at:] = [row(seq, record(seq, numbered=not log.numbered)) for seq in range(at, len(log.records))]
    return "leaf_mixed", at_record(at)


@kind([0])
def the_whole_log_in_the_other_form(log: Log, at: int) -> Found:
    log.records = [row(seq, record(seq, numbered=not log.numbered)) for seq in range(len(log.records))]
    return "checkpoint_root", at_checkpoint(0)


@kind()
def delete_row(log: Log, at: int) -> Found:
    del log.records[at]
    return ("truncated" if at == 39 else "seq_gap"), at_record(at)


@kind(PLACES[:-1])
def delete_row_and_close_the_gap(log: Log, at: int) -> Found:
    del log.records[at]
    log.records[at:] = [replace(r, seq=r.seq - 1) for r in log.records[at:]]
    if not log.numbered and covering(at) == len(SIZES) - 1:
        return "truncated", at_record(39)
    return log.out_of_place(at)


@kind()
def delete_record_and_rewrite_all_after(log: Log, at: int) -> Found:
    del log.records[at]
    log.renumber()
    index = covering(at)
    return ("truncated", at_record(39)) if index == 5 else ("checkpoint_root", at_checkpoint(index))


@kind([0, 4, 5, 17, 20])
def delete_ten_rows(log: Log, at: int) -> Found:
    del log.records[at : at + 10]
    return "seq_gap", at_record(at)


@kind()
def duplicate_row(log: Log, at: int) -> Found:
    log.records.insert(at + 1, log.records[at])
    return ("unsigned_tail" if at == 39 else "seq_gap"), at_record(at + 1)


@kind(PLACES[:-1])
def duplicate_leaf_over_the_next(log: Log, at: int) -> Found:
    log.records[at + 1] = replace(log.records[at], seq=at + 1)
    return log.out_of_place(at + 1)


@kind()
def insert_row(log: Log, at: int) -> Found:
    log.records.insert(at, log.new(at, "new"))
    if at + 1 in SIZES:  # the new record closes a signed batch, whose root is compared before the next row is read
        return "checkpoint_root", at_checkpoint(covering(at))
    return "seq_gap", at_record(at + 1)


@kind()
def insert_record_and_rewrite_all_after(log: Log, at: int) -> Found:
    log.records.insert(at, log.new(at, "new"))
    log.renumber()
    return "checkpoint_root", at_checkpoint(covering(at))


@kind(PLACES[:-1])
def swap_rows(log: Log, at: int) -> Found:
    log.records[at : at + 2] = log.records[at : at + 2][::-1]
    return "seq_gap", at_record(at)


@kind(PLACES[:-1])
def swap_leaves(log: Log, at: int) -> Found:
    first, second = log.records[at], log.records[at + 1]
    log.alter(at, leaf=second.leaf)
    log.alter(at + 1, leaf=first.leaf)
    return ("leaf_seq" if log.numbered else "leaf_hash"), at_record(at)


@kind(PLACES[:-1])
def swap_all_but_seq(log: Log, at: int) -> Found:
    first, second = log.records[at], log.records[at + 1]
    log.records[at : at + 2] = [replace(second, seq=at), replace(first, seq=at + 1)]
    return log.out_of_place(at)


@kind(PLACES[:-1])
def swap_records_and_rewrite_both(log: Log, at: int) -> Found:
    """As a re-ordering of what came in within the same millisecond."""
    log.records[at : at + 2] = log.records[at : at + 2][::-1]
    log.renumber()
    return "checkpoint_root", at_checkpoint(covering(at))


@kind()
def exchange_with_the_last_record(log: Log, at: int) -> Found:
    other = (at + 20) % 40
    log.records[at], log.records[other] = log.records[other], log.records[at]
    return "seq_gap", at_record(min(at, other))


@kind([0])
def reverse_the_log(log: Log, at: int) -> Found:
    log.records.reverse()
    return "seq_gap", at_record(0)


@kind([0, 1, 5, 20, 39])
def truncate_the_records(log: Log, at: int) -> Found:
    del log.records[at:]
    return "truncated", at_record(at)


@kind([1, 2, 30])
def append_unsigned_records(log: Log, at: int) -> Found:
    log.records += [log.new(seq) for seq in range(40, 40 + at)]
    return "unsigned_tail", at_record(40)


@kind([0])
def all_records_gone(log: Log, at: int) -> Found:
    log.records.clear()
    return "truncated", at_record(0)


@kind([0])
def all_checkpoints_gone(log: Log, at: int) -> Found:
    log.checkpoints.clear()
    return "unsigned_tail", at_record(0)


# ---- the checkpoints

EACH = range(len(SIZES))
BUT_LAST = range(len(SIZES) - 1)
BUT_FIRST = range(1, len(SIZES))


@kind(BUT_LAST)
def drop_checkpoint(log: Log, at: int) -> Found:
    del log.checkpoints[at]
    return "checkpoint_chain", f"checkpoint {at} (size {SIZES[at + 1]})"


@kind([5])
def drop_last_checkpoint(log: Log, at: int) -> Found:
    del log.checkpoints[at]
    return "unsigned_tail", at_record(33)


@kind(EACH)
def duplicate_checkpoint(log: Log, at: int) -> Found:
    log.checkpoints.insert(at, log.checkpoints[at])
    return "checkpoint_order", f"checkpoint {at + 1} (size {SIZES[at]})"


@kind(BUT_LAST)
def swap_checkpoints(log: Log, at: int) -> Found:
    log.checkpoints[at : at + 2] = log.checkpoints[at : at + 2][::-1]
    return "checkpoint_chain", f"checkpoint {at} (size {SIZES[at + 1]})"


@kind([1, 2, 5])
def repeat_an_early_checkpoint_at_the_end(log: Log, at: int) -> Found:
    log.checkpoints.append(log.checkpoints[at])
    return "checkpoint_order", f"checkpoint 6 (size {SIZES[at]})"


def other_size(log: Log, at: int, change: Callable[[int], Any]) -> Found:
    size = change(SIZES[at])
    log.checkpoints[at] = replace(log.checkpoints[at], size=size)
    place = f"checkpoint {at} (size {size})" if type(size) is int else f"checkpoint {at}"
    return "checkpoint_size", place


kinds_of(
    "filed size",
    {
        "one more": lambda size: size + 1,
        "one less": lambda size: size - 1,
        "zero": lambda size: 0,
        "negative": lambda size: -size,
        "text": lambda size: f"{size} {CANARY}",
        "fraction": float,
        "nothing": lambda size: None,
    },
    other_size,
    EACH,
)


def other_note(log: Log, at: int, change: Callable[[str], Any]) -> Found:
    changed = change(log.checkpoints[at].note)
    assert changed != log.checkpoints[at].note
    log.alter_note(at, changed)
    return "checkpoint_signature", at_checkpoint(at)


def flip_signature(note: str) -> str:
    head, _, payload = note[:-1].rpartition(" ")
    raw = bytearray(base64.b64decode(payload))
    raw[20] ^= 1
    return f"{head} {base64.b64encode(raw).decode()}\n"


def flip_key_id(note: str) -> str:
    head, _, payload = note[:-1].rpartition(" ")
    raw = bytearray(base64.b64decode(payload))
    raw[0] ^= 1
    return f"{head} {base64.b64encode(raw).decode()}\n"


def with_size(note: str, change: Callable[[str], str]) -> str:
    lines = note.split("\n")
    lines[1] = change(lines[1])
    return "\n".join(lines)


def with_other_root(note: str) -> str:
    lines = note.split("\n")
    lines[2] = base64.b64encode(EMPTY_ROOT).decode()
    return "\n".join(lines)


def not_canonical_root(note: str) -> str:
    lines = note.split("\n")
    lines[2] = lines[2][:-2] + chr(ord(lines[2][-2]) + 1) + "="
    return "\n".join(lines)


kinds_of(
    "note",
    {
        "signature flipped": flip_signature,
        "key id flipped": flip_key_id,
        "signature removed": lambda note: note.rpartition("\n\n")[0] + "\n",
        "signature line empty": lambda note: note.rpartition("— ")[0],
        "signature twice": lambda note: note + note.rpartition("\n\n")[2],
        "signer renamed": lambda note: note.replace("— samband", "— xamband"),
        "origin changed": lambda note: note.replace("samband", "xamband", 1),
        "origin and signer changed": lambda note: note.replace("samband", "xamband"),
        "size one more": lambda note: with_size(note, lambda size: str(int(size) + 1)),
        "size with a leading zero": lambda note: with_size(note, lambda size: "0" + size),
        "size with a plus": lambda note: with_size(note, lambda size: "+" + size),
        "size 0": lambda note: with_size(note, lambda size: "0"),
        "root changed": with_other_root,
        "root not canonical": not_canonical_root,
        "crlf": lambda note: note.replace("\n", "\r\n"),
        "no final newline": lambda note: note[:-1],
        "extra newline": lambda note: note + "\n",
        "blank line in the body": lambda note: note.replace("\n", "\n\n", 1),
        "extension line": lambda note: note.replace("\n\n", "\npolicy abc\n\n"),
        "previous line removed": lambda note: "\n".join(line for line in note.split("\n") if "previous" not in line),
        "previous changed": lambda note: note.replace("previous ", "previous A"),
        "trailing space": lambda note: note.replace("\n", " \n", 1),
        "zero byte": lambda note: note + "\x00",
        "lone surrogate": lambda note: "\ud800" + note,
        "empty": lambda note: "",
        "canary": lambda note: CANARY,
        "nothing": lambda note: None,
        "bytes": lambda note: note.encode(),
    },
    other_note,
    [0, 2, 5],
)


@kind(EACH)
def signature_of_another_key(log: Log, at: int) -> Found:
    log.resign(at, log.stranger)
    return "checkpoint_signature", at_checkpoint(at)


@kind(EACH)
def signature_of_another_checkpoint(log: Log, at: int) -> Found:
    other = log.checkpoints[(at + 1) % 6].note.rpartition("\n\n")[2]
    log.alter_note(at, log.checkpoints[at].note.rpartition("\n\n")[0] + "\n\n" + other)
    return "checkpoint_signature", at_checkpoint(at)


@kind(EACH)
def note_of_another_checkpoint(log: Log, at: int) -> Found:
    log.alter_note(at, log.checkpoints[(at + 1) % 6].note)
    return "checkpoint_size", at_checkpoint(at)


@kind(BUT_LAST)
def unknown_signature_added_after_the_next_was_made(log: Log, at: int) -> Found:
    """The signature itself is to be ignored, but the next checkpoint names the note without it."""
    log.alter_note(at, log.checkpoints[at].note + "— witness.example AAAAAAAA\n")
    return "checkpoint_chain", at_checkpoint(at + 1)


@kind(EACH)
def right_key_signs_another_root(log: Log, at: int) -> Found:
    log.resign(at, log.signer, root=hashlib.sha256(b"other").digest())
    return "checkpoint_root", at_checkpoint(at)


@kind(EACH)
def right_key_signs_the_root_of_another_size(log: Log, at: int) -> Found:
    log.resign(at, log.signer, root=log.body((at + 1) % 6).root)
    return "checkpoint_root", at_checkpoint(at)


@kind(EACH)
def right_key_signs_a_broken_chain(log: Log, at: int) -> Found:
    log.resign(at, log.signer, previous=hashlib.sha256(b"other").digest())
    return "checkpoint_chain", at_checkpoint(at)


@kind(BUT_FIRST)
def right_key_signs_a_new_start(log: Log, at: int) -> Found:
    log.resign(at, log.signer, previous=NO_PREVIOUS)
    return "checkpoint_chain", at_checkpoint(at)


@kind(BUT_FIRST)
def right_key_skips_a_checkpoint(log: Log, at: int) -> Found:
    older = log.checkpoints[at - 2].note if at > 1 else ""
    log.resign(at, log.signer, previous=note_hash(older))
    return "checkpoint_chain", at_checkpoint(at)


@kind(EACH)
def right_key_signs_two_of_one_size(log: Log, at: int) -> Found:
    previous = note_hash(log.checkpoints[at].note)
    log.checkpoints.insert(at + 1, log.checkpoints[at])
    log.resign(at + 1, log.signer, previous=previous, root=hashlib.sha256(b"other").digest())
    return "checkpoint_order", f"checkpoint {at + 1} (size {SIZES[at]})"


@kind(BUT_FIRST)
def right_key_signs_a_smaller_size(log: Log, at: int) -> Found:
    smaller = SIZES[at - 1] - 1
    root = CompactRange(r.leaf_hash for r in log.records[:smaller]).root()
    log.resign(at, log.signer, size=smaller, root=root)
    return "checkpoint_order", f"checkpoint {at} (size {smaller})"


@kind([41, 100, 1 << 60])
def right_key_signs_more_than_there_is(log: Log, at: int) -> Found:
    previous = note_hash(log.checkpoints[-1].note)
    note = log.signer.sign(Checkpoint(ORIGIN, at, EMPTY_ROOT, previous).body_text())
    log.checkpoints.append(StoredCheckpoint(at, note))
    return "truncated", at_record(40)


@kind([1, 3, 5])
def checkpoints_of_another_log_of_this_key(log: Log, at: int) -> Found:
    rows = [log.new(seq, "other") for seq in range(40)]
    log.checkpoints[at:] = sign(log.signer, rows, SIZES)[at:]
    return "checkpoint_chain", at_checkpoint(at)


# ---- the corpus


def test_untouched_log_passes(log: Log) -> None:
    root = CompactRange(r.leaf_hash for r in log.records).root().hex()
    assert log.check() == Report(True, 40, root, 6, None)
    assert log.check(kept=[c.note for c in log.checkpoints]) == Report(True, 40, root, 6, None)


def test_corpus_is_as_large_as_promised() -> None:
    """At least 40 kinds, 1,000 cases in all."""
    assert len(KINDS) >= 40
    assert sum(len(places) for _, places in KINDS.values()) >= 1_000


@pytest.mark.parametrize("name", KINDS)
def test_every_tampering_is_found_where_it_is(name: str, log: Log) -> None:
    tamper, places = KINDS[name]
    for at in places:
        copy = log.copy()
        code, place = tamper(copy, at)
        report = copy.check()
        assert not report.ok and report.first_bad is not None, f"{name} at {at}: not found"
        finding = report.first_bad
        assert (finding.code, finding.place) == (code, place), f"{name} at {at}"
        assert finding.text.endswith(".") and "\n" not in finding.text
        assert CANARY not in f"{finding.place} {finding.code} {finding.text}"
        # A kept checkpoint may find it sooner, but never hides it.
        assert not copy.check(kept=[c.note for c in log.checkpoints]).ok


# ---- checkpoints that were kept elsewhere: the only defence against whoever holds the key


def rewritten(log: Log, at: int) -> Log:
    """Record `at` is edited, and the insider signs the whole log anew."""
    copy = log.copy()
    insider_edit(copy, at, lambda leaf: {**leaf, "time": "1999"})
    copy.checkpoints = sign(log.signer, copy.records, SIZES)
    return copy


@pytest.mark.parametrize("at", PLACES)
def test_log_signed_anew_by_an_insider_passes_by_itself(at: int, log: Log) -> None:
    """The limit of the claim, stated as a test: without a kept checkpoint nothing shows it."""
    assert rewritten(log, at).check().ok


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("kept", EACH)
def test_fork_is_found_by_a_kept_checkpoint_that_covers_it(at: int, kept: int, log: Log) -> None:
    report = rewritten(log, at).check(kept=[log.checkpoints[kept].note])
    if SIZES[kept] <= at:
        assert report.ok
    else:
        assert report.first_bad is not None
        assert (report.first_bad.code, report.first_bad.place) == ("fork", f"kept checkpoint 0 (size {SIZES[kept]})")


def test_first_fork_is_named_whatever_the_order_of_the_kept(log: Log) -> None:
    kept = [log.checkpoints[i].note for i in (5, 1, 3, 0)]
    report = rewritten(log, 7).check(kept=kept)
    assert report.first_bad is not None
    assert (report.first_bad.code, report.first_bad.place) == ("fork", "kept checkpoint 1 (size 12)")


@pytest.mark.parametrize("left", range(len(SIZES)))
def test_rollback_is_found(left: int, log: Log) -> None:
    """The database is restored from an old copy, which is whole in itself."""
    size = SIZES[left - 1] if left else 0
    old = log.copy()
    del old.records[size:], old.checkpoints[left:]
    assert old.check().ok
    report = old.check(kept=[c.note for c in log.checkpoints])
    assert report.first_bad is not None
    assert report.first_bad.code == "rollback"
    assert report.first_bad.place == f"kept checkpoint {left} (size {SIZES[left]})"
    assert (report.size, report.checkpoints) == (size, left)


@pytest.mark.parametrize("left", range(len(SIZES) - 1))
def test_tail_dropped_and_written_anew_is_a_fork(left: int, log: Log) -> None:
    copy = log.copy()
    copy.records[SIZES[left] :] = [log.new(seq, "new") for seq in range(SIZES[left], 60)]
    copy.checkpoints = sign(log.signer, copy.records, [*SIZES, 60])
    assert copy.check().ok
    report = copy.check(kept=[log.checkpoints[-1].note])
    assert report.first_bad is not None
    assert (report.first_bad.code, report.first_bad.place) == ("fork", "kept checkpoint 0 (size 40)")


def test_kept_checkpoint_is_still_a_prefix_when_the_log_has_grown(log: Log) -> None:
    grown = log.copy()
    grown.records += [log.new(seq) for seq in range(40, 57)]
    grown.checkpoints = sign(log.signer, grown.records, [*SIZES, 57])
    assert grown.check(kept=[c.note for c in log.checkpoints]).ok


def test_kept_checkpoint_of_a_size_that_the_log_has_none_of(log: Log) -> None:
    """As after a rebuild of the log from its records: the batches are other, the records are the same."""
    rebuilt = log.copy()
    rebuilt.checkpoints = sign(log.signer, rebuilt.records, [1, 2, 39, 40])
    assert rebuilt.check(kept=[c.note for c in log.checkpoints]).ok
    edited = rewritten(log, 13)
    edited.checkpoints = sign(log.signer, edited.records, [1, 2, 39, 40])
    report = edited.check(kept=[c.note for c in log.checkpoints])
    assert report.first_bad is not None
    assert (report.first_bad.code, report.first_bad.place) == ("fork", "kept checkpoint 2 (size 20)")


def test_kept_checkpoint_may_carry_signatures_of_witnesses(log: Log) -> None:
    assert log.check(kept=[log.checkpoints[3].note + "— witness.example AAAAAAAA\n"]).ok


@pytest.mark.parametrize("fault", [flip_signature, lambda note: "", lambda note: CANARY, lambda note: None])
def test_kept_checkpoint_that_is_not_of_this_log(fault: Callable[[str], str], log: Log) -> None:
    report = log.check(kept=[log.checkpoints[0].note, fault(log.checkpoints[3].note)])
    assert report.first_bad is not None
    assert (report.first_bad.code, report.first_bad.place) == ("kept_signature", "kept checkpoint 1")
    assert CANARY not in report.first_bad.text


def test_kept_checkpoint_of_another_key(log: Log) -> None:
    report = log.check(kept=[c.note for c in sign(log.stranger, log.records, SIZES)])
    assert report.first_bad is not None
    assert (report.first_bad.code, report.first_bad.place) == ("kept_signature", "kept checkpoint 0")


# ---- edges, and how it reads


def test_empty_log(log: Log) -> None:
    empty = Log([], [], log.signer, log.stranger)
    assert empty.check() == Report(True, 0, EMPTY_ROOT.hex(), 0, None)
    kept = log.signer.sign(Checkpoint(ORIGIN, 0, EMPTY_ROOT, NO_PREVIOUS).body_text())
    assert empty.check(kept=[kept]).ok
    assert log.check(kept=[kept]).ok


def test_log_whose_first_checkpoint_is_of_size_0(log: Log) -> None:
    started = log.copy()
    started.checkpoints = sign(log.signer, log.records, [0, *SIZES])
    assert started.check().ok
    started.records = []
    started.checkpoints = started.checkpoints[:1]
    assert started.check() == Report(True, 0, EMPTY_ROOT.hex(), 1, None)


def test_last_note_may_have_signatures_of_others(log: Log) -> None:
    witnessed = log.copy()
    witnessed.alter_note(5, log.checkpoints[5].note + "— witness.example AAAAAAAA\n")
    assert witnessed.check().ok


def test_report_counts_what_was_read_before_the_bad_place(log: Log) -> None:
    copy = log.copy()
    other_column(copy, 17, "time")
    report = copy.check()
    assert (report.ok, report.size, report.checkpoints) == (False, 17, 2)
    assert report.root == CompactRange(r.leaf_hash for r in log.records[:17]).root().hex()


def test_reading_stops_at_the_first_bad_place(log: Log) -> None:
    copy = log.copy()
    edit_leaf(copy, 7)
    edit_leaf(copy, 30)
    read = []

    def rows() -> Iterator[StoredRecord]:
        for r in copy.records:
            read.append(r.seq)
            yield r

    report = verify(rows(), copy.checkpoints, Verifier(log.signer.vkey).open)
    assert report.first_bad is not None and report.first_bad.place == "record 7"
    assert read == list(range(8))


def test_records_are_not_kept_in_memory(log: Log) -> None:
    alive: weakref.WeakSet[StoredRecord] = weakref.WeakSet()
    most = 0
    rows = [row(seq, record(seq)) for seq in range(2_000)]
    checkpoints = sign(log.signer, rows, [2_000])

    class Row(StoredRecord):
        __hash__ = object.__hash__

    def fresh() -> Iterator[StoredRecord]:
        nonlocal most
        for r in rows:
            copy = Row(r.seq, r.leaf, r.leaf_hash, r.columns)
            alive.add(copy)
            most = max(most, len(alive))
            yield copy

    gc.collect()
    assert verify(fresh(), checkpoints, Verifier(log.signer.vkey).open).ok
    assert most <= 3


def test_other_columns_may_be_derived(log: Log) -> None:
    rows = [replace(r, columns={"ground": json.loads(r.leaf).get("policy")}) for r in log.records]
    opener = Verifier(log.signer.vkey).open
    assert verify(rows, log.checkpoints, opener, derived={"ground": "policy"}).ok
    assert not verify(rows, log.checkpoints, opener).ok


@given(data=st.data())
def test_one_changed_byte_anywhere_is_found(data: st.DataObject, log: Log) -> None:
    copy = log.copy()

    def changed(value: bytes) -> bytes:
        at = data.draw(st.integers(0, len(value) - 1))
        return value[:at] + bytes([value[at] ^ data.draw(st.integers(1, 255))]) + value[at + 1 :]

    at = data.draw(st.integers(0, 39))
    match data.draw(st.sampled_from(["leaf", "leaf and hash", "hash", "column", "note"])):
        case "leaf":
            copy.alter(at, leaf=changed(copy.records[at].leaf))
        case "leaf and hash":
            leaf = changed(copy.records[at].leaf)
            copy.alter(at, leaf=leaf, leaf_hash=leaf_hash(leaf))
        case "hash":
            copy.alter(at, leaf_hash=changed(copy.records[at].leaf_hash))
        case "column":
            name = data.draw(st.sampled_from(list(DERIVED_COLUMNS)))
            value = str(copy.records[at].columns[name] or "-").encode()
            copy.alter_column(at, name, changed(value).decode("latin-1"))
        case "note":
            index = at % len(SIZES)
            copy.alter_note(index, changed(copy.checkpoints[index].note.encode()).decode("utf-8", "surrogateescape"))
    assert not copy.check().ok


@given(data=st.data())
def test_any_other_choice_and_order_of_rows_is_found(data: st.DataObject, log: Log) -> None:
    copy = log.copy()
    prefixes = st.integers(0, 40).map(lambda size: log.records[:size])
    choices = st.lists(st.sampled_from(log.records), max_size=50)
    copy.records = data.draw(st.one_of(prefixes, choices, st.permutations(log.records)))
    signed = st.integers(0, 6).map(lambda count: log.checkpoints[:count])
    copy.checkpoints = data.draw(st.one_of(signed, st.lists(st.sampled_from(log.checkpoints), max_size=6)))
    count = len(copy.checkpoints)
    size = SIZES[count - 1] if count else 0
    whole = copy.records == log.records[:size] and copy.checkpoints == log.checkpoints[:count]
    assert copy.check().ok is whole
    assert copy.check(kept=[log.checkpoints[-1].note]).ok is (whole and len(copy.records) == 40)


def test_verifier_shares_only_the_format() -> None:
    """It must not lean on what it checks: of the broker's modules only the tree, the text of checkpoints and the form
    of JSON, which is held to the standard library's by a test of its own (`test_canonical`).
    """
    tree = ast.parse(Path(verifier.__file__).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name.startswith("broker")} == {
        *("broker.log.merkle", "broker.log.checkpoint", "broker.model.canonical")
    }
    assert all(name.startswith("broker") or name in {"collections.abc", "dataclasses", "types", "typing"}
               for name in imported)  # fmt: skip
