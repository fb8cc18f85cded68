"""What came: a row for each matter that asks something of somebody, its contents sealed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal_column, or_, select, true, update
from sqlalchemy import Row as DatabaseRow

from agents.agency import Address, Delivery, Notice, Receipt, Sealing, Unknown
from agents.agency.drafts import ANONYMOUS, address
from agents.agency.lines import read
from agents.agency.worklist import STAYS
from agents.desk.faults import NotNow
from agents.desk.store.absence import Absences
from agents.desk.store.drafts import Drafts
from agents.desk.store.sealed import KEY, Sealed
from agents.desk.store.sent import ACKNOWLEDGEMENT, REQUEST, Sent
from agents.desk.store.tables import cases, contents, lines, sent
from agents.desk.store.terms import met, next_term
from broker.model.days import SWEDEN, swedish_day
from broker.web.database import PAGE, Database
from broker.web.faults import Missing
from broker.web.user import User

Show = Literal["open", "due", "late", "unopened", "back", "drafts", "done", "all"]
"""`due`: something runs out today or has; `back`: the law has sent back what was answered."""
Whose = int | Literal["nobody"] | None
"""A person's number, with those they stand in for; nobody's, or of somebody away whom nobody stands in for; all."""

_ANSWERED = (REQUEST, *STAYS, "ChannelAction", "Clarification")
"""Kinds that are not done with once they are registered."""


@dataclass(frozen=True)
class Row:
    """What a list may show of a line: nothing of its contents."""

    number: int
    message: str
    """The id in its address: the message's own, a notice's; of what came back by itself, that of the own message."""
    sort: Literal["delivery", "notice", "receipt"]
    kind: str
    """The message's kind; of a notice, which one."""
    sender: str
    """An authority's id, or `anonymous`; of what came back, whom it was for; of what the broker tells, empty."""
    sender_unit: str
    unit: str
    """The own unit that it is for."""
    about: str | None
    """The message that it is about: what it answers, or what a notice is of."""
    received: datetime
    due: datetime | None
    clock: str | None
    urgency: str | None
    secret: bool
    """Whether a request is itself secret."""
    birth_date: str | None = field(repr=False)
    """None where nobody is named, or is protected."""
    protected: bool
    categories: tuple[str, ...]
    left: tuple[str, ...]
    """Categories that are still unanswered: of a request, by us; of an answer to us, by them."""
    opened: datetime | None
    registered: str | None
    """The number that it is registered under; empty: without one."""
    done: datetime | None
    recalled: bool
    back: str | None
    """The own message that the law has sent back, where a question is open."""
    case: int
    holder: int | None
    drafts: int
    """How many drafts answer it."""
    listed: bool = True
    """Whether it asks something of somebody; if not, it is seen in its case alone."""


