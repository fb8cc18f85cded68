"""Hypothesis strategies for `PolicyInput`: what the rules may be asked, drawn from the value space of the shared cases.

Parties, purposes, provisions, days and offences lie close to the lines that the paragraphs draw, so that a draw often
meets a ground; ages, flags, answers and consents are free. Nobody in them exists.
"""

import json
from pathlib import Path
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from broker.decision import AgreementFacts, ConsentFacts, ItemFacts, OffenceFacts, PartyFacts, PersonFacts, PolicyInput
from broker.references import Provision, parse
from broker.vocabulary import (
    Category,
    Circumstance,
    Degree,
    Programme,
    Purpose,
    Role,
    Stage,
    SubjectIs,
    Unit,
    WeighingTest,
)

_CASES = Path(__file__).parent / "cases"
_BASES: dict[str, PolicyInput] = json.loads((_CASES / "bases.json").read_text(encoding="utf-8"))["bases"]

AGAINST_WHEN_TRUE = frozenset({"exceptional_reasons", "secrecy_clearly_prevails", "overriding_reasons", "harm"})
"""Tests whose statement speaks against release when it is true; of the others, when it is false."""

EXEMPT = (
    *("OSL 24:8", "OSL 25:1", "OSL 25:2 1 st", "OSL 25:2 2 st", "OSL 25:5", "OSL 25:7", "OSL 25:8", "OSL 25:15"),
    *("OSL 26:1", "OSL 26:1 a 1 st", "OSL 26:1 a 2 st", "OSL 26:3", "OSL 26:5", "OSL 40:2", "OSL 40:5"),
    *("PSL 6:12", "PSL 6:16"),
)
"""Secrecy that 2025:170 8 § names."""

_OTHER_SECRECY = (
    *("OSL 18:1", "OSL 21:3", "OSL 23:1", "OSL 23:2", "OSL 24:2 a", "OSL 25:2", "OSL 25:8 a", "OSL 26:1 a", "OSL 26:11"),
    *("OSL 28:1", "OSL 31:1", "OSL 31:1 1 st", "OSL 33:2", "OSL 35:1", "OSL 35:2", "OSL 40:7 g", "skollagen 29:14"),
)
_OFFENCES = (
    *("BrB 3:1", "BrB 3:5", "BrB 3:6", "BrB 4:1", "BrB 4:4", "BrB 6:4", "BrB 8:1", "BrB 8:5", "BrB 16:5 a", "BrB 18:1"),
    *("1951:649 4 §", "1967:1 1 §", "1968:64 1 §", "1968:64 3 §", "1982:316 2 §", "1991:1969 3 §", "1996:67 9:1 a"),
    *("2010:1622 11:3", "2022:666 4 §", "2022:666 7 §"),
)
_DAYS = (
    *(19000101, 20160815, 20250331, 20250401, 20250630, 20250701, 20251130, 20251201, 20260114, 20260115),
    *(20260302, 20260730, 20260801, 20260819, 20260820, 20261015, 20270101, 20280101, 99991231),
)


def ask(base: str) -> PolicyInput:
    """A base of the shared cases, as a copy of one's own."""
    return cast(PolicyInput, json.loads(json.dumps(_BASES[base])))


def _members(vocabulary: Any) -> SearchStrategy[str]:
    return st.sampled_from([member.value for member in vocabulary])


def _parties() -> dict[str, PartyFacts]:
    found: dict[str, PartyFacts] = {}
    for base in _BASES.values():
        for party in (base["sender"], base["recipient"]):
            found.setdefault(party["authority"], party)
    named = {
        **dict.fromkeys(("ekobrottsmyndigheten", "aklagarmyndigheten", "sakerhetspolisen", "tullverket"), "state_authority"),
        **dict.fromkeys(("rattsmedicinalverket", "barnombudsmannen", "forsvarets-radioanstalt"), "state_authority"),
        **{"domstol-1": "court", "bolag-1": "municipal_company", "forening-1": "civil_society"},
    }
    for authority, kind in named.items():
        found[authority] = found["polismyndigheten"] | {"id": authority, "authority": authority, "kinds": [kind]}
    return found


_PARTIES = _parties()


@st.composite
def parties(draw: st.DrawFn) -> PartyFacts:
    """A party of any kind; unit, role and school forms need not fit it, for a sender may write what it likes."""
    party = draw(st.sampled_from(list(_PARTIES.values())))
    return {
        **party,
        "unit": draw(st.just(party["unit"]) | _members(Unit)),
        "role": draw(st.just(party["role"]) | st.none() | _members(Role)),
        "forms": draw(st.sampled_from([party["forms"], [], ["preschool"], ["preschool", "compulsory_school"]])),
        "works_with_children": draw(st.booleans()),
    }


ages = st.none() | st.integers(0, 120) | st.sampled_from([14, 15, 17, 18, 20, 21])
provisions: SearchStrategy[Provision] = st.sampled_from((*EXEMPT, *_OTHER_SECRECY)).map(parse)
days = st.sampled_from(_DAYS)


