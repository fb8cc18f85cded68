"""The workers' store, in PostgreSQL: what is decided is written here first, then sent in one Kafka transaction.

A position of an outbox that was decided before gives what was decided then, and nothing new. Once it is sent the
contents are forgotten, but a delivery's: it is kept until its recipient has registered it, or its sender recalled it,
so that it can be given out again whatever a topic's retention. Several workers write at once: an outbox has one worker,
so a second one that still thinks it has it meets a key that is taken.

What is registered or recalled before it is out, by whichever worker, is forgotten when it is: it goes out as decided.

A consent or an agreement counts when its record is out, and for what is sent with it. What was decided by one and has
not been sent with it is decided anew: it may be another worker's by now, or the consent may never come out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain

from sqlalchemy import (
    BigInteger,
    Connection,
    LargeBinary,
    RowMapping,
    String,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError

from broker.adapters.sql import postgres, tables
from broker.adapters.sql.among import among
from broker.adapters.sql.contents import Contents, of_quarantined
from broker.adapters.sql.deliveries import NEVER_REGISTERED, OF_DELIVERY, open_line
from broker.adapters.sql.rows import insert_rows, put_rows
from broker.adapters.sql.store import SAYS_NO, SqlStore
from broker.adapters.sql.worker_tables import attempts, decisions, numbers
from broker.deadlines import Matter
from broker.log import places
from broker.log.merkle import leaf_hash
from broker.log.recency import fault
from broker.model.canonical import canonical, parse
from broker.model.decision import Json
from broker.ports.faults import Away
from broker.ports.health import POSTGRES
from broker.ports.store import Measure, Recorded
from broker.ports.tokens import Tokens
from broker.ports.transport import Again, Attempt, Input, Outgoing
from broker.ports.writes import DELIVERY, REDELIVERY, Amendment, Effects, InboxLine

_PUBLISHED = update(decisions).where(among(decisions.c.n, "numbers")).values(published=True)
_REGISTERED = (tables.consents, tables.agreements)
_WAITS = union_all(*(select(t.c.seq).where(and_(t.c.pending, among(t.c.seq, "numbers"))) for t in _REGISTERED))
_WAIT = [
    update(tables.consents).where(and_(among(tables.consents.c.seq, "numbers"), ~SAYS_NO)).values(pending=True),
    update(tables.agreements).where(among(tables.agreements.c.seq, "numbers")).values(pending=True),
]
_COUNT_NOW = [update(table).where(among(table.c.seq, "numbers")).values(pending=False) for table in _REGISTERED]
_PLACES = [bindparam(name, type_=ARRAY(BigInteger)) for name in ("numbers", "offsets")]
_OUT = func.unnest(*_PLACES).table_valued("number", "at").render_derived()
_I = tables.inbox.c
_ENDS = _I.notes["forgotten"].as_string().is_not(None)
"""Why nothing is kept of it once it is out."""
# What nobody registers is kept no longer than a receipt. What ends the keeping of the rest, beside registration and
# recall, is for its retention class to say (`amend`).
_FORGOTTEN = [
    delete(tables.inbox).where(and_(among(_I.seq, "numbers"), _I.type.not_in(OF_DELIVERY))),
    update(tables.inbox)
    .where(and_(_I.seq == _OUT.c.number, _I.type == DELIVERY))
    .values(offset=func.coalesce(_OUT.c.at, _I.offset)),
    update(tables.inbox)
    .where(and_(among(_I.seq, "numbers"), or_(_I.type == REDELIVERY, _I.kind.in_(NEVER_REGISTERED), _ENDS)))
    .values(content=None),
    update(tables.quarantine).where(among(tables.quarantine.c.seq, "numbers")).values(content=b""),
]
_KEPT_OF = tables.inbox.alias("kept_of")
_PLACED = 1
"""Which of these is about deliveries."""
_OF_ONE = and_(_I.type == DELIVERY, _I.sender == bindparam("of_sender"), _I.message == bindparam("of_message"))
_SAYS = and_(_I.content.is_not(None), ~_ENDS)
_OUT_OR_NOT = (  # whoever sends it now is waited for: what a statement sees is from when it began
    select(decisions.c.published)
    .join(tables.inbox, _I.seq == decisions.c.n)
    .where(_OF_ONE)
    .with_for_update(read=True, of=decisions)
)
_REPLACED = select(_I.n, _I.notes).where(and_(_OF_ONE, _SAYS))
_ENDED = {"recalled": _OF_ONE, "registered": and_(_OF_ONE, _SAYS)}
"""Deliveries that are no longer kept, by the note that a message would write on them."""
_BEFORE = select(tables.handled).where(
    tuple_(tables.handled.c.source, tables.handled.c.line).in_(
        select(
            func.unnest(bindparam("sources", type_=ARRAY(String))),
            func.unnest(bindparam("lines", type_=ARRAY(BigInteger))),
        )
    )
)
OF_DECISION = (
    *(tables.handled, tables.outbox, tables.inbox, tables.quarantine),
    *(tables.answerables, tables.consents, tables.agreements, tables.copies),
)
"""Tables with rows that a decision has made."""
_LINES = select(tables.inbox).where(tables.inbox.c.seq == bindparam("n")).order_by(tables.inbox.c.n)
_DECISION = select(decisions).where(decisions.c.n == bindparam("n"))
_UNSENT = select(decisions).where(and_(among(decisions.c.n, "numbers"), decisions.c.published.is_(False)))
_SENT_HASHES = select(decisions.c.leaf_hash).where(
    and_(decisions.c.leaf_hash == any_(bindparam("hashes", type_=ARRAY(LargeBinary))), decisions.c.published)
)
_WITH_KEY = text("""leaf LIKE '%"key":"%'::bytea""")
_NEWEST_WITH_KEY = select(decisions.c.leaf).where(_WITH_KEY).order_by(decisions.c.n.desc()).limit(1)
_READ = func.unnest(bindparam("sources", type_=ARRAY(String))).table_valued("source").render_derived()
_NEVER_SEEN = select(_READ.c.source).where(~exists().where(tables.handled.c.source == _READ.c.source))
_KEPT = select(tables.quarantine.c.content, tables.quarantine.c.case_key).where(
    tables.quarantine.c.seq == bindparam("n")
)


_HIDDEN = 10_000
"""Offsets back from where an outbox has been read among which its hidden places are looked for."""


class WorkerStore(SqlStore):
    """Store over one connection to PostgreSQL, which holds nothing but this store's transaction."""

    def __init__(self, connection: Connection, tokens: Tokens, contents: Contents) -> None:
        self._decided = DecisionLog(connection)
        super().__init__(connection, self._decided, contents)
        self._tokens = tokens
        self._before: dict[tuple[str, int], Recorded] = {}
        self._fresh: dict[tuple[str, int], Outgoing] = {}
        self._newest: int | None = None
        self._registering: list[int] = []
        """Records of this transaction that register something."""
        self._sources: dict[str, tuple[str, ...]] = {}
        """Of a source its tokens, as each key makes them: today's -> all."""

    def know_source(self, source: str, others: Sequence[str]) -> None:
        """A source by its token, and those that it has under other keys."""
        self._sources[source] = (source, *others)

    def key_in_use(self) -> str | None:
        """The id of the key with which the newest record was made; None where there is none."""
        leaf = self._connection.execute(_NEWEST_WITH_KEY).scalar_one_or_none()
        key_id: str | None = parse(leaf).get("key") if leaf else None
        return key_id

    @contextmanager
    def transaction(self, measure: Measure = nullcontext) -> Iterator[None]:
        """All that is committed inside is durable when it ends, or none of it is. What sends it on is measured.

        What it registers counts inside, and for all others when it is out; a no at once.
        """
        try:
            with super().transaction():
                yield
                for waiting in _WAIT if self._registering else ():
                    self._connection.execute(waiting, {"numbers": self._registering})
        except BaseException:
            self._fresh.clear()
            raise
        finally:
            self._registering = []

    # --- positions

    def never_seen(self, read: Mapping[str, int]) -> int:
        """Of how many of these sources, read up to these offsets, nothing was ever handled.

        Where there is nothing but what names nobody, its newest hidden places are looked for.
        """
        names = {name: source for source in read for name in self._names(source)}
        unseen = set(self._connection.execute(_NEVER_SEEN, {"sources": list(names)}).scalars())
        seen = {source for name, source in names.items() if name not in unseen}
        return sum(not self._has_hidden(source, read[source]) for source in read.keys() - seen)

    def _has_hidden(self, source: str, end: int) -> bool:
        newest = range(end - 1, max(0, end - _HIDDEN) - 1, -1)
        sources = [hidden for line in newest for hidden, _ in self._hidden(source, line)]
        where = {"sources": sources, "lines": [0] * len(sources)}
        return self._connection.execute(_BEFORE.limit(1), where).first() is not None

    def foresee(self, inputs: Iterable[Input]) -> None:
        """Look up at once which of these were handled before; for no others `handled` tells it.

        Raises StoreOutdated when what this store has sent is not in it any longer.
        """
        if self._newest is not None and self._connection.execute(_DECISION, {"n": self._newest}).first() is None:
            raise fault("what this worker has sent is not in it any longer")
        looked_for = [place for given in inputs for place in self._places(given.source, given.number)]
        where = {"sources": [source for source, _ in looked_for], "lines": [line for _, line in looked_for]}
        rows = self._connection.execute(_BEFORE, where).all()
        these = {"numbers": [row.seq for row in rows]}
        waits = set(self._connection.execute(_WAITS, these).scalars()) if rows else set[int]()
        self._before = {(row.source, row.line): Recorded(row.digest, row.seq, row.seq in waits) for row in rows}
        if rows:
            for place in self._rest_on_unsent([place for place in looked_for if place in self._before]):
                self._undecide(self._before.pop(place))
        self._connection.commit()
        self._fresh.clear()

    def _rest_on_unsent(self, in_order: Sequence[places.Place]) -> list[places.Place]:
        """Where something was decided that is not sent, and rests on what is neither sent nor comes before it here."""
        numbered = {"numbers": [self._before[place].seq for place in in_order]}
        unsent = {row.n: row for row in self._connection.execute(_UNSENT, numbered)}
        rests_on = {n: _rests_on(parse(row.leaf)) for n, row in unsent.items()}
        hashes = list(set().union(*rests_on.values()))
        there = set(self._connection.execute(_SENT_HASHES, {"hashes": hashes}).scalars()) if hashes else set[bytes]()
        anew = []
        for place in in_order:
            n = self._before[place].seq
            if n in unsent and rests_on[n] <= there:
                there.add(unsent[n].leaf_hash)
            elif n in unsent:
                anew.append(place)
        return anew

    def recorded_line(self, source: str, line: int) -> Recorded | None:
        """The record of a position that was handled before."""
        return next((self._before[place] for place in self._places(source, line) if place in self._before), None)

    def commit(self, effects: Sequence[Effects], matters: Sequence[Matter] = ()) -> Sequence[tuple[int, str]]:
        """Keep what is decided, to be sent; (number, leaf hash) for each. Raises Away when another worker was first."""
        # An outbox keeps its bytes itself; one that was made anew has other ones at the same places.
        bare = [_without_content(effect) for effect in effects]
        written_at = (place for effect in effects for place in self._places(effect.source, effect.line))
        anew = [place for place in written_at if place in self._before]
        if anew:
            handled = tables.handled
            self._connection.execute(delete(handled).where(tuple_(handled.c.source, handled.c.line).in_(anew)))
        try:
            written = super().commit(bare, matters)
        except IntegrityError:
            raise Away(POSTGRES, "TakenByAnother") from None
        for effect, (number, _) in zip(effects, written, strict=True):
            if effect.source is not None and effect.line is not None:
                out = Outgoing(number, self._decided.latest[number], effect.inbox, effect.quarantined)
                self._fresh[(effect.source, effect.line)] = out
            if effect.consent is not None or effect.agreement is not None:
                self._registering.append(number)
        return written

    def outgoing(self, given: Input) -> Outgoing | None:
        """What the input at this position puts on the streams; None for a repeat of another position's message."""
        both = self._places(given.source, given.number)
        for place in both:
            if place in self._fresh:
                return self._fresh[place]
        return next((self._load_outgoing(self._before[place].seq) for place in both if place in self._before), None)

    def discard(self, given: Input) -> None:
        """What was decided at this position can't be sent: unless it is out, it is as if it had not been decided.

        Only what it ended stays ended: no consent comes to life again. The caller has looked it up (`foresee`).
        """
        for place in self._places(given.source, given.number):
            if place in self._before and not self._load_outgoing(self._before[place].seq).published:
                self._undecide(self._before.pop(place))

    def _undecide(self, before: Recorded) -> None:
        leaf, _ = self.record(before.seq)
        self.move((now, token) for token, now in leaf.get("moved", ()))  # its record tells nobody: it is moved again
        for table in OF_DECISION:
            self._connection.execute(delete(table).where(table.c.seq == before.seq))
        self._connection.execute(delete(decisions).where(decisions.c.n == before.seq))
        self._connection.commit()

    def _places(self, source: str | None, line: int | None) -> tuple[places.Place, ...]:
        """Where the record of a line may be found: under its place, or where it names nobody under that hidden."""
        if source is None or line is None:
            return ()
        source, line = places.reveal(self._tokens, (source, line)) or (source, line)
        return *((name, line) for name in self._names(source)), *self._hidden(source, line)

    def _names(self, source: str) -> tuple[str, ...]:
        return self._sources.get(source, (source,))

    def _hidden(self, source: str, line: int) -> Iterator[places.Place]:
        return (place for name in self._names(source) for place in places.hidden(self._tokens, (name, line)))

    def _load_outgoing(self, number: int) -> Outgoing:
        decided = self._connection.execute(_DECISION, {"n": number}).one()
        lines = tuple(
            InboxLine(row["authority"], row["type"], row["sender"], row["message"], self._said(row))
            for row in self._connection.execute(_LINES, {"n": number}).mappings()
        )
        return Outgoing(number, decided.leaf, lines, self._put_aside(number), decided.published)

    def _said(self, row: RowMapping) -> Json:
        """What a line says, as it was decided; nothing where nothing is kept, for then it is out."""
        return open_line(self._contents, row) if row["content"] else {}

    def _put_aside(self, number: int) -> bytes | None:
        """Of a line in quarantine what is to be put there; None where the record is of none."""
        row = self._connection.execute(_KEPT, {"n": number}).one_or_none()
        if row is None or not row.content:
            return None if row is None else b""
        return self._contents.open(row.case_key, row.content, of_quarantined(number))

    def mark_published(self, offsets: Mapping[int, int | None], again: Sequence[Again] = ()) -> None:
        """These numbers are out; the offset of the delivery of each, where it made one; and what is given out again.

        Contents are forgotten.

        It becomes durable with the next transaction, for nothing but memory hangs on it; at once where a consent or an
        agreement counts from now on, or there is a delivery, which others may end meanwhile and must not wait for.
        """
        self._newest = max(offsets, default=self._newest)
        these = {"numbers": list(offsets), "offsets": list(offsets.values())}
        self._connection.execute(_PUBLISHED, these)
        counts_now = [self._connection.execute(counting, these).rowcount for counting in _COUNT_NOW]
        touched = [self._connection.execute(forgetting, these).rowcount for forgetting in _FORGOTTEN]
        for one in again:
            lies = and_(_I.authority == one.line.authority, _I.sender == one.line.sender)
            here = and_(lies, _I.message == one.line.message, _I.type.in_(OF_DELIVERY))
            only = _I.offset < one.offset if one.lost else _I.seq == one.number
            self._connection.execute(update(tables.inbox).where(and_(here, only)).values(offset=one.offset))
        if any((*counts_now, touched[_PLACED], again)):
            self._connection.commit()

    def amend(self, given: Amendment) -> None:
        """A note on a delivery that is still kept; one that is recalled or registered is so until it is out at most."""
        of_one = {"of_sender": given.sender, "of_message": given.message}
        if "replaced" in given.note:
            for row in self._connection.execute(_REPLACED, of_one).all():
                changed = update(tables.inbox).where(_I.n == row.n).values(notes=given.noted(row.notes))
                self._connection.execute(changed)
        for name in _ENDED.keys() & given.note.keys():
            forgotten = {"content": None} if self._connection.execute(_OUT_OR_NOT, of_one).scalar() else {}
            ended = update(tables.inbox).where(_ENDED[name]).values(**forgotten, notes={"forgotten": name})
            self._connection.execute(ended, of_one)

    def rest(self) -> None:
        """Nothing comes for now: what is not durable yet becomes so."""
        self._connection.commit()

    def settle(self, committed: Mapping[str, int]) -> None:
        """All that was handled of these sources before these offsets is out, whoever sent it."""
        open_ = select(decisions.c.n).where(decisions.c.published.is_(False))
        query = select(tables.handled.c.source, tables.handled.c.line, tables.handled.c.seq)
        committed = {name: offset for source, offset in committed.items() for name in self._names(source)}
        ours = or_(tables.handled.c.source.in_(list(committed)), tables.handled.c.line == 0)  # or one that is hidden
        rows = self._connection.execute(query.where(and_(tables.handled.c.seq.in_(open_), ours))).all()
        out: dict[int, None] = {}
        for row in rows:
            source, line = places.reveal(self._tokens, (row.source, row.line)) or (row.source, row.line)
            if line < committed.get(source, 0):
                out[row.seq] = None
        if out:
            self.mark_published(out)
        self._connection.commit()

    def places(self, sender: str, message: str) -> Sequence[tuple[str, int | None]]:
        """Whose inboxes a delivery lies in, and at which offset in each, where that is known."""
        lies = and_(_I.type.in_(OF_DELIVERY), _I.sender == sender, _I.message == message)
        rows = self._connection.execute(select(_I.authority, _I.offset).where(lies).order_by(_I.n))
        return [(row.authority, row.offset) for row in rows]

    def is_lost(self, inbox: str, first: int, end: int) -> bool:
        """Whether something that is kept to be given out again lay in an inbox at these offsets."""
        here = and_(_I.authority == inbox, _I.type.in_(OF_DELIVERY), _I.offset >= first, _I.offset < end)
        says = _KEPT_OF.c.content.is_not(None)
        same = and_(_KEPT_OF.c.sender == _I.sender, _KEPT_OF.c.message == _I.message, _KEPT_OF.c.type == DELIVERY)
        query = select(_I.n).where(and_(here, exists().where(and_(same, says)))).limit(1)
        return self._connection.execute(query).first() is not None

    def kept_from(self, inbox: str) -> int | None:
        """The offset of the first delivery in an inbox that is kept to be given out again; None: there is none."""
        kept = and_(_I.authority == inbox, _I.type == DELIVERY, _SAYS, _I.offset.is_not(None))
        first: int | None = self._connection.execute(select(func.min(_I.offset)).where(kept)).scalar_one()
        return first

    # --- attempts

    def attempt(self, stretches: Mapping[str, tuple[int, int]]) -> Mapping[str, Attempt]:
        """Work begins on outboxes, each from its first to its last offset: how often it has begun there before."""
        begun = select(attempts).where(attempts.c.topic.in_(list(stretches)))
        known = {row.topic: Attempt(row.first, row.until, row.tries) for row in self._connection.execute(begun)}
        now = {topic: Attempt.at(first, last, known.get(topic)) for topic, (first, last) in stretches.items()}
        put_rows(self._connection, attempts, [{"topic": topic, **vars(attempt)} for topic, attempt in now.items()])
        self._connection.commit()
        return now

    def forget_attempts(self, topics: Iterable[str]) -> None:
        """Work on these outboxes came through, or stopped for another reason than what lies in them."""
        self._connection.execute(delete(attempts).where(attempts.c.topic.in_(list(topics))))
        self._connection.commit()


