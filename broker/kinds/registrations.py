"""Kinds that are kept in a register as facts for others: consents, cooperation agreements."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from broker.authorities import Register
from broker.facts.recorded_consent import NO_END
from broker.facts.registers import Context, RestsOn
from broker.kinds.exchange import Categories
from broker.kinds.message import Message
from broker.model.canonical import canonical
from broker.model.days import Day, as_number, microseconds, rfc3339
from broker.model.decision import AgreementFacts, ConsentFacts, Decision, Json, PolicyInput, RecordedConsent
from broker.model.parts import MAX_LIST, AreaCode, AuthorityId, Identifier, Part, Subject, is_id
from broker.model.unusable import Unusable
from broker.model.vocabulary import Answer, ConsentForm, GuardiansNeeded, Programme, Purpose, SignerRole, Unit
from broker.ports.store import Form
from broker.ports.writes import AgreementRow, ConsentRow, Effects, InboxLine, Informed, Withdrawal

Parties = Annotated[tuple[AuthorityId, ...], Field(min_length=2, max_length=MAX_LIST, fail_fast=True)]
Purposes = Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]
Age = Annotated[int, Field(ge=0, le=120)]


class Validity(Part):
    """The days between which something holds, the last included."""

    valid_from: Day
    """First day."""
    valid_until: Day | None = None
    """Last day; null: until further notice."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self


class SignatureGiven(Part):
    """One signer's answer."""

    role: SignerRole
    """Who answered."""
    answer: Answer
    """Yes or no."""


