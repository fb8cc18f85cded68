"""Gathers the facts that the law is asked about: from the message, the register of authorities and the registers.

What leaves this room holds ages, flags, provisions and answers, and no identity (design, promise 8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize
from uuid import UUID

from broker.authorities import ANONYMOUS, Authority, Register
from broker.deadlines import linkable
from broker.facts.cooperation import consent_facts
from broker.facts.forms import add_forms
from broker.facts.parts import (
    SOMEONE,
    answers,
    asked_category,
    concerned,
    lul_notice,
    offence,
    party_facts,
    persons_in,
    refused,
)
from broker.facts.persons import People
from broker.kinds import (
    KINDS,
    CaseSharing,
    Clarification,
    ConcernDecision,
    ConcernFeedback,
    ConditionNotice,
    ConsentGiven,
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
from broker.model.days import as_number, swedish_day
from broker.model.decision import ConsentFacts, ItemFacts, PolicyInput
from broker.model.parts import Organisation, Subject, is_id
from broker.model.references import parse
from broker.model.rejected import Unusable
from broker.model.vocabulary import Category, IdType, InquiryStatus
from broker.ports.store import Agreed, Facts, Form, Person
from broker.ports.tokens import Tokens
from broker.ports.writes import Answerable

_REQUEST = InformationRequest.__name__
_INQUIRIES = {InquiryStatus.OPENED.value, InquiryStatus.RUNNING.value}

_REGISTRATIONS = {name for name, kind in KINDS.items() if kind.REGISTERS}
"""Kinds that are ended by another registration and not by a recall."""


def _compared(number: str) -> str:
    """A number as it is compared: however its letters are put together (NFC), and in capitals."""
    return normalize("NFC", number.upper())


def officer_token(tokens: Tokens, authority: str, officer: str) -> str:
    """The token of who decided, by whose authority and its own id: the same id is somebody else at another one."""
    return tokens.token("officer", f"{authority}\0{officer}")


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
    forms: Mapping[int, Form] = field(default_factory=dict)
    """The forms that the law is asked about, by their order in the input."""
    agreements: tuple[tuple[int, ...], ...] = ()
    """The records of each agreement that it is asked about, in the input's order."""
    case: str | None = None
    officer: str | None = None
    parties: tuple[Authority, ...] = field(default=())


