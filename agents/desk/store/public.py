"""What the public hands in: sealed until the broker has it, then gone, with a code that tells how far it has come.

Of who wrote it nothing is known here. A code, a message's id and a form lie here as digests alone, made with a key that
is wrapped outside the database: what somebody has who takes the database leads to no visitor and to no message.
"""

import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cached_property
from threading import BoundedSemaphore
from typing import Any, Literal, cast

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy import Row as DatabaseRow
from sqlalchemy.exc import IntegrityError

from agents.agency import Receipt
from agents.agency.broker import Outgoing
from agents.desk.cipher import open_sealed, seal
from agents.desk.faults import Destroyed
from agents.desk.keys import Keys, Wrapped
from agents.desk.store.schema import SCHEMA
from broker.web.database import Database

State = Literal["accepted", "opened", "registered"]
_STATES: tuple[State, ...] = ("accepted", "opened", "registered")
_MONTHS = 12
"""How long a code can be used."""
_SIZE = 32
_DIGITS = 16
_AGAIN = ("clock_skew",)
"""Faults after which a message is sent again, with a new time."""
_THERE = ("id_reused",)
"""Faults that say that the broker has the message already, with another time."""

intake = Table(
    "desk_intake",
    SCHEMA.metadata,
    Column("one", Integer, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("place", Integer, nullable=False),
)
"""The key of the digests, wrapped, and how far the broker's inbox has been read."""

handed_in = Table(
    "desk_handed_in",
    SCHEMA.metadata,
    Column("form", LargeBinary, primary_key=True),
    Column("code", LargeBinary, nullable=False, unique=True),
    Column("message", LargeBinary, index=True),
    Column("state", String, nullable=False),
    Column("until", Integer, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("key_id", String),
    Column("key", LargeBinary),
    Column("content", LargeBinary),
)
"""No time: only the month in which the code ends. `message` is gone when there is no more to hear of it."""

_ROW = handed_in.c
_NOTHING = {"key_id": None, "key": None, "content": None}


class Public:
    """In: the database, whoever wraps keys, the clock."""

    def __init__(self, database: Database, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._database, self._keys, self._clock = database, keys, clock
        self._slow = BoundedSemaphore(2)  # each digest of a code takes 16 MiB

    # --- the visitor

    def hand_in(self, messages: Sequence[Outgoing], form: str) -> str:
        """Keep a message to be sent; its code, which is never given again.

        In: the message, and others that go instead should the one before not be let through; what makes a form that is
        sent twice the same one. Then the message that is kept goes, and the newest code is the one that holds: whoever
        has lost an answer on the way gets another.
        """
        try:
            return self._hand_in(messages, form)
        except IntegrityError:  # the same form, twice at once
            return self._hand_in(messages, form)

    def _hand_in(self, messages: Sequence[Outgoing], form: str) -> str:
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        digest, mark, month = self._slow_digest(code), self._digest("form", form), _month(self._clock())
        with self._database.transaction() as connection:
            connection.execute(delete(handed_in).where(_ROW.until < month, _ROW.content.is_(None)))
            known = _ROW.form == mark
            if connection.execute(update(handed_in).where(known).values(code=digest)).rowcount:
                return code
            key = os.urandom(_SIZE)
            wrapped = self._keys.wrap(key)
            values = {
                "form": mark,
                "code": digest,
                "message": self._digest("message", messages[0].id),
                "refused": False,
            }
            content = seal(key, _written(messages), mark.hex())
            values |= {"key_id": wrapped.key_id, "key": wrapped.blob, "content": content}
            connection.execute(insert(handed_in).values(**values, state="accepted", until=month + _MONTHS))
        return code

    def state(self, code: str) -> State | None:
        """How far what a code was given for has come; None of any other: wrong, old, never given, in the same time."""
        digest = self._slow_digest(code)
        with self._database.reading() as connection:
            held = (_ROW.code == digest) & (_ROW.until >= _month(self._clock()))
            return cast("State | None", connection.execute(select(_ROW.state).where(held)).scalar())

    @cached_property
    def stamp_key(self) -> bytes:
        """What the forms' stamps are signed with: the same after a restart, so that what was typed still counts."""
        return self._digest("stamp", "")

    # --- the courier

    def waiting(self) -> list[Outgoing]:
        """What the broker is to get, or has not answered yet: by its id it counts once, however often it is sent."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(handed_in).where(_ROW.content.is_not(None), ~_ROW.refused)).all()
            return [messages[0] for row in rows if (messages := self._opened(connection, row))]

    def receive(self, receipt: Receipt) -> bool:
        """What the broker has done with a message: what it says is gone, and can't be read in any copy.

        Whether it went on, or another goes instead. One that did not stays sealed, and goes again where only its time
        was wrong.
        """
        fault = receipt.error[0] if receipt.error else ""
        with self._database.transaction() as connection:
            held = self._is(receipt.message or "") & _ROW.content.is_not(None)
            row = connection.execute(select(handed_in).where(held)).first()
            if row is None:  # answered before; or a fault of a message without a sender, which names none
                return receipt.message is not None or fault in _THERE
            if fault in _AGAIN:
                return False
            if receipt.outcome != "forward" and fault not in _THERE:
                return self._replace(connection, row)
            self._forget(connection, row)
            return True

    def acknowledge(self, message: str, state: str) -> None:
        """Its recipient has taken it up: a state only goes forward. After the last there is nothing more to hear."""
        if state not in _STATES:
            return
        with self._database.transaction() as connection:
            row = connection.execute(select(handed_in).where(self._is(message))).first()
            if row is None or _STATES.index(row.state) >= _STATES.index(state):
                return
            self._forget(connection, row)
            values = {"state": state} | ({"message": None} if state == _STATES[-1] else {})
            connection.execute(update(handed_in).where(_ROW.form == row.form).values(**values))

    def place(self) -> int:
        """Up to which line the broker's inbox has been read; -1: nothing."""
        assert self._key
        with self._database.reading() as connection:
            return int(connection.execute(select(intake.c.place)).scalar_one())

    def move(self, place: int) -> None:
        """It has been read up to here."""
        with self._database.transaction() as connection:
            connection.execute(update(intake).values(place=place))

    # --- within

    def _is(self, message: str) -> ColumnElement[bool]:
        return _ROW.message == self._digest("message", message)

    def _replace(self, connection: Connection, row: DatabaseRow[Any]) -> bool:
        """What was not let through gives way to what goes instead. Whether there is such."""
        values: dict[str, Any] = {"refused": True}
        if others := self._opened(connection, row)[1:]:
            content = seal(self._keys.unwrap(Wrapped(row.key_id, row.key)), _written(others), row.form.hex())
            values = {"message": self._digest("message", others[0].id), "content": content}
        connection.execute(update(handed_in).where(_ROW.form == row.form).values(**values))
        return bool(others)

    def _forget(self, connection: Connection, row: DatabaseRow[Any]) -> None:
        """The broker has it: what it says is gone, and can't be read in any copy of the database either."""
        if row.key_id:
            self._keys.destroy(row.key_id)
        connection.execute(update(handed_in).where(_ROW.form == row.form).values(**_NOTHING))

    def _opened(self, connection: Connection, row: DatabaseRow[Any]) -> list[Outgoing]:
        """A message with what goes instead; nothing where its key is gone, which it is when the broker has it."""
        try:
            key = self._keys.unwrap(Wrapped(row.key_id, row.key))
        except Destroyed:
            self._forget(connection, row)
            return []
        return _read(open_sealed(key, row.content, row.form.hex()))

    def _digest(self, sort: str, value: str) -> bytes:
        return hmac.new(self._key, f"{sort}\0{value}".encode(), hashlib.sha256).digest()

    def _slow_digest(self, code: str) -> bytes:
        """Of a code, however it is typed: so slow that nobody tries them all, not even with the key."""
        digits = "".join(sign for sign in unicodedata.normalize("NFKC", code[:100]) if sign.isdecimal())
        with self._slow:
            return hashlib.scrypt(digits.encode(), salt=self._digest("code", ""), n=2**14, r=8, p=1, dklen=_SIZE)

    @cached_property
    def _key(self) -> bytes:
        with self._database.transaction() as connection:
            row = connection.execute(select(intake)).first()
            if row is not None:
                return self._keys.unwrap(Wrapped(row.key_id, row.key))
            key = os.urandom(_SIZE)
            wrapped = self._keys.wrap(key)
            connection.execute(insert(intake).values(one=1, key_id=wrapped.key_id, key=wrapped.blob, place=-1))
            return key


def _month(now: datetime) -> int:
    return now.year * 12 + now.month


def _written(messages: Sequence[Outgoing]) -> bytes:
    return json.dumps(
        [asdict(one) | {"message": one.message.decode()} for one in messages], ensure_ascii=False
    ).encode()


def _read(text: bytes) -> list[Outgoing]:
    return [Outgoing(**values | {"message": values["message"].encode()}) for values in json.loads(text)]
