"""The read side: what is recorded, for those who look at it.

Reads only, on a snapshot beside the writer.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    FromClause,
    Row,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    inspect,
    not_,
    or_,
    select,
)

from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import key_chain
from broker.adapters.sql import audit_log, data_folder, opened, postgres, retained
from broker.adapters.sql.among import among
from broker.adapters.sql.contents import Contents, of_quarantined
from broker.adapters.sql.data_folder import DataFolderError
from broker.adapters.sql.deliveries import OF_DELIVERY, open_line
from broker.adapters.sql.derivation import REGISTERS, Derived, compare
from broker.adapters.sql.measures import Standing
from broker.adapters.sql.tables import agreements, consents, inbox, matters, outbox, quarantine, records
from broker.adapters.sql.worker_tables import decisions
from broker.authorities import Address
from broker.deadlines import Clock, Matter, Times
from broker.log.handover import KeyChain
from broker.log.reconcile_inboxes import Delivery
from broker.log.verifier import StoredCheckpoint, StoredRecord
from broker.model.canonical import parse
from broker.model.decision import Json
from broker.model.vocabulary import Outcome
from broker.ports.tokens import Tokens
from broker.ports.transport import Input
from broker.ports.writes import DELIVERY

_SOME = 500
"""Records that are asked for at once."""

_LEAF = (records.c.seq, records.c.leaf, records.c.leaf_hash)
_KINDS = select(records.c.seq, records.c.kind).where(among(records.c.seq, "seqs"))


@dataclass(frozen=True)
class Record:
    """A record: its place, its leaf as an object, and the hash of it in hex."""

    seq: int
    leaf: Json
    leaf_hash: str


class Hindrance(Enum):
    """Why a line in quarantine can't be run again."""

    NOT_KEPT = "none of its bytes is kept"
    REDRIVEN = "it has been run again already"
    UNPROVEN = "an earlier version kept neither who sent it nor when it came"
    CUT = "only its beginning is kept"


@dataclass(frozen=True)
class Quarantined:
    """A record in quarantine, and as which record it was run again."""

    record: Record
    redriven: int | None = None
    length: int = 0
    """Bytes that are kept."""
    size: int | None = None
    """Bytes that it had; None: it comes from before that was kept, and nobody knows any longer who had sent it."""

    @property
    def kept(self) -> bool:
        """Whether anything of it is."""
        return self.length > 0

    @property
    def hindrance(self) -> Hindrance | None:
        """Why it can't be run again."""
        if not self.kept:
            return Hindrance.NOT_KEPT
        if self.redriven is not None:
            return Hindrance.REDRIVEN
        if self.size is None:
            return Hindrance.UNPROVEN
        return Hindrance.CUT if self.length < self.size else None


@dataclass(frozen=True)
class Followed:
    """A matter with the record of the message that it hangs on."""

    matter: Matter
    record: Record


