"""Kinds of the local community: tips, reports, support, pictures, measures."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from broker.facts.registers import Context, RestsOn
from broker.kinds.message import Message
from broker.model.decision import PolicyInput
from broker.model.parts import MAX_LIST, Account, Note, Offence, Organisation, Part, PerhapsAboutSomeone, ShortText
from broker.model.vocabulary import CouncilLevel, OrganisationType


class TipBody(PerhapsAboutSomeone):
    """What somebody tells the police (tips)."""

    text: Annotated[Account, Field(min_length=1)]
    """What is told."""
    offence: Offence | None = None
    """The offence, as far as it is known."""
    anonymous: bool = False
    """Does the sender stay anonymous? Then nothing that could name the sender is stored anywhere."""


class Report(Message):
    """What somebody has seen or heard, told to an authority."""

    if TYPE_CHECKING:  # declared by each kind itself: fields stand in the order of their classes
        body: TipBody

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"area": self.recipient.area, "anonymous": self.body.anonymous, "named": self.concerns_a_person()}


class Tip(Report):
    """A tip to the police area (tips)."""

    kind: Literal["Tip"]
    """The message's kind."""
    body: TipBody
    """What is told."""


class OffenceReport(Report):
    """A report of an offence (polisanmälan)."""

    kind: Literal["OffenceReport"]
    """The message's kind."""
    body: TipBody
    """What is reported."""


class SupportEnquiryBody(PerhapsAboutSomeone):
    """A question for support (fråga om stöd)."""

    topic: ShortText
    """What it is about."""
    text: Note = ""
    """The question."""


class SupportEnquiry(Message):
    """A family, child or association asks the municipality's contact point for support."""

    kind: Literal["SupportEnquiry"]
    """The message's kind."""
    body: SupportEnquiryBody
    """The question."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "area": self.recipient.area,
            "personal_data": self.holds_a_number(),
            "named": self.concerns_a_person(),
        }


class OrganisationConcernBody(Part):
    """What gives cause for concern about an organisation."""

    organisation: Organisation
    """The organisation."""
    type: OrganisationType
    """What it is: care home, family home, contractor, association."""
    concerns: Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]
    """Sorts of concern, in short."""
    text: Account = ""
    """What has been seen."""


class OrganisationConcern(Message):
    """A report of a bad actor (oseriös eller kriminell aktör)."""

    kind: Literal["OrganisationConcern"]
    """The message's kind."""
    body: OrganisationConcernBody
    """What has been seen."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"type": self.body.type}


class Count(Part):
    """One number of a situation picture."""

    label: ShortText
    """What is counted."""
    n: Annotated[int, Field(ge=0, le=100_000_000)]
    """How many."""


class SituationPictureBody(PerhapsAboutSomeone):
    """A picture of crime and its prevention, without persons (lägesbild)."""

    level: CouncilLevel
    """National, regional or local."""
    period: ShortText
    """The time that it describes."""
    counts: Annotated[tuple[Count, ...], Field(max_length=400, fail_fast=True)] = ()
    """Numbers; those under 5 are suppressed."""
    text: Note = ""
    """The picture in words."""


class SituationPicture(Message):
    """A situation picture (lägesbild)."""

    kind: Literal["SituationPicture"]
    """The message's kind."""
    body: SituationPictureBody
    """The picture."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "level": self.body.level,
            "counts": [count.n for count in self.body.counts],
            "personal_data": self.concerns_a_person(),
        }

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """And the agreements between the parties."""
        return super().add_facts(asked, context)._replace(agreements=context.agreements())


class MeasureNoticeBody(PerhapsAboutSomeone):
    """Who does what where (pågående insats)."""

    measure: Annotated[Note, Field(min_length=1)]
    """What is done."""
    by: ShortText
    """The party that does it."""
    period: ShortText
    """When."""


class MeasureNotice(Message):
    """A measure or association in an area, without persons, so that work is not done twice."""

    kind: Literal["MeasureNotice"]
    """The message's kind."""
    body: MeasureNoticeBody
    """The measure."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"personal_data": self.concerns_a_person()}
