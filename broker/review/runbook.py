"""What to do about each alert: the runbook beside the alerts (`deploy/prometheus/README.md`), in both languages."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

_SECTION = re.compile(r"^### (\w+)\n(.+?)\n\*([^*].+?)\*$", re.DOTALL | re.MULTILINE)
_MARK = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")

Part = tuple[str, str]
"""How a piece of text is marked (`strong`, `code` or not at all), and the text."""


@cache
def sections(lang: str) -> Mapping[str, tuple[Part, ...]]:
    """The lines of each alert, by its name, in a language."""
    installed = Path(str(files("broker") / "runbook.md"))
    book = installed if installed.is_file() else Path(__file__).parents[2] / "deploy" / "prometheus" / "README.md"
    column = 2 if lang == "sv" else 3
    found = _SECTION.finditer(book.read_text("utf-8"))
    return MappingProxyType({match[1]: _parts(" ".join(match[column].split())) for match in found})


def _parts(text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = 0
    for match in _MARK.finditer(text):
        parts.append(("", text[at : match.start()]))
        parts.append(("strong", match[1]) if match[1] else ("code", match[2]))
        at = match.end()
    return tuple(part for part in (*parts, ("", text[at:])) if part[1])
