"""Kinds that are recorded in a register and used as facts: consents and cooperation agreements."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from broker.kinds.exchange import Categories
from broker.model.days import Day
from broker.model.envelope import Envelope
from broker.model.parts import MAX_LIST, AreaCode, AuthorityId, Identifier, Part, Subject
from broker.model.vocabulary import Answer, ConsentForm, GuardiansNeeded, Programme, Purpose, SignerRole

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


class ConsentGiven(Envelope):
    """A consent is recorded (samtycke lämnat)."""

    REGISTERS = True

    kind: Literal["ConsentGiven"]
    """The message's kind."""
    body: ConsentGivenBody
    """The consent."""


class ConsentWithdrawnBody(Part):
    """Which consent ends, and by whom."""

    consent: Identifier
    """The consent's id at the sending authority."""
    by: SignerRole
    """Who withdrew."""


class ConsentWithdrawn(Envelope):
    """A consent is withdrawn, at once (samtycke återkallat)."""

    REGISTERS = True

    kind: Literal["ConsentWithdrawn"]
    """The message's kind."""
    body: ConsentWithdrawnBody
    """Which consent ends."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"by": self.body.by}


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


class CooperationAgreement(Envelope):
    """A party's confirmation of a cooperation agreement."""

    REGISTERS = True

    kind: Literal["CooperationAgreement"]
    """The message's kind."""
    body: CooperationAgreementBody
    """The agreement."""
