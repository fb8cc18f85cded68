"""Copies of a data folder: made while a broker runs there, put back where data are lost.

A copy is a folder as the data folder is, without its keys. The records come first, then the marks of what is given out:
so these tell of every delivery that was given out by then.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from broker.adapters.files import whole_file
from broker.adapters.sql import data_folder, delivered_marks, sqlite_faults
from broker.adapters.sql.data_folder import DATABASE, PUBLIC_KEY, DataFolderError

_OWNER_ONLY = 0o700
_FILES = (DATABASE, delivered_marks.FILE)


def make(folder: Path, copy: Path) -> int:
    """Copy what is recorded, as it is at one moment; the copy's bytes. Whoever writes there goes on.

    The copy is there whole or not at all. Raises DataFolderError.
    """
    part = copy.with_name(f".{copy.name}.part")
    with _usable(copy):
        shutil.rmtree(part, ignore_errors=True)  # of one that was killed
        part.mkdir(mode=_OWNER_ONLY, parents=True)
        for name in _FILES:
            _copy(folder / name, part / name)
        whole_file.write(part / PUBLIC_KEY, (folder / PUBLIC_KEY).read_bytes(), whole_file.ANYBODY)
        whole_file.settle(part)
        part.rename(copy)
        whole_file.settle(copy.parent)
        return sum(file.stat().st_size for file in copy.iterdir())


def put_back(copy: Path, folder: Path, now: datetime) -> bool:
    """Put a copy in the place of what is there, which is set aside and not removed. The caller holds the lock.

    Gives whether the marks of what is given out are the copy's: what was given out since stands in none then. The
    folder's own are kept, where they can be read. Raises DataFolderError.
    """
    with _usable(folder):
        own_marks = _is_readable(folder / delivered_marks.FILE)
        aside = folder / f"aside-{now:%Y%m%dT%H%M%SZ}"
        for name in (DATABASE,) if own_marks else _FILES:
            put = folder / f".{name}.part"
            _copy(copy / name, put)
            for file in [*folder.glob(f"{name}*")]:
                aside.mkdir(mode=_OWNER_ONLY, exist_ok=True)
                file.rename(aside / file.name)
            put.rename(folder / name)
        whole_file.write(folder / PUBLIC_KEY, (copy / PUBLIC_KEY).read_bytes(), whole_file.ANYBODY)
        whole_file.settle(folder)
    return not own_marks


def _copy(source: Path, target: Path) -> None:
    """A database as it is at one moment, however much is written there meanwhile; on the disk when this returns."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, whole_file.OWNER))
    with closing(data_folder.readable(source)) as of, closing(sqlite3.connect(target)) as to:
        of.backup(to)
        to.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def _is_readable(path: Path) -> bool:
    try:
        with closing(data_folder.readable(path)) as connection:
            return [*connection.execute("PRAGMA quick_check")] == [("ok",)]
    except sqlite3.Error:
        return False


@contextmanager
def _usable(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataFolderError(f"{error.filename or place}: can't be copied: {error.strerror}") from None
    except sqlite3.Error as error:
        raise DataFolderError(f"{place}: {sqlite_faults.clause(error)}") from None
