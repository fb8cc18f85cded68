"""The files of a log's key, among them that of the next one.

| file | holds |
|---|---|
| `log.key` | the key that signs |
| `log.key.prepared` | the next one, whose public half is handed out beforehand |
| `log.key.next` | the next one, to which whoever writes the log hands over as soon as it sees the file |
| `log.key.old` | the one before, which nothing needs any longer |
"""

from collections.abc import Sequence
from pathlib import Path

from broker.adapters.files import whole_file
from broker.adapters.files.signing import Signer, key_chain

KEY, PREPARED, NEXT, OLD = "log.key", "log.key.prepared", "log.key.next", "log.key.old"


def signer(folder: Path, name: str) -> Signer:
    """The key that signs. Raises KeyFileError."""
    return Signer(folder / KEY, name, create=False)


def prepare(folder: Path, name: str) -> Signer:
    """The next key, made where there is none; nothing is handed over to it yet. Raises KeyFileError."""
    return waiting(folder, name) or Signer(folder / PREPARED, name)


def offer(folder: Path, name: str) -> Signer:
    """Have the log handed over to the next key. Raises KeyFileError."""
    after = prepare(folder, name)
    if (folder / PREPARED).exists():
        (folder / PREPARED).replace(folder / NEXT)
        whole_file.settle(folder)
    return after


def waiting(folder: Path, name: str) -> Signer | None:
    """The key that the log is to be handed over to; None where none waits. Raises KeyFileError."""
    return Signer(folder / NEXT, name, create=False) if (folder / NEXT).exists() else None


def promote(folder: Path) -> None:
    """The log is handed over: the next key takes the place of the one that signed so far."""
    whole_file.write(folder / OLD, (folder / KEY).read_bytes())
    (folder / NEXT).replace(folder / KEY)
    whole_file.settle(folder)


def in_force(folder: Path, before: Signer, handovers: Sequence[tuple[int, bytes]]) -> Signer:
    """The key that signs what comes next, of a log with these hand-overs: one may have been cut off after its record.

    Raises KeyFileError.
    """
    after = waiting(folder, before.key.name)
    if after is None or key_chain(before.vkey, handovers).current != after.vkey:
        return before
    promote(folder)
    return signer(folder, before.key.name)
