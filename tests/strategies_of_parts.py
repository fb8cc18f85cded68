"""Hypothesis strategies for what message bodies are made of. Every person in them is synthetic: birth number 238 or
239, and organisation numbers of a group that is given to nobody.
"""

import datetime as dt
from base64 import b64encode
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from broker.model.signs import is_unseen
from broker.model.vocabulary import Category, Degree, ProtectedIdentity, Sought, Stage, SubjectIs, WeighingTest

Json = dict[str, Any]

texts = st.text(max_size=60)
short_texts = st.text(min_size=1, max_size=30)
authorities = st.sampled_from(["polismyndigheten", "kommun-0127", "region-01", "lansstyrelsen-01", "skola-10101010"])
municipalities = st.from_regex(r"[0-9]{4}", fullmatch=True)
areas = municipalities | st.from_regex(r"polisregion-[a-z]{1,8}", fullmatch=True)
grounds = st.sampled_from(["s170_4", "s170_5", "s170_6", "osl_15a", "osl_18b", "osl_26_9e", "consent"])
_SPLIT = dt.date(2025, 12, 31)
"""Bodies tell of days before it, messages are sent after it: what has happened lies behind the message."""
days = st.dates(dt.date(1900, 1, 1), _SPLIT).map(dt.date.isoformat)


def _check_digit(digits: str) -> str:
    """Luhn: every other digit from the last is doubled."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits), start=1))
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


@st.composite
def person_numbers(draw: st.DrawFn, *, coordination: bool = False) -> str:
    """A personnummer, or a samordningsnummer with 60 added to the day; both synthetic."""
    born = draw(st.dates(dt.date(1900, 1, 1), dt.date(2025, 12, 31)))
    month, day = born.month, born.day
    if coordination:
        month = draw(st.sampled_from([month, 0]))
        day = draw(st.sampled_from([day, 0])) + 60
    number = f"{born.year:04}{month:02}{day:02}{draw(st.sampled_from(['238', '239']))}"
    return number + _check_digit(number[2:])


@st.composite
def organisation_numbers(draw: st.DrawFn) -> str:
    """Ten digits with a right check digit, in a group that is given to nobody."""
    number = "00" + draw(st.from_regex(r"[2-9][0-9]{6}", fullmatch=True))
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
def instants(draw: st.DrawFn, *, later: bool = False) -> str:
    """A time with a zone, with or without fractions of a second; `later`: when a message may be sent."""
    first, last = (_SPLIT, dt.date(2200, 12, 31)) if later else (dt.date(1900, 1, 1), _SPLIT)
    margin, midnight = dt.timedelta(days=2), dt.time()
    moment = draw(
        st.datetimes(dt.datetime.combine(first + margin, midnight), dt.datetime.combine(last - margin, midnight))
    )
    minutes = draw(st.just(0) | st.integers(-14 * 60, 14 * 60))
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    return moment.replace(tzinfo=zone).isoformat()


@st.composite
def references(draw: st.DrawFn) -> str:
    """A well-formed statutory reference."""
    section = f"{draw(st.integers(1, 60))}{draw(st.sampled_from(['', ' a', ' e']))}"
    statute = draw(st.sampled_from(["OSL", "BrB", "SoL", "PSL", "skollagen", "LVU", "2025:170", "1968:64", "1996:67"]))
    if statute in ("LVU", "2025:170", "1968:64"):
        place = f"{section} §"
    else:
        place = f"{draw(st.integers(1, 45))}{draw(st.sampled_from(['', ' a']))}:{section}"
    return f"{statute} {place}{draw(st.sampled_from(['', ' 2 st', ' 1 st 3 p']))}"


views = st.deferred(lambda: fields({}, child=members(Sought), guardians=members(Sought), why=st.text(max_size=60)))
"""Whether the child and its guardians were asked."""
when_told = st.sampled_from(["yes", "ask_first"]) | days


def members(vocabulary: Any) -> SearchStrategy[str]:
    """A word of a closed list."""
    return st.sampled_from([member.value for member in vocabulary])


def fields(required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]) -> SearchStrategy[Json]:
    """An object: the optional fields are sometimes left out and sometimes null."""
    return st.fixed_dictionaries(required, optional={name: st.none() | given for name, given in optional.items()})


def list_of(entries: SearchStrategy[Any], least: int = 0) -> SearchStrategy[list[Any]]:
    """A short list."""
    return st.lists(entries, min_size=least, max_size=3)


_seen_signs = st.characters(exclude_categories=["C", "Z"]).filter(lambda sign: not is_unseen(sign))
reserve_numbers = st.text(_seen_signs, min_size=1, max_size=20)


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
            found["birth_date"] = f"{number[:4]}-{int(number[4:6]) or 1:02}-{day or 1:02}"
    else:
        found["id"] = draw(reserve_numbers) if id_type == "reserve" else None
        found["birth_date"] = draw(st.none() | days)
        found["id_issuer"] = draw(st.none() | authorities) if id_type == "reserve" else None
    rest = fields({}, protected_identity=members(ProtectedIdentity), municipality=municipalities)
    return found | draw(rest)


organisations = st.fixed_dictionaries({"orgnr": organisation_numbers(), "name": short_texts})


NO_PROVISION = "no_provision_applies"


@st.composite
def assessments(draw: st.DrawFn) -> list[Json]:
    """Answers to weighing tests that may stand for the whole message, without two different answers to one test."""
    found: list[Json] = []
    asked = members(WeighingTest).filter(lambda test: test != NO_PROVISION)
    for test in draw(st.lists(asked, max_size=2, unique=True)):
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


def _base64(size: int) -> SearchStrategy[str]:
    """Bytes of a length, most of them alike: what they are is nothing to whoever carries them."""
    return st.binary(min_size=4, max_size=4).map(lambda some: b64encode((some * size)[:size]).decode("ascii"))


sealed = st.fixed_dictionaries(
    {"key": st.from_regex(r"[0-9a-f]{32}", fullmatch=True), "encapsulated": _base64(1120), "ciphertext": _base64(272)}
)
"""A content that only its recipient opens, as far as the broker sees."""


@st.composite
def items(draw: st.DrawFn) -> Json:
    """An item that names the secrecy that applies, or says that none does, or neither."""
    found: Json = draw(
        fields(
            {"category": members(Category), "content": texts},
            content_type=st.sampled_from(["text/plain", "image/png"]),
            secrecy=list_of(references()),
            assessments=assessments(),
            concerns=list_of(subjects()),
        )
    )
    if draw(st.integers(0, 4)) == 0:
        del found["content"]
        found["sealed"] = draw(sealed)
    if draw(st.booleans()):
        answer = {"test": NO_PROVISION, "assessed_by": draw(short_texts), "reason": f"{draw(texts)} skäl"}
        holds = not found.get("secrecy") and draw(st.booleans())
        found["assessments"] = [*(found.get("assessments") or []), {**answer, "holds": holds}]
    return found


offences = fields(
    {"provision": references(), "committed": st.booleans()},
    degree=members(Degree),
    stage=members(Stage),
    date=days,
    subject_is=members(SubjectIs),
    victim_under_18=st.booleans(),
    close_relation=st.booleans(),
    connected_with_school=st.booleans(),
)
