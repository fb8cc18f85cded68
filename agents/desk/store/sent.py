"""What was sent: its receipt, how far it has come at its recipient's, which answers have come."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, true, update
from sqlalchemy import Row as DatabaseRow

from agents.agency import Address, Delivery, Json, Notice, Receipt
from agents.agency.texts import moment
from agents.desk.store.desk_draft import DeskDraft
from agents.desk.store.persons import Persons
from agents.desk.store.sealed import KEY, Sealed
from agents.desk.store.summary import summary_of
from agents.desk.store.tables import cases, sent
from broker.web.database import PAGE, Database
from broker.web.faults import Missing

ACKNOWLEDGEMENT = "Acknowledgement"
REQUEST = "InformationRequest"

Show = Literal["open", "waiting_here", "unopened", "late", "partly", "back", "done", "all"]
"""`waiting_here`: not with the broker yet; `partly`: some of what was asked for is answered."""

_SEEN = ("opened", "registered", "not_for_us", "handed_over")
_LATE = ("overdue", "escalated", "last_reminder", "not_opened", "not_opened_call", "not_opened_still")
_LATE_TOO = ("not_registered", "not_registered_call", "not_registered_still", "effect_overdue")
_BRIEF = ("Refusal", "Clarification", "Interim", "ConcernFeedback")
"""Kinds of which nothing more is waited for once they are opened."""
_OWN = ("Recall", "ConsentGiven", "ConsentWithdrawn", "CooperationAgreement", "ConcernDecision")
"""Kinds of which nothing more is waited for once the broker has taken them."""


@dataclass(frozen=True)
class Reached:
    """When a message came to one of its states; of `registered`, under which number at its recipient's."""

    time: datetime
    reference: str = ""


@dataclass(frozen=True)
class SentRow:
    """What a list may show of a message that was sent: nothing of its contents."""

    message: str
    draft: int
    kind: str
    to: Address
    answers: str | None
    case: int
    author: int
    queued: datetime
    time: datetime | None
    """When the broker got it; None: it lies here, and goes when there is contact again."""
    outcome: str | None
    partial: bool
    states: Mapping[str, Reached]
    """`accepted`, `delivered`, `opened`, `registered`, `not_for_us`, `handed_over`: those that are known."""
    categories: tuple[str, ...]
    given: Mapping[str, str]
    """What has come of each category that was asked for."""
    left: tuple[str, ...]
    due: datetime | None
    clock: str | None
    late: bool
    contacts: Sequence[Json] = field(repr=False)
    """Whom to ring: the broker has told that it lies unseen."""
    secret: bool
    birth_date: str | None = field(repr=False)
    protected: bool
    done: datetime | None
    urgency: str | None = None


