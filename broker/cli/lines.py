"""Reads lines of messages from a file or from stdin, never holding more than one."""

import hashlib
import stat
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from broker.adapters.files.signing import Verifier
from broker.cli.output import Stop
from broker.log.checkpoint import MAX_NOTE_LENGTH, CheckpointError, SignedNote, VerificationKey, notes_in
from broker.pipeline.decode import MAX_BYTES

STDIN = Path("-")
_PIECE = 1 << 16


class Lines(Protocol):
    """What can be read line by line."""

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, or so many bytes of it; nothing at the end."""


@dataclass(frozen=True)
class Source:
    """An open file of lines: `name` is the same at each run of the same file, so that its records are found again."""

    name: str
    stream: BinaryIO
    size: int | None

    def __iter__(self) -> Iterator[bytes]:
        return lines(self.stream)


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a file, or stdin for `-`. Raises Stop with one line when it can't be read."""
    if path == STDIN:
        if sys.stdin is None:
            raise Stop(2, "stdin is closed: no input: give the path of a file of messages")
        yield Source(f"stdin {uuid.uuid4()}", sys.stdin.buffer, None)
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise Stop(2, f"{path}: can't be read: {error.strerror}: give the path of a file of messages, or -") from None
    with stream:
        status = path.stat()
        place = hashlib.sha256(str(path.resolve()).encode(errors="surrogateescape")).hexdigest()[:16]
        yield Source(f"file {place}", stream, status.st_size if stat.S_ISREG(status.st_mode) else None)


def lines(stream: Lines) -> Iterator[bytes]:
    """Each line without its end. One that is too long is cut just past the limit; an empty one at the end is none."""
    waiting = False
    while piece := stream.readline(MAX_BYTES + 2):
        line = piece.removesuffix(b"\n")
        if waiting:
            yield b""
        waiting = not line.strip()
        if line is piece and len(line) > MAX_BYTES:
            line = line[: MAX_BYTES + 1]
            _skip_line(stream)
        if not waiting:
            yield line


def _skip_line(stream: Lines) -> None:
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        pass


def checkpoint_notes(path: Path, *vkeys: str) -> tuple[str, ...]:
    """The signed notes of a log in a file that somebody has kept, also between other lines.

    In: the log's public keys. Raises Stop with one line when the file can't be read, or holds none that one of them is
    said to have signed: only one with a wrong signature says something of the log. CheckpointError when a key is none.
    """
    keys = [Verifier(vkey).key for vkey in vkeys]
    try:
        with path.open("rb") as file:
            notes = notes_in(file.read(MAX_NOTE_LENGTH).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise Stop(2, f"{path}: can't be read as a checkpoint: give the file with the signed note") from None
    if not notes:
        raise Stop(2, f"{path}: is no checkpoint: give the file with the signed note, as 'run' prints it")
    ours = tuple(note for note in notes if any(_names(note, key) for key in keys))
    if not ours:
        raise Stop(2, f"{path}: is a checkpoint that this log's key has not signed: of another log, or of another key")
    return ours


def _names(note: str, key: VerificationKey) -> bool:
    """Whether a note says that this key has signed it; one that can't be read says nothing else."""
    try:
        signatures = SignedNote.parse(note).signatures
    except CheckpointError:
        return True
    return any((signature.name, signature.key_id) == (key.name, key.key_id) for signature in signatures)
