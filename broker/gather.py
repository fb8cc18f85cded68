"""Gathers the facts that the law is asked about: from the message, the register of authorities and the registers.

What leaves this room holds ages, flags, provisions and answers, and no identity (design, promise 8).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from broker.authorities import Authority, Register
from broker.decision import ItemFacts, OffenceFacts, PartyFacts, PersonFacts, PolicyInput
from broker.messages import (
    CaseSharing,
    ConsentWithdrawn,
    CooperationAgreement,
    CouncilReferral,
    InformationRequest,
    Message,
    Recall,
    WithItems,
)
from broker.messages.envelope import SWEDEN
from broker.messages.parts import Assessment, Item, Offence, Organisation, Subject
from broker.ports import DeliveredRequest, Facts, Tokens
from broker.references import parse
from broker.vocabulary import ProtectedIdentity, SubjectIs

ANY_GROUND = "*"


class NotYourRequest(Exception):
    """The message answers a request that does not exist or was asked of somebody else."""


@dataclass(frozen=True)
class Gathered:
    """A message with all that the law is asked about it, and the tokens that its record holds instead of identities."""

    message: Message
    sender: Authority
    recipient: Authority
    asked: PolicyInput
    reply: DeliveredRequest | None
    about: str | None = None
    persons: tuple[str, ...] = ()
    case: str | None = None
    parties: tuple[Authority, ...] = field(default=())


def swedish_day(moment: datetime) -> date:
    """The Swedish calendar day of a moment."""
    return moment.astimezone(SWEDEN).date()


def as_number(day: date) -> int:
    """A day as an integer, 20261121: rules read no clock and parse no text."""
    return day.year * 10_000 + day.month * 100 + day.day


def age_on(day: date, born: date | None) -> int | None:
    """Age in whole years on a day; None when the birth is not known or lies ahead."""
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Gatherer:
    """Gathers facts for one message at a time."""

    def __init__(self, register: Register, facts: Facts, tokens: Tokens) -> None:
        self._register = register
        self._facts = facts
        self._tokens = tokens

    def gather(self, message: Message, sender: Authority, recipient: Authority) -> Gathered:
        """Facts for one message between two registered parties. Raises NotYourRequest."""
        day = swedish_day(message.time)
        about = self._about(message)
        reply = self._reply(message, sender, recipient, about)
        asked: PolicyInput = {
            "kind": message.kind,
            "day": as_number(day),
            "sender": party_facts(sender, message.sender.unit, message.sender.role),
            "recipient": party_facts(recipient, message.recipient.unit, None),
            "in_reply_to_request": reply is not None,
            "refers_to_own": self._refers_to_own(message, sender, recipient),
            "organisation": getattr(message.body, "organisation", None) is not None,
            "basis": list(getattr(message.body, "basis", ())),
            "circumstances": sorted(set(getattr(message.body, "circumstances", ()))),
            "offence": None,
            "agreements": [],
            "items": {},
        }
        if isinstance(message, WithItems):
            asked["offence"] = _offence(message.body.offence, message.body.subject, day)
            asked["items"] = self._items(message, reply, day)
            self._add_cooperation(asked, message, sender, recipient)
        elif isinstance(message, InformationRequest):
            persons = [self._person(message.body.subject, day)] if message.body.subject else []
            asked["items"] = {
                str(index): asked_category(category, message.body.purpose, persons)
                for index, category in enumerate(message.body.categories)
            }
        tokens = {self.person_token(person) for person in _persons_in(message)} - {None}
        return Gathered(
            message=message,
            sender=sender,
            recipient=recipient,
            asked=asked,
            reply=reply,
            about=about,
            persons=tuple(sorted(token for token in tokens if token)),
            case=self._tokens.token("case", f"{sender.id}\0{message.case}") if message.case else None,
        )

    def person_token(self, subject: Subject) -> str | None:
        """A person's token; None without an id: no token, no consent, no linking."""
        return self._tokens.token(f"person {subject.id_type}", subject.id) if subject.id else None

    def _about(self, message: Message) -> str | None:
        subject: Subject | None = getattr(message.body, "subject", None)
        organisation: Organisation | None = getattr(message.body, "organisation", None)
        if organisation is not None:
            return self._tokens.token("organisation", organisation.orgnr)
        return (self.person_token(subject) or subject.id_type.value) if subject is not None else None

    def _reply(
        self, message: Message, sender: Authority, recipient: Authority, about: str | None
    ) -> DeliveredRequest | None:
        if message.in_reply_to is None:
            return None
        request = self._facts.request(recipient.id, message.in_reply_to)
        if request is None or request.recipient != sender.id or about not in (None, request.about):
            raise NotYourRequest
        return request

    def _refers_to_own(self, message: Message, sender: Authority, recipient: Authority) -> bool | None:
        if isinstance(message, Recall):
            return self._facts.delivered_to(sender.id, message.body.message) == recipient.id
        if isinstance(message, WithItems) and message.body.replaces is not None:
            return self._facts.delivered_to(sender.id, message.body.replaces) == recipient.id
        if isinstance(message, ConsentWithdrawn):
            return self._facts.own_consent(sender.id, self.consent_token(sender.id, message.body.consent)) is not None
        if isinstance(message, CooperationAgreement):
            return sender.in_law in self._register.in_law(message.body.parties)
        return None

    def consent_token(self, authority: str, consent: str) -> str:
        """A consent's token: its id belongs to its authority."""
        return self._tokens.token("consent", f"{authority}\0{consent}")

    def _items(self, message: WithItems, reply: DeliveredRequest | None, day: date) -> dict[str, ItemFacts]:
        body = message.body
        own_purpose = body.purpose or (reply.purpose if reply else None)
        items: dict[str, ItemFacts] = {}
        for index, item in enumerate(body.items):
            on_request = reply is not None and item.category in reply.categories
            items[str(index)] = {
                "category": item.category,
                "purpose": reply.purpose if reply and on_request else own_purpose,
                "on_request": on_request,
                "secrecy": [parse(reference) for reference in dict.fromkeys(item.secrecy)],
                "answers": _answers(body.assessments, item.assessments),
                "persons": [self._person(person, day) for person in _concerned(item, body.subject)],
            }
        return items

    def _add_cooperation(self, asked: PolicyInput, message: WithItems, sender: Authority, recipient: Authority) -> None:
        """What rules on consents, programmes and councils ask: agreements, and the place of the case."""
        casework = isinstance(message, CaseSharing | CouncilReferral)
        if casework or any(p["consents"] for item in asked["items"].values() for p in item["persons"]):
            named = message.body.agreement if isinstance(message, CaseSharing | CouncilReferral) else None
            token = self.agreement_token(named) if named else None
            asked["agreements"] = list(self._facts.agreements(sender.in_law, recipient.in_law, token))
        if isinstance(message, CaseSharing):
            asked["programme"] = message.body.programme
            asked["place"] = self._place(message, sender, recipient)
        if isinstance(message, CouncilReferral):
            asked["level"] = message.body.level

    def _place(self, message: CaseSharing, sender: Authority, recipient: Authority) -> str | None:
        """Where the case is, a municipality code: the person's home, else the address, else a municipality's own."""
        subject = message.body.subject
        if subject is not None and subject.municipality:
            return subject.municipality
        own = (self._register.municipality_code(party.in_law) for party in (recipient, sender))
        return message.recipient.area or next((code for code in own if code), None)

    def agreement_token(self, agreement: str) -> str:
        """An agreement's token: the same id at each party."""
        return self._tokens.token("agreement", agreement)

    def _person(self, subject: Subject, day: date) -> PersonFacts:
        token = self.person_token(subject)
        return {
            "age": age_on(day, subject.born()),
            "protected": subject.protected_identity is not ProtectedIdentity.NONE,
            "consents": list(self._facts.consents(token)) if token else [],
        }


