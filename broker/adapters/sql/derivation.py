"""Compares what boxes hold with what the log's records make of them: inboxes, registers, quarantine.

The registers are made again from the records, with the code that wrote them, in a database in memory. Of an inbox line
and of a sent message the record holds a keyed digest: with the token key each is compared, without it only that it is
there. Records from before there were such digests are counted.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Table, create_engine, select
from sqlalchemy.exc import IntegrityError

from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.deliveries import OF_DELIVERY
from broker.adapters.sql.store import SqlStore
from broker.deadlines import Matter, Times, event_of
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical
from broker.model.decision import Json
from broker.pipeline.reactions import Watch
from broker.pipeline.seals import amendment_in, digests, effects_in, is_what_was_kept, redeliveries_in
from broker.ports.tokens import Tokens
from broker.ports.writes import REDELIVERY, STANDS, Origin

PLACES = 20
"""Most differences that are named."""

REGISTERS = (tables.consents, tables.consents_told, tables.agreements, tables.answerables, tables.matters)

REGISTRATIONS = ("ConsentGiven", "ConsentWithdrawn", "CooperationAgreement")
"""Kinds whose records write in the registers of the law's facts."""
_SOME = 200
"""Records whose clocks are looked at together."""

_OF_TIME = frozenset({"state", "step", "next_at", "prompted", "changed", "closed", "quiet_until", "before"})
"""What of a matter the passing of time changes too: no record tells when somebody looked."""

_APART = frozenset({"pending"})
"""Columns that say how far a row has come, and nothing of what it is."""

Row = Mapping[str, Any]

Records = Callable[[], Iterable[tuple[int, Json]]]
"""Gives every record with its place in the log, in order; asked several times."""


@dataclass(frozen=True)
class Unlike:
    """What is not as the log tells: a stable code, the table, and the record that it came of or claims to."""

    code: str
    table: str
    seq: int | None


