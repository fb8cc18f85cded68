"""What sees a change: the shared cases first, then what holds the law in other ways."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import test_second_reading
from house import engine
from policy_inputs import SHARED
from policy_tools import POLICIES
from statute_lists import listed, whole
from test_findings import contradictions
from test_malformed_questions import WORDS, Place, at, places, put_wrong
from test_missing import MOST, enough
from test_policy_engines import CASES, INPUTS, differences
from test_sole_failing import NEVER_ALONE, alone
from test_statute_lists import TEXTS

from broker.advice.missing import Part, part
from mutate.change import Change
from mutate.law import Law

Json = dict[str, Any]
_WANTS: dict[str, Json] = {title: case["want"] for title, case in CASES}
_GROUPS = {title.split(": ")[0] for title in INPUTS}
_FIRST, _CHUNK = 30, 400
_KINDS: Json = json.loads((POLICIES / "law" / "data.json").read_text("utf-8"))["kinds"]
_GROUNDS: Json = json.loads((POLICIES / "law" / "grounds" / "data.json").read_text("utf-8"))
_RULES = {
    path.relative_to(POLICIES).as_posix(): re.sub(r"(?m)^\s*#.*", "", path.read_text("utf-8"))
    for path in sorted(POLICIES.rglob("*.rego"))
    if not path.stem.endswith("_test")
}
_SHUFFLED = Random(0).sample(sorted(INPUTS), len(INPUTS))


class Cases:
    """The shared cases, those first that have seen a change of the same file, or any before."""

    def __init__(self) -> None:
        self._seeing: deque[str] = deque(maxlen=400)

    def see(self, change: Change, law: Law) -> str | None:
        """The case that is answered otherwise; None where none is."""
        for titles in self._chunks(change):
            answers = law.answers({title: INPUTS[title] for title in titles})
            for title in titles:
                if answers is None or differences(_WANTS[title], _NO_ANSWER | answers.get(title, {})):
                    if title in self._seeing:
                        self._seeing.remove(title)
                    self._seeing.appendleft(title)
                    return title
        return None

    def _chunks(self, change: Change) -> Iterator[list[str]]:
        asked = {title: None for title in _SHUFFLED if concerns(change, title)}
        own = own_group(change.file)
        near = [title for title in asked if title.split(": ")[0] == own]
        seeing = [title for title in self._seeing if title in asked]
        order = iter(dict.fromkeys([*seeing[:_FIRST], *near, *seeing, *asked]))
        size = _FIRST
        while titles := list(islice(order, size)):
            yield titles
            size = min(2 * size, _CHUNK)


_SETS = ("grounds", "bars", "items", "guidance", "asks", "cuts", "marks", "doubtful", "tells", "consents")
_NO_ANSWER: Json = dict.fromkeys(("outcome", "partial", "quarantine", "appeal", "unit"), "no answer") | {
    name: {} for name in _SETS
}


def own_group(file: str) -> str:
    """The group of cases that a paragraph's file has by name, if there is one."""
    parts = file.split("/")
    return "_".join(parts[1:3]) if "_".join(parts[1:3]) in _GROUPS else parts[-2]


def concerns(change: Change, title: str) -> bool:
    """Whether the answer to this case may rest on what is changed. A no that is wrong only leaves a change unseen."""
    asked, file = INPUTS[title], change.file
    room = file.split("/")[0]
    if room in _BY_ROOM:
        return _BY_ROOM[room](asked, title)
    if file.endswith("data.json"):
        return _concerns_table(change, asked)
    if room == "exchanges":
        name = file.split("/")[1]
        return name in _row(asked)["exchanges"] or (name == "concern" and not _row(asked)["items"])
    if file == "statutes/osl_12/section_3/consent_for_a_child.rego":
        return _of_consents(asked)
    names = _speaking_of(file) if room == "statutes" else None
    return names is None or bool(names & {*_row(asked)["exchanges"]}) or any(_tries(asked, name) for name in names)


def _of_consents(asked: Json) -> bool:
    return asked["kind"] in {"CaseSharing", "DefectionReferral", "ConsentGiven"} or _tries(asked, "consent")


_BY_ROOM: dict[str, Callable[[Json, str], bool]] = {
    "councils": lambda asked, _: asked["kind"] == "CouncilReferral",
    "programmes": lambda asked, _: _of_consents(asked),
    "requests": lambda asked, _: asked["kind"] == "InformationRequest",
    "messages": lambda asked, _: not _row(asked)["items"] and asked["kind"] != "InformationRequest",
    "missing": lambda _, title: any("missing" in item for item in _WANTS[title].get("items", {}).values()),
}


