"""The audit log in SQL: each record a leaf of an RFC 9162 Merkle tree, a signed checkpoint over each batch.

On SQLite, in the embedded runtime, and on PostgreSQL, for the ledger that runs apart (`published_log`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection, bindparam, func, insert, select

from broker.adapters.files.signing import Signer, key_chain
from broker.adapters.sql import tables
from broker.adapters.sql.rows import insert_rows
from broker.log.checkpoint import Checkpoint, note_hash
from broker.log.merkle import CompactRange, leaf_hash
from broker.log.verifier import DERIVED_COLUMNS, StoredCheckpoint, StoredRecord, columns_of
from broker.model.canonical import canonical, parse
from broker.model.decision import Json
from broker.ports.faults import LedgerError

_RECORD = select(tables.records.c.leaf, tables.records.c.leaf_hash).where(tables.records.c.seq == bindparam("seq"))


class Published(Protocol):
    """The newest checkpoint that was published (`checkpoint_file.PublishedFile`)."""

    @property
    def checkpoint(self) -> Checkpoint | None:
        """It; None before the first."""

    def write(self, note: str) -> None:
        """This note is published from now on."""


class SqlLedger:
    """Appends to the log and reads it. Signs nothing that does not continue what it has signed."""

    def __init__(self, connection: Connection, signer: Signer, published: Published | None = None) -> None:
        """`published`: where the newest checkpoint is kept beside the database, of a log that nothing else tells of."""
        self._connection = connection
        self._signer = signer
        self._published = published
        self._tree: CompactRange | None = None
        self._last = ""

    def mark_durable(self) -> None:
        """What was appended is durable: its checkpoint is published.

        Not before: a commit that then fails would leave a checkpoint that no database can ever continue.
        """
        if self._published is not None and self._continue().size and self._last:
            known = self._published.checkpoint
            if known is None or known.size < self._continue().size:
                self._published.write(self._last)

    def forget(self) -> None:
        """After a rollback: what was appended did not happen."""
        self._tree = None

    def switch(self, signer: Signer, published: Published | None) -> None:
        """The key is handed over: from now on the next one signs."""
        self._signer, self._published = signer, published

    def move(self, connection: Connection) -> None:
        """Go on over another connection to the same database, where somebody else may have appended meanwhile."""
        self._connection = connection
        last = last_checkpoint(connection)
        if self._last != (last.note if last else ""):
            self.forget()

    def append(self, leaves: Sequence[Json]) -> list[tuple[int, str]]:
        """Append records in order, each with its place in it, and sign. (seq, leaf hash in hex) for each.

        Raises LedgerError when the stored log does not continue the last checkpoint.
        """
        if not leaves:
            return []
        start = self.size
        numbered = ({**leaf, "seq": seq} for seq, leaf in enumerate(leaves, start))
        hashes = self.keep([(canonical(leaf), columns_of(leaf)) for leaf in numbered])
        self.sign()
        return [(seq, kept.hex()) for seq, kept in enumerate(hashes, start)]

    def seq(self, record: int) -> int:
        """A record's place in the log is its number."""
        return record

    def keep(self, leaves: Sequence[tuple[bytes, Json]]) -> list[bytes]:
        """Append records, the bytes and searchable columns of each, and read them again as stored; sign nothing yet.

        The leaf hash of each. Raises LedgerError as `append`, and when the bytes stored are not those given.
        """
        tree = self._continue()
        start = tree.size
        rows: list[dict[str, object]] = []
        hashes = []
        for seq, (data, columns) in enumerate(leaves, start):
            hashes.append(leaf_hash(data))
            rows.append({"seq": seq, "leaf": data, "leaf_hash": hashes[-1], **columns})
        insert_rows(self._connection, tables.records, rows)
        for seq, stored in enumerate(self._stored_leaves(start), start):
            if leaf_hash(stored) != hashes[seq - start]:
                raise LedgerError(f"record {seq} was not stored as written: the disk or memory is failing")
            tree.append(hashes[seq - start])
        if tree.size != start + len(rows):
            raise LedgerError(f"record {tree.size} was not stored as written: the disk or memory is failing")
        return hashes

    def sign(self) -> str:
        """Sign the log as it is now; the whole note."""
        return self.put_back(self.next_note())

    def next_note(self) -> str:
        """The note that would be signed now, which is not stored yet."""
        tree = self._continue()
        body = Checkpoint(self._signer.key.name, tree.size, tree.root(), note_hash(self._last)).body_text()
        return self._signer.sign(body)

    def put_back(self, note: str) -> str:
        """Store a note that covers the log as it is now and follows on the one before."""
        self._connection.execute(insert(tables.checkpoints), {"size": self.size, "note": note})
        self._last = note
        return note

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""
        row = self._connection.execute(_RECORD, {"seq": seq}).one_or_none()
        if row is None:
            raise KeyError(seq)
        return parse(row.leaf), row.leaf_hash.hex()

    @property
    def size(self) -> int:
        """How many records the log has."""
        return self._continue().size

    @property
    def root(self) -> bytes:
        """The root over all of them."""
        return self._continue().root()

    @property
    def last(self) -> str:
        """The newest note; empty when nothing is signed yet."""
        self._continue()
        return self._last

    def resume(self, known: Mapping[int, bytes]) -> None:
        """Read the tree so far from the stored hashes; check it against the last checkpoint and other roots.

        `known`: size -> root, of checkpoints kept elsewhere. Where one of them is larger than the last checkpoint,
        the log may have records that none covers yet, as long as it has not reached that size. Raises LedgerError.
        """
        last = last_checkpoint(self._connection)
        self._last = last.note if last else ""
        roots, signed = dict(known), 0
        if last:
            checkpoint = key_chain(self._signer.vkey, handovers(self._connection)).open(self._last)
            signed = checkpoint.size
            if roots.setdefault(signed, checkpoint.root) != checkpoint.root or last.size != signed:
                raise LedgerError(f"two checkpoints of size {signed} differ: run 'samband audit verify'")
        tree = self._stored_tree(roots)
        if tree.size < signed or (tree.size > signed and tree.size >= max(roots, default=0)):
            raise LedgerError("the log does not continue its last checkpoint: run 'samband audit verify'")
        self._tree = tree

    def _stored_tree(self, roots: Mapping[int, bytes]) -> CompactRange:
        """The tree over the stored hashes. Raises LedgerError where it has another root than the one given."""
        tree = CompactRange()
        hashes = self._connection.execute(select(tables.records.c.leaf_hash).order_by(tables.records.c.seq))
        for digest in hashes.yield_per(10_000).scalars():
            tree.append(digest)
            if tree.size in roots and roots[tree.size] != tree.root():
                raise LedgerError(
                    f"the log is another than the one signed at size {tree.size}: run 'samband audit verify'"
                )
        return tree

    def _stored_leaves(self, start: int) -> Sequence[bytes]:
        query = select(tables.records.c.leaf).where(tables.records.c.seq >= start).order_by(tables.records.c.seq)
        return self._connection.execute(query).scalars().all()

    def _continue(self) -> CompactRange:
        """The tree so far, read and checked once."""
        if self._tree is None:
            newest = self._published.checkpoint if self._published is not None else None
            self.resume({newest.size: newest.root} if newest else {})
            if newest is not None and self._tree is not None and self._tree.size < newest.size:
                self._tree = None
                raise LedgerError(
                    f"a log of {newest.size} records was published here, and the database holds fewer: "
                    "put it back from its newest copy, or choose another --data"
                )
        assert self._tree is not None
        return self._tree


