"""The shared cases of the law (`tests/cases`): OPA and the engine in process give the same answers.

A case's input is its base with its own facts over it (objects key by key, all else replaced), compared as
`policies/decision/decision_test.rego` does.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import case_files
import pytest
from house import Json, engine
from hypothesis import Phase, given, settings
from jsonschema import Draft202012Validator
from policy_tools import POLICIES, opa
from strategies import messages

from broker.kinds import KINDS, Message
from broker.ports.policy import EngineError
from broker.runtime.embedded import policy_engine

TESTS = Path(__file__).parent
SCHEMA = ("--schema", "schemas/policy/input.json")
FILES = sorted((TESTS / "cases").glob("*.json"))
BASES: Json = json.loads((TESTS / "cases" / "bases.json").read_text("utf-8"))["bases"]


def _cases() -> Iterator[tuple[str, Json]]:
    for file in FILES:
        for group, cases in json.loads(file.read_text("utf-8")).get("cases", {}).items():
            for title, case in cases.items():
                yield f"{group}: {title}", case


CASES = list(_cases())
TITLES = [title for title, _ in CASES]


def merged(base: Any, over: Any) -> Any:
    """The second over the first: objects key by key, everything else replaced."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    return base | {key: merged(base[key], value) if key in base else value for key, value in over.items()}


def differences(want: Json, got: Json) -> list[str]:
    """What of a case's `want` the answer does not hold: the fields by name. A case that names no doubt wants none."""
    unsaid: Json = {} if "quarantine" in want else {"doubtful": []}
    return [name for name, value in (unsaid | want).items() if not _agrees(name, value, got)]


INPUTS: dict[str, Any] = {title: merged(BASES[case["base"]], case["input"]) for title, case in CASES}
STATING = [asked for asked in INPUTS.values() if "stated" in asked]
"""The cases whose message states flags."""
LOOKED_UP = {
    "Recall": {"registration"},
    "DefectionReferral": {"consent"},
    "DefectionFollowUp": {"consent"},
    "ConcernFeedback": {"recorded_status", "recorded_on", "anonymous"},
}
"""Flags that the broker knows from its registers, and not from the message."""


def _agrees(name: str, value: Any, got: Json) -> bool:  # noqa: PLR0911 - one line a field
    match name:
        case "outcome" | "partial" | "quarantine":
            return bool(got[name] == value)
        case "items":
            return all(i in got["items"] and _item_agrees(item, got["items"][i]) for i, item in value.items())
        case "grounds":
            return set(value) == set(got["grounds"])
        case "refs":
            told = {name: row["ref"] for name, row in {**got["bars"], **got["grounds"]}.items()}
            return bool(value.items() <= told.items())
        case "bars":
            return set(value) == set(got["bars"]) and all(
                {*map(str, items)} == {*got["bars"][bar]["items"]} for bar, items in value.items()
            )
        case "asks" | "consents" | "cuts" | "doubtful" | "marks" | "tells":
            return set(value) == set(got[name])
        case "appeal" | "unit":
            return bool(got[name] == value)
        case "guidance":
            return set(value) == set(got["guidance"]) and all(
                _advice_agrees(advice, got["guidance"][category]) for category, advice in value.items()
            )
    return False


def _item_agrees(want: Json, got: Json) -> bool:
    for field, value in want.items():
        if field in ("asks", "uses"):
            same = set(value) == set(got[field])
        elif field == "open":
            same = {g: set(asks) for g, asks in value.items()} == {
                g: set(row["asks"]) for g, row in got["open"].items()
            }
        elif field == "missing":
            same = _sets(value) == _sets(got["missing"])
        elif field == "ground":
            same = value is None if got["outcome"] == "withhold" else value == got["ground"]
        else:
            same = field in got and got[field] == value
        if not same:
            return False
    return True


def _sets(ways: list[list[dict[str, str]]]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair for part in way for pair in part.items()) for way in ways}


def _advice_agrees(want: Json, got: Json) -> bool:
    asks = {ground: set(row["asks"]) for ground, row in got["grounds"].items()}
    return (
        want["grounds"] == {ground: row["force"] for ground, row in got["grounds"].items()}
        and set(want["bars"]) == set(got["bars"])
        and want["note"] == got["note"]
        and ("asks" not in want or {ground: set(tests) for ground, tests in want["asks"].items()} == asks)
    )


