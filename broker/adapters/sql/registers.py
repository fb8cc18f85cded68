"""What a record makes of the registers: forms, agreements, messages that others refer to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, func, insert, select, update

from broker.adapters.sql import tables
from broker.adapters.sql.rows import put_rows
from broker.facts.recorded_consent import refuses
from broker.ports.writes import AgreementRow, ConsentRow, Effects, Withdrawal, merge_answers

_C = tables.consents.c
TIME = func.coalesce(_C.withdrawn_time, _C.time)
RECORD = func.coalesce(_C.withdrawn, _C.seq)
_OF_ONE = and_(
    tables.answerables.c.sender == bindparam("of_sender"), tables.answerables.c.message == bindparam("of_message")
)
_ANSWERS_SO_FAR = select(tables.answerables.c.answers).where(_OF_ONE).with_for_update()  # answered by another worker
_MOST = 500
"""Tokens that are asked for at once."""
_ANSWER = update(tables.answerables).where(_OF_ONE).values(answers=bindparam("answers"))
_RECALL = update(tables.answerables).where(_OF_ONE).values(recalled=True)
_TOKENS = (_C.subject, _C.number, tables.answerables.c.about, tables.agreements.c.agreement, tables.agreements.c.body)
"""Columns that hold what a key makes, and by which rows are found."""
_Moment = tuple[ColumnElement[int], ColumnElement[int]]
"""When, and by which record: of two versions the higher is the later."""


class SqlRegisters:
    """Registers over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._early: dict[tuple[str, str], list[tuple[Effects, int]]] = defaultdict(list)
        """What changes a message whose record has not come: whose, and under which id."""
        self._moved: dict[str, str] = {}
        """Where rows lie whose record comes after that which moved them."""

    def register(self, effect: Effects, seq: int) -> None:
        """What one record makes of the registers, and nothing else: so they can be made again from the log.

        Workers send on apart: a record may come before that of what it changes, which is changed when it comes.
        """
        makes: list[tuple[str, str]] = []
        if effect.answerable is not None:
            self._connection.execute(insert(tables.answerables), answerable_row(effect, seq))
            makes.append((effect.answerable[1].sender, effect.answerable[0]))
        self._enter(effect, seq)
        if (given := effect.consent) is not None:
            makes += [(given.authority, token) for token in (given.consent, *given.earlier)]
        for missing in self._change(effect, seq):
            self._early[missing].append((effect, seq))
        for one in makes:
            for early in self._early.pop(one, ()):
                self._change(*early)
        self._moved.update(effect.moved)
        if self._moved:
            self.move((token, self._moved[token]) for token in _tokens_of(effect) if token in self._moved)

    def registered_tokens(self, tokens: Collection[str]) -> Collection[str]:
        """Those of these tokens under which something is registered."""
        some = list(tokens)
        return {token for column in _TOKENS for token in self._those(column, some)} if some else ()

    def _those(self, column: ColumnElement[str], tokens: list[str]) -> Iterator[str]:
        for at in range(0, len(tokens), _MOST):
            yield from self._connection.execute(select(column).where(column.in_(tokens[at : at + _MOST]))).scalars()

    def move(self, moved: Iterable[tuple[str, str]]) -> None:
        """What is registered under each of these tokens lies under the one beside it."""
        for token, now in moved:
            for column in _TOKENS:
                self._connection.execute(update(column.table).where(column == token).values({column.name: now}))

    def redriven(self, quarantined: int, seq: int) -> None:
        """Mark a quarantined record as run again, with the record that came of it."""
        self._end(tables.quarantine, "redriven", seq, {"seq": quarantined})

    def _enter(self, effect: Effects, seq: int) -> None:
        if effect.consent is not None:
            self._add_consent(effect.consent, seq)
        if effect.agreement is not None:
            self._add_agreement(effect.agreement, seq)
        if effect.redrive_of is not None:
            self.redriven(effect.redrive_of, seq)
        put_rows(self._connection, tables.consents_told, [{**vars(knower), "seq": seq} for knower in effect.informed])

    def _change(self, effect: Effects, seq: int) -> list[tuple[str, str]]:
        """What a message changes of what is registered; whose and under which id that is which was not there."""
        missing: list[tuple[str, str]] = []
        self.move(effect.moved)
        if (given := effect.withdrawn) is not None and not self._withdraw(given, seq):
            missing += [(given.authority, token) for token in given.consents]
        if effect.answered is not None:
            *asked, answers = effect.answered
            this = dict(zip(("of_sender", "of_message"), asked, strict=True))
            before = self._connection.execute(_ANSWERS_SO_FAR, this).scalar_one_or_none()
            self._connection.execute(_ANSWER, {**this, "answers": merge_answers(before or {}, answers)})
            missing += [effect.answered[:2]] if before is None else []
        if effect.recalled is not None:
            sender, recalled = effect.recalled
            changed = self._connection.execute(_RECALL, {"of_sender": sender, "of_message": recalled}).rowcount
            missing += [] if changed else [effect.recalled]
        return missing

    def _withdraw(self, given: Withdrawal, seq: int) -> bool:
        """What is older than the withdrawal ends; of several withdrawals the latest counts. Whether there was any."""
        standing = and_(_C.authority == given.authority, _C.consent.in_(given.consents), _C.replaced.is_(None))
        ended = {"withdrawn": seq, "withdrawn_by": given.by, "withdrawn_time": given.time}
        older = update(tables.consents).where(and_(standing, given.time >= TIME)).values(ended)
        return bool(self._connection.execute(older).rowcount)

    def _add_consent(self, given: ConsentRow, seq: int) -> None:
        """Of versions the latest by time stands, whatever came when."""
        facts = given.facts
        ids = (given.consent, *given.earlier)
        standing = and_(_C.authority == given.authority, _C.consent.in_(ids), _C.replaced.is_(None))
        row = {
            **{
                name: getattr(given, name) for name in ("authority", "consent", "subject", "number", "facts", "message")
            },
            **{"time": given.time, "programme": facts["programme"], "parties": f" {' '.join(facts['parties'])} "},
            **{"seq": seq, "refuses": refuses(facts)},
            "replaced": self._replace(tables.consents, standing, (TIME, RECORD), (given.time, seq)),
        }
        self._connection.execute(insert(tables.consents), row)

    def _add_agreement(self, given: AgreementRow, seq: int) -> None:
        columns = tables.agreements.c
        ids = (given.agreement, *given.earlier)
        standing = and_(columns.party == given.party, columns.agreement.in_(ids), columns.replaced.is_(None))
        row = {
            **{name: value for name, value in vars(given).items() if name != "earlier"},
            "seq": seq,
            "replaced": self._replace(tables.agreements, standing, (columns.time, columns.seq), (given.time, seq)),
        }
        self._connection.execute(insert(tables.agreements), row)

    def _replace(
        self, table: Table, standing: ColumnElement[bool], moment: _Moment, new: tuple[int, int]
    ) -> int | None:
        """A new version (time, record) ends those that stand; one that is later, and came before it, ends it itself."""
        (at, record), (time, seq) = moment, new
        later = select(record).where(and_(standing, at > time)).order_by(at.desc(), record.desc()).limit(1)
        later_form: int | None = self._connection.execute(later).scalar_one_or_none()
        if later_form is None:
            self._connection.execute(update(table).where(standing).values(replaced=seq))
        return later_form

    def _end(self, table: Table, ending: str, seq: int, where: Mapping[str, object]) -> None:
        """Mark rows as ended by a record, once: history stays."""
        matches = [table.c[name] == value for name, value in where.items()]
        self._connection.execute(update(table).where(and_(*matches, table.c[ending].is_(None))).values({ending: seq}))


def _tokens_of(effect: Effects) -> Iterator[str | None]:
    """What an effect registers something under."""
    if effect.answerable is not None:
        yield effect.answerable[1].about
    if (consent := effect.consent) is not None:
        yield from (consent.subject, consent.number)
    if (agreement := effect.agreement) is not None:
        yield from (agreement.agreement, agreement.body)


def answerable_row(effect: Effects, seq: int) -> dict[str, object]:
    """The row of the message that others refer to."""
    assert effect.answerable is not None
    message, answerable = effect.answerable
    return {
        "message": message,
        "seq": seq,
        **vars(answerable),
        "categories": list(answerable.categories),
        "basis": list(answerable.basis),
    }
