"""The ports: what the pipeline needs from the world, and what it may rely on.

An adapter keeps the promises written here; the contract tests in `tests/contracts/` hold each to them.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from broker.decision import AgreementFacts, ConsentFacts, Decision, Json, PolicyInput, Statute
from broker.messages import Message


class NotAvro(ValueError):
    """Bytes are not one message in Avro single-object encoding. The text names the rule, never a value."""


class EngineError(Exception):
    """The policy engine gave no usable answer: nothing is delivered (fail closed)."""


class AvroReader(Protocol):
    """Decodes Avro single-object bytes."""

    def read(self, data: bytes) -> Message:
        """One message; raises NotAvro when anything at all is wrong or left over."""


class Codec(AvroReader, Protocol):
    """Canonical bytes of a message: what makes two messages the same."""

    def write(self, message: Message) -> bytes:
        """Avro single-object bytes; equal messages give equal bytes."""


class Tokens(Protocol):
    """Pseudonyms under a key that only the broker holds."""

    @property
    def key_id(self) -> str:
        """Which key, without telling it."""

    def token(self, kind: str, value: str) -> str:
        """The same token for the same kind and value, and nothing to be read from it (HMAC-SHA-256)."""

    def digest(self, data: bytes) -> str:
        """Keyed digest of bytes: an unkeyed one of a short content could be guessed."""


class PolicyEngine(Protocol):
    """Asks the law."""

    @property
    def revision(self) -> str:
        """SHA-256 over the policy's sorted Rego and data files."""

    @property
    def grounds(self) -> Mapping[str, str]:
        """Every ground's id and its reference."""

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key, in one evaluation. Raises EngineError: then none is decided."""

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item, for an explanation."""

    def statute(self, ref: str) -> Statute | None:
        """The text behind a reference, or None."""


@dataclass(frozen=True)
class DeliveredRequest:
    """A delivered InformationRequest, as far as an answer needs it."""

    sender: str
    recipient: str
    subject: str | None
    purpose: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """An id that a decided message has taken: its content's digest and its record."""

    digest: str
    seq: int


@dataclass(frozen=True)
class Entry:
    """One audit record to append: the canonical leaf without `seq`, which the log gives it."""

    leaf: Json


@dataclass(frozen=True)
class Line:
    """One line for an inbox: `type` delivery, receipt or notice."""

    authority: str
    type: str
    message: str | None
    content: Json


class Store(Protocol):
    """State of the embedded runtime: facts that are read, and one transaction that writes all of a batch or nothing."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is durable when it ends, or none of it is."""

    def taken(self, sender: str, message: UUID) -> Taken | None:
        """The record of a decided message with this sender and id."""

    def handled(self, source: str, line: int) -> Taken | None:
        """The record of a line that was handled before, with its digest."""

    def request(self, message: UUID, sender: str) -> DeliveredRequest | None:
        """The delivered request that `sender` sent with this id."""

    def delivered_to(self, sender: str, message: UUID) -> str | None:
        """Whom this sender's message was delivered to; None when it was not."""

    def consents(self, subject: str) -> Sequence[ConsentFacts]:
        """Consents of the person with this token that are not withdrawn."""

    def agreements(self, one: str, other: str) -> Sequence[AgreementFacts]:
        """Agreements that both authorities have sent with the same body."""

    def append(self, entries: Sequence[Entry]) -> Sequence[tuple[int, bytes]]:
        """Append records to the log and sign a checkpoint over them; returns (seq, leaf hash) for each."""

    def record(self, seq: int) -> tuple[Json, bytes]:
        """A record's leaf and its hash."""


Clock = Any


@dataclass(frozen=True)
class Now:
    """A moment, for a pipeline that runs on the broker's own clock."""

    moment: datetime
