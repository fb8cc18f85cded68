"""Makes what the agency's side shows people: copies of the texts, and the names of Sweden's authorities.

The agency's side is installed alone, so it holds copies. A development task: `python -m schemas.write_agency_texts`
writes the files, `--check` only compares.
"""

import json
import sys
from pathlib import Path

from broker import authorities, texts

FOLDER = Path(__file__).parents[1] / "agents" / "agency" / "generated"

TABLES = (
    *("acknowledged", "answered", "answers_to_give", "asked", "fields", "terminal", "values", "ways"),
    *("actions", "bars", "categories", "clocks", "concerns", "condition_events", "consents", "details", "errors"),
    *("facts", "help"),
    *(
        "forces",
        "forms",
        "grounds",
        "handed_to",
        "id_types",
        "inquiry_statuses",
        "key_states",
        "kinds",
        "levels",
        "matter_outcomes",
    ),
    *("may_be_told", "may_be_told_to", "notices", "organisation_types", "programmes", "purposes", "questions"),
    *("reasons", "report_need_answers", "roles", "signers", "tests", "units", "urgencies", "views", "warnings"),
)
"""What a person is told at the terminal."""


def files() -> dict[str, str]:
    """File name -> text."""
    tables = {
        lang: {table: dict(texts.read(lang)[table]) for table in TABLES if table in texts.read(lang)}
        for lang in texts.LANGUAGES
    }
    names = {party.id: party.name for party in sorted(authorities.load(), key=lambda party: party.id)}
    return {"texts.json": _json(tables), "authorities.json": _json(names)}


def differing() -> list[str]:
    """Names of files that are missing or differ."""
    wanted = files().items()
    return [name for name, text in wanted if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` compare. Exit status: 0 done or the same, 1 one differs."""
    wrong = differing()
    if "--check" in arguments:
        return int(bool(wrong))
    for name in wrong:
        (FOLDER / name).write_text(files()[name], "utf-8")
    return 0


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
