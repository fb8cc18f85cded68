"""Kinds about a child who may fare badly: notification, decision and feedback, custody, talk with guardians."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from broker.authorities import ANONYMOUS
from broker.deadlines import linkable
from broker.facts.registers import Context
from broker.kinds.message import Message
from broker.model.days import Day, Instant, as_number, swedish_day
from broker.model.decision import Decision, PolicyInput
from broker.model.parts import MAX_LIST, Account, BodyAssessments, Circumstances, Note, Part, ShortText, Subject, Views
from broker.model.vocabulary import Category, Concern, ConversationOutcome, HandedTo, InquiryStatus
from broker.ports.writes import Answerable, Effects


class ConcernNotificationBody(Part):
    """What gives cause for concern (orosanmälan)."""

    subject: Subject
    """The child."""
    concerns: Annotated[tuple[Concern, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]
    """Sorts of concern."""
    text: Account = ""
    """What has been seen; only in the delivered message."""
    immediate: bool = False
    """Does the sender think that the child needs protection at once?"""
    anonymous: bool = False
    """Does the one who notifies stay anonymous?"""
    feedback_requested: bool = False
    """Does a mandated reporter ask for feedback (SoL 19:6)?"""
    circumstances: Circumstances = ()
    """Facts that the sender states."""
    assessments: BodyAssessments = ()
    """Answers to weighing tests."""
    views: Views | None = None
    """Whether the child and its guardians were asked."""


class ConcernNotification(Message):
    """A notification of concern for a child (anmälan om oro för ett barn)."""

    LINKS = True

    kind: Literal["ConcernNotification"]
    """The message's kind."""
    body: ConcernNotificationBody
    """What gives cause for concern."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        home = self.body.subject.municipality
        return {
            "place": home,
            "home": home == recipient_code if home and recipient_code else None,
            "immediate": self.body.immediate,
            "anonymous": self.body.anonymous,
            "feedback_requested": self.body.feedback_requested,
            "concerns": sorted(set(self.body.concerns)),
        }

    def can_be_answered(self) -> bool:
        """By a decision on it, and by feedback."""
        return True


class ConcernDecisionBody(Part):
    """What the social board has decided (beslut om utredning)."""

    status: InquiryStatus
    """Opened, not opened, or already running."""
    decided_on: Day
    """Day of the decision."""

    def past_days(self) -> Iterator[tuple[str, date]]:
        """The decision."""
        yield "decided_on", self.decided_on


class ConcernDecision(Message):
    """The social board's decision on a notification, recorded with itself (förhandsbedömning)."""

    REPLIES_TO = frozenset({"ConcernNotification"})
    REGISTERS = True
    LINKS = True
    SETTLES = True

    kind: Literal["ConcernDecision"]
    """The message's kind."""
    body: ConcernDecisionBody
    """The decision."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"status": self.body.status, "decided_on": as_number(self.body.decided_on)}

    def correlate(self, other: UUID, context: Context) -> Answerable | None:
        """A notification that the board received, whoever sent it: the decision goes to the own authority.

        What lies with a desk no other decides on; what lies with the authority itself any may.
        """
        notification = context.facts.received_message(context.sender.id, other)
        inbox = context.facts.recipient_of(notification.sender, other) if notification else None
        holder = context.registers.authorities.standing(inbox) if inbox else None
        return notification if holder in (context.sender.id, context.way.sent_from) else None

    def retention_facts(self, asked: PolicyInput, context: Context) -> PolicyInput:
        """It is about whom the notification was about, and names nobody itself."""
        notified = context.reply and context.facts.policy_input(context.reply.sender, UUID(str(self.in_reply_to)))
        return {**asked, "persons": notified["persons"]} if notified else asked

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """And the decision is what has come of the notification."""
        if context.reply is None:
            return effects
        decided = {"status": self.body.status.value, "decided_on": str(as_number(self.body.decided_on))}
        return effects._replace(answered=(context.reply.sender, str(self.in_reply_to), decided))


class ConcernFeedbackBody(Part):
    """What a mandated reporter is told (återkoppling)."""

    status: InquiryStatus
    """Opened, not opened, or already running: nothing more."""
    decided_on: Day
    """Day of the decision."""
    text: Note = ""
    """A greeting; nothing of the inquiry's content."""
    assessments: BodyAssessments = ()
    """Whether telling is not unsuitable."""

    def past_days(self) -> Iterator[tuple[str, date]]:
        """The decision."""
        yield "decided_on", self.decided_on


