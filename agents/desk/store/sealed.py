"""Contents at rest: a data key for each case, wrapped outside the database, so that a case can be made unreadable."""

import json
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update

from agents.agency import Json
from agents.desk.cipher import new_key, open_sealed, seal
from agents.desk.faults import Destroyed
from agents.desk.keys import Keys, Wrapped
from agents.desk.store.tables import NO_DAY, cases
from broker.web.database import Database
from broker.web.faults import Missing

_MOST = 2_000
"""Data keys that are remembered at a time: so many cases can be listed without asking whoever wraps them."""


KEY = (cases.c.key_id, cases.c.data_key)
"""What is read with each row of a list, so that a page of them asks once."""


class Sealed:
    """In: the database that holds the wrapped keys, and whoever wraps them."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        self._known: dict[str, bytes] = {}
        self._lock = Lock()

    def new_case(self) -> int:
        """A case with a key of its own: its opaque number."""
        wrapped = self._keys.wrap(new_key())
        row = insert(cases).values(key_id=wrapped.key_id, data_key=wrapped.blob).returning(cases.c.number)
        with self._database.transaction() as connection:
            return int(connection.execute(row).scalar_one())

    def seal(self, case: int, plain: bytes, label: str) -> bytes:
        """Contents of a case; the label says which, and must be said again. Raises Destroyed, DeskError."""
        return seal(self._key(case), plain, _label(case, label))

    def open(self, case: int, sealed: bytes, label: str) -> bytes:
        """The contents. Raises Destroyed when the case's key is gone, DeskError when they are damaged."""
        return open_sealed(self._key(case), sealed, _label(case, label))

    def birth_date(self, row: Row[Any], label: str) -> str | None:
        """Of a row's `summary`, read with its `KEY`: what lists show of a person.

        None where nobody is named, or the case's key is gone.
        """
        if row.data_key is None:
            return None
        try:
            key = self._unwrapped(Wrapped(row.key_id, row.data_key))
        except Destroyed:
            return None
        said = json.loads(open_sealed(key, row.summary, _label(row.case, label)))["birth_date"]
        return str(said) if said else None

    def keep(self, case: int, told: Json | None, *, settles: bool = False) -> None:
        """Until when a case is kept, by what the broker tells of a message in it: the longest of all counts.

        `settles`: what is told holds for the whole case from now on, also where it was to be kept longer before.
        """
        if not told:
            return
        until = told["until"] or NO_DAY
        longer = or_(cases.c.until.is_(None), cases.c.until < until)
        this = cases.c.number == case if settles else and_(cases.c.number == case, longer)
        with self._database.transaction() as connection:
            connection.execute(update(cases).where(this).values({"class": told["class"], "until": until}))

    def due(self, day: date) -> list[int]:
        """The cases that nothing keeps on this day any more, and that can be read still."""
        ended = and_(cases.c.until < day.isoformat(), cases.c.data_key.is_not(None))
        with self._database.reading() as connection:
            return list(connection.execute(select(cases.c.number).where(ended).order_by(cases.c.number)).scalars())

    def destroy(self, case: int) -> None:
        """Nobody can read the case's contents any more, nor from any copy of the database; again changes nothing."""
        with self._database.transaction() as connection:
            key_id = connection.execute(select(cases.c.key_id).where(cases.c.number == case)).scalar()
            if key_id is None:
                raise Missing("there is no such case")
            self._keys.destroy(key_id)
            connection.execute(update(cases).where(cases.c.number == case).values(data_key=None))
            with self._lock:
                self._known.pop(key_id, None)

    def _key(self, case: int) -> bytes:
        with self._database.reading() as connection:
            row = connection.execute(select(cases.c.key_id, cases.c.data_key).where(cases.c.number == case)).first()
        if row is None:
            raise Missing("there is no such case")
        if row.data_key is None:
            raise Destroyed("the key of these contents is gone: they can't be read")
        return self._unwrapped(Wrapped(row.key_id, row.data_key))

    def _unwrapped(self, wrapped: Wrapped) -> bytes:
        """Remembered by the id of what wraps it: a case's number comes again where a transaction came to nothing."""
        with self._lock:
            if (known := self._known.get(wrapped.key_id)) is not None:
                return known
        key = self._keys.unwrap(wrapped)
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.pop(next(iter(self._known)))
            self._known[wrapped.key_id] = key
        return key


def _label(case: int, label: str) -> str:
    """Sealed contents can't be moved to another case or place unnoticed."""
    return f"{case}/{label}"
