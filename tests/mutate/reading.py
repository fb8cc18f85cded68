"""What sees a change: the shared cases first, then what holds the law in other ways."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from policy_inputs import SHARED
from policy_tools import POLICIES
from statute_lists import listed, whole
from test_malformed_questions import WORDS, malformed
from test_policy_engines import CASES, INPUTS, differences
from test_statute_lists import TEXTS

from mutate.change import Change
from mutate.law import Law

Json = dict[str, Any]
_WANTS: dict[str, Json] = {title: case["want"] for title, case in CASES}
_GROUPS = {title.split(": ")[0] for title in INPUTS}
_FIRST, _CHUNK = 40, 250
_TABLE: Json = json.loads((POLICIES / "law" / "data.json").read_text("utf-8"))
_IMPORTED = "\n".join(
    line.split("import ", 1)[1] if "import " in line else line
    for path in sorted(POLICIES.rglob("*.rego"))
    for line in path.read_text("utf-8").splitlines()
    if "data.statutes." in line and not line.startswith("#")
)


class Cases:
    """The shared cases, those first that have seen a change of the same file, or any before."""

    def __init__(self) -> None:
        self._seeing: deque[str] = deque(maxlen=400)

    def see(self, change: Change, law: Law) -> str | None:
        """The case that is answered otherwise; None where none is."""
        for titles in self._chunks(change):
            answers = law.answers({title: INPUTS[title] for title in titles})
            for title in titles:
                if answers is None or differences(_WANTS[title], answers.get(title, _NO_ANSWER)):
                    if title in self._seeing:
                        self._seeing.remove(title)
                    self._seeing.appendleft(title)
                    return title
        return None

    def _chunks(self, change: Change) -> Iterator[list[str]]:
        asked = {title: None for title, given in INPUTS.items() if concerns(change, given)}
        own = own_group(change.file)
        near = [title for title in asked if title.split(": ")[0] == own]
        seeing = [title for title in self._seeing if title in asked]
        order = iter(dict.fromkeys([*seeing[:_FIRST], *near, *seeing, *asked]))
        size = _FIRST
        while titles := list(islice(order, size)):
            yield titles
            size = _CHUNK


_NO_ANSWER: Json = dict.fromkeys(("outcome", "partial", "quarantine", "appeal"), "no answer") | {
    name: {} for name in ("items", "grounds", "bars", "guidance", "asks", "cuts", "marks", "doubtful")
}


def own_group(file: str) -> str:
    """The group of cases that a paragraph's file has by name, if there is one."""
    parts = file.split("/")
    return "_".join(parts[1:3]) if "_".join(parts[1:3]) in _GROUPS else parts[-2]


def concerns(change: Change, asked: Json) -> bool:
    """Whether the answer to this question may rest on what is changed. In doubt it may."""
    file, place = change.file, change.of.split(".")
    if file == "offences/data.json" and place[0] == "scales":
        provision = place[1] if len(place) > 1 else change.what.removesuffix(" dropped")
        return f'"provision": "{provision}"' in json.dumps(asked, ensure_ascii=False)
    if file == "question/data.json" and place[0] == "flags" and len(place) > 1:
        return bool(asked["kind"] == place[1])
    if file == "law/data.json" and len(place) > 1:
        return asked["kind"] == place[1] if place[0] == "kinds" else place[0] != "grounds" or _tries(asked, place[1])
    if ground := _only_a_ground(file):
        return _tries(asked, ground)
    if file.startswith("exchanges/"):
        name = file.split("/")[1]
        return name in ("texts", "concern", "platform") or name in _TABLE["kinds"][asked["kind"]]["exchanges"]
    return True


def _only_a_ground(file: str) -> str | None:
    """The ground of a paragraph that no other one speaks of."""
    parts = file.split("/")
    if parts[0] != "statutes" or f"data.statutes.{parts[1]}.{parts[2]}" in _others(file):
        return None
    return next((ground for ground, row in _TABLE["grounds"].items() if row["at"] == parts[1:3]), None)


def _others(file: str) -> str:
    own = (POLICIES / file).read_text("utf-8")
    parts = file.split("/")
    named = f"data.statutes.{parts[1]}.{parts[2]}"
    return _IMPORTED.replace(named, "", own.count(named))


def _tries(asked: Json, ground: str) -> bool:
    """As `finding.tried`; a refusal looks for the grounds that its provision names."""
    if asked["kind"] == "Refusal":
        return True
    own = _TABLE["kinds"].get(asked["kind"], {}).get("grounds")
    return ground in (asked["basis"] or own or [ground])


# --- what sees a change that the shared cases do not


def beside_the_cases(_: Change, law: Law) -> bool:
    """The tests that stand beside the rules."""
    names = [
        "test_findings_are_told_for_each_ground_and_item",
        "test_a_consent_that_fails_says_what_it_lacks",
        "test_an_ended_row_holds_through_its_last_day",
        "test_a_lost_table_lets_nothing_through",
    ]
    return not all(law.value(f"decision_test/{name}") is True for name in names)


def exchanges(change: Change, law: Law) -> bool:
    """What a kind's row does not name demands nothing of it."""
    if not change.file.startswith(("exchanges/", "law/")):
        return False
    return law.value("decision_test/test_an_exchange_that_a_kind_does_not_name_demands_nothing_of_it") is not True


def malformed_questions(change: Change, law: Law) -> bool:
    """A malformed question has no answer: one case of each kind, with each field lost or another."""
    if not change.file.startswith("question/"):
        return False
    one_of_each = {asked["kind"]: asked for asked in [*SHARED, *_full()]}
    questions = (other for asked in one_of_each.values() for _, other in malformed(asked))
    while batch := {str(n): asked for n, asked in enumerate(islice(questions, 2000))}:
        if law.answers(batch):
            return True
    return False


def _full() -> list[Any]:
    """Of each kind the longest question: it has most fields."""
    return sorted(SHARED, key=lambda asked: len(json.dumps(asked)))


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


OTHERS: list[Callable[[Change, Law], bool]] = [
    lists_of_the_statutes,
    known_words,
    beside_the_cases,
    exchanges,
    malformed_questions,
]
