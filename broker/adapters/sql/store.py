"""The store in SQL, one transaction a batch: in SQLite, and in PostgreSQL for the workers (`worker_outbox`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from broker.adapters.sql import tables
from broker.adapters.sql.among import among
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.deadlines import SqlMatters
from broker.adapters.sql.deliveries import SqlDeliveries
from broker.adapters.sql.expected import SqlExpected
from broker.adapters.sql.registers import RECORD, TIME, SqlRegisters, answerable_row
from broker.adapters.sql.retained import SqlRetention
from broker.adapters.sql.rows import insert_rows, put_rows
from broker.adapters.sql.sealing import Sealing
from broker.deadlines import Matter
from broker.facts.recorded_consent import withdrawn_facts
from broker.model.decision import AgreementFacts, Json, PolicyInput, RecordedConsent, in_todays_form
from broker.ports.store import MOST_FORMS, Agreed, Form, Measure, Person, Recorded
from broker.ports.writes import (
    Answerable,
    Effects,
    Informed,
)

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
_C = tables.consents.c
_Q = tables.quarantine.c
SAYS_NO = or_(_C.refuses, _C.withdrawn.is_not(None))
_STANDS = and_(_C.replaced.is_(None), _C.pending.is_(False))
# A no counts also where it is not sure that it is the same person's: reserve numbers without their issuer.
_OF_PERSON = or_(
    _C.subject == bindparam("subject"),
    and_(_C.subject == bindparam("number"), SAYS_NO),
    and_(_C.number == bindparam("bare"), SAYS_NO),
)
_RANKED = (
    select(
        _C.seq,
        _C.authority,
        _C.consent,
        TIME.label("time"),
        RECORD.label("record"),
        SAYS_NO.label("says_no"),
        func.row_number()
        .over(partition_by=(_C.authority, _C.programme), order_by=(TIME.desc(), RECORD.desc()))
        .label("rank"),
    )
    .where(and_(_OF_PERSON, _STANDS, _C.parties.contains(bindparam("one")), _C.parties.contains(bindparam("other"))))
    .subquery()
)
_PICKED = (
    select(_RANKED.c.seq)
    .where(
        or_(
            _RANKED.c.rank == 1,
            _RANKED.c.says_no,
            and_(
                _RANKED.c.authority == bindparam("owner"),
                among(_RANKED.c.consent, "tokens"),
            ),
        )
    )
    .order_by(_RANKED.c.time.desc(), _RANKED.c.record.desc())
    .limit(MOST_FORMS + 1)
)
# Where there are several writers, a withdrawal waits until the decisions that used the consent are committed.
_FORMS = (
    select(tables.consents)
    .where(and_(_C.seq.in_(_PICKED), _STANDS))
    .order_by(TIME.desc(), RECORD.desc())
    .with_for_update(read=True)
)
_OWN_CONSENT = (
    select(tables.consents)
    .where(and_(_C.authority == bindparam("owner"), among(_C.consent, "tokens")))
    .order_by(_C.replaced.is_not(None), TIME.desc(), RECORD.desc())
    .limit(1)
)
_TOLD = select(tables.consents_told).where(
    and_(
        tables.consents_told.c.authority == bindparam("owner"),
        among(tables.consents_told.c.consent, "tokens"),
    )
)
_UNDER = and_(
    _C.authority == bindparam("owner"),
    _C.consent.in_(
        select(tables.consents_told.c.consent).where(
            and_(
                tables.consents_told.c.authority == bindparam("owner"),
                tables.consents_told.c.message == bindparam("message"),
                tables.consents_told.c.notice.is_(False),
            )
        )
    ),
)
_REPLACING = select(_C.consent).where(_C.seq.in_(select(_C.replaced).where(_UNDER)))
# A version that came when there was another token key stands under another token: that of what replaced these.
_CONSENT_OF = (
    select(tables.consents)
    .where(or_(_UNDER, and_(_C.authority == bindparam("owner"), _C.consent.in_(_REPLACING))))
    .order_by(_C.replaced.is_not(None), TIME.desc(), RECORD.desc())
    .limit(1)
)


class Log(Protocol):
    """Where a store's records are."""

    def append(self, leaves: Sequence[Json]) -> Sequence[tuple[int, str]]:
        """Append records in order; number and leaf hash (hex) of each."""

    def seq(self, record: int) -> int | None:
        """A record's place in the log; None where the log itself is kept elsewhere."""

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""

    @property
    def size(self) -> int:
        """How many records there are, where they are numbered."""

    def forget(self) -> None:
        """After a rollback: what was appended did not happen."""

    def mark_durable(self) -> None:
        """What was appended is durable."""


