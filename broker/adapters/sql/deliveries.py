"""Deliveries in inboxes: where each lies, what is kept of it, and what later messages write on it.

A delivery that is given out again, or to another desk of its authority's, is a line of its own in the table, of type
`redelivery`: it says `delivery` itself, and one delivery a message stays one.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, select, update

from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents, of_line, text_of
from broker.kinds import KINDS, Acknowledgement
from broker.model.canonical import parse
from broker.model.decision import Json
from broker.ports.store import Lying, Wanted
from broker.ports.writes import DELIVERY, REDELIVERY, Amendment, emptied

_I = tables.inbox.c
NEVER_REGISTERED = tuple(name for name, kind in KINDS.items() if kind.REGISTERS or kind is Acknowledgement)
"""Kinds that nobody registers: what one keeps oneself, and acknowledgements."""
OF_DELIVERY = (DELIVERY, REDELIVERY)
"""Types of the lines by which a delivery lies in an inbox."""
_OF_ONE = and_(_I.sender == bindparam("of_sender"), _I.message == bindparam("of_message"))
_DELIVERY = and_(_I.type == DELIVERY, _OF_ONE)
_LIES = and_(_I.type.in_(OF_DELIVERY), _OF_ONE)
_DELIVERED = select(_I.authority).where(_DELIVERY)
# Where there are several writers, a recall waits until what is given out again is committed.
_LINE = select(tables.inbox).where(_DELIVERY).with_for_update(read=True)
_LIES_WITH = select(_I.authority).where(_LIES).order_by(_I.n)
_LINES = select(tables.inbox).where(_LIES).order_by(_I.n)


class SqlDeliveries:
    """What a store says of deliveries and writes on them, over its connection."""

    _connection: Connection
    _contents: Contents

    def recipient_of(self, sender: str, message: UUID) -> str | None:
        """Whom this sender's message was delivered to; None when it was not."""
        return self._connection.execute(_DELIVERED, _of(sender, str(message))).scalar_one_or_none()

    def lies_with(self, sender: str, message: UUID) -> Collection[str]:
        """Every inbox that it lies in: also that of a desk to which it was handed over."""
        return list(dict.fromkeys(self._connection.execute(_LIES_WITH, _of(sender, str(message))).scalars()))

    def kept_line(self, sender: str, message: UUID) -> Json | None:
        """The line of this delivery; None where it is recalled or registered, or nothing of it is kept."""
        row = self._connection.execute(_LINE, _of(sender, str(message))).mappings().one_or_none()
        return self._line(row) if row and hindrance(row) is None and "registered" not in row["notes"] else None

    def lying(self, wanted: Wanted, most: int) -> Sequence[Lying]:
        """The deliveries in an inbox at these places or with these ids, oldest first: so many at most.

        Nobody recalls one of them until the transaction ends.
        """
        first, matches = func.min(_I.n).label("n"), [_I.authority == wanted.inbox, _I.type.in_(OF_DELIVERY)]
        if wanted.messages:
            matches.append(_I.message.in_(wanted.messages))
        if wanted.lost is not None:
            matches.append(and_(_I.offset >= wanted.lost[0], _I.offset < wanted.lost[1]))
        query = select(first, _I.sender, _I.message, func.min(_I.seq).label("seq")).where(and_(*matches))
        query = query.group_by(_I.sender, _I.message).having(first > wanted.after).order_by(first).limit(most)
        return [self._lying(*row) for row in self._connection.execute(query).all()]

    def _lying(self, n: int, sender: str, message: str, record: int) -> Lying:
        row = self._connection.execute(_LINE, _of(sender, message)).mappings().one_or_none()
        if why := hindrance(row) if row else "not_kept":
            return Lying(n, sender, message, record, None, why, is_awaited=False)
        assert row is not None
        awaited = "registered" not in row["notes"] and row["kind"] not in NEVER_REGISTERED
        return Lying(n, sender, message, record, self._line(row), None, awaited)

    def _line(self, row: RowMapping) -> Json:
        """A line as it is given out, with the notes on it."""
        return {**open_line(self._contents, row), **row["notes"]}

    def amend(self, given: Amendment) -> None:
        """Write a note on a delivery, wherever it lies."""
        for row in self._connection.execute(_LINES, _of(given.sender, given.message)).mappings().all():
            changed: dict[str, Any] = {"notes": given.noted(row["notes"])}
            if given.empties and row["content"]:
                bare = text_of(emptied(open_line(self._contents, row)))
                changed["content"] = self._contents.seal(row["case_key"], bare, of_line(row))
            self._connection.execute(update(tables.inbox).where(_I.n == row["n"]).values(changed))
        if given.empties:  # what nobody has read is kept nowhere; the record's digest of it stays
            sent = and_(tables.outbox.c.sender == given.sender, tables.outbox.c.message == given.message)
            self._connection.execute(update(tables.outbox).where(sent).values(content=b""))


def open_line(contents: Contents, row: RowMapping) -> Json:
    """What an inbox line says, without the notes on it. Raises as `Contents.open`."""
    line: Json = parse(contents.open(row["case_key"], row["content"], of_line(row)))
    return line


def hindrance(row: RowMapping) -> str | None:
    """Why a delivery can't be given out again: `recalled`, `registered`, `erased`, `not_kept`; None where it can."""
    notes: Json = row["notes"]
    if "recalled" in notes:
        return "recalled"
    if row["content"] and "forgotten" not in notes:  # else it is kept only until it is out
        return None
    return str(notes.get("forgotten", "not_kept"))


def _of(sender: str, message: str) -> dict[str, str]:
    return {"of_sender": sender, "of_message": message}
