"""Hypothesis strategies for `PolicyInput`: a shared case of `tests/cases` with some of its facts changed.

The cases lie on both sides of the lines that the paragraphs draw, so a change often crosses one. Changes are drawn from
all that any case holds, and from ages, days and answers beyond it; they need not fit each other. Nobody in them exists.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from broker.kinds import KINDS
from broker.model.decision import ItemFacts, OffenceFacts, PartyFacts, PersonFacts, PolicyInput
from broker.model.references import parse
from broker.model.vocabulary import Category, Circumstance, Purpose, Role, Stage, Unit, WeighingTest

AGAINST_WHEN_TRUE = frozenset({"exceptional_reasons", "secrecy_clearly_prevails", "overriding_reasons", "harm"})
"""Tests whose statement speaks against release when it is true; of the others, when it is false."""

TESTS = tuple(test.value for test in WeighingTest)
DAYS = (
    19000101,
    20250331,
    20250401,
    20250701,
    20251201,
    20260115,
    20260302,
    20260715,
    20260731,
    20260801,
    20260820,
    20260909,
    20260910,
    20261015,
)
LATER = (20270101, 20280101, 99991231)
BEYOND = ("OSL 25:2", "OSL 26:1 a", "OSL 31:1", "OSL 26:5", "OSL 18:1", "1942:740 27:18")
"""Provisions without the stycke that some ground names, for the informant, for the public, and outside OSL."""


_Value = TypeVar("_Value")


def changed(base: Any, change: Any) -> Any:
    """A base with a case's change: objects are merged key by key, all else is replaced."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {key: changed(base.get(key), change[key]) if key in change else base[key] for key in {**base, **change}}
    return json.loads(json.dumps(change))


def _shared() -> list[PolicyInput]:
    """But for those of the tables' days (`day_cases`), which differ in a day and a name alone."""
    folder = Path(__file__).parent / "cases"
    chosen = [file for file in sorted(folder.glob("*.json")) if not file.name.startswith("days_of_")]
    files = [json.loads(file.read_text(encoding="utf-8")) for file in chosen]
    bases = next(file["bases"] for file in files if "bases" in file)
    groups = [group for file in files for group in file.get("cases", {}).values()]
    found = [changed(bases[case["base"]], case["input"]) for group in groups for case in group.values()]
    return [asked for asked in found if asked["kind"] in KINDS]


def _distinct(values: Iterable[_Value]) -> list[_Value]:
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def body_fields(kind: str) -> set[str]:
    """Names of the fields in the body of a kind."""
    body: Any = KINDS[kind].model_fields["body"].annotation
    return set(body.model_fields)


SHARED = _shared()
_DISCLOSURES = [asked for asked in SHARED if asked["kind"] == "Disclosure"]
_REQUESTS = [asked for asked in SHARED if asked["kind"] == "InformationRequest"]
_WITHOUT_ITEMS = [
    asked for asked in SHARED if asked["kind"] != "InformationRequest" and "items" not in body_fields(asked["kind"])
]
_STATED: dict[str, list[dict[str, Any]]] = {
    asked["kind"]: [
        other["stated"] for other in _WITHOUT_ITEMS if (other["kind"], "stated" in other) == (asked["kind"], True)
    ]
    for asked in _WITHOUT_ITEMS
}
_AGREEMENTS = _distinct(agreement for asked in SHARED for agreement in asked["agreements"])
_ITEMS: list[ItemFacts] = [item for asked in SHARED for item in asked["items"].values()]
_PARTIES: list[PartyFacts] = _distinct(party for asked in SHARED for party in (asked["sender"], asked["recipient"]))
_OFFENCES: list[OffenceFacts | None] = _distinct(asked["offence"] for asked in SHARED)
_CONSENTS = _distinct(
    consent for asked in SHARED for person in asked["persons"].values() for consent in person["consents"]
)
_PROVISIONS = _distinct([*(named for item in _ITEMS for named in item["secrecy"]), *map(parse, BEYOND)])

