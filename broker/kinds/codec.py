"""Canonical bytes of a message."""

from typing import Protocol

from broker.kinds.message import Message


class NotAvro(ValueError):
    """Bytes are not one message in Avro single-object encoding. The text names the rule, never a value."""


class AvroReader(Protocol):
    """Decodes Avro single-object bytes."""

    def read(self, data: bytes) -> Message:
        """One message; raises NotAvro when anything at all is wrong or left over."""


class Codec(AvroReader, Protocol):
    """Canonical bytes of a message: what makes two messages the same."""

    def write(self, message: Message) -> bytes:
        """Avro single-object bytes; equal messages give equal bytes."""

    def fingerprints(self, kind: str) -> tuple[str, ...]:
        """The fingerprints of the kind's schemas in hex, oldest first: `write` uses the first that holds a message."""
