"""Kinds of the defection programme (avhopparverksamhet)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from broker.facts.registers import Context, RestsOn
from broker.kinds.message import Message
from broker.model.days import OUTSIDE
from broker.model.decision import PolicyInput
from broker.model.envelope import MessageId
from broker.model.parts import Identifier, Part, Subject, Views
from broker.model.vocabulary import YEARS, DefectionOutcome, NeedAnswer
from broker.ports.writes import Answerable


def _as_text(value: object) -> object:
    """A number of months may be given as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _first_day(month: str) -> date | None:
    """The first day of a month of the calendar; None of a number of months."""
    year, _, number = month.partition("-")
    return date(int(year), int(number), 1) if number else None


def _count(month: str) -> str:
    first = _first_day(month)
    if first is not None and first.year not in YEARS:
        raise ValueError(OUTSIDE)
    return month


Month = Annotated[
    str,
    Field(pattern=r"^([0-9]{1,3}|[1-9][0-9]{3}-(0[1-9]|1[0-2]))$"),
    BeforeValidator(_as_text),
    AfterValidator(_count),
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


class DefectionReferral(Message):
    """A referral to the regional or local coordinator (avhopparsamordnare)."""

    kind: Literal["DefectionReferral"]
    """The message's kind."""
    body: DefectionReferralBody
    """The person and the prerequisites."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"threat_assessed": self.body.threat_assessed, "motivated": self.body.motivated}

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """And the consent that it names, where that is the sender's own, and what else is said of the person."""
        super().add_facts(asked, context)
        owner = context.way.sent_from
        named = context.registers.consent_tokens(owner, self.body.consent)
        forms = context.add_forms(asked, named)
        own = (order for order, form in forms.items() if form.authority == owner and form.consent in named)
        asked["stated"]["consent"] = next(own, None)
        return RestsOn(forms, context.agreements())

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

    def past_days(self) -> Iterator[tuple[str, date]]:
        """The month that is followed up has begun."""
        first = _first_day(self.month)
        if first is not None:
            yield "month", first


_NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")


class DefectionFollowUp(Message):
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

    def refers_to_own(self, context: Context) -> bool | None:
        """It goes between the referral's two parties, or one of them keeps it."""
        referral = self._referral(context)
        parties = {context.sender.id, context.recipient.id}
        return referral is not None and parties <= {referral.sender, referral.recipient}

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """And the consent that the referral went out under, and what else is said of the person; or nothing.

        The person's age is that of the referral's day: today it is that at least.
        """
        super().add_facts(asked, context)
        asked["stated"]["consent"] = None
        referral = self._referral(context)
        owner = context.registers.sender_address(referral.sender, self.body.referral) if referral else None
        under = context.facts.consent_of(owner, self.body.referral) if owner else None
        if referral is None or under is None or under[1].token != referral.about:
            return RestsOn()
        consent, person = under
        before = context.facts.policy_input(referral.sender, self.body.referral)
        age = before["persons"]["0"]["age"] if before else None
        asked["persons"] = {"0": {"age": age, "protected": False, "consents": [], "left_out": False}}
        asked["items"]["0"]["persons"] = ["0"]
        forms = context.add_forms_about(asked, {"0": person}, (consent.authority, (consent.consent,)))
        order = next((order for order, form in forms.items() if form.record == consent.record), None)
        asked["stated"]["consent"] = order
        return RestsOn(forms)

    def _referral(self, context: Context) -> Answerable | None:
        """The referral, where it was delivered from or to the sender."""
        sender, id_ = context.sender.id, self.body.referral
        referral = context.facts.sent_message(sender, id_) or context.facts.received_message(sender, id_)
        return referral if referral is not None and referral.kind == DefectionReferral.__name__ else None
