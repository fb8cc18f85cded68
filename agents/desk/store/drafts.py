"""What is written before it is sent: drafts, a second pair of eyes, the queue to send."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, func, insert, select, update

from agents.agency import Address, Json
from agents.agency.ids import message_id as new_id
from agents.desk.faults import Changed, NotNow, SameEyes
from agents.desk.store.absence import DECIDING, Absences
from agents.desk.store.desk_draft import DeskDraft, State
from agents.desk.store.sealed import Sealed
from agents.desk.store.sent import ACKNOWLEDGEMENT, Sent
from agents.desk.store.tables import drafts, lines, sent
from broker.web.database import Database
from broker.web.faults import Missing
from broker.web.user import User

_WRITTEN = ("draft", "ready", "awaits_approval", "approved")
_GONE = ("queued", "sent")


class Drafts:
    """In: the database, what seals, what is sent, who is away, the kinds that two pairs of eyes see, the clock."""

    def __init__(
        self,
        database: Database,
        sealed: Sealed,
        sent: Sent,
        absences: Absences,
        *,
        approval: frozenset[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._absences = absences
        self._sealed = sealed
        self._sent = sent
        self._approval = approval
        self._clock = clock

    # --- writing

    def new(
        self,
        kind: str,
        *,
        user: User,
        answers: str | None = None,
        part: str | None = None,
        to: Address | None = None,
        body: Json | None = None,
        how: Mapping[str, str] | None = None,
        message_id: str | None = None,
    ) -> DeskDraft:
        """A new draft, in the case of what it answers. Raises Missing when that is not here.

        `message_id`: made with the page that it is written on, so that a page sent twice is one draft: raises Changed.
        """
        with self._database.transaction() as connection:
            if message_id and connection.execute(select(drafts.c.number).where(drafts.c.message == message_id)).first():
                raise Changed("it is there already")
            case = self._case_of(connection, answers) if answers else self._sealed.new_case()
            return self._insert(
                *(connection, kind),
                user=user,
                case=case,
                answers=answers,
                part=part,
                to=to,
                body=body or {},
                how=dict(how or {}),
                id=message_id,
            )

    def again(self, message: str, user: User) -> DeskDraft:
        """A new draft of an own message that came back, to be mended: the old one is done with when it is sent.

        Raises Missing.
        """
        with self._database.transaction() as connection:
            old = self._one(connection, drafts.c.message == message)
            new = self._insert(
                *(connection, old.kind),
                user=user,
                case=old.case,
                answers=old.answers,
                part=old.part,
                to=old.to,
                body=old.body,
                how=old.how,
            )
            connection.execute(update(drafts).where(drafts.c.number == new.number).values(again=message))
            return new

    def _insert(
        self,
        connection: Connection,
        kind: str,
        *,
        user: User,
        case: int,
        answers: str | None,
        part: str | None = None,
        to: Address | None,
        body: Json,
        how: Json,
        id: str | None = None,
    ) -> DeskDraft:
        now = self._clock()
        id = id or new_id(now, os.urandom)
        signed = {**self._signature(user), **how}
        values = {
            "message": id,
            "kind": kind,
            "answers": answers,
            "part": part,
            "state": "draft",
            "author": user.number,
            "saved": now,
            "version": 1,
            "writers": [user.number],
            "case": case,
            "content": self._seal(case, id, body, signed, None),
            **_to(to),
        }
        number = connection.execute(insert(drafts).values(**values).returning(drafts.c.number)).scalar_one()
        self._count(connection, answers)
        return self._one(connection, drafts.c.number == number)

    def signed(self, draft: DeskDraft, user: User) -> DeskDraft:
        """As it would be sent by somebody: who sends it signs it; who approves it, where they decide in their own name.

        That its reader decides is what the law asks in a school: the role of whoever wrote it first is not enough.
        """
        signature = self._signature(user)
        if draft.state in ("awaits_approval", "approved") and signature["role"] not in DECIDING:
            return draft
        return replace(draft, how={**draft.how, **signature, "unit": draft.how["unit"]})

    def _signature(self, user: User) -> dict[str, str]:
        """Who sends it, as a message says it."""
        role = self._absences.cover().role_of(user)
        return {"unit": user.unit, "role": role, **({"officer": user.officer} if user.officer else {})}

    def save(
        self,
        number: int,
        *,
        user: User,
        version: int,
        body: Json | None = None,
        to: Address | None = None,
        how: Mapping[str, str] | None = None,
        kind: str | None = None,
    ) -> DeskDraft:
        """Keep what is written, whatever lacks; what is None stays. An approval falls: what was approved is not this.

        Raises Changed when `version` is not the newest, NotNow when it is queued or sent, Missing.
        """
        with self._database.transaction() as connection:
            old = self._one(connection, drafts.c.number == number)
            if old.state not in _WRITTEN:
                raise NotNow("it is on its way, or gone")
            writers = connection.execute(select(drafts.c.writers).where(drafts.c.number == number)).scalar_one()
            content = (
                old.body if body is None else body,
                {**self.signed(replace(old, state="draft"), user).how, **(how or {})},
                old.question,
            )
            values: dict[str, Any] = {
                "state": "draft",
                "approver": None,
                "author": user.number,
                "writers": sorted({*writers, user.number}),
                "kind": kind or old.kind,
                "content": self._seal(old.case, old.message_id, *content),
                **(_to(to) if to else {}),
            }
            return self._change(connection, number, version, values)

    # --- a second pair of eyes

    def needs_approval(self, kind: str) -> bool:
        """Whether two pairs of eyes see this kind before it is sent."""
        return kind in self._approval

    def ready(self, number: int, user: User) -> DeskDraft:
        """Its author is done with it. Raises NotNow, Missing."""
        return self._step(number, ("draft", "ready"), "ready")

    def submit(self, number: int, user: User) -> DeskDraft:
        """It waits for a second pair of eyes. Raises NotNow, Missing."""
        return self._step(number, ("draft", "ready", "awaits_approval"), "awaits_approval")

    def approve(self, number: int, user: User, *, version: int) -> DeskDraft:
        """Somebody who has not written in it has seen this version. Raises SameEyes, Changed, NotNow, Missing."""
        with self._database.transaction() as connection:
            row = self._row(connection, drafts.c.number == number)
            if user.number in row.writers:
                raise SameEyes("who has written in it can't approve it")
            if row.state != "awaits_approval":
                raise NotNow("it does not wait for approval")
            values = {"state": "approved", "approver": user.number, "content": self._sign(self._draft(row), user)}
            return self._change(connection, number, version, values)

    def _sign(self, draft: DeskDraft, user: User) -> bytes:
        how = self.signed(draft, user).how
        return self._seal(draft.case, draft.message_id, draft.body, how, draft.question)

    def send_back(self, number: int, user: User, question: str) -> DeskDraft:
        """Back to its author, with a question. Raises NotNow, Missing."""
        with self._database.transaction() as connection:
            old = self._one(connection, drafts.c.number == number)
            if old.state not in ("awaits_approval", "approved"):
                raise NotNow("it does not wait for approval")
            content = self._seal(old.case, old.message_id, old.body, old.how, question)
            values = {"state": "draft", "approver": None, "content": content}
            return self._change(connection, number, old.version, values)

    # --- sending

    def send(self, number: int, user: User) -> DeskDraft:
        """It is to be sent, and goes when the broker is reached; again changes nothing. Raises NotNow, Missing."""
        with self._database.transaction() as connection:
            row = self._row(connection, drafts.c.number == number)
            draft = self._draft(row)
            if draft.state in _GONE:
                return draft
            if draft.state not in (("approved",) if self.needs_approval(draft.kind) else _WRITTEN):
                raise NotNow("it has to be approved first, or is dropped")
            if draft.to is None:
                raise NotNow("it has no recipient")
            if draft.state != "approved":
                draft = self._change(connection, number, draft.version, {"content": self._sign(draft, user)})
            return self._queue(connection, draft, row.again)

    def acknowledge(self, message: str, case: int, to: Address, body: Json, user: User) -> DeskDraft:
        """Queue an acknowledgement of what came, to whoever sent it."""
        with self._database.transaction() as connection:
            draft = self._insert(
                connection, ACKNOWLEDGEMENT, user=user, case=case, answers=message, to=to, body=body, how={}
            )
            return self._queue(connection, draft, None)

    def _queue(self, connection: Connection, draft: DeskDraft, again: str | None) -> DeskDraft:
        now = self._clock()
        last = connection.execute(select(func.max(drafts.c.place))).scalar() or 0
        queued = self._change(connection, draft.number, draft.version, {"state": "queued", "place": last + 1})
        self._sent.queue(queued, now)
        if queued.kind != ACKNOWLEDGEMENT:
            back = (lines.c.message == draft.answers) & (lines.c.sort == "delivery")
            connection.execute(update(lines).where(back).values(back=None))
        if again:
            mended = (lines.c.message == again) & (lines.c.sort == "receipt")
            connection.execute(update(lines).where(mended).values(done=now, back=None))
            connection.execute(update(sent).where(sent.c.message == again).values(done=now))
        return queued

    def drop(self, number: int) -> DeskDraft:
        """It is not to be sent. Raises NotNow when it is queued or sent, Missing."""
        return self._step(number, (*_WRITTEN, "dropped"), "dropped")

    def drop_case(self, case: int) -> None:
        """Nothing of a case is written any more. Raises NotNow where something of it is on its way."""
        with self._database.transaction() as connection:
            states = set(connection.execute(select(drafts.c.state).where(drafts.c.case == case)).scalars())
            if "queued" in states:
                raise NotNow("something of it is on its way")
            written = (drafts.c.case == case) & drafts.c.state.in_(_WRITTEN)
            connection.execute(update(drafts).where(written).values(state="dropped"))
            connection.execute(update(lines).where(lines.c.case == case).values(drafts=0))

    def queued(self) -> list[DeskDraft]:
        """What is to be sent, in the order in which it was said."""
        return self._all(drafts.c.state == "queued", drafts.c.place)

    def refused(self, number: int, why: str) -> DeskDraft:
        """It can't be sent as it stands: it is a draft again, with the reason as its question."""
        with self._database.transaction() as connection:
            old = self._one(connection, drafts.c.number == number)
            content = self._seal(old.case, old.message_id, old.body, old.how, why)
            self._sent.unqueue(old.message_id)
            values = {"state": "draft", "approver": None, "place": None, "content": content}
            return self._change(connection, number, old.version, values)

    def sent(self, number: int, time: datetime) -> None:
        """The broker has it; again changes nothing. Of what nobody is to know who sent, nothing is kept."""
        with self._database.transaction() as connection:
            draft = self._one(connection, drafts.c.number == number)
            if draft.state != "queued":
                return
            values: dict[str, Any] = {"state": "sent"}
            if is_anonymous(draft.body):
                nothing = self._seal(draft.case, draft.message_id, {}, {}, None)
                values |= {"content": nothing, "author": 0, "approver": None, "writers": []}
            self._change(connection, number, draft.version, values)
            self._sent.sent(draft.message_id, time, anonymous=is_anonymous(draft.body))

    # --- looking

    def get(self, number: int) -> DeskDraft:
        """One draft. Raises Missing."""
        with self._database.reading() as connection:
            return self._one(connection, drafts.c.number == number)

    def by_message(self, message: str) -> DeskDraft:
        """The one with a message's id. Raises Missing."""
        with self._database.reading() as connection:
            return self._one(connection, drafts.c.message == message)

    def of(self, message: str) -> list[DeskDraft]:
        """What has been written in answer to a message and is not dropped, oldest first; no acknowledgements."""
        return self._all((drafts.c.answers == message) & _LISTED, drafts.c.number)

    def case(self, case: int) -> list[DeskDraft]:
        """What has been written in a case and is not dropped, oldest first; no acknowledgements."""
        return self._all((drafts.c.case == case) & _LISTED, drafts.c.number)

    def unsent(self, *, author: int | None = None) -> list[DeskDraft]:
        """What is being written, newest first: by one author, or by all."""
        mine = drafts.c.author == author if author is not None else drafts.c.author.is_not(None)
        return self._all(drafts.c.state.not_in((*_GONE, "dropped")) & mine, drafts.c.saved.desc())

    def awaiting_approval(self, user: User) -> list[DeskDraft]:
        """What this person may approve: what others have written, oldest first."""
        waiting = drafts.c.state == "awaits_approval"
        with self._database.reading() as connection:
            rows = connection.execute(select(drafts).where(waiting).order_by(drafts.c.number)).all()
            return [self._draft(row) for row in rows if user.number not in row.writers]

    def wait_for_approval(self) -> bool:
        """Whether any draft does."""
        asked = select(drafts.c.number).where(drafts.c.state == "awaits_approval").limit(1)
        with self._database.reading() as connection:
            return connection.execute(asked).first() is not None

    # --- within

    def _step(self, number: int, before: tuple[str, ...], after: State) -> DeskDraft:
        with self._database.transaction() as connection:
            draft = self._one(connection, drafts.c.number == number)
            if draft.state not in before:
                raise NotNow("it is not in a state where that can be done")
            return draft if draft.state == after else self._change(connection, number, draft.version, {"state": after})

    def _change(self, connection: Connection, number: int, version: int, values: dict[str, Any]) -> DeskDraft:
        """Each change has a version of its own. Raises Changed when it is not this version that is changed."""
        this = (drafts.c.number == number) & (drafts.c.version == version)
        change: Update = update(drafts).where(this).values(version=version + 1, saved=self._clock(), **values)
        if not connection.execute(change).rowcount:
            raise Changed("somebody has changed it meanwhile: read it again")
        draft = self._one(connection, drafts.c.number == number)
        self._count(connection, draft.answers)
        return draft

    def _count(self, connection: Connection, answers: str | None) -> None:
        """How many drafts a line has, kept with it."""
        if answers:
            written = (drafts.c.answers == answers) & drafts.c.state.in_(_WRITTEN)
            number = select(func.count()).select_from(drafts).where(written).scalar_subquery()
            connection.execute(update(lines).where(lines.c.message == answers).values(drafts=number))

    def _case_of(self, connection: Connection, answers: str) -> int:
        for table in (lines, sent):
            case = connection.execute(select(table.c.case).where(table.c.message == answers)).scalar()
            if case is not None:
                return int(case)
        raise Missing("what it answers is not here")

    def _all(self, where: ColumnElement[bool], order: Any) -> list[DeskDraft]:
        with self._database.reading() as connection:
            return [self._draft(row) for row in connection.execute(select(drafts).where(where).order_by(order)).all()]

    def _one(self, connection: Connection, where: ColumnElement[bool]) -> DeskDraft:
        return self._draft(self._row(connection, where))

    def _row(self, connection: Connection, where: ColumnElement[bool]) -> Row[Any]:
        row = connection.execute(select(drafts).where(where)).first()
        if row is None:
            raise Missing("there is no such draft")
        return row

    def _draft(self, row: Row[Any]) -> DeskDraft:
        content = json.loads(self._sealed.open(row.case, row.content, f"draft/{row.message}"))
        return DeskDraft(
            number=row.number,
            message_id=row.message,
            kind=row.kind,
            to=address_of(row),
            answers=row.answers,
            part=row.part,
            body=content["body"],
            how=content["how"],
            state=row.state,
            author=row.author,
            approver=row.approver,
            question=content["question"],
            saved=row.saved,
            version=row.version,
            case=row.case,
        )

    def _seal(self, case: int, message: str, body: Json, how: Json, question: str | None) -> bytes:
        text = json.dumps({"body": body, "how": how, "question": question}, ensure_ascii=False)
        return self._sealed.seal(case, text.encode(), f"draft/{message}")


_LISTED = (drafts.c.state != "dropped") & (drafts.c.kind != ACKNOWLEDGEMENT)


def is_anonymous(body: Json) -> bool:
    """Whether nobody is to know who sent it."""
    return bool(body.get("anonymous"))


def _to(to: Address | None) -> dict[str, str | None]:
    if to is None:
        return {"authority": None, "unit": None, "area": None}
    return {"authority": to.authority, "unit": to.unit, "area": to.area}


def address_of(row: Row[Any]) -> Address | None:
    """Whom a row is for."""
    return Address(row.authority, row.unit or "registry", row.area) if row.authority else None
