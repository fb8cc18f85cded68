"""The Kafka of one authority: its outbox, its inbox.

The only importer of kafka-python.

Its defaults would lose messages here: a new group would skip what lies in the inbox, offsets would be committed
before a line is handled, records of a transaction that was never committed would be read, and topics made by a slip
of the pen. All four are set, and a test holds them.
"""

import hashlib
import json
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any, TypeVar
from weakref import ref

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    AuthorizationError,
    CommitFailedError,
    KafkaError,
    KafkaTimeoutError,
    UnknownTopicOrPartitionError,
)
from kafka.structs import OffsetAndMetadata

from . import headers
from .broker import Came, Json, NotReached, Outgoing
from .on_kafka import Kafka

LARGEST = (1 << 20) + (1 << 15)
"""A message of 1 MiB, with its headers."""

PRODUCER = {
    "acks": "all",
    "enable_idempotence": True,
    "allow_auto_create_topics": False,
    "max_request_size": LARGEST,
}
CONSUMER = {
    "isolation_level": "read_committed",
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "allow_auto_create_topics": False,
}
_Client = TypeVar("_Client")
_PARTITION = 0
_MOST = 200
"""Lines at a time."""
_HANDSHAKE = 4.0
"""Seconds for TLS to begin."""


class KafkaConnection:
    """Opens the way out at the first message, the way in at the first look: who only sends joins no group."""

    def __init__(self, broker: Kafka, authority: str) -> None:
        logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it writes its configuration, passwords too, at DEBUG
        self._broker = broker
        self._authority = authority.replace("/", ".")  # a desk's, as Kafka names it
        self._outbox = f"outbox.{self._authority}"
        self._inbox = f"inbox.{self._authority}"
        self._place = TopicPartition(self._inbox, _PARTITION)
        self._known: int | None = None
        """The offset to look at first, where that has not been done."""
        self._producer: KafkaProducer | None = None
        self._consumer: KafkaConsumer | None = None

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Json]:
        """Give them to the outbox, in order; receipts come to the inbox."""
        with self._errors_on(self._outbox):
            if self._producer is None:
                self._producer = self._open(
                    KafkaProducer,
                    **PRODUCER,
                    delivery_timeout_ms=int(1000 * self._broker.patience),
                    request_timeout_ms=int(500 * self._broker.patience),
                    max_block_ms=int(1000 * self._broker.patience),
                )
            producer = self._producer
            try:
                waiting = [
                    producer.send(self._outbox, message.message, headers=headers.of(self._authority, message))
                    for message in messages
                ]
                for future in waiting:
                    future.get(timeout=self._broker.patience)
            except KafkaError:
                self._producer = None  # what became of the rest is not known: a new one, and the same bytes again
                producer.close(timeout=0)
                raise
        return []

    def fetch(self, after: int, timeout: float) -> Sequence[Came]:
        """What has come since the group's last commit, or since the last look. `after` is Kafka's own to know."""
        with self._errors_on(self._inbox):
            if self._consumer is None:
                consumer = self._open(
                    KafkaConsumer,
                    **CONSUMER,
                    group_id=self._inbox,
                    max_poll_records=_MOST,
                    max_partition_fetch_bytes=4 * LARGEST,
                )
                if after >= 0:
                    self._known = (consumer.committed(self._place) or 0) - 1
                consumer.subscribe([self._inbox])
                self._consumer = consumer
            batches = self._consumer.poll(timeout_ms=int(1000 * timeout))
            if self._known is not None and self._place in self._consumer.assignment():
                # the last line that was handled comes first, so that the caller sees whether the inbox is the same
                if self._known >= 0:
                    self._consumer.seek(self._place, self._known)
                    batches = self._consumer.poll(timeout_ms=int(1000 * timeout))
                self._known = None
            return [_came(record) for records in batches.values() for record in records]

    def at_end(self) -> bool:
        """Whether the group is in, and its place is the inbox's end."""
        consumer = self._consumer
        if consumer is None or self._known is not None or self._place not in consumer.assignment():
            return False
        with self._errors_on(self._inbox):
            return int(consumer.position(self._place)) >= int(consumer.end_offsets([self._place])[self._place])

    def rewind(self) -> None:
        """Read from the first line again."""
        with self._errors_on(self._inbox):
            if self._consumer is not None and self._place in self._consumer.assignment():
                self._consumer.seek_to_beginning(self._place)

    def commit(self, position: int) -> None:
        """The group has come to the line after this one."""
        if self._consumer is None:
            return
        with self._errors_on(self._inbox):
            try:
                next_ = OffsetAndMetadata(position + 1, "", -1)
                self._consumer.commit({self._place: next_})
            except CommitFailedError:
                pass  # somebody else reads here now, or we were away too long: the lines come again, and are known

    def close(self) -> None:
        """Leave the group, and let go."""
        if self._consumer is not None:
            self._consumer.close(autocommit=False)
        if self._producer is not None:
            self._producer.close(timeout=self._broker.patience)

    def _login(self) -> dict[str, Any]:
        broker = self._broker
        login = {
            "bootstrap_servers": broker.servers.split(","),
            "client_id": f"samband-agency-{self._authority}",
            "security_protocol": broker.protocol,
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self._user,
            "sasl_plain_password": broker.password,
            "bootstrap_timeout_ms": int(1000 * broker.patience),
        }
        return login | ({"ssl_context": _tls(broker)} if broker.protocol == "SASL_SSL" else {})

    def _open(self, kind: Callable[..., _Client], **options: Any) -> _Client:
        """A client that has reached the cluster. One that has not is closed: it would leave its sockets open."""
        inner: list[Any] = []

        def keep_client(**configuration: Any) -> Any:
            inner.append(KafkaProducer.DEFAULT_CONFIG["kafka_client"](**configuration))
            return inner[0]

        try:
            return kind(**self._login(), **options, kafka_client=keep_client)
        except KafkaError as error:
            for client in inner:
                client.close()
            if not isinstance(error, KafkaTimeoutError):
                raise
            tried = f"Kafka at {self._broker.servers} gives no answer over {self._broker.protocol}"
            raise NotReached(
                f"{tried}, or refuses the login as {self._user}: check address, password and certificates"
            ) from None

    @property
    def _user(self) -> str:
        return self._broker.user or self._authority

    @contextmanager
    def _errors_on(self, topic: str) -> Iterator[None]:
        """Kafka's errors as one line that says what to do."""
        user, servers = self._user, self._broker.servers
        try:
            yield
        except AuthorizationError:
            raise NotReached(f"{user} has no access to {topic}: ask the broker's operator") from None
        except UnknownTopicOrPartitionError:
            raise NotReached(f"{topic} is not there: ask the broker's operator whether {user} is registered") from None
        except KafkaError as error:
            raise NotReached(f"Kafka at {servers}: {type(error).__name__}: try again") from None


def _tls(broker: Kafka) -> ssl.SSLContext:
    try:
        context = _Context(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(broker.ca) if broker.ca else context.load_default_certs()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if broker.certificate:
            context.load_cert_chain(broker.certificate, broker.key)
    except OSError as error:
        raise NotReached(f"a certificate of the login can't be used: {type(error).__name__}") from None
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


def _came(record: Any) -> Came:
    return Came(record.offset, _content(record.value), headers.traceparent(record.headers))


def _content(value: bytes | None) -> Json:
    """The line; of one that can't be read only a digest, so that two of them are two."""
    try:
        content = json.loads(value or b"")
    except (ValueError, RecursionError):
        content = None
    return content if isinstance(content, dict) else {"type": None, "sha256": hashlib.sha256(value or b"").hexdigest()}
