"""Who works at the desk, by account or through the authority's login, with their sessions."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import (
    Boolean,
    Column,
    CursorResult,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from agents.desk.faults import DeskError
from agents.desk.store.database import METADATA, Database, Moment
from agents.desk.user import May, User

_RIGHTS = frozenset(get_args(May))
_TOUCH = timedelta(minutes=1)
"""A session that is used is written down this often, not at each page."""

users = Table(
    "desk_users",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("role", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("lang", String, nullable=False),
    Column("scheme", String, nullable=False),
    Column("may", String, nullable=False),  # words, in alphabetical order
    Column("account", String, unique=True),  # of a local account
    Column("password", String),  # its digest
    Column("subject", String, unique=True),  # digest of who it is at the identity provider
    Column("active", Boolean, nullable=False),
)
sessions = Table(
    "desk_sessions",
    METADATA,
    Column("key", String, primary_key=True),  # digest of what the browser has
    Column("user", ForeignKey(users.c.number), index=True),  # none: about to log in
    Column("begun", Moment, nullable=False),
    Column("used", Moment, nullable=False),
    Column("pending", String),  # of a login under way: what its answer is held against
)


@dataclass(frozen=True)
class Person:
    """What is known of somebody who may work here."""

    name: str
    unit: str
    role: str
    officer: str
    may: frozenset[May]


class People:
    """In: the database; a session ends after so long without use, and after so long at the latest."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        idle: timedelta = timedelta(minutes=30),
        longest: timedelta = timedelta(hours=10),
    ) -> None:
        self._database, self._clock, self._idle, self._longest = database, clock, idle, longest

    def add(self, person: Person, *, account: str, password: str, lang: str = "sv") -> User:
        """A local account. In: the digest of its password. Raises DeskError when its name is taken."""
        with self._database.transaction() as connection:
            if connection.execute(select(users.c.number).where(users.c.account == account)).first():
                raise DeskError("there is such an account already: choose another name, or set its password")
            made = connection.execute(
                insert(users).values(**_columns(person), account=account, password=password, lang=lang, **_NEW)
            )
            return self._user(_number(made))

    def set_password(self, account: str, password: str) -> None:
        """Another password; who is logged in under the old one no longer is. Raises DeskError."""
        with self._database.transaction() as connection:
            number = connection.execute(select(users.c.number).where(users.c.account == account)).scalar()
            if number is None:
                raise DeskError("there is no such account")
            connection.execute(update(users).where(users.c.number == number).values(password=password))
            connection.execute(delete(sessions).where(sessions.c.user == number))

    def remove(self, account: str) -> None:
        """Nobody logs in to it any more; what has been done under it keeps its number. Raises DeskError."""
        with self._database.transaction() as connection:
            number = connection.execute(select(users.c.number).where(users.c.account == account)).scalar()
            if number is None:
                raise DeskError("there is no such account")
            connection.execute(update(users).where(users.c.number == number).values(active=False))
            connection.execute(delete(sessions).where(sessions.c.user == number))

    def account(self, account: str) -> tuple[User, str] | None:
        """A local account, with the digest of its password."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(users).where(users.c.account == account, users.c.active, users.c.password.is_not(None))
            ).first()
        return (_user(row), row.password) if row else None

    def enter(self, subject: str, person: Person, lang: str) -> User:
        """Who comes from the identity provider, with what it says of them today. Raises DeskError when shut out."""
        with self._database.transaction() as connection:
            row = connection.execute(select(users).where(users.c.subject == subject)).first()
            if row is None:
                made = connection.execute(insert(users).values(**_columns(person), subject=subject, lang=lang, **_NEW))
                return self._user(_number(made))
            if not row.active:
                raise DeskError("not to be let in")
            connection.execute(update(users).where(users.c.subject == subject).values(**_columns(person)))
            return self._user(row.number)

    def user(self, number: int) -> User | None:
        """Somebody by number, whether they still work here or not."""
        with self._database.reading() as connection:
            row = connection.execute(select(users).where(users.c.number == number)).first()
        return _user(row) if row else None

    def all(self) -> list[User]:
        """Everybody who works here, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(users).where(users.c.active).order_by(users.c.name, users.c.number))
            return [_user(row) for row in rows]

    def choose(self, user: User, **choices: str) -> None:
        """What somebody likes best: `lang`, `scheme`."""
        with self._database.transaction() as connection:
            connection.execute(update(users).where(users.c.number == user.number).values(**choices))

    def begin(self, key: str, user: User | None, pending: Mapping[str, Any] | None = None) -> None:
        """A session, or a login under way. In: digest of what the browser has. Those that are over are cleared away."""
        now = self._clock()
        with self._database.transaction() as connection:
            over = (sessions.c.used < now - self._idle) | (sessions.c.begun < now - self._longest)
            connection.execute(delete(sessions).where(over))
            connection.execute(delete(sessions).where(sessions.c.key == key))
            connection.execute(
                insert(sessions).values(
                    key=key,
                    user=user.number if user else None,
                    begun=now,
                    used=now,
                    pending=json.dumps(pending) if pending else None,
                )
            )

    def session(self, key: str, *, used: bool = True) -> User | None:
        """Whose session it is; None when it is over. `used`: somebody does something, so that it lasts."""
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(
                select(users, sessions.c.used.label("used"))
                .join(sessions, sessions.c.user == users.c.number)
                .where(
                    sessions.c.key == key,
                    users.c.active,
                    sessions.c.used >= now - self._idle,
                    sessions.c.begun >= now - self._longest,
                )
            ).first()
        if row and used and now - row.used > _TOUCH:
            with self._database.transaction() as connection:
                connection.execute(update(sessions).where(sessions.c.key == key).values(used=now))
        return _user(row) if row else None

    def pending(self, key: str) -> dict[str, Any] | None:
        """What the answer to a login is held against: given once."""
        with self._database.transaction() as connection:
            row = connection.execute(
                select(sessions.c.pending).where(
                    sessions.c.key == key, sessions.c.user.is_(None), sessions.c.begun >= self._clock() - self._idle
                )
            ).first()
            connection.execute(delete(sessions).where(sessions.c.key == key, sessions.c.user.is_(None)))
        kept: dict[str, Any] | None = json.loads(row.pending) if row and row.pending else None
        return kept

    def end(self, key: str) -> None:
        """Log out."""
        with self._database.transaction() as connection:
            connection.execute(delete(sessions).where(sessions.c.key == key))

    def _user(self, number: int) -> User:
        user = self.user(number)
        assert user is not None
        return user


_NEW = {"scheme": "auto", "active": True}


def rights(words: Iterable[str]) -> frozenset[May]:
    """What somebody may do, in words. Raises DeskError, which names the words there are."""
    may = frozenset(words)
    if may - _RIGHTS:
        raise DeskError(f"rights: of {', '.join(sorted(_RIGHTS))}")
    return may  # type: ignore[return-value]


def _number(made: CursorResult[Any]) -> int:
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _columns(person: Person) -> dict[str, str]:
    may = " ".join(sorted(person.may))
    return {"name": person.name, "unit": person.unit, "role": person.role, "officer": person.officer, "may": may}


def _user(row: Row[Any]) -> User:
    may = rights(row.may.split())
    return User(row.number, row.name, row.unit, row.role, row.officer, row.lang, may, row.scheme)