def _rests_on(leaf: Json) -> set[bytes]:
    """The leaf hashes of the records of forms and agreements by which something was decided."""
    rests_on = leaf.get("rests_on", {})
    hashes = [*rests_on.get("forms", {}).values(), *chain.from_iterable(rests_on.get("agreements", ()))]
    return {bytes.fromhex(hash_) for hash_ in hashes if hash_ is not None}


def _without_content(effect: Effects) -> Effects:
    return effect if effect.outbox is None else effect._replace(outbox=(*effect.outbox[:2], b""))


_RECENT = 100_000
"""Numbers back from the newest among which the newest records are looked for first."""
_HASHES = select(decisions.c.leaf_hash).where(
    decisions.c.leaf_hash == any_(bindparam("hashes", type_=ARRAY(LargeBinary)))
)
_LATE = decisions.c.n > select(func.max(decisions.c.n)).scalar_subquery() - _RECENT
_RECORD = select(decisions.c.leaf, decisions.c.leaf_hash).where(decisions.c.n == bindparam("n"))


def unknown(connection: Connection, leaf_hashes: Collection[bytes]) -> int:
    """How many of these records were not made here."""
    missing = set(leaf_hashes)
    for query in (_HASHES.where(_LATE), _HASHES):  # all of them only where one is not among the newest
        if missing:
            missing -= set(connection.execute(query, {"hashes": list(missing)}).scalars())
    return len(missing)


