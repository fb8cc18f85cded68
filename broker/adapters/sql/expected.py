"""What a batch will ask of a store, looked up at once: which ids are taken, and about whom there is no form at all."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Connection, select, union

from broker.adapters.sql.among import among
from broker.adapters.sql.tables import consents, outbox
from broker.ports.store import Recorded

_TAKEN_IDS = select(outbox).where(among(outbox.c.message, "ids"))
_WITH_FORMS = union(*(select(of).where(among(of, "persons")) for of in (consents.c.subject, consents.c.number)))


class SqlExpected:
    """What was expected of a store, until the next commit."""

    _connection: Connection

    def __init__(self) -> None:
        self._looked_for: frozenset[UUID] = frozenset()
        self._taken: dict[tuple[str, UUID], Recorded] = {}
        self._without_forms: set[str] = set()

    def expect(self, messages: Sequence[UUID], persons: Collection[str]) -> None:
        """Look up at once which ids are taken, and about whom there is no form at all.

        Nobody else takes ids of these senders meanwhile; if somebody does, the commit meets it. A form that is there
        is read, and locked, when it is asked for.
        """
        rows = self._connection.execute(_TAKEN_IDS, {"ids": [str(message) for message in messages]})
        self._taken = {(row.sender, UUID(row.message)): Recorded(row.digest, row.seq) for row in rows}
        self._looked_for = frozenset(messages)
        self._without_forms = set(persons)
        if persons:
            some = self._connection.execute(_WITH_FORMS, {"persons": list(persons)})
            self._without_forms -= set(some.scalars())

    def is_looked_for(self, message: UUID) -> bool:
        """Whether it is known if this id is taken, and by whom."""
        return message in self._looked_for

    def has_forms(self, persons: Collection[str]) -> Collection[str]:
        """Those of these tokens, of persons and of numbers, that some form is about, or that may be so."""
        return {person for person in persons if person not in self._without_forms}

    def forget_expected(self) -> None:
        """It may be otherwise from now on."""
        self._looked_for = frozenset()
        self._without_forms = set()
