"""What the registers say of whom a message names: asked under tokens alone."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from broker.authorities import ANONYMOUS, Address, Authority, Desk, Register
from broker.facts.forms import add_forms
from broker.facts.persons import People
from broker.model.decision import PolicyInput
from broker.model.parts import Organisation, Part, Subject
from broker.model.vocabulary import AuthorityKind, IdType, Unit
from broker.ports.store import Agreed, Facts, Form, Person
from broker.ports.tokens import Tokens
from broker.ports.writes import Answerable


class Registers:
    """The register of authorities, and the broker's own under their tokens."""

    def __init__(self, authorities: Register, facts: Facts, tokens: Tokens) -> None:
        self.authorities = authorities
        self.facts = facts
        self.tokens = tokens

    def person(self, subject: Subject) -> Person | None:
        """A person's tokens; None without an id."""
        token = self.person_token(subject)
        number = self._number_token(subject) if subject.id_type is IdType.RESERVE else None
        return Person(token, number) if token else None

    def person_token(self, subject: Subject) -> str | None:
        """A person's token; None without an id: no token, no consent, no linking. Who gave a reserve number is part."""
        name = _name(self.authorities, subject)
        return self.tokens.token(*name) if name else None

    def _number_token(self, subject: Subject) -> str | None:
        """The token of a person's number, whoever gave it: several persons may have the same reserve number."""
        name = _number(subject)
        return self.tokens.token(*name) if name else None

    def about(self, body: Part) -> str | None:
        """The token of the organisation or person that a body is about; of one without an id what it lacks."""
        subject: Subject | None = getattr(body, "subject", None)
        organisation: Organisation | None = getattr(body, "organisation", None)
        if organisation is not None:
            return self.tokens.token("organisation", organisation.orgnr)
        return (self.person_token(subject) or subject.id_type.value) if subject is not None else None

    def unit_of(self, sender: str, message: UUID) -> Unit | None:
        """The unit that a decided message of this sender's came from; None where it has sent none with this id."""
        asked = self.facts.policy_input(sender, message)
        return Unit(asked["sender"]["unit"]) if asked else None

    def sender_address(self, sender: str, message: UUID) -> str | None:
        """The address that it came from, by the register as it is now: a unit's earlier messages are its desk's."""
        if not self.authorities.desks(sender):
            return sender
        unit = self.unit_of(sender, message)
        return self.authorities.address(sender, unit) if unit is not None else None

    def consent_tokens(self, owner: str, consent: str) -> tuple[str, ...]:
        """Tokens of a consent's id, which belongs to its authority or desk: today's, and those of earlier keys."""
        return self._tokens_of("consent", f"{owner}\0{consent}")

    def own_number_token(self, authority: Authority, number: str | None) -> str | None:
        """The token of a number of an authority's own (diarienummer); None without one."""
        return self.tokens.token("case", f"{authority.id}\0{number}") if number else None

    def officer_token(self, authority: Authority, officer: str | None) -> str | None:
        """The token of who decided there; None where nobody is told."""
        return self.tokens.token("officer", f"{authority.id}\0{officer}") if officer else None

    def intake_token(self, sender: Authority, message: UUID) -> str | None:
        """Marks a nameless message of the public's, so that its intake can be told of it; None of other senders'.

        Only an intake is found by its mark. Who else is shown as one (`Authority.nameless`) has a mark of nobody.
        """
        if sender.nameless().kind is not AuthorityKind.PUBLIC_INTAKE:
            return None
        intake = sender.id if sender.kind is AuthorityKind.PUBLIC_INTAKE else ""
        return self.tokens.token("intake", f"{message}\0{intake}")

    def intake_of(self, message: UUID) -> Authority | None:
        """The intake that handed in a nameless message."""
        mark = (self.facts.record_of(ANONYMOUS, message) or {}).get("handed_in")
        intakes = (party for party in self.authorities if party.kind is AuthorityKind.PUBLIC_INTAKE)
        marks = ((party, self._tokens_of("intake", f"{message}\0{party.id}")) for party in intakes)
        return next((party for party, tokens in marks if mark in tokens), None)

    def other_tokens(self, persons: Iterable[Subject], body: Part) -> dict[str, str]:
        """Tokens under other keys, of these persons and the organisation that a body is about -> today's."""
        if len(self.tokens.key_ids) == 1:
            return {}
        named = {name for subject in persons for name in _names(self.authorities, subject)}
        organisation: Organisation | None = getattr(body, "organisation", None)
        if organisation is not None:
            named.add(("organisation", organisation.orgnr))
        return {token: self.tokens.token(*name) for name in named for token in self.tokens.older(*name)}

    def agreement_tokens(self, agreement: str) -> tuple[str, ...]:
        """Tokens of an agreement's id, the same at each party: today's, and those that earlier ones may have."""
        return self._tokens_of("agreement", agreement)

    def _tokens_of(self, kind: str, value: str) -> tuple[str, ...]:
        return _all(self.tokens, kind, value)


class RestsOn(NamedTuple):
    """What of the registers the law is asked about: forms by their order in the input, and agreements."""

    forms: Mapping[int, Form] = {}
    agreements: Sequence[Agreed] = ()


