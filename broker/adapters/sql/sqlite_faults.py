"""What a fault of SQLite means to whoever runs a command: one clause, with what to do."""

import errno
import sqlite3

_FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM = "no room on the disk: make room and run again"

_CLAUSES = {
    sqlite3.SQLITE_FULL: NO_ROOM,
    sqlite3.SQLITE_IOERR: "the disk can't be read or written: see whether it is full or failing, and run again",
    sqlite3.SQLITE_BUSY: "is in use by another program: wait for it, and run again",
    sqlite3.SQLITE_LOCKED: "is in use by another program: wait for it, and run again",
    sqlite3.SQLITE_READONLY: "may not be written: copy the folder to where you may write, and point --data there",
    sqlite3.SQLITE_CANTOPEN: "may not be opened: copy the folder to where you may write, and point --data there",
    sqlite3.SQLITE_PERM: "may not be opened: copy the folder to where you may write, and point --data there",
    sqlite3.SQLITE_CORRUPT: "is damaged: put it back from a backup",
    sqlite3.SQLITE_NOTADB: "is damaged: put it back from a backup",
}


def is_full(error: BaseException) -> bool:
    """Whether the fault, or what led to it, is that a disk is full."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _FULL:
            return True
        if isinstance(seen, sqlite3.Error) and _code(seen) == sqlite3.SQLITE_FULL:
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def clause(error: BaseException | None) -> str:
    """What is the matter with a file, and what to do."""
    if isinstance(error, sqlite3.Error):
        return _CLAUSES.get(_code(error), f"{type(error).__name__}: can't be used")
    if isinstance(error, OSError):
        return NO_ROOM if error.errno in _FULL else f"can't be used: {error.strerror}"
    return f"{type(error).__name__}: can't be used"


def _code(error: sqlite3.Error) -> int:
    """The primary code; of a fault of Python's own, which has none, 0."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
