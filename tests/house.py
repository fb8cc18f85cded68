"""An embedded broker for tests, put together from the real parts: only its clock stands still.

A test may give another engine, or wrap the store or the signer, to inject a fault.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from lines import line
from sqlalchemy import Connection, text

from broker import bundle
from broker.adapters.avro.codec import AvroCodec
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import Signer, TokenKey, Verifier
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql import audit_log, data_folder, tables
from broker.adapters.sql.audit_log import SqlLedger
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.adapters.sql.read_model import Archive
from broker.adapters.sql.store import SqlStore
from broker.adapters.sql.tables import metadata
from broker.authorities import Register, load
from broker.log.verifier import Report, verify
from broker.pipeline.notices import contacts_of
from broker.pipeline.pipeline import BATCH, Pipeline
from broker.pipeline.reactions import InProcess
from broker.ports.policy import PolicyDecisionPoint
from broker.ports.quarantine_limits import USUAL, QuarantineLimits
from broker.ports.telemetry import UNMEASURED, Metrics
from broker.ports.tracing import UNTRACED, Tracing
from broker.ports.transport import Input
from broker.runtime.embedded import clock_times

Json = dict[str, Any]
NOW = datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)
ORIGIN = "samband.test/audit"
PARTIES = [
    {"authority": "skola-1", "name": "Prövoskolan", "kind": "school", "principal": "kommun-0127"},
    {"authority": "intaget", "name": "Allmänhetens intag", "kind": "public_intake"},
    {"authority": "forening-1", "name": "Prövoföreningen", "kind": "civil_society"},
]


@cache
def engine() -> WasmDecisionPoint:
    """The law, compiled once for all tests."""
    return WasmDecisionPoint(bundle.load())


@cache
def codec() -> AvroCodec:
    """The codec over the schemas of the repository."""
    return AvroCodec()


@cache
def _public() -> Register:
    return load()


def register(folder: Path, parties: Sequence[Json] = PARTIES) -> Register:
    """Sweden's authorities and some parties of the tests."""
    file = folder / "register.json"
    file.write_text(json.dumps(parties), "utf-8")
    return load(file)


@dataclass
class House:
    """A running broker and a way to look into its rooms."""

    pipeline: Pipeline
    store: SqlStore
    connection: Connection
    signer: Signer
    tokens: TokenKey
    fetched: FetchedFile
    key: ContentsKey

    def run(self, *messages: Json | bytes | Input, batch: int = BATCH) -> list[Json]:
        """Handle messages; their receipts."""
        return list(self.pipeline.run(map(given, messages), batch))

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Rows of a query on what is stored."""
        return list(self.connection.execute(text(query), values))

    def count(self, table: str) -> int:
        """How many rows a table holds."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def leaves(self) -> list[Json]:
        """Every record, in order."""
        return [json.loads(row.leaf) for row in self.rows("SELECT leaf FROM records ORDER BY seq")]

    def inbox(self, authority: str, kind: str = "delivery") -> list[Json]:
        """Lines of one sort in an inbox."""
        return [line for _, line in self.archive().inbox(authority, kind, 0)]

    def archive(self) -> Archive:
        """Everything as whoever reads it sees it."""
        return Archive(self.connection, self.key)

    def quarantined(self) -> list[Input]:
        """What lies in quarantine, to be run again."""
        return [Input(row["content"], redrive_of=row["seq"]) for row in self.archive().opened(tables.quarantine)]

    def contents(self, table: str) -> list[Any]:
        """What is sealed in every row of a table, opened; None where it is empty."""
        known = {"inbox": tables.inbox, "outbox": tables.outbox, "quarantine": tables.quarantine}[table]
        return [row["content"] or None for row in self.archive().opened(known)]

    def snapshot(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        return {table: [tuple(row) for row in self.rows(f"SELECT * FROM {table}")] for table in metadata.tables}

    def verified(self) -> Report:
        """The verifier's answer over the whole log."""
        records, checkpoints = audit_log.stored_records(self.connection), audit_log.stored_checkpoints(self.connection)
        return verify(records, checkpoints, Verifier(self.signer.vkey).open)


def given(message: Json | bytes | Input) -> Input:
    """A message as an input without a place in a file."""
    if isinstance(message, Input):
        return message
    return Input(message if isinstance(message, bytes) else line(message))


def numbered(messages: Iterable[Json | bytes], source: str = "file") -> Iterator[Input]:
    """Messages as the lines of a file."""
    for n, found in enumerate(messages, 1):
        yield Input(found if isinstance(found, bytes) else line(found), number=n, source=source)


@contextmanager
def opened(
    folder: Path,
    *,
    law: PolicyDecisionPoint | None = None,
    wrap: Callable[[SqlStore], Any] = lambda store: store,
    parties: Sequence[Json] | None = None,
    sign: Callable[[Signer], Any] = lambda signer: signer,
    metrics: Metrics = UNMEASURED,
    tracing: Tracing = UNTRACED,
    limits: QuarantineLimits = USUAL,
    now: datetime = NOW,
) -> Iterator[House]:
    """Open a data folder as its one writer. `law`, `wrap` (the store) and `sign` are where a fault can be injected."""
    with data_folder.lock(folder), ExitStack() as stack:
        fetched = FetchedFile(folder, create=not (folder / data_folder.DATABASE).exists())
        connection = stack.enter_context(data_folder.writing(folder))
        own = Signer(folder / "keys" / "log.key", ORIGIN)
        tokens = TokenKey(folder / "keys" / "token.key")
        key = data_folder.contents_key(folder, create=True)
        store = SqlStore(connection, SqlLedger(connection, sign(own)), Contents(connection, key))
        known, times = _public() if parties is None else register(folder, parties), clock_times()
        pipeline = Pipeline(
            register=known,
            engine=law or engine(),
            store=wrap(store),
            tokens=tokens,
            fetched=fetched,
            codec=codec(),
            clock=lambda: now,
            reactions=InProcess(wrap(store), times, contacts_of(known, times)),
            metrics=metrics,
            tracing=tracing,
            limits=limits,
        )
        yield House(pipeline, store, connection, own, tokens, fetched, key)