def test_cases_were_loaded() -> None:
    """An empty folder would agree with everything."""
    assert len(CASES) >= 1500
    assert len(set(TITLES)) == len(TITLES)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_has_the_form_of_the_cases(file: Path) -> None:
    """`case.schema.json`, and the group is the file's name."""
    schema = json.loads((TESTS / "case.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    found = json.loads(file.read_text("utf-8"))
    errors = Draft202012Validator(schema).iter_errors(found)
    assert [f"{error.json_path}: {error.message}"[:300] for error in errors] == []
    assert list(found.get("cases", {file.stem: None})) == [file.stem]


@pytest.mark.parametrize("file", case_files.files(), ids=lambda file: file.stem)
def test_each_file_is_written_in_one_form(file: Path) -> None:
    """Else: `python tests/case_files.py`."""
    text = file.read_text("utf-8")
    assert text == case_files.written(json.loads(text)) + "\n"


@pytest.mark.parametrize("kind", sorted(kind for kind in KINDS if any(asked["kind"] == kind for asked in STATING)))
def test_the_cases_state_what_the_broker_states(kind: str) -> None:
    """The flags of a case of this kind have the names that a message of it gets."""

    @settings(max_examples=5, database=None, phases=[Phase.generate])
    @given(messages(kind))
    def draw(message: Message) -> None:
        names = set(message.flags("0127") or {}) | LOOKED_UP.get(kind, set())
        assert all(set(asked["stated"]) == names for asked in STATING if asked["kind"] == kind)

    draw()


@pytest.fixture(scope="module")
def answers() -> Json:
    """What WebAssembly in process answers to each case: one question for them all."""
    answered: Json = engine()._ask("decision/results", INPUTS)
    return answered


GROUPS = [*dict.fromkeys(title.partition(": ")[0] for title in TITLES)]


@pytest.mark.parametrize("group", GROUPS)
def test_shared_cases(group: str, answers: Json) -> None:
    """Each raw answer is the one wanted, and becomes a decision of the same outcome. One test a file: they are many."""
    cases = [(title, case) for title, case in CASES if title.partition(": ")[0] == group]
    wrong = {title: names for title, case in cases if (names := differences(case["want"], answers[title]))}
    assert wrong == {}, {title: case["because"] for title, case in cases if title in wrong}
    outcomes = {title: engine()._decision(INPUTS[title], answers[title]).outcome for title, _ in cases}
    assert outcomes == {title: answers[title]["outcome"] for title, _ in cases}


@pytest.mark.slow
def test_each_case_alone_has_the_same_answer(answers: Json) -> None:
    """A batch is one evaluation: no message sees another."""
    alone = {title: engine()._ask("decision/results", {"0": asked})["0"] for title, asked in INPUTS.items()}
    assert [title for title in TITLES if alone[title] != answers[title]] == []


def test_the_comparison_sees_a_difference() -> None:
    """Each field of a `want` can fail."""
    title, case = next((title, case) for title, case in CASES if case["want"].get("grounds"))
    got = engine()._ask("decision/results", {"case": merged(BASES[case["base"]], case["input"])})["case"]
    assert differences(case["want"], got) == [], title
    wants: tuple[Json, ...] = (
        {"outcome": "x"},
        {"partial": None},
        {"items": {"0": {"asks": ["need", "x"]}}},
        {"items": {"0": {"uses": ["x"]}}},
        {"tells": ["x"]},
        {"refs": {"x": None}},
        {"consents": [7]},
        {"items": {"0": {"ground": "x"}}},
        {"items": {"0": {"open": {"x": []}}}},
        {"items": {"0": {"ref": "x"}}},
        {"items": {"9": {}}},
        {"grounds": []},
        {"bars": {"x": []}},
        {"doubtful": ["x"]},
        {"asks": ["need"]},
        {"cuts": ["text"]},
        {"appeal": {"to": "x"}},
        {"guidance": {"housing": {"grounds": {}, "bars": [], "note": "x"}}},
        {"unknown": 1},
    )
    for want in wants:
        assert differences(want, got) == list(want)
    assert differences({}, got | {"doubtful": ["x"]}) == ["doubtful"]


@pytest.mark.parametrize("field", ["guidance", "appeal"])
def test_a_file_whose_cases_are_told_it_compares_it(field: str, answers: Json) -> None:
    """In at least one case of each file where the answer has guidance or an appeal, the case says which."""
    told = {title.split(": ")[0] for title in TITLES if answers[title].get(field)}
    assert told - {title.split(": ")[0] for title, case in CASES if case["want"].get(field)} == set()


def test_a_kind_without_a_rule_is_an_error() -> None:
    """Nothing is decided by default."""
    asked = merged(next(iter(BASES.values())), {"kind": "Order"})
    with pytest.raises(EngineError):
        engine().decide({"0": asked})


# --- policies/README.md


def test_a_law_that_is_let_go_leaves_no_memory() -> None:
    """An open law reserves gigabytes of address room, which no garbage collector frees."""

    def reserved() -> int:
        return int(re.search(r"VmSize:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # type: ignore[index]

    def ask() -> None:
        with pytest.raises(EngineError):
            policy_engine().decide({"0": {}})  # type: ignore[typeddict-item]

    ask()
    before = reserved()
    for _ in range(3):
        ask()
    assert reserved() < before + 1_000_000  # kB: a single one has four million


def test_the_table_of_paragraphs_names_each_file_its_reference_and_ground() -> None:
    """A row for each paragraph, and no row without one."""
    rows = {}
    for line in (POLICIES / "README.md").read_text("utf-8").split("## Paragraphs")[1].splitlines()[3:]:
        ref, file_link, ground, cases = (cell.strip() for cell in line.strip("|").split("|"))
        rows[file_link.split("`")[1]] = (ref, ground.strip("`"))
        assert all((POLICIES / path).is_file() for path in re.findall(r"\((.+?)\)", file_link + cases)), line
    written = {}
    for file in sorted((POLICIES / "statutes").rglob("*.rego")):
        custom = dict(re.findall(r"^#   (ref|ground): \"?([^\"\n]+)\"?$", file.read_text("utf-8"), re.M))
        written[file.relative_to(POLICIES / "statutes").as_posix()] = (custom["ref"], custom.get("ground", ""))
    assert rows == written


def test_each_room_of_the_policies_is_described() -> None:
    text = (POLICIES / "README.md").read_text("utf-8").split("## How")[0]
    assert all(f"`{room.name}/" in text for room in POLICIES.iterdir() if room.is_dir())


# --- OPA's own tools


def test_policies_are_formatted() -> None:
    done = opa("fmt", "--fail", "--list", str(POLICIES))
    assert (done.returncode, done.stdout) == (0, "")


def test_policies_are_strict_and_use_only_what_every_engine_has() -> None:
    done = opa("check", "--strict", *SCHEMA, "--capabilities", "policies/capabilities.json", "policies")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_opa_agrees_with_every_case() -> None:
    """`opa test`: the shared cases and the tests beside each paragraph."""
    done = opa("test", "--timeout", "300s", "policies", "tests/cases")
    assert done.returncode == 0, done.stdout[-3000:]
