"""What programs write to their log has its Swedish: each sentence of the code, and each fact of a start."""

import ast
from collections.abc import Iterator
from pathlib import Path

from agents.desk.courier import _RINGS
from broker import texts
from broker.cli.fault_texts import in_swedish

ROOT = Path(__file__).parents[1]
LEVELS = {"debug", "info", "warning", "error", "critical"}
FACTS = {"version", "kafka", "postgres", "opa"}
"""Of every start, and `settings.addresses`."""

LOGS = {"_LOG", "LOG", "log", "logging.getLogger", "journal"}
FILES = [file for folder in ("broker", "agents") for file in sorted((ROOT / folder).rglob("*.py"))]
TREES = [ast.parse(text) for text in (file.read_text("utf-8") for file in FILES) if any(log in text for log in LOGS)]
CALLS = [
    (node, node.func)
    for tree in TREES
    for node in ast.walk(tree)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
]


def called(*methods: str) -> Iterator[ast.Call]:
    """Calls of these methods, of what is a log or the journal."""
    for call, method in CALLS:
        if method.attr in methods and ast.unparse(method.value).partition("(")[0] in LOGS:
            yield call


def test_each_sentence_has_its_swedish_and_none_is_left_over() -> None:
    sentences = [call.args[0] for call in called(*LEVELS)]
    assert len(sentences) > 25
    written = {one.value for one in sentences if isinstance(one, ast.Constant)}
    assert [ast.unparse(one) for one in sentences if not isinstance(one, ast.Constant)] == []
    assert written - {"%s"} == set(texts.read("sv")["log"])
    for english, swedish in texts.read("sv")["log"].items():
        places = [[part[0] for part in sentence.split("%")[1:]] for sentence in (english, swedish)]
        assert places[0] == places[1], english


def test_each_fact_of_a_start_has_its_words() -> None:
    facts = FACTS | {keyword.arg for call in called("note_start") for keyword in call.keywords if keyword.arg}
    assert facts == texts.ids("log_start")


def test_why_a_desk_rings_is_said_in_swedish_too() -> None:
    assert [why for why in _RINGS.values() if in_swedish(why) == why] == []
