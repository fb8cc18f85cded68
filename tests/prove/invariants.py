"""What must hold of the law, whatever is asked: relations between a question, a changed one, and their answers."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from statute_lists import listed

from broker import bundle
from broker.model.references import parse
from prove.law import Law
from prove.space import AGAINST_WHEN_TRUE, TESTS

Json = dict[str, Any]


class Invariant(NamedTuple):
    """`changes` makes the questions to compare with, `breaks` says what is wrong, or None."""

    name: str
    changes: Callable[[Json], Iterable[Json]]
    breaks: Callable[[Law, Json, Json | None, Json, Json | None], str | None]


class CounterExample(NamedTuple):
    """A question and a changed one whose answers break an invariant."""

    invariant: str
    said: str
    asked: Json
    answer: Json | None
    changed: Json
    other: Json | None


def released(answer: Json | None) -> set[str]:
    """What goes out: the items, or the message as a whole ("*")."""
    if answer is None or answer["quarantine"]:
        return set()
    if answer["items"]:
        return {i for i, verdict in answer["items"].items() if verdict["outcome"] == "release"}
    return {"*"} if answer["outcome"] == "forward" else set()


def _itself(asked: Json) -> Iterator[Json]:
    yield asked


def _never_more(_: Law, asked: Json, answer: Json | None, __: Json, other: Json | None) -> str | None:
    more = released(other) - released(answer)
    return f"it releases {sorted(more)} more" if more else None


def _releasing(asked: Json) -> bool:
    """A request hands nothing out, nor does a refusal."""
    return asked["kind"] not in {"InformationRequest", "Refusal"}


def _with_item(asked: Json, index: str, **changes: Any) -> Json:
    return asked | {"items": asked["items"] | {index: asked["items"][index] | changes}}


# --- nothing released without a ground in force on the day


def _ground_in_force(law: Law, asked: Json, answer: Json | None, *_: Any) -> str | None:
    if answer is None or answer["quarantine"]:
        return None
    without = [i for i, verdict in answer["items"].items() if verdict["outcome"] == "release" and not verdict["ground"]]
    for ground in answer["grounds"]:
        row = law.grounds[ground]
        if not max(row["from"], row["known_from"]) <= asked["day"] <= (row["to"] or 99999999):
            without.append(ground)
    return f"{without} without a ground in force" if without else None


def _on_other_days(asked: Json) -> Iterator[Json]:
    yield asked
    for day in (19000101, 20250330, 20250630, 20251130, 20260630, 20260714, 20261231, 20270101):
        yield asked | {"day": day}


def _on_its_day(law: Law, _: Json, __: Json | None, changed: Json, other: Json | None) -> str | None:
    return _ground_in_force(law, changed, other)


# --- an exclusion always wins over a permission that it names


@cache
def excluded() -> dict[str, frozenset[str]]:
    """What the text of a ground, or of 2025:170 8 §, excludes: read from the statute, not from the rule's list."""
    texts = {place: entry["text"] for place, entry in bundle.load().statutes.items()}
    places = {"osl_15a": "osl_10/section_15a", "osl_27": "osl_10/section_27", "osl_24": "osl_10/section_24"}
    places |= dict.fromkeys(("s170_5", "s170_6", "s170_7_request", "s170_7_own"), "sfs_2025_170/section_8")
    return {ground: frozenset(listed(place, texts)) for ground, place in places.items()}


def _one_of_each_exclusion(asked: Json) -> Iterator[Json]:
    yield asked
    if asked["items"] and asked["kind"] in {"Disclosure", "CaseSharing", "CouncilReferral"}:
        for named in ("OSL 24:8", "OSL 25:7", "OSL 40:2", "OSL 29:1"):
            secrecy = asked["items"]["0"]["secrecy"]
            yield _with_item(asked, "0", secrecy=[*secrecy, parse(named)])


