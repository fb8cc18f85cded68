"""Kinds about recruitment content on platforms: a report, and orders with their effect (DSA articles 9, 10 and 18)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from broker.kinds.message import Message
from broker.model.days import Deadline, Instant, swedish_day
from broker.model.parts import MAX_LIST, Account, BodyAssessments, LongText, PerhapsAboutSomeone, Reference, ShortText
from broker.model.references import is_reference, parse
from broker.model.vocabulary import ActionType

Locator = Annotated[str, Field(min_length=1, max_length=2000)]
"""An exact address (URL) of content, or another piece of information that finds it."""

Locators = Annotated[tuple[Locator, ...], Field(max_length=MAX_LIST, fail_fast=True)]


def _in_a_list(value: object) -> object:
    """One place may be given without a list. A tuple, for what a validator hands on is no longer taken as JSON."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Territory = Annotated[tuple[ShortText, ...], Field(max_length=MAX_LIST, fail_fast=True), BeforeValidator(_in_a_list)]


class ChannelReportBody(PerhapsAboutSomeone):
    """Content that seems to recruit (rekryteringsinnehåll)."""

    locators: Annotated[tuple[Locator, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]
    """Exact addresses of the content."""
    platform: ShortText
    """Name of the platform."""
    closed_chat: bool = False
    """Is it a closed chat, not spread to the public?"""
    text: Account = ""
    """What has been seen."""


class ChannelReport(Message):
    """A report of recruitment content to the police."""

    kind: Literal["ChannelReport"]
    """The message's kind."""
    body: ChannelReportBody
    """What has been seen."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"closed_chat": self.body.closed_chat, "named": self.concerns_a_person()}


class ChannelActionBody(PerhapsAboutSomeone):
    """An order, its effect, an information order, or a suspicion."""

    action: ActionType
    """Order (article 9), effect, information (article 10) or suspicion (article 18)."""
    legal_basis: ShortText | None = None
    """The provision that the order rests on; of an information order that of its own power."""
    reasons: LongText = ""
    """Why the content is illegal."""
    provision: Reference | None = None
    """The penal provision."""
    locators: Locators = ()
    """Exact addresses of the content."""
    redress: LongText = ""
    """How provider and user can appeal."""
    effect_to: ShortText | None = None
    """The authority that receives the report of effect."""
    territory: Territory = ()
    """Where the order holds."""
    language: ShortText | None = None
    """The language that the provider has declared."""
    notice_delayed_until: Deadline | None = None
    """Until when the provider's notice to the user waits."""
    link_to_sweden: bool | None = None
    """Is there a link to Sweden?"""
    assessments: BodyAssessments = ()
    """Whether it is recruitment content."""
    done_at: Instant | None = None
    """When the order was carried out (effect)."""
    text: LongText = ""
    """Words along with it."""

    def past_days(self) -> Iterator[tuple[str, date]]:
        """That an order was carried out."""
        yield from super().past_days()
        if self.done_at is not None:
            yield "done_at", swedish_day(self.done_at)


ORDER = (
    "legal_basis",
    "reasons",
    "provision",
    "locators",
    "redress",
    "effect_to",
    "territory",
    "language",
    "notice_delayed_until",
)
"""What an order holds, where it is stated (DSA article 9)."""


class ChannelAction(Message):
    """An order to a hosting provider, or its answer (föreläggande)."""

    REPLIES_TO = frozenset({"ChannelAction"})

    kind: Literal["ChannelAction"]
    """The message's kind."""
    body: ChannelActionBody
    """The order or answer."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        body = self.body
        return {
            "action": body.action,
            "given": [name for name in ORDER if getattr(body, name)],
            "provision": parse(body.provision) if body.provision else None,
            "legal_basis": parse(body.legal_basis) if body.legal_basis and is_reference(body.legal_basis) else None,
            "link_to_sweden": body.link_to_sweden,
            "done_at": body.done_at.isoformat() if body.done_at else None,
        }

    def can_be_answered(self) -> bool:
        """An order, by its effect."""
        return self.body.action in (ActionType.ORDER, ActionType.INFORMATION)
