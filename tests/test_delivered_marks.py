"""What recipients on Kafka have fetched: as far as their groups have come; the client, when it no longer answers."""

from collections.abc import Iterator

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError
from kafka.structs import OffsetAndMetadata

from broker.adapters.kafka import group_offsets
from broker.adapters.kafka.delivered_marks import FetchedOffsets
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

LOGIN = KafkaLogin("127.0.0.1:1", "SASL_PLAINTEXT", "samband.worker", "synthetic")


class Client:
    """An admin client whose groups have come to an offset; None: it does not answer."""

    def __init__(self, offset: int | None) -> None:
        self.offset = offset

    def list_group_offsets(self, asked: dict[str, None]) -> dict[str, dict[TopicPartition, OffsetAndMetadata]]:
        if self.offset is None:
            raise KafkaTimeoutError
        return {group: {TopicPartition(group, 0): OffsetAndMetadata(self.offset, "", -1)} for group in asked}

    def close(self) -> None:
        self.offset = None


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Client]]:
    """The clients that are made, one after the other."""
    waiting: list[Client] = []
    monkeypatch.setattr(group_offsets, "KafkaAdminClient", lambda **_: waiting.pop(0))
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
    """A coordinator that was killed may have left it waiting: the next try begins with another."""
    clients += [Client(None), Client(5)]
    found = offsets(("kommun-0127", 4))
    with pytest.raises(Away) as away:
        found.has("polismyndigheten", "a")
    assert away.value.component == KAFKA
    assert found.has("polismyndigheten", "a")
