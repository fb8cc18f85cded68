"""The run's own clients of Kafka: who sends, who reads along, and who reads all at the end."""

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

from confluent_kafka import (
    TIMESTAMP_NOT_AVAILABLE,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

from broker.adapters.kafka.confluent_login import connection
from broker.settings import KafkaLogin
from faults.checker import Dump, Record, Sighting

_COMMITTED, _ALL = "read_committed", "read_uncommitted"
_PATIENCE = 60.0


def client(login: KafkaLogin, **more: Any) -> dict[str, Any]:
    """A client's settings."""
    return {**connection(login), "log_level": 0, **more}


class Sender:
    """Sends each message once, in order, however often Kafka goes away meanwhile."""

    def __init__(self, login: KafkaLogin) -> None:
        more = {"enable.idempotence": True, "message.timeout.ms": 600_000, "linger.ms": 5}
        self._producer = Producer(client(login, **more))
        self.failed: list[KafkaError] = []

    def send(self, topic: str, value: bytes, headers: Mapping[str, str]) -> None:
        """Hand one over."""
        while True:
            try:
                self._producer.produce(topic, value, headers=dict(headers), on_delivery=self._told)
                break
            except BufferError:
                self._producer.poll(0.1)
        self._producer.poll(0)

    def finish(self) -> None:
        """Wait until Kafka has all."""
        self._producer.flush()

    def _told(self, error: KafkaError | None, _: Message) -> None:
        if error is not None:
            self.failed.append(error)


class Along:
    """Reads committed records of some topics while they come, and notes what it sees when."""

    def __init__(self, login: KafkaLogin, topics: Collection[str]) -> None:
        self._consumer = _consumer(login, _COMMITTED)
        self._consumer.assign([TopicPartition(topic, 0, 0) for topic in topics])
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, name="reads along", daemon=True)
        self.seen: list[Sighting] = []
        self._next: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        self._consumer.close()

    def _read(self) -> None:
        while not self._ended.is_set():
            for message in self._consumer.consume(500, 0.1):
                if message.error() is None:
                    self.seen.append(Sighting(message.topic(), message.offset(), monotonic()))

    def await_all(self, places: Collection[tuple[str, int]], seconds: float) -> None:
        """Until it has seen these, or the time is over."""
        until = monotonic() + seconds
        while monotonic() < until and not {(s.topic, s.offset) for s in self.seen}.issuperset(places):
            sleep(0.2)


def _consumer(login: KafkaLogin, isolation: str) -> Consumer:
    more = {"group.id": "faults", "enable.auto.commit": False, "isolation.level": isolation}
    return Consumer(client(login, **more, **{"enable.partition.eof": True, "auto.offset.reset": "error"}))


def topics(login: KafkaLogin) -> list[str]:
    """All topics but Kafka's own."""
    found = AdminClient(client(login)).list_topics(timeout=30).topics
    return sorted(topic for topic in found if not topic.startswith("__"))


def ends(login: KafkaLogin, names: Iterable[str], isolation: str = _ALL) -> dict[str, int]:
    """Where each topic ends; with read_committed, up to where it is stable."""
    consumer = _consumer(login, isolation)
    try:
        return {topic: consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)[1] for topic in names}
    finally:
        consumer.close()


def behind(login: KafkaLogin, group: str, outboxes: Sequence[str]) -> int:
    """How many messages the group has not yet handled."""
    stand = handled(login, group, outboxes)
    return sum(end - stand[topic] for topic, end in ends(login, outboxes).items())


def handled(login: KafkaLogin, group: str, outboxes: Sequence[str]) -> dict[str, int]:
    """How far the group has come in each; who coordinates it may change while it is asked."""
    more = {"group.id": group, "enable.auto.commit": False}
    consumer = Consumer(client(login, **more))
    until = monotonic() + _PATIENCE
    try:
        while True:
            try:
                done = consumer.committed([TopicPartition(topic, 0) for topic in outboxes], timeout=30)
                break
            except KafkaException:  # the client says of none that another try may help, a coordinator's move included
                if monotonic() > until:
                    raise
                sleep(0.2)
    finally:
        consumer.close()
    return {partition.topic: max(partition.offset, 0) for partition in done}


def dump(login: KafkaLogin, seen: Sequence[Sighting]) -> Dump:
    """Read everything, committed and on disk."""
    names = topics(login)
    committed = sorted((_record(message) for message in _all(login, names, _COMMITTED)), key=lambda one: one.place)
    on_disk = [(message.topic(), message.offset()) for message in _all(login, names, _ALL)]
    stable, last = ends(login, names, _COMMITTED), ends(login, names)
    return Dump(committed, on_disk, {topic: (stable[topic], last[topic]) for topic in names}, seen)


def contents(login: KafkaLogin, topic: str) -> list[Any]:
    """The JSON that lies on a topic, committed."""
    return [json.loads(message.value() or b"null") for message in _all(login, [topic], _COMMITTED)]


def _all(login: KafkaLogin, names: Collection[str], isolation: str) -> Iterator[Message]:
    consumer = _consumer(login, isolation)
    consumer.assign([TopicPartition(topic, 0, 0) for topic in names])
    left = set(names)
    try:
        until = monotonic() + _PATIENCE
        while left:
            messages = consumer.consume(1000, 0.5)
            until = monotonic() + _PATIENCE if messages else until
            assert monotonic() < until, f"Kafka gives no end of {sorted(left)[:3]}"
            for message in messages:
                if message.error() is None:
                    yield message
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    left.discard(message.topic())
    finally:
        consumer.close()


def _record(message: Message) -> Record:
    kind, written = message.timestamp()
    assert kind != TIMESTAMP_NOT_AVAILABLE
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers() or []}
    return Record(message.topic(), message.offset(), written, headers, message.value() or b"")