class SqlStore(SqlDeliveries, SqlRetention, SqlRegisters, SqlMatters, SqlExpected):
    """Store over one connection, which nobody else uses."""

    def __init__(self, connection: Connection, log: Log, contents: Contents) -> None:
        SqlMatters.__init__(self, connection)
        SqlRegisters.__init__(self, connection)
        SqlExpected.__init__(self)
        self._contents = contents
        self._log = log
        self._handled_before: dict[str, int] = {}

    def seq(self, record: int) -> int | None:
        """A record's place in the log; None where the log is kept apart."""
        return self._log.seq(record)

    @contextmanager
    def transaction(self, measure: Measure = nullcontext) -> Iterator[None]:
        """All that is committed inside is durable when it ends, or none of it is; `measure` is held meanwhile."""
        with measure():
            try:
                yield
                self._connection.commit()
            except BaseException:
                self.forget_expected()  # what stands there may not have happened
                self._connection.rollback()
                self._connection.connection.rollback()  # after a commit that failed SQLAlchemy thinks it is over
                self._log.forget()
                self._contents.forget()
                raise
            self._log.mark_durable()

    def move(self, moved: Iterable[tuple[str, str]]) -> None:
        """What is registered under each of these tokens lies under the one beside it."""
        moved = tuple(moved)
        super().move(moved)
        self._without_forms.difference_update(now for _, now in moved)

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Where this fails nothing has been moved: no record tells of it."""
        try:
            yield
        except BaseException:
            self.undo()
            raise

    def undo(self) -> None:
        """What is not durable is gone, and nothing is held."""
        self.forget_expected()
        self._connection.rollback()

    # --- facts

    def recorded_message(self, sender: str, message: UUID) -> Recorded | None:
        """The record of the decided message that has taken this id for its sender."""
        if self.is_looked_for(message):
            return self._taken.get((sender, message))
        return self._record(_TAKEN, sender=sender, message=str(message))

    def recorded_line(self, source: str, line: int) -> Recorded | None:
        """The record of a line of a source that was handled before this store was opened."""
        if line == 0:  # a source of one line
            return self._record(_HANDLED, source=source, line=line)
        if source not in self._handled_before or line == 1:
            last = select(func.max(tables.handled.c.line)).where(tables.handled.c.source == source)
            self._handled_before[source] = self._connection.execute(last).scalar_one() or 0
        if line > self._handled_before[source]:
            return None
        return self._record(_HANDLED, source=source, line=line)

    def _record(self, query: Any, **where: object) -> Recorded | None:
        row = self._connection.execute(query, where).one_or_none()
        return Recorded(row.digest, row.seq) if row else None

    def sent_message(self, sender: str, message: UUID) -> Answerable | None:
        """The delivered request, notification, order or referral with this id that this sender sent."""
        return self._answerable(_SENT, sender, message)

    def received_message(self, recipient: str, message: UUID) -> Answerable | None:
        """The one with this id that this recipient received; of several the first."""
        return self._answerable(_RECEIVED, recipient, message)

    def _answerable(self, query: Select[Any], party: str, message: UUID) -> Answerable | None:
        row = self._connection.execute(query, {"party": party, "message": str(message)}).first()
        if row is None:
            return None
        fields = (row.kind, row.sender, row.recipient, row.about, row.purpose, tuple(row.categories), row.answers)
        return Answerable(*fields, row.recalled, tuple(row.basis))

    def earlier(self, recipient: str, about: str) -> Sequence[tuple[str, str]]:
        """Notifications of concern on the person with this token that were delivered here: sender and message each."""
        rows = self._connection.execute(_EARLIER, {"recipient": recipient, "about": about})
        return [(row.sender, row.message) for row in rows]

    def record_of(self, sender: str, message: UUID) -> Json | None:
        """The record of the decided message with this id that this sender sent."""
        sent = self.recorded_message(sender, message)
        return self.record(sent.seq)[0] if sent else None

    def kind(self, sender: str, message: UUID) -> str | None:
        """The kind of the decided message with this id that this sender sent."""
        leaf = self.record_of(sender, message)
        return str(leaf["kind"]) if leaf else None

    def policy_input(self, sender: str, message: UUID) -> PolicyInput | None:
        """What the law was asked about the decided message with this id that this sender sent."""
        leaf = self.record_of(sender, message)
        return in_todays_form(leaf["input"]) if leaf else None

    def forms(
        self, person: Person, one: str, other: str, named: tuple[str, Sequence[str]] = ("", ())
    ) -> Sequence[Form]:
        """Forms about a person that name both parties (in law), the latest first: MOST_FORMS and one more, at most.

        Of each registrant and programme the newest, and every no; and the one `named`: whose, and tokens of its id.
        """
        number = person.number or ""
        whole = person.token != person.number
        of_person = {"subject": person.token if whole else "", "number": number, "bare": "" if whole else number}
        between = {"one": f" {one} ", "other": f" {other} "}
        of_id = {"owner": named[0], "tokens": list(named[1])}
        rows = self._connection.execute(_FORMS, {**of_person, **between, **of_id})
        return [_form(row) for row in rows]

    def own_consent(self, authority: str, consents: Sequence[str]) -> Form | None:
        """The consent that this authority has recorded under one of these tokens, its newest version."""
        row = self._connection.execute(_OWN_CONSENT, {"owner": authority, "tokens": list(consents)}).one_or_none()
        return _form(row) if row else None

    def informed_parties(self, authority: str, consents: Sequence[str]) -> Sequence[Informed]:
        """Who knows of a consent of this authority's, in any version."""
        rows = self._connection.execute(_TOLD, {"owner": authority, "tokens": list(consents)})
        return [Informed(row.authority, row.consent, row.party, row.message, row.notice) for row in rows]

    def consent_of(self, sender: str, message: UUID) -> tuple[Form, Person] | None:
        """The consent of its own that this sender's delivery went out under, its newest version, and whose it is."""
        row = self._connection.execute(_CONSENT_OF, {"owner": sender, "message": str(message)}).one_or_none()
        return (_form(row), Person(row.subject, row.number)) if row else None

    def has_agreement(self, agreements: Sequence[str]) -> bool:
        """Whether anybody has recorded an agreement under one of these tokens."""
        query = select(tables.agreements.c.seq).where(tables.agreements.c.agreement.in_(agreements)).limit(1)
        return self._connection.execute(query).first() is not None

    def agreements(self, one: str, other: str, named: Sequence[str] | None = None) -> Sequence[Agreed]:
        """Agreements that both authorities have sent themselves, with the same body; `named`: tokens of the one."""
        columns = tables.agreements.c
        stands = and_(columns.replaced.is_(None), columns.pending.is_(False), columns.registrant == columns.party)
        mine = select(columns.agreement).where(and_(columns.party == one, stands))
        query = select(tables.agreements).where(and_(columns.agreement.in_(mine), stands))
        if named is not None:
            query = query.where(columns.agreement.in_(named))
        same: dict[tuple[str, str], dict[str, Row[Any]]] = {}
        for row in self._connection.execute(query.order_by(columns.seq).with_for_update(read=True)):
            same.setdefault((row.agreement, row.body), {})[row.party] = row
        both = (confirmed for confirmed in same.values() if one in confirmed and other in confirmed)
        return [
            Agreed(
                cast(AgreementFacts, {**confirmed[one].facts, "parties": sorted(confirmed)}),
                tuple(confirmed[party].seq for party in sorted(confirmed)),
            )
            for confirmed in both
        ]

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
        numbered = [(effect, seq) for effect, (seq, _) in zip(effects, written, strict=True)]
        sealing = Sealing(self._contents, numbered)
        handled, answerables = [], []
        for effect, seq in numbered:
            if effect.source is not None and effect.line is not None:
                handled.append({"source": effect.source, "line": effect.line, "digest": effect.digest, "seq": seq})
            if effect.answerable is not None:
                answerables.append(answerable_row(effect, seq))
        for table, rows in (*sealing.rows(), (tables.answerables, answerables)):
            insert_rows(self._connection, table, rows)
        for effect, seq in numbered:
            self._enter(effect, seq)
            self._update(effect, seq)
        self.keep(matters)
        put_rows(self._connection, tables.handled, handled)
        self.forget_expected()
        return written

    def quarantined_bytes(self, proven: str | None, since: str) -> int:
        """Bytes that are kept of what a proven sender sent, or of all without one, recorded since this time."""
        query = select(func.coalesce(func.sum(_Q.kept), 0)).where(
            and_(_Q.proven.is_(None) if proven is None else _Q.proven == proven, _Q.redriven.is_(None))
        )
        return int(self._connection.execute(query.where(_Q.recorded >= since)).scalar_one())

    def purgeable(self, before: str, proven: str | None = None) -> Mapping[int, int]:
        """Lines in quarantine recorded before this time of which bytes are kept: record and how many, oldest first."""
        query = select(_Q.seq, _Q.kept).where(and_(_Q.recorded < before, _Q.kept > 0)).order_by(_Q.seq)
        rows = self._connection.execute(query if proven is None else query.where(_Q.proven == proven))
        return {row.seq: row.kept for row in rows}

    def renew_key(self) -> int:
        """Wrap every case's key anew; how many: what is erased can't be read in older copies of the database either."""
        with self.transaction():
            count = self._contents.renew()
        self._contents.drop()
        return count

    def _update(self, effect: Effects, seq: int) -> None:
        """What a message changes of what is stored, also of its own batch."""
        self._change(effect, seq)
        if effect.purged:
            of_purged = select(_Q.case_key).where(and_(_Q.seq.in_(effect.purged), _Q.case_key.is_not(None)))
            self._contents.erase(list(self._connection.execute(of_purged).scalars()), seq)
            emptied = {"content": b"", "kept": 0, "purged": seq}
            self._connection.execute(update(tables.quarantine).where(_Q.seq.in_(effect.purged)).values(emptied))
        for copy in effect.settled:
            self._contents.settle(copy)
        self._contents.erase(effect.erased, seq)
        self._contents.hold(effect.held, seq)
        self._contents.hold(effect.released, None)
        if effect.amendment is not None:
            self.amend(effect.amendment)


def _form(row: Row[Any]) -> Form:
    facts = cast(RecordedConsent, row.facts)
    if row.withdrawn is None:
        return Form(row.seq, row.authority, row.consent, row.time, facts, withdrawn=False)
    no = withdrawn_facts(facts, row.withdrawn_by)
    return Form(row.withdrawn, row.authority, row.consent, row.withdrawn_time, no, withdrawn=True)
