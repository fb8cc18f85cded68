"""Hypothesis strategies for valid messages, in the JSON form of the contract. Every person in them is synthetic:
birth number 238 or 239, and organisation numbers of a group that is given to nobody.

`message_json(kind)` draws one message of a kind, `any_message_json()` one of any kind; fields that may be left out
sometimes are, and sometimes are null.
"""

import datetime as dt
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from broker.messages import KINDS, Message
from broker.vocabulary import (
    Answer,
    Category,
    Circumstance,
    ConsentForm,
    CouncilLevel,
    Degree,
    GuardiansNeeded,
    Programme,
    ProtectedIdentity,
    Purpose,
    RefusalReason,
    Role,
    SignerRole,
    Stage,
    SubjectIs,
    Unit,
    Urgency,
    WeighingTest,
)

Json = dict[str, Any]

texts = st.text(max_size=60)
short_texts = st.text(min_size=1, max_size=30)
authorities = st.sampled_from(["polismyndigheten", "kommun-0127", "region-01", "lansstyrelsen-01", "skola-10101010"])
municipalities = st.from_regex(r"[0-9]{4}", fullmatch=True)
areas = municipalities | st.from_regex(r"polisregion-[a-z]{1,8}", fullmatch=True)
grounds = st.sampled_from(["s170_4", "s170_5", "s170_6", "osl_15a", "osl_18b", "osl_26_9e", "consent"])
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(dt.date.isoformat)


def _check_digit(digits: str) -> str:
    """Luhn: every other digit from the last is doubled."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits), start=1))
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


@st.composite
def person_numbers(draw: st.DrawFn, *, coordination: bool = False) -> str:
    """A personnummer, or a samordningsnummer with 60 added to the day; both synthetic."""
    born = draw(st.dates(dt.date(1900, 1, 1), dt.date(2025, 12, 31)))
    day = born.day + (60 if coordination else 0)
    number = f"{born.year:04}{born.month:02}{day:02}{draw(st.sampled_from(['238', '239']))}"
    return number + _check_digit(number[2:])


@st.composite
def organisation_numbers(draw: st.DrawFn) -> str:
    """Ten digits with a right check digit, in a group that is given to nobody."""
    number = "00" + draw(st.from_regex(r"[0-9]{7}", fullmatch=True))
    return number + _check_digit(number)


@st.composite
def message_ids(draw: st.DrawFn) -> str:
    """UUIDv7: version and variant fixed, the other bits any."""
    bits = draw(st.integers(0, (1 << 128) - 1))
    bits = bits & ~(0xF << 76) | 7 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@st.composite
def instants(draw: st.DrawFn) -> str:
    """A time with a zone, with or without fractions of a second."""
    moment = draw(st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29)))
    minutes = draw(st.just(0) | st.integers(-14 * 60, 14 * 60))
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    return moment.replace(tzinfo=zone).isoformat()


@st.composite
def references(draw: st.DrawFn) -> str:
    """A well-formed statutory reference."""
    section = f"{draw(st.integers(1, 60))}{draw(st.sampled_from(['', ' a', ' e']))}"
    if draw(st.booleans()):
        place = f"{draw(st.integers(1, 45))}{draw(st.sampled_from(['', ' a']))}:{section}"
    else:
        place = f"{section} §"
    statute = draw(st.sampled_from(["OSL", "BrB", "SoL", "skollagen", "2025:170", "1968:64"]))
    return f"{statute} {place}{draw(st.sampled_from(['', ' 2 st', ' 1 st 3 p']))}"


def _members(vocabulary: Any) -> SearchStrategy[str]:
    return st.sampled_from([member.value for member in vocabulary])


def _fields(required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]) -> SearchStrategy[Json]:
    return st.fixed_dictionaries(required, optional={name: st.none() | given for name, given in optional.items()})


def _list(entries: SearchStrategy[Any], least: int = 0) -> SearchStrategy[list[Any]]:
    return st.lists(entries, min_size=least, max_size=3)


@st.composite
def subjects(draw: st.DrawFn) -> Json:
    """A person of each id type."""
    id_type = draw(st.sampled_from(["personnummer", "samordningsnummer", "reserve", "unknown"]))
    found: Json = {"id_type": id_type}
    if id_type in ("personnummer", "samordningsnummer"):
        coordination = id_type == "samordningsnummer"
        found["id"] = number = draw(person_numbers(coordination=coordination))
        if draw(st.booleans()):
            day = int(number[6:8]) - (60 if coordination else 0)
            found["birth_date"] = f"{number[:4]}-{number[4:6]}-{day:02}"
    else:
        found["id"] = draw(st.text(min_size=1, max_size=20)) if id_type == "reserve" else None
        found["birth_date"] = draw(st.none() | days)
    rest = _fields({}, protected_identity=_members(ProtectedIdentity), municipality=municipalities)
    return found | draw(rest)


organisations = st.fixed_dictionaries({"orgnr": organisation_numbers(), "name": short_texts})


@st.composite
def assessments(draw: st.DrawFn) -> list[Json]:
    """Answers to weighing tests, without two different answers to one test."""
    found: list[Json] = []
    for test in draw(st.lists(_members(WeighingTest), max_size=2, unique=True)):
        general = draw(st.booleans())
        holds = draw(st.booleans())
        for ground in draw(st.lists(grounds, min_size=1, max_size=2, unique=True)):
            found.append(
                {
                    "test": test,
                    "holds": holds if general else draw(st.booleans()),
                    "assessed_by": draw(short_texts),
                    "reason": draw(texts),
                    "ground": ground,
                }
            )
        if general:
            found.append(found[-1] | {"ground": None})
    return draw(st.permutations(found))


items = _fields(
    {"category": _members(Category), "content": texts},
    content_type=st.sampled_from(["text/plain", "image/png"]),
    secrecy=_list(references()),
    assessments=assessments(),
    concerns=_list(subjects()),
)
offences = _fields(
    {"provision": references(), "committed": st.booleans()},
    degree=_members(Degree),
    stage=_members(Stage),
    date=days,
    subject_is=_members(SubjectIs),
    victim_under_18=st.booleans(),
    close_relation=st.booleans(),
    connected_with_school=st.booleans(),
)
_categories = _list(_members(Category), least=1)


@st.composite
def _about_someone(draw: st.DrawFn, rest: SearchStrategy[Json]) -> Json:
    about: Json = draw(
        st.fixed_dictionaries({"subject": subjects()}) | st.fixed_dictionaries({"organisation": organisations})
    )
    return about | draw(rest)


@st.composite
def _valid_between(draw: st.DrawFn, rest: SearchStrategy[Json]) -> Json:
    first, last = sorted([draw(days), draw(days)])
    return {"valid_from": first, "valid_until": draw(st.sampled_from([last, None]))} | draw(rest)


def _disclosed(required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]) -> SearchStrategy[Json]:
    """A body with items: a disclosure's fields and its own."""
    return _about_someone(
        _fields(
            {"items": _list(items, least=1), **required},
            purpose=_members(Purpose),
            offence=offences,
            circumstances=_list(_members(Circumstance)),
            assessments=assessments(),
            basis=_list(grounds),
            conditions=texts,
            replaces=message_ids(),
            **optional,
        )
    )


