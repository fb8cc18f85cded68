"""Guidance before anything is asked: what a request between two parties would be told (vägledning)."""

from datetime import datetime

from broker.authorities import Authority
from broker.facts import parts
from broker.facts.parts import SOMEONE, asked_category, party_facts
from broker.model.days import as_number, swedish_day
from broker.model.decision import PolicyInput
from broker.model.parts import Offence
from broker.model.vocabulary import Category, Purpose, Role, Unit, Urgency


def question(
    holder: Authority,
    asker: Authority,
    category: Category,
    purpose: Purpose,
    when: datetime,
    *,
    holder_unit: Unit = Unit.REGISTRY,
    asker_unit: Unit = Unit.REGISTRY,
    age: int | None = None,
    offence: Offence | None = None,
) -> PolicyInput:
    """What the law is asked about a request for one category on somebody, with no ground claimed.

    `offence`: what it is about, of which a request itself says nothing; null: nothing is said of any.
    """
    day = swedish_day(when)
    of_it = parts.offence(offence, None, day)
    if of_it is not None:
        of_it["subject_age"] = age
    return {
        "kind": "InformationRequest",
        "day": as_number(day),
        "sender": party_facts(asker, asker_unit, Role.OFFICER),
        "recipient": party_facts(holder, holder_unit, None),
        "in_reply_to_request": False,
        "refers_to_own": None,
        "request_recalled": False,
        "organisation": False,
        "basis": [],
        "circumstances": [],
        "offence": of_it,
        "agreements": [],
        "stated": {"urgency": Urgency.ROUTINE, "personal_data": False},
        "persons": {key: {**person, "age": age} for key, person in SOMEONE.items()},
        "items": {"0": asked_category(category, purpose, list(SOMEONE))},
    }
