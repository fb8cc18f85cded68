"""Registers, boxes and records in SQL, one transaction a batch: in SQLite, and in PostgreSQL for `worker_store`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Connection, Select, Table, and_, bindparam, func, insert, select, update

from broker.adapters import tables
from broker.adapters.matters import SqlMatters, put
from broker.clocks import Matter
from broker.decision import AgreementFacts, ConsentFacts, Json
from broker.ports import Answerable, ConsentRow, Effects, Origin, Recorded

_TAKEN = select(tables.outbox.c.digest, tables.outbox.c.seq).where(
    and_(tables.outbox.c.sender == bindparam("sender"), tables.outbox.c.message == bindparam("message"))
)
_HANDLED = select(tables.handled.c.digest, tables.handled.c.seq).where(
    and_(tables.handled.c.source == bindparam("source"), tables.handled.c.line == bindparam("line"))
)
_ANSWERABLE = select(tables.answerables).where(tables.answerables.c.message == bindparam("message"))
_SENT = _ANSWERABLE.where(tables.answerables.c.sender == bindparam("party"))
_RECEIVED = _ANSWERABLE.where(tables.answerables.c.recipient == bindparam("party")).order_by(tables.answerables.c.seq)
_EARLIER = (
    select(tables.answerables.c.sender, tables.answerables.c.message)
    .where(
        and_(
            tables.answerables.c.recipient == bindparam("recipient"),
            tables.answerables.c.about == bindparam("about"),
            tables.answerables.c.kind == "ConcernNotification",
        )
    )
    .order_by(tables.answerables.c.seq)
)
_ONE_DELIVERY = and_(
    tables.inbox.c.type == "delivery",
    tables.inbox.c.sender == bindparam("sender"),
    tables.inbox.c.message == bindparam("message"),
)
_DELIVERED = select(tables.inbox.c.authority).where(_ONE_DELIVERY)
_DELIVERY = select(tables.inbox.c.n, tables.inbox.c.content).where(_ONE_DELIVERY)
# Where there are several writers, a withdrawal waits until the decisions that used the consent are committed.
_CONSENTS = (
    select(tables.consents.c.facts)
    .where(
        and_(
            tables.consents.c.subject == bindparam("subject"),
            tables.consents.c.replaced.is_(None),
            tables.consents.c.withdrawn.is_(None),
            tables.consents.c.pending.is_(False),
        )
    )
    .with_for_update(read=True)
)
_NAMED_CONSENT = _CONSENTS.where(
    and_(tables.consents.c.authority == bindparam("owner"), tables.consents.c.consent == bindparam("token"))
)
_OWN_CONSENT = (
    select(tables.consents)
    .where(and_(tables.consents.c.authority == bindparam("owner"), tables.consents.c.consent == bindparam("token")))
    .order_by(tables.consents.c.seq.desc())
    .limit(1)
)


def _of_origin(origin: Origin | None) -> dict[str, Any]:
    if origin is None:
        return {"size": None, "proven": None, "arrived": None}
    return {**vars(origin), "arrived": origin.arrived and origin.arrived.isoformat()}


class Log(Protocol):
    """Where a store's records are."""

    numbered: bool
    """Whether a record's number is its place in the log; else the log itself is kept elsewhere."""

    def append(self, leaves: Sequence[Json]) -> Sequence[tuple[int, str]]:
        """Append records in order; number and leaf hash (hex) of each."""

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""

    @property
    def size(self) -> int:
        """How many records there are, where they are numbered."""

    def forget(self) -> None:
        """After a rollback: what was appended did not happen."""

    def committed(self) -> None:
        """What was appended is durable."""


