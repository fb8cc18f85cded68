"""Kinds for casework about named persons between parties: case sharing and referral to a council.

Both carry items as a Disclosure does, and the same rules decide each of them.
"""

from typing import Literal, Self

from pydantic import model_validator

from broker.kinds.exchange import DisclosureBody, ItemByItem
from broker.model.parts import Identifier
from broker.model.vocabulary import CouncilLevel, Programme


class CaseSharingBody(DisclosureBody):
    """Information shared in a programme of cooperation (samverkan i enskilt ärende)."""

    programme: Programme
    """Form of cooperation."""
    agreement: Identifier | None = None
    """Id of the agreement that the parties have confirmed."""


class CaseSharing(ItemByItem):
    """Information shared about a person in SIG, SSPF and their like (social insatsgrupp)."""

    kind: Literal["CaseSharing"]
    """The message's kind."""
    body: CaseSharingBody
    """What is shared."""


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


class CouncilReferral(ItemByItem):
    """A case, or a strategic question, taken to a council (hänvisning till Bob-råd)."""

    kind: Literal["CouncilReferral"]
    """The message's kind."""
    body: CouncilReferralBody
    """What is taken there."""