def _concerns_table(change: Change, asked: Json) -> bool:
    """A row is looked up by its key."""
    place = [*change.of.split("."), change.what.removesuffix(" dropped")]
    if change.file == "offences/data.json":
        return f'"provision": "{place[1]}"' in json.dumps(asked, ensure_ascii=False)
    if place[0] in ("kinds", "flags"):
        return bool(asked["kind"] == place[1])
    return change.file != "law/grounds/data.json" or _tries(asked, place[0])


def _row(asked: Json) -> Json:
    return dict(_KINDS.get(asked["kind"], {"items": True, "exchanges": [], "grounds": None}))


@cache
def _speaking_of(file: str) -> set[str] | None:
    """The grounds and exchanges that speak of a paragraph, itself among them; None where another room does."""
    todo, reached = [file], {file}
    while todo:
        name = "data." + Path(todo.pop()).parent.as_posix().replace("/", ".")
        found = {other for other, text in _RULES.items() if re.search(rf"{re.escape(name)}\b", text)} - reached
        reached |= found
        todo += found
    if not all(other.startswith(("statutes/", "exchanges/")) for other in reached):
        return None
    at = {tuple(other.split("/")[1:3]) for other in reached if other.startswith("statutes/")}
    exchanges = {other.split("/")[1] for other in reached if other.startswith("exchanges/")}
    return exchanges | {ground for ground, row in _GROUNDS.items() if tuple(row["at"]) in at}


def _tries(asked: Json, ground: str) -> bool:
    """As `finding.tried`, where anything is; a refusal looks for the grounds that its provision names."""
    row = _row(asked)
    if not (row["items"] or row["grounds"] or asked["kind"] in ("InformationRequest", "Refusal")):
        return False
    return ground in (asked["basis"] or row["grounds"] or [ground])


# --- what sees a change that the shared cases do not


def beside_the_cases(_: Change, law: Law) -> bool:
    """The tests that stand beside the rules."""
    names = [
        "test_findings_are_told_for_each_ground_and_item",
        "test_of_a_request_nothing_is_missing",
        "test_a_consent_that_fails_says_what_it_lacks",
        "test_what_is_open_of_a_consent_is_told_by_its_reason",
        "test_an_ended_row_holds_through_its_last_day",
        "test_an_ended_scale_holds_through_its_last_day",
        "test_a_lost_table_lets_nothing_through",
    ]
    return not all(law.value(f"decision_test/{name}") is True for name in names)


def findings(change: Change, law: Law) -> bool:
    """What each ground found says the same as its status; each condition of a paragraph fails alone in some case."""
    if not change.file.startswith(("finding/", "missing/", "reach/", "statutes/")):
        return False
    of = {ground for ground, row in _GROUNDS.items() if change.file.startswith(f"statutes/{'/'.join(row['at'])}/")}
    shown: set[str] = set()
    asked = [title for title in _SHUFFLED if concerns(change, title)]
    titles = iter(asked if of else asked[:_CHUNK])
    while chunk := list(islice(titles, _CHUNK)):
        found = law.value("decision/findings", {"messages": {title: INPUTS[title] for title in chunk}}) or {}
        if any(next(contradictions(INPUTS[title], found.get(title, {})), None) for title in chunk):
            return True
        shown |= {one for each in found.values() for one in alone(each)}
    conditions = {
        f"{ground} {one}"
        for ground in of
        for one in law.value(f"statutes/{'/'.join(_GROUNDS[ground]['at'])}/conditions") or ()
    }
    return {one for one in conditions - shown if not one.endswith(" function")} != {
        one for one in NEVER_ALONE if one.split(" ")[0] in of
    }


def what_is_missing(change: Change, law: Law) -> bool:
    """What would let an item go is enough, and no part of it is: asked of the law as it is."""
    if not change.file.startswith(("missing/", "statutes/")):
        return False
    titles = [title for title in _SHUFFLED if concerns(change, title) and _KINDS[INPUTS[title]["kind"]]["items"]]
    answers = law.answers({title: INPUTS[title] for title in titles[:_CHUNK]}) or {}
    for title, answer in answers.items():
        for i, item in answer.get("items", {}).items():
            for way in item["missing"]:
                parts = frozenset(map(part, way))
                if (title, i, parts) not in _right_ways() and not _is_right(INPUTS[title], i, parts):
                    return True
    return False


