"""Verifies the inclusion proofs that `audit show --proof --json` printed, with the public key alone.

A proof is one line of JSON: `record`, `leaf_hash` (hex) and `proof` {`seq`, `size`, `path`, `checkpoint`}.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from broker.adapters.files.signing import Verifier
from broker.cli.output import Stop
from broker.log.checkpoint import Checkpoint, CheckpointError
from broker.log.merkle import ProofError, leaf_hash, verify_inclusion
from broker.model.canonical import canonical
from broker.model.decision import Json

_LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class Proven:
    """What came of one proof: the record's place, the size of the tree, and why it does not hold (None: it does).

    `fault` is `no_proof`, `record_changed`, `checkpoint`, `other_place`, `path` or `kept`.
    """

    seq: int | None
    size: int | None
    message: str | None
    fault: str | None


def verify(path: Path, vkey: str, kept: Sequence[str] = ()) -> Iterator[Proven]:
    """Verify each proof in a file, under the key in text form; `kept`: signed notes that somebody has kept elsewhere.

    A kept note of the same size must have the same root (RFC 9162 2.1.3.2). Raises Stop with one line when the file
    holds none, CheckpointError when the key is none.
    """
    verifier = Verifier(vkey)
    roots = {note.size: note.root for note in map(verifier.open, kept)}
    for line in _lines(path):
        proof, record = line.get("proof"), line.get("record")
        message = record.get("message") if isinstance(record, dict) else None
        seq, size = (proof.get("seq"), proof.get("size")) if isinstance(proof, dict) else (line.get("seq"), None)
        yield Proven(_integer(seq), _integer(size), message, _fault(line, verifier, roots))


def _fault(line: Json, verifier: Verifier, roots: dict[int, bytes]) -> str | None:
    proof = line.get("proof")
    if not isinstance(proof, dict):
        return "no_proof"
    try:
        leaf = leaf_hash(canonical(line["record"]))
        if leaf.hex() != line["leaf_hash"]:
            return "record_changed"
        signed = verifier.open(proof["checkpoint"])
        return _unlike(proof, leaf, signed) or ("kept" if roots.get(signed.size, signed.root) != signed.root else None)
    except CheckpointError:
        return "checkpoint"
    except ProofError:
        return "path"
    except (KeyError, TypeError, ValueError, AttributeError):
        return "no_proof"


def _unlike(proof: Json, leaf: bytes, signed: Checkpoint) -> str | None:
    if proof["size"] != signed.size:
        return "other_place"
    path = [bytes.fromhex(step) for step in proof["path"]]
    verify_inclusion(leaf, proof["seq"], signed.size, path, signed.root)
    return None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _lines(path: Path) -> Iterator[Json]:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Stop(
            2, f"{path}: can't be read as a proof: make one with 'samband audit show --seq N --proof --json'"
        ) from None
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        objects = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        objects = []
    if not objects or not all(isinstance(one, dict) for one in objects):
        raise Stop(2, f"{path}: is no proof: make one with 'samband audit show --seq N --proof --json'")
    yield from objects
