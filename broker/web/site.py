"""What the frame asks of a place: the desk, the auditors' room."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import Request

from broker.web.people import People
from broker.web.settings import SiteSettings
from broker.web.words import Words


class Site(Protocol):
    """One place with pages of its own."""

    @property
    def settings(self) -> SiteSettings:
        """Where it is, and who logs in how."""

    @property
    def people(self) -> People:
        """Who works there."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""

    @property
    def folder(self) -> Path:
        """Where its `templates` are."""

    @property
    def begin(self) -> str:
        """The address of its first page."""

    @property
    def rights(self) -> frozenset[str]:
        """What somebody there may do."""

    def words(self, lang: str) -> Words:
        """Its texts in a language, the frame's among them."""

    def values(self, request: Request) -> Mapping[str, Any]:
        """What each of its templates has, beside what the frame gives it: at least its `place`, and its `menu`."""
