"""The one place that knows every adapter: puts the embedded runtime together."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection

from broker import bundle, settings
from broker.adapters.avro.codec import AvroCodec
from broker.adapters.files import checkpoint_file, log_key
from broker.adapters.files.checkpoint_file import PublishedFile
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import Signer, TokenKey, key_chain
from broker.adapters.opa.staged import Announced, FolderLaws, StagedDecisionPoint
from broker.adapters.opa.timed import TimedDecisionPoint
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql import audit_log, data_folder, scratch_copy
from broker.adapters.sql.audit_log import SqlLedger
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.data_folder import PUBLIC_KEY
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.adapters.sql.measures import Standing
from broker.adapters.sql.store import SqlStore
from broker.authorities import Register
from broker.deadlines import Times, read_times
from broker.model.decision import Json
from broker.pipeline.decision_cache import DecisionCache
from broker.pipeline.notices import HandoverOrder, contacts_of
from broker.pipeline.pipeline import Pipeline
from broker.pipeline.reactions import InProcess
from broker.ports.policy import PolicyDecisionPoint
from broker.ports.store import Fetched
from broker.ports.telemetry import UNMEASURED, Metrics
from broker.ports.tracing import UNTRACED, Tracing

__all__ = ["LOG_NAME", "PUBLIC_KEY", "Embedded", "clock_times", "embedded", "policy_engine", "trial"]

LOG_NAME = "samband.local/audit"
"""The log's origin and key name in checkpoints."""


LAWS = "laws"
"""The folder beside the data where laws lie that are announced."""


@dataclass(frozen=True)
class Embedded:
    """A running embedded broker."""

    pipeline: Pipeline
    store: SqlStore
    engine: PolicyDecisionPoint
    connection: Connection
    standing: Standing
    key: ContentsKey
    """What opens contents."""
    hand_over: Callable[[], str | None] = lambda: None
    """Hands the log over to its next key, where one waits; that one's public half. Takes in another key of tokens.

    Between two messages alone.
    """


def erase(broker: Embedded, day: date) -> list[Json]:
    """Keep no longer what was due before this day, nor in what is left of it on the disk; what the records say.

    Raises TooEarly.
    """
    told = broker.pipeline.erase(day)
    if told:
        broker.store.renew_key()
        broker.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return told


def clock_times() -> Times:
    """How long things may take, from the installed bundle. Raises BundleError or ClocksError."""
    return read_times(json.loads(bundle.load().tables)["clocks"])


def policy_engine() -> WasmDecisionPoint:
    """The policy engine over the installed bundle. Raises BundleError when it is not the recorded one."""
    return WasmDecisionPoint(bundle.load())


def law(engine: PolicyDecisionPoint, announced: Announced) -> StagedDecisionPoint:
    """The law with those that are announced, each from its first day on."""
    return StagedDecisionPoint(engine, announced, WasmDecisionPoint)