class ConcernFeedback(Message):
    """Feedback to a mandated reporter (information till anmälaren)."""

    REPLIES_TO = frozenset({"ConcernNotification"})
    KEEPS_ASSESSMENTS = True

    kind: Literal["ConcernFeedback"]
    """The message's kind."""
    body: ConcernFeedbackBody
    """What is told."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "status": self.body.status,
            "decided_on": as_number(self.body.decided_on),
            "text": bool(self.body.text),
            "personal_data": self.holds_a_number(),
        }

    def correlate(self, other: UUID, context: Context) -> Answerable | None:
        """Or a nameless notification, whoever is addressed: it is answered by none."""
        notification = super().correlate(other, context)
        if notification is not None:
            return notification
        nameless = context.facts.received_message(context.sender.id, other)
        return nameless if nameless is not None and nameless.sender == ANONYMOUS else None

    def category(self) -> Category:
        """It tells of an inquiry."""
        return Category.INQUIRY_OPENED

    def asks_for_concerns(self) -> bool:
        """The decision may be on another notification of the child."""
        return True

    def stated_facts(self, context: Context) -> dict[str, Any]:
        """And what is recorded of the board's decision."""
        decided, reply = _decision_on_child(context), context.reply
        return {
            **self.flags(None),
            "anonymous": reply is not None and reply.sender == ANONYMOUS,
            "recorded_status": decided.get("status"),
            "recorded_on": int(decided["decided_on"]) if decided else None,
        }


_INQUIRIES = {InquiryStatus.OPENED.value, InquiryStatus.RUNNING.value}


def _decision_on_child(context: Context) -> Mapping[str, str]:
    """The board's decision on the notification: `status` and `decided_on`; nothing where there is none.

    An inquiry that was opened, or runs, on another notification of the same child settles this one too.
    """
    notification = context.reply
    if notification is None:
        return {}
    about = linkable(notification.about)
    if notification.answers or about is None:
        return notification.answers
    earlier = context.facts.earlier(notification.recipient, about)
    others = (context.facts.sent_message(sender, UUID(message)) for sender, message in earlier)
    inquiries = [other.answers for other in others if other and other.answers.get("status") in _INQUIRIES]
    return inquiries[-1] if inquiries else {}


class CustodyHandoverBody(Part):
    """A child taken care of and handed over (omhändertagande)."""

    subject: Subject
    """The child."""
    taken_at: Instant
    """When the child was taken care of."""
    place: ShortText
    """Where; only in the delivered message."""
    handed_to: HandedTo
    """Guardian or social board."""
    handed_at: Instant | None = None
    """When the child was handed over; null: not yet."""
    circumstances: Circumstances = ()
    """Facts that the sender states."""

    def past_days(self) -> Iterator[tuple[str, date]]:
        """That the child was taken care of, and was handed over."""
        yield from super().past_days()
        yield "taken_at", swedish_day(self.taken_at)
        if self.handed_at is not None:
            yield "handed_at", swedish_day(self.handed_at)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.handed_at is not None and self.handed_at < self.taken_at:
            raise ValueError("handed_at is before taken_at")
        return self


class CustodyHandover(Message):
    """The police have taken care of a child and hand it over (polislagen)."""

    kind: Literal["CustodyHandover"]
    """The message's kind."""
    body: CustodyHandoverBody
    """Times, place and receiver."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "handed_to": self.body.handed_to,
            "handed": self.body.handed_at is not None,
            "taken_at": self.body.taken_at.isoformat(),
            "handed_at": self.body.handed_at.isoformat() if self.body.handed_at else None,
        }


class GuardianConversationBody(Part):
    """A talk with guardians (orossamtal)."""

    subject: Subject
    """The child."""
    held_at: Instant
    """When the talk is, or was, held."""
    social_services_invited: bool = False
    """Were the social services invited?"""
    outcome: ConversationOutcome | None = None
    """What came of it, no more than needed; null: not held yet."""
    concern_met: bool = False
    """Is there cause for a notification of concern?"""

    def past_days(self) -> Iterator[tuple[str, date]]:
        """The talk, once something has come of it."""
        yield from super().past_days()
        if self.outcome is not None:
            yield "held_at", swedish_day(self.held_at)


class GuardianConversation(Message):
    """The police tell the social services of a talk with a child's guardians (orossamtal)."""

    kind: Literal["GuardianConversation"]
    """The message's kind."""
    body: GuardianConversationBody
    """The talk."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "invited": self.body.social_services_invited,
            "outcome": self.body.outcome,
            "concern_met": self.body.concern_met,
        }
