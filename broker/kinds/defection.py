"""Kinds of the defection programme (avhopparverksamhet)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from broker.model.days import OUTSIDE
from broker.model.envelope import Envelope, MessageId
from broker.model.parts import Identifier, Part, Subject, Views
from broker.model.vocabulary import YEARS, DefectionOutcome, NeedAnswer


def _as_text(value: object) -> object:
    """A number of months may be given as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _first_day(month: str) -> date | None:
    """The first day of a month of the calendar; None of a number of months."""
    year, _, number = month.partition("-")
    return date(int(year), int(number), 1) if number else None


def _counted(month: str) -> str:
    first = _first_day(month)
    if first is not None and first.year not in YEARS:
        raise ValueError(OUTSIDE)
    return month


Month = Annotated[
    str,
    Field(pattern=r"^([0-9]{1,3}|[1-9][0-9]{3}-(0[1-9]|1[0-2]))$"),
    BeforeValidator(_as_text),
    AfterValidator(_counted),
]


class DefectionReferralBody(Part):
    """Somebody who wants to leave (avhoppare)."""

    subject: Subject
    """The person, a child or an adult."""
    threat_assessed: bool = False
    """Has a strong threat been assessed?"""
    motivated: bool = False
    """Is the person motivated to leave?"""
    consent: Identifier
    """Id of the person's consent at the sending authority."""
    views: Views | None = None
    """Whether the child and its guardians were asked."""


class DefectionReferral(Envelope):
    """A referral to the regional or local coordinator (avhopparsamordnare)."""

    kind: Literal["DefectionReferral"]
    """The message's kind."""
    body: DefectionReferralBody
    """The person and the prerequisites."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"threat_assessed": self.body.threat_assessed, "motivated": self.body.motivated}

    def can_be_answered(self) -> bool:
        """By follow-ups."""
        return True


class DefectionFollowUpBody(Part):
    """How it goes, month by month, without names (uppföljning)."""

    referral: MessageId
    """The referral that is followed up."""
    month: Month
    """The month that is followed up: 2026-05, or the number of months since the referral."""
    housing: NeedAnswer
    """Somewhere to live."""
    income: NeedAnswer
    """Something to live on."""
    debts: NeedAnswer
    """Debts dealt with."""
    addiction: NeedAnswer
    """Treatment of addiction."""
    health: NeedAnswer
    """Mental and bodily health."""
    occupation: NeedAnswer
    """School, work or other occupation."""
    protected_data: NeedAnswer
    """Protected personal data."""
    contact: NeedAnswer
    """A contact person."""
    outcome: DefectionOutcome
    """Running, completed or discontinued."""

    def happened(self) -> Iterator[tuple[str, date]]:
        """The month that is followed up has begun."""
        first = _first_day(self.month)
        if first is not None:
            yield "month", first


_NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")


class DefectionFollowUp(Envelope):
    """A follow-up of a defection (uppföljning av avhopp)."""

    kind: Literal["DefectionFollowUp"]
    """The message's kind."""
    body: DefectionFollowUpBody
    """The answers."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        needs = {name: getattr(self.body, name) for name in _NEEDS}
        return {"outcome": self.body.outcome, "month": self.body.month, "needs": needs}

    def earlier(self) -> Mapping[str, UUID]:
        """The referral that it follows."""
        return {"referral": self.body.referral}
