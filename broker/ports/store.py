"""The store: registers, matters, log and inboxes, which become durable together."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from broker.deadlines import Matter
from broker.model.decision import AgreementFacts, Json, PolicyInput, RecordedConsent
from broker.ports.writes import Answerable, Effects, Informed

Measure = Callable[[], AbstractContextManager[None]]

MOST_FORMS = 50
"""Forms about one person that the law is asked about, at most."""


class Person(NamedTuple):
    """A person's tokens: of the person, and of the number alone. Of a reserve number without issuer they are one."""

    token: str
    number: str | None
    """Of a reserve number: its token whoever gave it."""


@dataclass(frozen=True)
class Recorded:
    """That something is in the log already: the digest of what it was, and its record.

    `waits`: it registers something that counts only when its record is out, which it is not.
    """

    digest: str
    seq: int
    waits: bool = False


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
class Wanted:
    """Which deliveries of an inbox are to be given out again; where nothing narrows them, all.

    `messages`: these ids. `unregistered`: only what is to be registered and is not. `since`: recorded then or later.
    `lost`: only what lay at these offsets (first, end), where its recipient has not come. `after`: what lies behind
    this number. `order`: a name of its own, to find its record by.
    """

    inbox: str
    messages: tuple[str, ...] = ()
    unregistered: bool = False
    since: datetime | None = None
    lost: tuple[int, int] | None = None
    after: int = 0
    order: str | None = None


class Lying(NamedTuple):
    """A delivery in an inbox: its number, whose message, the record it came of, its line, or why that isn't kept.

    `is_awaited`: it is kept, and is to be registered and is not.
    """

    n: int
    sender: str
    message: str
    record: int
    kept: Json | None
    hindrance: str | None
    is_awaited: bool


class Due(NamedTuple):
    """A case that nothing keeps any longer: whose, its class, how many contents, and the records that they came of."""

    case: int
    holder: str
    class_: str
    contents: int
    records: tuple[int, ...]


class Facts(Protocol):
    """What the registers know when a decision is made."""

    def recorded_message(self, sender: str, message: UUID) -> Recorded | None:
        """The record of the decided message that has taken this id for its sender."""

    def recorded_line(self, source: str, line: int) -> Recorded | None:
        """The record of a line of a source that was handled before."""

    def sent_message(self, sender: str, message: UUID) -> Answerable | None:
        """The delivered request, notification, order or referral with this id that this sender sent."""

    def received_message(self, recipient: str, message: UUID) -> Answerable | None:
        """The one with this id that this recipient received; of several the first."""

    def earlier(self, recipient: str, about: str) -> Sequence[tuple[str, str]]:
        """Notifications of concern on the person with this token that were delivered here: sender and message each."""

    def recipient_of(self, sender: str, message: UUID) -> str | None:
        """Whom this sender's message was delivered to; None when it was not."""

    def lies_with(self, sender: str, message: UUID) -> Collection[str]:
        """Every inbox that it lies in: also that of a desk to which it was handed over."""

    def kept_line(self, sender: str, message: UUID) -> Json | None:
        """The line of this delivery; None where it is recalled or registered, or nothing of it is kept."""

    def kind(self, sender: str, message: UUID) -> str | None:
        """The kind of the decided message with this id that this sender sent."""

    def record_of(self, sender: str, message: UUID) -> Json | None:
        """The record of the decided message with this id that this sender sent."""

    def policy_input(self, sender: str, message: UUID) -> PolicyInput | None:
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

    def informed_parties(self, authority: str, consents: Sequence[str]) -> Sequence[Informed]:
        """Who knows of a consent of this authority's, in any version."""

    def consent_of(self, sender: str, message: UUID) -> tuple[Form, Person] | None:
        """The consent of its own that this sender's delivery went out under, its newest version, and whose it is."""

    def registered_tokens(self, tokens: Collection[str]) -> Collection[str]:
        """Those of these tokens under which something is registered: a form, an agreement, what others refer to."""

    def has_agreement(self, agreements: Sequence[str]) -> bool:
        """Whether anybody has recorded an agreement under one of these tokens."""

    def agreements(self, one: str, other: str, named: Sequence[str] | None = None) -> Sequence[Agreed]:
        """Agreements that both authorities have sent themselves, with the same body; `named`: tokens of the one."""