def party_facts(authority: Authority, unit: str, role: str | None) -> PartyFacts:
    """A party as the rules see it."""
    return {
        "id": authority.id,
        "authority": authority.in_law,
        "kinds": authority.kinds,
        "principal": authority.principal,
        "forms": sorted(authority.forms),
        "works_with_children": authority.works_with_children,
        "unit": unit,
        "role": role,
    }


def asked_category(category: str, purpose: str, persons: list[PersonFacts]) -> ItemFacts:
    """A category that is asked for: of what nobody has answered yet, neither secrecy nor answers are known."""
    return {
        "category": category,
        "purpose": purpose,
        "on_request": True,
        "secrecy": [],
        "answers": {},
        "persons": persons,
    }


def _concerned(item: Item, subject: Subject | None) -> tuple[Subject, ...]:
    return item.concerns or ((subject,) if subject else ())


def _persons_in(message: Message) -> list[Subject]:
    body: Any = message.body
    found = [body.subject] if getattr(body, "subject", None) else []
    for item in getattr(body, "items", ()):
        found.extend(item.concerns or ())
    return found


def _answers(of_body: Iterable[Assessment], of_item: Iterable[Assessment]) -> dict[str, dict[str, bool]]:
    """Answers that hold for an item: its own win over the body's, one for a ground over one for any."""
    own: dict[str, dict[str, bool]] = {}
    for given in of_item:
        own.setdefault(given.test, {})[given.ground or ANY_GROUND] = given.holds
    merged = {test: dict(by_ground) for test, by_ground in own.items()}
    for given in of_body:
        if ANY_GROUND not in own.get(given.test, {}):
            merged.setdefault(given.test, {}).setdefault(given.ground or ANY_GROUND, given.holds)
    return merged


def _offence(offence: Offence | None, subject: Subject | None, day: date) -> OffenceFacts | None:
    if offence is None:
        return None
    on = offence.date or day
    victim = offence.subject_is is SubjectIs.VICTIM
    return {
        "provision": parse(offence.provision),
        "committed": offence.committed,
        "degree": offence.degree,
        "stage": offence.stage,
        "day": as_number(on),
        "subject_is": offence.subject_is,
        "subject_age": age_on(on, subject.born()) if subject and victim else None,
        "victim_under_18": offence.victim_under_18,
        "close_relation": offence.close_relation,
        "connected_with_school": offence.connected_with_school,
    }