@dataclass
class Derived:
    """The answer. `before`: records from before there were digests; `contents`: whether contents were compared."""

    contents: bool
    agree: int = 0
    before: int = 0
    differs: int = 0
    first: list[Unlike] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all that was compared agrees."""
        return not self.differs

    def unlike(self, code: str, table: str, seq: int | None) -> None:
        """One difference."""
        self.differs += 1
        if self.differs <= PLACES:
            self.first.append(Unlike(code, table, seq))


def compare(
    records: Records,
    registers: Mapping[str, Iterable[Row]],
    *,
    times: Times | None,
    tokens: Tokens | None,
    inbox: Iterable[Row] | None = None,
    outbox: Iterable[Row] | None = None,
    quarantine: Iterable[Row] | None = None,
) -> Derived:
    """Compare what is stored with the log.

    In: the registers by their tables' names, each row's numbers being places in the log; inbox, outbox and quarantine
    in the order of those, where they lie here. `times`: how long things may take, None where the clocks run elsewhere.
    `tokens`: None where the key is not at hand; another key than the records' counts as none.
    """
    answer = Derived(contents=tokens is not None)
    with closing(_Made(times)) as derived:
        for seq, leaf in records():
            derived.take(seq, leaf)
            if tokens is not None and leaf.get("key", tokens.key_id) not in tokens.key_ids:
                tokens, answer.contents = None, False
        derived.settle()
        answer.before = len(derived.before)
        for seq in derived.unfounded:
            answer.unlike("unfounded", tables.records.name, seq)
        for seq in derived.again if registers else ():  # where there are none, they are compared where they lie
            answer.unlike("recorded_twice", tables.records.name, seq)
        for name, rows in registers.items():
            derived.compare(tables.metadata.tables[name], rows, answer)
        if inbox is not None:
            _Boxes(answer, tokens, derived.amendments, derived.erased).inbox(records(), inbox)
        if outbox is not None:
            _Boxes(answer, tokens, derived.amendments, derived.erased).outbox(records(), outbox)
        if quarantine is not None:
            _Boxes(answer, tokens, derived.amendments, derived.erased).quarantine(records(), quarantine, derived.purged)
    return answer


class NoLog:
    """The log of a store that keeps none."""

    size = 0

    def append(self, leaves: object) -> list[tuple[int, str]]:
        return []

    def seq(self, record: int) -> None:
        return None

    def record(self, seq: int) -> tuple[Json, str]:
        raise KeyError(seq)

    def forget(self) -> None:
        return None

    def mark_durable(self) -> None:
        return None


class _Made:
    """The registers as the records make them."""

    def __init__(self, times: Times | None) -> None:
        self._engine = create_engine("sqlite://")
        self._connection = self._engine.connect()
        tables.metadata.create_all(self._connection)
        self._store = SqlStore(self._connection, NoLog(), Contents(self._connection, None))
        self._times = times
        self._waiting: list[tuple[int, Json]] = []
        self.before: set[int] = set()
        self.again: list[int] = []
        """Records that make what an earlier one has made."""
        self.unfounded: list[int] = []
        """Records that rest on what no registration says."""
        self._registrations: dict[str, int] = {}
        """Leaf hash -> place in the log."""
        self._early: list[tuple[int, str]] = []
        """Records, each with a registration that it rests on and that has not come yet: workers send on apart."""
        self.purged: set[int | str] = set()
        """Records in quarantine of which nothing is kept any longer, by their places."""
        self.erased: set[tuple[int | str, str]] = set()
        """Records of which, and whose, nothing is kept any longer."""
        self.amendments: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        """Notes on deliveries that the records tell of; `empties` beside them where nothing was left."""

    def take(self, seq: int, leaf: Json) -> None:
        """The next record."""
        if "lines" not in leaf and leaf["record"] != "quarantine":
            self.before.add(seq)
        try:
            self._store.register(effects_in(leaf), seq)
        except IntegrityError:  # an earlier record has made that row: one of the two is not the broker's
            self.again.append(seq)
        if leaf["record"] == "decision":
            self._look(seq, leaf)
        if leaf["receipt"]["outcome"] == "forward" and leaf.get("kind") in REGISTRATIONS:
            self._registrations[leaf_hash(canonical(leaf)).hex()] = seq
        if (written := amendment_in(leaf)) is not None:
            notes = self.amendments[(written.sender, written.message)]
            if written.empties:
                notes.clear()  # nothing is left, earlier notes neither
                notes["empties"] = leaf["message"]
            for note, message in written.note.items():
                if note not in STANDS or note not in notes:
                    notes[note] = message
        self.purged.update(leaf.get("purged", {}).get("records", ()))
        self.erased.update((place, holder) for place, holder, _ in leaf.get("erased", {}).get("records", ()))
        self._waiting.append((seq, leaf))
        if len(self._waiting) >= _SOME:
            self._pass()

    def _look(self, seq: int, leaf: Json) -> None:
        """What the record says that it rests on: registrations of the log that say what the law was asked about."""
        rests_on, asked = leaf.get("rests_on"), leaf.get("input")
        if not rests_on or not asked:
            return
        persons = asked.get("persons", {}).values()
        forms = {str(form["order"]): form for person in persons for form in person["consents"]}
        named = [(tables.consents, hash_, forms.get(order)) for order, hash_ in rests_on.get("forms", {}).items()]
        for hashes, facts in zip(rests_on.get("agreements", ()), asked["agreements"], strict=False):
            named += [(tables.agreements, hash_, facts) for hash_ in hashes]
        for table, hash_, facts in named:
            if hash_ is not None and hash_ not in self._registrations:
                self._early.append((seq, hash_))
            elif hash_ is not None and not self._says(table, self._registrations[hash_], facts or {}):
                self.unfounded.append(seq)

    def _says(self, table: Table, seq: int, facts: Json) -> bool:
        """Whether a registration is the one that was asked about; a withdrawal has no facts of its own."""
        row = self._connection.execute(select(table).where(table.c.seq == seq)).one_or_none()
        apart = {"parties"} if table is tables.agreements else set()
        return row is None or all(facts.get(name) == value for name, value in row.facts.items() if name not in apart)

    def settle(self) -> None:
        """All records are taken: what rests on a registration that came after it does so, on no other."""
        self.unfounded += [seq for seq, hash_ in self._early if hash_ not in self._registrations]

    def compare(self, table: Table, rows: Iterable[Row], answer: Derived) -> None:
        """A register's rows with those that the records make."""
        self._pass()
        key = [column.name for column in table.primary_key]
        stored = self._connection.execute(select(table)).mappings()
        expected = {tuple(row[name] for name in key): _comparable(dict(row)) for row in stored}
        for row in rows:
            wanted = expected.pop(tuple(row[name] for name in key), None)
            seq = _seq(row)
            if wanted is None:
                if seq not in self.before and not (self.before and table is tables.matters):
                    answer.unlike("row_unrecorded", table.name, seq)
            elif wanted != _comparable(row):
                answer.unlike("row_changed", table.name, seq)
            else:
                answer.agree += 1
        for wanted in expected.values():
            answer.unlike("row_missing", table.name, _seq(wanted))

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()
        self._engine.dispose()

    def _pass(self) -> None:
        """The clocks, as they ran over these records."""
        waiting, self._waiting = self._waiting, []
        if self._times is None or not waiting:
            return
        watch = Watch(self._store, self._times)
        events = {seq: event_of(leaf, seq) for seq, leaf in waiting if leaf["record"] == "decision"}
        watch.foresee(events.values())
        for seq, leaf in waiting:
            if "time" in leaf:
                watch.due_notices(datetime.fromisoformat(leaf["time"]))
            watch.move(leaf)
            if seq in events:
                watch.take(events[seq])
        self._store.keep(watch.changed_matters())


