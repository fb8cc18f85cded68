"""Kinds for casework about named persons between parties: case sharing and referral to a council.

Both carry items as a Disclosure does, and the same rules decide each of them.
"""

from typing import Literal, Self

from pydantic import model_validator

from broker.facts.registers import Context, RestsOn
from broker.kinds.exchange import DisclosureBody, WithItems
from broker.model.decision import PolicyInput
from broker.model.parts import Identifier
from broker.model.vocabulary import CouncilLevel, Programme
from broker.ports.store import Agreed


class CaseSharingBody(DisclosureBody):
    """Information shared in a programme of cooperation (samverkan i enskilt ärende)."""

    programme: Programme
    """Form of cooperation."""
    agreement: Identifier | None = None
    """Id of the agreement that the parties have confirmed."""


class CaseSharing(WithItems):
    """Information shared about a person in SIG, SSPF and their like (social insatsgrupp)."""

    kind: Literal["CaseSharing"]
    """The message's kind."""
    body: CaseSharingBody
    """What is shared."""

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """And the programme, and where the case is."""
        rests_on = super().add_facts(asked, context)
        asked["programme"] = self.body.programme
        asked["place"] = self._place(context)
        return rests_on

    def agreements(self, asked: PolicyInput, context: Context) -> list[Agreed]:
        """And those of its own programme."""
        forms = (form for person in asked["persons"].values() for form in person["consents"])
        programmes = {form["programme"] for form in forms} | {self.body.programme}
        return [one for one in context.agreements(self.body.agreement) if one.facts["programme"] in programmes]

    def _place(self, context: Context) -> str | None:
        """Where the case is, a municipality code: the person's home, else the address, else a municipality's own."""
        subject = self.body.subject
        if subject is not None and subject.municipality:
            return subject.municipality
        own = map(context.registers.authorities.municipality_code, (context.recipient.in_law, context.sender.in_law))
        return self.recipient.area or next(filter(None, own), None)


class CouncilReferralBody(DisclosureBody):
    """Information taken to a council (Bob-råd)."""

    level: CouncilLevel
    """National and regional councils are strategic; local ones concern named children."""
    agreement: Identifier | None = None
    """Id of the agreement that the parties have confirmed, or null."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        """A strategic question is about nobody."""
        if self.subject is not None and self.organisation is not None:
            raise ValueError("must not have both a subject and an organisation")
        return self


class CouncilReferral(WithItems):
    """A case, or a strategic question, taken to a council (hänvisning till Bob-råd)."""

    kind: Literal["CouncilReferral"]
    """The message's kind."""
    body: CouncilReferralBody
    """What is taken there."""

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """And the council's level."""
        rests_on = super().add_facts(asked, context)
        asked["level"] = self.body.level
        return rests_on
