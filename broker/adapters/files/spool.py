"""Drop folders: an authority leaves files of messages in the folder with its name, and finds its receipts there.

Whoever may write in the folder is that authority: its permissions are the log-in. So nobody but the operator may make
folders beside it, and one that others than its owner may write in is not read. A file is whole when it has its name: it
is written under a name that begins with a dot, then renamed; one that is written under its own name is waited for until
it has rested. What lies in a folder is not trusted: links and what is no file are left alone, and nothing in it is
opened in a way that could wait.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from grp import getgrgid
from itertools import islice
from pathlib import Path
from pwd import getpwuid
from typing import BinaryIO

from broker.model.faults import SetUpError

RECEIPTS = "receipts"

REST = 10.0
"""Seconds for which a file that was not renamed must have stood still."""

LARGEST = 1 << 30
"""Bytes of a file, at most."""

_MOST = 10_000
"""Files of one authority that are looked at together, at most."""
_ACCESS_LIST = "system.posix_acl_access"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_NONBLOCK


class SpoolError(SetUpError):
    """The drop folders can't be used. One line, with what to do."""


@dataclass(frozen=True)
class Dropped:
    """A file that waits: whose it is, its name, and when it came, by this machine's clock and not by its sender's."""

    authority: str
    name: str
    arrived: datetime
    source: str
    """The same at each reading of the same file, so that what is recorded of it is found again."""
    size: int
    rests: bool
    """Whether nobody writes it any longer, as far as can be seen."""


@dataclass
class Taken:
    """A file that is being read."""

    given: "Opened"
    receipts: BinaryIO
    """To write one line for each of its own."""
    done: Callable[[], bool]
    """To call when all of it is durable: shows the receipts and takes the file away. False, and neither is done, when
    the file has changed since it was taken: it is to be read anew."""


@dataclass
class Opened:
    """The bytes that a file had when it was taken; what somebody adds meanwhile is not read."""

    stream: BinaryIO
    status: os.stat_result
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = self.status.st_size

    def readline(self, size: int) -> bytes:
        """As of any stream. A last line that has no end, in a file that grows, is none yet."""
        line = self.stream.readline(min(size, self._left))
        self._left -= len(line)
        return b"" if not self._left and not line.endswith(b"\n") and self.has_changed() else line

    def has_changed(self) -> bool:
        """Whether somebody has written since."""
        now = os.fstat(self.stream.fileno())
        return (now.st_size, now.st_mtime_ns) != (self.status.st_size, self.status.st_mtime_ns)


class Spool:
    """The drop folders under one folder. Raises SpoolError when that can't be made, or others may write in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise SpoolError(f"{folder}: can't be made: {error.strerror}: choose another --spool") from None
        self._check()

    def _check(self) -> None:
        try:
            status = self._folder.stat()
            shared = is_shared(self._folder)
        except OSError as error:
            raise SpoolError(f"{self._folder}: can't be read: {error.strerror}") from None
        if shared or status.st_uid not in (os.geteuid(), 0):
            raise SpoolError(
                f"{self._folder}: others may make folders there, and so be any authority: "
                "let it belong to the broker's user alone (chown, chmod go-w)"
            )

    def authorities(self) -> list[str]:
        """Every folder's name, whether anybody is called so or not. Raises SpoolError."""
        self._check()
        try:
            with os.scandir(self._folder) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError as error:
            raise SpoolError(f"{self._folder}: can't be read: {error.strerror}") from None

    def proves_nothing(self, authority: str) -> bool:
        """Whether others than its owner may write in its folder. Raises OSError."""
        return is_shared(self._folder / authority)

    def waiting(self, authority: str, now: datetime) -> list[Dropped]:
        """The authority's files that have their names, the oldest first. Raises OSError."""
        ready = []
        with os.scandir(self._folder / authority) as entries:
            for entry in islice(entries, _MOST):
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                    ready.append(_describe(authority, entry.name, entry.stat(follow_symlinks=False), now))
        return sorted(ready, key=lambda dropped: (dropped.arrived, dropped.name))

    @contextmanager
    def take(self, dropped: Dropped) -> Iterator[Taken]:
        """The file, to read. Unless it is done when the block ends it stays, to be read again. Raises OSError."""
        folder = os.open(self._folder / dropped.authority, _FOLDER)
        try:
            receipts = _receipts_in(folder)
            try:
                part = f".{dropped.name}"
                with open(os.open(dropped.name, _FILE, dir_fd=folder), "rb") as given:  # noqa: PTH123
                    opened = Opened(given, _regular(given))
                    with suppress(FileNotFoundError):
                        os.unlink(part, dir_fd=receipts)
                    with open(os.open(part, _NEW, 0o640, dir_fd=receipts), "wb") as receipts_file:  # noqa: PTH123
                        _regular(receipts_file)
                        _hand(receipts_file.fileno(), os.fstat(folder).st_gid)

                        def done() -> bool:
                            if opened.has_changed():
                                return False
                            receipts_file.flush()
                            os.rename(part, dropped.name, src_dir_fd=receipts, dst_dir_fd=receipts)
                            with suppress(FileNotFoundError):
                                # another file that has got the name meanwhile is not the one that was read
                                if os.path.samestat(os.stat(dropped.name, dir_fd=folder), opened.status):
                                    os.unlink(dropped.name, dir_fd=folder)
                            return True

                        yield Taken(opened, receipts_file, done)
            finally:
                os.close(receipts)
        finally:
            os.close(folder)


