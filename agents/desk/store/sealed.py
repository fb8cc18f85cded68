"""Contents at rest: a data key for each case, wrapped outside the database, so that a case can be made unreadable."""

from agents.desk.keys import Keys
from agents.desk.store.database import Database


class Sealed:
    """In: the database that holds the wrapped keys, and whoever wraps them."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys

    def new_case(self) -> int:
        """A case with a key of its own: its opaque number."""
        raise NotImplementedError

    def seal(self, case: int, plain: bytes, label: str) -> bytes:
        """Contents of a case; the label says which, and must be said again. Raises Destroyed, DeskError."""
        raise NotImplementedError

    def open(self, case: int, sealed: bytes, label: str) -> bytes:
        """The contents. Raises Destroyed when the case's key is gone, DeskError when they are damaged."""
        raise NotImplementedError

    def destroy(self, case: int) -> None:
        """Nobody can read the case's contents any more, nor from any copy of the database."""
        raise NotImplementedError
