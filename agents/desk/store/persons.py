"""In which cases a person is named: found by who knows the number, of which a keyed digest alone lies here."""

import hashlib
import hmac
import os
import re
from collections.abc import Iterator

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, insert, select

from agents.agency import Json
from agents.agency.drafts import number
from agents.desk.keys import Keys, Wrapped
from agents.desk.store.schema import SCHEMA
from broker.web.database import Database

_SIZE = 32
_BLANKS = re.compile(r"\s+")

tokens = Table(
    "desk_person",
    SCHEMA.metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("case", Integer, primary_key=True, autoincrement=False, index=True),
)
token_key = Table(
    "desk_person_key",
    SCHEMA.metadata,
    Column("one", Integer, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("key", LargeBinary, nullable=False),
)
"""The key of the digests, wrapped outside the database: who takes the database can try no number against them."""


class Persons:
    """In: the database, whoever wraps keys."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys
        self._known: dict[str, bytes] = {}
        """Remembered by the id of what wraps it: one of a transaction that came to nothing is none."""

    def note(self, case: int, content: Json) -> None:
        """Everybody whom a message names by a number is found in its case from now on; again changes nothing."""
        with self._database.transaction() as connection:
            named = {self._token(id) for id in _ids(content)}
            known = set(connection.execute(select(tokens.c.token).where(tokens.c.case == case)).scalars())
            for token in named - known:
                connection.execute(insert(tokens).values(token=token, case=case))

    def cases(self, said: str) -> list[int]:
        """The cases in which somebody is named, the newest first; nothing is kept of the question."""
        asked = select(tokens.c.case).where(tokens.c.token == self._token(said)).order_by(tokens.c.case.desc())
        with self._database.reading() as connection:
            return [int(case) for case in connection.execute(asked).scalars()]

    def forget(self, case: int) -> None:
        """Nobody is found in it any more."""
        with self._database.transaction() as connection:
            connection.execute(delete(tokens).where(tokens.c.case == case))

    def _token(self, said: str) -> bytes:
        """The same however a number is written."""
        known = number(said)
        plain = known[0] if known else _BLANKS.sub("", said).casefold()
        return hmac.digest(self._key(), plain.encode(), hashlib.sha256)

    def _key(self) -> bytes:
        with self._database.transaction() as connection:
            row = connection.execute(select(token_key)).first()
            if row is None:
                wrapped = self._keys.wrap(os.urandom(_SIZE))
                connection.execute(insert(token_key).values(one=1, key_id=wrapped.key_id, key=wrapped.blob))
            else:
                wrapped = Wrapped(row.key_id, row.key)
        if wrapped.key_id not in self._known:
            self._known[wrapped.key_id] = self._keys.unwrap(wrapped)
        return self._known[wrapped.key_id]


def _ids(value: object) -> Iterator[str]:
    """The number of everybody who is named anywhere."""
    if isinstance(value, dict):
        if value.get("id_type") and isinstance(value.get("id"), str):
            yield value["id"]
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)
