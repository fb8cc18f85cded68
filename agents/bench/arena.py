"""Topics of a bench on Kafka: sends what is to be forwarded, and sees it arrive as a recipient does."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from agents.bench.forwarder import TO
from agents.bench.load import Request
from agents.bench.measure import Latency, Throughput, latency, sustained
from broker.adapters.kafka_client import connection
from broker.settings import KafkaLogin

_ID = "id"
_AT_ONCE = 200
"""Topics that one request makes."""
_GONE = 60.0


def client(login: KafkaLogin, **more: Any) -> dict[str, Any]:
    """A client's settings."""
    return connection(login) | {"log_level": 0} | more


@dataclass
class Arena:
    """Outboxes and inboxes: `prefix` and the authority's id."""

    login: KafkaLogin
    outbox: str
    inbox: str
    ids: Sequence[str]
    rest: Sequence[str] = field(default=())
    """Further topics that `make` makes."""
    _read: dict[str, int] = field(default_factory=dict)

    @property
    def topics(self) -> list[str]:
        """All of them."""
        return [*self.rest, *(prefix + party for prefix in (self.outbox, self.inbox) for party in self.ids)]

    def make(self) -> None:
        """Make the topics, with Kafka's own time on each record."""
        admin, names = AdminClient(client(self.login)), self.topics
        config = {"message.timestamp.type": "LogAppendTime"}
        for first in range(0, len(names), _AT_ONCE):
            new = [NewTopic(name, 1, 1, config=config) for name in names[first : first + _AT_ONCE]]
            for made in admin.create_topics(new, operation_timeout=60).values():
                made.result()

    def taken(self) -> bool:
        """Whether any of its topics is there already."""
        return not set(AdminClient(client(self.login)).list_topics(timeout=30).topics).isdisjoint(self.topics)

    def remove(self) -> None:
        """Remove them, and wait until Kafka shows none of them."""
        for gone in AdminClient(client(self.login)).delete_topics(self.topics, operation_timeout=60).values():
            try:
                gone.result()
            except KafkaException:
                continue
        until = time.monotonic() + _GONE
        while self.taken() and time.monotonic() < until:
            time.sleep(0.2)

    def fill(self, requests: Iterable[Request]) -> None:
        """Send all at once."""
        producer = self._producer()
        for request in requests:
            self._send(producer, request)
        producer.flush()

    def throughput(self, messages: int, patience: float) -> Throughput:
        """Wait until so many more deliveries have come; by Kafka's own time, and without the first tenth."""
        consumer, came, until = self._reader(), list[int](), time.monotonic() + patience
        try:
            while len(came) < messages and time.monotonic() < until:
                for message in consumer.consume(1000, 0.2):
                    if message.error() is None and _is_delivery(message.value() or b""):
                        came.append(message.timestamp()[1])
        finally:
            self._read = {place.topic: place.offset for place in consumer.position(consumer.assignment())}
            consumer.close()
        return sustained(came)

    def latency(self, requests: Sequence[Request], rate: float, patience: float = 30.0) -> Latency | None:
        """Send at a fixed rate, and read along; each time is counted from when the message should have been sent."""
        producer, consumer = self._producer(), self._reader()
        due: dict[str, float] = {}
        came: dict[str, float] = {}
        begin, n, until = time.perf_counter() + 0.5, 0, float("inf")
        try:
            while len(came) < len(requests) and time.perf_counter() < until:
                now = time.perf_counter()
                while n < len(requests) and begin + n / rate <= now:
                    due[requests[n].id] = begin + n / rate
                    self._send(producer, requests[n])
                    n += 1
                    if n == len(requests):
                        until = now + patience
                producer.poll(0)
                for message in consumer.consume(200, 0.001):
                    value = message.value() or b""
                    if message.error() is None and _is_delivery(value) and (id_ := _id_in(message)) in due:
                        came.setdefault(id_, time.perf_counter())
        finally:
            producer.flush()
            self._read = {place.topic: place.offset for place in consumer.position(consumer.assignment())}
            consumer.close()
        return latency(rate, [(came[id_] - due[id_]) * 1000 for id_ in came], len(requests) - len(came))

    def _producer(self) -> Producer:
        return Producer(client(self.login, **{"linger.ms": 1, "enable.idempotence": True}))

    def _send(self, producer: Producer, request: Request) -> None:
        headers: Mapping[str, str] = {TO: request.recipient, _ID: request.id, "content-type": "application/json"}
        while True:
            try:
                return producer.produce(self.outbox + request.sender, request.line, headers=dict(headers))
            except BufferError:
                producer.poll(0.1)

    def _reader(self) -> Consumer:
        """Reads on from where the one before has come to."""
        more = {"isolation.level": "read_committed", "enable.auto.commit": False, "fetch.wait.max.ms": 10}
        consumer = Consumer(client(self.login, **more, **{"group.id": "bench.reader", "auto.offset.reset": "earliest"}))
        places = [(self.inbox + party, self._read.get(self.inbox + party, 0)) for party in self.ids]
        consumer.assign([TopicPartition(topic, 0, max(offset, 0)) for topic, offset in places])
        return consumer


def _is_delivery(value: bytes) -> bool:
    """A line of the worker's that is a delivery, or a message forwarded as it was sent."""
    return not value.startswith((b'{"type":"receipt"', b'{"type":"notice"'))


def _id_in(message: Any) -> str:
    """The message's id: of its own header, or of a delivery's CloudEvents id."""
    for name, value in message.headers() or ():
        if name == _ID:
            return str(value.decode())
        if name == "ce_id":
            return str(value.decode()).rpartition(".")[0]
    return ""