class DecisionLog:
    """Records by a number of their own, which is not their place in the log: the ledger gives that."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.latest: dict[int, bytes] = {}
        """The records of the last append, by number, as they are kept."""

    def append(self, leaves: Sequence[Json]) -> list[tuple[int, str]]:
        """Keep records in order; number and leaf hash (hex) of each."""
        if not leaves:
            return []
        drawn = select(func.nextval(numbers.name)).select_from(func.generate_series(1, len(leaves)))
        rows = []
        for n, leaf in zip(sorted(self._connection.execute(drawn).scalars()), leaves, strict=True):
            data = canonical(leaf)
            rows.append({"n": n, "leaf": data, "leaf_hash": leaf_hash(data)})
        insert_rows(self._connection, decisions, rows)
        self.latest = {row["n"]: row["leaf"] for row in rows}
        return [(row["n"], row["leaf_hash"].hex()) for row in rows]

    def seq(self, record: int) -> None:
        """The ledger gives it, later."""

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""
        row = self._connection.execute(_RECORD, {"n": seq}).one_or_none()
        if row is None:
            raise KeyError(seq)
        return parse(row.leaf), row.leaf_hash.hex()

    def unknown(self, leaf_hashes: Collection[bytes]) -> int:
        """How many of these records were not made here."""
        missing = unknown(self._connection, leaf_hashes)
        self._connection.commit()
        return missing

    @contextmanager
    def first_start(self) -> Iterator[bool]:
        """Whether no worker has ever decided anything here; who else asks that waits meanwhile."""
        with postgres.one_at_a_time(self._connection):
            yield self._connection.execute(select(decisions.c.n).limit(1)).first() is None

    @property
    def size(self) -> int:
        """Records are not counted here."""
        return 0

    def forget(self) -> None:
        """Nothing is kept outside the transaction."""

    def mark_durable(self) -> None:
        """The ledger, which runs apart, signs."""