class ConsentGivenBody(Validity):
    """A consent and all that limits it (samtycke)."""

    consent: Identifier
    """The consent's id at its authority (A-Z a-z 0-9 ÅÄÖ åäö : . _ / -); given again it is a new version."""
    programme: Programme
    """Form of cooperation that it belongs to."""
    subject: Subject
    """Whom it protects."""
    given_by: Annotated[tuple[SignatureGiven, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]
    """Who answered what."""
    guardians: Annotated[int, Field(ge=0, le=10)] = 0
    """Number of guardians with custody (vårdnadshavare)."""
    parties: Parties
    """Between whom information may move."""
    categories: Categories
    """Kinds of information that it covers."""
    purposes: Purposes
    """Purposes that it covers."""
    form: ConsentForm
    """Written or oral."""


class ConsentGiven(Message):
    """A consent is recorded (samtycke lämnat)."""

    REGISTERS = True

    kind: Literal["ConsentGiven"]
    """The message's kind."""
    body: ConsentGivenBody
    """The consent."""

    def check(self, context: Context) -> None:
        """A new id has the contract's form."""
        owner = context.way.sent_from
        consents = context.registers.consent_tokens(owner, self.body.consent)
        _check("consent", self.body.consent, known=context.facts.own_consent(owner, consents) is not None)

    def refers_to_own(self, context: Context) -> bool | None:
        """The sender is a party to it."""
        return context.is_among(self.body.parties)

    def facts(self, authorities: Register) -> RecordedConsent:
        """The form as the register keeps it."""
        body = self.body
        answers = [(signed.role, signed.answer) for signed in body.given_by]
        return {
            "programme": body.programme,
            "form": body.form,
            "parties": authorities.in_law(body.parties),
            "categories": sorted(set(body.categories)),
            "purposes": sorted(set(body.purposes)),
            "valid_from": as_number(body.valid_from),
            "valid_until": as_number(body.valid_until) if body.valid_until else NO_END,
            "guardians": body.guardians,
            "guardians_yes": answers.count((SignerRole.GUARDIAN, Answer.YES)),
            "guardians_no": answers.count((SignerRole.GUARDIAN, Answer.NO)),
            "subject_yes": (SignerRole.SUBJECT, Answer.YES) in answers,
            "subject_no": (SignerRole.SUBJECT, Answer.NO) in answers,
        }

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """And what is registered: whether it has the signatures that law and agreements ask for."""
        super().add_facts(asked, context)
        facts = self.facts(context.registers.authorities)
        for person in asked["persons"].values():
            own: ConsentFacts = {
                **facts,
                "order": 0,
                "registered_by": "sender",
                "registrant": context.sender.in_law,
                "withdrawn": False,
            }
            person["consents"] = [own]
        with_each = (context.facts.agreements(context.sender.in_law, party) for party in facts["parties"])
        agreements = [agreed for agreements in with_each for agreed in agreements]
        return RestsOn(agreements=[one for one in agreements if one.facts["programme"] == self.body.programme])

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """The form; its parties are told of one that has every signature, and from then on of its withdrawal."""
        owner, registers = context.way.sent_from, context.registers
        consent, *earlier = registers.consent_tokens(owner, self.body.consent)
        person = registers.person(self.body.subject)
        row = ConsentRow(
            authority=owner,
            consent=consent,
            earlier=tuple(earlier),
            subject=person.token if person else None,
            number=person.number if person else None,
            facts=self.facts(registers.authorities),
            message=str(self.id),
            time=microseconds(self.time),
        )
        parties = filter(None, map(registers.authorities.find, self.body.parties if decision.tells else ()))
        others = sorted({party.id for party in parties} - {context.sender.id})
        inboxes = [registers.authorities.address(party, Unit.REGISTRY) for party in others]
        knowers = tuple(Informed(owner, consent, inbox, str(self.id), notice=True) for inbox in inboxes)
        content = self._notice(context.sender.id)
        notices = (InboxLine(inbox, "notice", None, str(self.id), content) for inbox in inboxes)
        return effects._replace(consent=row, informed=knowers, inbox=(*effects.inbox, *notices))

    def _notice(self, authority: str) -> Json:
        """That a consent is there: of whom, for what, how long; no word that somebody wrote."""
        body = self.body
        return {
            "type": "notice",
            "notice": "consent_registered",
            "message": str(self.id),
            "authority": authority,
            "subject": body.subject.model_dump(mode="json", include={"id_type", "id", "id_issuer"}),
            "programme": body.programme.value,
            "valid_from": body.valid_from.isoformat(),
            "valid_until": body.valid_until.isoformat() if body.valid_until else None,
            "time": rfc3339(self.time),
        }


class ConsentWithdrawnBody(Part):
    """Which consent ends, and by whom."""

    consent: Identifier
    """The consent's id at the sending authority."""
    by: SignerRole
    """Who withdrew."""


class ConsentWithdrawn(Message):
    """A consent is withdrawn, at once (samtycke återkallat)."""

    REGISTERS = True
    COMES_ALONE = True

    kind: Literal["ConsentWithdrawn"]
    """The message's kind."""
    body: ConsentWithdrawnBody
    """Which consent ends."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"by": self.body.by}

    def check(self, context: Context) -> None:
        """One that was recorded before may have any form."""
        _check("consent", self.body.consent, known=self._consent(context) is not None)

    def refers_to_own(self, context: Context) -> bool | None:
        """The consent is the sender's own."""
        return self._consent(context) is not None

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """The withdrawal; whoever knows of the consent is told."""
        owner, time = context.way.sent_from, microseconds(self.time)
        consents = self._tokens(context)
        row = Withdrawal(owner, consents, self.body.by, time)
        before = self._consent(context)
        notices: list[InboxLine] = []
        if before is not None and not before.withdrawn and before.time <= time:
            known = sorted(
                context.facts.informed_parties(owner, consents),
                key=lambda one: (one.party, not one.notice, one.message),
            )
            for name, of_party in groupby(known, key=attrgetter("party")):
                inbox = context.registers.authorities.standing(name)
                if context.registers.authorities.locate(inbox) is not None:
                    content = self._notice(context.sender.id, before.facts, list(of_party))
                    notices.append(InboxLine(inbox, "notice", None, str(self.id), content))
        return effects._replace(withdrawn=row, inbox=(*effects.inbox, *notices))

    def _tokens(self, context: Context) -> tuple[str, ...]:
        """Those of its id: a blank at an end keeps nobody's consent alive."""
        ids = (self.body.consent, self.body.consent.strip())
        return tuple(token for id_ in ids for token in context.registers.consent_tokens(context.way.sent_from, id_))

    def _consent(self, context: Context) -> Form | None:
        return context.facts.own_consent(context.way.sent_from, self._tokens(context))

    def _notice(self, authority: str, facts: RecordedConsent, known: Sequence[Informed]) -> Json:
        """That a consent is withdrawn: by what a party was told of it, and what it got under it."""
        return {
            "type": "notice",
            "notice": "consent_withdrawn",
            "messages": [one.message for one in known if one.notice],
            "authority": authority,
            "programme": facts["programme"],
            "received": [one.message for one in known if not one.notice],
            "time": rfc3339(self.time),
        }


class SignersFromAge(Part):
    """Who must sign from an age on, where the agreement asks for more than the law."""

    from_age: Age
    """Age from which it holds."""
    subject: bool = False
    """Must the person sign?"""
    guardians: GuardiansNeeded | None = None
    """How many guardians must sign; null: none."""


class CooperationAgreementBody(Validity):
    """An agreement to cooperate (samverkansöverenskommelse)."""

    agreement: Identifier
    """The agreement's id, the same at each party (A-Z a-z 0-9 ÅÄÖ åäö : . _ / -); sent again it is a new version."""
    programme: Programme
    """Form of cooperation."""
    parties: Parties
    """Who agrees."""
    purposes: Purposes
    """What for."""
    area: Annotated[tuple[AreaCode, ...], Field(max_length=400, fail_fast=True)] = ()
    """Municipality codes or police regions where it holds."""
    signers: Annotated[tuple[SignersFromAge, ...], Field(max_length=MAX_LIST, fail_fast=True)] = ()
    """Who must sign a consent at which age."""


class CooperationAgreement(Message):
    """A party's confirmation of a cooperation agreement."""

    REGISTERS = True

    kind: Literal["CooperationAgreement"]
    """The message's kind."""
    body: CooperationAgreementBody
    """The agreement."""

    def check(self, context: Context) -> None:
        """A new id has the contract's form."""
        agreements = context.registers.agreement_tokens(self.body.agreement)
        _check("agreement", self.body.agreement, known=context.facts.has_agreement(agreements))

    def refers_to_own(self, context: Context) -> bool | None:
        """The sender is a party to it."""
        return context.is_among(self.body.parties)

    def facts(self, authorities: Register) -> AgreementFacts:
        """The agreement as the rules see it."""
        body = self.body
        return {
            "programme": body.programme,
            "purposes": sorted(set(body.purposes)),
            "area": authorities.municipalities_in(body.area),
            "valid_from": as_number(body.valid_from),
            "valid_until": as_number(body.valid_until) if body.valid_until else NO_END,
            "signers": [
                {"from_age": row.from_age, "subject": row.subject, "guardians": row.guardians and row.guardians.value}
                for row in body.signers
            ],
            "parties": authorities.in_law(body.parties),
        }

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """The sender's confirmation of it."""
        registers = context.registers
        same = {**self.body.model_dump(mode="json"), "parties": registers.authorities.in_law(self.body.parties)}
        same |= {name: sorted(set(same[name])) for name in ("purposes", "area")}
        agreement, *earlier = registers.agreement_tokens(self.body.agreement)
        digest, *earlier_digests = registers.tokens.digests(canonical(same))
        moved = [*((token, agreement) for token in earlier), *((other, digest) for other in earlier_digests)]
        known = context.facts.registered_tokens([token for token, _ in moved] if earlier_digests else [])
        row = AgreementRow(
            party=context.sender.in_law,
            agreement=agreement,
            earlier=tuple(earlier),
            body=digest,
            facts=self.facts(registers.authorities),
            registrant=context.sender.id,
            time=microseconds(self.time),
        )
        return effects._replace(agreement=row, moved=tuple(pair for pair in moved if pair[0] in known))


def _check(name: str, id_: str, *, known: bool) -> None:
    """A new id has the contract's form; one that was recorded before may have any. Raises Unusable."""
    if not known and not is_id(id_):
        form = "1-100 of A-Z a-z 0-9 ÅÄÖ åäö : . _ / and -, with no blank; nothing is recorded under this one"
        raise Unusable("invalid_value", f"body.{name}: {form}")
