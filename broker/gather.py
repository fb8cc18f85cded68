"""Gathers the facts that the law is asked about: from the message, the register of authorities and the registers.

What leaves this room holds ages, flags, provisions and answers, and no identity (design, promise 8).
"""

from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize
from uuid import UUID

from broker.authorities import Authority, Register
from broker.decision import ConsentFacts, ItemFacts, PolicyInput
from broker.facts import (
    SOMEONE,
    answers,
    as_number,
    asked_category,
    concerned,
    offence,
    party_facts,
    persons_in,
    refused,
)
from broker.messages import (
    CaseSharing,
    ChannelAction,
    ConcernDecision,
    ConcernFeedback,
    ConsentWithdrawn,
    CooperationAgreement,
    CouncilReferral,
    DefectionFollowUp,
    DefectionReferral,
    InformationRequest,
    Message,
    Recall,
    Refusal,
    Sender,
    SituationPicture,
    WithItems,
)
from broker.messages.envelope import swedish_day
from broker.messages.parts import Organisation, Subject
from broker.people import People
from broker.ports import Answerable, Facts, Tokens
from broker.references import parse
from broker.stated import stated
from broker.vocabulary import Category

_ANSWERS = {
    ConcernDecision: "ConcernNotification",
    ConcernFeedback: "ConcernNotification",
    ChannelAction: "ChannelAction",
}
"""What a kind replies to, where that is no InformationRequest."""


def _compared(number: str) -> str:
    """A number as it is compared: however its letters are put together (NFC), and in capitals."""
    return normalize("NFC", number.upper())


class NotYourRequest(Exception):
    """The message answers something that does not exist or was sent to somebody else."""


@dataclass(frozen=True)
class Gathered:
    """A message with all that the law is asked about it, and the tokens that its record holds instead of identities."""

    message: Message
    sender: Authority
    recipient: Authority
    asked: PolicyInput
    reply: Answerable | None
    about: str | None = None
    persons: tuple[str, ...] = ()
    case: str | None = None
    parties: tuple[Authority, ...] = field(default=())