def last_checkpoint(connection: Connection) -> StoredCheckpoint | None:
    """The newest signed checkpoint, or None."""
    query = select(tables.checkpoints).order_by(tables.checkpoints.c.size.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return StoredCheckpoint(row.size, row.note) if row else None


def handovers(connection: Connection) -> list[tuple[int, bytes]]:
    """Where the log's key is handed over, and the record there, oldest first."""
    query = select(tables.records.c.seq, tables.records.c.leaf).where(tables.HANDED_OVER)
    return [(row.seq, row.leaf) for row in connection.execute(query.order_by(tables.records.c.seq))]


def checkpoint_after(connection: Connection, size: int) -> StoredCheckpoint | None:
    """The first checkpoint of a larger log, or None."""
    query = select(tables.checkpoints).where(tables.checkpoints.c.size > size).order_by(tables.checkpoints.c.size)
    row = connection.execute(query.limit(1)).one_or_none()
    return StoredCheckpoint(row.size, row.note) if row else None


def size(connection: Connection) -> int:
    """How many records there are."""
    return int(connection.execute(select(func.count()).select_from(tables.records)).scalar_one())


def stored_records(connection: Connection) -> Iterator[StoredRecord]:
    """Every record as it stands in the table, for the verifier."""
    of = tables.records.c
    query = select(of.seq, of.leaf, of.leaf_hash, *(of[name] for name in DERIVED_COLUMNS)).order_by(of.seq)
    for rows in connection.execute(query, execution_options={"yield_per": 1000}).partitions():
        for seq, leaf, hash_, *columns in rows:
            yield StoredRecord(seq, leaf, hash_, dict(zip(DERIVED_COLUMNS, columns, strict=True)))


def stored_checkpoints(connection: Connection) -> Iterator[StoredCheckpoint]:
    """Every checkpoint as it stands in the table, for the verifier."""
    for row in connection.execute(select(tables.checkpoints).order_by(tables.checkpoints.c.size)):
        yield StoredCheckpoint(row.size, row.note)
