"""The worker's topics on Kafka: one consumer group over all outboxes; transactions carry its positions (KIP-447).

librdkafka sends EndTxn again when a connection breaks, and the protocol it speaks (before KIP-890) can't tell a late
one from the next transaction's. So whenever a transaction has been disturbed, or its end took long, a new producer
takes its place before the next begins: its epoch shuts out all that the former may still have under way.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from broker import topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.adapters.kafka.time_limit import ask_within
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.ports.transport import Consumed, Produced, RecordRefused
from broker.settings import KafkaLogin

_OUTBOXES = f"^{topics.OUTBOXES.replace('.', '[.]')}.*"
_FIRST = 0.5
"""Seconds to wait for a first record; the rest of a batch is what lies ready."""
_READY = 0.01
_READ_AHEAD = 1_000
"""Records that lie read before more is asked for: a batch."""
_WAIT = 15.0
"""Seconds for one answer, fewer than a worker may stand still: past them the transaction is ended, and begun anew."""
_COORDINATOR = 8.0
"""For the group's coordinator in a transaction: longer than until another broker takes its place, and no more.

librdkafka (2.16) keeps no time there, and can hear nothing for ever of one that was moved or is gone (its issues 5456,
5511). Nobody else has the outboxes meanwhile: who waits does not give them up."""
_SHORT = 5.0
_LOOK_AGAIN = 10.0
_SLOW = 1.0
"""Positions and a commit that took longer may have been sent twice; what they are of may take its time."""
_OF_RECORD = (
    *(KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.RECORD_LIST_TOO_LARGE, KafkaError.INVALID_MSG_SIZE),
    KafkaError.INVALID_RECORD,
)
"""Faults of what is sent, not of the cluster: no other try mends them."""
_NO_TOPIC = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION)
_SESSION_MS = 10_000
_TRANSACTION_MS = 20_000

_LOG = logging.getLogger("samband.worker")
logging.getLogger("samband.kafka").setLevel(logging.CRITICAL)


class KafkaStreams:
    """Streams over one consumer, and one producer at a time."""

    def __init__(
        self,
        login: KafkaLogin,
        reached: Callable[[str], None] = lambda _: None,
        *,
        group: str = topics.WORKER,
        names: str = _OUTBOXES,
        ends: bool = False,
    ) -> None:
        """`reached`: told of each point of a transaction that has been reached; there a test ends the process.

        `group` reads the topics called `names`, a pattern when it begins with ^. `ends`: keep `ended`.
        """
        self._login = login
        self._reached = reached
        self._name: str | None = None
        self._producer: Producer | None = None
        self._disturbed = False
        self._left = False
        self._topics: frozenset[str] = frozenset()
        self._topics_until = 0.0
        self._assigned: list[TopicPartition] = []
        self._log = logging.Logger("samband.kafka.producer")
        self._log.addFilter(self._has_connection)
        self._consumer = Consumer(
            {
                **connection(login),
                "group.id": group,
                "enable.partition.eof": ends,
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": _SESSION_MS,
                "topic.metadata.refresh.interval.ms": 10_000,
                "allow.auto.create.topics": False,
                "fetch.wait.max.ms": 50,
                # what lies read stands in one queue before all that comes: a sender's backlog must not fill it
                "queued.min.messages": _READ_AHEAD,
                "fetch.queue.backoff.ms": 20,
                "queued.max.messages.kbytes": 65_536,
            },
            logger=logging.getLogger("samband.kafka"),
        )
        self.ended: dict[str, int] = {}
        """Topics that have been read to their end, and the offset that it had."""
        self._consumer.subscribe([names], on_assign=self._on_assign)

    def end(self, topic: str) -> int:
        """The offset behind what lies on a topic now; 0 where there is none. Raises Away."""
        try:
            return int(self._consumer.get_watermark_offsets(TopicPartition(topic, 0), _WAIT)[1])
        except KafkaException as error:
            if error.args[0].code() in _NO_TOPIC:
                return 0
            raise away(error) from None

    def name(self, instance: str) -> None:
        """The transactional id from now on: nobody else's, and after a crash the same if it can be."""
        self._name = f"{topics.WORKER}.{instance}"
        self._producer = None

    def forget(self) -> None:
        """What was taken is left undone: all of ours is read on from what is committed."""
        self._left = True

    def close(self) -> None:
        """Leave the group, so that others take over at once."""
        self._producer = None
        self._consumer.close()

    def poll(self, most: int) -> Sequence[Consumed]:
        """The next records, in order for each topic; none when there are none for a while. Raises Away."""
        self._ready()  # ends what a process of the same name left open: until then no offset is told
        try:
            if self._left:
                self.rewind(place.topic for place in self._consumer.assignment())
                self._left = False
            messages = self._consumer.consume(1, _FIRST)
            if messages:
                messages += self._consumer.consume(most - 1, _READY)
        except KafkaException as error:
            raise away(error) from None
        taken = []
        for message in messages:
            fault = message.error()
            if fault is None:
                taken.append(as_consumed(message))
            elif fault.code() == KafkaError._PARTITION_EOF:
                self.ended[message.topic() or ""] = message.offset() or 0
            elif fault.code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise Away(KAFKA, fault.name())
        return taken

    def has_inbox(self, authority: str) -> bool:
        """Whether an authority has an inbox, as far as is known: looked up again now and then. Raises Away."""
        if monotonic() > self._topics_until:
            try:
                self._topics = frozenset(self._consumer.list_topics(timeout=_WAIT).topics)
            except KafkaException as error:
                raise away(error) from None
            self._topics_until = monotonic() + _LOOK_AGAIN
        return topics.inbox(authority) in self._topics

    def look_again(self) -> None:
        """There may be inboxes that were not there before."""
        self._topics_until = 0.0

    def reads(self, topic: str) -> bool:
        """Whether it is this worker that reads a topic now."""
        return any(place.topic == topic for place in self._consumer.assignment())

    def assignment(self) -> Mapping[str, int]:
        """Topics that are this worker's since it was last asked, and the offset that is next in each. Raises Away."""
        if not self._assigned:
            return {}
        try:
            committed = self._consumer.committed(self._assigned, _WAIT)
        except KafkaException as error:
            raise away(error) from None
        self._assigned = []
        return {place.topic: max(place.offset, 0) for place in committed}

    def lag(self) -> Sequence[int]:
        """Of each topic that is this worker's, how many records are not handled, as far as is known. Raises Away."""
        try:
            places = self._consumer.committed(self._consumer.assignment(), _SHORT)
            ends = [(place, self._consumer.get_watermark_offsets(place, cached=True)) for place in places]
        except KafkaException as error:
            raise away(error) from None
        known = [
            (place.offset, *watermarks) for place, watermarks in ends if watermarks is not None and watermarks[1] >= 0
        ]
        return [max(0, end - (offset if offset >= 0 else max(begin, 0))) for offset, begin, end in known]

    def commit(
        self, records: Sequence[Produced], others: Sequence[Produced], positions: Mapping[str, int]
    ) -> Sequence[int]:
        """In one transaction: records, which are flushed before the others; then the next offset of each topic read.

        Gives the offset of each of the others. When it raises Away nobody knows what came of it: `rewind`. Raises
        RecordRefused when none of it came through, nor will: then too.
        """
        producer = self._ready()
        try:
            producer.begin_transaction()
            self._send(producer, records)
            self._reached("after_audit")
            offsets = self._send(producer, others)
            self._reached("after_deliveries")
            begun = monotonic()
            if places := [TopicPartition(topic, 0, offset) for topic, offset in positions.items()]:
                group = self._consumer.consumer_group_metadata()
                # what it may still send when it is given up is of an epoch that the next producer shuts out
                ask_within(_COORDINATOR, partial(producer.send_offsets_to_transaction, places, group, _COORDINATOR))
            self._reached("before_commit")
            producer.commit_transaction(_WAIT)
            producer.poll(0)  # what it has logged is heard now
            self._disturbed = self._disturbed or monotonic() - begun > _SLOW
        except KafkaException as error:
            self._producer = None
            fault = error.args[0]
            if isinstance(fault, KafkaError) and fault.code() in _OF_RECORD:
                raise RecordRefused(fault.name(), too_large=fault.code() != KafkaError.INVALID_RECORD) from None
            raise away(error) from None
        except TimeoutError:
            self._producer = None
            raise Away(KAFKA, "NoAnswer") from None
        except BaseException:
            self._producer = None
            raise
        self._reached("after_commit")
        return offsets

    def rewind(self, outboxes: Iterable[str]) -> None:
        """Begin a new producer, which ends what the former left; read these topics on from what is committed."""
        self._producer = None
        self._ready()
        ours = {place.topic for place in self._consumer.assignment()}
        wanted = [TopicPartition(topic, 0) for topic in outboxes if topic in ours]
        if not wanted:
            return
        try:
            for place in self._consumer.committed(wanted, _WAIT):
                self._consumer.seek(
                    TopicPartition(place.topic, 0, place.offset if place.offset >= 0 else OFFSET_BEGINNING)
                )
                self._assigned.append(TopicPartition(place.topic, 0))
        except KafkaException as error:
            raise away(error) from None

    def _ready(self) -> Producer:
        if self._producer is None or self._disturbed:
            assert self._name is not None, "a producer needs a name"
            producer = Producer(
                {
                    **connection(self._login),
                    "transactional.id": self._name,
                    "transaction.timeout.ms": _TRANSACTION_MS,
                    "enable.idempotence": True,
                    "acks": "all",
                    "linger.ms": 5,
                    "compression.type": "gzip",  # what every client can read without a further library
                    "compression.level": 1,
                    "message.max.bytes": 8 << 20,
                    "allow.auto.create.topics": False,
                    "error_cb": self._on_error,
                },
                logger=self._log,
            )
            try:
                producer.init_transactions(_WAIT)
                producer.poll(0)  # what was logged until here is of no transaction
            except KafkaException as error:
                raise away(error) from None
            self._producer, self._disturbed = producer, False
        return self._producer

    def _send(self, producer: Producer, records: Sequence[Produced]) -> list[int]:
        """Send and wait; the offset of each. Raises KafkaException when one was not taken."""
        offsets = [-1] * len(records)
        faults: list[KafkaError] = []

        def confirm(place: int) -> Any:
            def on_delivery(fault: KafkaError | None, message: Message) -> None:
                if fault is not None:
                    faults.append(fault)
                offsets[place] = message.offset() or 0

            return on_delivery

        for place, record in enumerate(records):
            while True:
                try:
                    producer.produce(
                        record.topic, record.value, headers=list(record.headers), on_delivery=confirm(place)
                    )
                    break
                except BufferError:
                    producer.poll(0.1)
        if producer.flush(_WAIT):
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
        if faults:
            raise KafkaException(next((fault for fault in faults if fault.code() in _OF_RECORD), faults[0]))
        return offsets

    def _on_assign(self, _: Consumer, places: list[TopicPartition]) -> None:
        self._assigned += [TopicPartition(place.topic, place.partition) for place in places]
        if places:
            _LOG.info("outboxes taken: %d", len(places))

    def _on_error(self, error: KafkaError) -> None:
        """Something is wrong that is not of one call: what was under way may be sent twice."""
        self._disturbed = True

    def _has_connection(self, line: logging.LogRecord) -> bool:
        """A connection that breaks in a transaction is told nowhere but in the client's log, and repaired at once."""
        self._disturbed = self._disturbed or line.getMessage().startswith("FAIL")
        return False


def as_consumed(message: Message) -> Consumed:
    """A record as the client gives it."""
    topic, offset = message.topic(), message.offset()
    assert topic is not None and offset is not None
    _, appended = message.timestamp()
    value = message.value()
    data = value if isinstance(value, bytes) else b""
    headers: list[tuple[str, Any]] = list(message.headers() or ())  # type: ignore[arg-type]
    wire = [(name, content if isinstance(content, bytes) else None) for name, content in headers]
    return Consumed(topic, offset, data, wire, datetime.fromtimestamp(appended / 1000, UTC))
