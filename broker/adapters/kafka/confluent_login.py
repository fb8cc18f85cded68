"""What a login is to confluent-kafka's clients: their settings, their faults."""

from typing import Any

from confluent_kafka import KafkaError

from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin


def connection(login: KafkaLogin) -> dict[str, Any]:
    """Settings of any client."""
    config = {
        "bootstrap.servers": login.bootstrap,
        "security.protocol": login.protocol,
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": login.user,
        "sasl.password": login.password,
        "socket.keepalive.enable": True,
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
