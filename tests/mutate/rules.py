"""The changes of a file of rules, by its formatted text (`opa fmt`). Not each of them compiles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mutate.change import Change

_STRING = r'"(?:[^"\\]|\\.)*"'
_OTHER_WAY = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_SWAPPED = {
    "facts.holder": "facts.receiver",
    "facts.receiver": "facts.holder",
    "input.sender": "input.recipient",
    "input.recipient": "input.sender",
    "true": "false",
    "false": "true",
    "min": "max",
    "max": "min",
}
_SET = {"|": "&", "&": "|", "-": "&"}
_WORD = re.compile(rf"{_STRING}|\b(?:{'|'.join(map(re.escape, _SWAPPED))})\b(?![.\w:])")
_OPERATOR = re.compile(rf"{_STRING}|(?<= )(?:==|!=|<=|>=|<|>|[|&-])(?= )")
_NUMBER = re.compile(rf"{_STRING}|(?<![\w.])\d+(?![\w.])")
_ELEMENT = re.compile(rf"(?:(?<=[{{\[])|(?<=^\t)|(?<=, )){_STRING}(?=,|[}}\]])(?:, ?)?")
_NO = re.compile(r"default (\w+)(?:\(.*\))? := false")
READ = {"doubtful", "exempt_matter", "grown", "released_in_part", "wording_unknown", "wrong_age"}
"""Whose no is read as a value; of all others it is only asked whether they hold, and undefined is a no there too."""
_OPENING, _CLOSING = "{[(", "}])"


@dataclass(frozen=True)
class _Rule:
    """A top-level rule of a file: its name, its first line and its last."""

    file: str
    lines: list[str]
    name: str
    first: int
    last: int

    def change(self, what: str, new: Sequence[str], first: int, last: int) -> Change:
        """Other lines from one line to another."""

        def text() -> str:
            return "\n".join([*self.lines[:first], *new, *self.lines[last + 1 :]]) + "\n"

        return Change(self.file, first + 1, self.name, what, text)


def changes(file: str, text: str) -> Iterator[Change]:
    """Every single change of the file, in its order."""
    for rule in _rules(file, text.splitlines()):
        yield from _without(rule)
        for n in range(rule.first, rule.last + 1):
            for what, line in _of_line(rule, n):
                yield rule.change(what, [line], n, n)


def _rules(file: str, lines: list[str]) -> Iterator[_Rule]:
    """Top-level rules: from a line at the margin to where all that it opens is closed."""
    n = 0
    while n < len(lines):
        if not re.match(r"[a-z_]", lines[n]) or re.match(r"package |import ", lines[n]):
            n += 1
            continue
        first, depth = n, _depth(lines[n])
        while depth > 0:
            n += 1
            depth += _depth(lines[n])
        yield _Rule(file, lines, lines[first].split(" if ")[0].split(" := ")[0].removesuffix(" if {"), first, n)
        n += 1


def _depth(line: str) -> int:
    bare = re.sub(_STRING, "", line).split(" #")[0] if not line.lstrip().startswith("#") else ""
    return sum(bare.count(c) for c in _OPENING) - sum(bare.count(c) for c in _CLOSING)


def _without(rule: _Rule) -> Iterator[Change]:
    """Without the rule; without one of its branches. A no by default says nothing, where no value is read."""
    no = _NO.fullmatch(rule.lines[rule.first])
    if no is None or no[1] in READ:
        yield rule.change("rule dropped", [], rule.first, rule.last)
    branches = [n for n in range(rule.first, rule.last + 1) if rule.lines[n].startswith("} else")]
    for start, end in pairwise([*branches, rule.last + 1]):
        new = ["}"] if end == rule.last + 1 else []
        yield rule.change(f"branch dropped: {rule.lines[start][2:]}", new, start, end - 1)


def _of_line(rule: _Rule, n: int) -> Iterator[tuple[str, str]]:
    """Each changed form of a line, and what was changed."""
    line = rule.lines[n]
    if line.lstrip().startswith("#"):
        return
    start = _condition_at(line, n == rule.first)
    if start is not None and _is_condition(line, n == rule.first):
        condition = line[start:]
        yield f"condition dropped: {condition}", f"{line[:start]}true"
        if negated := _negated(condition):
            yield f"negated: {condition}", line[:start] + negated
    for what, first, last, new in _parts(line):
        yield f"{what}: {_around(line, first, last)}" + (f" → {new}" if new else ""), line[:first] + new + line[last:]


def _around(line: str, first: int, last: int) -> str:
    """A part with a little of what stands about it, so that it can be told from another one."""
    return f"{line[max(0, first - 24) : first].lstrip()}⟨{line[first:last]}⟩{line[last : last + 24]}"


def _condition_at(line: str, head: bool) -> int | None:
    if not head:
        return len(line) - len(line.lstrip("\t")) if line.startswith("\t") else None
    found = re.search(r" if (?=[^{])(?!\{$)", re.sub(_STRING, lambda s: "_" * len(s[0]), line))
    return found.end() if found else None


def _is_condition(line: str, head: bool) -> bool:
    """A whole condition on one line: no element of a list, and nothing that goes on below."""
    return _depth(line) == 0 and not re.search(r"[,{\[(]$", line) and (head or line.lstrip()[0] not in "}])")


def _negated(condition: str) -> str | None:
    if condition.startswith("not "):
        return condition.removeprefix("not ")
    if condition.startswith(("some ", "every ")) or " := " in condition or " == " in condition or " != " in condition:
        return None
    return f"not {condition}"


def _parts(line: str) -> Iterator[tuple[str, int, int, str]]:
    """(what, first, last, new) of each part of a line that is changed."""
    for found in _OPERATOR.finditer(line):
        if (operator := found[0]) in _OTHER_WAY:
            yield "comparison", *found.span(), _OTHER_WAY[operator]
        elif operator in _SET and not _in_comprehension(line, found.start()):
            yield "set operator", *found.span(), _SET[operator]
    for found in _WORD.finditer(line):
        if found[0] in _SWAPPED:
            yield "word", *found.span(), _SWAPPED[found[0]]
    for found in _NUMBER.finditer(line):
        if not found[0].startswith('"'):
            yield "number", *found.span(), str(int(found[0]) + 1)
            yield "number", *found.span(), str(int(found[0]) - 1)
    for found in _ELEMENT.finditer(line):
        first, last = found.span()
        if line[first - 1 : first] == "{" and line[last : last + 1] == "}":
            yield "element dropped", first - 1, last + 1, "set()"
        else:
            yield "element dropped", first, last, ""
    yield from _inner_conditions(line)


def _in_comprehension(line: str, at: int) -> bool:
    """Whether the bar at this place parts a comprehension: what last opened before it is a brace or a bracket."""
    bare = re.sub(_STRING, lambda s: "_" * len(s[0]), line)
    depth = 0
    for c in reversed(bare[:at]):
        depth += (c in _CLOSING) - (c in _OPENING)
        if depth < 0:
            return c in "{["
    return False


def _inner_conditions(line: str) -> Iterator[tuple[str, int, int, str]]:
    """The conditions of comprehensions that stand on one line."""
    bare = re.sub(_STRING, lambda s: "_" * len(s[0]), line)
    for found in re.finditer(r"; | \| ", bare):
        if not _in_comprehension(bare, found.start()):
            continue
        end, depth = found.end(), 0
        while end < len(bare) and depth >= 0 and not (depth == 0 and bare[end] == ";"):
            depth += (bare[end] in _OPENING) - (bare[end] in _CLOSING)
            end += 1
        end -= depth < 0
        if found[0] == "; ":
            yield "condition dropped", found.start(), end, ""
        elif not bare[found.end() :].startswith("some ") and end < len(bare):
            yield "condition dropped", found.end(), end, "true"
