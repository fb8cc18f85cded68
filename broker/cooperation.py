"""Consents and cooperation agreements as the rules see them: what the registers keep when one is recorded."""

from broker.authorities import Register
from broker.decision import AgreementFacts, ConsentFacts
from broker.facts import as_number
from broker.messages import ConsentGiven, CooperationAgreement
from broker.vocabulary import Answer, SignerRole

NO_END = 99991231
"""The last day of what holds until further notice."""


def consent_facts(register: Register, message: ConsentGiven) -> ConsentFacts:
    """A consent as the rules see it."""
    body = message.body
    answers = [(signed.role, signed.answer) for signed in body.given_by]
    return {
        "programme": body.programme,
        "form": body.form,
        "parties": register.in_law(body.parties),
        "categories": sorted(set(body.categories)),
        "purposes": sorted(set(body.purposes)),
        "valid_from": as_number(body.valid_from),
        "valid_until": as_number(body.valid_until) if body.valid_until else NO_END,
        "guardians": body.guardians,
        "guardians_yes": answers.count((SignerRole.GUARDIAN, Answer.YES)),
        "guardians_no": answers.count((SignerRole.GUARDIAN, Answer.NO)),
        "subject_yes": (SignerRole.SUBJECT, Answer.YES) in answers,
        "subject_no": (SignerRole.SUBJECT, Answer.NO) in answers,
    }


def agreement_facts(register: Register, message: CooperationAgreement) -> AgreementFacts:
    """An agreement as the rules see it."""
    body = message.body
    return {
        "programme": body.programme,
        "purposes": sorted(set(body.purposes)),
        "area": register.municipalities_in(body.area),
        "valid_from": as_number(body.valid_from),
        "valid_until": as_number(body.valid_until) if body.valid_until else NO_END,
        "signers": [row.model_dump(mode="json") for row in body.signers],
    }
