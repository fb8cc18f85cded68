"""The ports: what the pipeline needs from the world, and what it may rely on.

An adapter keeps the promises written here; the contract tests in `tests/contracts/` hold each to them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from broker.clocks import Matter
from broker.decision import AgreementFacts, Decision, Json, PolicyInput, RecordedConsent, Statute
from broker.health import LAW
from broker.messages import Message


class NotAvro(ValueError):
    """Bytes are not one message in Avro single-object encoding. The text names the rule, never a value."""


class EngineError(Exception):
    """The policy engine gave no usable answer: nothing is delivered (fail closed)."""


class Away(Exception):
    """A server that the broker needs does not answer: nothing moves, and the same is tried again.

    `component`: one of `health`'s. `why`: the sort of fault, never its text, which can hold values. `line`: what to
    tell people, where there is more to say.
    """

    def __init__(self, component: str, why: str, line: str = "") -> None:
        super().__init__(line or f"{component}: {why}")
        self.component = component
        self.why = why


class EngineAway(EngineError, Away):
    """No answer of the expected policy, whatever was asked: the engine is away, slow, or has another law or none.

    The same question may well be decided later; a plain EngineError is about the question itself.
    """

    def __init__(self, why: str) -> None:
        super().__init__(LAW, why, why)


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


class Tokens(Protocol):
    """Pseudonyms under a key that only the broker holds."""

    @property
    def key_id(self) -> str:
        """Which key, without telling it."""

    def token(self, kind: str, value: str) -> str:
        """The same token for the same kind and value after NFC, and nothing to be read from it (HMAC-SHA-256)."""

    def older(self, kind: str, value: str) -> tuple[str, ...]:
        """Tokens that the same letters may have got before values were compared after NFC."""

    def digest(self, data: bytes) -> str:
        """Keyed digest of bytes: an unkeyed one of a short content could be guessed."""


class PolicyEngine(Protocol):
    """Asks the law."""

    @property
    def revision(self) -> str:
        """SHA-256 over the policy's sorted Rego and data files."""

    @property
    def grounds(self) -> Mapping[str, str | None]:
        """Every ground that a message may name, and its reference."""

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key, in one evaluation. Raises EngineError or EngineAway: then none is decided."""

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item, for an explanation."""

    def statute(self, ref: str, day: int | None = None) -> Statute | None:
        """The text behind a ground's id or a reference, or None.

        `day` (20261121): in the wording of that day, as far as wordings are known; without, in the first of these.
        """


@dataclass(frozen=True)
class Input:
    """One line to handle: its bytes, and where it stands in which source, so that a rerun finds its record again.

    `proven` is the authority that the transport has proven, where it has; `now` the broker's clock on a live broker.
    `refused`: code and detail of why the transport hands it over unread.
    """

    line: bytes
    number: int | None = None
    source: str | None = None
    proven: str | None = None
    now: datetime | None = None
    redrive_of: int | None = None
    refused: tuple[str, str] | None = None


@dataclass(frozen=True)
class Origin:
    """How a line in quarantine came, so that another try is as strict as the first.

    `proven` and `arrived` are those of its `Input`; a line of a file that the operator runs has neither. `size`: in
    bytes, as it came; less may be kept.
    """

    size: int
    proven: str | None = None
    arrived: datetime | None = None


@dataclass(frozen=True)
class QuarantineLimits:
    """How much is kept of what can't be used: `bytes` of each proven sender, and of all without one; for `days`."""

    bytes: int = 64 << 20
    days: int = 30


USUAL = QuarantineLimits()


class Handled(NamedTuple):
    """An input that is durably handled: its record's leaf, and its receipt."""

    given: Input
    leaf: Json
    receipt: Json


@dataclass(frozen=True)
class Answerable:
    """A delivered message that others refer to: a request, a question back, a notification, an order or a referral.

    `about` is the token of whom it is about; purpose, categories and basis (the grounds claimed) are a request's.
    `answers` is what has come of it: of a request category -> `given`, `partly`, or the reason of a refusal; of a
    notification the `status` and `decided_on` of the board's decision. `recalled`: its sender has taken it back.
    """

    kind: str
    sender: str
    recipient: str
    about: str | None
    purpose: str | None = None
    categories: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    recalled: bool = False
    basis: tuple[str, ...] = ()


MOST_FORMS = 50
"""Forms about one person that the law is asked about, at most."""


