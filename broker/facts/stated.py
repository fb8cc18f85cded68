"""What a message without items states, as flags for the rules: one function for each kind that has any.

Nothing here holds an identity or a free text; what a flag means in law is said in `policies/exchanges/`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from broker.kinds import (
    ChannelAction,
    ChannelReport,
    Clarification,
    ConcernDecision,
    ConcernFeedback,
    ConcernNotification,
    ConditionNotice,
    ConsentWithdrawn,
    CustodyHandover,
    DefectionFollowUp,
    DefectionReferral,
    GuardianConversation,
    InformationRequest,
    Interim,
    MeasureNotice,
    Message,
    OffenceReport,
    OrganisationConcern,
    Recall,
    Refusal,
    SituationPicture,
    SupportEnquiry,
    Tip,
)
from broker.kinds.conditions import ConditionNoticeBody, Guardian
from broker.model.days import as_number
from broker.model.decision import Json
from broker.model.identity import mentions_person
from broker.model.parts import Assessment, Part, Subject
from broker.model.references import is_reference, parse
from broker.model.vocabulary import IdType, ProtectedIdentity

_NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")
_ORDER = (
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

_HOME = "home"
_OPEN = ProtectedIdentity.NONE

_NUMBERED = (IdType.PERSONNUMMER, IdType.SAMORDNINGSNUMMER)
_CONDITION: Mapping[str, Callable[[ConditionNoticeBody], bool]] = {
    "name": lambda body: _says(body.name),
    "number": lambda body: body.subject is not None and body.subject.id_type in _NUMBERED,
    "contact": lambda body: _says(body.contact),
    "text": lambda body: body.condition is not None and _says(body.condition.text),
    "place": lambda body: body.condition is not None and _says(body.condition.place),
    "times": lambda body: body.condition is not None and _says(body.condition.times),
    "within_youth_care": lambda body: body.within_youth_care is not None,
    "guardians": lambda body: bool(body.guardians) and all(map(_is_told, body.guardians)),
    "in_charge": lambda body: body.in_charge is not None and _says(body.in_charge.contact),
    "valid_from": lambda body: body.valid_from is not None,
    "valid_until": lambda body: body.valid_until is not None,
}
"""What a notice of a condition may hold, and when it does."""


def stated(message: Message, recipient_code: str | None) -> Json | None:
    """The flags of a message, or None for a kind without any. `recipient_code` is the recipient's municipality code."""
    found = _STATED.get(type(message))
    return found(message, recipient_code) if found else None


def _texts(part: Part) -> Iterator[str]:
    """Every text in a part: not of the person whom it is about, assessments (their reasons stay) and locators."""
    for name in type(part).model_fields.keys() - {"locators"}:
        value = getattr(part, name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, Part) and not isinstance(entry, Subject | Assessment):
                yield from _texts(entry)


def _numbered(message: Message) -> bool:
    """Whether a person's number stands in any text of the body."""
    return any(map(mentions_person, _texts(message.body)))


def _named(message: Message) -> bool:
    """Whether the body is about a person: by its subject, or by a person's number in a text."""
    return getattr(message.body, "subject", None) is not None or _numbered(message)


def _words(message: Clarification | Interim | Recall, _: str | None) -> Json:
    return {"personal_data": _numbered(message)}


def _request(message: InformationRequest, _: str | None) -> Json:
    return {"urgency": message.body.urgency, "personal_data": _numbered(message)}


def _refusal(message: Refusal, _: str | None) -> Json:
    body = message.body
    return {
        "reason": body.reason,
        "ref": parse(body.ref) if body.ref else None,
        "categories": list(body.categories),
        "personal_data": _numbered(message),
    }


def _notification(message: ConcernNotification, recipient_code: str | None) -> Json:
    body, home = message.body, message.body.subject.municipality
    return {
        "place": home,
        "home": home == recipient_code if home and recipient_code else None,
        "immediate": body.immediate,
        "anonymous": body.anonymous,
        "feedback_requested": body.feedback_requested,
        "concerns": sorted(set(body.concerns)),
    }


def _decision(message: ConcernDecision, _: str | None) -> Json:
    return {"status": message.body.status, "decided_on": as_number(message.body.decided_on)}


