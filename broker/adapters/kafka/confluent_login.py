"""What a login is to confluent-kafka's clients: their settings, their faults."""

from typing import Any

from confluent_kafka import KafkaError

from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_ANSWER_MS = 10_000
"""For one answer of a broker. One whose machine has lost its network closes no connection: by librdkafka's own 60 s all
that asks it would wait a minute, though another has its place after a few seconds."""
_BACK_OFF_MS = 1_000
"""Between two tries to reach a broker, at most: it is needed as soon as it is back."""


def connection(login: KafkaLogin) -> dict[str, Any]:
    """Settings of any client."""
    config = {
        "bootstrap.servers": login.bootstrap,
        "security.protocol": login.protocol,
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": login.user,
        "sasl.password": login.password,
        "socket.keepalive.enable": True,
        "socket.timeout.ms": _ANSWER_MS,
        "socket.connection.setup.timeout.ms": _ANSWER_MS,
        "reconnect.backoff.max.ms": _BACK_OFF_MS,
    }
    files = {
        "ssl.ca.location": login.authority,
        "ssl.certificate.location": login.certificate,
        "ssl.key.location": login.key,
    }
    return config | {name: file for name, file in files.items() if file}


def away(error: Exception) -> Away:
    """The cluster does not answer, or refuses."""
    fault = error.args[0] if error.args else None
    return Away(KAFKA, fault.name() if isinstance(fault, KafkaError) else type(error).__name__)
