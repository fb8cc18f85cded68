"""The words of the pages: a folder for each language, a file for each page.

`t("queue.heading")` is `heading` in `sv/queue.toml`. What the broker has words for comes from the agency's own texts.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import cast

from markupsafe import Markup

from agents.agency import texts as agency

_WORD = re.compile("24/7|[A-Za-z]+")
_SPAN = re.compile("(?<=[0-9a-zåäö])-(?=[0-9a-zåäöA-Z])")
LANGUAGES = agency.LANGUAGES


class Words:
    """The texts of one language, for pages."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else LANGUAGES[0]
        self._own = tables(self.lang)
        self._terms = agency.Texts(self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """A text with its values filled in. In: `page.name`, or `page.table.name`. Raises KeyError."""
        text = self._text(key)
        return text.format_map(values) if values else text

    def markup(self, key: str, **values: object) -> Markup:
        """A text of ours that has elements in it; values are escaped."""
        return Markup(self._text(key)).format_map(values)

    def has(self, key: str) -> bool:
        """Whether there is such a text, or list of them."""
        try:
            return isinstance(self._find(key), str | list)
        except KeyError:
            return False

    def count(self, key: str, n: int, **values: object) -> str:
        """A text of a number of things: `key.one`, or `key.many`."""
        return self(f"{key}.{'one' if n == 1 else 'many'}", n=n, **values)

    def many(self, key: str, **values: object) -> list[str]:
        """A list of texts with their values filled in."""
        texts = cast("list[str]", self._find(key))
        return [text.format_map(values) if values else text for text in texts]

    def table(self, key: str) -> Mapping[str, object]:
        """A table of texts, in its order."""
        found = self._find(key)
        assert isinstance(found, Mapping)
        return found

    def _text(self, key: str) -> str:
        text = self._find(key)
        if not isinstance(text, str):
            raise KeyError(key)
        return text

    def _find(self, key: str) -> object:
        found: object = self._own
        for part in key.split("."):
            if not isinstance(found, Mapping):
                raise KeyError(key)
            found = found[part]
        return found

    def term(self, table: str, id: str | None) -> str:
        """The broker's own word for an id."""
        return self._terms.term(table, id)

    def has_term(self, table: str, id: str) -> bool:
        """Whether the broker has a word for an id."""
        return self._terms.has(table, id)

    def options(self, table: str, ids: Iterable[str] | None = None) -> list[tuple[str, str]]:
        """Ids with the broker's words for them, to choose among."""
        return self._terms.options(table, ids)

    def question(self, ground: str | None, test: str) -> str:
        """What a test asks, in its paragraph's words."""
        return self._terms.question(ground, test)

    def hours(self, hours: str) -> str:
        """When a telephone is answered, from the register's way of writing it (`Mo-Fr 08:00-16:30; PH off`)."""
        names = cast("Mapping[str, str]", self._find("frame.hours"))
        text = _WORD.sub(lambda word: names.get(word[0], word[0]), hours)
        return _SPAN.sub("–", text) if self.lang != "sv" else _SPAN.sub("–", text.replace(":", "."))

    def clock(self, when: datetime, now: datetime) -> str:
        """A moment as people say it."""
        return self._terms.clock(when, now)

    def day(self, day: date, today: date) -> str:
        """A day with its weekday."""
        return self._terms.day(day, today)


@cache
def tables(lang: str) -> Mapping[str, Mapping[str, object]]:
    """Every table of a language by its name."""
    folder = files(__package__) / lang
    return {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir()}
