"""Topics read whole with confluent-kafka, from their beginning to the end that they have now.

No group is joined, nothing is stored on Kafka.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from broker import topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.adapters.kafka.streams import as_consumed
from broker.adapters.kafka.topic_offsets import BEGINNING, END, read_offsets
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.ports.transport import Consumed
from broker.settings import KafkaLogin

_MOST = 1000
_POLL = 0.5
_ANSWER = 30.0
_SILENCE = 60
"""Polls in a row that may give nothing though more is known to be there."""


@contextmanager
def open_topics(login: KafkaLogin) -> Iterator["WholeTopics"]:
    """All topics of the broker's that this user may read. Raises Away, also for what goes wrong while they are used."""
    log = logging.getLogger("samband.kafka")
    log.setLevel(logging.CRITICAL)
    client = Consumer(
        {
            **connection(login),
            "group.id": topics.WORKER,  # it joins none
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "allow.auto.create.topics": False,
            "queued.max.messages.kbytes": 65_536,
        },
        logger=log,
    )
    try:
        yield WholeTopics(client, AdminClient(connection(login), logger=log))
    except KafkaException as error:
        raise away(error) from None
    finally:
        client.close()


class WholeTopics:
    """What lies there, each time as it is then."""

    def __init__(self, client: Consumer, admin: AdminClient) -> None:
        self._client = client
        self._admin = admin

    def names(self) -> Sequence[str]:
        """All of them."""
        return sorted(name for name in self._client.list_topics(timeout=_ANSWER).topics if topics.is_ours(name))

    def first(self, topic: str) -> int:
        """The offset of the oldest record that is still there."""
        return read_offsets(self._admin, [topic], BEGINNING, _ANSWER).get(topic, 0)

    def read(self, names: Collection[str]) -> Iterator[Sequence[Consumed]]:
        """All that lies on these, some at a time, in order for each topic. Raises Away."""
        ends = read_offsets(self._admin, names, END, _ANSWER)
        begins = read_offsets(self._admin, names, BEGINNING, _ANSWER)
        behind = {name for name, end in ends.items() if begins.get(name, end) < end}
        self._client.assign([TopicPartition(name, 0, begins[name]) for name in sorted(behind)])
        silent = 0
        while behind:
            messages = self._client.consume(_MOST, _POLL)
            silent = 0 if messages else silent + 1
            if silent > _SILENCE:
                raise Away(KAFKA, "NoAnswer")
            taken = []
            for message in messages:
                topic, at, fault = message.topic() or "", message.offset() or 0, message.error()
                if fault is None:
                    taken += [as_consumed(message)] if at < ends[topic] else []
                    at += 1
                elif fault.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:  # it is gone meanwhile
                    at = ends[topic]
                elif fault.code() != KafkaError._PARTITION_EOF:
                    raise Away(KAFKA, fault.name())
                if at >= ends[topic]:
                    behind.discard(topic)
            if taken:
                yield taken
        self._client.unassign()