class Gatherer:
    """Gathers facts for one message at a time."""

    def __init__(self, register: Register, facts: Facts, tokens: Tokens) -> None:
        self._register = register
        self._facts = facts
        self._tokens = tokens

    def gather(self, message: Message, sender: Authority, recipient: Authority, desk: Sender | None = None) -> Gathered:
        """Facts for one message between two registered parties. Raises NotYourRequest or Unusable.

        `desk` says from which unit and in which function it comes, where the message itself no longer does.
        """
        self._ids_are_known(message, sender)
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
            "request_recalled": reply is not None and reply.recalled and reply.kind == _REQUEST,
            "organisation": getattr(message.body, "organisation", None) is not None,
            "basis": list(getattr(message.body, "basis", ())),
            "circumstances": sorted(set(getattr(message.body, "circumstances", ()))),
            "offence": None,
            "agreements": [],
            "persons": {},
            "items": {},
        }
        people = People(day, self.person)
        forms: dict[int, Form] = {}
        agreed: Sequence[Agreed] = ()
        if isinstance(message, WithItems):
            body = message.body
            asked["offence"] = offence(body.offence, body.subject, day)
            asked["offence_dated"] = body.offence is not None and body.offence.date is not None
            asked["subject"] = people.concerned([body.subject])[0] if body.subject else None
            asked["request_basis"] = list(reply.basis) if reply else []
            asked["lul_notice"] = lul_notice(body.lul_notice)
            asked["items"] = self._items(message, reply, people)
            asked["persons"] = people.table
            asked["notified"] = self._notified(message, people, sender, recipient)
            forms = self._add_forms(asked, people, (sender, recipient))
            agreed = self._add_cooperation(asked, message, sender, recipient)
        else:
            asked["items"] = self._as_items(message, reply, people)
            asked["persons"] = dict(SOMEONE) if isinstance(message, Refusal) else people.table
            self._add_stated(asked, message, sender, recipient, reply)
            if isinstance(message, DefectionReferral):
                forms = self._add_referred(asked, message, people, (sender, recipient))
            if isinstance(message, DefectionFollowUp):
                forms = self._add_followed_up(asked, message.body.referral, sender, recipient)
            if isinstance(message, ConsentGiven):
                agreed = self._add_given(asked, message, sender)
            if isinstance(message, SituationPicture | DefectionReferral):
                agreed = self._facts.agreements(sender.in_law, recipient.in_law)
        asked["agreements"] = [found.facts for found in agreed]
        tokens = {self.person_token(person) for person in persons_in(message)} - {None}
        return Gathered(
            message=message,
            sender=sender,
            recipient=recipient,
            asked=asked,
            reply=reply,
            about=about,
            persons=tuple(sorted(token for token in tokens if token)),
            forms=forms,
            agreements=tuple(found.records for found in agreed),
            case=self._tokens.token("case", f"{sender.id}\0{message.case}") if message.case else None,
            officer=officer_token(self._tokens, sender.id, message.sender.officer) if message.sender.officer else None,
        )

    def person(self, subject: Subject) -> Person | None:
        """A person's tokens; None without an id."""
        token = self.person_token(subject)
        number = self.number_token(subject) if subject.id_type is IdType.RESERVE else None
        return Person(token, number) if token else None

    def person_token(self, subject: Subject) -> str | None:
        """A person's token; None without an id: no token, no consent, no linking. Who gave a reserve number is part."""
        if subject.id_issuer is None or subject.id is None:
            return self.number_token(subject)
        issuer = self._register.find(subject.id_issuer)
        whose = issuer.id if issuer else subject.id_issuer
        return self._tokens.token(f"person {subject.id_type}", f"{whose}\0{_compared(subject.id)}")

    def number_token(self, subject: Subject) -> str | None:
        """The token of a person's number, whoever gave it: several persons may have the same reserve number."""
        return self._tokens.token(f"person {subject.id_type}", _compared(subject.id)) if subject.id else None

    def _ids_are_known(self, message: Message, sender: Authority) -> None:
        """A new id has the contract's form; one that was recorded before may have any. Raises Unusable."""
        if isinstance(message, ConsentGiven | ConsentWithdrawn):
            name, id_ = "consent", message.body.consent
            tokens = self.consent_tokens if isinstance(message, ConsentGiven) else self.withdrawn_tokens
            known = self._facts.own_consent(sender.id, tokens(sender.id, id_)) is not None
        elif isinstance(message, CooperationAgreement):
            name, id_ = "agreement", message.body.agreement
            known = self._facts.has_agreement(self.agreement_tokens(id_))
        else:
            return
        if not known and not is_id(id_):
            form = "1-100 of A-Z a-z 0-9 ÅÄÖ åäö : . _ / and -, with no blank; nothing is recorded under this one"
            raise Unusable("invalid_value", f"body.{name}: {form}")

    def _about(self, message: Message) -> str | None:
        subject: Subject | None = getattr(message.body, "subject", None)
        organisation: Organisation | None = getattr(message.body, "organisation", None)
        if organisation is not None:
            return self._tokens.token("organisation", organisation.orgnr)
        return (self.person_token(subject) or subject.id_type.value) if subject is not None else None

    def _reply(self, message: Message, sender: Authority, recipient: Authority, about: str | None) -> Answerable | None:
        if message.in_reply_to is None:
            return None
        told = self._replied_to(message, message.in_reply_to, sender.id, recipient.id)
        if told is None or told.kind not in message.REPLIES_TO or about not in (None, told.about):
            raise NotYourRequest
        return told

    def _replied_to(self, message: Message, other: UUID, sender: str, recipient: str) -> Answerable | None:
        """What was delivered to the sender by the recipient; and what some kinds reply to beside that."""
        if isinstance(message, ConcernDecision):  # it goes to the own authority, whoever sent the notification
            return self._facts.received(sender, other)
        told = self._facts.sent(recipient, other)
        if told is not None and told.recipient == sender:
            return told
        if isinstance(message, Clarification):  # the asker's own request, of which it tells more
            told = self._facts.sent(sender, other)
            return told if told is not None and (told.recipient, told.kind) == (recipient, _REQUEST) else None
        if isinstance(message, ConcernFeedback):  # a nameless notification is answered by none, whoever is addressed
            told = self._facts.received(sender, other)
            return told if told is not None and told.sender == ANONYMOUS else None
        return None

    def _refers_to_own(self, message: Message, sender: Authority, recipient: Authority) -> bool | None:
        match message.earlier():
            case {"recalls": earlier} | {"replaces": earlier}:
                return self._facts.delivered_to(sender.id, earlier) == recipient.id
            case {"referral": referral}:
                return self._follows_up(referral, sender, recipient)
            case {"condition": notice}:
                return self._told_of(notice, sender, recipient, self._about(message))
        if isinstance(message, ConsentWithdrawn):
            return (
                self._facts.own_consent(sender.id, self.withdrawn_tokens(sender.id, message.body.consent)) is not None
            )
        if isinstance(message, ConsentGiven | CooperationAgreement):
            return sender.in_law in self._register.in_law(message.body.parties)
        return None

    def _told_of(self, notice: UUID, sender: Authority, recipient: Authority, about: str | None) -> bool:
        """The notice of a condition that starts is the sender's own, to this recipient and on this person."""
        told = self._facts.sent(sender.id, notice)
        if told is None or told.kind != ConditionNotice.__name__:
            return False
        return told.recipient == recipient.id and about in (None, told.about)

    def _follows_up(self, referral: UUID, sender: Authority, recipient: Authority) -> bool:
        """A follow-up goes between the referral's two parties, or one of them keeps it."""
        told = self._referral(referral, sender)
        return told is not None and {sender.id, recipient.id} <= {told.sender, told.recipient}

    def _referral(self, referral: UUID, party: Authority) -> Answerable | None:
        """The referral with this id that was delivered from or to this party."""
        told = self._facts.sent(party.id, referral) or self._facts.received(party.id, referral)
        return told if told is not None and told.kind == DefectionReferral.__name__ else None

    def consent_tokens(self, authority: str, consent: str) -> tuple[str, ...]:
        """Tokens of a consent's id, which belongs to its authority: today's, and those that earlier ones may have."""
        value = f"{authority}\0{consent}"
        return self._tokens.token("consent", value), *self._tokens.older("consent", value)

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

    def withdrawn_tokens(self, authority: str, consent: str) -> tuple[str, ...]:
        """Those of a consent that is withdrawn: a blank at an end of its id keeps nobody's consent alive."""
        return tuple(token for id_ in (consent, consent.strip()) for token in self.consent_tokens(authority, id_))

    def _add_forms(
        self, asked: PolicyInput, people: People, parties: tuple[Authority, Authority], named: tuple[str, ...] = ()
    ) -> dict[int, Form]:
        """Add the forms about each person that name both parties; gives them by their order there."""
        sender, recipient = parties
        known = set(self._facts.has_forms({token for person in people.tokens.values() for token in person if token}))
        found = {
            key: self._facts.forms(person, sender.in_law, recipient.in_law, (sender.id, named))
            for key, person in people.tokens.items()
            if not known.isdisjoint(person)
        }
        return add_forms(asked, found, self._register, parties)

    def _add_referred(
        self, asked: PolicyInput, message: DefectionReferral, people: People, parties: tuple[Authority, Authority]
    ) -> dict[int, Form]:
        """Add the consent that a referral names, where it is the sender's own, and what else is said of the person."""
        named = self.consent_tokens(parties[0].id, message.body.consent)
        forms = self._add_forms(asked, people, parties, named)
        own = (n for n, form in forms.items() if form.authority == parties[0].id and form.consent in named)
        asked["stated"] = {**asked.get("stated", {}), "consent": next(own, None)}
        return forms

    def _add_followed_up(
        self, asked: PolicyInput, referral: UUID, sender: Authority, recipient: Authority
    ) -> dict[int, Form]:
        """Add the consent that a referral went out under, and what else is said of the person; nothing where none is.

        The person's age is that of the referral's day: today it is that at least.
        """
        asked["stated"] = {**asked.get("stated", {}), "consent": None}
        told = self._referral(referral, sender)
        under = self._facts.consent_of(told.sender, referral) if told else None
        if told is None or under is None or under[1].token != told.about:
            return {}
        consent, person = under
        before = self._facts.asked(told.sender, referral)
        age = before["persons"]["0"]["age"] if before else None
        asked["persons"] = {"0": {"age": age, "protected": False, "consents": [], "left_out": False}}
        asked["items"]["0"]["persons"] = ["0"]
        named = (consent.authority, (consent.consent,))
        about = {"0": self._facts.forms(person, sender.in_law, recipient.in_law, named)}
        forms = add_forms(asked, about, self._register, (sender, recipient))
        place = next((n for n, form in forms.items() if form.record == consent.record), None)
        asked["stated"]["consent"] = place
        return forms

    def _add_given(self, asked: PolicyInput, message: ConsentGiven, sender: Authority) -> list[Agreed]:
        """Add what is registered: whether it has the signatures that law and agreements ask for; gives the latter."""
        facts = consent_facts(self._register, message)
        own: ConsentFacts = {
            **facts,
            "order": 0,
            "registered_by": "sender",
            "registrant": sender.in_law,
            "withdrawn": False,
        }
        for person in asked["persons"].values():
            person["consents"] = [own]
        with_each = [self._facts.agreements(sender.in_law, party) for party in facts["parties"]]
        found = [agreed for agreements in with_each for agreed in agreements]
        return [agreed for agreed in found if agreed.facts["programme"] == message.body.programme]

    def _notified(self, message: WithItems, people: People, sender: Authority, recipient: Authority) -> list[str]:
        """Keys of the persons of whom the recipient has notified the sender by name; looked up where a rule asks."""
        if all(item.category is not Category.INQUIRY_OPENED for item in message.body.items):
            return []
        told = ((key, self._facts.earlier(sender.id, person.token)) for key, person in people.tokens.items())
        return [key for key, notifications in told if any(notifier == recipient.id for notifier, _ in notifications)]

    def _decided(self, notification: Answerable | None) -> Mapping[str, str]:
        """The board's decision on a notification: `status` and `decided_on`; nothing where there is none.

        An inquiry that was opened, or runs, on another notification of the same child settles this one too.
        """
        if notification is None:
            return {}
        about = linkable(notification.about)
        if notification.answers or about is None:
            return notification.answers
        others = (self._facts.sent(by, UUID(id_)) for by, id_ in self._facts.earlier(notification.recipient, about))
        inquiries = [found.answers for found in others if found and found.answers.get("status") in _INQUIRIES]
        return inquiries[-1] if inquiries else {}

    def _add_stated(
        self,
        asked: PolicyInput,
        message: Message,
        sender: Authority,
        recipient: Authority,
        reply: Answerable | None,
    ) -> None:
        found = message.flags(self._register.municipality_code(recipient.in_law))
        if isinstance(message, ConcernFeedback):
            decided = self._decided(reply)
            found = {
                **(found or {}),
                "anonymous": reply is not None and reply.sender == ANONYMOUS,
                "recorded_status": decided.get("status"),
                "recorded_on": int(decided["decided_on"]) if decided else None,
            }
        if isinstance(message, Recall):
            found = {
                **(found or {}),
                "registration": self._facts.kind(sender.id, message.body.message) in _REGISTRATIONS,
            }
        if found is not None:
            asked["stated"] = found

    def _add_cooperation(
        self, asked: PolicyInput, message: WithItems, sender: Authority, recipient: Authority
    ) -> list[Agreed]:
        """Add the place of the case; gives the agreements that rules on consents, programmes and councils ask for."""
        agreed: list[Agreed] = []
        casework = isinstance(message, CaseSharing | CouncilReferral)
        if casework or any(person["consents"] for person in asked["persons"].values()):
            named = message.body.agreement if isinstance(message, CaseSharing | CouncilReferral) else None
            tokens = self.agreement_tokens(named) if named else None
            found = self._facts.agreements(sender.in_law, recipient.in_law, tokens)
            given = {form["programme"] for person in asked["persons"].values() for form in person["consents"]}
            given |= {message.body.programme} if isinstance(message, CaseSharing) else set()
            agreed = [one for one in found if one.facts["programme"] in given]
        if isinstance(message, CaseSharing):
            asked["programme"] = message.body.programme
            asked["place"] = self._place(message, sender, recipient)
        if isinstance(message, CouncilReferral):
            asked["level"] = message.body.level
        return agreed

    def _place(self, message: CaseSharing, sender: Authority, recipient: Authority) -> str | None:
        """Where the case is, a municipality code: the person's home, else the address, else a municipality's own."""
        subject = message.body.subject
        if subject is not None and subject.municipality:
            return subject.municipality
        own = (self._register.municipality_code(party.in_law) for party in (recipient, sender))
        return message.recipient.area or next((code for code in own if code), None)

    def agreement_tokens(self, agreement: str) -> tuple[str, ...]:
        """Tokens of an agreement's id, the same at each party: today's, and those that earlier ones may have."""
        return self._tokens.token("agreement", agreement), *self._tokens.older("agreement", agreement)