_Line = tuple[str, str, str]
"""Whose, of which type, with which digest."""


@dataclass
class _Boxes:
    """Inbox and outbox beside the records."""

    answer: Derived
    tokens: Tokens | None
    amendments: Mapping[tuple[str, str], Mapping[str, str]]
    erased: Collection[tuple[int | str, str]]

    def inbox(self, records: Iterable[tuple[int, Json]], rows: Iterable[Row]) -> None:
        """Each line that a record promises lies in its inbox as it was delivered, and no other line lies there."""
        for seq, leaf, lines in _beside(records, rows):
            if leaf is not None and "lines" not in leaf:
                continue
            promised = Counter(map(self._promise, leaf["lines"] if leaf else ()))
            for row in lines:
                line = self._line(leaf, row, promised) if leaf else None
                if line is not None and promised[line] > 0:
                    promised[line] -= 1
                    self.answer.agree += 1
                else:
                    self.answer.unlike("line_unrecorded", "inbox", seq)
            for _ in promised.elements():
                self.answer.unlike("line_missing", "inbox", seq)

    def outbox(self, records: Iterable[tuple[int, Json]], rows: Iterable[Row]) -> None:
        """Each decided message lies in the outbox with the digest of its record, as long as it has any content."""
        for seq, leaf, lines in _beside(records, rows):
            wanted = leaf if leaf is not None and leaf["record"] == "decision" else None
            for row in lines:
                if wanted is None or not self._is_sent(wanted, row):
                    self.answer.unlike("row_changed" if wanted else "row_unrecorded", "outbox", seq)
                else:
                    self.answer.agree += 1
                    wanted = None
            if wanted is not None and not lines:
                self.answer.unlike("row_missing", "outbox", seq)

    def quarantine(
        self, records: Iterable[tuple[int, Json]], rows: Iterable[Row], purged: Collection[int | str]
    ) -> None:
        """Of each unusable line that is kept which the record says, until a purge; how it came is part of that."""
        for seq, leaf, lines in _beside(records, rows):
            is_quarantined = leaf is not None and leaf["record"] == "quarantine"
            if not is_quarantined:
                for _ in lines:
                    self.answer.unlike("row_unrecorded", "quarantine", seq)
            elif leaf is not None and "kept" in leaf:
                wanted = leaf["kept"] if seq not in purged else None
                if [bool(row["content"]) for row in lines] != [wanted is not None] and (lines or wanted):
                    self.answer.unlike("row_changed" if lines else "row_missing", "quarantine", seq)
                elif wanted and self.tokens and not self._is_as_it_came(wanted, lines[0]):
                    self.answer.unlike("row_changed", "quarantine", seq)
                else:
                    self.answer.agree += len(lines)

    def _is_as_it_came(self, wanted: str, row: Row) -> bool:
        assert self.tokens is not None
        is_read = isinstance(row["content"], bytes)
        return is_read and is_what_was_kept(self.tokens, wanted, *_as_it_came(row))

    def _promise(self, line: Json) -> _Line:
        return line["authority"], line["type"], line["digest"] if self.tokens else ""

    def _line(self, leaf: Json, row: Row, promised: Mapping[_Line, int]) -> _Line | None:
        """A stored line as its record would promise it; None where notes on it are not those that records tell of.

        Of one that is erased, and of which a record says so, any that is promised there.
        """
        of_delivery, names = row["type"] in OF_DELIVERY, (row["sender"], row["message"])
        own = ((leaf.get("sender") or {}).get("authority"), leaf["message"])
        if names not in (redeliveries_in(leaf) if row["type"] == REDELIVERY else (own, (None, leaf["message"]))):
            return None
        written = dict(self.amendments.get(names, {})) if of_delivery else {}
        is_emptied = written.pop("empties", None) is not None
        if row["notes"] != written:
            return None
        place = (row["authority"], row["type"])
        if row["erased"] is not None:
            told = (row["seq"], row["authority"]) in self.erased
            return next((line for line, n in promised.items() if told and n > 0 and line[:2] == place), None)
        if not row["content"] or self.tokens is None:
            return (*place, "") if row["content"] else None
        content = _read(row["content"])
        made = digests(self.tokens, row["authority"], content) if isinstance(content, dict) else ()
        if is_emptied:
            whole = {one.get("emptied"): one["digest"] for one in leaf["lines"]}
            made = tuple(whole[one] for one in made if one in whole)
        lines = [(*place, one) for one in made]
        return next((line for line in lines if promised.get(line, 0) > 0), lines[0] if lines else None)

    def _is_sent(self, leaf: Json, row: Row) -> bool:
        key = (leaf["sender"]["authority"], leaf["message"])
        if (row["sender"], row["message"], row["digest"]) != (*key, leaf["digest"]):
            return False
        if not row["content"]:
            holders = [line["authority"] for line in leaf.get("lines", ()) if line["type"] == "receipt"]
            told = (row["seq"], (holders or key)[0]) in self.erased and row["erased"] is not None
            return told or "empties" in self.amendments.get(key, {})
        if self.tokens is None:
            return True
        return isinstance(row["content"], bytes) and leaf["digest"] in self.tokens.digests(row["content"])


