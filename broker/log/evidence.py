"""An evidence archive: some records of the log, word for word, with all that a stranger needs to verify them.

An archive is a set of files by name, whether they lie in a folder, a ZIP file or inside the page that verifies them:

| file | holds |
|---|---|
| `manifest.json` | the log's public key, what the records were chosen by, the SHA-256 of every other file |
| `checkpoint.txt` | a signed checkpoint of the log, also with a witness's cosignature |
| `records/<seq>.json` | a record's bytes, as they were hashed |
| `proofs/<seq>.json` | its inclusion proof under the checkpoint (RFC 9162) |
| `statutes.json` | texts of law as they read on the day, which the log does not sign |

The records by which the log's key was handed over are always among them: whoever knows an earlier key follows.
Whatever is wrong, the first bad place is the same here as on the page (`broker/evidence/verify.js`), which is written
apart from this: what is changed here, is changed there.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, Protocol

from broker.log.checkpoint import Checkpoint, CheckpointError, VerificationKey
from broker.log.handover import HANDOVER, KeyChain, NoteReader
from broker.log.merkle import ProofError, leaf_hash, verify_inclusion
from broker.model.canonical import canonical, canonical_object
from broker.model.decision import Json

MANIFEST, CHECKPOINT, STATUTES = "manifest.json", "checkpoint.txt", "statutes.json"
MARK = "audit evidence 1"
LARGEST = (1 << 53) - 1
"""The largest place in a log that every reader of JSON knows exactly."""

Files = Mapping[str, bytes]

_RECORD = re.compile(r"records/(0|[1-9][0-9]{0,15})\.json")
_HASH = re.compile(r"[0-9a-f]{64}")
_SELECTION = ("case", "message", "seq")
_TEXT = {"day", "doubts", "in_force", "records", "ref", "text", "title"}


class WitnessReader(Protocol):
    """Reads what one witness has cosigned."""

    def cosigned(self, note: str) -> datetime:
        """When it cosigned this note. Raises CheckpointError when it has not."""


@dataclass(frozen=True)
class Selection:
    """What the records of an archive were chosen by: any of these."""

    cases: Sequence[str] = ()
    """Tokens."""
    messages: Sequence[str] = ()
    seqs: Sequence[int] = ()

    def as_json(self) -> Json:
        """The form in the manifest."""
        return {"case": sorted(self.cases), "message": sorted(self.messages), "seq": sorted(self.seqs)}


class Fault(NamedTuple):
    """The first bad place: a file's name, and what is wrong with it (a key of the texts `evidence`)."""

    place: str
    code: str


@dataclass(frozen=True)
class Verdict:
    """What came of an archive: its records, the size of the signed log, when the witness signed; the first bad place.

    `vkey` is the key that it was verified under.
    """

    records: tuple[int, ...] = ()
    size: int = 0
    vkey: str = ""
    witnessed: datetime | None = None
    first_bad: Fault | None = None


def build(
    vkey: str,
    note: str,
    leaves: Mapping[int, tuple[bytes, Sequence[bytes]]],
    size: int,
    *,
    selection: Selection,
    statutes: Json,
) -> dict[str, bytes]:
    """The files of an archive.

    In: the log's key, a checkpoint's note, the chosen records by their places, each with its inclusion proof in the
    tree of `size` that it is of, what they were chosen by, and `statutes` {`law`: revision, `texts`}.
    """
    files = {CHECKPOINT: note.encode(), STATUTES: canonical(statutes)}
    for seq, (leaf, path) in leaves.items():
        files[f"records/{seq}.json"] = leaf
        files[_proof_of(seq)] = canonical({"path": [step.hex() for step in path], "seq": seq, "size": size})
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"files": digests, "samband": MARK, "selection": selection.as_json(), "vkey": vkey}
    return {MANIFEST: canonical(manifest), **dict(sorted(files.items()))}


