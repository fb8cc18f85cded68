"""What messages say, sealed in the database with a key for each case, so that a case can be made unreadable.

A case is what belongs together with one holder (`ports.writes.Copy`). Its key lies wrapped in its row, and what wraps
it lies outside the database: where the row's is gone nobody opens the case, and once the wrapping key is renewed
nobody does from an old copy of the database either.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, update

from broker.adapters.files import cipher
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import KeyFileError
from broker.adapters.sql import tables
from broker.adapters.sql.among import among
from broker.adapters.sql.rows import insert_new_rows
from broker.model.canonical import compact
from broker.model.decision import Json
from broker.model.faults import SetUpError
from broker.ports.store import Due
from broker.ports.writes import Copy

_SOME = 500
"""Values that one statement looks for, at most."""
_MOST = 10_000
"""Keys that are remembered at a time."""
_RENEWING = 0x53414D45
"""Who makes a key of a case holds this lock shared; who renews what wraps them, alone."""
_C, _P = tables.cases.c, tables.copies.c
_LIVES = _C.wrapped.is_not(None)
_FOLLOWED = (
    select(_P.holder, _P.message, *tables.cases.c)
    .join_from(tables.copies, tables.cases, _C.n == _P.case_key)
    .where(and_(among(_P.message, "messages"), _LIVES))
    .with_for_update(read=True, of=tables.cases)
)
_NAMED = select(tables.cases).where(among(_C.name, "names")).with_for_update(read=True)
_ELSEWHERE = select(tables.copies).where(among(_P.message, "messages"))
_ONE = select(_C.key, _C.wrapped, _C.erased).where(_C.n == bindparam("case"))
_OLDER = select(_C.n, _C.key, _C.wrapped).where(and_(_LIVES, _C.key != bindparam("by"))).order_by(_C.n).limit(_MOST)
_REWRAPPED = update(tables.cases).where(_C.n == bindparam("of")).values(key=bindparam("by"), wrapped=bindparam("anew"))

_Followed = tuple[str, str]
"""A holder, and a message of which it has a copy."""
Place = tuple[str, str, str]
"""Holder, sender and message of a copy."""


class Erased(SetUpError):
    """What is asked for is erased; `record`: by which record."""

    def __init__(self, record: int | None) -> None:
        super().__init__("these contents are erased: they can't be read")
        self.record = record


class ContentsError(SetUpError):
    """Contents are not as they were sealed. One line."""


def text_of(line: Json) -> bytes:
    """An inbox line as it is sealed."""
    return compact(line)


def of_line(row: Any) -> str:
    """Where an inbox line lies; sealed contents can't be moved to another unnoticed."""
    return _label("inbox", row["authority"], row["type"], row["sender"], row["message"], row["seq"])


def of_sent(row: Any) -> str:
    """Where a sent message lies."""
    return _label("outbox", row["sender"], row["message"])


def of_quarantined(seq: int) -> str:
    """Where a line in quarantine lies."""
    return _label("quarantine", seq)


def _label(*parts: object) -> str:
    return "\0".join("" if part is None else str(part) for part in parts)


