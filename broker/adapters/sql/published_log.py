"""The log of the ledger that runs apart: its place in the topic, the checkpoints known from elsewhere."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from broker import topics
from broker.adapters.files import log_key
from broker.adapters.files.checkpoint_file import NoteReader, PublishedFile
from broker.adapters.files.signing import Signer, key_chain
from broker.adapters.sql import tables
from broker.adapters.sql.audit_log import SqlLedger, handovers
from broker.adapters.sql.measures import Signed, Standing
from broker.log.appender import LedgerRefused, Place
from broker.log.checkpoint import NO_PREVIOUS, note_hash
from broker.log.handover import Handover
from broker.log.verifier import StoredCheckpoint
from broker.model.decision import Json
from broker.ports.faults import LedgerError

_POSITION = tables.ledger_position


class AuditLedger:
    """AuditLog over one connection: records, checkpoint and place of a batch become durable together, or none does."""

    def __init__(
        self,
        connection: Connection,
        signer: Signer,
        published: PublishedFile,
        *,
        known: Mapping[int, bytes] | None = None,
        earlier: Sequence[StoredCheckpoint] = (),
    ) -> None:
        """Open what is stored, as far as it goes.

        `known`: size -> root of checkpoints that were kept of this log: each must come out the same. `earlier`: the
        checkpoints of a log that is rebuilt, to be put back where they stood; they are among `known`.
        Raises LedgerError when what is stored, published and known contradict each other.
        """
        self._connection = connection
        self._signer = signer
        self._published = published
        self._ledger = SqlLedger(connection, signer)
        self._roots = dict(known or {})
        if published.checkpoint is not None:
            self._know(published.checkpoint.size, published.checkpoint.root)
        self._open()
        self._earlier = [one for one in earlier if one.size > self.signed]
        connection.rollback()

    @property
    def size(self) -> int:
        """How many records there are."""
        return self._ledger.size

    @property
    def root(self) -> bytes:
        """The root over all of them."""
        return self._ledger.root

    @property
    def signed(self) -> int:
        """The size of the newest checkpoint that is stored."""
        return self._signed

    @property
    def behind(self) -> int:
        """How many records are missing up to the largest checkpoint that is known."""
        return max(0, max(self._roots, default=0) - self.size)

    def newest(self) -> Signed | None:
        """The newest checkpoint, and when the last record was made; None: nothing is recorded yet."""
        signed = Standing(self._connection).newest_checkpoint()
        self._connection.rollback()
        return signed

    def place(self) -> Place | None:
        """How far the log has come in the topic; None when it is empty. Raises LedgerError when that is not stored."""
        row = self._connection.execute(select(_POSITION).where(_POSITION.c.topic == topics.AUDIT)).one_or_none()
        last = select(tables.records.c.leaf_hash).order_by(tables.records.c.seq.desc()).limit(1)
        last_hash = self._connection.execute(last).scalar_one_or_none()
        self._connection.rollback()
        if (row.size if row else 0) != self.size:
            raise LedgerError("the log's place in audit is that of another log: rebuild it in an empty database")
        return Place(row.next, row.last, last_hash) if row and last_hash else None

    def room(self) -> int | None:
        """How many records may be appended at once, so as to end at the next checkpoint that is known."""
        return min((size - self.size for size in self._roots if size > self.size), default=None)

    def append(self, leaves: Sequence[tuple[bytes, Json]], place: Place) -> None:
        """Append, compare, sign where nothing larger is known, and commit.

        Raises LedgerError or LedgerRefused: nothing of the batch is in the log then.
        """
        after = Handover.read(leaves[-1][0])
        try:
            self._ledger.keep(leaves)
            if after is not None:
                self._refuse_false(after)
            if self._roots.get(self.size, self.root) != self.root:
                raise LedgerRefused(
                    f"audit does not give the log that was published: its root at size {self.size} is another; "
                    "nothing is signed"
                )
            note = self._note()
            if note is not None:
                self._ledger.put_back(note)
            self._connection.execute(delete(_POSITION))
            row = {"topic": topics.AUDIT, "next": place.next, "last": place.last, "size": self.size}
            self._connection.execute(insert(_POSITION), row)
            if note is not None and not self.behind:
                self._published.write(note)
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            self._ledger.forget()
            raise
        if note is not None:
            self._signed = self.size
        if after is not None and after.old == self._signer.vkey:
            self._promote()

    def next_handover(self) -> Handover | None:
        """What both keys sign where one waits to be handed over to. Raises KeyFileError."""
        after = log_key.waiting(self._published.folder, self._signer.key.name)
        return self._signer.hand_over(after) if after else None

    def _refuse_false(self, handover: Handover) -> None:
        """Raises LedgerRefused where the key is handed over otherwise than by the key that signs, to the next."""
        if self.size - 1 not in key_chain(self._signer.vkey, handovers(self._connection)).places:
            raise LedgerRefused(
                "audit holds a hand-over of the log's key that the key has not signed: nothing from it on is in the log"
            )
        after = log_key.waiting(self._published.folder, self._signer.key.name)
        if handover.old == self._signer.vkey and (after is None or after.vkey != handover.new):
            raise LedgerRefused("audit hands the log over to a key that is not here: put log.key.next beside log.key")

    def _promote(self) -> None:
        """The next key signs from now on."""
        log_key.promote(self._published.folder)
        self._signer = log_key.signer(self._published.folder, self._signer.key.name)
        chain = key_chain(self._signer.vkey, handovers(self._connection))
        self._connection.rollback()
        self._published = PublishedFile(self._published.folder, chain)
        self._ledger.switch(self._signer, None)

    def _note(self) -> str | None:
        """The note for the log as it is: the one that stood here before, or a new one; None while behind."""
        if self._earlier and self._earlier[0].size == self.size:
            return self._earlier.pop(0).note
        chain = key_chain(self._signer.vkey, handovers(self._connection))
        return None if self.behind or chain.at(self.size) != self._signer.vkey else self._ledger.next_note()

    def _open(self) -> None:
        self._ledger.resume(self._roots)
        published, last = self._published.checkpoint, self._ledger.last
        self._signed = 0
        if last:
            if published is None:
                raise LedgerError(
                    "log.size is missing beside the key, though the log is signed: put it back from a copy, or save "
                    "the newest checkpoint there"
                )
            self._signed = self._published.open_note(last).size

    def _know(self, size: int, root: bytes) -> None:
        if self._roots.setdefault(size, root) != root:
            raise LedgerError(f"two checkpoints of size {size} have different roots: one of them is of another log")


def chain_roots(checkpoints: Sequence[StoredCheckpoint], verifier: NoteReader) -> dict[int, bytes]:
    """Size -> root of a log's checkpoints from its first on, each of which names the one before it.

    Raises CheckpointError or LedgerError.
    """
    roots, previous = {}, NO_PREVIOUS
    for one in checkpoints:
        opened = verifier.open(one.note)
        if opened.previous != previous or opened.size != one.size:
            raise LedgerError(f"the checkpoint of size {opened.size} does not follow on the one before: export again")
        roots[opened.size], previous = opened.root, note_hash(one.note)
    return roots