def verify(
    files: Files,
    reader: Callable[[str], NoteReader],
    *,
    vkey: str | None = None,
    witness: WitnessReader | None = None,
    kept: Iterable[Checkpoint] = (),
) -> Verdict:
    """Verify an archive, as far as its first bad place.

    In: `reader` for a public key; `vkey`: the log's key as it is known from elsewhere; a witness that must have
    cosigned; `kept` checkpoints, which where they are of the same size must have the same root. Errors are faults.
    """
    try:
        return _verify(files, reader, vkey, witness, {one.size: one.root for one in kept})
    except _BadPlace as bad:
        return Verdict(first_bad=bad.fault)


class _BadPlace(Exception):
    def __init__(self, place: str, code: str) -> None:
        super().__init__(place, code)
        self.fault = Fault(place, code)


def _verify(
    files: Files,
    reader: Callable[[str], NoteReader],
    vkey: str | None,
    witness: WitnessReader | None,
    roots: Mapping[int, bytes],
) -> Verdict:
    manifest = _manifest(files)
    own = str(manifest["vkey"])
    try:
        VerificationKey.parse(own)
    except CheckpointError:
        raise _BadPlace(MANIFEST, "key") from None
    seqs = _seqs(manifest["files"])
    keys = KeyChain(own, _handovers(files, seqs), reader)
    if vkey is not None and vkey not in keys.keys:
        raise _BadPlace(MANIFEST, "other_key")
    _compare_digests(files, manifest["files"])
    signed, note = _checkpoint(files, reader(own))
    if keys.at(signed.size) != own:
        raise _BadPlace(CHECKPOINT, "signature")
    if roots.get(signed.size, signed.root) != signed.root:
        raise _BadPlace(CHECKPOINT, "kept")
    witnessed = _witnessed(note, witness) if witness else None
    leaves = {seq: _leaf(files, seq, signed) for seq in seqs}
    for seq, leaf in leaves.items():
        if leaf.get("record") == HANDOVER and seq not in keys.places:
            raise _BadPlace(f"records/{seq}.json", "handover")
    _compare_selection(manifest["selection"], leaves)
    if not _is_statutes(canonical_object(files[STATUTES]), set(seqs)):
        raise _BadPlace(STATUTES, "form")
    return Verdict(tuple(seqs), signed.size, own, witnessed)


