"""A file that is there when it is whole: not before, nor gone after a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

OWNER = 0o600
ANYBODY = 0o644


@contextmanager
def write_whole(path: Path, mode: int = OWNER) -> Iterator[TextIO]:
    """Text that is the file's content when the block ends, and nothing where it fails; what is no file, as it comes.

    Raises OSError, which names the file.
    """
    with _whole(path, mode, new=False) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", newline="")
        yield text
        text.detach()


def write(path: Path, content: bytes, mode: int = OWNER, *, new: bool = False) -> None:
    """Make this the file's content. `new`: only where no file is yet.

    Raises OSError, which names the file; FileExistsError where it should be new and is not.
    """
    with _whole(path, mode, new=new) as stream:
        stream.write(content)


def settle(folder: Path) -> None:
    """Let the names of a folder be on disk, too. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _whole(path: Path, mode: int, *, new: bool) -> Iterator[BinaryIO]:
    try:
        if not new and path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)  # of one that was killed
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if new:
                path.hardlink_to(part)
            else:
                part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        settle(path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
