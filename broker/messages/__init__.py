"""The typed messages: what agencies may say to each other.

`envelope` holds what every message has, `parts` what bodies are made of, `exchange` and `registrations` the kinds.
`KINDS` is the one list of kinds: a new kind is one model there, one schema, one rule, one route.
"""

from broker.messages.casework import CaseSharing, CouncilReferral
from broker.messages.envelope import Envelope, Recipient, Sender
from broker.messages.exchange import (
    Clarification,
    Disclosure,
    InformationRequest,
    Interim,
    Recall,
    Refusal,
)
from broker.messages.registrations import (
    ConsentGiven,
    ConsentWithdrawn,
    CooperationAgreement,
)

Message = (
    InformationRequest
    | Clarification
    | Interim
    | Disclosure
    | CaseSharing
    | CouncilReferral
    | Refusal
    | Recall
    | ConsentGiven
    | ConsentWithdrawn
    | CooperationAgreement
)
"""Any message."""

WithItems = Disclosure | CaseSharing | CouncilReferral
"""Messages that give information item by item."""

KINDS: dict[str, type[Message]] = {
    kind.__name__: kind
    for kind in (
        InformationRequest,
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
    )
}
"""Each kind's model under its name."""

__all__ = [
    "KINDS",
    "CaseSharing",
    "Clarification",
    "ConsentGiven",
    "ConsentWithdrawn",
    "CooperationAgreement",
    "CouncilReferral",
    "Disclosure",
    "Envelope",
    "InformationRequest",
    "Interim",
    "Message",
    "Recall",
    "Recipient",
    "Refusal",
    "Sender",
    "WithItems",
]
