"""What tests of pages have in common, at the desk and in the auditors' room."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
