"""A cluster without servers: the real worker over topics in memory and a store in SQLite. Only Kafka, PostgreSQL and
OPA's server are not there; for tests that must be quick.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from house import NOW, Json, codec, engine, opened, register
from lines import line

from broker import topics
from broker.adapters.files.signing import TokenKey
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.store import SqlStore
from broker.authorities import ANONYMOUS
from broker.deadlines import Matter
from broker.log import places
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical
from broker.pipeline.pipeline import Pipeline
from broker.pipeline.reactions import Elsewhere
from broker.ports.quarantine_limits import USUAL, QuarantineLimits
from broker.ports.store import Recorded
from broker.ports.transport import Again, Attempt, Consumed, Input, Outgoing, Produced
from broker.ports.writes import Effects
from broker.runtime.embedded import clock_times
from broker.runtime.worker import Worker


@dataclass
class _Decisions:
    """Records by numbers of their own, as workers keep them."""

    leaves: list[Json] = field(default_factory=list)
    size: int = 0

    def append(self, leaves: Sequence[Json]) -> list[tuple[int, str]]:
        start = len(self.leaves)
        self.leaves += leaves
        return [(n, leaf_hash(canonical(leaf)).hex()) for n, leaf in enumerate(leaves, start)]

    def seq(self, record: int) -> None:
        """The log is elsewhere."""

    def record(self, seq: int) -> tuple[Json, str]:
        return self.leaves[seq], leaf_hash(canonical(self.leaves[seq])).hex()

    def forget(self) -> None:
        """Nothing is undone here."""

    def mark_durable(self) -> None:
        """Nothing is signed here."""


class _Store(SqlStore):
    """Store and Positions."""

    def __init__(self, connection: Any, log: _Decisions, tokens: TokenKey, contents: Contents) -> None:
        super().__init__(connection, log, contents)
        self._tokens = tokens
        self._out: dict[tuple[str, int], Outgoing] = {}
        self._decided = log

    def commit(self, effects: Sequence[Effects], matters: Sequence[Matter] = ()) -> Sequence[tuple[int, str]]:
        written = super().commit(effects, matters)
        for effect, (n, _) in zip(effects, written, strict=True):
            if effect.source is not None and effect.line is not None:
                out = Outgoing(n, canonical(self._decided.leaves[n]), effect.inbox, effect.quarantined)
                self._out[(effect.source, effect.line)] = out
        return written

    def recorded_line(self, source: str, line: int) -> Recorded | None:
        return None

    def outgoing(self, given: Input) -> Outgoing | None:
        assert given.source is not None and given.number is not None
        place = (given.source, given.number)
        return self._out.get(place) or self._out.get(places.hide(self._tokens, place))

    def foresee(self, inputs: Sequence[Input]) -> None:
        """Nothing was handled before."""

    def mark_published(self, offsets: Mapping[int, int | None], again: Sequence[Again] = ()) -> None:
        """Nothing is forgotten."""

    def rest(self) -> None:
        """All is durable as it comes."""

    def undo(self) -> None:
        self._connection.rollback()

    def settle(self, committed: Mapping[str, int]) -> None:
        """Nothing was sent before."""

    def know_source(self, source: str, others: Sequence[str]) -> None:
        """None has another name."""

    def never_seen(self, read: Mapping[str, int]) -> int:
        return 0

    def attempt(self, stretches: Mapping[str, tuple[int, int]]) -> Mapping[str, Attempt]:
        return {topic: Attempt(first, last, 1) for topic, (first, last) in stretches.items()}

    def forget_attempts(self, topics: Iterable[str]) -> None:
        """There is one."""


@dataclass
class Cluster:
    """Topics in memory, and the worker that reads and writes them."""

    tokens: TokenKey
    topics: dict[str, list[Produced]] = field(default_factory=dict)
    _waiting: list[Consumed] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)
    _read: dict[str, int] = field(default_factory=dict)
    worker: Worker | None = None
    without: set[str] = field(default_factory=set)
    """Addresses that have no inbox."""

    def send(self, authority: str, *messages: Json | bytes) -> None:
        """What an authority leaves in its outbox."""
        for message in messages:
            topic, value = topics.outbox(authority), message if isinstance(message, bytes) else line(message)
            offset = self._read[topic] = self._read.get(topic, -1) + 1
            self._waiting.append(Consumed(topic, offset, value, (), NOW))
            self.topics.setdefault(topic, []).append(Produced(topic, value, ()))

    def work(self) -> None:
        """Handle all that was sent."""
        assert self.worker is not None
        self._stop.clear()
        self.worker.run(self._stop)

    # --- Streams

    def poll(self, most: int) -> Sequence[Consumed]:
        found, self._waiting = self._waiting[:most], self._waiting[most:]
        if not found:
            self._stop.set()
        return found

    def has_inbox(self, authority: str) -> bool:
        return authority != ANONYMOUS and authority not in self.without

    def assignment(self) -> Mapping[str, int]:
        return {}

    def commit(
        self, records: Sequence[Produced], others: Sequence[Produced], positions: Mapping[str, int]
    ) -> Sequence[int]:
        offsets = []
        for produced in (*records, *others):
            topic = self.topics.setdefault(produced.topic, [])
            offsets.append(len(topic))
            topic.append(produced)
        return offsets[len(records) :]

    def rewind(self, topics: Iterable[str]) -> None:
        raise AssertionError("the worker met a fault")


@contextmanager
def cluster(folder: Path, parties: Sequence[Json] = (), limits: QuarantineLimits = USUAL) -> Iterator[Cluster]:
    """An empty cluster."""
    with opened(folder) as house:
        store = _Store(house.connection, _Decisions(), house.tokens, Contents(house.connection, house.key))
        made = Cluster(house.tokens)
        pipeline = Pipeline(
            register=register(folder, parties),
            engine=engine(),
            store=store,
            tokens=house.tokens,
            fetched=house.fetched,
            codec=codec(),
            clock=lambda: NOW,
            reactions=Elsewhere(clock_times()),
            connected=made.has_inbox,
            limits=limits,
        )
        made.worker = Worker(pipeline, store, made, house.tokens, bytes, lambda: datetime.now(UTC), message_time=True)
        yield made
