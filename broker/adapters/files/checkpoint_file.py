"""The newest checkpoint that was ever published, beside the key that signed it: what no restored database may undo.

The file holds the whole signed note. The ledger that runs apart writes it before its database commits: then no
checkpoint that anybody can have read is larger than the one in the file, and a commit that fails after it is made again
from the same records. The embedded broker, whose records lie nowhere else, writes it when they are durable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from broker.adapters.files import lock_file, whole_file
from broker.log.checkpoint import Checkpoint, CheckpointError
from broker.ports.faults import LedgerError

FILE = "log.size"
_LOCK = "log.lock"


class NoteReader(Protocol):
    """Opens the checkpoints of one log."""

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note. Raises CheckpointError."""


class PublishedFile:
    """The file in a folder of keys, held by one ledger at a time."""

    def __init__(self, folder: Path, verifier: NoteReader, note: str | None = None) -> None:
        """`note`: what the file holds, where it has been read already.

        Raises LedgerError when the file holds no checkpoint of this log.
        """
        self.folder = folder
        self._path = folder / FILE
        self._verifier = verifier
        self._checkpoint = self._read(note)

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The newest that was published; None before the first."""
        return self._checkpoint

    def open_note(self, note: str) -> Checkpoint:
        """The checkpoint in a note of this log. Raises CheckpointError."""
        return self._verifier.open(note)

    def write(self, note: str) -> None:
        """This note is published from now on. Durable when it returns. Raises LedgerError, also for a smaller log."""
        checkpoint = self._verifier.open(note)
        before = self.checkpoint
        if before is not None and (
            checkpoint.size < before.size or (checkpoint.size == before.size and checkpoint.root != before.root)
        ):
            raise LedgerError(f"{self._path}: a log of {before.size} records is published: nothing smaller is signed")
        try:
            whole_file.write(self._path, note.encode(), whole_file.ANYBODY)
        except OSError as error:
            raise LedgerError(f"{self._path}: can't be written ({error.strerror}): nothing is signed") from None
        self._checkpoint = checkpoint

    def _read(self, note: str | None) -> Checkpoint | None:
        try:
            return self._verifier.open(self._path.read_text("utf-8") if note is None else note)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, CheckpointError):
            raise LedgerError(
                f"{self._path}: holds no checkpoint of this log: put it back from a copy, or save the newest one there"
            ) from None


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Be the one ledger on this machine that signs with this folder's key. Raises LedgerError."""
    try:
        lock = lock_file.take(folder / _LOCK)
    except BlockingIOError:
        raise LedgerError(f"{folder}: another ledger signs with this key: there may be only one") from None
    except OSError as error:
        raise LedgerError(f"{folder}: can't be written: {error.strerror}") from None
    with lock:
        yield
