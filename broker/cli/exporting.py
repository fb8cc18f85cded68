"""The form of an exported log: JSON Lines that can be verified with nothing else than the public key.

First a header, then the checkpoints, then the records: a reader that verifies meets each checkpoint before the
records that it covers, and holds neither.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broker.audit_verifier import DERIVED_COLUMNS, StoredCheckpoint, StoredRecord
from broker.cli.output import Stop
from broker.decision import Json

MARK = "audit export"


def exported(
    origin: str, vkey: str, checkpoints: Iterable[StoredCheckpoint], records: Iterable[StoredRecord]
) -> Iterator[Json]:
    """The lines of an export, as objects."""
    yield {"samband": MARK, "origin": origin, "vkey": vkey}
    for checkpoint in checkpoints:
        yield {"checkpoint": {"size": checkpoint.size, "note": checkpoint.note}}
    for record in records:
        leaf = record.leaf.decode(errors="backslashreplace")
        yield {"record": {"seq": record.seq, "leaf": leaf, "leaf_hash": record.leaf_hash.hex()}}


@dataclass(frozen=True)
class Export:
    """An export in a file: `vkey` is what it says of itself."""

    path: Path
    vkey: str

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """The checkpoints in it."""
        for line in self._lines("checkpoint"):
            yield StoredCheckpoint(line.get("size", -1), line.get("note", ""))

    def records(self) -> Iterator[StoredRecord]:
        """The records in it. Search columns are no part of an export, so they follow from each leaf."""
        for line in self._lines("record"):
            leaf, digest = line.get("leaf"), line.get("leaf_hash")
            data = leaf.encode(errors="surrogatepass") if isinstance(leaf, str) else b""
            yield StoredRecord(line.get("seq", -1), data, _bytes(digest), _columns(data))

    def _lines(self, wanted: str) -> Iterator[Mapping[str, Any]]:
        for entry in _objects(self.path):
            found = entry.get(wanted)
            if isinstance(found, dict):
                yield found


def read(path: Path) -> Export:
    """Open an export. Raises Stop with one line when the file is none."""
    first = next(_objects(path), {})
    if first.get("samband") != MARK or not isinstance(first.get("vkey"), str):
        raise Stop(2, f"{path}: is no export of a log: make one with 'samband audit export'")
    return Export(path, first["vkey"])


def _objects(path: Path) -> Iterator[Json]:
    try:
        with path.open("rb") as file:
            for n, line in enumerate(file, 1):
                try:
                    found = json.loads(line)
                except (ValueError, RecursionError):
                    raise Stop(2, f"{path}: line {n}: is not JSON: export the log again") from None
                yield found if isinstance(found, dict) else {}
    except OSError as error:
        raise Stop(2, f"{path}: can't be read: {error.strerror}") from None


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _columns(leaf: bytes) -> dict[str, object]:
    """What the verifier would find in the leaf: an export has no columns of its own that could differ."""
    try:
        found = json.loads(leaf)
    except (ValueError, RecursionError):
        return {}
    return {name: _at(found, path) for name, path in DERIVED_COLUMNS.items()}


def _at(found: object, path: str) -> object:
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
