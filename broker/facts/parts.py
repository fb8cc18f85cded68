"""Facts as the rules see them, made from the parts of a message: parties, answers, offences, ages, categories.

Pure functions: what they give holds ages, flags, provisions and answers, and no identity (design, promise 8).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from broker.authorities import Authority, Desk
from broker.model.days import age_on, as_number
from broker.model.decision import ItemFacts, OffenceFacts, PartyFacts, PersonFacts
from broker.model.parts import Assessment, Offence, Subject
from broker.model.references import parse
from broker.model.vocabulary import WeighingTest

ANY_GROUND = "*"

_OF_ONE_ITEM = frozenset({WeighingTest.NECESSARY_FOR_OWN_TASK})
"""Tests that are answered on each item by itself: an answer on the body is none."""

SOMEONE: Mapping[str, PersonFacts] = MappingProxyType(
    {"0": {"age": None, "protected": False, "consents": [], "left_out": False}}
)
"""A person of whom nothing is known, as the table of an input."""


def party_facts(authority: Authority, unit: str, role: str | None, desk: Desk | None = None) -> PartyFacts:
    """A party as the rules see it. `desk`: the one that sends or gets the message; None: the authority itself."""
    facts: PartyFacts = {
        "id": authority.id,
        "authority": authority.in_law,
        "kinds": authority.kinds,
        "principal": authority.principal,
        "forms": sorted(authority.forms),
        "works_with_children": authority.works_with_children,
        "unit": unit,
        "role": role,
    }
    if authority.private_school:
        facts["approved"] = authority.approved
    if desk is not None:
        facts |= {"desk": desk.name, "agreements": desk.agreements}
    return facts


def asked_category(category: str, purpose: str, persons: list[str]) -> ItemFacts:
    """A category that is asked for: of what nobody has answered yet, neither secrecy nor answers are known."""
    return {
        "category": category,
        "purpose": purpose,
        "on_request": True,
        "secrecy": [],
        "answers": {},
        "persons": persons,
    }


def answers(of_body: Iterable[Assessment], of_item: Iterable[Assessment]) -> dict[str, dict[str, bool]]:
    """Answers that hold for an item: its own win over the body's, one for a ground over one for any."""
    own: dict[str, dict[str, bool]] = {}
    for given in of_item:
        own.setdefault(given.test, {})[given.ground or ANY_GROUND] = given.holds
    merged = {test: dict(by_ground) for test, by_ground in own.items()}
    for given in of_body:
        if given.test not in _OF_ONE_ITEM and ANY_GROUND not in own.get(given.test, {}):
            merged.setdefault(given.test, {}).setdefault(given.ground or ANY_GROUND, given.holds)
    return merged


def offence(offence: Offence | None, subject: Subject | None, day: date) -> OffenceFacts | None:
    if offence is None:
        return None
    on = offence.date or day
    return {
        "provision": parse(offence.provision),
        "committed": offence.committed,
        "degree": offence.degree,
        "stage": offence.stage,
        "day": as_number(on),
        "subject_is": offence.subject_is,
        "subject_age": age_on(on, subject.born()) if subject else None,
        "victim_under_18": offence.victim_under_18,
        "close_relation": offence.close_relation,
        "connected_with_school": offence.connected_with_school,
    }
