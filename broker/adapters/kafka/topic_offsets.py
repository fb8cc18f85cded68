"""Where topics begin or end, asked for many at once."""

from collections.abc import Collection
from typing import Any

from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from broker.adapters.kafka.confluent_login import away
from broker.ports.faults import Away
from broker.ports.health import KAFKA

BEGINNING, END = OffsetSpec.earliest(), OffsetSpec.latest()  # type: ignore[no-untyped-call]
_PATIENCE = 5.0
"""Seconds beyond those of an answer after which the client is given up: it can wait for a killed Kafka for ever."""


def read_offsets(admin: AdminClient, names: Collection[str], which: OffsetSpec, seconds: float) -> dict[str, int]:
    """Where these topics begin or end, as far as what is there is committed; without those that are gone.

    `seconds`: how long Kafka may take to answer. Raises Away: then the client is to be let go.
    """
    if not names:
        return {}
    asked = {TopicPartition(name, 0): which for name in names}
    offsets = {}
    try:
        answers = admin.list_offsets(asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=seconds)
        for place, answer in answers.items():
            if (offset := _read(answer, seconds + _PATIENCE)) is not None:
                offsets[place.topic] = offset
    except KafkaException as error:
        raise away(error) from None
    return offsets


def _read(answer: Any, seconds: float) -> int | None:
    """The offset in an answer; None of a topic that is gone meanwhile."""
    try:
        return int(answer.result(seconds).offset)
    except TimeoutError:
        raise Away(KAFKA, "NoAnswer") from None
    except KafkaException as error:
        if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise
        return None