@cache
def _right_ways() -> set[tuple[str, str, frozenset[Part]]]:
    """What the law as it is tells is missing: `test_missing` holds that."""
    return {
        (title, str(item["item"]), frozenset(map(part, way)))
        for title, decision in engine().decide(INPUTS).items()
        for item in decision.items
        for way in item.get("missing", ())
    }


def _is_right(about: Any, index: str, way: frozenset[Part]) -> bool:
    return enough(about, index, way, MOST) and not any(enough(about, index, way - {one}, MOST) for one in way)


def exchanges(change: Change, law: Law) -> bool:
    """What a kind's row does not name demands nothing of it."""
    if not change.file.startswith(("exchanges/", "law/")):
        return False
    return law.value("decision_test/test_an_exchange_that_a_kind_does_not_name_demands_nothing_of_it") is not True


def malformed_questions(change: Change, law: Law) -> bool:
    """A malformed question has no answer and no findings: each field that any case has, lost or another."""
    if not change.file.startswith(("question/", "decision/")):
        return False
    questions = iter(_malformed())
    while batch := {str(n): asked for n, asked in enumerate(islice(questions, 2000))}:
        if law.answers(batch) or law.value("decision/findings", {"messages": batch}):
            return True
    return False


@cache
def _malformed() -> list[Any]:
    """Each field once, of each type that it has in any case; what a kind has of its own, of each kind."""
    seen: set[tuple[object, ...]] = set()
    return [
        other
        for asked in SHARED
        for place in places(asked)
        if _first(asked, place, seen)
        for other in put_wrong(asked, place)
    ]


_PARTIES = {"sender", "recipient"}
"""Some have a field that others have not."""


def _first(asked: Any, place: Place, seen: set[tuple[object, ...]]) -> bool:
    value = at(asked, place)
    field = ("*" if isinstance(key, int) or key.isdigit() else key for key in place)
    own = asked["kind"] if place[0] == "stated" else frozenset(asked[place[0]]) if place[0] in _PARTIES else ""
    one = (own, type(value), *field)
    new = one not in seen
    seen.add(one)
    return new


def lists_of_the_statutes(change: Change, law: Law) -> bool:
    """`names`, `excepted` and `exempt` against what a reader finds in the statute's text."""
    place = "/".join(change.file.split("/")[1:3])
    for name in ("names", "excepted", "exempt"):
        rule = law.value(f"statutes/{place}/{name}") if change.file.startswith("statutes/") else None
        if change.of == name and (rule is None or whole(set(rule)) != whole(listed(place, TEXTS))):
            return True
    return False


def known_words(change: Change, law: Law) -> bool:
    """The lists of words are the contract's."""
    if change.file != "question/data.json":
        return False
    words = law.value("question/words") or {}
    return any(list(words.get(name, ())) != [one.value for one in known] for name, known in WORDS.items())


def second_reading(change: Change, _: Law) -> bool:
    """The tables against the same typed from the statutes by another hand."""
    if not change.file.endswith("data.json"):
        return False
    own, changed = Path(change.file).parent.as_posix(), json.loads(change.text())

    def table(path: str) -> Any:
        return changed if path == own else _table(path)

    with patch.multiple("test_second_reading", table=table, OFFENCES=table("offences")):
        return not all(map(_holds, _SECOND_READING))


def orders(change: Change, law: Law) -> bool:
    """Each ground has an order of its own."""
    if change.file != "law/grounds/data.json":
        return False
    held = [row["order"] for row in law.value("law/grounds").values()]
    return len(set(held)) != len(held)


def _table(path: str) -> Any:
    return json.loads((POLICIES / path / "data.json").read_text("utf-8"))


def _holds(test: Callable[[], None]) -> bool:
    try:
        test()
    except (AssertionError, LookupError, TypeError):
        return False
    return True


_SECOND_READING: list[Callable[[], None]] = [
    test_second_reading.test_each_scale_is_what_the_statute_says,
    test_second_reading.test_a_provision_of_a_repealed_act_is_read_as_its_successor,
    test_second_reading.test_each_ground_holds_from_the_day_that_its_statute_says,
    test_second_reading.test_who_usually_takes_part_is_who_is_told_of,
    *(
        partial(test_second_reading.test_each_list_of_authorities_is_what_the_statute_says, ref)
        for ref in ("2025:170 2 §", "2025:170 5 §", "2016:775 2 §", "SoL 19:1")
    ),
]


OTHERS: list[Callable[[Change, Law], bool]] = [
    lists_of_the_statutes,
    second_reading,
    known_words,
    orders,
    beside_the_cases,
    findings,
    what_is_missing,
    exchanges,
    malformed_questions,
]