BODIES: dict[str, SearchStrategy[Json]] = {
    "InformationRequest": _about_someone(
        _fields(
            {"purpose": _members(Purpose), "need": short_texts, "categories": _categories},
            period=short_texts,
            urgency=_members(Urgency),
            deadline=instants(),
            basis=_list(grounds),
        )
    ),
    "Clarification": _fields({"text": texts}),
    "Interim": _fields({"text": texts}, expected=instants()),
    "Disclosure": _disclosed({}),
    "CaseSharing": _disclosed({"programme": _members(Programme)}, agreement=short_texts),
    "CouncilReferral": _disclosed({"level": _members(CouncilLevel)}, agreement=short_texts),
    "Refusal": _fields(
        {"categories": _categories, "reason": _members(RefusalReason)},
        ref=references(),
        assessments=assessments(),
        text=texts,
    ),
    "Recall": _fields({"message": message_ids()}, text=texts),
    "ConsentGiven": _valid_between(
        _fields(
            {
                "consent": short_texts,
                "programme": _members(Programme),
                "subject": subjects(),
                "given_by": _list(_fields({"role": _members(SignerRole), "answer": _members(Answer)}), least=1),
                "guardians": st.integers(0, 10),
                "parties": _list(authorities, least=2),
                "categories": _categories,
                "purposes": _list(_members(Purpose), least=1),
                "form": _members(ConsentForm),
            }
        )
    ),
    "ConsentWithdrawn": _fields({"consent": short_texts, "by": _members(SignerRole)}),
    "CooperationAgreement": _valid_between(
        _fields(
            {
                "agreement": short_texts,
                "programme": _members(Programme),
                "parties": _list(authorities, least=2),
                "purposes": _list(_members(Purpose), least=1),
            },
            area=_list(areas),
            signers=_list(
                _fields({"from_age": st.integers(0, 120)}, subject=st.booleans(), guardians=_members(GuardiansNeeded))
            ),
        )
    ),
}
"""A body of each kind."""


def message_json(kind: str) -> SearchStrategy[Json]:
    """A valid message of one kind, as it stands on a line."""
    return _fields(
        {
            "id": message_ids(),
            "kind": st.just(kind),
            "sender": _fields({"authority": authorities}, unit=_members(Unit), role=_members(Role)),
            "recipient": _fields({"authority": authorities}, unit=_members(Unit), area=areas),
            "time": instants(),
            "body": BODIES[kind],
        },
        case=short_texts,
        in_reply_to=message_ids(),
    )


def any_message_json() -> SearchStrategy[Json]:
    """A valid message of any kind."""
    return st.sampled_from(sorted(KINDS)).flatmap(message_json)


def messages(kind: str) -> SearchStrategy[Message]:
    """A typed message of one kind."""
    return message_json(kind).map(lambda found: KINDS[kind].model_validate_json(json.dumps(without_null(found))))


def without_null(value: Any) -> Any:
    """The same with null fields left out: the contract takes the two as equal."""
    if isinstance(value, dict):
        return {name: without_null(given) for name, given in value.items() if given is not None}
    return [without_null(given) for given in value] if isinstance(value, list) else value
