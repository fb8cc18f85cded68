"""Writes the files of shared cases in one form: `python tests/case_files.py`.

What fits on a line stands on one, below the names of cases; else an entry a line. Half the lines of an entry a line
throughout, where YAML has a quarter fewer.
"""

import json
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
WIDTH = 118
NAMES = 4
"""Depth of a case: what lies above it is never put on one line."""


def files() -> list[Path]:
    """Every file of cases but those of the tables' days, which `day_cases` writes."""
    return [file for file in sorted(CASES.glob("*.json")) if not file.name.startswith("days_of_")]


def written(value: Any, depth: int = 0) -> str:
    """A value as JSON in that form."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (depth >= NAMES and depth + len(line) <= WIDTH):
        return line
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        entries = [
            f"{json.dumps(name, ensure_ascii=False)}: {written(entry, depth + 1)}" for name, entry in value.items()
        ]
    else:
        entries = [written(entry, depth + 1) for entry in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    body = ",\n".join(pad + entry for entry in entries)
    return f"{opening}\n{body}\n{' ' * depth}{closing}" if entries else opening + closing


if __name__ == "__main__":
    for file in files():
        file.write_text(written(json.loads(file.read_text("utf-8"))) + "\n", "utf-8")
