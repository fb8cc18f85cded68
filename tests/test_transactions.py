"""The order of a worker's transaction on Kafka, told by a producer that only listens; no server."""

from typing import Any

from broker.adapters.kafka.streams import KafkaStreams
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


def test_offsets_are_sent_once_all_is_flushed() -> None:
    """Before that a client asks again every 100 ms whether the partitions are in the transaction: 90 ms each time."""
    streams, producer = KafkaStreams(KafkaLogin("127.0.0.1:1", "SASL_PLAINTEXT", "nobody", "nothing")), Listening()
    streams._producer = producer  # type: ignore[assignment]
    record, line = Produced("audit", b"{}", ()), Produced("inbox.polismyndigheten", b"{}", ())
    assert len(streams.commit([record], [line], {"outbox.kommun-0127": 7})) == 1
    sent = ["produce", "flush", "produce", "flush"]
    ended = ["send_offsets_to_transaction", "commit_transaction", "poll"]
    assert producer.asked == ["begin_transaction", *sent, *ended]
