"""Every id that can be shown has a text in both languages, and every sentence the same values in both."""

import ast
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest
from rich.console import Console

from broker import audit_verifier, bundle, effects, intake, pipeline
from broker.cli import rendering, terms, vocabulary_terms
from broker.cli.sentences import SENTENCES
from broker.cli.tally import Tally
from broker.cli.texts import Lang, Words
from broker.messages import KINDS
from broker.vocabulary import AuthorityKind, Category, Outcome, Programme, Purpose, Role, Unit, WeighingTest

ROOT = Path(__file__).parent.parent
REGO = [path for path in (ROOT / "policies").rglob("*.rego") if not path.name.endswith("_test.rego")]
BUNDLE = bundle.load()
LAW = json.loads(BUNDLE.tables)["law"]


def values(enumeration: type[StrEnum]) -> set[str]:
    return {member.value for member in enumeration}


def named_conditions() -> set[str]:
    """Every name in a paragraph's `conditions`, or that it finds held, open or unknown."""
    found = set()
    for path in REGO:
        text = path.read_text("utf-8")
        for listed in re.findall(r"conditions := \{([^}]*)\}", text):
            found |= set(re.findall(r'"([a-z0-9_]+)"', listed))
        found |= set(re.findall(r'^(?:holds|open|unknown)(?:_for\[i\])? contains "([a-z0-9_]+)"', text, re.MULTILINE))
        found |= set(re.findall(r'not_in_force\(row\) := \{"([a-z_]+)"\}', text))
    return found


def named_notes() -> set[str]:
    text = (ROOT / "policies" / "requests" / "requests.rego").read_text("utf-8")
    return set(re.findall(r'^note\([^)]*\) := "([a-z_]+)"', text, re.MULTILINE))


def quarantine_codes_of_policy() -> set[str]:
    text = (ROOT / "policies" / "decision" / "decision.rego").read_text("utf-8")
    rule = text[text.index("quarantine :=") : text.index("# --- messages without items")]
    return set(re.findall(r':= "([a-z_]+)"', rule))


def strings(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be: a constant, either branch of a choice, the head of a composed text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.Tuple):
        yield from strings(node.elts[0])
    elif isinstance(node, ast.JoinedStr):
        yield from (part.partition(":")[0] for part in strings(node.values[0]))


def calls(tree: ast.AST, name: str, place: int) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == name:
            yield from strings(node.args[place])


def error_codes() -> set[str]:
    found = {code for code, _ in intake._RULES.values()} | quarantine_codes_of_policy()
    for module in (intake, pipeline, effects):
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        found |= {code for code in calls(tree, "Unusable", 0)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                first = target.elts[0] if isinstance(target, ast.Tuple) else target
                if getattr(first, "id", None) == "code":
                    found |= set(strings(node.value))
    return found


def finding_codes() -> set[str]:
    tree = ast.parse(Path(audit_verifier.__file__).read_text("utf-8"))
    return set(calls(tree, "_bad_record", 0)) | set(calls(tree, "_BadPlace", 1))


NEEDED = {
    "outcomes": (values(Outcome) | {"release", "partial"}, terms.OUTCOMES),
    "tests": (values(WeighingTest), terms.TESTS),
    "grounds": (set(LAW["grounds"]), terms.GROUNDS),
    "bars": (set(LAW["bars"]), terms.BARS),
    "conditions": (named_conditions(), terms.CONDITIONS),
    "notes": (named_notes(), terms.NOTES),
    "errors": (error_codes(), terms.ERRORS),
    "findings": (finding_codes(), terms.FINDINGS),
    "statuses": ({"yes", "refer", "no"}, terms.STATUSES),
    "kinds": (set(KINDS), vocabulary_terms.KINDS),
    "categories": (values(Category), vocabulary_terms.CATEGORIES),
    "units": (values(Unit), vocabulary_terms.UNITS),
    "roles": (values(Role), vocabulary_terms.ROLES),
    "purposes": (values(Purpose), vocabulary_terms.PURPOSES),
    "programmes": (values(Programme), vocabulary_terms.PROGRAMMES),
    "kinds of authority": (values(AuthorityKind), vocabulary_terms.AUTHORITY_KINDS),
}


@pytest.mark.parametrize("sort", NEEDED)
def test_every_id_has_both_texts(sort: str) -> None:
    needed, texts = NEEDED[sort]
    assert needed, "the search for ids found none: has the code moved?"
    assert needed - set(texts) == set()
    for key, (swedish, english) in texts.items():
        assert swedish.strip() and english.strip(), key


def test_every_doubt_has_both_texts_and_is_told_once() -> None:
    listed = {place: paragraph.get("doubts") or [] for place, paragraph in BUNDLE.statutes.items()}
    assert any(listed.values())
    for place, doubts in listed.items():
        for doubt in doubts:
            assert set(doubt) == {"sv", "en"} and all(text.strip() for text in doubt.values()), place
            assert doubt["sv"] != doubt["en"], place
        for language in ("sv", "en"):
            assert len({doubt[language] for doubt in doubts}) == len(doubts), place


def test_the_searches_find_what_is_known_to_be_there() -> None:
    assert {"holder", "s170_8", "guardians_differ", "against_23", "in_force", "wording_unknown"} <= named_conditions()
    assert {"not_json", "unknown_kind", "missing_field", "wrong_type", "engine_error", "id_reused"} <= error_codes()
    assert {"leaf_hash", "column", "checkpoint_chain", "rollback"} <= finding_codes()


def test_a_sentence_takes_the_same_values_in_both_languages() -> None:
    for key, (swedish, english) in SENTENCES.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (swedish, english)]
        assert fields[0] == fields[1], key
        assert swedish.strip() and english.strip(), key


def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    paths = [path for path in (ROOT / "broker" / "cli").glob("*.py") if path.name != "sentences.py"]
    sources = {path: path.read_text("utf-8") for path in paths}
    together = "\n".join(sources.values())
    assert [key for key in SENTENCES if f'"{key}"' not in together and f"'{key}'" not in together] == []
    for path, text in sources.items():
        assert set(calls(ast.parse(text), "words", 0)) - set(SENTENCES) == set(), path.name


def test_each_language_gives_its_own_text() -> None:
    assert Words(Lang.SV).term(terms.OUTCOMES, "refer") == "åter till avsändaren"
    assert Words(Lang.EN).term(terms.OUTCOMES, "refer") == "back to the sender"
    assert Words(Lang.EN)("record_number", n=3) == "record 3"
    assert [Words(lang).of({"sv": "öppet", "en": "open"}) for lang in Lang] == ["öppet", "open"]


def test_an_id_without_text_stands_for_itself() -> None:
    assert Words(Lang.SV).term(terms.GROUNDS, "new_ground") == "new_ground"
    assert Words(Lang.SV).barrier("new_bar") == "new_bar"
    assert Words(Lang.SV).term(terms.GROUNDS, None) == "–"


@pytest.mark.parametrize("lang", Lang)
def test_every_kind_stands_whole_in_the_table_of_outcomes(lang: Lang) -> None:
    words, tally, console = Words(lang), Tally(), Console(width=100)
    tally.outcomes.update({(kind, outcome): 1_234_567 for kind in KINDS for outcome in rendering.OUTCOMES})
    with console.capture() as captured:
        console.print(rendering.outcomes(words, tally))
    shown = captured.get()
    assert [kind for kind in KINDS if words.term(vocabulary_terms.KINDS, kind) not in shown] == []