class Inbox:
    """In: the database, what seals, the two others that a line touches, whose desk it is, who is away.

    `sealing` opens a content whose key was not here when it came.
    """

    def __init__(
        self,
        database: Database,
        sealed: Sealed,
        drafts: Drafts,
        sent: Sent,
        *,
        authority: str,
        absences: Absences,
        sealing: Sealing,
    ) -> None:
        self._sealing = sealing
        self._database = database
        self._absences = absences
        self._sealed = sealed
        self._drafts = drafts
        self._sent = sent
        self._authority = authority.partition("/")[0]

    # --- lists

    def rows(
        self,
        show: Show = "open",
        *,
        whose: Whose = None,
        kind: str | None = None,
        sender: str | None = None,
        page: int = 1,
        now: datetime,
    ) -> list[Row]:
        """One page of what is due soonest first; of what is done, the newest first.

        The index alone says which: a page far back reads no more rows than the first.
        """
        newest = {"done": (lines.c.done.desc(), lines.c.number.desc()), "all": (lines.c.number.desc(),)}
        order = newest.get(show, (lines.c.place, lines.c.number))
        with self._database.reading() as connection:
            asked = select(lines.c.number).where(_shown(show, now, self._held(whose), kind, sender)).order_by(*order)
            numbers = connection.execute(asked.limit(PAGE).offset(PAGE * (page - 1))).scalars().all()
            found = {row.number: row for row in connection.execute(_rows().where(lines.c.number.in_(numbers)))}
            return [self._row(found[number]) for number in numbers]

    def total(
        self, show: Show, *, whose: Whose = None, kind: str | None = None, sender: str | None = None, now: datetime
    ) -> int:
        """How many rows there are on all pages: the same question."""
        with self._database.reading() as connection:
            asked = select(func.count()).select_from(lines).where(_shown(show, now, self._held(whose), kind, sender))
            return int(connection.execute(asked).scalar_one())

    def counts(
        self, now: datetime, whose: Whose = None, *, kind: str | None = None, sender: str | None = None
    ) -> dict[Show, int]:
        """How many rows each view has, at one moment."""
        with self._database.reading():
            views = [show for show in get_args(Show) if show != "all"]
            counts = {show: self.total(show, whose=whose, kind=kind, sender=sender, now=now) for show in views}
        return counts | {"all": counts["open"] + counts["done"]}

    def has(self, show: Show, *, whose: Whose = None, now: datetime) -> bool:
        """Whether there is any row: the same question."""
        with self._database.reading() as connection:
            asked = select(lines.c.number).where(_shown(show, now, self._held(whose), None, None)).limit(1)
            return connection.execute(asked).first() is not None

    def _held(self, whose: Whose) -> ColumnElement[bool]:
        """Held by whom is asked for, those who are away with whoever has their work meanwhile."""
        if whose is None:
            return true()
        cover = self._absences.cover()
        if whose != "nobody":
            return lines.c.holder.in_(sorted(cover.kept_by(whose)))
        unkept = [one for one in map(int, self._each(lines.c.holder, 0)) if cover.keeper(one) is None]
        return or_(lines.c.holder.is_(None), lines.c.holder.in_(unkept)) if unkept else lines.c.holder.is_(None)

    def senders(self) -> list[str]:
        """From whom something waits, to choose among."""
        return self._each(lines.c.sender)

    def kinds(self) -> list[str]:
        """Which kinds wait, to choose among."""
        return self._each(lines.c.kind)

    def _each(self, column: Any, after: Any = "") -> list[Any]:
        """From one to the next by the index: so many looks as there are values, not as there are lines."""
        values: list[Any] = []
        with self._database.reading() as connection:
            while True:
                next_ = select(func.min(column)).where(lines.c.done.is_(None) & (column > after))
                value = connection.execute(next_).scalar()
                if value is None:
                    return values
                after = value
                values.append(value)

    def after(self, number: int) -> list[Row]:
        """Every line that came after one, by its number, oldest first; also what asks nothing of anybody."""
        with self._database.reading() as connection:
            found = connection.execute(_rows().where(lines.c.number > number).order_by(lines.c.number)).all()
            return [self._row(row) for row in found]

    def case(self, case: int) -> list[Row]:
        """All that came in a case, oldest first, what the broker tells among it."""
        with self._database.reading() as connection:
            found = connection.execute(_rows().where(lines.c.case == case).order_by(lines.c.number)).all()
            return [self._row(row) for row in found]

    # --- one

    def row(self, message: str) -> Row:
        """One row. Raises Missing."""
        with self._database.reading() as connection:
            return self._row(_one(connection, message))

    def content(self, message: str) -> Delivery | Notice | Receipt | Unknown:
        """What it says. Raises Missing, Destroyed."""
        asked = select(lines.c.case, lines.c.number, contents.c.content)
        with self._database.reading() as connection:
            row = connection.execute(
                asked.join(contents, contents.c.line == lines.c.number).where(lines.c.message == message)
            ).first()
            if row is None:
                raise Missing("there is no such message")
            kept = json.loads(self._sealed.open(row.case, row.content, f"line/{row.number}"))
        return read(self._sealing.open(kept["content"]), kept["trace"])

    def returned(self, message: str) -> list[Receipt]:
        """Receipts of own messages that answer this one, or are it, where something did not go: what is open."""
        mine = (sent.c.answers == message) | (sent.c.message == message)
        kept_back = sent.c.partial | (sent.c.outcome != "forward")
        asked = select(sent.c.message).where(mine & kept_back & (sent.c.kind != ACKNOWLEDGEMENT))
        with self._database.reading() as connection:
            messages = connection.execute(asked.order_by(sent.c.queued)).scalars().all()
            receipts = [self._sent.receipt(message) for message in messages]
            return [receipt for receipt in receipts if receipt is not None]

    # --- what a person does

    def open(self, message: str, user: User, now: datetime) -> bool:
        """A person opens it: the first time its sender is told, once. Whether this was that time. Raises Missing."""
        if not user.is_person:
            return False
        with self._database.transaction() as connection:
            row = _one(connection, message, change=True)
            first = (lines.c.number == row.number) & lines.c.opened.is_(None)
            if not connection.execute(update(lines).where(first).values(opened=now, opened_by=user.number)).rowcount:
                return False
            self._terms(connection, row, lambda terms: met(terms, "opened"))
            if row.sort == "delivery":
                self._tell(row, {"state": "opened"}, user)
            return True

    def register(self, message: str, reference: str, user: User, now: datetime) -> None:
        """It has a place in the authority's own register; its sender is told, at each new number. Raises Missing."""
        with self._database.transaction() as connection:
            row = self._delivery(connection, message)
            if row.registered == reference:
                return
            done = row.done if row.kind in _ANSWERED else row.done or now
            self._change(
                connection, row, registered=reference, opened=row.opened or now, done=done, opened_by=user.number
            )
            self._terms(connection, row, lambda terms: met(terms, "opened", "registered"))
            self._tell(row, {"state": "registered", **({"reference": reference} if reference else {})}, user)

    def not_for_us(self, message: str, user: User, now: datetime, *, go_to: Address | None = None) -> None:
        """It came to the wrong one; its sender is told who is right. Some it must stay with all the same.

        Raises Missing.
        """
        right = {"go_to": {"authority": go_to.authority, "unit": go_to.unit}} if go_to else {}
        with self._database.transaction() as connection:
            row = self._delivery(connection, message)
            done = row.done if row.kind in STAYS else row.done or now
            self._change(connection, row, opened=row.opened or now, done=done)
            self._terms(connection, row, lambda terms: met(terms, "opened", "registered"))
            self._tell(row, {"state": "not_for_us", **right}, user)

    def hand_over(self, message: str, unit: str, user: User, now: datetime) -> None:
        """Another unit of the own authority has it now; its sender is told. Raises Missing."""
        with self._database.transaction() as connection:
            row = self._delivery(connection, message)
            self._change(connection, row, opened=row.opened or now, done=row.done or now)
            self._tell(row, {"state": "handed_over", "unit": unit}, user)

    def meet(self, message: str, clock: str) -> None:
        """A person says that what a clock waits for is done, where no message tells it. Raises Missing."""
        with self._database.transaction() as connection:
            self._terms(connection, _one(connection, message, change=True), lambda terms: met(terms, clock))

    def assign(self, message: str, holder: int | None) -> None:
        """Who has its case: what else waits in it, and what comes in it later. Raises Missing."""
        self.assign_case(self.row(message).case, holder)

    def assign_case(self, case: int, holder: int | None) -> None:
        """Likewise, by the case's number. Raises Missing."""
        with self._database.transaction() as connection:
            if not connection.execute(update(cases).where(cases.c.number == case).values(holder=holder)).rowcount:
                raise Missing("there is no such case")
            connection.execute(
                update(lines).where((lines.c.case == case) & lines.c.done.is_(None)).values(holder=holder)
            )
            self._sent.assign_case(case, holder)

    def holder(self, case: int) -> int | None:
        """Who has a case."""
        with self._database.reading() as connection:
            return connection.execute(select(cases.c.holder).where(cases.c.number == case)).scalar()

    def close(self, message: str, now: datetime) -> None:
        """A person is done with it, and with what came back of it. Raises Missing."""
        with self._database.transaction() as connection:
            row = _one(connection, message, change=True)
            self._change(connection, row, done=row.done or now, back=None)
            if row.sort == "receipt":
                self._sent.close(message, now)

    def reopen(self, message: str) -> None:
        """It awaits somebody again. Raises Missing, NotNow."""
        with self._database.transaction() as connection:
            row = _one(connection, message, change=True)
            if not row.listed:
                raise NotNow("there is nothing to do with it")
            self._change(connection, row, done=None)

    # --- within

    def _delivery(self, connection: Connection, message: str) -> DatabaseRow[Any]:
        row = _one(connection, message, change=True)
        if row.sort != "delivery":
            raise NotNow("only what somebody has sent can be acknowledged")
        return row

    def _tell(self, row: DatabaseRow[Any], state: dict[str, Any], user: User) -> None:
        """An acknowledgement, to whoever sent it; of what one sends to oneself nobody is told."""
        line = self.content(row.message)
        if not isinstance(line, Delivery) or line.kind == ACKNOWLEDGEMENT or line.recalled_by is not None:
            return
        recipient = line.message.get("recipient") or {}
        own = line.sender.get("authority") == self._authority
        if own and line.sender.get("unit") == recipient.get("unit"):
            return
        sender = address(line)
        to = Address(ANONYMOUS) if sender.authority == ANONYMOUS else sender
        self._drafts.acknowledge(row.message, row.case, to, {"message": line.id, **state}, user)

    def _change(self, connection: Connection, row: DatabaseRow[Any], **values: Any) -> None:
        connection.execute(update(lines).where(lines.c.number == row.number).values(**values))

    def _terms(self, connection: Connection, row: DatabaseRow[Any], change: Callable[[Any], Any]) -> None:
        terms = change(row.terms)
        self._change(connection, row, terms=terms, **next_term(terms))

    def _row(self, row: DatabaseRow[Any]) -> Row:
        same = {name: getattr(row, name) for name in _SAME}
        return Row(
            **same,
            birth_date=self._sealed.birth_date(row, f"summary/{row.number}"),
            categories=tuple(row.categories),
            left=tuple(row.left),
        )


