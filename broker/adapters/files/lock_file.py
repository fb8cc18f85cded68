"""A lock file: one process on this machine at a time."""

import fcntl
import os
from io import FileIO
from pathlib import Path


def take(path: Path) -> FileIO:
    """The file, locked until it is closed; made for its owner only when it is missing.

    Raises BlockingIOError when another process holds it, and OSError when it can't be written.
    """
    file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        file.close()
        raise
    return file
