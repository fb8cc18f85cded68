"""Whatever a command says when it can't go on is said in Swedish too: each line that is raised has its text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import samband
from lines import line, request

from broker.cli.fault_texts import in_swedish

ROOT = Path(__file__).parents[1]
TREES = {
    file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
    for pattern in ("broker/**/*.py", "agents/stream/**/*.py", "agents/sdk/*.py", "agents/desk/*.py")
    for file in sorted(ROOT.glob(pattern))
}
ENGLISH = re.compile(r"\b(is|are|the|not|of|be|must|can't|holds|give|leave|it|and|with)\b")


def nodes() -> Iterator[tuple[str, ast.AST]]:
    return ((file, node) for file, tree in TREES.items() for node in ast.walk(tree))


def faults() -> set[str]:
    """The errors that become one line, and what demands something and raises one."""
    classes = {node.name: [*map(name, node.bases)] for _, node in nodes() if isinstance(node, ast.ClassDef)}
    known = {"Stop", "SetUpError", "SiteError"}
    while more := {one for one, bases in classes.items() if known.intersection(bases)} - known:
        known |= more
    return {*known, "_require"}


def name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def text(node: ast.expr) -> tuple[str, str]:
    """A line as it could be raised, and what of it is written there; empty for what is no text."""
    if isinstance(node, ast.Constant):
        return (node.value, node.value) if isinstance(node.value, str) else ("", "")
    if isinstance(node, ast.FormattedValue):
        another_fault = name(node.value) in ("error", "strerror", "why", "fault")
        return "Is a directory" if another_fault else "Zq", ""
    if isinstance(node, ast.JoinedStr):
        lines, written = zip(*map(text, node.values), strict=True)
        return "".join(lines), "".join(written)
    return "", ""


def raised() -> Iterator[tuple[str, str]]:
    """Each line, and where."""
    known = faults()
    for file, node in nodes():
        if isinstance(node, ast.Call) and name(node.func) in known:
            for said, written in map(text, node.args):
                if " " in said and re.search("[a-z]{2}", written):
                    yield f"{file}:{node.lineno}", said


def test_each_line_that_is_raised_has_its_swedish() -> None:
    said = dict(raised())
    assert len(said) > 150
    told = {where: in_swedish(one) for where, one in said.items()}
    assert {where: one for where, one in told.items() if one == said[where] or ENGLISH.search(one)} == {}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One message, recorded."""
    place = tmp_path_factory.mktemp("recorded")
    (place / "messages.jsonl").write_bytes(line(request(1)) + b"\n")
    assert samband("run", str(place / "messages.jsonl"), "--data", str(place / "data")).status == 0
    return place / "data"


@pytest.mark.parametrize(
    ("arguments", "swedish"),
    [
        (("guide", "--from", "polismyndigheten", "--to", "kommun-0127"), "Valet '--category' saknas. Välj bland: "),
        (("provision", "--profile", "locale"), "är inget av"),
        (("audit", "verify", "--checkpoint", "/dev/null"), "är ingen kontrollpunkt"),
        (("audit", "verify", "--key", "a key"), "är ingen öppen nyckel"),
        (("audit", "verify", "--proof", "/dev/null"), "är inget bevis"),
    ],
)
def test_a_command_s_own_line_too(arguments: tuple[str, ...], swedish: str, data: Path) -> None:
    more = ("--data", str(data)) if arguments[0] == "audit" else ()
    ended = samband(*arguments, *more)
    assert ended.status == 2 and swedish in ended.line, ended.line
