"""Kinds for asking and answering: request, question back, interim answer, disclosure, refusal, recall."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from broker.model.days import ASK_FIRST, Deadline, WhenTold
from broker.model.envelope import Envelope, MessageId
from broker.model.parts import (
    MAX_ITEMS,
    MAX_LIST,
    AboutSomeone,
    Basis,
    BodyAssessments,
    Circumstances,
    Item,
    LongText,
    Note,
    Offence,
    Part,
    Reference,
    Secrecy,
    ShortText,
    Views,
)
from broker.model.references import parse
from broker.model.vocabulary import Category, Deprivation, MediationAnswer, Purpose, RefusalReason, Urgency

Categories = Annotated[tuple[Category, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]


class MayBeTold(Part):
    """Who may be told that this is asked: yes, ask_first, or a day before which not. It decides nothing."""

    child: WhenTold = ASK_FIRST
    """The child."""
    guardian: WhenTold = ASK_FIRST
    """A guardian of the child's."""
    party: WhenTold = ASK_FIRST
    """Another party of the answerer's own case."""


class InformationRequestBody(AboutSomeone):
    """What is asked for (begäran)."""

    purpose: Purpose
    """What the information is for."""
    need: Annotated[Note, Field(min_length=1)]
    """Why it is needed, without personal data: a person's number in it waits for a human, names are not found."""
    categories: Categories
    """Kinds of information asked for."""
    period: ShortText | None = None
    """The time that the information concerns, for example 2026-01/2026-03."""
    urgency: Urgency = Urgency.ROUTINE
    """How soon an answer is needed."""
    deadline: Deadline | None = None
    """Last time for an answer, or null; a day alone counts until its end in Sweden."""
    basis: Basis = ()
    """Grounds that the asker claims; empty: any ground may carry."""
    secrecy: Secrecy = ()
    """Provisions that make the request itself secret at the asker's (for example OSL 18:1); the answerer sees them."""
    may_be_told: MayBeTold = MayBeTold()
    """Who may be told of the request, as the asker sees it: shown to the answerer, binds nothing in the decision."""


class InformationRequest(Envelope):
    """A request for information on demand (begäran om uppgifter)."""

    kind: Literal["InformationRequest"]
    """The message's kind."""
    body: InformationRequestBody
    """What is asked for."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"urgency": self.body.urgency, "personal_data": self.holds_a_number()}

    def can_be_answered(self) -> bool:
        """Always."""
        return True


class Words(Envelope):
    """A message that is words alone."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"personal_data": self.holds_a_number()}


class ClarificationBody(Part):
    """A question back, or the answer to one."""

    text: Note
    """The question, or the answer."""


class Clarification(Words):
    """A question back (begäran om förtydligande), at which the clock pauses; or the asker's answer, and it goes on."""

    REPLIES_TO = frozenset({"InformationRequest", "Clarification"})

    kind: Literal["Clarification"]
    """The message's kind."""
    body: ClarificationBody
    """The question, or the answer."""


class InterimBody(Part):
    """An answer that the answer will come later."""

    text: Note
    """What is said meanwhile."""
    expected: Deadline | None = None
    """When the answer is expected."""


class Interim(Words):
    """An interim answer (delsvar om handläggningen)."""

    kind: Literal["Interim"]
    """The message's kind."""
    body: InterimBody
    """What is said meanwhile."""


class LulNotice(Part):
    """What a notice of a young suspect to the social board must tell (underrättelse om ung misstänkt)."""

    mediation_asked: bool | None = None
    """Has the suspect been asked to take part in mediation (medling)? Null: not stated."""
    mediation_answer: MediationAnswer | None = None
    """The suspect's answer; null: not stated."""
    deprived_of_liberty: Deprivation | None = None
    """Whether the suspect is apprehended, arrested or detained; null: not stated."""
    why: Note = ""
    """The reasons for the deprivation of liberty; only in the delivered message."""


class DisclosureBody(AboutSomeone):
    """Information that is given, item by item (utlämnande)."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS, fail_fast=True)]
    """What is given."""
    purpose: Purpose | None = None
    """What it is for; null on request: the request's."""
    offence: Offence | None = None
    """The offence that it bears on; null: the sender states that no committed offence is in it."""
    circumstances: Circumstances = ()
    """Facts that the sender states."""
    assessments: BodyAssessments = ()
    """Answers to weighing tests that hold for each item."""
    basis: Basis = ()
    """Grounds that the sender claims; empty: any ground may carry."""
    conditions: LongText = ""
    """Wishes about onward use: between authorities they bind nobody (no förbehåll)."""
    replaces: MessageId | None = None
    """The message that this corrects."""
    views: Views | None = None
    """Whether the child and its guardians were asked."""
    lul_notice: LulNotice | None = None
    """What a notice under the ground `lul_6` must tell; null: not stated. Of no weight under other grounds."""


class ItemByItem(Envelope):
    """A message that gives information item by item."""

    if TYPE_CHECKING:  # declared by each kind itself: fields stand in the order of their classes
        body: DisclosureBody

    def earlier(self) -> Mapping[str, UUID]:
        """What it corrects."""
        return {"replaces": self.body.replaces} if self.body.replaces else {}


class Disclosure(ItemByItem):
    """A disclosure, on request or on own initiative (utlämnande av uppgifter)."""

    kind: Literal["Disclosure"]
    """The message's kind."""
    body: DisclosureBody
    """What is given."""


class RefusalBody(Part):
    """What is not given, and why (avslag)."""

    categories: Categories
    """Kinds of information that the refusal covers."""
    reason: RefusalReason
    """Withheld, not held, or cannot say."""
    ref: Reference | None = None
    """What it rests on, if withheld: what exempts (secrecy, tystnadsplikt), or a ground's paragraph."""
    assessments: BodyAssessments = ()
    """The weighing behind it: of a ground's paragraph, against release."""
    text: Note = ""
    """Text of the decision."""


class Refusal(Envelope):
    """A refusal of a request (beslut att inte lämna ut)."""

    kind: Literal["Refusal"]
    """The message's kind."""
    body: RefusalBody
    """What is not given, and why."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "reason": self.body.reason,
            "ref": parse(self.body.ref) if self.body.ref else None,
            "categories": list(self.body.categories),
            "personal_data": self.holds_a_number(),
        }


class RecallBody(Part):
    """Which message is taken back."""

    message: MessageId
    """Id of the sender's own delivered message."""
    text: Note = ""
    """Why."""


class Recall(Words):
    """A recall of an own message (återkallelse)."""

    kind: Literal["Recall"]
    """The message's kind."""
    body: RecallBody
    """Which message is taken back."""

    def earlier(self) -> Mapping[str, UUID]:
        """What it takes back."""
        return {"recalls": self.body.message}
