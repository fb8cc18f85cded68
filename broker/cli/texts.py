"""Headings and sentences in Swedish and English, and the one place that chooses between them."""

from collections.abc import Mapping

from broker import texts
from broker.cli.details import in_swedish
from broker.cli.lang import Lang
from broker.faults import BETWEEN

__all__ = ["Lang", "Words", "number"]


class Words:
    """The texts of one language."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def __call__(self, key: str, **values: object) -> str:
        """A heading or sentence, with values filled in."""
        return texts.text(self._lang, "sentences", key).format(**values)

    def term(self, table: str, key: str | None) -> str:
        """The text of an id; an id that has none stands for itself."""
        return texts.read(self._lang)[table].get(key or "") or key or "–"

    def detail(self, detail: str) -> str:
        """Why a line could not be used, each fault on a line of its own."""
        return (detail if self._lang is Lang.EN else in_swedish(detail)).replace(BETWEEN, "\n")

    def of(self, both: Mapping[str, str]) -> str:
        """A text that comes from elsewhere in both languages, each under its code."""
        return both[self._lang.value]

    def barrier(self, key: str) -> str:
        """The text of a bar, which may be a ground that does not carry."""
        return self.term("bars" if key in texts.ids("bars") else "grounds", key)


def number(n: int) -> str:
    """A number with spaces between thousands, as in Swedish."""
    return f"{n:,}".replace(",", "\N{NO-BREAK SPACE}")
