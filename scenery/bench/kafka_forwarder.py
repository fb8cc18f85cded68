"""A forwarder without a policy: what the worker's own client can do at most, in the worker's order.

Consumes outboxes, writes for each message a record first and flushes, then the message to its recipient's inbox, then
the positions, and commits: one transaction for each batch.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

RECORD_BYTES = 200
"""An audit record's size without facts, answers and grounds."""

TO = "to"
"""Header that names the recipient: nothing is decoded."""

_READY = 0.01

Settings = Mapping[str, Any]
Message = Any
"""As the client gives it; of one without an error all is there."""


class Forwarder:
    """One consumer in a group and one transactional producer.

    `careful`: a producer whose connection has been cut is not used again. A new one has a new epoch, so that what is
    still on its way from the cut connection can't end a later transaction (reliability, findings 1 and 2).
    """

    def __init__(
        self,
        client: Settings,
        *,
        transaction: str,
        group: str,
        outboxes: Sequence[str],
        audit: str,
        inbox: str,
        careful: bool = True,
    ) -> None:
        self._client = dict(client)
        self._transaction = transaction
        self._audit = audit
        self._inbox = inbox
        self._careful = careful
        self._disturbed = False
        self.renewed = 0
        self._consumer = Consumer(
            {
                **client,
                "group.id": group,
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 50,
            }
        )
        self._consumer.subscribe(list(outboxes))
        self._producer = self._new_producer()

    def step(self, most: int, wait: float = 0.5, *, abort: bool = False) -> int:
        """Forward one batch; gives how many. After an error the batch comes again, from where the group stands.

        `abort`: flush, and then give the transaction up as an error would.
        """
        messages = self._consumer.consume(1, wait)  # as the worker does: what lies ready beside the first one
        messages += self._consumer.consume(most - 1, _READY) if messages else []
        batch: list[Message] = [message for message in messages if message.error() is None]
        if not batch:
            return 0
        try:
            self._producer.begin_transaction()
            self._write((self._audit, _record(message), None) for message in batch)
            self._write((self._inbox + _recipient(message), message.value(), message.headers()) for message in batch)
            if abort:
                self._producer.abort_transaction(30)
                self._rewind()
                return 0
            self._producer.send_offsets_to_transaction(_after(batch), self._consumer.consumer_group_metadata())
            self._producer.commit_transaction(30)
        except KafkaException as error:
            self._recover(error.args[0])
            return 0
        finally:
            self._look()
        return len(batch)

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def _write(self, records: Iterable[tuple[str, bytes, Any]]) -> None:
        """Send, and wait until all have been acknowledged."""
        for topic, value, headers in records:
            while True:
                try:
                    self._producer.produce(topic, value, headers=headers)
                    break
                except BufferError:
                    self._producer.poll(0.1)
        self._producer.flush()

    def _look(self) -> None:
        """Whether the client has lost a connection: it says so only in its log, and that is heard when it is polled."""
        self._producer.poll(0)
        if self._disturbed and self._careful:
            self._renew()

    def _recover(self, error: KafkaError) -> None:
        if error.txn_requires_abort() and not self._careful:
            with suppress(KafkaException):
                self._producer.abort_transaction(30)
        else:
            self._renew()
        self._rewind()

    def _renew(self) -> None:
        self.renewed += 1
        self._producer = self._new_producer()

    def _rewind(self) -> None:
        """Back to what is committed."""
        for partition in self._consumer.committed(self._consumer.assignment(), timeout=30):
            self._consumer.seek(TopicPartition(partition.topic, partition.partition, max(partition.offset, 0)))

    def _new_producer(self) -> Producer:
        self._disturbed = False
        log = logging.Logger("samband.bench.kafka")
        log.addFilter(self._has_connection)
        more = {
            "transactional.id": self._transaction,
            "linger.ms": 5,
            "reconnect.backoff.max.ms": 500,
            "batch.size": 1 << 20,
        }
        producer = Producer({**self._client, **more}, logger=log)
        producer.init_transactions(60)
        return producer

    def _has_connection(self, line: logging.LogRecord) -> bool:
        self._disturbed |= line.getMessage().startswith("FAIL")
        return False


def _record(message: Message) -> bytes:
    """What stands for an audit record: where the message came from, and so many bytes."""
    return f"{message.topic()}/{message.offset()}".encode().ljust(RECORD_BYTES, b".")


def _recipient(message: Message) -> str:
    return next(str(value.decode()) for name, value in message.headers() or [] if name == TO)


def _after(batch: Iterable[Message]) -> list[TopicPartition]:
    """The positions after these messages."""
    ends = {(message.topic(), message.partition()): message.offset() + 1 for message in batch}
    return [TopicPartition(topic, partition, offset) for (topic, partition), offset in ends.items()]
