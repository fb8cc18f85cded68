"""The help of each command in Swedish, from the table `command_help`; where a command stands its help is English."""

import re
from collections.abc import Sequence

# the library has no public names for what writes its help
from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from broker import texts
from broker.cli.lang import Lang

_EXTRA = re.compile(r"(.*?) {0,2}\[([^][]+)\]", re.DOTALL)
"""What an option is for, then what the library adds: its default, whether it is required."""
_PLACEHOLDER = re.compile(r"[A-Z]{2,}")
_ENGLISH = HelpFormatter


def speak(lang: str) -> None:
    """Let every command show its help in that language; Swedish where there is none."""
    Context.formatter_class = _ENGLISH if lang == Lang.EN else _Swedish


def _swedish(text: str) -> str:
    """A text of the table, each paragraph by itself; as it is where the table has none."""
    known = texts.read(Lang.SV)["command_help"]
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return "\n\n".join(known.get(paragraph, paragraph) for paragraph in paragraphs)


def _placeholders(text: str) -> str:
    return _PLACEHOLDER.sub(lambda word: _swedish(word[0]), text)


def _added(text: str) -> str:
    """`default: x` or `required`."""
    name, colon, value = text.partition(": ")
    return _swedish(f"{name}: {{}}").format(_swedish(value)) if colon else _swedish(text)


def _described(text: str) -> str:
    if match := _EXTRA.fullmatch(text):
        return f"{_swedish(match[1])}  [{'; '.join(map(_added, match[2].split('; ')))}]".lstrip()
    return _swedish(text)


class _Swedish(HelpFormatter):
    """Writes as the library's does."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _placeholders(args), prefix or _swedish("Usage:") + " ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_swedish(heading))

    def write_text(self, text: str) -> None:
        super().write_text(_swedish(text))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_placeholders(name), _described(text)) for name, text in rows], col_max, col_spacing)
