"""A folder of the user's own for what could be made again, slowly."""

import os
import stat
from pathlib import Path

from broker.adapters.files import whole_file

_MOST = 4
"""So many are kept, those that were made last."""


def read(name: str) -> bytes | None:
    """What was kept; None where nothing was, or where another could have put it there."""
    try:
        return (_folder() / name).read_bytes()
    except (OSError, RuntimeError):
        return None


def keep(name: str, content: bytes) -> None:
    """Keep it for the next time, where there is a home to keep it in."""
    try:
        folder = _folder()
        whole_file.write(folder / name, content)
        for older in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)[_MOST:]:
            older.unlink()
    except (OSError, RuntimeError):
        return


def _folder() -> Path:
    """Raises OSError where it is not one that the user alone can write in; RuntimeError where there is no home."""
    folder = Path.home() / ".cache" / "samband"
    folder.mkdir(0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.geteuid() or not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o077:
        raise PermissionError(str(folder))
    return folder
