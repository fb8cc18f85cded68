"""What was searched for, kept under a number of its own: no address holds what somebody typed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, insert, select

from broker.review.search import Query
from broker.review.store import SCHEMA
from broker.web.database import Database, Moment
from broker.web.faults import Missing

searches = Table(
    "review_search",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True),
    Column("user", Integer, nullable=False),
    Column("query", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("made", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""`query` has tokens in the place of persons, cases and officers."""


@dataclass(frozen=True)
class Search:
    """Something that somebody has searched for, and why."""

    number: int
    user: int
    query: Query
    purpose: str
    made: datetime


class Searches:
    """In: the room's database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def add(self, user: int, query: Query, purpose: str) -> int:
        """Keep it; its number."""
        row = {"user": user, "query": json.dumps(query.said()), "purpose": purpose, "made": self._clock()}
        with self._database.transaction() as connection:
            made = connection.execute(insert(searches).values(row))
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def get(self, number: int, user: int) -> Search:
        """One of somebody's own. Raises Missing."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(searches).where(searches.c.number == number, searches.c.user == user)
            ).first()
        if row is None:
            raise Missing("there is no such search")
        return Search(row.number, row.user, read(json.loads(row.query)), row.purpose, row.made)

    def newest(self, user: int) -> Search | None:
        """What somebody searched for last."""
        query = select(searches.c.number).where(searches.c.user == user).order_by(searches.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            number = connection.execute(query).scalar()
        return None if number is None else self.get(number, user)


def read(said: dict[str, Any]) -> Query:
    """A query from what it said."""
    values: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}
    values |= {name: date.fromisoformat(values[name]) for name in ("since", "until") if name in values}
    return Query(**values)
