"""A recorded decision with all that belongs to it: its law, its thread, its place in the log, the answer of today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broker.adapters.sql.read_model import Archive, Record
from broker.explanation.again import ask_again, difference
from broker.explanation.record import explanation
from broker.log.checkpoint import CheckpointError
from broker.log.merkle import ProofError, leaf_hash, verify_inclusion
from broker.model.decision import Json, PolicyInput, in_todays_form
from broker.ports.policy import EngineError, PolicyDecisionPoint
from broker.review.index import Index
from broker.review.terms import EARLIER, term

_MOST = 200
"""Records of a thread."""
_ROUNDS = 6
"""Steps from a message to those that it answers, or that answer it."""


@dataclass(frozen=True)
class Proof:
    """Whether a record stands in the log as it was signed.

    `fault`: `not_covered`, `no_key` or `altered`; None: it does.
    """

    size: int
    steps: int
    note: str
    fault: str | None = None


@dataclass(frozen=True)
class Flip:
    """An answer of a human that, had it been the other, would have led to another outcome of the item."""

    test: str
    answer: bool
    outcome: str


@dataclass(frozen=True)
class Told:
    """A decision as the page tells of it."""

    record: Record
    explained: Json
    flips: dict[int, Sequence[Flip]]
    differs: Json | None
    """What the law would answer otherwise today."""
    thread: Sequence[Record]

    @property
    def leaf(self) -> Json:
        """The record."""
        return self.record.leaf


def tell(archive: Archive, index: Index, engine: PolicyDecisionPoint, record: Record) -> Told:
    """All that belongs to a record but its proof."""
    thread = thread_of(archive, index, record)
    explained = explanation(record, engine)
    if record.leaf["record"] != "decision":
        return Told(record, explained, {}, None, thread)
    [(_, now)] = ask_again(engine, iter([record]))
    return Told(record, explained, dict(_flips(explained, record, engine)), difference(record, now), thread)


def _flips(explained: Json, record: Record, engine: PolicyDecisionPoint) -> Iterator[tuple[int, Sequence[Flip]]]:
    """Of each item, the answers that decided it."""
    asked = in_todays_form(record.leaf["input"])
    for item in explained["items"]:
        variants = {test: _with(asked, item["item"], test, answers) for test, answers in item["answers"].items()}
        try:
            answered = engine.decide(variants) if variants else {}
        except EngineError:
            continue
        flips = []
        for test, decision in answered.items():
            outcome = _outcome(decision.receipt() if decision.quarantine is None else {}, item["item"])
            if outcome and outcome != item["outcome"]:
                flips.append(Flip(test, any(item["answers"][test].values()), outcome))
        yield item["item"], flips


def _with(asked: PolicyInput, index: int, test: str, answers: Json) -> PolicyInput:
    """What is asked, with the other answer to a test of an item."""
    item = asked["items"][str(index)]
    other = {**item["answers"], test: {key: not answer for key, answer in answers.items()}}
    return {**asked, "items": {**asked["items"], str(index): {**item, "answers": other}}}


def _outcome(receipt: Json, index: int) -> str | None:
    items = receipt.get("items", ())
    return next((str(item["outcome"]) for item in items if item["item"] == index), None)


def thread_of(archive: Archive, index: Index, record: Record) -> Sequence[Record]:
    """The records of its case, oldest first: what it answers, what answers it, what has become of each."""
    known: dict[int, Record] = {record.seq: record}
    asked: set[str] = set()
    fresh = _named(record.leaf)
    for _ in range(_ROUNDS):
        terms = [term(sort, message) for message in sorted(fresh) for sort in ("message", "about")]
        asked |= fresh
        if not terms or len(known) >= _MOST:
            break
        found = index.search([terms], limit=_MOST)
        more = [one for one in archive.some(found.seqs) if one.seq not in known]
        known |= {one.seq: one for one in more}
        fresh = {message for one in more for message in _named(one.leaf)} - asked
    return [known[seq] for seq in sorted(known)][:_MOST]


def _named(leaf: Json) -> set[str]:
    """The messages that a record names: its own, and those that it is about."""
    named = {leaf.get("message"), *(leaf.get(name) for name in EARLIER), (leaf.get("notice") or {}).get("message")}
    return {message for message in named if message}


@dataclass(frozen=True)
class Step:
    """A state of the last mile, and when it was reached; None: not yet."""

    state: str
    time: datetime | None


def mile(record: Record, thread: Sequence[Record]) -> Sequence[Step]:
    """How far a delivery has come, as its recipient has told: empty of what was not delivered."""
    leaf = record.leaf
    if leaf["receipt"]["outcome"] != "forward" or "acknowledges" in leaf:
        return ()
    sent = datetime.fromisoformat(leaf["time"])
    reached = {"delivered": datetime.fromisoformat(leaf["recorded"])} if leaf["recorded"] else {}
    for one in thread:
        if one.leaf.get("acknowledges") == leaf["message"]:
            state = (one.leaf["input"].get("stated") or {}).get("state")
            reached.setdefault(str(state), datetime.fromisoformat(one.leaf["time"]))
    known = [("accepted", sent), ("delivered", reached.get("delivered"))]
    return [Step(*one) for one in known] + [Step(state, reached.get(state)) for state in ("opened", "registered")]


def prove(archive: Archive, index: Index, record: Record, key: Path | None) -> Proof:
    """Whether the record stands in the signed log, tried here and now."""
    last = archive.last_checkpoint()
    if last is None or last.size <= record.seq:
        return Proof(last.size if last else 0, 0, "", "not_covered")
    try:
        vkey = key.read_text("utf-8").strip() if key else ""
    except OSError:
        vkey = ""
    if not vkey:
        return Proof(last.size, 0, last.note, "no_key")
    try:
        root = archive.keys(vkey).open(last.note).root
        path = index.tree(archive).inclusion_proof(record.seq, last.size)
        verify_inclusion(leaf_hash(archive.leaf_bytes([record.seq])[record.seq]), record.seq, last.size, path, root)
    except (CheckpointError, ProofError, TypeError):  # also where the bytes are no bytes any longer
        return Proof(last.size, 0, last.note, "altered")
    return Proof(last.size, len(path), last.note)
