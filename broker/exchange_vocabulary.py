"""The words of the exchanges beside requests and disclosures: concern, custody, defection, platforms.

Closed lists of the contract, as in `vocabulary`: values are stable English ids, Swedish terms stand in docstrings.
"""

from enum import StrEnum


class Concern(StrEnum):
    """Sort of concern for a child (orsak till oro)."""

    VIOLENCE = "violence"
    NEGLECT = "neglect"
    CRIME = "crime"
    DRUGS = "drugs"
    SCHOOL_ABSENCE = "school_absence"
    HONOUR = "honour"
    NETWORK = "network"
    OTHER = "other"


class InquiryStatus(StrEnum):
    """What the social board has decided (inledd, inte inledd, pågår redan)."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"
    RUNNING = "running"


class HandedTo(StrEnum):
    """Who takes over a child (vårdnadshavare, socialnämnd)."""

    GUARDIAN = "guardian"
    SOCIAL_BOARD = "social_board"


class ConversationOutcome(StrEnum):
    """What came of a talk with guardians."""

    AGREED = "agreed"
    DECLINED = "declined"
    FOLLOW_UP = "follow_up"


class ConditionEvent(StrEnum):
    """What has happened to a condition (start, tillfälligt undantag, ändrat, upphört)."""

    START = "start"
    EXCEPTION = "exception"
    CHANGED = "changed"
    ENDED = "ended"


class OrganisationType(StrEnum):
    """Sort of organisation in a report (HVB, familjehem, avhopparaktör, förening)."""

    HVB = "hvb"
    FAMILY_HOME = "family_home"
    DEFECTION_CONTRACTOR = "defection_contractor"
    ASSOCIATION = "association"
    OTHER = "other"


class NeedAnswer(StrEnum):
    """An answer in the follow-up of a defection."""

    MET = "met"
    UNMET = "unmet"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"


class DefectionOutcome(StrEnum):
    """Where a defection stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"


class ActionType(StrEnum):
    """What a platform message does (föreläggande, effekt, information, misstanke)."""

    ORDER = "order"
    EFFECT = "effect"
    INFORMATION = "information"
    SUSPICION = "suspicion"
