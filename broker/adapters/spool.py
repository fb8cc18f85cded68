"""Drop folders: an authority leaves files of messages in the folder with its name, and finds its receipts there.

Whoever may write in the folder is that authority: its permissions are the log-in. So one that everybody may write in is
not read. A file is whole when it has its name: it is written under a name that begins with a dot, then renamed. What
lies in a folder is not trusted: links and what is no file are left alone.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

RECEIPTS = "receipts"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW


class SpoolError(Exception):
    """The drop folders can't be used. One line, with what to do."""


@dataclass(frozen=True)
class Dropped:
    """A file that waits: whose it is, its name, and when it came, by this machine's clock and not by its sender's."""

    authority: str
    name: str
    arrived: datetime
    source: str
    """The same at each reading of the same file, so that what is recorded of it is found again."""


@dataclass(frozen=True)
class Taken:
    """A file that is being read."""

    given: BinaryIO
    receipts: BinaryIO
    """To write one line for each of its own."""
    done: Callable[[], None]
    """To call when all of it is durable: shows the receipts and takes the file away."""


class Spool:
    """The drop folders under one folder. Raises SpoolError when that can't be made or read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise SpoolError(f"{folder}: can't be made: {error.strerror}: choose another --spool") from None

    def authorities(self) -> list[str]:
        """Every folder's name, whether anybody is called so or not."""
        try:
            with os.scandir(self._folder) as found:
                return sorted(entry.name for entry in found if entry.is_dir(follow_symlinks=False))
        except OSError as error:
            raise SpoolError(f"{self._folder}: can't be read: {error.strerror}") from None

    def open_to_all(self, authority: str) -> bool:
        """Whether everybody may write in its folder, so that it proves nothing."""
        return bool((self._folder / authority).lstat().st_mode & stat.S_IWOTH)

    def waiting(self, authority: str) -> list[Dropped]:
        """The authority's files that are whole, the oldest first."""
        found = []
        with os.scandir(self._folder / authority) as entries:
            for entry in entries:
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                    found.append(_dropped(authority, entry.name, entry.stat(follow_symlinks=False)))
        return sorted(found, key=lambda dropped: (dropped.arrived, dropped.name))

    @contextmanager
    def taken(self, dropped: Dropped) -> Iterator[Taken]:
        """The file, to read. Unless it is done when the block ends it stays, to be read again. Raises OSError."""
        folder = os.open(self._folder / dropped.authority, _FOLDER)
        try:
            if RECEIPTS not in os.listdir(folder):  # noqa: PTH208 - pathlib knows no folder by its number
                os.mkdir(RECEIPTS, 0o750, dir_fd=folder)
            receipts = os.open(RECEIPTS, _FOLDER, dir_fd=folder)
            try:
                part = f".{dropped.name}"
                with (
                    open(os.open(dropped.name, _FILE, dir_fd=folder), "rb") as given,  # noqa: PTH123
                    open(os.open(part, _NEW, 0o640, dir_fd=receipts), "wb") as told,  # noqa: PTH123
                ):
                    if not stat.S_ISREG(os.fstat(given.fileno()).st_mode):
                        raise OSError("is no file")

                    def done() -> None:
                        told.flush()
                        os.rename(part, dropped.name, src_dir_fd=receipts, dst_dir_fd=receipts)
                        # another file that has got the name meanwhile is not the one that was read
                        if os.path.samestat(os.stat(dropped.name, dir_fd=folder), os.fstat(given.fileno())):
                            os.unlink(dropped.name, dir_fd=folder)

                    yield Taken(given, told, done)
            finally:
                os.close(receipts)
        finally:
            os.close(folder)


def _dropped(authority: str, name: str, status: os.stat_result) -> Dropped:
    file = f"{authority}/{name} {status.st_dev} {status.st_ino} {status.st_mtime_ns} {status.st_size}"
    place = hashlib.sha256(file.encode(errors="surrogateescape")).hexdigest()[:16]
    # The time of the inode's last change is set by the system alone, unlike that of the content.
    arrived = datetime.fromtimestamp(status.st_ctime, UTC)
    return Dropped(authority, name, arrived, f"spool {place}")
