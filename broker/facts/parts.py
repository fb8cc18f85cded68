"""Facts as the rules see them, made from the parts of a message: parties, answers, offences, ages, categories.

Pure functions: what they give holds ages, flags, provisions and answers, and no identity (design, promise 8).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from broker.authorities import Authority
from broker.kinds import ConditionNotice, Message, Refusal
from broker.kinds.exchange import LulNotice
from broker.model.days import age_on, as_number
from broker.model.decision import ItemFacts, LulNoticeFacts, OffenceFacts, PartyFacts, PersonFacts
from broker.model.parts import Assessment, Item, Offence, Subject, has_words
from broker.model.references import parse
from broker.model.vocabulary import WeighingTest

ANY_GROUND = "*"

_OF_ONE_ITEM = frozenset({WeighingTest.NECESSARY_FOR_OWN_TASK})
"""Tests that are answered on each item by itself: an answer on the body is none."""

SOMEONE: Mapping[str, PersonFacts] = MappingProxyType(
    {"0": {"age": None, "protected": False, "consents": [], "left_out": False}}
)
"""A person of whom nothing is known, as the table of an input."""


def party_facts(authority: Authority, unit: str, role: str | None) -> PartyFacts:
    """A party as the rules see it."""
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


def refused(message: Refusal, purpose: str | None) -> dict[str, ItemFacts]:
    """Each category that a refusal covers, with the provision that it rests on as the secrecy that applies.

    Each concerns the same person, of whom nothing is known (`SOMEONE`).
    """
    body = message.body
    return {
        str(index): {
            "category": category,
            "purpose": purpose,
            "on_request": True,
            "secrecy": [parse(body.ref)] if body.ref else [],
            "answers": answers(body.assessments, ()),
            "persons": list(SOMEONE),
        }
        for index, category in enumerate(body.categories)
    }


def concerned(item: Item, subject: Subject | None) -> tuple[Subject, ...]:
    return item.concerns or ((subject,) if subject else ())


def persons_in(message: Message) -> list[Subject]:
    body: Any = message.body
    found = [body.subject] if getattr(body, "subject", None) else []
    if isinstance(message, ConditionNotice):
        found.extend(guardian.subject for guardian in message.body.guardians if guardian.subject)
    for item in getattr(body, "items", ()):
        found.extend(item.concerns or ())
    return found


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


def lul_notice(notice: LulNotice | None) -> LulNoticeFacts | None:
    """What a notice of a young suspect tells, without its words."""
    if notice is None:
        return None
    return {
        "mediation_asked": notice.mediation_asked,
        "mediation_answer": notice.mediation_answer,
        "deprived_of_liberty": notice.deprived_of_liberty,
        "why": has_words(notice.why),
    }
