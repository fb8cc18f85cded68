"""What the broker gives, each line saved once to stay: deliveries, notices, receipts."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, insert, select, update
from sqlalchemy import Row as DatabaseRow

from agents.agency import Delivery, Json, Notice, Receipt
from agents.agency.ids import message_id
from agents.agency.lines import Line, key
from agents.agency.worklist import CLOSES, REGISTRATIONS
from agents.desk.store.drafts import Drafts
from agents.desk.store.persons import Persons
from agents.desk.store.sealed import Sealed
from agents.desk.store.sent import ACKNOWLEDGEMENT, REQUEST, Sent, SentRow
from agents.desk.store.summary import Summary, summary_of
from agents.desk.store.tables import cases, contents, lines, sent
from agents.desk.store.terms import Term, added, next_term, paused, resumed, terms_of
from broker.web.database import Database

_NOBODY = Summary(urgency=None, secret=False, protected=False, birth_date=None, categories=())


class Arrivals:
    """In: the database, what seals, what is written and sent, whose desk it is, what finds who is named."""

    def __init__(
        self, database: Database, sealed: Sealed, drafts: Drafts, sent: Sent, *, authority: str, persons: Persons
    ) -> None:
        self._persons = persons
        self._database = database
        self._sealed = sealed
        self._drafts = drafts
        self._sent = sent
        self._authority = authority.partition("/")[0]

    def save(self, line: Line, now: datetime) -> None:
        """A line that came, to stay; the same one again changes nothing."""
        with self._database.transaction() as connection:
            if connection.execute(select(lines.c.number).where(lines.c.key == key(line))).first():
                return
            if isinstance(line, Delivery):
                self._delivery(connection, line, now)
            else:
                self._told(connection, line, now)

    def receive(self, receipt: Receipt, now: datetime) -> None:
        """What became of an own message: it answers what it answers, or comes back. Again changes nothing."""
        with self._database.transaction() as connection:
            row = self._sent.receive(receipt, now)
            if row is None or row.kind == ACKNOWLEDGEMENT:
                return
            goes = list(_released(receipt, row.kind, self._drafts.by_message(row.message).body))
            answered = connection.execute(select(lines).where(lines.c.message == row.answers).with_for_update()).first()
            back = receipt.outcome != "forward" or receipt.partial or bool(receipt.warnings)
            if answered is None or answered.sort != "delivery":
                if back:
                    self._came_back(connection, receipt, row, goes, now)
            else:
                self._reply(connection, answered, row, goes, back=back, now=now)
            if row.kind == "Recall" and receipt.outcome == "forward":
                recalled = self._drafts.by_message(row.message).body.get("message")
                connection.execute(update(sent).where(sent.c.message == str(recalled)).values(done=now))

    # --- deliveries

    def _delivery(self, connection: Connection, line: Delivery, now: datetime) -> None:
        about = line.in_reply_to or str(line.body.get("message") or "") or None
        listed = not self._is_settled(line)
        ours = None
        if line.kind == ACKNOWLEDGEMENT:
            ours = self._sent.acknowledged(line, now)
            listed = ours is not None and line.body.get("state") == "not_for_us"
        elif line.in_reply_to:
            ours = self._sent.answered(line, now)
        summary = summary_of(line.kind, line.body)
        if ours is not None and line.kind not in (ACKNOWLEDGEMENT, "Recall"):
            left = line.unanswered or ours.left
        else:
            left = list(summary.categories) if line.kind == REQUEST else []
        if line.kind == "Recall" and self._recalled(connection, line):
            listed = False
        if line.kind == "Clarification":
            self._clarified(connection, line, now)
        recipient = line.message.get("recipient") or {}
        self._insert(
            connection,
            line,
            now,
            sort="delivery",
            message=line.id,
            kind=line.kind,
            sender=str(line.sender.get("authority")),
            sender_unit=str(line.sender.get("unit") or ""),
            unit=str(recipient.get("unit") or ""),
            about=about,
            summary=summary,
            categories=list(ours.categories) if ours and ours.categories else list(summary.categories),
            left=list(left),
            terms=terms_of(line.terms) if listed else [],
            recalled=line.recalled_by is not None,
            listed=listed,
            holder=ours.author or None if ours else None,
        )

    def _is_settled(self, line: Delivery) -> bool:
        """Of what the authority registers with itself there is nothing to do."""
        return line.kind in (*REGISTRATIONS, "ConcernDecision") and line.sender.get("authority") == self._authority

    def _recalled(self, connection: Connection, line: Delivery) -> bool:
        """Its sender has taken back what came before. Whether that is here."""
        theirs = (lines.c.sender == str(line.sender.get("authority"))) & (lines.c.sort == "delivery")
        this = theirs & (lines.c.message == str(line.body.get("message")))
        return bool(connection.execute(update(lines).where(this).values(recalled=True)).rowcount)

    def _clarified(self, connection: Connection, line: Delivery, now: datetime) -> None:
        """The asker has answered a question back: the clock goes on."""
        asked = select(sent.c.answers).where(sent.c.message == line.in_reply_to).scalar_subquery()
        theirs = lines.c.sender == str(line.sender.get("authority"))
        this = theirs & ((lines.c.message == line.in_reply_to) | (lines.c.message == asked))
        for row in connection.execute(select(lines).where(this).with_for_update()).all():
            _set_terms(connection, row, resumed(row.terms, "answer", now))

    # --- what the broker tells

    def _told(self, connection: Connection, line: Line, now: datetime) -> None:
        notice = line if isinstance(line, Notice) else None
        content = line.content
        named = content.get("message") or next(reversed(content.get("messages") or [None]), None)
        about = str(named) if named else None
        ours = self._sent.remind(notice) if notice else None
        here = (
            connection.execute(select(lines).where(lines.c.message == about).with_for_update()).first()
            if about
            else None
        )
        terms = terms_of([content])
        if here is not None and terms and here.done is None:
            _set_terms(connection, here, added(here.terms, terms[0]))
        # The newest of what is told of a message says all that the earlier ones said.
        if about:
            earlier = (lines.c.about == about) & (lines.c.sort == "notice") & lines.c.done.is_(None)
            connection.execute(update(lines).where(earlier).values(done=now))
        summary = summary_of("", content) if notice else _NOBODY
        self._insert(
            connection,
            line,
            now,
            sort="notice",
            message=str(content.get("id") or message_id(now, os.urandom)),
            kind=notice.notice if notice else "unknown",
            sender="",
            sender_unit="",
            unit=str(content.get("unit") or ""),
            about=about,
            summary=summary,
            categories=[],
            left=[],
            terms=[],
            recalled=False,
            listed=here is None and (ours is None or ours.done is None),
        )

    # --- what came back

    def _reply(
        self,
        connection: Connection,
        line: DatabaseRow[Any],
        row: SentRow,
        goes: list[str],
        *,
        back: bool,
        now: datetime,
    ) -> None:
        """An answer to a line has gone, or has not."""
        left = [category for category in line.left if category not in goes]
        stays = back or (line.back is not None and line.back != row.message)
        closed = not left if line.kind == REQUEST else CLOSES.get(line.kind) == row.kind
        done = now if closed and not stays and row.outcome == "forward" else None
        values = {
            "left": left,
            "back": row.message if back else None if line.back == row.message else line.back,
            "done": None if back else line.done or done,
        }
        connection.execute(update(lines).where(lines.c.number == line.number).values(**values))
        if row.kind == "Clarification" and row.outcome == "forward" and line.kind == REQUEST:
            _set_terms(connection, line, paused(line.terms, "answer", now))

    def _came_back(
        self, connection: Connection, receipt: Receipt, row: SentRow, goes: list[str], now: datetime
    ) -> None:
        """What answers nothing here and did not go has a row of its own."""
        of_it = (lines.c.message == row.message) & (lines.c.sort == "receipt")
        left = [category for category in row.categories if category not in goes]
        if connection.execute(update(lines).where(of_it).values(left=left, back=row.message, done=None)).rowcount:
            return
        summary = Summary(row.urgency, row.secret, row.protected, row.birth_date, row.categories)
        self._insert(
            connection,
            receipt,
            now,
            sort="receipt",
            message=row.message,
            kind=row.kind,
            sender=row.to.authority,
            sender_unit=row.to.unit,
            unit="",
            about=row.answers,
            summary=summary,
            categories=list(row.categories),
            left=left,
            terms=[],
            recalled=False,
            listed=True,
            back=row.message,
            holder=row.author or None,
        )

    # --- within

    def _insert(
        self,
        connection: Connection,
        line: Line | Receipt,
        now: datetime,
        *,
        sort: Literal["delivery", "notice", "receipt"],
        message: str,
        about: str | None,
        summary: Summary,
        terms: list[Term],
        listed: bool,
        **values: Any,
    ) -> None:
        case = self._case(connection, about, message)
        if connection.execute(select(lines.c.number).where(lines.c.message == message)).first():
            message = message_id(now, os.urandom)  # somebody else's message has this id: it has another address
        held = connection.execute(select(cases.c.holder).where(cases.c.number == case)).scalar()
        row = {
            "key": key(line),
            "message": message,
            "sort": sort,
            "about": about,
            "received": now,
            "terms": terms,
            **next_term(terms),
            "urgency": summary.urgency,
            "secret": summary.secret,
            "protected": summary.protected,
            "done": None if listed else now,
            "listed": listed,
            "case": case,
            "drafts": 0,
            **values,
            "holder": held or values.get("holder"),
        }
        number = int(connection.execute(insert(lines).values(**row).returning(lines.c.number)).scalar_one())
        content = {"type": "receipt", "receipt": line.content} if isinstance(line, Receipt) else line.content
        kept = {"content": content, "trace": None if isinstance(line, Receipt) else line.trace}
        self._persons.note(case, content)
        self._sealed.keep(case, cast("Json | None", content.get("retention")))
        connection.execute(
            insert(contents).values(
                line=number,
                summary=self._seal(case, {"birth_date": summary.birth_date}, f"summary/{number}"),
                content=self._seal(case, kept, f"line/{number}"),
            )
        )

    def _case(self, connection: Connection, about: str | None, message: str) -> int:
        """The case of the own message that it is, or of what it is about, if that is here; else a new one."""
        for table, name in ((sent, message), (lines, about), (sent, about)):
            case = connection.execute(select(table.c.case).where(table.c.message == name)).scalar() if name else None
            if case is not None:
                return int(case)
        return self._sealed.new_case()

    def _seal(self, case: int, content: Json, label: str) -> bytes:
        return self._sealed.seal(case, json.dumps(content, ensure_ascii=False).encode(), label)


def _released(receipt: Receipt, kind: str, body: Json) -> Iterable[str]:
    """The categories that a message has answered."""
    if receipt.outcome != "forward":
        return
    if kind == "Refusal":
        yield from map(str, body.get("categories") or ())
    outcomes = {int(item["item"]): item["outcome"] for item in receipt.content.get("items") or ()}
    for index, item in enumerate(body.get("items") or ()):
        if outcomes.get(index, "release") == "release":
            yield str(item.get("category"))


def _set_terms(connection: Connection, row: DatabaseRow[Any], terms: list[Term]) -> None:
    connection.execute(update(lines).where(lines.c.number == row.number).values(terms=terms, **next_term(terms)))
