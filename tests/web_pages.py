"""What tests of pages have in common, at the desk and in the auditors' room."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from string import Formatter

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from broker.web import login
from broker.web.access import TOKEN

login._HASHER = PasswordHasher.from_parameters(CHEAPEST)  # each login of a test would take half a second
PASSWORD = "a long word of one's own"
DIGEST = login.hash_password(PASSWORD)
ADDRESS = "http://127.0.0.1:8080"
MORNING = datetime(2026, 11, 30, 8, 12, tzinfo=UTC)
FIELD = re.compile(rf'name="{TOKEN}" value="([^"]+)"')


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


def token_in(html: str) -> str:
    """The token of a page's first form."""
    match = FIELD.search(html)
    assert match, "no form"
    return match[1]


def flat(table: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a table by its path."""
    if isinstance(table, dict):
        for key, value in table.items():
            yield from flat(value, f"{path}.{key}" if path else key)
    elif isinstance(table, list):
        for n, value in enumerate(table):
            yield from flat(value, f"{path}[{n}]")
    else:
        yield path, str(table)


def compare_texts(swedish: Mapping[str, str], english: Mapping[str, str]) -> None:
    """Both have the same texts, with the same fields in each."""
    assert sorted(swedish) == sorted(english)
    for key, text in swedish.items():
        fields = [{name for _, name, _, _ in Formatter().parse(one) if name} for one in (text, english[key])]
        assert fields[0] == fields[1], key
