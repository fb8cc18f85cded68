"""Who is away from when until when, with whom their work is meanwhile; why is never asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, delete, insert, select, update

from agents.desk.faults import NotNow
from agents.desk.store.schema import SCHEMA
from broker.model.days import swedish_day
from broker.web.database import Database
from broker.web.faults import Missing
from broker.web.people import People
from broker.web.user import User

_DAY = timedelta(days=1)
DECIDING = ("rektor", "designated_staff")
"""Roles that the law lets decide in their own name: whoever stands in for one decides as one."""

absences = Table(
    "desk_absence",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True),
    Column("user", Integer, nullable=False, index=True),
    Column("first", String, nullable=False),
    Column("last", String, nullable=False),
    Column("deputy", Integer),
    sqlite_autoincrement=True,
)
"""`first` and `last` are Swedish days, both within."""


@dataclass(frozen=True)
class Absence:
    """Somebody is away, from the first day to the last."""

    number: int
    user: int
    first: date
    last: date
    deputy: int | None
    """Who has their work meanwhile; None: the desk's queue."""


@dataclass(frozen=True)
class Cover:
    """With whom everybody's work is today."""

    people: Mapping[int, User]
    """Those who work here, away or not."""
    away: Mapping[int, Absence]

    def keeper(self, user: int) -> int | None:
        """Who has somebody's work: they themselves, their deputy, that one's deputy; None: the desk's queue."""
        passed: set[int] = set()
        while (absence := self.away.get(user)) and user not in passed:
            passed.add(user)
            if absence.deputy is None:
                return None
            user = absence.deputy
        return user if user in self.people and user not in passed else None

    def kept_by(self, user: int) -> frozenset[int]:
        """Whose work somebody has: their own, always, and that of those they stand in for."""
        return frozenset({user, *(one for one in self.away if self.keeper(one) == user)})

    def role_of(self, user: User) -> str:
        """The role that somebody acts in: that of one who decides, where they stand in for such a one."""
        roles = [self.people[one].role for one in sorted(self.kept_by(user.number)) if one in self.people]
        return next((role for role in DECIDING if role in roles and user.role not in DECIDING), user.role)

    def present(self, right: str) -> list[User]:
        """Those who are here and may do something."""
        return [
            one for one in self.people.values() if one.is_person and right in one.may and one.number not in self.away
        ]


class Absences:
    """In: the database, who works here, the clock."""

    def __init__(self, database: Database, people: People, clock: Callable[[], datetime]) -> None:
        self._database, self._people, self._clock = database, people, clock

    def add(self, user: int, first: date, last: date, deputy: int | None) -> Absence:
        """Somebody is to be away. Raises NotNow where they are already, or the days are none that come."""
        values = {"user": user, "first": first.isoformat(), "last": last.isoformat(), "deputy": deputy}
        if not first <= last or last < self._today() or deputy == user:
            raise NotNow("the last day is before the first, or has been, or nobody else stands in")
        both = (absences.c.first <= values["last"]) & (absences.c.last >= values["first"])
        with self._database.transaction() as connection:
            if connection.execute(select(absences.c.number).where((absences.c.user == user) & both)).first():
                raise NotNow("they are away then already")
            number = connection.execute(insert(absences).values(**values).returning(absences.c.number)).scalar_one()
        return Absence(number, user, first, last, deputy)

    def get(self, number: int) -> Absence:
        """One that is or is to come. Raises Missing."""
        absence = next((one for one in self.all() if one.number == number), None)
        if absence is None:
            raise Missing("there is no such absence")
        return absence

    def end(self, number: int) -> None:
        """They are back today; of one that has not begun nothing is kept. Raises Missing."""
        absence, today = self.get(number), self._today()
        this = absences.c.number == number
        with self._database.transaction() as connection:
            if absence.first < today:
                connection.execute(update(absences).where(this).values(last=(today - _DAY).isoformat()))
            else:
                connection.execute(delete(absences).where(this))

    def all(self) -> list[Absence]:
        """Those that are or are to come, the next first."""
        asked = select(absences).where(absences.c.last >= self._today().isoformat())
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(absences.c.first, absences.c.number)).all()
        return [_absence(row) for row in rows]

    def cover(self) -> Cover:
        """With whom everybody's work is today."""
        today = self._today()
        with self._database.reading():
            people = {user.number: user for user in self._people.all()}
            return Cover(people, {one.user: one for one in self.all() if one.first <= today})

    def _today(self) -> date:
        return swedish_day(self._clock())


def _absence(row: Row[Any]) -> Absence:
    return Absence(row.number, row.user, date.fromisoformat(row.first), date.fromisoformat(row.last), row.deputy)