class Person(NamedTuple):
    """A person's tokens: of the person, and of the number alone. Of a reserve number without issuer they are one."""

    token: str
    number: str | None
    """Of a reserve number: its token whoever gave it."""


@dataclass(frozen=True)
class Recorded:
    """That something is in the log already: the digest of what it was, and its record."""

    digest: str
    seq: int


@dataclass(frozen=True)
class ConsentRow:
    """A form about a person to record, a consent or a no, by the message that gave it at `time` (microseconds).

    `consent` and `earlier` are tokens of its id, today's and those under which earlier versions may stand; `number`
    that of a reserve number without its issuer.
    """

    authority: str
    consent: str
    earlier: tuple[str, ...]
    subject: str | None
    number: str | None
    facts: RecordedConsent
    message: str
    time: int


@dataclass(frozen=True)
class Withdrawal:
    """A consent, under these tokens of its id, is withdrawn by subject or guardian, at `time` (microseconds)."""

    authority: str
    consents: tuple[str, ...]
    by: str
    time: int


@dataclass(frozen=True)
class Form:
    """A form about a person that stands, or is withdrawn, and no new version has replaced.

    `time` (microseconds) and `record` tell which of two is the later; of a withdrawn one they are the withdrawal's,
    and its facts are those of the no that the withdrawal is.
    """

    record: int
    authority: str
    consent: str
    time: int
    facts: RecordedConsent
    withdrawn: bool


class Agreed(NamedTuple):
    """An agreement between two authorities, and the records of those who have confirmed it, in the order of these."""

    facts: AgreementFacts
    records: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """That a party knows of an authority's consent (token): by a notice of this message, or as what it got under it."""

    authority: str
    consent: str
    party: str
    message: str
    notice: bool


@dataclass(frozen=True)
class AgreementRow:
    """A party's confirmation of an agreement; `body` is the digest that must be equal between parties.

    `agreement` and `earlier` are tokens of its id, as of a consent; `registrant` sent it, at `time` (microseconds).
    """

    party: str
    agreement: str
    earlier: tuple[str, ...]
    body: str
    facts: AgreementFacts
    registrant: str
    time: int


@dataclass(frozen=True)
class InboxLine:
    """One line for an inbox: `type` is delivery, receipt or notice."""

    authority: str
    type: str
    sender: str | None
    message: str | None
    content: Json


@dataclass(frozen=True)
class Amendment:
    """What a message writes on an earlier delivery of its sender's: that it is recalled or replaced, and by which.

    `empties`: it had not been given out, so nothing of what it says is left in the inbox.
    """

    sender: str
    message: str
    note: Mapping[str, str]
    empties: bool = False

    def applied(self, content: Json) -> Json:
        """The delivery's line with the note on it."""
        if not self.empties:
            return {**content, **self.note}
        envelope = {name: value for name, value in content["message"].items() if name != "body"}
        bare: Json = {"type": content["type"], "message": envelope, "partial": False, "unanswered": [], "grounds": []}
        return {**bare, **self.note}


@dataclass(frozen=True)
class Effects:
    """All that one input makes durable, beside its record in the log.

    `answered`: the asker, the request's id, and all its answers so far. `recalled`: sender and id. `purged`: records of
    lines in quarantine of which nothing is kept any longer.
    """

    leaf: Json
    digest: str
    source: str | None = None
    line: int | None = None
    outbox: tuple[str, str, bytes] | None = None
    inbox: tuple[InboxLine, ...] = ()
    answerable: tuple[str, Answerable] | None = None
    answered: tuple[str, str, Mapping[str, str]] | None = None
    amendment: Amendment | None = None
    consent: ConsentRow | None = None
    withdrawn: Withdrawal | None = None
    told: tuple[Told, ...] = ()
    recalled: tuple[str, str] | None = None
    agreement: AgreementRow | None = None
    quarantined: bytes | None = None
    origin: Origin | None = None
    redrive_of: int | None = None
    purged: tuple[int, ...] = ()