class Sent:
    """In: the database, what seals, what finds who is named."""

    def __init__(self, database: Database, sealed: Sealed, persons: Persons) -> None:
        self._database = database
        self._persons = persons
        self._sealed = sealed

    # --- looking

    def rows(
        self, show: Show = "open", *, holders: Collection[int] | None = None, page: int = 1, now: datetime
    ) -> list[SentRow]:
        """One page: the late first, then the newest; of what is done, that which was done last."""
        newest = {"done": (sent.c.done.desc(),), "all": (sent.c.queued.desc(),)}
        order = newest.get(show, (sent.c.late.desc(), sent.c.queued.desc()))
        asked = select(sent.c.message).where(_shown(show, holders)).order_by(*order, sent.c.message.desc())
        with self._database.reading() as connection:
            messages = connection.execute(asked.limit(PAGE).offset(PAGE * (page - 1))).scalars().all()
            found = {row.message: row for row in connection.execute(_rows().where(sent.c.message.in_(messages)))}
            return [self._row(found[message]) for message in messages]

    def total(self, show: Show, *, holders: Collection[int] | None = None, now: datetime) -> int:
        """How many rows there are on all pages: the same question."""
        asked = select(func.count()).select_from(sent).where(_shown(show, holders))
        with self._database.reading() as connection:
            return int(connection.execute(asked).scalar_one())

    def counts(self, now: datetime, *, holders: Collection[int] | None = None) -> dict[Show, int]:
        """How many rows each view has, at one moment."""
        with self._database.reading():
            counts = {show: self.total(show, holders=holders, now=now) for show in get_args(Show) if show != "all"}
        return counts | {"all": counts["open"] + counts["done"]}

    def row(self, message: str) -> SentRow:
        """One row. Raises Missing."""
        with self._database.reading() as connection:
            return self._row(_one(connection, message))

    def case(self, case: int) -> list[SentRow]:
        """All that was sent in a case, oldest first; acknowledgements too."""
        asked = _rows().where(sent.c.case == case).order_by(sent.c.queued, sent.c.message)
        with self._database.reading() as connection:
            return [self._row(row) for row in connection.execute(asked).all()]

    def receipt(self, message: str) -> Receipt | None:
        """What the broker answered; None: nothing yet. Raises Missing, Destroyed."""
        with self._database.reading() as connection:
            row = _one(connection, message)
            if row.receipt is None:
                return None
            return Receipt(json.loads(self._sealed.open(row.case, row.receipt, f"receipt/{message}")))

    def close(self, message: str, now: datetime) -> None:
        """Nothing more is waited for. Raises Missing."""
        with self._database.transaction() as connection:
            _one(connection, message)
            _set(connection, message, done=now, late=False)

    # --- on its way

    def queue(self, draft: DeskDraft, now: datetime) -> None:
        """It is to be sent."""
        assert draft.to is not None, "only what has a recipient is queued"
        summary = summary_of(draft.kind, draft.body)
        sealed = json.dumps({"birth_date": summary.birth_date}).encode()
        is_acknowledgement = draft.kind == ACKNOWLEDGEMENT
        values: dict[str, Any] = {
            "message": draft.message_id,
            "draft": draft.number,
            "kind": draft.kind,
            "authority": draft.to.authority,
            "unit": draft.to.unit,
            "area": draft.to.area,
            "answers": draft.answers,
            "case": draft.case,
            "author": draft.author,
            "queued": now,
            "partial": False,
            "states": {},
            "opened": False,
            "categories": list(summary.categories),
            "given": {},
            "partly": False,
            "late": False,
            "contacts": [],
            "urgency": summary.urgency,
            "secret": summary.secret,
            "protected": summary.protected,
            "done": now if is_acknowledgement else None,
            "summary": self._sealed.seal(draft.case, sealed, f"sent/{draft.message_id}"),
        }
        with self._database.transaction() as connection:
            holder = connection.execute(select(cases.c.holder).where(cases.c.number == draft.case)).scalar()
            connection.execute(insert(sent).values(**values, holder=holder or draft.author))
            if not draft.body.get("anonymous"):  # of that nothing is kept
                self._persons.note(draft.case, draft.body)

    def unqueue(self, message: str) -> None:
        """It is not to be sent after all."""
        with self._database.transaction() as connection:
            connection.execute(delete(sent).where((sent.c.message == message) & sent.c.time.is_(None)))

    def sent(self, message: str, time: datetime, *, anonymous: bool) -> None:
        """The broker has it. Of what is anonymous nobody is told here who wrote it, and no receipt comes."""
        with self._database.transaction() as connection:
            more: dict[str, Any] = {"author": 0, "holder": 0, "done": time} if anonymous else {}
            _set(connection, message, time=time, **more)

    def assign_case(self, case: int, holder: int | None) -> None:
        """Who has the case works what was sent in it too: asks after it, rings, is told of it under *Mine*."""
        kept = (sent.c.case == case) & (sent.c.author != 0)
        with self._database.transaction() as connection:
            connection.execute(update(sent).where(kept).values(holder=sent.c.author if holder is None else holder))

    # --- what is told of it

    def receive(self, receipt: Receipt, now: datetime) -> SentRow | None:
        """What the broker did with it; None of a message that is not the desk's. Again changes nothing."""
        message = receipt.message or ""
        with self._database.transaction() as connection:
            row = connection.execute(select(sent).where(sent.c.message == message).with_for_update()).first()
            if row is None:
                return None
            states = dict(row.states)
            if receipt.outcome != "quarantine":
                states.setdefault("accepted", [_text(now), ""])
            if receipt.outcome == "forward":
                states.setdefault("delivered", [_text(now), ""])
            sealed = self._sealed.seal(
                row.case, json.dumps(receipt.content, ensure_ascii=False).encode(), f"receipt/{message}"
            )
            self._sealed.keep(row.case, receipt.content.get("retention"), settles=row.kind == "ConcernDecision")
            is_over = row.kind in _OWN and receipt.outcome == "forward" and not receipt.partial
            _set(
                connection,
                message,
                outcome=receipt.outcome,
                partial=receipt.partial,
                states=states,
                receipt=sealed,
                done=row.done or (now if is_over else None),
            )
            return self._row(_one(connection, message))

    def acknowledged(self, delivery: Delivery, now: datetime) -> SentRow | None:
        """Its recipient tells what became of it; None of a message that is not the desk's. Again changes nothing."""
        message, state = str(delivery.body.get("message")), str(delivery.body.get("state"))
        time = moment(str(delivery.message.get("time"))) or now
        with self._database.transaction() as connection:
            row = connection.execute(select(sent).where(sent.c.message == message).with_for_update()).first()
            if row is None or delivery.sender.get("authority") not in (row.authority, "anonymous"):
                return None
            states = dict(row.states)
            states.setdefault(state, [_text(time), str(delivery.body.get("reference") or "")])
            registered = "registered" in states
            over = row.kind != REQUEST and (registered or (row.kind in _BRIEF and state in _SEEN))
            settled = registered or row.clock == "opened"
            _set(
                connection,
                message,
                states=states,
                opened=row.opened or state in _SEEN,
                late=row.late and not settled,
                contacts=[] if settled else row.contacts,
                done=row.done or (now if over else None),
            )
            return self._row(_one(connection, message))

    def answered(self, delivery: Delivery, now: datetime) -> SentRow | None:
        """An answer to it has come; None of a message that is not the desk's. Again changes nothing."""
        with self._database.transaction() as connection:
            row = connection.execute(
                select(sent).where(sent.c.message == delivery.in_reply_to).with_for_update()
            ).first()
            if row is None:
                return None
            given = {**row.given, **delivery.answers}
            left = [category for category in row.categories if category not in given]
            over = row.kind == REQUEST and bool(given) and not left
            expected = moment(str(delivery.body.get("expected") or "")) if delivery.kind == "Interim" else None
            _set(
                connection,
                row.message,
                given=given,
                opened=True,
                partly=bool(given) and bool(left),
                due=expected or row.due,
                late=row.late and not over and row.clock == "answer",
                contacts=row.contacts if row.clock == "answer" else [],
                done=row.done or (now if over else None),
            )
            return self._row(_one(connection, row.message))

    def remind(self, notice: Notice) -> SentRow | None:
        """The broker tells that its time runs out; None of a message that is not the desk's."""
        message = str(notice.content.get("message"))
        with self._database.transaction() as connection:
            row = connection.execute(select(sent).where(sent.c.message == message).with_for_update()).first()
            if row is None:
                return None
            clock = str(notice.content.get("clock") or "")
            seen = (clock == "opened" and row.opened) or (clock == "registered" and "registered" in row.states)
            if row.done is None and not seen:
                _set(
                    connection,
                    message,
                    due=moment(str(notice.content.get("due"))) or row.due,
                    clock=clock or row.clock,
                    late=row.late or notice.notice in (*_LATE, *_LATE_TOO),
                    contacts=notice.content.get("contacts") or row.contacts,
                )
            return self._row(_one(connection, message))

    def _row(self, row: DatabaseRow[Any]) -> SentRow:
        return SentRow(
            message=row.message,
            draft=row.draft,
            kind=row.kind,
            to=Address(row.authority, row.unit, row.area),
            answers=row.answers,
            case=row.case,
            author=row.author,
            queued=row.queued,
            time=row.time,
            outcome=row.outcome,
            partial=row.partial,
            states={name: Reached(datetime.fromisoformat(at), ref) for name, (at, ref) in row.states.items()},
            categories=tuple(row.categories),
            given=row.given,
            left=tuple(category for category in row.categories if category not in row.given),
            due=row.due,
            clock=row.clock,
            late=row.late,
            contacts=row.contacts,
            urgency=row.urgency,
            secret=row.secret,
            birth_date=self._sealed.birth_date(row, f"sent/{row.message}"),
            protected=row.protected,
            done=row.done,
        )


