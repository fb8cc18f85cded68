"""Who works here, by account or through the authority's login, with their sessions."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import (
    Connection,
    CursorResult,
    Row,
    delete,
    func,
    insert,
    select,
    update,
)

from broker.web.database import Database, PlaceSchema
from broker.web.faults import SiteError
from broker.web.settings import SiteSettings
from broker.web.user import Person, User

_TOUCH = timedelta(minutes=1)
"""A session that is used is written down this often, not at each page."""


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
        assert isinstance(database.schema, PlaceSchema)
        self._users, self._sessions = database.schema.users, database.schema.sessions

    @classmethod
    def of(cls, database: Database, settings: SiteSettings, clock: Callable[[], datetime]) -> Self:
        """With the times that the settings say."""
        return cls(database, clock, timedelta(minutes=settings.idle), timedelta(minutes=settings.longest))

    def add(self, person: Person, *, account: str, password: str, lang: str = "sv") -> User:
        """A local account. In: the digest of its password. Raises SiteError when its name is taken."""
        with self._database.transaction() as connection:
            if connection.execute(select(self._users.c.number).where(self._users.c.account == account)).first():
                raise SiteError("there is such an account already: choose another name, or set its password")
            made = connection.execute(
                insert(self._users).values(**_columns(person), account=account, password=password, lang=lang, **_NEW)
            )
            return self._user(_number(made))

    def set_password(self, account: str, password: str) -> None:
        """Another password; who is logged in under the old one no longer is. Raises SiteError."""
        with self._database.transaction() as connection:
            number = self._number_of(connection, account)
            connection.execute(update(self._users).where(self._users.c.number == number).values(password=password))
            connection.execute(delete(self._sessions).where(self._sessions.c.user == number))

    def remove(self, account: str) -> None:
        """Nobody logs in to it any more; what has been done under it keeps its number. Raises SiteError."""
        with self._database.transaction() as connection:
            number = self._number_of(connection, account)
            connection.execute(update(self._users).where(self._users.c.number == number).values(active=False))
            connection.execute(delete(self._sessions).where(self._sessions.c.user == number))

    def _number_of(self, connection: Connection, account: str) -> int:
        number = connection.execute(select(self._users.c.number).where(self._users.c.account == account)).scalar()
        if number is None:
            raise SiteError("there is no such account")
        return int(number)

    def account(self, account: str) -> tuple[User, str] | None:
        """A local account, with the digest of its password."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(self._users).where(
                    self._users.c.account == account, self._users.c.active, self._users.c.password.is_not(None)
                )
            ).first()
        return (_user(row), row.password) if row else None

    def enter(self, subject: str, person: Person, lang: str) -> User:
        """Who comes from the identity provider, with what it says of them today. Raises SiteError when shut out."""
        with self._database.transaction() as connection:
            row = connection.execute(select(self._users).where(self._users.c.subject == subject)).first()
            if row is None:
                made = connection.execute(
                    insert(self._users).values(**_columns(person), subject=subject, lang=lang, **_NEW)
                )
                return self._user(_number(made))
            if not row.active:
                raise SiteError("not to be let in")
            connection.execute(update(self._users).where(self._users.c.subject == subject).values(**_columns(person)))
            return self._user(row.number)

    def user(self, number: int) -> User | None:
        """Somebody by number, whether they still work here or not."""
        with self._database.reading() as connection:
            row = connection.execute(select(self._users).where(self._users.c.number == number)).first()
        return _user(row) if row else None

    def all(self) -> list[User]:
        """Everybody who works here, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(self._users).where(self._users.c.active).order_by(self._users.c.name, self._users.c.number)
            )
            return [_user(row) for row in rows]

    def choose(self, user: User, **choices: str) -> None:
        """What somebody likes best: `lang`, `scheme`."""
        with self._database.transaction() as connection:
            connection.execute(update(self._users).where(self._users.c.number == user.number).values(**choices))

    def begin(self, key: str, user: User | None, pending: Mapping[str, Any] | None = None) -> None:
        """A session, or a login under way. In: digest of what the browser has. Those that are over are cleared away."""
        now = self._clock()
        with self._database.transaction() as connection:
            over = (self._sessions.c.used < now - self._idle) | (self._sessions.c.begun < now - self._longest)
            connection.execute(delete(self._sessions).where(over))
            connection.execute(delete(self._sessions).where(self._sessions.c.key == key))
            connection.execute(
                insert(self._sessions).values(
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
                select(self._users, self._sessions.c.used.label("used"))
                .join(self._sessions, self._sessions.c.user == self._users.c.number)
                .where(
                    self._sessions.c.key == key,
                    self._users.c.active,
                    self._sessions.c.used >= now - self._idle,
                    self._sessions.c.begun >= now - self._longest,
                )
            ).first()
        if row and used and now - row.used > _TOUCH:
            with self._database.transaction() as connection:
                connection.execute(update(self._sessions).where(self._sessions.c.key == key).values(used=now))
        return _user(row) if row else None

    def pending(self, key: str) -> dict[str, Any] | None:
        """What the answer to a login is held against: given once."""
        with self._database.transaction() as connection:
            row = connection.execute(
                select(self._sessions.c.pending).where(
                    self._sessions.c.key == key,
                    self._sessions.c.user.is_(None),
                    self._sessions.c.begun >= self._clock() - self._idle,
                )
            ).first()
            connection.execute(
                delete(self._sessions).where(self._sessions.c.key == key, self._sessions.c.user.is_(None))
            )
        kept: dict[str, Any] | None = json.loads(row.pending) if row and row.pending else None
        return kept

    def in_session(self) -> dict[int, datetime]:
        """Who is logged in, with when they last did something."""
        now, sessions = self._clock(), self._sessions.c
        under_way = (sessions.used >= now - self._idle) & (sessions.begun >= now - self._longest)
        asked = select(sessions.user, func.max(sessions.used)).where(sessions.user.is_not(None) & under_way)
        with self._database.reading() as connection:
            return {int(user): used for user, used in connection.execute(asked.group_by(sessions.user))}

    def log_out(self, user: User) -> None:
        """Every session of somebody's ends."""
        with self._database.transaction() as connection:
            connection.execute(delete(self._sessions).where(self._sessions.c.user == user.number))

    def end(self, key: str) -> None:
        """Log out."""
        with self._database.transaction() as connection:
            connection.execute(delete(self._sessions).where(self._sessions.c.key == key))

    def _user(self, number: int) -> User:
        user = self.user(number)
        assert user is not None
        return user


_NEW = {"scheme": "auto", "active": True}


def _number(made: CursorResult[Any]) -> int:
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _columns(person: Person) -> dict[str, str]:
    may = " ".join(sorted(person.may))
    return {"name": person.name, "unit": person.unit, "role": person.role, "officer": person.officer, "may": may}


def _user(row: Row[Any]) -> User:
    may = frozenset(row.may.split())
    return User(row.number, row.name, row.unit, row.role, row.officer, row.lang, may, row.scheme)
