"""The words of the pages: a folder for each language, a file for each page.

`t("queue.heading")` is `heading` in `sv/queue.toml`. Those of the frame lie here, those of a place in its own folder,
which may say the frame's in words of its own.
"""

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import cast

from markupsafe import Markup

from broker.texts import LANGUAGES

Tables = Mapping[str, Mapping[str, object]]


class Words(ABC):
    """The texts of one language, for pages. In: the package of the place's own."""

    def __init__(self, lang: str, package: str) -> None:
        self.lang = lang if lang in LANGUAGES else LANGUAGES[0]
        self._own = tables(self.lang, package)

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

    @abstractmethod
    def term(self, table: str, id: str | None) -> str:
        """The broker's own word for an id."""

    @abstractmethod
    def clock(self, when: datetime, now: datetime) -> str:
        """A moment as people say it."""

    @abstractmethod
    def day(self, day: date, today: date) -> str:
        """A day with its weekday."""


@cache
def tables(lang: str, package: str) -> Tables:
    """Every table of a language by its name: the frame's, and those of a place."""
    own, frame = _read(lang, package), _read(lang, f"{__package__}.texts")
    return {name: {**frame.get(name, {}), **own.get(name, {})} for name in frame | own}


def _read(lang: str, package: str) -> dict[str, Mapping[str, object]]:
    folder = files(package) / lang
    return {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir()}
