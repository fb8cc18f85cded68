"""Texts for people, as data: `sv.toml` and `en.toml` hold the same tables of the same ids (a test compares them).

Ids are stable English and never change; these texts may. A language is read when its first text is asked for.
Statute text is not here: it comes verbatim from the bundle.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("sv", "en")

Terms = Mapping[str, str]
"""Texts by id, in one language."""


@cache
def read(lang: str) -> Mapping[str, Terms]:
    """The tables of a language by name.

    Raises:
        FileNotFoundError: there are no texts in that language.
    """
    return tomllib.loads(resources.files(__name__).joinpath(f"{lang}.toml").read_text("utf-8"))


@cache
def ids(table: str) -> frozenset[str]:
    """The ids that have a text in a table, the same in each language.

    Raises:
        KeyError: there is no such table.
    """
    return frozenset(read(LANGUAGES[0])[table])


def text(lang: str, table: str, key: str) -> str:
    """The text of an id.

    Raises:
        KeyError: there is no such table, or no such id in it.
    """
    return read(lang)[table][key]
