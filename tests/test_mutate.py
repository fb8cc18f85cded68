"""The mutator: which changes it makes of a rule and of a table, and that what the law is held to is seen."""

import json
import re

import pytest
from mutate import rules, tables
from mutate.__main__ import EQUIVALENT, interval, is_equivalent, matches, population, tried
from mutate.change import Change
from mutate.law import served
from policy_tools import POLICIES

RULE = """# METADATA
# title: open if nothing
package example

import data.facts

# "one or two"
names := {"a", "b"}

holds contains "age" if {
	some i, item in input.items
	facts.holder.age < 18
	not item.closed
}

outcome := "yes" if {
	ready
} else := "no"
"""
TABLE = '{\n "rows": {\n  "one": {"from": 20260301, "flag": true, "to": null, "kinds": ["a"], "source": "b"}\n }\n}\n'


NO = re.compile(r"(?m)^default (\w+)(\(.*\))? := false")
VALUE = r'(?:[:=!]=|":) {name}(?={end})|\b{name}\([^()]*\) [!=]='
"""Where a value is read: assigned, compared, or an entry."""


def told(changes: list[Change]) -> set[str]:
    return {f"{change.line} {change.of}: {change.what}" for change in changes}


def test_a_rule_is_changed_in_each_way() -> None:
    found = list(rules.changes("example/example.rego", RULE))
    assert told(found) >= {
        "8 names: rule dropped",
        '8 names: element dropped: names := {⟨"a", ⟩"b"}',
        '10 holds contains "age": rule dropped',
        '12 holds contains "age": condition dropped: facts.holder.age < 18',
        '12 holds contains "age": negated: facts.holder.age < 18',
        '12 holds contains "age": comparison: facts.holder.age ⟨<⟩ 18 → <=',
        '12 holds contains "age": number: facts.holder.age < ⟨18⟩ → 17',
        '13 holds contains "age": negated: not item.closed',
        '18 outcome: branch dropped: else := "no"',
    }
    assert len({change.text() for change in found}) == len(found)
    assert not any(change.line < 8 for change in found)
    without = next(change for change in found if change.what.startswith("branch"))
    assert without.text().endswith('outcome := "yes" if {\n\tready\n}\n')


def test_a_table_is_changed_in_each_way_but_for_what_no_rule_reads() -> None:
    found = list(tables.changes("example/data.json", TABLE))
    assert told(found) == {
        "3 rows: one dropped",
        "3 rows.one.from: 20260301 → 20260302",
        "3 rows.one.from: 20260301 → 20260228",
        "3 rows.one.flag: True → False",
        "3 rows.one: kinds dropped",
        "3 rows.one.kinds: a dropped",
        "3 rows.one.kinds.0: a → a_",
    }
    dropped = next(change for change in found if change.what == "a dropped")
    assert json.loads(dropped.text())["rows"]["one"]["kinds"] == []


def test_no_rule_reads_what_is_left_alone() -> None:
    texts = (path.read_text("utf-8") for path in POLICIES.rglob("*.rego") if not path.stem.endswith("_test"))
    spoken = {word for text in texts for word in re.findall(r"\.(\w+)", re.sub(r"(?m)^\s*#.*", "", text))}
    assert tables.UNREAD & spoken == set()
    for file in tables.UNREAD_FILES:
        name = file.split("/")[0]
        assert not any(f"data.{name}." in path.read_text("utf-8") for path in POLICIES.rglob("*.rego"))


def test_a_no_by_default_is_changed_where_its_value_is_read_and_not_else() -> None:
    text = "package example\n\ndefault grown(_) := false\n\ndefault school(_) := false\n"
    dropped = [change.of for change in rules.changes("example.rego", text) if change.what == "rule dropped"]
    assert dropped == ["default grown(_)"]
    texts = {path: path.read_text("utf-8") for path in POLICIES.rglob("*.rego") if not path.stem.endswith("_test")}
    read = {
        name
        for of, defined in texts.items()
        for name, arguments in re.findall(NO, defined)
        for path, text in texts.items()
        if re.search(
            VALUE.format(name=name if path == of else rf"(?:\w+\.)+{name}", end=r"\(" if arguments else ",?\n"),
            re.sub(NO, "", text),
        )
    }
    assert read == rules.READ


@pytest.mark.slow
def test_what_is_listed_as_equivalent_is_a_change_with_a_reason() -> None:
    every = [
        change
        for pattern, changes in (("*.rego", rules.changes), ("data.json", tables.changes))
        for path in POLICIES.rglob(pattern)
        for change in changes(path.relative_to(POLICIES).as_posix(), path.read_text("utf-8"))
    ]
    for pattern, reason in EQUIVALENT.items():
        assert any(matches(change, pattern) for change in every), pattern
        assert reason.endswith("."), pattern


def test_the_interval_is_wilson_s() -> None:
    low, high = interval(95, 100)
    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)
    assert interval(0, 0) == (0.0, 1.0)


@pytest.mark.slow
def test_a_change_is_seen_and_one_that_changes_nothing_is_not() -> None:
    """Of the law as it is: a paragraph's receiver, and a comment more."""
    file = "statutes/osl_10/section_18b/risk_of_terrorism.rego"
    text = (POLICIES / file).read_text("utf-8")
    receiver = next(one for one in population("rules") if one.file == file and "receiver" in one.of)
    comment = Change(file, 1, "comment", "added", lambda: f"# more\n{text}")
    broken = Change(file, 1, "text", "no law", lambda: "no law")
    with served() as law:
        found = dict((change.of, seen) for change, seen in tried([receiver, broken, comment], law, lambda *_: None))
    assert found == {receiver.of: "cases", "comment": ""}
    assert not is_equivalent(receiver)