class Way(NamedTuple):
    """From which address a message comes, in which inbox it comes to lie, and to which unit there."""

    sent_from: str
    inbox: str
    unit: Unit


@dataclass(frozen=True)
class Context:
    """What is around one message: its parties, what it replies to, and the registers as they stand."""

    registers: Registers
    sender: Authority
    recipient: Authority
    way: Way
    about: str | None
    """The token of whom it is about."""
    people: People
    registrations: Collection[str]
    """Kinds that are ended by another registration and not by a recall."""
    reply: Answerable | None = None
    """What it replies to."""

    @property
    def facts(self) -> Facts:
        """The broker's own registers."""
        return self.registers.facts

    def is_delivered_here(self, message: UUID) -> bool:
        """Whether an earlier message of the sender's, or of the same desk's of it, went to the same recipient."""
        inbox = self.facts.recipient_of(self.sender.id, message)
        return inbox is not None and Address.read(inbox).authority == self.recipient.id and self.is_own(message)

    def is_own(self, message: UUID) -> bool:
        """Whether the sender's earlier message came from the same address."""
        return self.registers.sender_address(self.sender.id, message) == self.way.sent_from

    def desks(self) -> tuple[Desk | None, Desk | None]:
        """The desks that send and get it, where they are such."""
        locate = self.registers.authorities.locate
        sends, gets = locate(self.way.sent_from), locate(self.way.inbox)
        return (sends and sends.desk), (gets and gets.desk)

    def is_among(self, parties: Sequence[str]) -> bool:
        """Whether the sender is one of these, in law."""
        return self.sender.in_law in self.registers.authorities.in_law(parties)

    def recipient_code(self) -> str | None:
        """The recipient's municipality code."""
        return self.registers.authorities.municipality_code(self.recipient.in_law)

    def agreements(self, named: str | None = None) -> Sequence[Agreed]:
        """Agreements between the parties; `named`: and the one with this id."""
        tokens = self.registers.agreement_tokens(named) if named else None
        return self.facts.agreements(self.sender.in_law, self.recipient.in_law, tokens)

    def add_forms(self, asked: PolicyInput, named: tuple[str, ...] = ()) -> dict[int, Form]:
        """Add the forms about each person that name both parties; gives them by their order there.

        `named`: tokens of a consent of the sender's that is looked at whatever else there is.
        """
        tokens = {token for person in self.people.tokens.values() for token in person if token}
        known = set(self.facts.has_forms(tokens))
        about = {key: person for key, person in self.people.tokens.items() if not known.isdisjoint(person)}
        return self.add_forms_about(asked, about, (self.way.sent_from, named))

    def add_forms_about(
        self, asked: PolicyInput, persons: Mapping[str, Person], named: tuple[str, tuple[str, ...]]
    ) -> dict[int, Form]:
        """Add the forms about these persons (by key); `named`: whose, and tokens of its id."""
        one, other = self.sender.in_law, self.recipient.in_law
        forms = {key: self.facts.forms(person, one, other, named) for key, person in persons.items()}
        parties = (self.sender, self.recipient)
        return add_forms(asked, forms, self.registers.authorities, parties, self.way.sent_from)


def case_tokens(tokens: Tokens, authority: str, number: str) -> tuple[str, ...]:
    """The token of a number of an authority's own (diarienummer), and those that it may have under earlier keys."""
    return _all(tokens, "case", f"{authority}\0{number}")


def officer_tokens(tokens: Tokens, authority: str, officer: str) -> tuple[str, ...]:
    """The token of who decided, by whose authority and its own id: the same id is somebody else at another one.

    And those that it may have under earlier keys.
    """
    return _all(tokens, "officer", f"{authority}\0{officer}")


def person_tokens(tokens: Tokens, parties: Register, subject: Subject) -> tuple[str, ...]:
    """A person's token, and those that it may have under earlier keys; none without an id."""
    name = _name(parties, subject)
    return _all(tokens, *name) if name else ()


def _all(tokens: Tokens, kind: str, value: str) -> tuple[str, ...]:
    return tokens.token(kind, value), *tokens.older(kind, value)


def _name(parties: Register, subject: Subject) -> tuple[str, str] | None:
    """What a person's token is made of; None without an id. Who gave a reserve number is part."""
    if subject.id_issuer is None or subject.id is None:
        return _number(subject)
    issuer = parties.find(subject.id_issuer)
    whose = issuer.id if issuer else subject.id_issuer
    return f"person {subject.id_type}", f"{whose}\0{_comparable(subject.id)}"


def _number(subject: Subject) -> tuple[str, str] | None:
    """What the token of a person's number is made of, whoever gave it."""
    return (f"person {subject.id_type}", _comparable(subject.id)) if subject.id else None


def _names(parties: Register, subject: Subject) -> Iterator[tuple[str, str]]:
    """All that tokens of a person are made of."""
    yield from (name for name in (_name(parties, subject), _number(subject)) if name)


def _comparable(number: str) -> str:
    """A number as it is compared: however its letters are put together (NFC), and in capitals."""
    return normalize("NFC", number.upper())