def _beside(
    records: Iterable[tuple[int, Json]], rows: Iterable[Row]
) -> Iterator[tuple[int | None, Json | None, list[Row]]]:
    """Each record with the rows that came of it, and rows of no record; both are in the order of the log."""
    grouped = groupby(rows, key=lambda row: row["seq"])
    at, lines = next(grouped, (None, None))
    for seq, leaf in records:
        while lines is not None and (at is None or at < seq):
            yield at, None, list(lines)
            at, lines = next(grouped, (None, None))
        if lines is not None and at == seq:
            yield seq, leaf, list(lines)
            at, lines = next(grouped, (None, None))
        else:
            yield seq, leaf, []
    while lines is not None:
        yield at, None, list(lines)
        at, lines = next(grouped, (None, None))


def _read(content: Any) -> Any:
    """A line's content; None where it can't be read."""
    try:
        return json.loads(content)
    except (ValueError, TypeError, RecursionError):
        return None


def _as_it_came(row: Row) -> tuple[bytes, Origin | None]:
    """What is kept of a line in quarantine, and how it came. What can't be read came in no way."""
    try:
        arrived = datetime.fromisoformat(row["arrived"]) if row["arrived"] else None
        return row["content"], Origin(row["size"], row["proven"], arrived)
    except (TypeError, ValueError):
        return row["content"], None


def _comparable(row: Row) -> dict[str, Any]:
    """A register's row without what nobody compares."""
    compared = {name: value for name, value in row.items() if name not in _APART and name not in _OF_TIME}
    if isinstance(compared.get("matter"), dict):
        whole = Matter.read(compared["matter"])._asdict()  # one that an earlier version kept lacks what came later
        compared["matter"] = {name: value for name, value in whole.items() if name not in _OF_TIME}
    return compared


def _seq(row: Row) -> int | None:
    if "seq" in row:
        seq: int | None = row["seq"]
        return seq
    return row["matter"].get("position") if isinstance(row["matter"], dict) else None