class Facts(Protocol):
    """What the registers know when a decision is made."""

    def taken(self, sender: str, message: UUID) -> Recorded | None:
        """The record of the decided message that has taken this id for its sender."""

    def handled(self, source: str, line: int) -> Recorded | None:
        """The record of a line of a source that was handled before."""

    def sent(self, sender: str, message: UUID) -> Answerable | None:
        """The delivered request, notification, order or referral with this id that this sender sent."""

    def received(self, recipient: str, message: UUID) -> Answerable | None:
        """The one with this id that this recipient received; of several the first."""

    def earlier(self, recipient: str, about: str) -> Sequence[tuple[str, str]]:
        """Notifications of concern on the person with this token that were delivered here: sender and message each."""

    def delivered_to(self, sender: str, message: UUID) -> str | None:
        """Whom this sender's message was delivered to; None when it was not."""

    def kind(self, sender: str, message: UUID) -> str | None:
        """The kind of the decided message with this id that this sender sent."""

    def asked(self, sender: str, message: UUID) -> PolicyInput | None:
        """What the law was asked about the decided message with this id that this sender sent."""

    def has_forms(self, persons: Collection[str]) -> Collection[str]:
        """Those of these tokens, of persons and of numbers, that some form is about, or that may be so."""

    def forms(
        self, person: Person, one: str, other: str, named: tuple[str, Sequence[str]] = ("", ())
    ) -> Sequence[Form]:
        """Forms about a person that name both parties (in law), the latest first: MOST_FORMS and one more, at most.

        Of each registrant and programme the newest, and every no; and the one `named`: whose, and tokens of its id.
        """

    def own_consent(self, authority: str, consents: Sequence[str]) -> Form | None:
        """The consent that this authority has recorded under one of these tokens, its newest version."""

    def told(self, authority: str, consents: Sequence[str]) -> Sequence[Told]:
        """Who knows of a consent of this authority's, in any version."""

    def consent_of(self, sender: str, message: UUID) -> tuple[Form, Person] | None:
        """The consent of its own that this sender's delivery went out under, its newest version, and whose it is."""

    def has_agreement(self, agreements: Sequence[str]) -> bool:
        """Whether anybody has recorded an agreement under one of these tokens."""

    def agreements(self, one: str, other: str, named: Sequence[str] | None = None) -> Sequence[Agreed]:
        """Agreements that both authorities have sent themselves, with the same body; `named`: tokens of the one."""


class Matters(Protocol):
    """The clocks that run."""

    def matters(self, messages: Sequence[str], links: Sequence[str]) -> Sequence[Matter]:
        """Matters on one of these messages, or linked by one of these (`clocks.linked_by`)."""

    def due(self, now: int) -> Sequence[Matter]:
        """Matters to look at again at this moment (seconds since 1970) or before."""

    def soonest(self, after: int | None = None) -> int | None:
        """The first moment, later than `after`, at which some matter is to be looked at again; None when none is."""


class Ledger(Protocol):
    """The audit log, read."""

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""


class Store(Facts, Matters, Ledger, Protocol):
    """State of the broker."""

    @property
    def numbered(self) -> bool:
        """Whether a record's number is its place in the log; else the log is kept apart."""

    def expect(self, messages: Sequence[UUID], persons: Collection[str]) -> None:
        """These messages will be asked for, and the consents of these persons (tokens): they may be looked up now."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is committed inside is durable when it ends, or none of it is."""

    def redriven(self, quarantined: int, seq: int) -> None:
        """Mark a quarantined record as run again, with the record that came of it."""

    def quarantined_bytes(self, proven: str | None, since: str) -> int:
        """Bytes that are kept of what a proven sender sent, or of all without one, recorded since this time."""

    def purgeable(self, before: str, proven: str | None = None) -> Mapping[int, int]:
        """Lines in quarantine recorded before this time of which bytes are kept: record and how many, oldest first."""

    def size(self) -> int:
        """How many records there are: the next one's number."""

    def commit(self, effects: Sequence[Effects], matters: Sequence[Matter] = ()) -> Sequence[tuple[int, str]]:
        """Append the records, deliver, register, keep matters; (seq, leaf hash) for each."""


class Marks(Protocol):
    """Deliveries that have been given out to their recipients, each by its sender and the message's id."""

    def has(self, sender: str, message: str) -> bool:
        """Whether this one has."""

    def add(self, deliveries: Iterable[tuple[str, str]]) -> None:
        """These are given out as soon as the marks are let go."""


class Fetched(Protocol):
    """What recipients have fetched from their inboxes (hämtade leveranser)."""

    def alone(self) -> AbstractContextManager[Marks]:
        """The marks, which nobody else sees or adds to meanwhile; all that is added is durable when it ends, or none.

        Who gives out a delivery reads the inbox and marks it herein, and gives it out afterwards; who recalls one looks
        and commits the recall herein: so no recall says "not fetched" of what is given out.
        """
