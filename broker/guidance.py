"""Guidance before anything is asked: what a request between two parties would be told (vägledning)."""

from datetime import datetime

from broker.authorities import Authority
from broker.decision import PolicyInput
from broker.facts import SOMEONE, as_number, asked_category, party_facts
from broker.messages.times import swedish_day
from broker.vocabulary import Category, Purpose, Role, Unit, Urgency


def question(
    holder: Authority,
    asker: Authority,
    category: Category,
    purpose: Purpose,
    when: datetime,
    *,
    holder_unit: Unit = Unit.REGISTRY,
    asker_unit: Unit = Unit.REGISTRY,
) -> PolicyInput:
    """What the law is asked about a request for one category on somebody of unknown age, with no ground claimed."""
    return {
        "kind": "InformationRequest",
        "day": as_number(swedish_day(when)),
        "sender": party_facts(asker, asker_unit, Role.OFFICER),
        "recipient": party_facts(holder, holder_unit, None),
        "in_reply_to_request": False,
        "refers_to_own": None,
        "request_recalled": False,
        "organisation": False,
        "basis": [],
        "circumstances": [],
        "offence": None,
        "agreements": [],
        "stated": {"urgency": Urgency.ROUTINE, "personal_data": False},
        "persons": dict(SOMEONE),
        "items": {"0": asked_category(category, purpose, list(SOMEONE))},
    }
