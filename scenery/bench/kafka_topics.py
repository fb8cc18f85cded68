"""Topics of a bench on Kafka: sends what is to be forwarded, and sees it arrive as a recipient does."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from broker.adapters.kafka.confluent_login import connection
from broker.settings import KafkaLogin
from scenery.bench.kafka_forwarder import TO
from scenery.bench.load import Sent
from scenery.bench.measure import Latency, Throughput, latency

_ID = "id"
_FILLING = b'{"type":"notice","notice":null}'.ljust(5_000)
_RECEIPT = b'{"type":"receipt"'
_AT_ONCE = 200
"""Topics that one request makes."""
_QUIET = 15.0
"""Seconds without a further one after which the rest of a backlog is taken to have no end of its own."""
_GONE = 60.0
"""Seconds until topics are there, or are gone."""

Ends = Callable[[bytes], bool]
"""Whether a line of an inbox tells that one message has come to its end."""


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
            for future in admin.create_topics(new, operation_timeout=60).values():
                future.result()
        until = time.monotonic() + _GONE
        while missing := set(names) - _served_topics(admin):
            if time.monotonic() > until:
                raise TimeoutError(f"Kafka has not made {len(missing)} of {len(names)} topics")
            time.sleep(0.2)
        self._touch()

    def _touch(self) -> None:
        """Write past the first index entry of each inbox: the first bytes of a file cost the disk more than later ones.

        Inboxes in use for years have that behind them.
        """
        producer = self._producer()
        for _ in range(2):
            for party in self.ids:
                producer.produce(self.inbox + party, _FILLING)
            producer.flush()

    def is_taken(self, *, others: bool = False) -> bool:
        """Whether any of its topics is there already; `others`: or any outbox at all."""
        admin = AdminClient(client(self.login))
        there = set(admin.list_topics(timeout=30).topics)
        return not there.isdisjoint(self.topics) or (others and any(name.startswith(self.outbox) for name in there))

    def remove(self) -> None:
        """Remove them, and wait until Kafka shows none of them."""
        admin = AdminClient(client(self.login))
        for gone in admin.delete_topics(self.topics, operation_timeout=60).values():
            try:
                gone.result()
            except KafkaException:
                continue
        until = time.monotonic() + _GONE
        while self.is_taken() and time.monotonic() < until:
            time.sleep(0.2)

    def fill(self, requests: Iterable[Sent]) -> None:
        """Send all at once."""
        producer = self._producer()
        for request in requests:
            self._send(producer, request)
        producer.flush()

    def throughput(self, messages: int, since: float, patience: float, ends: Ends) -> Throughput:
        """Wait until so many more have come to their end; from `since` (Unix time) to when Kafka took the last one."""
        consumer, count, last, until = self._reader(), 0, 0, time.monotonic() + patience
        try:
            while count < messages and time.monotonic() < until:
                for message in consumer.consume(1000, 0.2):
                    if message.error() is None and ends(message.value() or b""):
                        count, last = count + 1, max(last, message.timestamp()[1])
                        until = time.monotonic() + _QUIET
        finally:
            self._let_go(consumer)
        return Throughput(count, max(last / 1000 - since, 0.001))

    def latency(self, requests: Sequence[Sent], rate: float, patience: float = 30.0) -> Latency | None:
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
                    if message.error() is None and is_delivery(value) and (id_ := _id_in(message)) in due:
                        came.setdefault(id_, time.perf_counter())
        finally:
            producer.flush()
            self._let_go(consumer)
        return latency(rate, [(came[id_] - due[id_]) * 1000 for id_ in came], len(requests) - len(came))

    def _producer(self) -> Producer:
        return Producer(client(self.login, **{"linger.ms": 1, "enable.idempotence": True}))

    def _send(self, producer: Producer, request: Sent) -> None:
        headers: Mapping[str, str] = {TO: request.recipient, _ID: request.id, "content-type": "application/json"}
        while True:
            try:
                return producer.produce(self.outbox + request.sender, request.line, headers=dict(headers))
            except BufferError:
                producer.poll(0.1)

    def _reader(self) -> Consumer:
        """Reads on from where the one before has come to.

        One reader of all inboxes must not keep Kafka busy as many recipients would not: it asks every 20 ms.
        """
        more = {"isolation.level": "read_committed", "enable.auto.commit": False}
        more |= {"fetch.wait.max.ms": 20, "fetch.min.bytes": 1 << 20}
        consumer = Consumer(client(self.login, **more, **{"group.id": "bench.reader", "auto.offset.reset": "earliest"}))
        consumer.assign([TopicPartition(self.inbox + party, 0, self._read.get(party, 0)) for party in self.ids])
        return consumer

    def _let_go(self, consumer: Consumer) -> None:
        for place in consumer.position(consumer.assignment()):
            if place.offset >= 0:  # else nothing has come in this one
                self._read[place.topic.removeprefix(self.inbox)] = place.offset
        consumer.close()


def _served_topics(admin: AdminClient) -> set[str]:
    """Topics that a broker answers for: one that is made is not there for everyone at once."""
    served = admin.list_topics(timeout=30).topics.values()
    return {str(topic.topic) for topic in served if all(place.leader >= 0 for place in topic.partitions.values())}


def is_delivery(value: bytes) -> bool:
    """A line of the worker's that is a delivery, or a message forwarded as it was sent."""
    return not value.startswith((_RECEIPT, b'{"type":"notice"'))


def is_receipt(value: bytes) -> bool:
    """The line that the worker writes once of every message, whatever became of it."""
    return value.startswith(_RECEIPT)


def _id_in(message: Any) -> str:
    """The message's id: of its own header, or of a delivery's CloudEvents id."""
    for name, value in message.headers() or ():
        if name == _ID:
            return str(value.decode())
        if name == "ce_id":
            return str(value.decode()).rpartition(".")[0]
    return ""
