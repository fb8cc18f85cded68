"""What recipients on Kafka have fetched: as far as their groups have come; the client, when it no longer answers."""

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from broker.adapters.kafka import delivered_marks
from broker.adapters.kafka.delivered_marks import FetchedOffsets
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

LOGIN = KafkaLogin("127.0.0.1:1", "SASL_PLAINTEXT", "samband.worker", "synthetic")


class Client:
    """An AdminClient whose group has come to an offset; None: it never answers."""

    def __init__(self, offset: int | None) -> None:
        self.offset = offset

    def list_consumer_group_offsets(self, asked: list[ConsumerGroupTopicPartitions], **_: float) -> dict[str, Any]:
        answer: Future[ConsumerGroupTopicPartitions] = Future()
        group = asked[0].group_id
        if self.offset is not None:
            places = [TopicPartition(place.topic, place.partition, self.offset) for place in asked[0].topic_partitions]
            answer.set_result(ConsumerGroupTopicPartitions(group, places))
        return {group: answer}


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Client]]:
    """The clients that are made, one after the other."""
    waiting: list[Client] = []
    monkeypatch.setattr(delivered_marks, "AdminClient", lambda *_, **__: waiting.pop(0))
    monkeypatch.setattr(delivered_marks, "_PATIENCE", 0.01)
    yield waiting
    assert not waiting, "a client was not asked for"


def offsets(place: tuple[str, int | None] | None) -> FetchedOffsets:
    return FetchedOffsets(LOGIN, lambda sender, message: [place] if place else [])


@pytest.mark.parametrize(("came_to", "fetched"), [(-1001, False), (4, False), (5, True), (6, True)])
def test_fetched_is_what_lies_before_the_group(clients: list[Client], came_to: int, fetched: bool) -> None:
    clients.append(Client(came_to))
    assert offsets(("kommun-0127", 4)).has("polismyndigheten", "a") is fetched


def test_what_was_never_delivered_is_not_fetched_and_nobody_is_asked() -> None:
    assert not offsets(None).has("polismyndigheten", "a")


def test_where_the_place_is_not_known_it_may_have_been_fetched() -> None:
    assert offsets(("kommun-0127", None)).has("polismyndigheten", "a")


def test_a_client_that_never_answers_is_replaced(clients: list[Client]) -> None:
    """librdkafka's can wait for ever for a coordinator that was killed: tries with the same one would never end."""
    clients += [Client(None), Client(5)]
    found = offsets(("kommun-0127", 4))
    with pytest.raises(Away) as away:
        found.has("polismyndigheten", "a")
    assert away.value.component == KAFKA
    assert found.has("polismyndigheten", "a")