def _feedback(message: ConcernFeedback, _: str | None) -> Json:
    body = message.body
    return {
        "status": body.status,
        "decided_on": as_number(body.decided_on),
        "text": bool(body.text),
        "personal_data": _numbered(message),
    }


def _handover(message: CustodyHandover, _: str | None) -> Json:
    body = message.body
    return {
        "handed_to": body.handed_to,
        "handed": body.handed_at is not None,
        "taken_at": body.taken_at.isoformat(),
        "handed_at": body.handed_at.isoformat() if body.handed_at else None,
    }


def _conversation(message: GuardianConversation, _: str | None) -> Json:
    body = message.body
    return {"invited": body.social_services_invited, "outcome": body.outcome, "concern_met": body.concern_met}


def _report(message: Tip | OffenceReport, _: str | None) -> Json:
    return {"area": message.recipient.area, "anonymous": message.body.anonymous, "named": _named(message)}


def _enquiry(message: SupportEnquiry, _: str | None) -> Json:
    return {"area": message.recipient.area, "personal_data": _numbered(message), "named": _named(message)}


def _organisation(message: OrganisationConcern, _: str | None) -> Json:
    return {"type": message.body.type}


def _picture(message: SituationPicture, _: str | None) -> Json:
    body = message.body
    return {"level": body.level, "counts": [count.n for count in body.counts], "personal_data": _named(message)}


def _measure(message: MeasureNotice, _: str | None) -> Json:
    return {"personal_data": _named(message)}


def _referral(message: DefectionReferral, _: str | None) -> Json:
    return {"threat_assessed": message.body.threat_assessed, "motivated": message.body.motivated}


def _withdrawal(message: ConsentWithdrawn, _: str | None) -> Json:
    return {"by": message.body.by}


def _follow_up(message: DefectionFollowUp, _: str | None) -> Json:
    body = message.body
    needs = {name: getattr(body, name) for name in _NEEDS}
    return {"outcome": body.outcome, "month": body.month, "needs": needs}


def _condition(message: ConditionNotice, _: str | None) -> Json:
    """What of its content is there, and nothing of what it says."""
    body = message.body
    place = (body.condition.place or "").strip() if body.condition else ""
    return {
        "event": body.event,
        "notice": body.notice is not None,
        "subject": body.subject is not None,
        "elsewhere": place != _HOME if place else None,
        "given": [name for name, is_there in _CONDITION.items() if is_there(body)],
        "valid_until": as_number(body.valid_until) if body.valid_until else None,
        "guardian_protected": any(g.subject and g.subject.protected_identity is not _OPEN for g in body.guardians),
    }


def _is_told(guardian: Guardian) -> bool:
    """Who it is, and how to reach that person: that it is not known is an answer."""
    return bool(guardian.subject or _says(guardian.name)) and _says(guardian.contact)


def _says(text: str | None) -> bool:
    return bool(text and text.strip())


def _channel_report(message: ChannelReport, _: str | None) -> Json:
    return {"closed_chat": message.body.closed_chat, "named": _named(message)}


def _action(message: ChannelAction, _: str | None) -> Json:
    body = message.body
    return {
        "action": body.action,
        "given": [name for name in _ORDER if getattr(body, name)],
        "provision": parse(body.provision) if body.provision else None,
        "legal_basis": parse(body.legal_basis) if body.legal_basis and is_reference(body.legal_basis) else None,
        "link_to_sweden": body.link_to_sweden,
        "done_at": body.done_at.isoformat() if body.done_at else None,
    }


_STATED: dict[type[Any], Callable[[Any, str | None], Json]] = {
    InformationRequest: _request,
    Clarification: _words,
    Interim: _words,
    Recall: _words,
    Refusal: _refusal,
    ConcernNotification: _notification,
    ConcernDecision: _decision,
    ConcernFeedback: _feedback,
    CustodyHandover: _handover,
    GuardianConversation: _conversation,
    ConditionNotice: _condition,
    Tip: _report,
    OffenceReport: _report,
    SupportEnquiry: _enquiry,
    OrganisationConcern: _organisation,
    SituationPicture: _picture,
    MeasureNotice: _measure,
    ConsentWithdrawn: _withdrawal,
    DefectionReferral: _referral,
    DefectionFollowUp: _follow_up,
    ChannelReport: _channel_report,
    ChannelAction: _action,
}
"""Each kind's flags."""
