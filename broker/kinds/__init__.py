"""The typed messages: what agencies may say to each other, one module for each family.

A kind has its model here, and what its path asks of it (`kinds.message`): its facts for the law, what it refers to,
what it writes, what may be answered to it. `KINDS` is the one list.
"""

from broker.kinds.acknowledgement import Acknowledgement
from broker.kinds.casework import CaseSharing, CouncilReferral
from broker.kinds.community import (
    MeasureNotice,
    OffenceReport,
    OrganisationConcern,
    SituationPicture,
    SupportEnquiry,
    Tip,
)
from broker.kinds.concern import (
    ConcernDecision,
    ConcernFeedback,
    ConcernNotification,
    CustodyHandover,
    GuardianConversation,
)
from broker.kinds.conditions import ConditionNotice
from broker.kinds.defection import DefectionFollowUp, DefectionReferral
from broker.kinds.exchange import Clarification, Disclosure, InformationRequest, Interim, Recall, Refusal, WithItems
from broker.kinds.message import Message
from broker.kinds.platform import ChannelAction, ChannelReport
from broker.kinds.registrations import ConsentGiven, ConsentWithdrawn, CooperationAgreement
from broker.model.envelope import Recipient, Sender

KINDS: dict[str, type[Message]] = {
    kind.__name__: kind
    for kind in (
        InformationRequest,
        Acknowledgement,
        Clarification,
        Interim,
        Disclosure,
        CaseSharing,
        CouncilReferral,
        Refusal,
        Recall,
        ConsentGiven,
        ConsentWithdrawn,
        CooperationAgreement,
        ConcernNotification,
        ConcernDecision,
        ConcernFeedback,
        CustodyHandover,
        GuardianConversation,
        ConditionNotice,
        Tip,
        OffenceReport,
        SupportEnquiry,
        OrganisationConcern,
        SituationPicture,
        MeasureNotice,
        DefectionReferral,
        DefectionFollowUp,
        ChannelReport,
        ChannelAction,
    )
}
"""Each kind's model under its name."""

__all__ = [
    "KINDS",
    "Acknowledgement",
    "CaseSharing",
    "ChannelAction",
    "ChannelReport",
    "Clarification",
    "ConcernDecision",
    "ConcernFeedback",
    "ConcernNotification",
    "ConditionNotice",
    "ConsentGiven",
    "ConsentWithdrawn",
    "CooperationAgreement",
    "CouncilReferral",
    "CustodyHandover",
    "DefectionFollowUp",
    "DefectionReferral",
    "Disclosure",
    "GuardianConversation",
    "InformationRequest",
    "Interim",
    "MeasureNotice",
    "Message",
    "OffenceReport",
    "OrganisationConcern",
    "Recall",
    "Recipient",
    "Refusal",
    "Sender",
    "SituationPicture",
    "SupportEnquiry",
    "Tip",
    "WithItems",
]
