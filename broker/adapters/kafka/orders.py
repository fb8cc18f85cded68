"""What is ordered of the broker itself: written in its own outbox, carried out and recorded by a worker."""

import json
import logging
from collections.abc import Callable

from confluent_kafka import KafkaException, Producer

from broker import topics
from broker.adapters.kafka import audit_topic
from broker.adapters.kafka.confluent_login import away, connection
from broker.model.decision import Json
from broker.pipeline.notices import Order
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_WAIT = 30.0
_LOOK = 0.5


def ask(login: KafkaLogin, order: Order, is_its: Callable[[Json], bool], stopped: Callable[[], bool]) -> Json | None:
    """Have a worker carry an order out. The leaf that is its; None when stopped before. Raises Away.

    It is carried out all the same, as soon as a worker comes to it.
    """
    with audit_topic.open_topic(login) as audit:
        audit.seek(audit.end())
        _send(login, order)
        while not stopped():
            for published in audit.read(1000, _LOOK):
                leaf: Json = json.loads(published.leaf or b"{}")
                if is_its(leaf):
                    return leaf
    return None


def _send(login: KafkaLogin, order: Order) -> None:
    settings = {**connection(login), "enable.idempotence": True, "acks": "all"}
    producer = Producer(settings, logger=logging.getLogger("samband.kafka"))
    faults: list[KafkaException] = []

    def on_delivery(fault: object, _: object) -> None:
        if fault is not None:
            faults.append(KafkaException(fault))

    producer.produce(topics.outbox(topics.BROKER), order.encode(), on_delivery=on_delivery)
    if producer.flush(_WAIT):
        raise Away(KAFKA, "NoAnswer")
    if faults:
        raise away(faults[0])
