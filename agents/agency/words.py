"""The closed lists of the contract, as types: a word that is not in them is found before anything is sent.

Copies of the broker's own (`broker/model/vocabulary.py`, where the Swedish terms stand); a test compares them.
"""

from typing import Literal

Kind = Literal[
    "InformationRequest",
    "Acknowledgement",
    "Clarification",
    "Interim",
    "Disclosure",
    "CaseSharing",
    "CouncilReferral",
    "Refusal",
    "Recall",
    "ConsentGiven",
    "ConsentWithdrawn",
    "CooperationAgreement",
    "ConcernNotification",
    "ConcernDecision",
    "ConcernFeedback",
    "CustodyHandover",
    "GuardianConversation",
    "ConditionNotice",
    "Tip",
    "OffenceReport",
    "SupportEnquiry",
    "OrganisationConcern",
    "SituationPicture",
    "MeasureNotice",
    "DefectionReferral",
    "DefectionFollowUp",
    "ChannelReport",
    "ChannelAction",
]
"""Kinds of message."""

Unit = Literal[
    "registry",
    "social_services",
    "family_counselling",
    "contact_point",
    "education_office",
    "school",
    "leisure",
    "health_care",
    "child_psychiatry",
    "police_area",
    "defection_coordinator",
    "bob_council",
    "crime_unit",
]
"""The part of an authority that sends or receives (verksamhetsgren)."""

Role = Literal[
    "officer",
    "caseworker",
    "rektor",
    "designated_staff",
    "teacher",
    "school_health",
    "prosecutor",
    "coordinator",
    "individual",
    "system",
]
"""The function that acts for a unit (befattning), never a name."""

Category = Literal[
    "home_address",
    "phone_or_email",
    "workplace",
    "representative",
    "username_or_ip",
    "comparable_contact",
    "school_attendance",
    "school_placement",
    "school_incident",
    "school_support",
    "benefit",
    "employment",
    "vehicle",
    "housing",
    "stay_in_care",
    "permit",
    "company",
    "migration_status",
    "custody_status",
    "social_record",
    "health_record",
    "observation",
    "network",
    "threat",
    "inquiry_opened",
    "other",
]
"""Kind of information (uppgiftskategori)."""

Purpose = Literal[
    "prevent", "avert", "detect", "investigate", "prosecute", "support", "wrong_payment", "cheating", "other"
]
"""What the information is for (ändamål)."""

Urgency = Literal["routine", "urgent", "immediate"]
"""How soon an answer is needed (skyndsamhet)."""

Sought = Literal["sought", "not_sought", "not_possible"]
"""Whether somebody's view was asked for (inhämtad, inte inhämtad, inte möjlig att inhämta)."""

RefusalReason = Literal["withheld", "not_held", "cannot_say"]
"""Why nothing is given (avslagsskäl)."""

WeighingTest = Literal[
    "need",
    "exceptional_reasons",
    "secrecy_clearly_prevails",
    "overriding_reasons",
    "concrete_risk",
    "not_unsuitable",
    "suspicion",
    "importance",
    "imminent_danger",
    "obvious_interest",
    "child_at_risk",
    "recruitment_content",
    "no_provision_applies",
    "harm",
    "maturity",
    "consent_confirmed",
    "necessary_for_own_task",
]
"""A weighing or assessment that only a human can make (prövning)."""

Concern = Literal["violence", "neglect", "crime", "drugs", "school_absence", "honour", "network", "other"]
"""Sort of concern for a child (orsak till oro)."""

Programme = Literal[
    "sig", "sspf", "trefas", "losam", "ratt_kurva", "bob_local", "defection", "crime_alliance", "iop", "other"
]
"""Form of cooperation (samverkansform)."""

IdType = Literal["personnummer", "samordningsnummer", "reserve", "unknown"]
"""Kind of identity designation (identitetsbeteckning)."""

ProtectedIdentity = Literal["none", "sekretessmarkering", "skyddad_folkbokforing", "fingerade_uppgifter"]
"""Protected personal data (skyddade personuppgifter)."""

SignerRole = Literal["subject", "guardian"]
"""Who consents (den enskilde själv, vårdnadshavare)."""

Answer = Literal["yes", "no"]
"""A signer's answer (samtycker eller inte)."""

ConsentForm = Literal["written", "oral"]
"""Form of a consent (skriftligt, muntligt)."""

Circumstance = Literal[
    "met_by_staff",
    "inquiry_open",
    "particular_case",
    "guardian_absent",
    "guardian_must_not_know",
    "in_own_institution",
    "inquiry_31_opened",
    "serving_prison",
    "serving_youth_supervision",
    "recipient_has_notified",
    "assistance_requested",
    "presumed_under_18",
]
"""A fact that the sender states (omständighet)."""


def has_words(text: str) -> bool:
    """Whether a text says something: a blank, a dash or "…" does not."""
    return any(sign.isalnum() for sign in text)
