"""Makes the contract as pages to read: `schemas/contract.md`, and one for each kind in `schemas/kinds/`.

From `about.md`, the models, the law and the texts. A development task: `python -m schemas.write_contract_page` writes
the files, `--check` only compares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broker import bundle, texts
from broker.kinds import KINDS
from schemas import fields, kind_pages
from schemas.json_schema import schemas

FILE = Path(__file__).parents[1] / "schemas" / "contract.md"

Json = dict[str, Any]

_ABOUT = FILE.with_name("about.md")
"""What the page begins with."""

_TERMS = {
    "Category": "categories",
    "Unit": "units",
    "Role": "roles",
    "WeighingTest": "tests",
}
_TESTS = """An assessment answers one of these; `holds` says whether what it states is true. Nobody but a human answers,
and what is not answered comes back. Some are negations: answer what is stated, not what you would like to be asked."""
_RECEIPT = """Each message and each line gets a receipt, at once or in its sender's inbox: what became of it, by which
provisions, where that is recorded, and in `retention` until when the broker keeps what it said. A reader passes over
fields that it does not know."""
_ENVELOPE = {"id", "kind", "sender", "recipient", "time", "case", "in_reply_to"}


def page() -> str:
    """The whole page."""
    known, law = schemas(), json.loads(bundle.load().tables)["law"]
    parts = _reachable(known, [f"{kind}Body" for kind in KINDS] + ["Sender", "Recipient", "Receipt"])
    bodies = {known[kind]["properties"]["body"]["$ref"].rsplit("/", 1)[1] for kind in KINDS}
    out = [
        _ABOUT.read_text("utf-8"),
        "## Every message",
        "",
        *fields.table(known[next(iter(KINDS))], set(_ENVELOPE) - {"body"}),
    ]
    out += ["", "## Kinds", ""]
    out += [*kind_pages.index(), ""]
    out += ["## What comes back", "", _RECEIPT, "", *fields.table(known["Receipt"]), ""]
    out += ["## Parts", ""]
    for name in sorted(parts - bodies - {"Receipt"}):
        if "enum" not in known[name]:
            out += [f"### {name}", "", known[name].get("description", ""), "", *fields.table(known[name]), ""]
    out += ["## Words", ""]
    for name in sorted(parts):
        if "enum" in known[name]:
            out += [f"### {name}", "", known[name].get("description", ""), "", *_words(name, known[name]["enum"]), ""]
    out += ["## Grounds", "", "What `basis` may claim; left out, any may carry.", "", *_grounds(law["grounds"]), ""]
    out += ["## Tests", "", _TESTS, "", *_tests(known["WeighingTest"]["enum"]), ""]
    out += ["What each ground asks, in the words of its paragraph:", "", *_own_questions(), ""]
    return "\n".join(out).rstrip() + "\n"


def _words(name: str, values: list[str]) -> Iterator[str]:
    table = _TERMS.get(name)
    if table is None:
        yield ", ".join(f"`{value}`" for value in values)
        return
    yield from ("| id | svenska | English |", "|---|---|---|")
    for value in values:
        swedish, english = (texts.read(lang)[table].get(value, "") for lang in texts.LANGUAGES)
        yield f"| `{value}` | {swedish} | {english} |"


def _grounds(grounds: Json) -> Iterator[str]:
    yield from ("| id | provision | svenska | | asks | from |", "|---|---|---|---|---|---|")
    for name, row in sorted(grounds.items(), key=lambda entry: entry[1]["order"]):
        day = str(row["from"])
        since = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        binds = "duty" if row["duty"] else "permission"
        asks = ", ".join(f"[`{test}`](#tests)" for test in kind_pages.tests_of(name)) or "–"
        yield f"| `{name}` | {row['ref'] or '–'} | {texts.text('sv', 'grounds', name)} | {binds} | {asks} | {since} |"


def _tests(values: list[str]) -> Iterator[str]:
    yield from ("| id | states that | svenska | question (svenska) | true |", "|---|---|---|---|---|")
    for value in values:
        swedish, english = (texts.text(lang, "tests", value) for lang in texts.LANGUAGES)
        question, answer = texts.text("sv", "questions", value), texts.text("en", "answers", value)
        yield f"| `{value}` | {english} | {swedish} | {question} | {answer} |"


def _own_questions() -> Iterator[str]:
    yield from ("| ground | test | fråga | question |", "|---|---|---|---|")
    for key in texts.read("sv")["questions"]:
        ground, _, test = key.partition("/")
        if test:
            swedish, english = (texts.text(lang, "questions", key) for lang in texts.LANGUAGES)
            yield f"| `{ground}` | `{test}` | {swedish} | {english} |"


def _reachable(known: Json, start: list[str]) -> set[str]:
    """Every schema that these name, themselves among them."""
    reached: set[str] = set()
    waiting = [name for name in start if name in known]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [ref for ref in _refs(known[name]) if ref in known]
    return reached


def _refs(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[1]
        for value in schema.values():
            yield from _refs(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _refs(value)


def files() -> dict[Path, str]:
    """Every page as it should be."""
    return {FILE: page()} | {kind_pages.FOLDER / name: text for name, text in kind_pages.pages().items()}


def differing() -> list[Path]:
    """Pages that are missing, differ or are of no kind."""
    wanted = files()
    present = {file: file.read_text("utf-8") for file in [FILE, *kind_pages.FOLDER.glob("*")] if file.exists()}
    return sorted(file for file in wanted.keys() | present.keys() if wanted.get(file) != present.get(file))


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare. Exit status: 0 done or the same, 1 one differs."""
    wrong, wanted = differing(), files()
    if "--check" in arguments:
        return int(bool(wrong))
    kind_pages.FOLDER.mkdir(exist_ok=True)
    for file in wrong:
        if file in wanted:
            file.write_text(wanted[file], encoding="utf-8")
        else:
            file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
