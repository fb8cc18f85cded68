"""Puts together the ledger that runs apart: PostgreSQL, the key and what was published, `audit` on Kafka."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from broker.adapters.files import checkpoint_file, log_key
from broker.adapters.files.checkpoint_file import PublishedFile
from broker.adapters.files.signing import key_chain
from broker.adapters.kafka import audit_topic, outbox
from broker.adapters.sql import postgres
from broker.adapters.sql.audit_log import handovers, last_checkpoint
from broker.adapters.sql.published_log import AuditLedger, chain_roots
from broker.log.appender import USUAL, Bounds, LedgerService
from broker.log.handover import Handover, KeyChain
from broker.log.verifier import StoredCheckpoint
from broker.pipeline.notices import HandoverOrder
from broker.ports.faults import LedgerError
from broker.runtime.keys import log_signer, write_public_key
from broker.settings import KafkaLogin


@dataclass(frozen=True)
class Known:
    """Checkpoints kept of a log: those of a whole export, to be put back, and single notes, to compare with."""

    exported: Sequence[StoredCheckpoint] = ()
    kept: Sequence[str] = ()
    handovers: Sequence[tuple[int, bytes]] = ()
    """Of the log's key, in that export."""

    def roots(self, verifier: KeyChain) -> dict[int, bytes]:
        """Size -> root of all. Raises CheckpointError, or LedgerError when they contradict each other."""
        roots = chain_roots(self.exported, verifier)
        for note in self.kept:
            checkpoint = verifier.open(note)
            if roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
                raise LedgerError(f"two checkpoints of size {checkpoint.size} differ: one of them is of another log")
        return roots


NOTHING_KNOWN = Known()


@dataclass(frozen=True)
class Opened:
    """A ledger that is open."""

    log: AuditLedger
    service: LedgerService
    login: KafkaLogin

    def ask_for(self, handover: Handover) -> None:
        """Ask a worker to record that the key is handed over.

        The record comes back on `audit`, and the log goes on under the next key. Asked again, it is recorded once.
        Raises Away.
        """
        outbox.send(self.login, HandoverOrder(handover.old, handover.new, handover.note).encode())


@contextmanager
def open_ledger(
    address: str,
    keys: Path,
    login: KafkaLogin,
    *,
    known: Known = NOTHING_KNOWN,
    bounds: Bounds = USUAL,
    tell: Callable[[AuditLedger], None] = lambda log: None,
) -> Iterator[Opened]:
    """Open it as the only one. A key is made only for a log that has never been signed.

    Raises Away, KeyFileError, CheckpointError or LedgerError.
    """
    with audit_topic.open_topic(login) as topic, checkpoint_file.hold(keys), postgres.ledger(address) as connection:
        signer = log_signer(keys, fresh=last_checkpoint(connection) is None)
        handed = handovers(connection)
        signer = log_key.in_force(keys, signer, handed)
        write_public_key(keys, signer)
        verifier = key_chain(signer.vkey, handed or known.handovers)
        connection.rollback()
        file = PublishedFile(keys, verifier)
        log = AuditLedger(connection, signer, file, known=known.roots(verifier), earlier=known.exported)
        service = LedgerService(log, topic, clock=monotonic, bounds=bounds, tell=lambda: tell(log))
        yield Opened(log, service, login)
