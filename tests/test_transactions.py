"""The order of a worker's transaction on Kafka, told by a producer that only listens; no server."""

from threading import Event
from typing import Any

import pytest

from broker.adapters.kafka import streams as kafka_streams
from broker.adapters.kafka.streams import KafkaStreams
from broker.ports.faults import Away
from broker.ports.transport import Produced
from broker.settings import KafkaLogin


class Listening:
    """A producer that writes down what it is asked to do."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def flush(self, _: float) -> int:
        self.asked.append("flush")
        return 0

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self.asked.append(name)


def streams_of(producer: Listening) -> KafkaStreams:
    streams = KafkaStreams(KafkaLogin("127.0.0.1:1", "SASL_PLAINTEXT", "nobody", "nothing"))
    streams._producer = producer  # type: ignore[assignment]
    return streams


def test_offsets_are_sent_once_all_is_flushed() -> None:
    """Before that a client asks again every 100 ms whether the partitions are in the transaction: 90 ms each time."""
    producer = Listening()
    streams = streams_of(producer)
    record, line = Produced("audit", b"{}", ()), Produced("inbox.polismyndigheten", b"{}", ())
    assert len(streams.commit([record], [line], {"outbox.kommun-0127": 7})) == 1
    sent = ["produce", "flush", "produce", "flush"]
    ended = ["send_offsets_to_transaction", "commit_transaction", "poll"]
    assert producer.asked == ["begin_transaction", *sent, *ended]


def test_a_coordinator_that_is_never_heard_of_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """librdkafka can wait for it for ever. The next transaction has a producer of its own, which shuts this one out."""
    monkeypatch.setattr(kafka_streams, "_COORDINATOR", 0.01)
    producer, heard = Listening(), Event()
    producer.send_offsets_to_transaction = lambda *_: heard.wait()  # type: ignore[attr-defined]
    streams = streams_of(producer)
    with pytest.raises(Away):
        streams.commit([], [], {"outbox.kommun-0127": 7})
    heard.set()
    assert streams._producer is None
    assert "commit_transaction" not in producer.asked