def _handovers(files: Files, seqs: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The records in it by which the log's key is handed over; that they stand in the log is seen later."""
    for seq in seqs:
        leaf = files.get(f"records/{seq}.json", b"")
        if (canonical_object(leaf) or {}).get("record") == HANDOVER:
            yield seq, leaf


def _manifest(files: Files) -> Json:
    if MANIFEST not in files:
        raise _BadPlace(MANIFEST, "missing")
    manifest = canonical_object(files[MANIFEST])
    if manifest is None or not _is_manifest(manifest):
        raise _BadPlace(MANIFEST, "form")
    return manifest


def _is_manifest(value: Json) -> bool:
    if set(value) != {"files", "samband", "selection", "vkey"} or value["samband"] != MARK:
        return False
    names, selection = value["files"], value["selection"]
    if not isinstance(value["vkey"], str) or not isinstance(names, dict) or not isinstance(selection, dict):
        return False
    if set(selection) != set(_SELECTION) or not all(isinstance(selection[name], list) for name in _SELECTION):
        return False
    texts = chain(selection["case"], selection["message"])
    if not all(isinstance(one, str) for one in texts) or not all(map(_is_place, selection["seq"])):
        return False
    if not all(isinstance(digest, str) and _HASH.fullmatch(digest) for digest in names.values()):
        return False
    seqs = _seqs(names)
    wanted = {CHECKPOINT, STATUTES, *(f"records/{seq}.json" for seq in seqs), *map(_proof_of, seqs)}
    return bool(seqs) and set(names) == wanted and all(map(_is_place, seqs))


def _is_place(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def _seqs(names: Iterable[Any]) -> list[int]:
    return sorted(int(match[1]) for match in map(_RECORD.fullmatch, names) if match)


def _proof_of(seq: int) -> str:
    return f"proofs/{seq}.json"


def _compare_digests(files: Files, digests: Mapping[str, str]) -> None:
    for name in sorted(digests):
        if name not in files:
            raise _BadPlace(name, "missing")
        if hashlib.sha256(files[name]).hexdigest() != digests[name]:
            raise _BadPlace(name, "changed")
    for name in sorted(files.keys() - digests.keys() - {MANIFEST}):
        raise _BadPlace(name, "unlisted")


def _checkpoint(files: Files, reader: NoteReader) -> tuple[Checkpoint, str]:
    try:
        note = files[CHECKPOINT].decode()
        return reader.open(note), note
    except (CheckpointError, UnicodeDecodeError):
        raise _BadPlace(CHECKPOINT, "signature") from None


def _witnessed(note: str, witness: WitnessReader) -> datetime:
    try:
        return witness.cosigned(note)
    except CheckpointError:
        raise _BadPlace(CHECKPOINT, "witness") from None


def _leaf(files: Files, seq: int, signed: Checkpoint) -> Json:
    """What a record says that stands in the signed log."""
    name, record = _proof_of(seq), f"records/{seq}.json"
    proof: Json | None = canonical_object(files[name])
    if proof is None or set(proof) != {"path", "seq", "size"} or not _is_path(proof["path"]):
        raise _BadPlace(name, "form")
    if not all(map(_is_place, (proof["seq"], proof["size"]))) or [proof["seq"], proof["size"]] != [seq, signed.size]:
        raise _BadPlace(name, "other_place")
    try:
        path = [bytes.fromhex(step) for step in proof["path"]]
        verify_inclusion(leaf_hash(files[record]), seq, signed.size, path, signed.root)
    except ProofError:
        raise _BadPlace(record, "not_in_log") from None
    leaf = canonical_object(files[record])
    if leaf is None:
        raise _BadPlace(record, "form")
    return leaf


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(step, str) and _HASH.fullmatch(step) for step in value)


def _compare_selection(selection: Json, leaves: Mapping[int, Json]) -> None:
    """Every record was chosen by something, and all that was chosen by has a record."""
    for seq, leaf in leaves.items():
        if not any(_chooses(selection, name, seq, leaf) for name in _SELECTION):
            raise _BadPlace(f"records/{seq}.json", "not_chosen")
    for name in _SELECTION:
        values = {seq if name == "seq" else leaf.get(name) for seq, leaf in leaves.items()}
        if not values.issuperset(selection[name]):
            raise _BadPlace(MANIFEST, "no_record")


def _chooses(selection: Json, name: str, seq: int, leaf: Json) -> bool:
    return (seq if name == "seq" else leaf.get(name)) in selection[name]


def _is_statutes(value: Json | None, seqs: set[int]) -> bool:
    if value is None or set(value) != {"law", "texts"} or not isinstance(value["law"], str):
        return False
    return isinstance(value["texts"], list) and all(_is_text(one, seqs) for one in value["texts"])


def _is_text(value: Any, seqs: set[int]) -> bool:
    """A text of law, of some of the records: its wording and its day are texts, its doubts in both languages."""
    if not isinstance(value, dict) or set(value) != _TEXT:
        return False
    texts = (value["ref"], value["text"], value["title"], value["day"], value["in_force"] or "")
    doubts, records = value["doubts"], value["records"]
    return (
        all(isinstance(one, str) for one in texts)
        and isinstance(doubts, list)
        and all(isinstance(one, dict) and set(one) == {"en", "sv"} for one in doubts)
        and all(isinstance(text, str) for one in doubts for text in one.values())
        and isinstance(records, list)
        and all(type(one) is int and one in seqs for one in records)
    )
