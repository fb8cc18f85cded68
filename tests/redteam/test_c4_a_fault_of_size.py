"""What the cluster will never take is the fault of its message: that is put aside, and the others go on."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType
from house import House, Json, opened
from lines import POLICE, TOWN, line, number, request
from live import Emptied
from sqlalchemy import text
from streams import Town, until

from broker import topics
from broker.adapters.kafka.confluent_login import connection
from broker.adapters.sql.store import SqlStore
from broker.deadlines import Matter
from broker.model.canonical import canonical
from broker.ports.store import Recorded
from broker.ports.transport import Again, Attempt, Consumed, Input, Outgoing, Produced, RecordRefused
from broker.ports.writes import Effects
from broker.runtime.worker import Worker

LARGE = 6_000


class Kept(SqlStore):
    """A store that keeps its positions in memory, as the workers' does in PostgreSQL."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__(store._connection, store._log, store._contents)
        self.out: dict[tuple[str, int], tuple[Outgoing, Recorded]] = {}
        self.attempts: dict[str, Attempt] = {}

    def recorded_line(self, source: str, line: int) -> Recorded | None:
        found = self.out.get((source, line))
        return found[1] if found else None

    def commit(self, effects: Sequence[Effects], matters: Sequence[Matter] = ()) -> Sequence[tuple[int, str]]:
        written = super().commit(effects, matters)
        for effect, (seq, _) in zip(effects, written, strict=True):
            assert effect.source is not None and effect.line is not None
            record = canonical({**effect.leaf, "seq": seq})
            out = Outgoing(seq, record, effect.inbox, effect.quarantined)
            self.out[(effect.source, effect.line)] = out, Recorded(effect.digest, seq)
        return written

    def know_source(self, source: str, others: Sequence[str]) -> None: ...

    def foresee(self, inputs: Sequence[Input]) -> None: ...

    def outgoing(self, given: Input) -> Outgoing | None:
        assert given.source is not None and given.number is not None
        return self.out[(given.source, given.number)][0]

    def discard(self, given: Input) -> None:
        assert given.source is not None and given.number is not None
        if (found := self.out.pop((given.source, given.number), None)) is not None:
            for table in ("outbox", "inbox", "answerables", "handled"):
                self._connection.execute(text(f"DELETE FROM {table} WHERE seq = {found[1].seq}"))
            self._connection.commit()

    def mark_published(self, offsets: Mapping[int, int | None], again: Sequence[Again] = ()) -> None: ...

    def rest(self) -> None: ...

    def undo(self) -> None:
        self._connection.rollback()

    def settle(self, committed: Mapping[str, int]) -> None: ...

    def never_seen(self, read: Mapping[str, int]) -> int:
        return 0

    def attempt(self, stretches: Mapping[str, tuple[int, int]]) -> Mapping[str, Attempt]:
        now = {topic: Attempt.at(*place, self.attempts.get(topic)) for topic, place in stretches.items()}
        self.attempts |= now
        return now

    def forget_attempts(self, topics: Iterable[str]) -> None:
        for topic in topics:
            self.attempts.pop(topic, None)


class Cluster:
    """Topics in memory, where an inbox takes nothing large, however often it is sent. Ends when all is read."""

    def __init__(self, stopping: Event, *messages: Json) -> None:
        self._stopping = stopping
        now = datetime.now(UTC)
        topic = topics.outbox(POLICE)
        self._outbox = [Consumed(topic, n, line(message), (), now) for n, message in enumerate(messages)]
        self._next = self._committed = 0
        self.taken: list[Produced] = []
        self.commits = 0

    def poll(self, most: int) -> Sequence[Consumed]:
        found = self._outbox[self._next : self._next + most]
        self._next += len(found)
        if self._committed == len(self._outbox) or self.commits > 50:
            self._stopping.set()
        return found

    def has_inbox(self, authority: str) -> bool:
        return True

    def assignment(self) -> Mapping[str, int]:
        return {topics.outbox(POLICE): 0} if not self.commits else {}

    def commit(
        self, records: Sequence[Produced], others: Sequence[Produced], positions: Mapping[str, int]
    ) -> Sequence[int]:
        self.commits += 1
        if any(len(sent.value) > LARGE for sent in others if sent.topic == topics.inbox(TOWN)):
            raise RecordRefused("MSG_SIZE_TOO_LARGE", too_large=True)
        self.taken += (*records, *others)
        self._committed = positions[topics.outbox(POLICE)]
        return list(range(len(others)))

    def rewind(self, topics: Iterable[str]) -> None:
        self._next = self._committed

    def on(self, topic: str) -> list[Json]:
        return [json.loads(sent.value) for sent in self.taken if sent.topic == topic]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, wrap=Kept) as made:
        yield made


def test_it_is_put_aside_and_the_rest_of_its_outbox_goes_on(house: House) -> None:
    stopping, fresh = Event(), lambda size: b"\x01" * size
    huge = request(3, need="\N{HAMMER}\N{PERSONAL COMPUTER}" * 1_000)
    cluster = Cluster(stopping, request(1), request(2), huge, request(4))
    store: Any = house.pipeline._store
    worker = Worker(house.pipeline, store, cluster, house.tokens, fresh, lambda: datetime.now(UTC), message_time=True)
    worker.run(stopping)
    assert cluster.commits < 20
    receipts = [found["receipt"] for found in cluster.on(topics.inbox(POLICE))]
    assert [receipt["outcome"] for receipt in receipts] == ["forward", "forward", "quarantine", "forward"]
    assert receipts[2]["error"]["code"] == "too_large"
    assert [found["message"]["id"] for found in cluster.on(topics.inbox(TOWN))] == [number(n) for n in (1, 2, 4)]
    assert [record["record"] for record in cluster.on(topics.AUDIT)][2] == "quarantine"
    assert house.count("outbox") == 3
    assert store.attempts == {}


@pytest.mark.slow
def test_on_a_real_cluster_too(kafka: Emptied, database: str, tmp_path: Path) -> None:
    """An inbox that takes less than the contract's largest message."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    town = Town(kafka(POLICE, TOWN), database, keys)
    limit = ConfigEntry("max.message.bytes", "4000", incremental_operation=AlterConfigOpType.SET)
    inbox = ConfigResource(ResourceType.TOPIC, topics.inbox(TOWN), incremental_configs=[limit])
    admin = AdminClient(connection(town.kafka.servers.operator))  # held: its answers die with it
    for future in admin.incremental_alter_configs([inbox]).values():
        future.result(30)
    noise = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(1_990))
    with town.worker():
        town.send(POLICE, request(1), request(2, need=noise), request(3))
        receipts = until(lambda: town.receipts(POLICE), lambda found: len(found) == 3)
    assert [receipt.get("error", {}).get("code") for receipt in receipts] == [None, "too_large", None]
    assert [found["message"]["id"] for found in town.inbox(TOWN, "delivery")] == [number(1), number(3)]
    [kept] = town.read(topics.QUARANTINE)
    assert kept.headers["samband_code"] == "too_large"