provisions = st.sampled_from(_PROVISIONS)
ages = st.none() | st.integers(0, 120) | st.sampled_from([0, 14, 15, 17, 18, 20, 21, 120])
flags = st.booleans()


def _members(vocabulary: Any) -> list[str]:
    return [member.value for member in vocabulary]


def copy(asked: _Value) -> _Value:
    """A deep copy, to change one fact of."""
    return cast(_Value, json.loads(json.dumps(asked)))


def _one_of(cases: list[PolicyInput]) -> st.SearchStrategy[PolicyInput]:
    """Any of the cases, as a copy: what changes the one that is drawn never changes a case that another test reads."""
    return st.sampled_from(cases).map(copy)


@st.composite
def persons(draw: DrawFn) -> PersonFacts:
    """A person whom an item concerns, with consents that may fit or not."""
    given_consents = draw(st.lists(st.sampled_from(_CONSENTS), max_size=2))
    return {"age": draw(ages), "protected": draw(flags), "consents": given_consents, "left_out": draw(flags)}


def answered_for_release() -> dict[str, dict[str, bool]]:
    """Every test answered in favour of release, for every ground."""
    return {test: {"*": test not in AGAINST_WHEN_TRUE} for test in TESTS}


def _party(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    party: PartyFacts = {**draw(st.sampled_from(_PARTIES))}
    if draw(flags):
        party["unit"], party["role"] = draw(st.sampled_from(_members(Unit))), draw(st.sampled_from(_members(Role)))
    if draw(flags):
        asked["sender"] = party
    else:
        asked["recipient"] = party


def _day(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    asked["day"] = draw(st.sampled_from(DAYS + LATER))


def _basis(draw: DrawFn, asked: PolicyInput, grounds: list[str]) -> None:
    asked["basis"] = draw(st.lists(st.sampled_from(grounds), max_size=4) | st.permutations(grounds))


def _about(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    asked["organisation"] = draw(flags)
    asked["circumstances"] = sorted(draw(st.sets(st.sampled_from(_members(Circumstance)))))


def _offence(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    offence = draw(st.sampled_from(_OFFENCES))
    if offence is not None:
        stage, day = draw(st.sampled_from(_members(Stage))), draw(st.sampled_from(DAYS))
        offence = {**offence, "stage": stage, "day": day, "committed": draw(flags)}
    asked["offence"] = offence


def _told(draw: DrawFn, asked: PolicyInput, grounds: list[str]) -> None:
    """What kinds with items have beside: whom the matter is about, the request's claim, the offence's day, a notice."""
    other = draw(_one_of(_DISCLOSURES))
    asked["lul_notice"] = other["lul_notice"]
    asked["offence_dated"] = draw(flags)
    asked["request_basis"] = draw(st.lists(st.sampled_from(grounds), max_size=2) | st.just(["lul_11"]))
    asked["subject"] = draw(st.none() | st.sampled_from(sorted(asked["persons"]))) if asked["persons"] else None


def _item(draw: DrawFn, asked: PolicyInput) -> ItemFacts:
    return asked["items"][draw(st.sampled_from(sorted(asked["items"])))]


def _secrecy(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    _item(draw, asked)["secrecy"] = draw(st.lists(provisions, max_size=3))


def _answers(draw: DrawFn, asked: PolicyInput, grounds: list[str]) -> None:
    item = _item(draw, asked)
    if draw(flags):
        item["answers"] = answered_for_release()
    for test in draw(st.lists(st.sampled_from(TESTS), max_size=4, unique=True)):
        for_whom = draw(st.just("*") | st.sampled_from(grounds))
        item["answers"][test] = {**item["answers"].get(test, {}), for_whom: draw(flags)}


def _kind_of_information(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    item = _item(draw, asked)
    item["category"] = draw(st.sampled_from(_members(Category)))
    item["purpose"] = draw(st.none() | st.sampled_from(_members(Purpose)))
    item["on_request"] = draw(flags)


def _concerned(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    further = draw(st.lists(persons(), max_size=5))
    asked["persons"] |= {str(len(asked["persons"]) + n): person for n, person in enumerate(further)}
    keys = (
        st.lists(st.sampled_from(sorted(asked["persons"])), max_size=5, unique=True)
        if asked["persons"]
        else st.just([])
    )
    _item(draw, asked)["persons"] = draw(keys)
    if "subject" in asked:
        asked["subject"] = draw(st.none() | st.sampled_from(sorted(asked["persons"]))) if asked["persons"] else None


def _another_item(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    other = draw(_one_of(_DISCLOSURES))
    further = {key: str(len(asked["persons"]) + n) for n, key in enumerate(other["persons"])}
    asked["persons"] |= {further[key]: person for key, person in other["persons"].items()}
    for item in other["items"].values():
        moved: ItemFacts = {**item, "persons": [further[key] for key in item["persons"]]}
        asked["items"][str(len(asked["items"]))] = moved


def _flag(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    """Another value of one flag, as some case of the kind states it."""
    if (others := _STATED[asked["kind"]]) and "stated" in asked:
        name = draw(st.sampled_from(sorted(asked["stated"])))
        asked["stated"][name] = draw(st.sampled_from([other[name] for other in others if name in other]))


def _referring(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    asked["in_reply_to_request"] = draw(flags)
    asked["refers_to_own"] = draw(st.none() | flags)


def _agreed(draw: DrawFn, asked: PolicyInput, _: list[str]) -> None:
    asked["agreements"] = draw(st.lists(st.sampled_from(_AGREEMENTS), max_size=3))


def _of_the_whole(draw: DrawFn, asked: PolicyInput, grounds: list[str]) -> None:
    """Answers, and whom it concerns, of the item that is the message as a whole."""
    if asked["items"]:
        change = draw(st.sampled_from([_answers, _concerned]))
        change(draw, asked, grounds)


_Change = Callable[[DrawFn, PolicyInput, list[str]], None]
_OF_ANY: list[_Change] = [_party, _day, _basis]
_OF_DISCLOSURES: list[_Change] = [
    *[*_OF_ANY, _about, _offence, _secrecy],
    *[_answers, _kind_of_information, _concerned, _another_item, _told],
]
_OF_OTHERS: list[_Change] = [_party, _day, _flag, _flag, _referring, _agreed, _of_the_whole]


@st.composite
def disclosures(draw: DrawFn, grounds: list[str]) -> PolicyInput:
    """A disclosure: a shared case with up to five facts changed."""
    asked = draw(_one_of(_DISCLOSURES))
    for change in draw(st.lists(st.sampled_from(_OF_DISCLOSURES), max_size=5)):
        change(draw, asked, grounds)
    return copy(asked)


@st.composite
def requests(draw: DrawFn, grounds: list[str]) -> PolicyInput:
    """A request for up to three categories, about one person or an organisation."""
    asked = draw(_one_of(_REQUESTS))
    for change in draw(st.lists(st.sampled_from(_OF_ANY), max_size=3)):
        change(draw, asked, grounds)
    about = {str(n): person for n, person in enumerate(draw(st.lists(persons(), max_size=1)))}
    wanted: ItemFacts = {
        **asked["items"]["0"],
        "purpose": draw(st.sampled_from(_members(Purpose))),
        "persons": [*about],
    }
    asked["persons"] = about
    categories = draw(st.lists(st.sampled_from(_members(Category)), min_size=1, max_size=3))
    asked["organisation"] = not about
    asked["items"] = {str(index): {**wanted, "category": category} for index, category in enumerate(categories)}
    return copy(asked)


@st.composite
def others(draw: DrawFn, grounds: list[str]) -> PolicyInput:
    """A message without items that is no request: a shared case with up to four facts changed."""
    asked = draw(_one_of(_WITHOUT_ITEMS))
    for change in draw(st.lists(st.sampled_from(_OF_OTHERS), max_size=4)):
        change(draw, asked, grounds)
    return copy(asked)
