"""Where inboxes have let go of what nobody had read, as Kafka's answers tell it."""

from collections import Counter
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from broker.adapters.kafka import unread
from broker.adapters.kafka.unread import UnreadGone
from broker.ports.faults import Away
from broker.settings import KafkaLogin

LOGIN = KafkaLogin("127.0.0.1:1", "SASL_PLAINTEXT", "samband.worker", "synthetic")


def answer(value: Any) -> Future[Any]:
    told: Future[Any] = Future()
    if isinstance(value, Exception):
        told.set_exception(value)
    else:
        told.set_result(value)
    return told


class Kafka:
    """An AdminClient: where each topic begins, and how far each group has come."""

    def __init__(self) -> None:
        self.begins: dict[str, Any] = {"inbox.town": 0, "inbox.town.desk": 0, "outbox.town": 5, "audit": 0}
        self.read: dict[str, int] = {}
        self.asked: Counter[str] = Counter()

    def list_topics(self, timeout: float) -> Any:
        return SimpleNamespace(topics=dict(self.begins))

    def list_offsets(self, asked: Any, **_: Any) -> Any:
        return {place: answer(self._begin(place.topic)) for place in asked}

    def _begin(self, topic: str) -> Any:
        begin = self.begins[topic]
        return begin if isinstance(begin, Exception) else SimpleNamespace(offset=begin)

    def committed_offsets(self, groups: Any) -> Any:
        self.asked.update(groups)
        return {group: {group: self.read[group]} if group in self.read else {} for group in groups}


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    fake = Kafka()
    monkeypatch.setattr(unread, "AdminClient", lambda *_, **__: fake)
    monkeypatch.setattr(unread, "GroupOffsets", lambda _: fake)
    return fake


def test_nothing_is_gone_where_all_begins_at_the_beginning(kafka: Kafka) -> None:
    assert UnreadGone(LOGIN).look() == {} and kafka.asked == {}


@pytest.mark.parametrize(("read", "gone"), [(None, (0, 5)), (3, (3, 5)), (5, None), (9, None)])
def test_what_is_gone_is_what_the_reader_has_not_come_to(
    kafka: Kafka, read: int | None, gone: tuple[int, int] | None
) -> None:
    """Also of one that has never read; a desk's inbox is told by its address."""
    kafka.begins["inbox.town.desk"] = 5
    if read is not None:
        kafka.read["inbox.town.desk"] = read
    assert UnreadGone(LOGIN).look() == ({"town/desk": gone} if gone else {})


def test_a_reader_that_was_past_is_asked_about_when_the_beginning_has_moved(kafka: Kafka) -> None:
    gone = UnreadGone(LOGIN)
    kafka.begins["inbox.town"], kafka.read["inbox.town"] = 5, 6
    assert [gone.look(), gone.look()] == [{}, {}] and kafka.asked == {"inbox.town": 1}
    kafka.begins["inbox.town"] = 8
    assert [gone.look(), gone.look()] == 2 * [{"town": (6, 8)}]


def test_a_topic_may_be_gone_meanwhile_and_a_kafka_that_does_not_answer_is_away(kafka: Kafka) -> None:
    kafka.begins["inbox.town"] = KafkaException(KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART))
    assert UnreadGone(LOGIN).look() == {}
    kafka.begins["inbox.town"] = KafkaException(KafkaError(KafkaError._TRANSPORT))
    with pytest.raises(Away):
        UnreadGone(LOGIN).look()


def test_a_client_that_never_answers_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was asking when Kafka was killed can wait for it for ever."""
    silent, answering = Kafka(), Kafka()
    silent.begins["inbox.town"] = TimeoutError()
    clients = iter((silent, answering))
    monkeypatch.setattr(unread, "AdminClient", lambda *_, **__: next(clients))
    monkeypatch.setattr(unread, "GroupOffsets", lambda _: answering)
    gone = UnreadGone(LOGIN)
    with pytest.raises(Away):
        gone.look()
    assert gone.look() == {}
