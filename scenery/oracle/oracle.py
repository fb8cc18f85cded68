"""The oracle: what the contract and the statutes make of a line, apart from the rules that the broker runs."""

from collections.abc import Callable, Mapping

from scenery.oracle import children, community, exchange
from scenery.oracle.answer import REFER, Asked, Quarantine, Told
from scenery.oracle.case import Json, swedish_day
from scenery.oracle.items import Grounds
from scenery.oracle.parties import party
from scenery.oracle.registers import Registers, Sent, about

KINDS: Mapping[str, Callable[[Asked], Told]] = {
    "InformationRequest": exchange.information_request,
    "Acknowledgement": exchange.acknowledgement,
    "Clarification": exchange.word_in_between,
    "Interim": exchange.word_in_between,
    "Disclosure": exchange.with_items,
    "CaseSharing": exchange.with_items,
    "CouncilReferral": exchange.with_items,
    "Refusal": exchange.refusal,
    "Recall": exchange.recall,
    "ConsentGiven": exchange.consent_given,
    "ConsentWithdrawn": exchange.consent_withdrawn,
    "CooperationAgreement": exchange.cooperation_agreement,
    "ConcernNotification": children.concern_notification,
    "ConcernDecision": children.concern_decision,
    "ConcernFeedback": children.concern_feedback,
    "CustodyHandover": children.custody_handover,
    "GuardianConversation": children.guardian_conversation,
    "ConditionNotice": children.condition_notice,
    "Tip": community.tip,
    "OffenceReport": community.tip,
    "SupportEnquiry": community.support_enquiry,
    "OrganisationConcern": community.organisation_concern,
    "SituationPicture": community.situation_picture,
    "MeasureNotice": community.measure_notice,
    "DefectionReferral": community.defection_referral,
    "DefectionFollowUp": community.defection_follow_up,
    "ChannelReport": community.channel_report,
    "ChannelAction": community.channel_action,
}
"""Each kind of the contract, and the function that reads it."""

_CLOSED_TO_OUTSIDE = frozenset(
    {"InformationRequest", "Refusal", "Disclosure", "Recall", "ConsentGiven", "ConsentWithdrawn"}
)
"""Open to all but `public_intake` and `digital_platform` (contract, "How it is decided")."""

_WORDS = frozenset(
    {"InformationRequest", "Clarification", "Interim", "Refusal", "Recall", "ConcernFeedback", "SupportEnquiry"}
)
"""A person's number in their texts is for a human (contract, "Free texts")."""


class Oracle:
    """Reads one usable message after the other, and keeps registers of its own."""

    def __init__(self, entries: Mapping[str, Mapping[str, object]]) -> None:
        """`entries`: each id and alias with its entry in the register (`id`, `kinds`, `principal`, …)."""
        self._entries = entries
        self._in_law = {
            name: str(entry["principal"]) if entry.get("principal") not in (None, "private") else str(entry["id"])
            for name, entry in entries.items()
        }
        self._registers = Registers()
        self._grounds = Grounds(self._registers, self._in_law)

    def grounds(self) -> list[str]:
        """Ids of the grounds that it knows, in the order of the contract's table."""
        return self._grounds.names()

    def expect(self, message: Json) -> Json:
        """What is expected of a message that has the form of one. Raises Unclear where the contract leaves it open."""
        asked = Asked(
            message=message,
            sender=party(self._entries[message["sender"]["authority"]], message["sender"]),
            recipient=party(self._entries[message["recipient"]["authority"]], message["recipient"]),
            day=swedish_day(message),
            registers=self._registers,
            grounds=self._grounds,
            in_law=self._in_law,
        )
        try:
            if message["kind"] in _CLOSED_TO_OUTSIDE and asked.sender.is_a("public_intake", "digital_platform"):
                raise Quarantine("kind_not_allowed")
            outcome = KINDS[message["kind"]](asked)
            if outcome.outcome == "forward" and message["kind"] in _WORDS and asked.names_somebody():
                outcome = REFER
        except Quarantine as quarantine:
            return {"outcome": "quarantine", "code": quarantine.code}
        if outcome.outcome == "forward":
            self._registers.deliver(message["id"], _sent_message(asked))
        return outcome.row()


def _sent_message(asked: Asked) -> Sent:
    """What later messages may ask of a delivered one; of an anonymous one nobody knows the sender."""
    body = asked.body
    kept: Json = {}
    if asked.message["kind"] == "InformationRequest":
        kept = {name: body[name] for name in ("categories", "purpose")}
        kept |= {
            "basis": body.get("basis", []),
            "enforces_law": asked.sender.enforces_law(),
            "person": "subject" in body,
        }
    if asked.message["kind"] == "DefectionReferral":
        kept = {"consent": body["consent"]}
    if asked.message["kind"] == "ConditionNotice":
        kept = {"event": body["event"]}
    return Sent(
        kind=asked.message["kind"],
        sender="anonymous" if body.get("anonymous") else asked.sender.id,
        recipient=asked.recipient.id,
        about=about(body),
        day=asked.day,
        body=kept,
    )
