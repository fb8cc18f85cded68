"""What a recorded consent says: whether it refuses, what its withdrawal makes of it."""

from broker.model.decision import RecordedConsent
from broker.model.vocabulary import SignerRole

NO_END = 99991231
"""The last day of what holds until further notice."""


def refuses(facts: RecordedConsent) -> bool:
    """Whether somebody has said no in a form."""
    return facts["subject_no"] or facts["guardians_no"] > 0


def withdrawn_facts(facts: RecordedConsent, by: str | None) -> RecordedConsent:
    """A withdrawn consent as the no that the withdrawal is: of `subject`, or of one guardian; not known: of all.

    Who withdraws a no has said nothing.
    """
    consents = facts["subject_yes"] or facts["guardians_yes"] > 0
    guardians = {SignerRole.GUARDIAN.value: 1, SignerRole.SUBJECT.value: 0}.get(by or "", max(facts["guardians"], 1))
    return {
        **facts,
        "subject_yes": False,
        "guardians_yes": 0,
        "subject_no": consents and by != SignerRole.GUARDIAN,
        "guardians_no": guardians if consents else 0,
    }
