"""The form of an exported log: JSON Lines that can be verified with nothing else than the public key.

First a header, then the checkpoints, then the records: a reader that verifies meets each checkpoint before the
records that it covers, and holds neither.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.adapters.files.signing import key_chain
from broker.cli.output import Stop
from broker.log.handover import HANDOVER, KeyChain
from broker.log.verifier import StoredCheckpoint, StoredRecord
from broker.model.canonical import canonical_object
from broker.model.decision import Json

MARK = "audit export"
_SAYS_HANDOVER = b'"record":"handover"'

ABOUT = {
    "sv": "Pseudonyma personuppgifter (GDPR artikel 4.5): samma person har samma beteckning i alla poster, med åldrar, "
    "tider och myndigheter. Lämna inte ut filen vidare utan prövning.",
    "en": "Pseudonymous personal data (GDPR Article 4(5)): a person has the same token in all records, with ages, "
    "times and authorities. Do not pass this file on without considering that.",
}
"""What an export holds, as it says itself: whoever knows of one meeting finds the others."""


def export(
    origin: str, vkey: str, checkpoints: Iterable[StoredCheckpoint], records: Iterable[StoredRecord]
) -> Iterator[Json]:
    """The lines of an export, as objects."""
    yield {"samband": MARK, "origin": origin, "vkey": vkey, "about": ABOUT}
    for checkpoint in checkpoints:
        yield {"checkpoint": {"size": checkpoint.size, "note": checkpoint.note}}
    for record in records:
        yield {"record": {"seq": record.seq, "leaf": _text(record.leaf), "leaf_hash": _hex(record.leaf_hash)}}


@dataclass(frozen=True)
class Export:
    """An export in a file: `vkey` is what it says of itself."""

    path: Path
    vkey: str

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """The checkpoints in it: those that stand before the first record."""
        for entry in _objects(self.path):
            if "record" in entry:
                return
            if isinstance(line := entry.get("checkpoint"), dict):
                yield StoredCheckpoint(line.get("size", -1), line.get("note", ""))

    def records(self) -> Iterator[StoredRecord]:
        """The records in it, without the search columns, which are no part of an export."""
        for entry in _objects(self.path):
            if isinstance(line := entry.get("record"), dict):
                leaf = line.get("leaf")
                data = leaf.encode(errors="surrogatepass") if isinstance(leaf, str) else b""
                yield StoredRecord(line.get("seq", -1), data, _bytes(line.get("leaf_hash")), {})

    def handovers(self) -> Iterator[tuple[int, bytes]]:
        """Where it says that the log's key is handed over, and the record there."""
        some = (row for row in self.records() if _SAYS_HANDOVER in row.leaf)
        return ((row.seq, row.leaf) for row in some if (canonical_object(row.leaf) or {}).get("record") == HANDOVER)

    def keys(self, vkey: str) -> KeyChain:
        """The keys of the log, one of which is known. Raises CheckpointError where that is malformed."""
        return key_chain(vkey, self.handovers())


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
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    raise Stop(2, f"{path}: line {n}: is not JSON: export the log again") from None
                yield value if isinstance(value, dict) else {}
    except OSError as error:
        raise Stop(2, f"{path}: can't be read: {error.strerror}") from None


def _text(leaf: object) -> str:
    """A leaf as text; what is not UTF-8, in a log that somebody has changed, no longer verifies, as it should."""
    return leaf.decode(errors="replace") if isinstance(leaf, bytes) else ""


def _hex(digest: object) -> str:
    return digest.hex() if isinstance(digest, bytes) else ""


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""
