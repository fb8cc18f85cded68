"""A purge of the quarantine on Kafka: asked for in the broker's own outbox, recorded by a worker, and then carried out.

Kafka lets go of records from the oldest on; what a purge names is older than what it does not.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from broker import topics
from broker.adapters.kafka import orders, quarantine_topic
from broker.adapters.kafka.confluent_login import away, connection
from broker.model.decision import Json
from broker.pipeline.notices import PurgeOrder
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_WAIT = 30.0


def ask(login: KafkaLogin, before: datetime, stopped: Callable[[], bool]) -> Json | None:
    """Have a worker purge what was recorded before this time. Its record's leaf; None when stopped before. Raises Away.

    It is purged all the same, as soon as a worker comes to it.
    """
    order = PurgeOrder(before)

    def is_its(leaf: Json) -> bool:
        return leaf.get("record") == "purge" and leaf["purged"]["before"] == order.content["before"]

    return orders.ask(login, order, is_its, stopped)


def empty(login: KafkaLogin, before: datetime, purged: frozenset[str]) -> int:
    """Delete what was put there before this time, or has one of these leaf hashes, from the oldest on. Raises Away.

    Gives the number of records that are gone.
    """
    until = count = 0
    for entry in quarantine_topic.entries(login):
        if entry.time >= before and entry.leaf not in purged:
            break
        until, count = entry.offset + 1, count + 1
    if until:
        admin = AdminClient(connection(login), logger=logging.getLogger("samband.kafka"))
        try:
            [answer] = admin.delete_records([TopicPartition(topics.QUARANTINE, 0, until)]).values()
            answer.result(_WAIT)
        except KafkaException as error:
            raise away(error) from None
        except TimeoutError:
            raise Away(KAFKA, "NoAnswer") from None
    return count
