"""The words of the pages: a folder for each language, a file for each page.

`t("queue.heading")` is `heading` in `sv/queue.toml`. What the broker has words for comes from the agency's own texts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, cast

from agents.agency import texts as agency
from broker.web import words as web

_WORD = re.compile("24/7|[A-Za-z]+")
_SPAN = re.compile("(?<=[0-9a-zåäö])-(?=[0-9a-zåäöA-Z])")
LANGUAGES = agency.LANGUAGES


class Words(web.Words):
    """The texts of one language, for pages."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang, __package__)
        self._terms = agency.Texts(self.lang)

    def term(self, table: str, id: str | None) -> str:
        """The broker's own word for an id."""
        return self._terms.term(table, id)

    def has_term(self, table: str, id: str) -> bool:
        """Whether the broker has a word for an id."""
        return self._terms.has(table, id)

    def bar(self, id: str, *of: str) -> str:
        """What stands in the way, in its own words for one `of` these (kinds, outcomes)."""
        return self._terms.bar(id, *of)

    def options(self, table: str, ids: Iterable[str] | None = None) -> list[tuple[str, str]]:
        """Ids with the broker's words for them, to choose among."""
        return self._terms.options(table, ids)

    def question(self, ground: str | None, test: str) -> str:
        """What a test asks, in its paragraph's words."""
        return self._terms.question(ground, test)

    def hours(self, hours: str) -> str:
        """When a telephone is answered, from the register's way of writing it (`Mo-Fr 08:00-16:30; PH off`)."""
        names = cast("Mapping[str, str]", self.table("frame.hours"))
        text = _WORD.sub(lambda word: names.get(word[0], word[0]), hours)
        return _SPAN.sub("–", text) if self.lang != "sv" else _SPAN.sub("–", text.replace(":", "."))

    def listed(self, words: Sequence[str], by: Literal["and", "or"] = "and") -> str:
        """Words as a sentence lists them."""
        *first, last = words
        return self(f"frame.{by}", first=", ".join(first), last=last) if first else last

    def clock(self, when: datetime, now: datetime) -> str:
        """A moment as people say it."""
        return self._terms.clock(when, now)

    def day(self, day: date, today: date) -> str:
        """A day with its weekday."""
        return self._terms.day(day, today)


def tables(lang: str) -> web.Tables:
    """Every table of a language by its name."""
    return web.tables(lang, __package__)
