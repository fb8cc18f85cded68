"""The broker's own outbox, written for a program that sends there seldom."""

from kafka import KafkaProducer
from kafka.errors import KafkaError

from broker import topics
from broker.adapters.kafka.kafka_python_login import open_client
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_ANSWER = 30.0


def send(login: KafkaLogin, content: bytes) -> None:
    """Send one notice or order, and wait until it lies there. Raises Away."""
    try:
        producer = open_client(KafkaProducer, login, "samband-outbox", acks="all")
        try:
            producer.send(topics.outbox(topics.BROKER), content, partition=0).get(_ANSWER)
        finally:
            producer.close()
    except KafkaError as error:
        raise Away(KAFKA, type(error).__name__) from None