@st.composite
def consents(draw: st.DrawFn) -> ConsentFacts:
    """A consent between the base's usual parties, in time and in form or not."""
    known = sorted(_PARTIES)
    return {
        "programme": draw(_members(Programme)),
        "form": draw(st.sampled_from(["written", "written", "oral"])),
        "parties": draw(st.just(known) | st.lists(st.sampled_from(known), max_size=3, unique=True)),
        "categories": draw(st.just([c.value for c in Category]) | st.lists(_members(Category), max_size=3)),
        "purposes": draw(st.just([p.value for p in Purpose]) | st.lists(_members(Purpose), max_size=3)),
        "valid_from": draw(st.just(19000101) | days),
        "valid_until": draw(st.just(99991231) | days),
        "guardians": (guardians := draw(st.integers(0, 2))),
        "guardians_yes": draw(st.integers(0, guardians)),
        "guardians_no": draw(st.integers(0, guardians)),
        "subject_yes": draw(st.booleans()),
        "subject_no": draw(st.booleans()),
    }


@st.composite
def agreements(draw: st.DrawFn) -> AgreementFacts:
    """An agreement, whose signers' rows may repeat an age."""
    signer = st.fixed_dictionaries(
        {
            "from_age": st.integers(0, 21),
            "subject": st.booleans(),
            "guardians": st.sampled_from([None, "one", "all"]),
        }
    )
    return {
        "programme": draw(_members(Programme)),
        "purposes": ["prevent"],
        "area": [],
        "valid_from": draw(days),
        "valid_until": draw(days),
        "signers": draw(st.lists(signer, max_size=3)),
    }


@st.composite
def persons(draw: st.DrawFn, protected: SearchStrategy[bool]) -> PersonFacts:
    """A person whom an item concerns."""
    return {"age": draw(ages), "protected": draw(protected), "consents": draw(st.lists(consents(), max_size=2))}


def _answers(grounds: list[str]) -> SearchStrategy[dict[str, dict[str, bool]]]:
    """Answers to some tests; more often for release than against, so that grounds come to carry."""
    holding = {t.value: st.sampled_from([t.value not in AGAINST_WHEN_TRUE] * 3 + [True, False]) for t in WeighingTest}
    given = {
        test: st.fixed_dictionaries({"*": holds})
        | st.dictionaries(st.sampled_from(["*", *grounds]), holds, min_size=1, max_size=3)
        for test, holds in holding.items()
    }
    return st.fixed_dictionaries({}, optional=given)


@st.composite
def offences(draw: st.DrawFn) -> OffenceFacts:
    """An offence of the table or outside it, on a day before or after its wording."""
    return {
        "provision": parse(draw(st.sampled_from(_OFFENCES))),
        "committed": draw(st.booleans()),
        "degree": draw(st.none() | _members(Degree)),
        "stage": draw(st.just("completed") | _members(Stage)),
        "day": draw(days),
        "subject_is": draw(_members(SubjectIs)),
        "subject_age": draw(ages),
        "victim_under_18": draw(st.none() | st.booleans()),
        "close_relation": draw(st.none() | st.booleans()),
        "connected_with_school": draw(st.none() | st.booleans()),
    }


@st.composite
def items(draw: st.DrawFn, grounds: list[str], on_request: bool, protected: SearchStrategy[bool]) -> ItemFacts:
    """An item of a disclosure."""
    return {
        "category": draw(_members(Category)),
        "purpose": draw(st.none() | _members(Purpose)),
        "on_request": on_request and draw(st.booleans()),
        "secrecy": draw(st.lists(provisions, max_size=3)),
        "answers": draw(_answers(grounds)),
        "persons": draw(st.lists(persons(protected), max_size=3)),
    }


@st.composite
def disclosures(
    draw: st.DrawFn, grounds: list[str], *, protected: SearchStrategy[bool] | None = None, least_claimed: int = 0
) -> PolicyInput:
    """A disclosure between any two parties under any grounds, none (any may carry) or repeated ones."""
    on_request = draw(st.booleans())
    flags = st.booleans() if protected is None else protected
    found = draw(st.lists(items(grounds, on_request, flags), min_size=1, max_size=3))
    return {
        "kind": "Disclosure",
        "day": draw(days),
        "sender": draw(parties()),
        "recipient": draw(parties()),
        "in_reply_to_request": on_request,
        "refers_to_own": draw(st.sampled_from([None, None, None, True, False])),
        "organisation": draw(st.sampled_from([False, False, True])),
        "basis": draw(st.lists(st.sampled_from(grounds), min_size=least_claimed, max_size=4) | st.just(grounds)),
        "circumstances": sorted(draw(st.sets(_members(Circumstance)))),
        "offence": draw(st.none() | offences()),
        "agreements": draw(st.lists(agreements(), max_size=2)),
        "items": {str(index): item for index, item in enumerate(found)},
    }


@st.composite
def requests(draw: st.DrawFn, grounds: list[str]) -> PolicyInput:
    """A request for some categories, about one person, an organisation or nobody named."""
    asked = draw(disclosures(grounds))
    purpose = draw(_members(Purpose))
    about = draw(st.lists(persons(st.booleans()), max_size=1))
    categories = draw(st.lists(_members(Category), min_size=1, max_size=3))
    asked.update(kind="InformationRequest", in_reply_to_request=False, refers_to_own=None, circumstances=[])
    asked.update(offence=None, agreements=[], organisation=not about)
    asked["items"] = {
        str(index): {
            "category": category,
            "purpose": purpose,
            "on_request": True,
            "secrecy": [],
            "answers": {},
            "persons": about,
        }
        for index, category in enumerate(categories)
    }
    return asked