def _under_an_exclusion(_: Law, __: Json, ___: Json | None, changed: Json, other: Json | None) -> str | None:
    for i in released(other) - {"*"}:
        ground = other["items"][i]["ground"]  # type: ignore[index]
        named = {form for one in changed["items"][i]["secrecy"] for form in (one["named"], one["provision"])}
        if against := named & excluded().get(ground, frozenset()):
            return f"item {i} is released under {ground}, whose text excludes {sorted(against)}"
    return None


# --- what is taken back never releases more


def _withdrawn(asked: Json) -> Iterator[Json]:
    """Each consent without a no withdrawn; each agreement gone, where it asks for no more than the floor."""
    for key, person in asked["persons"].items():
        for n, form in enumerate(person["consents"]):
            if not form["subject_no"] and not form["guardians_no"]:
                forms = [*person["consents"][:n], form | {"withdrawn": True}, *person["consents"][n + 1 :]]
                yield asked | {"persons": asked["persons"] | {key: person | {"consents": forms}}}
    for n, agreement in enumerate(asked["agreements"]):
        if asked["kind"] == "CaseSharing" or not agreement["signers"]:
            yield asked | {"agreements": asked["agreements"][:n] + asked["agreements"][n + 1 :]}


# --- more secrecy never releases more

_ADDED = (
    "OSL 26:1",
    "OSL 25:1",
    "OSL 25:2",
    "OSL 23:2",
    "OSL 18:1",
    "OSL 24:8",
    "OSL 21:1",
    "PSL 6:12",
    "1942:740 27:18",
)


def _more_secret(asked: Json) -> Iterator[Json]:
    """To what names a secrecy already: what names none is not yet stated."""
    for i, item in list(asked["items"].items())[:1] if _releasing(asked) else ():
        if item["secrecy"]:
            for named in _ADDED:
                yield _with_item(asked, i, secrecy=[*item["secrecy"], parse(named)])


# --- an answer against release never releases more


def _answered_against(asked: Json) -> Iterator[Json]:
    for i, item in list(asked["items"].items())[:1] if _releasing(asked) else ():
        for test in TESTS:
            against = {for_whom: test in AGAINST_WHEN_TRUE for for_whom in {"*", *item["answers"].get(test, {})}}
            yield _with_item(asked, i, answers=item["answers"] | {test: against})


def _unanswered(asked: Json) -> Iterator[Json]:
    """A test that was answered in favour of release, not answered at all."""
    for i, item in list(asked["items"].items())[:1] if _releasing(asked) else ():
        for test, answers in item["answers"].items():
            if test != "maturity" and (test in AGAINST_WHEN_TRUE) not in answers.values():
                yield _with_item(asked, i, answers={t: a for t, a in item["answers"].items() if t != test})


# --- order decides nothing


def _turned(asked: Json) -> Iterator[Json]:
    """Items, persons, consents, agreements, circumstances and secrecy the other way round; then the grounds also."""
    last = len(asked["items"]) - 1
    items = {
        str(last - int(i)): item | {"secrecy": item["secrecy"][::-1], "persons": item["persons"][::-1]}
        for i, item in asked["items"].items()
    }
    turned = asked | {
        "items": items,
        "circumstances": asked["circumstances"][::-1],
        "persons": {key: person | {"consents": person["consents"][::-1]} for key, person in asked["persons"].items()},
        "agreements": asked["agreements"][::-1],
    }
    yield turned
    if len(asked["basis"]) > 1:
        yield turned | {"basis": asked["basis"][::-1]}


def _of_another_order(_: Law, asked: Json, answer: Json | None, changed: Json, other: Json | None) -> str | None:
    if answer is None or other is None:
        return None if answer is other else "only one has an answer"
    last = len(asked["items"]) - 1
    fields = (
        {"outcome"} if changed["basis"] != asked["basis"] else {"outcome", "ground", "asks", "bar", "doubtful", "ref"}
    )
    back = {str(last - int(i)): verdict for i, verdict in other.get("items", {}).items()}
    for i, verdict in answer.get("items", {}).items():
        for field in sorted(fields):
            if _plain(verdict[field]) != _plain(back[i][field]):
                return f"{field} of item {i} differs"
    return None if answer["outcome"] == other["outcome"] else "the outcome differs"