class SqlStore(SqlMatters):
    """Store over one connection, which nobody else uses."""

    pending = False
    """Whether a registration counts only when its record is out."""

    def __init__(self, connection: Connection, log: Log) -> None:
        super().__init__(connection)
        self._log = log
        self._handled_before: dict[str, int] = {}

    @property
    def numbered(self) -> bool:
        """Whether a record's number is its place in the log; else the log is kept apart."""
        return self._log.numbered

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is committed inside is durable when it ends, or none of it is."""
        try:
            yield
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            self._connection.connection.rollback()  # after a commit that failed SQLAlchemy thinks it is over
            self._log.forget()
            raise
        self._log.committed()

    # --- facts

    def expect(self, messages: Sequence[UUID], persons: Collection[str]) -> None:
        """What is asked for is looked up when it is asked for: the database is in this process."""

    def taken(self, sender: str, message: UUID) -> Recorded | None:
        """The record of the decided message that has taken this id for its sender."""
        return self._recorded(_TAKEN, sender=sender, message=str(message))

    def handled(self, source: str, line: int) -> Recorded | None:
        """The record of a line of a source that was handled before this store was opened."""
        if line == 0:  # a source of one line
            return self._recorded(_HANDLED, source=source, line=line)
        if source not in self._handled_before or line == 1:
            last = select(func.max(tables.handled.c.line)).where(tables.handled.c.source == source)
            self._handled_before[source] = self._connection.execute(last).scalar_one() or 0
        if line > self._handled_before[source]:
            return None
        return self._recorded(_HANDLED, source=source, line=line)

    def _recorded(self, query: Any, **where: object) -> Recorded | None:
        row = self._connection.execute(query, where).one_or_none()
        return Recorded(row.digest, row.seq) if row else None

    def sent(self, sender: str, message: UUID) -> Answerable | None:
        """The delivered request, notification, order or referral with this id that this sender sent."""
        return self._answerable(_SENT, sender, message)

    def received(self, recipient: str, message: UUID) -> Answerable | None:
        """The one with this id that this recipient received; of several the first."""
        return self._answerable(_RECEIVED, recipient, message)

    def _answerable(self, query: Select[Any], party: str, message: UUID) -> Answerable | None:
        row = self._connection.execute(query, {"party": party, "message": str(message)}).first()
        if row is None:
            return None
        told = (row.kind, row.sender, row.recipient, row.about, row.purpose, tuple(row.categories), row.answers)
        return Answerable(*told)

    def earlier(self, recipient: str, about: str) -> Sequence[tuple[str, str]]:
        """Notifications of concern on the person with this token that were delivered here: sender and message each."""
        found = self._connection.execute(_EARLIER, {"recipient": recipient, "about": about})
        return [(row.sender, row.message) for row in found]

    def delivered_to(self, sender: str, message: UUID) -> str | None:
        """Whom this sender's message was delivered to; None when it was not."""
        return self._connection.execute(_DELIVERED, {"sender": sender, "message": str(message)}).scalar_one_or_none()

    def consents(self, subject: str, own: tuple[str, str] | None = None) -> Sequence[ConsentFacts]:
        """Consents of the person with this token, newest version each, not withdrawn; `own` (authority, token): one."""
        if own is None:
            found = self._connection.execute(_CONSENTS, {"subject": subject})
        else:
            found = self._connection.execute(_NAMED_CONSENT, {"subject": subject, "owner": own[0], "token": own[1]})
        return cast(list[ConsentFacts], list(found.scalars()))

    def own_consent(self, authority: str, consent: str) -> ConsentRow | None:
        """The newest version of a consent that this authority has recorded, withdrawn or not."""
        row = self._connection.execute(_OWN_CONSENT, {"owner": authority, "token": consent}).one_or_none()
        if row is None:
            return None
        return ConsentRow(row.authority, row.consent, row.subject, row.facts, tuple(row.addresses))

    def agreements(self, one: str, other: str, agreement: str | None = None) -> Sequence[AgreementFacts]:
        """Agreements that both authorities have sent with the same body; with a token only that one."""
        first, second = tables.agreements.alias(), tables.agreements.alias()
        both = and_(
            first.c.party == one,
            second.c.party == other,
            first.c.agreement == second.c.agreement,
            first.c.body == second.c.body,
            first.c.replaced.is_(None),
            second.c.replaced.is_(None),
            first.c.pending.is_(False),
            second.c.pending.is_(False),
        )
        query = select(first.c.facts).where(both).order_by(first.c.seq)
        if agreement is not None:
            query = query.where(first.c.agreement == agreement)
        return cast(list[AgreementFacts], list(self._connection.execute(query.with_for_update(read=True)).scalars()))

    # --- the log

    def size(self) -> int:
        """How many records there are: the next one's number."""
        return self._log.size

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""
        return self._log.record(seq)

    # --- one batch

    def commit(self, effects: Sequence[Effects], matters: Sequence[Matter] = ()) -> Sequence[tuple[int, str]]:
        """Append the records, deliver, register, keep matters; (seq, leaf hash) for each."""
        written = self._log.append([effect.leaf for effect in effects])
        handled, outbox, inbox, quarantined, answerables = [], [], [], [], []
        for effect, (seq, _) in zip(effects, written, strict=True):
            if effect.source is not None and effect.line is not None:
                handled.append({"source": effect.source, "line": effect.line, "digest": effect.digest, "seq": seq})
            if effect.outbox is not None:
                sender, message, content = effect.outbox
                digest = effect.leaf.get("digest", effect.digest)
                outbox.append({"sender": sender, "message": message, "digest": digest, "seq": seq, "content": content})
            inbox += [{**vars(line), "seq": seq} for line in effect.inbox]
            if effect.quarantined is not None:
                quarantined.append({"seq": seq, "content": effect.quarantined, **_of_origin(effect.origin)})
            if effect.answerable is not None:
                answerables.append(_answerable(effect, seq))
            self._register(effect, seq)
            self._update(effect)
        for table, rows in (
            (tables.outbox, outbox),
            (tables.inbox, inbox),
            (tables.quarantine, quarantined),
            (tables.answerables, answerables),
        ):
            if rows:
                self._connection.execute(insert(table), rows)
        self.keep(matters)
        put(self._connection, tables.handled, handled)
        return written

    def redriven(self, quarantined: int, seq: int) -> None:
        """Mark a quarantined record as run again, with the record that came of it."""
        self._end(tables.quarantine, "redriven", seq, {"seq": quarantined})

    def register(self, effect: Effects, seq: int) -> None:
        """What one record makes of the registers, and nothing else: so they can be made again from the log."""
        if effect.answerable is not None:
            self._connection.execute(insert(tables.answerables), _answerable(effect, seq))
        self._register(effect, seq)
        self._answer(effect)

    def _register(self, effect: Effects, seq: int) -> None:
        if effect.consent is not None:
            consent = effect.consent
            self._end(tables.consents, "replaced", seq, {"authority": consent.authority, "consent": consent.consent})
            row = {**vars(consent), "addresses": list(consent.addresses), "seq": seq, "pending": self.pending}
            self._connection.execute(insert(tables.consents), row)
        if effect.withdrawn is not None:
            authority, token = effect.withdrawn
            self._end(tables.consents, "withdrawn", seq, {"authority": authority, "consent": token, "replaced": None})
        if effect.agreement is not None:
            agreement = effect.agreement
            self._end(tables.agreements, "replaced", seq, {"party": agreement.party, "agreement": agreement.agreement})
            row = {**vars(agreement), "seq": seq, "pending": self.pending}
            self._connection.execute(insert(tables.agreements), row)
        if effect.redrive_of is not None:
            self.redriven(effect.redrive_of, seq)

    def _answer(self, effect: Effects) -> None:
        """What a message changes of an answerable that an earlier batch stored."""
        if effect.answered is not None:
            asker, request, answers = effect.answered
            asked = and_(tables.answerables.c.sender == asker, tables.answerables.c.message == request)
            self._connection.execute(update(tables.answerables).where(asked).values(answers=dict(answers)))

    def _update(self, effect: Effects) -> None:
        """What a message changes of what earlier batches stored; none refers to one in its own (`pipeline`)."""
        self._answer(effect)
        if effect.amendment is not None:
            amended = effect.amendment
            where = {"sender": amended.sender, "message": amended.message}
            row = self._connection.execute(_DELIVERY, where).one()
            changed = update(tables.inbox).where(tables.inbox.c.n == row.n).values(content=amended.applied(row.content))
            self._connection.execute(changed)
            if amended.empties:  # what nobody has read is kept nowhere; the record's digest of it stays
                sent = and_(tables.outbox.c.sender == amended.sender, tables.outbox.c.message == amended.message)
                self._connection.execute(update(tables.outbox).where(sent).values(content=b""))

    def _end(self, table: Table, ending: str, seq: int, where: Mapping[str, object]) -> None:
        """Mark rows as ended by a record, once: history stays."""
        matches = [table.c[name] == value for name, value in where.items()]
        self._connection.execute(update(table).where(and_(*matches, table.c[ending].is_(None))).values({ending: seq}))


def _answerable(effect: Effects, seq: int) -> dict[str, object]:
    assert effect.answerable is not None
    message, told = effect.answerable
    return {"message": message, "seq": seq, **vars(told), "categories": list(told.categories)}