class Archive:
    """Everything that commands read, over one connection."""

    def __init__(self, connection: Connection, key: ContentsKey | None = None) -> None:
        """`key`: opens what messages say, where that is to be read."""
        self._connection = connection
        self._contents = Contents(connection, key)
        self._streams: list[CursorResult[Any]] = []

    @property
    def has_boxes(self) -> bool:
        """Whether the inboxes lie here too, as in the embedded runtime."""
        return self._connection.dialect.name == "sqlite"

    # --- records

    def size(self) -> int:
        """How many records there are."""
        return audit_log.size(self._connection)

    def end(self) -> int:
        """The place of the next record, in a log that has no gaps."""
        newest = self._connection.execute(select(func.max(records.c.seq))).scalar_one()
        return 0 if newest is None else int(newest) + 1

    def leaf_hash(self, seq: int) -> str | None:
        """The hash of a leaf in hex; None where there is none."""
        digest = self._connection.execute(select(records.c.leaf_hash).where(records.c.seq == seq)).scalar()
        return None if digest is None else bytes(digest).hex()

    def span(self, start: int, stop: int) -> Iterator[Record]:
        """The records from a place to before another, in order."""
        some = and_(records.c.seq >= start, records.c.seq < stop)
        yield from map(_record, self._stream(select(*_LEAF).where(some).order_by(records.c.seq)))

    def some(self, seqs: Sequence[int]) -> list[Record]:
        """These records, in order."""
        query = select(*_LEAF).where(records.c.seq.in_(seqs)).order_by(records.c.seq)
        return [_record(row) for row in self._connection.execute(query)]

    def each(self, seqs: Iterable[int]) -> Iterator[Record]:
        """These records, in their order, some at a time."""
        wanted = iter(seqs)
        while batch := list(islice(wanted, _SOME)):
            yield from self.some(batch)

    def kinds(self, seqs: Sequence[int]) -> Mapping[int, str | None]:
        """The kind of each of these records."""
        return {row.seq: row.kind for row in self._connection.execute(_KINDS, {"seqs": list(seqs)})}

    def records(self, *, limit: int | None = None, seq: int | None = None, **where: str | None) -> list[Record]:
        """The newest records with these values in their columns, oldest first."""
        query = select(records).where(_with(seq, where)).order_by(records.c.seq.desc()).limit(limit)
        return [_record(row) for row in self._connection.execute(query)][::-1]

    def before(self, place: int | None, limit: int, **where: str | None) -> list[Record]:
        """The newest records before a place with these values in their columns, newest first; None: of all."""
        query = select(records).where(_with(None, where)).order_by(records.c.seq.desc()).limit(limit)
        query = query if place is None else query.where(records.c.seq < place)
        return [_record(row) for row in self._connection.execute(query)]

    def count(self, *, seq: int | None = None, **where: str | None) -> int:
        """How many records have these values in their columns."""
        query = select(func.count()).select_from(records).where(_with(seq, where))
        return int(self._connection.execute(query).scalar_one())

    def decisions(self, start: int = 0) -> Iterator[Record]:
        """Every decided message from a place on, in order."""
        where = and_(records.c.record == "decision", records.c.seq >= start)
        yield from map(_record, self._stream(select(records).where(where).order_by(records.c.seq)))

    def decided_between(self, since: datetime, until: datetime) -> int:
        """How many messages were decided from one moment to another; places are sought, no other record is read."""
        places = records.c.seq >= self._place_at(since), records.c.seq < self._place_at(until)
        query = select(func.count()).select_from(records).where(records.c.record == "decision", *places)
        return int(self._connection.execute(query).scalar_one())

    def counted_between(self, since: datetime, until: datetime) -> list[tuple[str | None, str | None, str, int]]:
        """Sender, recipient and outcome of the messages decided from one moment to another, and how many."""
        places = records.c.seq >= self._place_at(since), records.c.seq < self._place_at(until)
        columns = records.c.sender, records.c.recipient, records.c.outcome
        query = select(*columns, func.count()).where(records.c.record == "decision", *places).group_by(*columns)
        return [(*row,) for row in self._connection.execute(query)]

    def _place_at(self, moment: datetime) -> int:
        """The place of the first record made at a moment or later: they are made in the order of their places."""
        places = range(self.end())
        return bisect_left(places, moment, key=lambda seq: datetime.fromisoformat(self.leaves([seq])[seq]["recorded"]))

    def stored_records(self, size: int | None = None) -> Iterator[StoredRecord]:
        """The records as they stand, for the verifier; with `size` only the first ones."""
        for row in audit_log.stored_records(self._connection):
            if size is not None and row.seq >= size:
                return
            yield row

    def stored_checkpoints(self) -> Iterator[StoredCheckpoint]:
        """The checkpoints as they stand, for the verifier."""
        return audit_log.stored_checkpoints(self._connection)

    def last_checkpoint(self) -> StoredCheckpoint | None:
        """The newest signed checkpoint."""
        return audit_log.last_checkpoint(self._connection)

    def keys(self, vkey: str) -> KeyChain:
        """The keys of the log, one of which is known. Raises CheckpointError where that is malformed."""
        return key_chain(vkey, audit_log.handovers(self._connection))

    def checkpoint_after(self, size: int) -> StoredCheckpoint | None:
        """The first signed checkpoint of more records than these."""
        return audit_log.checkpoint_after(self._connection, size)

    def leaf_hashes(self, size: int) -> list[bytes]:
        """The hashes of the first leaves."""
        return self.hashes(0, size)

    def hashes(self, start: int, stop: int) -> list[bytes]:
        """The hashes of the leaves from a place to before another."""
        places = and_(records.c.seq >= start, records.c.seq < stop)
        query = select(records.c.leaf_hash).where(places).order_by(records.c.seq)
        return list(map(bytes, self._connection.execute(query).scalars()))

    def leaf_bytes(self, seqs: Iterable[int]) -> dict[int, bytes]:
        """The bytes of these records, as they were hashed, by their places."""
        query = select(records.c.seq, records.c.leaf).where(records.c.seq.in_(list(seqs))).order_by(records.c.seq)
        return {row.seq: row.leaf for row in self._connection.execute(query)}

    # --- boxes

    def inbox(
        self, address: str, type_: str | None, since: int, units: Collection[str] | None = None
    ) -> Iterator[tuple[int, Json]]:
        """Lines of an inbox after `since`, oldest first: number and content. `units`: only what is told to these."""
        query = select(inbox).where(_lines(address, type_, since, units)).order_by(inbox.c.n)
        for row in self._stream(query):
            yield row.n, opened.line(self._connection, self._contents, row._mapping)

    def deliveries_among(
        self, address: str, type_: str | None, since: int, units: Collection[str] | None = None
    ) -> list[tuple[str, str, str]]:
        """The deliveries among those lines that still say anything: the inbox, the sender and the message of each."""
        matches = (_lines(address, type_, since, units), inbox.c.type.in_(OF_DELIVERY), inbox.c.content.is_not(None))
        rows = self._connection.execute(select(inbox).where(and_(*matches))).mappings()
        says = (row for row in rows if "body" in open_line(self._contents, row)["message"])
        return [(address, row["sender"], row["message"]) for row in says]

    def places(self) -> Iterator[tuple[str, str, str]]:
        """Where every delivery lies, once each: the inbox, the sender and the message."""
        columns = _texts(inbox.c.authority, inbox.c.sender, inbox.c.message)
        for row in self._stream(select(*columns).where(inbox.c.type.in_(OF_DELIVERY)).distinct()):
            address, sender, message = map(str, row)
            yield address, sender, message

    def forwarded_deliveries(self) -> Iterator[Delivery]:
        """What the log says was forwarded, in order of sender, message and recipient."""
        columns = _texts(records.c.sender, records.c.message, records.c.recipient)
        told_of = case((records.c.kind == "Acknowledgement", records.c.leaf))
        query = select(*columns, told_of).where(records.c.outcome == Outcome.FORWARD.value).order_by(*columns)
        rows: Iterator[Any] = self._stream(query)
        for *delivery, leaf in rows:
            if leaf is None or any(line["type"] == "delivery" for line in parse(leaf)["lines"]):
                yield Delivery(*delivery)  # to one without a name nothing goes

    def inbox_deliveries(self) -> Iterator[Delivery]:
        """What lies in the inboxes as delivered, in the same order."""
        columns = _texts(inbox.c.sender, inbox.c.message, inbox.c.authority)
        query = select(*columns).where(inbox.c.type == DELIVERY).order_by(*columns)
        for row in self._stream(query):  # which desk's it is stands with the line's digest
            sender, message, address = map(str, row)
            yield Delivery(sender, message, Address.read(address).authority)

    def compare_derived(self, times: Times, tokens: Tokens | None) -> Derived:
        """Registers and boxes, compared with what the records make of them (`derivation`). Raises DataFolderError."""
        here = self.has_boxes
        if here and tokens is not None:
            self._contents.require_key()
        return compare(
            self._leaves,
            {
                table.name: self._register_rows(table)
                for table in REGISTERS
                if self._has(table) and (here or "seq" in table.c)
            },
            times=times if here else None,
            tokens=tokens,
            inbox=self.opened(inbox) if here else None,
            outbox=self.opened(outbox) if here else None,
            quarantine=self.opened(quarantine) if here else None,
        )

    def opened(self, table: Table) -> Iterator[Mapping[str, Any]]:
        """The rows of a table with sealed contents, in the order of their records, opened (`opened.open_rows`)."""
        rows = self._row_mappings(select(table).order_by(table.c.seq, *table.primary_key))
        return opened.open_rows(self._contents, rows, opened.LABELS[table.name])

    def _leaves(self) -> Iterator[tuple[int, Json]]:
        for row in self._stream(select(records).order_by(records.c.seq)):
            yield row.seq, _record(row).leaf

    def _register_rows(self, table: Table) -> Iterator[Mapping[str, Any]]:
        """A register's rows with places in the log: but those whose record is on its way there."""
        if "seq" not in table.c:
            return self._row_mappings(select(table))
        query, place = self._with_places(
            table, *(name for name in ("replaced", "withdrawn") if name in table.c), every=True
        )
        if self._is_apart:
            known = select(decisions.c.n).where(decisions.c.n == table.c.seq).exists()
            query = query.where(or_(place.is_not(None), not_(known)))
        return self._row_mappings(query)

    def _row_mappings(self, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
        return opened.mappings(query, self._connection.dialect.name, self._stream)

    def retained(self, day: str) -> dict[str, dict[str, Any]]:
        """By class of retention how much is kept, and how much is due on this day."""
        return retained.retained(self._connection, day)

    def kept_under_keys(self) -> Mapping[str, int]:
        """Of how much that is kept, or runs, the record was made with which key of tokens, by its id."""
        return retained.kept_under(self._connection, self._is_apart, with_clocks=self._has(matters))

    # --- quarantine

    def quarantined_lines(self, seq: int | None = None) -> Iterator[Quarantined]:
        """Everything in quarantine, or one, oldest first. Where quarantine lies elsewhere: as the log tells of it."""
        if self._is_apart or not self._has(quarantine):
            for record in self.records(seq=seq, record="quarantine"):
                yield Quarantined(record)
            return
        length = case((func.length(quarantine.c.content) > 0, quarantine.c.kept), else_=0).label("length")
        query = select(records, length, quarantine.c.redriven, quarantine.c.size)
        query = query.join(quarantine, quarantine.c.seq == records.c.seq)
        if seq is not None:
            query = query.where(records.c.seq == seq)
        for row in self._stream(query.order_by(records.c.seq)):
            yield Quarantined(_record(row), row.redriven, row.length, row.size)

    def quarantined_since(self, moment: datetime) -> Iterator[Record]:
        """The records of what has come into quarantine since then, as the log tells of it."""
        where = and_(records.c.seq >= self._place_at(moment), records.c.record == "quarantine")
        yield from map(_record, self._stream(select(records).where(where).order_by(records.c.seq)))

    def redrive(self, seq: int) -> Input:
        """A line in quarantine as it came: its bytes, who was proven to send it, and when it arrived."""
        row = self._connection.execute(select(quarantine).where(quarantine.c.seq == seq)).one()
        arrived = datetime.fromisoformat(row.arrived) if row.arrived else None
        content = self._contents.open(row.case_key, row.content, of_quarantined(seq))
        return Input(content, proven=row.proven, now=arrived, redrive_of=seq)

    # --- registers

    def consents(self) -> Iterator[Row[Any]]:
        """Every version of every consent, as far as the log has come."""
        if not self._has(consents):
            return iter(())
        query, place = self._with_places(consents, "replaced", "withdrawn")
        return self._stream(query.order_by(place))

    def agreements(self, *, every: bool = False) -> Iterator[Row[Any]]:
        """Every party's confirmation of an agreement, agreement by agreement; only with `every` also replaced ones."""
        if not self._has(agreements):
            return iter(())
        query, place = self._with_places(agreements, "replaced")
        query = query.order_by(agreements.c.agreement, agreements.c.body, place)
        return self._stream(query if every else query.where(agreements.c.replaced.is_(None)))

    def open_matters(self) -> Iterator[Matter]:
        """Every clock that runs."""
        return Standing(self._connection).open_matters() if self._has(matters) else iter(())

    def followed_matters(self, clock: Clock) -> Iterator[Followed]:
        """Every matter of one clock, open or settled, in the order of the messages that they hang on."""
        if not self._has(matters):
            return
        in_matter = matters.c.matter
        query = (
            select(records, in_matter)
            .join(matters, matters.c.message == records.c.message)
            .where(in_matter["sender"].as_string() == records.c.sender)
            .where(records.c.record == "decision", in_matter["clock"].as_string() == clock.value)
            .order_by(records.c.seq)
        )
        for row in self._stream(query):
            yield Followed(Matter.read(row.matter), _record(row))

    def leaves(self, seqs: Iterable[int]) -> Mapping[int, Json]:
        """These records' leaves as objects."""
        wanted, leaves = iter(sorted(set(seqs))), {}
        while some := list(islice(wanted, _SOME)):
            for row in self._connection.execute(select(records).where(records.c.seq.in_(some))):
                leaves[row.seq] = _record(row).leaf
        return leaves

    @property
    def _is_apart(self) -> bool:
        """Whether the registers are the workers', who number their records themselves; the log has its own places."""
        return self._has(decisions)

    def _with_places(self, register: Table, *ended: str, every: bool = False) -> tuple[Select[Any], ColumnElement[int]]:
        """A register's rows with the places in the log of the records that began and ended them; and the first place.

        What the log does not hold yet has not happened; with `every` such rows are given too, without a place.
        """
        if not self._is_apart:
            return select(register), register.c.seq
        places: dict[str, ColumnElement[int]] = {}
        joined: FromClause = register
        for name in ("seq", *ended):
            decided, record = decisions.alias(), records.alias()
            both = decided.join(record, record.c.leaf_hash == decided.c.leaf_hash)
            joined = joined.join(both, decided.c.n == register.c[name], isouter=every or name != "seq")
            places[name] = record.c.seq
        shown = [places[column.name].label(column.name) if column.name in places else column for column in register.c]
        return select(*shown).select_from(joined), places["seq"]

    def _has(self, table: Table) -> bool:
        """Whether there is such a table: the distributed runtime has some of its state elsewhere."""
        return inspect(self._connection).has_table(table.name)

    def _stream(self, query: Select[Any]) -> Iterator[Row[Any]]:
        rows = self._connection.execute(query, execution_options={"yield_per": 500})
        self._streams.append(rows)
        return iter(rows)

    def close(self) -> None:
        """Let go of what has not been read to its end: a server keeps it open."""
        for stream in self._streams:
            stream.close()


DATABASE = postgres.DATABASE
"""The name of the log in PostgreSQL, whose address the settings tell. A folder with this name is `./postgres`."""


def is_database(place: str | Path) -> bool:
    """Whether a name is that of a log in PostgreSQL: DATABASE, or its address. All else is a data folder."""
    return isinstance(place, str) and (place == DATABASE or postgres.is_address(place))


@contextmanager
def open_archive(place: str | Path, of: Path | None = None) -> Iterator[Archive]:
    """What is recorded in a place, as it is at this moment. `of`: the folder that it is a copy of, which has the keys.

    Raises DataFolderError, Away or SettingsError.
    """
    if is_database(place):
        with postgres.reading(postgres.address(str(place))) as connection, closing(Archive(connection)) as archive:
            yield archive
    else:
        folder, key = Path(place), data_folder.contents_key(of or Path(place))
        with data_folder.reading(folder) as connection, closing(Archive(connection, key)) as archive:
            connection.exec_driver_sql("BEGIN")
            yield archive


def _with(seq: int | None, where: Mapping[str, str | None]) -> ColumnElement[bool]:
    """Which records have this place and these values, of those that are given."""
    matches = [records.c[name] == value for name, value in where.items() if value is not None]
    return and_(True, *matches, *([] if seq is None else [records.c.seq == seq]))


def _record(row: Any) -> Record:
    try:
        return Record(row.seq, parse(row.leaf), row.leaf_hash.hex())
    except (ValueError, TypeError, AttributeError):
        raise DataFolderError(f"record {row.seq} can't be read: run 'samband audit verify'") from None


def _lines(address: str, type_: str | None, since: int, units: Collection[str] | None) -> ColumnElement[bool]:
    """Whose inbox lines, of which type, after which number, to which units."""
    of_type = [] if type_ is None else [inbox.c.type.in_(OF_DELIVERY if type_ == DELIVERY else (type_,))]
    of_unit = [] if units is None else [inbox.c.unit.in_(units)]
    return and_(inbox.c.authority == address, inbox.c.n > since, *of_type, *of_unit)


def _texts(*columns: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """Columns that are text in every row, so that they have an order, whatever somebody has put there."""
    return tuple(func.coalesce(cast(column, String), "") for column in columns)