@contextmanager
def embedded(
    folder: Path, register: Register, metrics: Metrics | None = None, tracing: Tracing = UNTRACED
) -> Iterator[Embedded]:
    """Open a data folder as its one writer; `metrics` and `tracing` are told what it does.

    Raises DataFolderError, KeyFileError, BundleError or LedgerError.
    """
    with ExitStack() as stack:
        engine: PolicyDecisionPoint = law(policy_engine(), FolderLaws(folder / LAWS))
        if metrics is not None:
            engine = TimedDecisionPoint(engine, metrics)
        stack.enter_context(data_folder.lock(folder))
        fresh = data_folder.begin(folder)
        # these before the tables: with them and without keys, left by a start that was cut off, it would never open
        signer = Signer(folder / "keys" / "log.key", LOG_NAME, create=fresh)
        tokens = TokenKey(folder / "keys" / "token.key", create=fresh)
        key = data_folder.contents_key(folder, create=fresh)
        fetched = FetchedFile(folder, create=fresh)
        connection = stack.enter_context(data_folder.writing(folder))
        signer = log_key.in_force(folder / "keys", signer, audit_log.handovers(connection))
        ledger = SqlLedger(connection, signer, _publish(folder, signer, connection))
        ledger.mark_durable()
        contents = Contents(connection, key)
        contents.require_key()
        store = SqlStore(connection, ledger, contents)
        broker = _together(
            connection,
            store,
            engine,
            key,
            register=register,
            tokens=tokens,
            fetched=fetched,
            metrics=metrics,
            tracing=tracing,
        )

        def hand_over() -> str | None:
            tokens.look()
            if (after := log_key.waiting(folder / "keys", LOG_NAME)) is None:
                return None
            before = log_key.signer(folder / "keys", LOG_NAME)
            broker.pipeline.hand_over(HandoverOrder(**vars(before.hand_over(after))))
            log_key.promote(folder / "keys")
            ledger.switch(after, _publish(folder, after, connection))
            return after.vkey

        hand_over()
        yield replace(broker, hand_over=hand_over)


def _publish(folder: Path, signer: Signer, connection: Connection) -> PublishedFile:
    """The public key beside the data; what was published, under whichever key."""
    (folder / PUBLIC_KEY).write_text(f"{signer.vkey}\n", encoding="utf-8")
    return PublishedFile(folder / "keys", key_chain(signer.vkey, audit_log.handovers(connection)))


@contextmanager
def trial(folder: Path, register: Register, engine: PolicyDecisionPoint | None = None) -> Iterator[Embedded]:
    """The same on a throw-away copy of the folder: nothing is recorded, signed or left behind.

    `engine`: one that is open already; it takes a second to open. Raises DataFolderError, KeyFileError, BundleError or
    LedgerError, for what lacks a withdrawal would show a consent that is none.
    """
    fresh = data_folder.is_new(folder)
    tokens = TokenKey(None if fresh else folder / "keys" / "token.key", create=False)
    key = ContentsKey(None) if fresh else data_folder.contents_key(folder)
    note = _published_note(folder)  # before the copy: another may record meanwhile
    with scratch_copy.open_copy(folder) as connection:
        published = _published(folder, note, connection)
        ledger = scratch_copy.UnsignedLedger(connection, published)
        store = SqlStore(connection, ledger, Contents(connection, key))
        marks = scratch_copy.SeenMarks(folder)
        asked = law(engine or policy_engine(), FolderLaws(folder / LAWS))
        yield _together(connection, store, asked, key, register=register, tokens=tokens, fetched=marks)


def _published_note(folder: Path) -> str:
    """The newest note that was published of the log; empty where none was, or it can't be read."""
    try:
        return (folder / "keys" / checkpoint_file.FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _published(folder: Path, note: str, connection: Connection) -> PublishedFile | None:
    """What was published of the log, for one who does not have its key; None where nothing was."""
    try:
        vkey = (folder / PUBLIC_KEY).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    return PublishedFile(folder / "keys", key_chain(vkey, audit_log.handovers(connection)), note or None)


def _together(
    connection: Connection,
    store: SqlStore,
    engine: PolicyDecisionPoint,
    key: ContentsKey,
    *,
    register: Register,
    tokens: TokenKey,
    fetched: Fetched,
    metrics: Metrics | None = None,
    tracing: Tracing = UNTRACED,
) -> Embedded:
    remembered, times = DecisionCache(engine), clock_times()
    pipeline = Pipeline(
        register=register,
        engine=remembered,
        store=store,
        tokens=tokens,
        fetched=fetched,
        codec=AvroCodec(),
        clock=lambda: datetime.now(UTC),
        reactions=InProcess(store, times, contacts_of(register, times)),
        metrics=metrics or UNMEASURED,
        tracing=tracing,
        limits=settings.quarantine(),
    )
    return Embedded(pipeline, store, remembered, connection, Standing(connection), key)