def is_shared(folder: Path) -> bool:
    """Whether others than a folder's owner may write in it. Raises OSError.

    The group of the owner's own, which has the owner's name and nobody else in it, is the owner. An access list shows
    its widest right where the group's stands.
    """
    status = folder.lstat()
    if status.st_mode & stat.S_IWOTH:
        return True
    if not status.st_mode & stat.S_IWGRP:
        return False
    if _ACCESS_LIST in os.listxattr(folder, follow_symlinks=False):
        return True
    try:
        owner, group = getpwuid(status.st_uid).pw_name, getgrgid(status.st_gid)
    except KeyError:
        return True
    return group.gr_name != owner or any(member != owner for member in group.gr_mem)


def _receipts_in(folder: int) -> int:
    """The folder for receipts in an authority's, opened. Raises OSError when it is a link, or a stranger's."""
    with suppress(FileExistsError):
        os.mkdir(RECEIPTS, 0o750, dir_fd=folder)
        descriptor = os.open(RECEIPTS, _FOLDER, dir_fd=folder)
        _hand(descriptor, os.fstat(folder).st_gid)
        return descriptor
    descriptor = os.open(RECEIPTS, _FOLDER, dir_fd=folder)
    status = os.fstat(descriptor)
    if status.st_uid not in (os.geteuid(), 0, os.fstat(folder).st_uid) or status.st_mode & stat.S_IWOTH:
        os.close(descriptor)
        raise PermissionError(f"{RECEIPTS} is not its owner's")
    return descriptor


def _hand(file: int, group: int) -> None:
    """Let the folder's group read what the broker writes there, where the broker may give it away."""
    with suppress(PermissionError):
        os.fchown(file, -1, group)


def _regular(file: BinaryIO) -> os.stat_result:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise OSError("is no file")
    return status


def _describe(authority: str, name: str, status: os.stat_result, now: datetime) -> Dropped:
    file = f"{authority}/{name} {status.st_dev} {status.st_ino} {status.st_mtime_ns} {status.st_size}"
    place = hashlib.sha256(file.encode(errors="surrogateescape")).hexdigest()[:16]
    # The time of the inode's last change is set by the system alone, unlike that of the content. It is the later one
    # where the last thing that happened was no writing, but that the file got its name.
    arrived = datetime.fromtimestamp(status.st_ctime, UTC)
    named = status.st_ctime_ns > status.st_mtime_ns
    rests = named or abs((now - arrived).total_seconds()) >= REST
    return Dropped(authority, name, arrived, f"spool {place}", status.st_size, rests)
