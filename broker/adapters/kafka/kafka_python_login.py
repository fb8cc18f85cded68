"""How a login becomes settings of kafka-python's clients: no other default is ours.

Its own defaults are wrong here (trap): uncommitted records, positions stored unasked, beginning at the newest, topics
made by asking for them.
"""

import logging
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from types import MappingProxyType
from typing import Any, TypeVar
from weakref import ref

from kafka.errors import KafkaError

from broker.settings import KafkaLogin, SettingsError

CONSUMING: Mapping[str, object] = MappingProxyType(
    {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "allow_auto_create_topics": False,
    }
)
_ANSWER_MS = 10_000
"""For one answer, as of `confluent_login`: by kafka-python's own 30 s a worker would stand still for too long."""
_BOOTSTRAP_MS = 10_000
_HANDSHAKE = 4.0
"""Seconds for TLS to begin: fewer than half of those for the first broker that answers, so that another is tried."""

_Client = TypeVar("_Client")


def open_client(kind: type[_Client], login: KafkaLogin, client_id: str, **more: object) -> _Client:
    """A client that has reached the cluster. Raises KafkaError, SettingsError.

    One that has not is closed: kafka-python leaves its thread and sockets, and where a cluster is away long, many are.
    """
    connections: list[Any] = []

    def connect(**settings: Any) -> Any:
        connections.append(kind.DEFAULT_CONFIG["kafka_client"](**settings))  # type: ignore[attr-defined]
        return connections[0]

    try:
        return kind(**{**client_settings(login, client_id), **more, "kafka_client": connect})
    except KafkaError:
        for connection in connections:
            connection.close()
        raise


def client_settings(login: KafkaLogin, client_id: str) -> dict[str, Any]:
    """Settings of any client. Raises SettingsError."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it writes its configuration, passwords too, at DEBUG
    return {
        "bootstrap_servers": login.bootstrap.split(","),
        "client_id": client_id,
        "security_protocol": login.protocol,
        "ssl_context": tls(login),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": login.user,
        "sasl_plain_password": login.password,
        "bootstrap_timeout_ms": _BOOTSTRAP_MS,
        "request_timeout_ms": _ANSWER_MS,
    }


def tls(login: KafkaLogin) -> ssl.SSLContext | None:
    """TLS 1.2 or later, the broker's name checked against a certificate that is trusted; None: not encrypted.

    Raises SettingsError.
    """
    if not login.encrypted:
        return None
    try:
        context = _Context(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(login.authority) if login.authority else context.load_default_certs()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if login.certificate:
            context.load_cert_chain(login.certificate, login.key)
    except OSError as error:
        raise SettingsError(
            f"SAMBAND_KAFKA_CA, _CERTIFICATE, _KEY: a file of certificates or keys can't be read ({error.strerror})"
        ) from None
    return context


class _Connection(ssl.SSLSocket):
    """Is closed when its handshake fails: kafka-python only lets go of it."""

    def do_handshake(self, block: bool = False) -> None:
        """Raises as its parent."""
        try:
            super().do_handshake(block)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError:
            self.close()
            raise


class _Context(ssl.SSLContext):
    """Shuts a connection whose handshake is not answered: kafka-python (3.0.12) would wait for it for ever.

    A machine that stands still takes connections all the same: its kernel does.
    """

    sslsocket_class = _Connection

    def wrap_socket(self, *arguments: Any, **more: Any) -> ssl.SSLSocket:
        """Raises as its parent."""
        wrapped = super().wrap_socket(*arguments, **more)
        timer = Timer(_HANDSHAKE, _shut_unanswered, [ref(wrapped)])
        timer.daemon = True
        timer.start()
        return wrapped


def _shut_unanswered(wrapped: "ref[ssl.SSLSocket]") -> None:
    """Who waits for it hears of it."""
    if (connection := wrapped()) is not None:
        with suppress(OSError):
            if connection.version() is None:
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # its own would take TLS from under who reads
