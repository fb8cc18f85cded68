"""Keeps the search index up with the log, beside the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event, Lock, Thread

from broker.adapters.sql.read_model import Archive
from broker.ports.faults import Away
from broker.review.index import Index

_INDEX = "index"
PATIENCE = 2.0
"""Seconds that a search waits for what is new; then it answers of what is in the index, and says so."""


class Keeper:
    """In: the index, and how the records are reached."""

    def __init__(self, index: Index, archive: Callable[[], AbstractContextManager[Archive]]) -> None:
        self.index, self._archive = index, archive
        self._lock, self._done = Lock(), Event()
        self._thread: Thread | None = None
        self._fault: Exception | None = None

    def refresh(self, patience: float = PATIENCE) -> bool:
        """Take in what is new; whether all of it is in. Raises what hindered it: Away, SetUpError."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._fault = None
                self._done.clear()
                self._thread = Thread(target=self._catch_up, name="review-index", daemon=True)
                self._thread.start()
        done = self._done.wait(patience)
        if self._fault is not None:
            raise self._fault
        return done

    def complete(self, patience: float) -> Index:
        """The index once the whole log is in it. Raises Away when it takes longer (seconds), SetUpError."""
        if not self.refresh(patience):
            raise Away(_INDEX, "Behind", "the search index is not up with the log yet")
        return self.index

    def _catch_up(self) -> None:
        try:
            with self._archive() as archive:
                self.index.catch_up(archive)
        except Exception as error:
            self._fault = error
        finally:
            self._done.set()
