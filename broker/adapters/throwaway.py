"""A throw-away copy of a data folder: to try something on what is recorded, and record nothing."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from broker.adapters import fetched
from broker.adapters.data_folder import DATABASE, DataFolderError


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A folder with the same state and keys, removed afterwards; an empty one when there is no state yet.

    Raises DataFolderError when the state can't be read.
    """
    with TemporaryDirectory(prefix="samband-check-") as place:
        copy = Path(place)
        if (folder / DATABASE).exists():
            try:
                _copy(folder, copy)
            except (OSError, sqlite3.Error) as error:
                raise DataFolderError(f"{folder}: can't be copied ({type(error).__name__})") from None
        yield copy


def _copy(folder: Path, copy: Path) -> None:
    shutil.copytree(folder / "keys", copy / "keys")
    for name in (fetched.FILE, DATABASE):
        readable = f"{(folder / name).absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(readable, uri=True)) as source,
            closing(sqlite3.connect(copy / name)) as database,
        ):
            source.backup(database)
