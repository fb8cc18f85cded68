"""The topic `audit`, read with kafka-python for the ledger; and how any topic of the broker's is read.

Read committed, from offsets that the caller says: no consumer group, nothing stored on Kafka.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from broker import topics
from broker.adapters.kafka.kafka_python_login import CONSUMING, open_client
from broker.log.appender import Published
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_AUDIT = TopicPartition(topics.AUDIT, 0)
_ANSWER_MS = 30_000
_FETCH_MS = 250


@contextmanager
def consumer(login: KafkaLogin, client_id: str, **more: object) -> Iterator[KafkaConsumer]:
    """A consumer without a group. Raises Away, also for what goes wrong while it is used."""
    try:
        client = open_client(KafkaConsumer, login, client_id, **CONSUMING, fetch_max_wait_ms=_FETCH_MS, **more)
    except KafkaError as error:
        raise Away(
            KAFKA,
            type(error).__name__,
            f"Kafka at {login.bootstrap} gives no answer over {login.protocol} or refuses the login as {login.user}: "
            "check SAMBAND_KAFKA_BOOTSTRAP, _SECURITY_PROTOCOL, _CA, _USER and _PASSWORD",
        ) from None
    try:
        yield client
    except KafkaError as error:
        why = type(error).__name__
        raise Away(KAFKA, why, f"Kafka at {login.bootstrap}: {why}: as {login.user}") from None
    finally:
        client.close()


@contextmanager
def open_topic(login: KafkaLogin) -> Iterator["KafkaAuditTopic"]:
    """The topic `audit`. Raises Away."""
    with consumer(login, "samband-ledger", max_poll_records=5000) as client:
        client.assign([_AUDIT])
        yield KafkaAuditTopic(client)


class KafkaAuditTopic:
    """AuditTopic over one consumer."""

    def __init__(self, client: KafkaConsumer) -> None:
        self._client = client

    def first(self) -> int:
        """The offset of the oldest record that is still there."""
        return _offset(self._client.beginning_offsets([_AUDIT], timeout_ms=_ANSWER_MS), _AUDIT)

    def end(self) -> int:
        """The offset behind the newest record that is committed."""
        return _offset(self._client.end_offsets([_AUDIT], timeout_ms=_ANSWER_MS), _AUDIT)

    def seek(self, offset: int) -> None:
        """Read from here on."""
        self._client.seek(_AUDIT, offset)

    def read(self, most: int, wait: float) -> Sequence[Published]:
        """The next records, at most so many; none when none has come within so many seconds."""
        records = self._client.poll(timeout_ms=round(wait * 1000), max_records=most).get(_AUDIT, ())
        return [Published(record.offset, record.value) for record in records]

    def at(self, offset: int) -> bytes | None:
        """The record at this offset; None when it is not there (any more)."""
        if not self.first() <= offset < self.end():
            return None
        self.seek(offset)
        return next((one.leaf for one in self.read(1, _ANSWER_MS / 1000) if one.offset == offset), None)

    def position(self) -> int:
        """The offset to be read next, past the marks of transactions."""
        return int(self._client.position(_AUDIT))


def _offset(offsets: Mapping[Any, int], partition: TopicPartition) -> int:
    return int(offsets[partition])
