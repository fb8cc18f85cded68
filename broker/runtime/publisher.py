"""Publishes a log's newest checkpoint where others find it, cosigned by witnesses.

Whoever has fetched it there, or asks the witness, sees a log that was cut off or written anew, whoever holds the key.
Holds no key: it reads what is signed. A witness is told the log's size and root, and of no record.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from broker.adapters.files import whole_file
from broker.adapters.http.checkpoints import AnotherSize, PeerAway, PeerError, cosign, is_address, put
from broker.adapters.sql.read_model import Archive
from broker.log.checkpoint import CheckpointError
from broker.log.cosignature import with_lines
from broker.log.merkle import consistency_proof
from broker.log.verifier import StoredCheckpoint

FILE = "checkpoint.txt"
"""The file in a folder that is published to."""


@dataclass
class Publisher:
    """Publishes the checkpoints of one log to folders and addresses. In: how it is opened to be read."""

    reading: Callable[[], AbstractContextManager[Archive]]
    targets: Sequence[str]
    witnesses: Sequence[str] = ()
    _done: str = field(default="", init=False)
    """The note that all witnesses have cosigned and that is published everywhere."""
    _written: str = field(default="", init=False)
    _sizes: dict[str, int] = field(default_factory=dict, init=False)
    """The size that each witness has cosigned last, as far as is known."""

    def publish(self) -> None:
        """Publish the newest checkpoint, if it is another than before.

        A checkpoint that a witness refuses is not published. Where one is away it is published without that one's line,
        and the next call asks again. Raises SetUpError: one line that says what was not done.
        """
        with self.reading() as archive:
            newest = archive.last_checkpoint()
            if newest is None or newest.note == self._done:
                return
            note, away = newest.note, None
            for witness in self.witnesses:
                try:
                    note = with_lines(note, self._cosign(archive, newest, witness))
                except PeerAway as error:
                    away = error
                except CheckpointError:
                    raise PeerError(f"{witness}: what the witness answers is no cosignature") from None
        if note != self._written:
            for target in self.targets:
                _write(target, note)
            self._written = note
        if away is not None:
            raise away
        self._done = newest.note

    def _cosign(self, archive: Archive, newest: StoredCheckpoint, witness: str) -> str:
        """The signature lines of one witness. Raises PeerError."""
        try:
            lines = self._ask(archive, newest, witness, self._sizes.get(witness, 0))
        except AnotherSize as known:
            if known.size > newest.size:
                raise PeerError(
                    f"{witness}: the witness has cosigned a log of {known.size} records, and this one has "
                    f"{newest.size}: it was cut off, or is another; run 'samband audit verify'"
                ) from None
            lines = self._ask(archive, newest, witness, known.size)
        self._sizes[witness] = newest.size
        return lines

    def _ask(self, archive: Archive, newest: StoredCheckpoint, witness: str, old: int) -> str:
        proof = consistency_proof(archive.leaf_hashes(newest.size), old, newest.size) if old else []
        return cosign(witness, old, proof, newest.note)


def _write(target: str, note: str) -> None:
    if is_address(target):
        return put(target, note)
    try:
        Path(target).mkdir(parents=True, exist_ok=True)
        whole_file.write(Path(target) / FILE, note.encode(), whole_file.ANYBODY)
    except OSError as error:
        raise PeerError(f"{target}: can't be written: {error.strerror}") from None
