"""Consents and cooperation agreements as the rules see them: what the registers keep when one is recorded."""

from broker.authorities import Register
from broker.kinds import ConsentGiven, CooperationAgreement
from broker.model.days import as_number
from broker.model.decision import AgreementFacts, RecordedConsent
from broker.model.vocabulary import Answer, SignerRole

NO_END = 99991231
"""The last day of what holds until further notice."""


def consent_facts(register: Register, message: ConsentGiven) -> RecordedConsent:
    """A form about a person as the register keeps it."""
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


def agreement_facts(register: Register, message: CooperationAgreement) -> AgreementFacts:
    """An agreement as the rules see it."""
    body = message.body
    return {
        "programme": body.programme,
        "purposes": sorted(set(body.purposes)),
        "area": register.municipalities_in(body.area),
        "valid_from": as_number(body.valid_from),
        "valid_until": as_number(body.valid_until) if body.valid_until else NO_END,
        "signers": [
            {"from_age": row.from_age, "subject": row.subject, "guardians": row.guardians and row.guardians.value}
            for row in body.signers
        ],
        "parties": register.in_law(body.parties),
    }
