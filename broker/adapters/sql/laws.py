"""Laws that are announced on a cluster, each with its first day: every worker sees them where its decisions lie."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Connection, inspect, select

from broker.adapters.sql import postgres
from broker.adapters.sql.rows import put_rows
from broker.adapters.sql.worker_tables import laws
from broker.model.decision import Json
from broker.ports.policy import EngineAway


@dataclass
class DatabaseLaws:
    """Announced laws over the worker's connection, which is another one after a fault."""

    connection: Connection | None = None

    def listed(self) -> list[Json]:
        """First day, revision and digest of each, by their first days. Raises EngineAway without a connection."""
        if self.connection is None:
            raise EngineAway("the database is away: which law is announced is not known")
        rows = self.connection.execute(select(*_LISTED).order_by(laws.c.first_day)).mappings()
        return [dict(row) for row in rows]

    def read(self, revision: str) -> bytes:
        """What was announced under a revision. Raises KeyError."""
        assert self.connection is not None
        query = select(laws.c.content).where(laws.c.revision == revision).limit(1)
        content: bytes | None = self.connection.execute(query).scalar_one_or_none()
        if content is None:
            raise KeyError(revision)
        return content


@dataclass
class CopiedLaws:
    """Announced laws as they were read once."""

    rows: list[Json] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def listed(self) -> list[Json]:
        """First day, revision and digest of each."""
        return self.rows

    def read(self, revision: str) -> bytes:
        """What was announced under a revision. Raises KeyError."""
        return self.contents[revision]


_LISTED = (laws.c.first_day, laws.c.revision, laws.c.sha256)


def copy(url: str) -> CopiedLaws:
    """What is announced in a database now. Raises DataFolderError or Away."""
    with postgres.reading(url) as connection:
        if not inspect(connection).has_table(laws.name):
            return CopiedLaws()
        known = DatabaseLaws(connection)
        rows = known.listed()
        return CopiedLaws(rows, {row["revision"]: known.read(row["revision"]) for row in rows})


def announce(url: str, first_day: int, revision: str, content: bytes) -> None:
    """Announce a law with its first day, as the database's owner; one that was announced for that day is replaced.

    Raises DataFolderError or Away.
    """
    digest = hashlib.sha256(content).hexdigest()
    with postgres.working(url, "samband policy roll") as connection:
        put_rows(
            connection,
            laws,
            [{"first_day": first_day, "revision": revision, "sha256": digest, "content": content}],
        )
        connection.commit()
