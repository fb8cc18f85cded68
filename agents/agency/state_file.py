"""One SQLite file with state of one's own, whose changes are kept together or not at all."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StateFile:
    """In: the file's path, made when it is missing; None: in memory, gone with the process; whether threads share it.

    Raises OSError and sqlite3.Error.
    """

    def __init__(self, path: Path | None, *, threads: bool = False) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=not threads)
        try:
            if path is not None:
                self._db.execute("pragma journal_mode=wal")
            self._db.execute("pragma synchronous=full")
            self._db.execute("pragma secure_delete=on")
            self._prepare(path)
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, path: Path | None) -> None:
        """Make the tables, where they are missing."""
        raise NotImplementedError

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is kept herein is kept, or nothing of it."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
