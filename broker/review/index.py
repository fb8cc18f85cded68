"""The search index: which records have which terms, as bits; a projection that can be made anew at any time.

For each term and each block of 32,768 records there is one row: a bit for every record that has the term. Searching is
`and` and `or` of numbers, counting is exact, whatever is asked.
"""

import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from broker.adapters.sql.read_model import Archive
from broker.log.merkle import TILE, CompactRange, Tiles
from broker.review.terms import EVERY, terms_of
from broker.web.database import Database, Schema

BLOCK = 1 << 15
"""Records to a block."""
_BYTES = BLOCK // 8
_FEW = _BYTES // 2
"""So many places take as much room as the bits of a whole block."""
_AT_ONCE = 500
"""Terms that are looked for in one statement."""

SCHEMA = Schema("review_index", {2: "delete from review_index_posting; delete from review_index_covered"}, "review")
postings = Table(
    "review_index_posting",
    SCHEMA.metadata,
    Column("term", String, primary_key=True),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("bits", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
covered = Table(
    "review_index_covered",
    SCHEMA.metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("last", String, nullable=False),
)
"""How many records are in it, and the leaf hash of the last: of another log nothing is believed."""

tiles = Table(
    "review_index_tile",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
)
"""The root of each full tile of the log's tree, so that a proof reads two tiles however long the log is."""

Wanted = Sequence[Sequence[str]]
"""Terms: of each group one at least."""


@dataclass(frozen=True)
class Found:
    """What a search gives: how many records, the places of the newest of them, how many were searched."""

    total: int
    seqs: Sequence[int]
    size: int


class Index:
    """In: an address as SQLAlchemy has them. Raises SiteError."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, SCHEMA)

    def close(self) -> None:
        """Let go."""
        self._database.close()

    def size(self) -> int:
        """How many records are in it."""
        with self._database.reading() as connection:
            return _covered(connection)[0]

    def catch_up(self, archive: Archive, advance: Callable[[int], object] = lambda _: None) -> int:
        """Take in what the log has more, a block at a time; how many records are in it then."""
        end = archive.end()
        self._begin()
        while True:
            with self._database.transaction() as connection:
                size = self._take_block(connection, archive, end)
            advance(size)
            if size >= end:
                return size

    def _begin(self) -> None:
        """The one row that whoever takes something in holds meanwhile."""
        with suppress(IntegrityError), self._database.transaction() as connection:  # another has just begun it
            if connection.execute(select(covered)).first() is None:
                connection.execute(insert(covered).values(one=1, size=0, last=""))

    def _take_block(self, connection: Connection, archive: Archive, end: int) -> int:
        size, last = _covered(connection, change=True)
        if size > end or (size and archive.leaf_hash(size - 1) != last):
            connection.execute(delete(postings))
            connection.execute(delete(tiles))
            connection.execute(update(covered).values(size=0, last=""))
            size = 0
        stop = min(end, (size // BLOCK + 1) * BLOCK)
        if size >= stop:
            return size
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("H"))
        for record in archive.span(size, stop):
            at, last = record.seq % BLOCK, record.leaf_hash
            for term in set(terms_of(record.leaf)):
                places[term].append(at)
        _put(connection, size // BLOCK, places)
        for number in range(size // TILE, stop // TILE):
            root = CompactRange(archive.hashes(number * TILE, (number + 1) * TILE)).root()
            connection.execute(insert(tiles).values(number=number, root=root))
        connection.execute(update(covered).values(size=stop, last=last))
        return stop

    def search(self, wanted: Wanted, *, limit: int, before: int | None = None) -> Found:
        """The newest records that have a term of each group, and how many there are in all."""
        groups = [tuple(dict.fromkeys(group)) for group in wanted] or [(EVERY,)]
        with self._database.reading() as connection:
            size, _ = _covered(connection)
            blocks: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
            terms = sorted({term for group in groups for term in group})
            for start in range(0, len(terms), _AT_ONCE):
                some = terms[start : start + _AT_ONCE]
                for row in connection.execute(select(postings).where(postings.c.term.in_(some))):
                    blocks[row.block][row.term] = row.bits
        total, seqs = 0, list[int]()
        for block in sorted(blocks, reverse=True):
            bits = _matches(groups, blocks[block])
            total += bits.bit_count()
            first = block * BLOCK
            if before is not None and before < first + BLOCK:
                bits &= (1 << max(before - first, 0)) - 1
            while bits and len(seqs) < limit:
                top = bits.bit_length() - 1
                seqs.append(first + top)
                bits ^= 1 << top
        return Found(total, seqs, size)

    def tree(self, archive: Archive) -> Tiles:
        """The tree of a log that is in it, for proofs."""
        with self._database.reading() as connection:
            kept = {row.number: bytes(row.root) for row in connection.execute(select(tiles))}
        return Tiles(archive.hashes, kept.get)

    def every(self, wanted: Wanted) -> Sequence[int]:
        """The places of all records that have a term of each group, oldest first."""
        return self.search(wanted, limit=self.size() + 1).seqs[::-1]


def _covered(connection: Connection, *, change: bool = False) -> tuple[int, str]:
    """How many records are in it; to be changed, nobody else changes it meanwhile (SQLite has one writer anyhow)."""
    row = connection.execute(select(covered).with_for_update() if change else select(covered)).first()
    return (row.size, row.last) if row else (0, "")


def _put(connection: Connection, block: int, places: dict[str, "array[int]"]) -> None:
    """Add places of a block to what is there."""
    there: dict[str, bytes] = {}
    terms = sorted(places)
    if connection.execute(select(postings.c.block).where(postings.c.term == EVERY, postings.c.block == block)).first():
        for start in range(0, len(terms), _AT_ONCE):
            some = postings.c.term.in_(terms[start : start + _AT_ONCE])
            rows = connection.execute(select(postings).where(some, postings.c.block == block))
            there |= {row.term: row.bits for row in rows}
            connection.execute(delete(postings).where(some, postings.c.block == block))
    rows_ = [{"term": one, "block": block, "bits": _joined(there.get(one), places[one])} for one in terms]
    for start in range(0, len(rows_), 10_000):
        connection.execute(insert(postings), rows_[start : start + 10_000])


def _joined(there: bytes | None, places: "array[int]") -> bytes:
    """Few places are written one by one, many as bits: the first byte says which."""
    if there is None and len(places) < _FEW:
        return b"\x00" + _ordered(places).tobytes()
    return _packed((_bits(there) if there else 0) | _of_places(places))


def _packed(bits: int) -> bytes:
    if bits.bit_count() >= _FEW:
        return b"\x01" + bits.to_bytes(_BYTES, "little")
    data = bits.to_bytes(_BYTES, "little")
    places = (at * 8 + n for at, byte in enumerate(data) if byte for n in range(8) if byte >> n & 1)
    return b"\x00" + _ordered(array("H", places)).tobytes()


def _bits(packed: bytes) -> int:
    if packed[:1] == b"\x01":
        return int.from_bytes(packed[1:], "little")
    places = array("H")
    places.frombytes(packed[1:])
    return _of_places(_ordered(places))


def _of_places(places: Iterable[int]) -> int:
    data = bytearray(_BYTES)
    for place in places:
        data[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(data, "little")


def _ordered(places: "array[int]") -> "array[int]":
    """The same on every machine: the low byte first."""
    if sys.byteorder == "big":
        places = array("H", places)
        places.byteswap()
    return places


def _matches(groups: Sequence[Sequence[str]], rows: dict[str, bytes]) -> int:
    """The bits of a block that have a term of each group."""
    bits = -1
    for group in groups:
        one = 0
        for term in group:
            if term in rows:
                one |= _bits(rows[term])
        bits &= one
        if not bits:
            return 0
    return bits
