"""What a batch will ask of a store, looked up at once: which ids are taken, and about whom there is no form at all."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, Select, bindparam, exists, func, or_, select

from broker.adapters.sql.tables import consents, outbox
from broker.ports.store import Recorded

_IDS = func.json_each(bindparam("ids", type_=JSON)).table_valued("value")
_TAKEN_IDS = select(outbox).where(outbox.c.message.in_(select(_IDS.c.value)))
_PERSONS = func.json_each(bindparam("persons", type_=JSON)).table_valued("value")
_WITH_FORMS = select(_PERSONS.c.value).where(
    or_(
        exists().where(consents.c.subject == _PERSONS.c.value),
        exists().where(consents.c.number == _PERSONS.c.value),
    )
)


class SqlExpected:
    """What was expected of a store, until the next commit. Lists are one parameter: else each length is a statement."""

    TAKEN_IDS: Select[Any] = _TAKEN_IDS
    WITH_FORMS: Select[Any] = _WITH_FORMS
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
        rows = self._connection.execute(self.TAKEN_IDS, {"ids": [str(message) for message in messages]})
        self._taken = {(row.sender, UUID(row.message)): Recorded(row.digest, row.seq) for row in rows}
        self._looked_for = frozenset(messages)
        self._without_forms = set(persons)
        if persons:
            some = self._connection.execute(self.WITH_FORMS, {"persons": list(persons)})
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
