"""Every reason why a line can't be used has its Swedish text, and JSON for a terminal holds nothing that it obeys."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import samband
from hypothesis import given
from hypothesis import strategies as st

from broker import texts
from broker.cli.output import as_line
from broker.explanation.details import in_swedish
from broker.kinds import faults
from broker.model import shape

BROKER = Path(faults.__file__).parents[1]
FILES = [
    *sorted((BROKER / "kinds").glob("*.py")),
    *(BROKER / "model" / f"{name}.py" for name in ("days", "envelope", "identity", "parts")),
    *(BROKER / "pipeline" / f"{name}.py" for name in ("decode", "validate", "outcome", "pipeline")),
    *(BROKER / "adapters" / "avro" / f"{name}.py" for name in ("bounds", "codec")),
]
RAISED = {"Unusable", "NotAvro", "OutOfBounds", "ValueError", "IdentityError"}
OF_A_SCHEMA = ("recursive schema", "list entries of no width")
"""Told to a developer whose schema is not loaded, never of a line."""


def told() -> Iterator[str]:
    """Each text that the code raises, what is filled in written as `x`."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                for argument in node.args[-1:]:
                    text = _text(argument)
                    if text and not any(part in text for part in OF_A_SCHEMA):
                        yield f"id {text}" if file.stem == "identity" and "10 digits" not in text else text
    for _, text in shape.RULES.values():
        yield re.sub(r"\{[a-z_]+\}", "7", text)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values]
        return "".join(parts)
    return ""


@pytest.mark.parametrize(
    "text", sorted({text for text in told() if text not in ("x", "id x", "orgnr x", "x subject", "body.x: x")})
)
def test_a_detail_has_a_swedish_text(text: str) -> None:
    if "third digit" in text or "10 digits" in text:
        text = f"orgnr {text.removeprefix('id ')}"
    shown = in_swedish(text)
    assert shown != text
    assert not re.search(r"\b(must|not|the|is|of|has)\b", shown), shown


@given(text=st.text(max_size=60))
def test_what_has_no_swedish_text_stays_as_it_is(text: str) -> None:
    assert text in (in_swedish(text), text)
    assert isinstance(in_swedish(f"body.need: {text}"), str)


def test_places_and_known_words_stay() -> None:
    assert in_swedish("body.deadline: must lie in the years 1900-2200; case: must be text") == (
        "body.deadline: måste ligga inom åren 1900-2200; case: måste vara text"
    )
    assert in_swedish("sender.unit: must be 'registry', 'school' or 'leisure'") == (
        "sender.unit: måste vara 'registry', 'school' eller 'leisure'"
    )
    assert (
        in_swedish("body.items.0.secrecy.0: must be written OSL 26:1") == "body.items.0.secrecy.0: ska skrivas OSL 26:1"
    )


@pytest.mark.parametrize(("english", "swedish"), texts.read("sv")["details"].items())
def test_both_texts_have_the_same_parts(english: str, swedish: str) -> None:
    assert english.count("{}") == swedish.count("{}")
    assert "; " not in english


def test_people_are_told_in_their_language(tmp_path: Path) -> None:
    line = json.dumps({"kind": "Interim", "body": {}, "recipient": {"role": "x"}}).encode()
    swedish = samband("check", "-", stdin=line)
    assert "måste anges" in swedish.out and "is required" not in swedish.out
    assert "recipient.role: ett fält som inte finns i avtalet" in " ".join(swedish.out.split())
    english = samband("check", "-", "--lang", "en", stdin=line)
    assert "is required" in english.out
    assert samband("check", "-", "--json", stdin=line).objects[0]["error"]["detail"].startswith("id: is required; ")


@given(value=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_a_line_holds_nothing_that_a_terminal_obeys(value: dict[str, str]) -> None:
    line = as_line(value)
    assert json.loads(line) == value
    assert len(line.splitlines()) == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", line)


@pytest.mark.parametrize("sign", ["\x7f", "\x85", "\x9b", "\u061c", "\u200e", "\u2028", "\u202e", "\u2066"])
def test_a_sign_that_a_terminal_obeys_is_escaped(sign: str) -> None:
    assert as_line({"a": sign}) == f'{{"a": "\\u{ord(sign):04x}"}}\n'
