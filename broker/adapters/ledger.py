"""The audit log in SQL: each record a leaf of an RFC 9162 Merkle tree, a signed checkpoint over each batch."""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, func, insert, select

from broker.adapters import tables
from broker.adapters.signing import Signer, Verifier
from broker.audit_verifier import DERIVED_COLUMNS, StoredCheckpoint, StoredRecord
from broker.checkpoint import Checkpoint, note_hash
from broker.decision import Json
from broker.merkle import CompactRange, leaf_hash
from broker.records import canonical

_RECORD = select(tables.records.c.leaf, tables.records.c.leaf_hash).where(tables.records.c.seq == bindparam("seq"))


class LedgerError(Exception):
    """The stored log is not the one that was signed: nothing more is signed. One line, with what to do."""


class SqlLedger:
    """Appends to the log and reads it. Signs nothing that does not continue what it has signed."""

    numbered = True

    def __init__(self, connection: Connection, signer: Signer) -> None:
        self._connection = connection
        self._signer = signer
        self._tree: CompactRange | None = None
        self._last = ""

    def forget(self) -> None:
        """After a rollback: what was appended did not happen."""
        self._tree = None

    def append(self, leaves: Sequence[Json]) -> list[tuple[int, str]]:
        """Append records in order, read them again as stored, and sign. (seq, leaf hash in hex) for each.

        Raises LedgerError when the stored log does not continue the last checkpoint.
        """
        if not leaves:
            return []
        tree = self._continued()
        start = tree.size
        rows = []
        for seq, leaf in enumerate(leaves, start):
            data = canonical({**leaf, "seq": seq})
            found = {name: _at(leaf, path) for name, path in DERIVED_COLUMNS.items()}
            rows.append({"seq": seq, "leaf": data, "leaf_hash": leaf_hash(data), **found})
        self._connection.execute(insert(tables.records), rows)
        for row, stored in zip(rows, self._stored_leaves(start), strict=True):
            if leaf_hash(stored) != row["leaf_hash"]:
                raise LedgerError(f"record {row['seq']} was not stored as written: the disk or memory is failing")
            tree.append(leaf_hash(stored))
        self._sign(tree)
        return [(int(str(row["seq"])), bytes(row["leaf_hash"]).hex()) for row in rows]  # type: ignore[call-overload]

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""
        row = self._connection.execute(_RECORD, {"seq": seq}).one_or_none()
        if row is None:
            raise KeyError(seq)
        return json.loads(row.leaf), row.leaf_hash.hex()

    def size(self) -> int:
        """How many records there are: the next one's number."""
        newest: int | None = self._connection.execute(select(func.max(tables.records.c.seq))).scalar_one()
        return 0 if newest is None else newest + 1

    def _stored_leaves(self, start: int) -> Iterator[bytes]:
        query = select(tables.records.c.leaf).where(tables.records.c.seq >= start).order_by(tables.records.c.seq)
        yield from self._connection.execute(query).scalars()

    def _sign(self, tree: CompactRange) -> None:
        checkpoint = Checkpoint(self._signer.key.name, tree.size, tree.root(), note_hash(self._last))
        self._last = self._signer.sign(checkpoint.body_text())
        self._connection.execute(insert(tables.checkpoints), {"size": tree.size, "note": self._last})

    def _continued(self) -> CompactRange:
        """The tree so far, from the stored hashes, checked once against the last checkpoint."""
        if self._tree is None:
            hashes = self._connection.execute(select(tables.records.c.leaf_hash).order_by(tables.records.c.seq))
            self._tree = CompactRange(hashes.yield_per(10_000).scalars())
            last = last_checkpoint(self._connection)
            self._last = last.note if last else ""
            size, root = 0, CompactRange().root()
            if self._last:
                signed = Verifier(self._signer.vkey).open(self._last)
                size, root = signed.size, signed.root
            if (size, root) != (self._tree.size, self._tree.root()):
                raise LedgerError("the log does not continue its last checkpoint: run 'samband audit verify'")
        return self._tree


def last_checkpoint(connection: Connection) -> StoredCheckpoint | None:
    """The newest signed checkpoint, or None."""
    query = select(tables.checkpoints).order_by(tables.checkpoints.c.size.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return StoredCheckpoint(row.size, row.note) if row else None


def size(connection: Connection) -> int:
    """How many records there are."""
    return int(connection.execute(select(func.count()).select_from(tables.records)).scalar_one())


def stored_records(connection: Connection) -> Iterator[StoredRecord]:
    """Every record as it stands in the table, for the verifier."""
    rows = connection.execution_options(yield_per=1000).execute(select(tables.records).order_by(tables.records.c.seq))
    for row in rows.mappings():
        columns = {name: row[name] for name in DERIVED_COLUMNS}
        yield StoredRecord(row["seq"], row["leaf"], row["leaf_hash"], columns)


def stored_checkpoints(connection: Connection) -> Iterator[StoredCheckpoint]:
    """Every checkpoint as it stands in the table, for the verifier."""
    for row in connection.execute(select(tables.checkpoints).order_by(tables.checkpoints.c.size)):
        yield StoredCheckpoint(row.size, row.note)


def _at(leaf: Json, path: str) -> object:
    found: object = leaf
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
