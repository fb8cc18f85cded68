"""What lies in quarantine on Kafka, read with kafka-python for whoever lists it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kafka import TopicPartition

from broker import cloudevents, topics
from broker.adapters.kafka.audit_topic import consumer
from broker.settings import KafkaLogin

_PLACE = TopicPartition(topics.QUARANTINE, 0)
_ANSWER_MS = 30_000
_POLL_MS = 500


@dataclass(frozen=True)
class Entry:
    """One record of the quarantine. `sender` is None where nobody may be named."""

    offset: int
    time: datetime
    sender: str | None
    code: str
    detail: str
    kept: bool
    redriven: bool
    leaf: str = ""
    """The hash of its record."""


def entries(login: KafkaLogin) -> Iterator[Entry]:
    """All that lies there now, oldest first. Raises Away."""
    with consumer(login, "samband-quarantine", group_id=topics.REDRIVE) as client:
        client.assign([_PLACE])
        done = client.committed(_PLACE, timeout_ms=_ANSWER_MS) or 0
        end = client.end_offsets([_PLACE], timeout_ms=_ANSWER_MS)[_PLACE]
        client.seek_to_beginning(_PLACE)
        while client.position(_PLACE) < end:
            for record in client.poll(timeout_ms=_POLL_MS).get(_PLACE, ()):
                yield _entry(record, done)


def _entry(record: Any, done: int) -> Entry:
    headers = cloudevents.read(record.headers)
    topic = headers.values.get(cloudevents.OUTBOX)
    place, length = cloudevents.place_of(headers), len(record.value or b"")
    kept = length > 0 and topic is not None
    return Entry(
        offset=record.offset,
        time=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        sender=topics.sender(topic) if topic else None,
        code=headers.values.get(cloudevents.CODE, ""),
        detail=headers.values.get(cloudevents.DETAIL, ""),
        kept=kept,
        leaf=headers.values.get("samband_leaf", ""),
        redriven=place is not None and length >= place.size > 0 and record.offset < done,
    )