def _shown(show: Show, holders: Collection[int] | None) -> ColumnElement[bool]:
    """Which rows a view has: one question, for the rows and for how many they are. No acknowledgement waits."""
    waits, told = sent.c.done.is_(None), sent.c.kind != ACKNOWLEDGEMENT
    views: dict[Show, ColumnElement[bool]] = {
        "open": waits,
        "waiting_here": waits & sent.c.time.is_(None),
        "unopened": waits & ~sent.c.opened & (sent.c.outcome == "forward"),
        "late": waits & sent.c.late,
        "partly": waits & sent.c.partly,
        "back": waits & (sent.c.partial | (sent.c.outcome != "forward")),
        "done": sent.c.done.is_not(None) & told,
        "all": told,
    }
    return views[show] & (sent.c.holder.in_(sorted(holders)) if holders is not None else true())


def _rows() -> Select[Any]:
    return select(sent, *KEY).join(cases, cases.c.number == sent.c.case)


def _one(connection: Connection, message: str) -> DatabaseRow[Any]:
    row = connection.execute(_rows().where(sent.c.message == message)).first()
    if row is None:
        raise Missing("there is no such message")
    return row


def _set(connection: Connection, message: str, **values: Any) -> None:
    connection.execute(update(sent).where(sent.c.message == message).values(**values))


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()