class Matters(Protocol):
    """The clocks that run."""

    def matters(self, messages: Sequence[str], links: Sequence[str]) -> Sequence[Matter]:
        """Matters on one of these messages, or linked by one of these (`deadlines.link_of`)."""

    def matters_about(self, tokens: Sequence[str]) -> Sequence[Matter]:
        """Matters about those with these tokens."""

    def due(self, now: int, after: int | None = None) -> Sequence[Matter]:
        """Matters to look at again at this moment (seconds since 1970) or before, but later than `after`."""

    def soonest(self, after: int | None = None) -> int | None:
        """The first moment, later than `after`, at which some matter is to be looked at again; None when none is."""


class Ledger(Protocol):
    """The audit log, read."""

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""


class Store(Facts, Matters, Ledger, Protocol):
    """State of the broker."""

    def seq(self, record: int) -> int | None:
        """A record's place in the log; None where the log is kept apart."""

    def expect(self, messages: Sequence[UUID], persons: Collection[str]) -> None:
        """These messages will be asked for, and the consents of these persons (tokens): they may be looked up now."""

    def move(self, moved: Iterable[tuple[str, str]]) -> None:
        """What is registered under each of these tokens lies under the one beside it."""

    def deciding(self) -> AbstractContextManager[None]:
        """Where this fails nothing has been moved: no record tells of it."""

    def transaction(self, measure: Measure = nullcontext) -> AbstractContextManager[None]:
        """All that is committed inside is durable when it ends, or none of it is.

        `measure` is held meanwhile, where that is how it is delivered; else what sends it on is measured.
        """

    def redriven(self, quarantined: int, seq: int) -> None:
        """Mark a quarantined record as run again, with the record that came of it."""

    def quarantined_bytes(self, proven: str | None, since: str) -> int:
        """Bytes that are kept of what a proven sender sent, or of all without one, recorded since this time."""

    def lying(self, wanted: Wanted, most: int) -> Sequence[Lying]:
        """The deliveries in an inbox at these places or with these ids, oldest first: so many at most.

        Nobody recalls one of them until the transaction ends.
        """

    def purgeable(self, before: str, proven: str | None = None) -> Mapping[int, int]:
        """Lines in quarantine recorded before this time of which bytes are kept: record and how many, oldest first."""

    def due_cases(self, before: str, most: int) -> Sequence[Due]:
        """Cases that nothing keeps on this day (YYYY-MM-DD) any more and nobody holds: so many at most."""

    def cases_of(self, messages: Sequence[str]) -> Sequence[int]:
        """The cases that are not erased in which somebody has a copy of one of these messages."""

    def size(self) -> int:
        """How many records there are: the next one's number."""

    def commit(self, effects: Sequence[Effects], matters: Sequence[Matter] = ()) -> Sequence[tuple[int, str]]:
        """Append the records, deliver, register, keep matters; (seq, leaf hash) for each."""


class Marks(Protocol):
    """Deliveries that have been given out to their recipients, each by its inbox, its sender and the message's id."""

    def has(self, sender: str, message: str) -> bool:
        """Whether this one has, from any inbox that it lies in."""

    def add(self, deliveries: Iterable[tuple[str, str, str]]) -> None:
        """These are given out as soon as the marks are let go."""


class Fetched(Protocol):
    """What recipients have fetched from their inboxes (hämtade leveranser)."""

    def alone(self) -> AbstractContextManager[Marks]:
        """The marks, which nobody else sees or adds to meanwhile; all that is added is durable when it ends, or none.

        Who gives out a delivery reads the inbox and marks it herein, and gives it out afterwards; who recalls one looks
        and commits the recall herein: so no recall says "not fetched" of what is given out.
        """
