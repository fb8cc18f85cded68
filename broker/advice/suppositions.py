"""Supposes what a message does not state: each value that a missing answer, fact or consent may have, in a question.

Nothing here says what is true or what the law makes of it: the law is asked (`missing`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broker.kinds import KINDS
from broker.model.decision import ConsentFacts, ItemFacts, PolicyInput
from broker.model.references import Provision, parse
from broker.model.vocabulary import Circumstance, Degree, Programme, Purpose, Role, SubjectIs, Unit

Supposition = Callable[[PolicyInput, str], None]
"""Writes a value into a question, for the item with this index."""

AGES = (5, 13, 14, 15, 16, 17, 18, 19, 20, 21, 40)
"""On both sides of each line that is drawn at an age."""
_STYCKEN = (1, 2, 3)


@dataclass(frozen=True)
class Examples:
    """What may be supposed (`policies/missing/data.json`): each test's answer for release, offences, provisions.

    `claimed_by_request`: grounds that the request may have meant, though it names none.
    """

    for_release: Mapping[str, bool]
    offences: Sequence[Mapping[str, str]]
    secrecy: Sequence[str]
    claimed_by_request: Sequence[str]


def can_be_stated(fact: str, kind: str) -> bool:
    """Whether a message of this kind has the field where the fact stands."""
    field = "circumstances" if fact in set(Circumstance) else _FIELDS.get(fact)
    body: Any = KINDS[kind].model_fields["body"].annotation
    return field is None or field in body.model_fields


def of_test(test: str, examples: Examples, grounds: Iterable[str]) -> Sequence[Supposition]:
    """That a test is answered for release, where it has no answer: for these grounds and for all."""
    value = examples.for_release[test]

    def answer(asked: PolicyInput, index: str) -> None:
        answers = asked["items"][index]["answers"].setdefault(test, {})
        for ground in ("*", *grounds):
            answers.setdefault(ground, value)

    return [answer]


def of_consent(name: str) -> Sequence[Supposition]:
    """That each person whom the item concerns has consented, or that a consent has these signatures too."""
    return {
        "consent": [_add_consent],
        "own_signature": [_sign_by_the_person],
        "guardians_signatures": [_sign_by_guardians],
    }[name]


def of_fact(name: str, examples: Examples) -> Sequence[Supposition]:
    """Each value that this fact may have; of a claim, that there is none, for then any ground may carry."""
    if name in set(Circumstance):
        return [lambda asked, _: asked["circumstances"].append(name)]
    if name == "offence":
        return [_offence(row, committed=committed, who=who) for row in examples.offences for committed, who in _PARTS]
    if name == "claimed":
        return [lambda asked, _: asked.update(request_basis=list(examples.claimed_by_request))]
    if name == "secrecy":
        return [_item(secrecy=[parse(provision)]) for provision in examples.secrecy]
    return _FACTS[name]


_PARTS = [(committed, who.value) for committed in (True, False) for who in (SubjectIs.SUSPECT, SubjectIs.VICTIM)]


def _item(**values: Any) -> Supposition:
    return lambda asked, index: asked["items"][index].update(values)  # type: ignore[typeddict-item]


def _of_the_offence(name: str, values: Iterable[Any]) -> list[Supposition]:
    def state_offence(value: Any) -> Supposition:
        return lambda asked, _: asked["offence"].update({name: value}) if asked["offence"] else None  # type: ignore

    return [state_offence(value) for value in values]


def _set_committed(asked: PolicyInput, _: str) -> None:
    if asked["offence"]:
        asked["offence"]["committed"] = not asked["offence"]["committed"]


def _of_age(years: int) -> Supposition:
    def set_age(asked: PolicyInput, _: str) -> None:
        for person in asked["persons"].values():
            person["age"] = years
        if asked["offence"]:
            asked["offence"]["subject_age"] = years

    return set_age


def _of_then(years: int) -> Supposition:
    def set_then(asked: PolicyInput, _: str) -> None:
        asked["offence_dated"] = True
        if asked["offence"]:
            asked["offence"]["subject_age"] = years

    return set_then


def _of_the_notice(name: str, value: Any) -> Supposition:
    def set_notice(asked: PolicyInput, _: str) -> None:
        asked["lul_notice"] = {**(asked["lul_notice"] or _NOTICE), name: value}  # type: ignore[typeddict-item]

    return set_notice


def _of_stycke(number: int) -> Supposition:
    def set_stycke(asked: PolicyInput, index: str) -> None:
        item = asked["items"][index]
        item["secrecy"] = [_with_stycke(provision, number) for provision in item["secrecy"]]

    return set_stycke


def _with_stycke(provision: Provision, number: int) -> Provision:
    return provision if provision["stycke"] else parse(f"{provision['named']} {number} st")


def _claiming_nothing(asked: PolicyInput, _: str) -> None:
    asked["basis"] = []


def _party(side: str, **values: str) -> Supposition:
    return lambda asked, _: asked[side].update(values)  # type: ignore[literal-required]


def _offence(row: Mapping[str, str], *, committed: bool, who: str) -> Supposition:
    def state_offence(asked: PolicyInput, index: str) -> None:
        ages = [asked["persons"][key]["age"] for key in asked["items"][index]["persons"]]
        asked["offence_dated"] = True
        asked["offence"] = {
            "provision": parse(row["provision"]),
            "committed": committed,
            "degree": row["degree"],
            "stage": "completed",
            "day": asked["day"],
            "subject_is": who,
            "subject_age": ages[0] if ages else None,
            "victim_under_18": True,
            "close_relation": True,
            "connected_with_school": True,
        }

    return state_offence


def _add_agreement(asked: PolicyInput, _: str) -> None:
    asked["agreements"].append(
        {
            "programme": asked.get("programme", Programme.OTHER.value),
            "purposes": [purpose.value for purpose in Purpose],
            "area": [],
            "valid_from": asked["day"],
            "valid_until": asked["day"],
            "signers": [],
            "parties": [asked["sender"]["authority"], asked["recipient"]["authority"]],
        }
    )


def _at_home(asked: PolicyInput, _: str) -> None:
    areas = [agreed["area"] for agreed in asked["agreements"] if agreed["programme"] == asked["programme"]]
    asked["place"] = min(set(areas[0]).intersection(*areas) or areas[0])


def _add_consent(asked: PolicyInput, index: str) -> None:
    item = asked["items"][index]
    for key in item["persons"]:
        person = asked["persons"][key]
        person["consents"].append(_complete(asked, item, person["consents"]))


def _complete(asked: PolicyInput, item: ItemFacts, earlier: Iterable[ConsentFacts]) -> ConsentFacts:
    holder = asked["sender"]["authority"]
    return {
        "programme": asked.get("programme", Programme.OTHER.value),
        "form": "written",
        "parties": [holder, asked["recipient"]["authority"]],
        "categories": [item["category"]],
        "purposes": [purpose.value for purpose in Purpose],
        "valid_from": asked["day"],
        "valid_until": asked["day"],
        "guardians": 1,
        "guardians_yes": 1,
        "guardians_no": 0,
        "subject_yes": True,
        "subject_no": False,
        "order": 1 + max((given["order"] for given in earlier), default=-1),
        "registered_by": "sender",
        "registrant": holder,
        "withdrawn": False,
    }


def _given_consents(asked: PolicyInput, index: str) -> Iterable[ConsentFacts]:
    persons = (asked["persons"][key] for key in asked["items"][index]["persons"])
    return [given for person in persons for given in person["consents"] if not given["withdrawn"]]


def _sign_by_the_person(asked: PolicyInput, index: str) -> None:
    for given in _given_consents(asked, index):
        given["subject_yes"] = not given["subject_no"]


def _sign_by_guardians(asked: PolicyInput, index: str) -> None:
    for given in _given_consents(asked, index):
        if not given["guardians_no"]:
            given["guardians"] = max(given["guardians"], 1)
            given["guardians_yes"] = given["guardians"]


def _units(side: str) -> list[Supposition]:
    return [_party(side, unit=unit.value) for unit in Unit]


_NOTICE: Mapping[str, Any] = {
    "mediation_asked": False,
    "mediation_answer": None,
    "deprived_of_liberty": "none",
    "why": False,
}
"""A notice of a young suspect that tells what it must."""

_FACTS: Mapping[str, list[Supposition]] = {
    "age": [_of_age(years) for years in AGES],
    "agreement": [_add_agreement],
    "basis": [_claiming_nothing],
    "close_relation": _of_the_offence("close_relation", [True]),
    "committed": [_set_committed],
    "connected_with_school": _of_the_offence("connected_with_school", [True]),
    "deprived_of_liberty": [_of_the_notice("deprived_of_liberty", "none")],
    "degree": _of_the_offence("degree", [degree.value for degree in Degree]),
    "function": [_party("sender", role=role.value) for role in Role],
    "lul_notice": [_of_the_notice("mediation_asked", value=False)],
    "mediation_answer": [_of_the_notice("mediation_answer", "undecided")],
    "mediation_asked": [_of_the_notice("mediation_asked", value=False)],
    "municipality": [_at_home],
    "offence_date": [_of_then(years) for years in AGES],
    "on_request": [_item(on_request=True)],
    "purpose": [_item(purpose=purpose.value) for purpose in Purpose],
    "recipient_unit": _units("recipient"),
    "stycke": [_of_stycke(number) for number in _STYCKEN],
    "subject_is": _of_the_offence("subject_is", [who.value for who in SubjectIs]),
    "unit": _units("sender"),
    "victim_under_18": _of_the_offence("victim_under_18", [True]),
    "why": [_of_the_notice("why", value=True)],
}
_FIELDS = {
    **dict.fromkeys(("on_request", "secrecy", "stycke"), "items"),
    **{name: name for name in ("basis", "offence", "purpose", "lul_notice")},
    **dict.fromkeys(
        ("close_relation", "committed", "connected_with_school", "degree", "subject_is", "victim_under_18"), "offence"
    ),
    **dict.fromkeys(("mediation_asked", "mediation_answer", "deprived_of_liberty", "why"), "lul_notice"),
    "offence_date": "offence",
    "claimed": "basis",
}
"""The field of a body that holds a fact, where not every kind has it."""
FACTS = (*_FACTS, "claimed", "offence", "secrecy", *(circumstance.value for circumstance in Circumstance))
"""Every fact that can be said to be missing."""