class Gatherer:
    """Gathers facts for one message at a time."""

    def __init__(self, register: Register, facts: Facts, tokens: Tokens) -> None:
        self._register = register
        self._facts = facts
        self._tokens = tokens

    def gather(self, message: Message, sender: Authority, recipient: Authority, desk: Sender | None = None) -> Gathered:
        """Facts for one message between two registered parties. Raises NotYourRequest.

        `desk` says from which unit and in which function it comes, where the message itself no longer does.
        """
        desk = desk or message.sender
        day = swedish_day(message.time)
        about = self._about(message)
        reply = self._reply(message, sender, recipient, about)
        asked: PolicyInput = {
            "kind": message.kind,
            "day": as_number(day),
            "sender": party_facts(sender, desk.unit, desk.role),
            "recipient": party_facts(recipient, message.recipient.unit, None),
            "in_reply_to_request": reply is not None,
            "refers_to_own": self._refers_to_own(message, sender, recipient),
            "organisation": getattr(message.body, "organisation", None) is not None,
            "basis": list(getattr(message.body, "basis", ())),
            "circumstances": sorted(set(getattr(message.body, "circumstances", ()))),
            "offence": None,
            "agreements": [],
            "persons": {},
            "items": {},
        }
        people = People(day, self.person_token)
        if isinstance(message, WithItems):
            asked["offence"] = offence(message.body.offence, message.body.subject, day)
            asked["items"] = self._items(message, reply, people)
            for key, token in people.tokens.items():
                people.table[key]["consents"] = list(self._facts.consents(token))
            asked["persons"] = people.table
            self._add_cooperation(asked, message, sender, recipient)
        else:
            asked["items"] = self._as_items(message, reply, people)
            if isinstance(message, DefectionReferral):
                for key, token in people.tokens.items():
                    people.table[key]["consents"] = self._named_consent(message, sender, token)
            asked["persons"] = dict(SOMEONE) if isinstance(message, Refusal) else people.table
            self._add_stated(asked, message, sender, recipient)
        tokens = {self.person_token(person) for person in persons_in(message)} - {None}
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
        """A person's token; None without an id: no token, no consent, no linking. Who gave a reserve number is part."""
        if subject.id_issuer is None or subject.id is None:
            return self.number_token(subject)
        return self._tokens.token(f"person {subject.id_type}", f"{subject.id_issuer}\0{_compared(subject.id)}")

    def number_token(self, subject: Subject) -> str | None:
        """The token of a person's number, whoever gave it: several persons may have the same reserve number."""
        return self._tokens.token(f"person {subject.id_type}", _compared(subject.id)) if subject.id else None

    def _about(self, message: Message) -> str | None:
        subject: Subject | None = getattr(message.body, "subject", None)
        organisation: Organisation | None = getattr(message.body, "organisation", None)
        if organisation is not None:
            return self._tokens.token("organisation", organisation.orgnr)
        return (self.person_token(subject) or subject.id_type.value) if subject is not None else None

    def _reply(self, message: Message, sender: Authority, recipient: Authority, about: str | None) -> Answerable | None:
        if message.in_reply_to is None:
            return None
        if isinstance(message, ConcernDecision):  # it goes to the own authority, whoever sent the notification
            told = self._facts.received(sender.id, message.in_reply_to)
        else:
            told = self._facts.sent(recipient.id, message.in_reply_to)
        if told is None or told.kind != _ANSWERS.get(type(message), InformationRequest.__name__):
            raise NotYourRequest
        if told.recipient != sender.id or about not in (None, told.about):
            raise NotYourRequest
        return told

    def _refers_to_own(self, message: Message, sender: Authority, recipient: Authority) -> bool | None:
        if isinstance(message, Recall):
            return self._facts.delivered_to(sender.id, message.body.message) == recipient.id
        if isinstance(message, WithItems) and message.body.replaces is not None:
            return self._facts.delivered_to(sender.id, message.body.replaces) == recipient.id
        if isinstance(message, ConsentWithdrawn):
            return self._facts.own_consent(sender.id, self.consent_token(sender.id, message.body.consent)) is not None
        if isinstance(message, DefectionFollowUp):
            return self._follows_up(message.body.referral, sender, recipient)
        if isinstance(message, CooperationAgreement):
            return sender.in_law in self._register.in_law(message.body.parties)
        return None

    def _follows_up(self, referral: UUID, sender: Authority, recipient: Authority) -> bool:
        """A follow-up goes between the referral's two parties, or one of them keeps it."""
        told = self._facts.sent(sender.id, referral) or self._facts.received(sender.id, referral)
        if told is None or told.kind != DefectionReferral.__name__:
            return False
        return {sender.id, recipient.id} <= {told.sender, told.recipient}

    def consent_token(self, authority: str, consent: str) -> str:
        """A consent's token: its id belongs to its authority."""
        return self._tokens.token("consent", f"{authority}\0{consent}")

    def _items(self, message: WithItems, reply: Answerable | None, people: People) -> dict[str, ItemFacts]:
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
                "answers": answers(body.assessments, item.assessments),
                "persons": people.concerned(concerned(item, body.subject)),
            }
        return items

    def _as_items(self, message: Message, reply: Answerable | None, people: People) -> dict[str, ItemFacts]:
        """What of a message without items the rules look at as on items: categories, or the message as a whole."""
        body: Any = message.body
        subject: Subject | None = getattr(body, "subject", None)
        persons = people.concerned([subject] if subject else [])
        if isinstance(message, InformationRequest):
            return {
                str(index): asked_category(category, body.purpose, persons)
                for index, category in enumerate(body.categories)
            }
        if isinstance(message, Refusal):
            return refused(message, reply.purpose if reply else None)
        category = Category.INQUIRY_OPENED if isinstance(message, ConcernFeedback) else Category.OTHER
        whole: ItemFacts = {
            "category": category,
            "purpose": None,
            "on_request": reply is not None,
            "secrecy": [],
            "answers": answers(getattr(body, "assessments", ()), ()),
            "persons": persons,
        }
        return {"0": whole}

    def _named_consent(self, message: DefectionReferral, sender: Authority, person: str) -> list[ConsentFacts]:
        """The consent that a referral names, if it is the sender's own and protects this person."""
        named = (sender.id, self.consent_token(sender.id, message.body.consent))
        return list(self._facts.consents(person, named))

    def _add_stated(self, asked: PolicyInput, message: Message, sender: Authority, recipient: Authority) -> None:
        found = stated(message, self._register.municipality_code(recipient.in_law))
        if found is not None:
            asked["stated"] = found
        if isinstance(message, SituationPicture | DefectionReferral):
            asked["agreements"] = list(self._facts.agreements(sender.in_law, recipient.in_law))

    def _add_cooperation(self, asked: PolicyInput, message: WithItems, sender: Authority, recipient: Authority) -> None:
        """What rules on consents, programmes and councils ask: agreements, and the place of the case."""
        casework = isinstance(message, CaseSharing | CouncilReferral)
        if casework or any(person["consents"] for person in asked["persons"].values()):
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