def _plain(value: Any) -> Any:
    """Sets come as lists in any order."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return sorted((_plain(one) for one in value), key=json.dumps) if isinstance(value, list) else value


# --- every kind from everyone has a verdict


def _has_a_verdict(_: Law, __: Json, answer: Json | None, *___: Any) -> str | None:
    if answer is None:
        return "no answer"
    known = {"forward", "refer", "withhold", "quarantine"}
    return None if answer["outcome"] in known else f"the outcome {answer['outcome']}"


# --- names decide nothing, but those that the law itself names

_OTHERS = {
    "kommun-0127": "kommun-2584", "0127": "2584", "region-01": "region-25", "skola-10101010": "skola-91919191",
    "skola-20202020": "skola-92929292", "klinik-5560000001": "klinik-9", "hvb-5560000002": "hvb-9",
    "forening-8020000001": "forening-9", "forening-8020000002": "forening-8", "allmanheten": "intaget",
    "plattform-5560000004": "plattform-9",
}  # fmt: skip


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_OTHERS.get(key, key): _renamed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    return _OTHERS.get(value, value) if isinstance(value, str) else value


def _others(asked: Json) -> Iterator[Json]:
    yield _renamed(asked)


def _of_others(_: Law, __: Json, answer: Json | None, ___: Json, other: Json | None) -> str | None:
    return None if _plain(_renamed(answer)) == _plain(other) else "the answers differ"


INVARIANTS = (
    Invariant("nothing is released without a ground in force on the day", _on_other_days, _on_its_day),
    Invariant("an exclusion wins over a permission that it names", _one_of_each_exclusion, _under_an_exclusion),
    Invariant("withdrawing a consent or an agreement never releases more", _withdrawn, _never_more),
    Invariant("adding a secrecy provision never releases more", _more_secret, _never_more),
    Invariant("answering a test against release never releases more", _answered_against, _never_more),
    Invariant("leaving a test unanswered never releases more", _unanswered, _never_more),
    Invariant("the order of items, grounds and consents decides nothing", _turned, _of_another_order),
    Invariant("every kind from every sort of sender has a verdict", _itself, _has_a_verdict),
    Invariant("the same facts with other identities have the same verdict", _others, _of_others),
)


def counter_examples(
    law: Law, questions: Iterable[Json], tried: dict[str, int] | None = None
) -> Iterator[CounterExample]:
    """Where the law breaks an invariant. `tried` counts the comparisons of each."""
    chunk: list[Json] = []
    for asked in questions:
        chunk.append(asked)
        if len(chunk) == 50:
            yield from _compared(law, chunk, tried)
            chunk = []
    yield from _compared(law, chunk, tried)


def _compared(law: Law, chunk: list[Json], tried: dict[str, int] | None) -> Iterator[CounterExample]:
    questions = {str(n): asked for n, asked in enumerate(chunk)}
    pairs = []
    for n, asked in enumerate(chunk):
        for invariant in INVARIANTS:
            for changed in invariant.changes(asked):
                key = str(n) if changed is asked else str(len(questions))
                questions[key] = changed
                pairs.append((invariant, str(n), key))
    answers = law.answers(questions)
    for invariant, one, two in pairs:
        if tried is not None:
            tried[invariant.name] = tried.get(invariant.name, 0) + 1
        asked, changed, answer, other = questions[one], questions[two], answers.get(one), answers.get(two)
        if said := invariant.breaks(law, asked, answer, changed, other):
            yield CounterExample(invariant.name, said, asked, answer, changed, other)