class Contents:
    """Seals and opens over one connection. In: who wraps the keys of cases."""

    def __init__(self, connection: Connection, key: ContentsKey | None) -> None:
        """`key`: None where it is not at hand: nothing is sealed or opened then."""
        self._connection, self._wrapping = connection, key
        self._keys: dict[int, bytes] = {}

    @property
    def can_open(self) -> bool:
        """Whether the key is at hand."""
        return self._wrapping is not None and self._wrapping.is_there

    def require_key(self) -> None:
        """Raises KeyFileError where the key is not at hand."""
        self._key.require()

    @property
    def _key(self) -> ContentsKey:
        if self._wrapping is None:
            raise KeyFileError("the key of contents is not at hand: what messages say can't be read here")
        return self._wrapping

    # --- one content

    def seal(self, case: int, plain: bytes, label: str) -> bytes:
        """Sealed with the case's key. Raises as `open`."""
        return cipher.seal(self._opening_key(case), plain, f"{case}\0{label}")

    def open(self, case: int | None, sealed: bytes, label: str) -> bytes:
        """The contents. Raises Erased, KeyFileError where what wraps their key is missing, ContentsError."""
        if case is None:
            raise ContentsError("contents lie unsealed: run 'samband audit verify'")
        try:
            return cipher.open_sealed(self._opening_key(case), sealed, f"{case}\0{label}")
        except cipher.Damaged:
            raise ContentsError("contents are damaged, moved or of another key: run 'samband audit verify'") from None

    def erasure(self, case: int | None) -> int | None:
        """By which record a case is erased; None where it is not."""
        row = self._connection.execute(_ONE, {"case": case}).one_or_none()
        return row.erased if row else None

    def forget(self) -> None:
        """After a rollback: keys that were made may not be there."""
        self._keys.clear()

    def _opening_key(self, case: int) -> bytes:
        if (known := self._keys.get(case)) is not None:
            return known
        row = self._connection.execute(_ONE, {"case": case}).one_or_none()
        if row is None:
            raise ContentsError("contents are of no case: run 'samband audit verify'")
        if row.wrapped is None:
            raise Erased(row.erased)
        return self._learn(case, row.key, row.wrapped)

    def _learn(self, case: int, by: str, wrapped: bytes) -> bytes:
        if len(self._keys) >= _MOST:
            self._keys.pop(next(iter(self._keys)))
        key = self._keys[case] = self._key.unwrap(by, wrapped)
        return key

    # --- cases

    def place(self, written: Sequence[tuple[Copy, int]]) -> dict[Place, int]:
        """The case of each copy, by a record each, made where it is new; and until when each is kept is written down.

        A case that is erased is not gone on with: what comes later begins another.
        """
        known: dict[_Followed, int | str] = dict(self._followed({copy.follows for copy, _ in written if copy.follows}))
        roots: list[int | str] = []
        for copy, _ in written:  # a case, or the name of one: what follows on what came just before it goes with that
            root = known.get((copy.holder, copy.follows or ""), f"{copy.holder} {copy.case}")
            roots.append(known.setdefault((copy.holder, copy.message), root))
        rooted = zip(roots, written, strict=True)
        by_name = self._named({root: copy.holder for root, (copy, _) in rooted if isinstance(root, str)})
        elsewhere = self._elsewhere({copy.message for copy, _ in written if copy.class_ is None})
        places: dict[Place, int] = {}
        rows = []
        for root, (copy, seq) in zip(roots, written, strict=True):
            place = (copy.holder, copy.sender, copy.message)
            if place in places:
                continue
            case = places[place] = by_name[root] if isinstance(root, str) else root
            told = (copy.class_, copy.until) if copy.class_ else elsewhere.get(place[1:])
            if told is not None:
                key = dict(zip(("holder", "sender", "message"), place, strict=True))
                rows.append({**key, "case_key": case, "class": told[0], "until": told[1], "seq": seq})
        insert_new_rows(self._connection, tables.copies, rows)
        return places

    def begin(self, cases: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Cases that nothing says until when they are kept: whoever ends them says so. In: holder and name of each."""
        named = self._named({f"{holder} {name}": holder for holder, name in cases}) if cases else {}
        return {(holder, name): named[f"{holder} {name}"] for holder, name in cases}

    def settle(self, copy: Copy) -> None:
        """A copy that is kept is of another class now."""
        this = and_(_P.holder == copy.holder, _P.sender == copy.sender, _P.message == copy.message)
        self._connection.execute(update(tables.copies).where(this).values({"class": copy.class_, "until": copy.until}))

    def _followed(self, messages: set[str]) -> dict[_Followed, int]:
        rows = self._connection.execute(_FOLLOWED, {"messages": sorted(messages)}).all() if messages else ()
        return {(row.holder, row.message): self._current(row) for row in rows}

    def _elsewhere(self, messages: set[str]) -> dict[tuple[str, str], tuple[str, str | None]]:
        rows = self._connection.execute(_ELSEWHERE, {"messages": sorted(messages)}).mappings() if messages else ()
        return {(row["sender"], row["message"]): (row["class"], row["until"]) for row in rows}

    def _named(self, holders: dict[str, str]) -> dict[str, int]:
        """The cases of these names and holders, made where they are not there."""
        known = self._look_up(holders)
        missing = sorted(holders.keys() - known.keys())
        if missing:
            self._be_a_maker()
            rows = []
            for name in missing:
                by, wrapped = self._key.wrap(cipher.new_key())
                rows.append({"holder": holders[name], "name": name, "key": by, "wrapped": wrapped})
            insert_new_rows(self._connection, tables.cases, rows, "name")
            known |= self._look_up(missing)
        return known

    def _look_up(self, names: Iterable[str]) -> dict[str, int]:
        wanted = list(names)
        rows = self._connection.execute(_NAMED, {"names": wanted}).all() if wanted else ()
        return {row.name: self._current(row) for row in rows}

    def _current(self, row: Row[Any]) -> int:
        """A live case, read now: its key is remembered."""
        if row.n not in self._keys:
            self._learn(row.n, row.key, row.wrapped)
        return int(row.n)

    def _be_a_maker(self) -> None:
        """Until the transaction ends nobody renews what wraps keys; who did so before is seen."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock_shared(_RENEWING)))
        self._key.forget()

    # --- erasure

    def count_due(self, before: str) -> int:
        """How many cases are due on this day."""
        query = select(func.count()).select_from(tables.cases).where(_is_due(before))
        return int(self._connection.execute(query).scalar_one())

    def is_stale(self) -> bool:
        """Whether something was erased since what wraps keys was renewed."""
        erased = select(_C.n).where(and_(_C.erased.is_not(None), _C.key == self._key.current)).limit(1)
        return self._connection.execute(erased).first() is not None

    def due(self, before: str, most: int) -> Sequence[Due]:
        """Cases that nothing keeps on this day any more and nobody holds, the first made first: so many at most."""
        query = select(_C.n, _C.holder).where(_is_due(before)).order_by(_C.n).limit(most)
        return [self._due(row) for row in self._connection.execute(query.with_for_update()).all()]

    def _due(self, row: Any) -> Due:
        copies = self._connection.execute(select(tables.copies).where(_P.case_key == row.n)).mappings().all()
        last = max(copies, key=lambda copy: copy["until"] or "")
        records = [
            seq
            for table in (tables.outbox, tables.inbox)
            for seq in self._connection.execute(select(table.c.seq).where(table.c.case_key == row.n)).scalars()
        ]
        return Due(row.n, row.holder, last["class"], len(records), tuple(sorted(set(records))))

    def erase(self, cases: Sequence[int], seq: int) -> None:
        """Nobody opens these cases any more: their keys go, and what was sealed with them."""
        for some in _parts(cases):
            for table, empty in (
                (tables.outbox, {"content": b""}),
                (tables.inbox, {"content": None}),
                (tables.quarantine, {"content": b"", "kept": 0}),
            ):
                self._connection.execute(update(table).where(table.c.case_key.in_(some)).values(empty))
            gone = {"wrapped": None, "name": None, "erased": seq}
            self._connection.execute(update(tables.cases).where(_C.n.in_(some)).values(gone))
        for n in cases:
            self._keys.pop(n, None)

    def hold(self, cases: Sequence[int], seq: int | None) -> None:
        """Nothing of these cases may go, or (None) it may again."""
        if cases:
            self._connection.execute(update(tables.cases).where(_C.n.in_(cases)).values(held=seq))

    def cases_of(self, messages: Sequence[str]) -> Sequence[int]:
        """The live cases in which somebody has a copy of one of these messages."""
        query = select(_C.n).join_from(tables.cases, tables.copies, _C.n == _P.case_key)
        query = query.where(and_(_P.message.in_(messages), _LIVES)).distinct().order_by(_C.n)
        return list(self._connection.execute(query).scalars())

    def renew(self) -> int:
        """Wrap every key anew; how many. When this is durable, `drop` what wrapped them before."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_RENEWING)))
        by = self._key.renew()
        count = 0
        while rows := self._connection.execute(_OLDER, {"by": by}).all():
            count += len(rows)
            anew = [{"of": n, "by": by, "anew": self._key.wrap(self._key.unwrap(key, old))[1]} for n, key, old in rows]
            self._connection.execute(_REWRAPPED, anew)
        return count

    def drop(self) -> None:
        """What wrapped keys before the renewal, which is durable, is destroyed."""
        self._key.drop()


def _is_due(before: str) -> ColumnElement[bool]:
    """Of a case: that it is not erased, nobody holds it, and no copy keeps it on this day."""
    lasting = or_(_P.until.is_(None), _P.until >= before)
    of_case = _P.case_key == _C.n
    has_copy = select(_P.case_key).where(of_case).exists()
    is_kept = select(_P.case_key).where(and_(of_case, lasting)).exists()
    return and_(_LIVES, _C.held.is_(None), has_copy, ~is_kept)


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, _SOME)):
        yield some