_SAME = tuple(name for name in Row.__dataclass_fields__ if name not in ("birth_date", "categories", "left"))


def _rows() -> Select[Any]:
    return (
        select(lines, contents.c.summary, *KEY)
        .join(contents, contents.c.line == lines.c.number)
        .join(cases, cases.c.number == lines.c.case)
    )


def _one(connection: Connection, message: str, *, change: bool = False) -> DatabaseRow[Any]:
    """One row; to be changed, nobody else changes it meanwhile (SQLite has one writer anyhow)."""
    asked = _rows().where(lines.c.message == message)
    row = connection.execute(asked.with_for_update(of=lines) if change else asked).first()
    if row is None:
        raise Missing("there is no such message")
    return row


def _shown(
    show: Show, now: datetime, held: ColumnElement[bool], kind: str | None, sender: str | None
) -> ColumnElement[bool]:
    """Which rows a view has: one question, for the rows and for how many they are. What is not listed never waits."""
    waits = lines.c.done.is_(None)
    views: dict[Show, ColumnElement[bool]] = {
        "open": waits,
        "due": waits & (lines.c.place < end_of_day(now)),
        "late": waits & (lines.c.place < now),
        "unopened": waits & lines.c.opened.is_(None) & (lines.c.sort == literal_column("'delivery'")),
        "back": waits & lines.c.back.is_not(None),
        "drafts": waits & (lines.c.drafts > literal_column("0")),
        "done": lines.c.listed & lines.c.done.is_not(None),
        "all": lines.c.listed,
    }
    filters = [views[show], held]
    if kind is not None:
        filters.append(lines.c.kind == kind)
    if sender is not None:
        filters.append(lines.c.sender == sender)
    return and_(*filters)


def end_of_day(now: datetime) -> datetime:
    """When the Swedish day ends."""
    tomorrow = swedish_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, SWEDEN).astimezone(UTC)
