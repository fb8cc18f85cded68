"""The desk as the frame of its pages knows it: words, menu, names of authorities."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from starlette.requests import Request

from agents.agency.texts import Parties, Texts
from agents.desk.bell import ring
from agents.desk.desk import Desk
from agents.desk.rights import RIGHTS
from agents.desk.settings import DeskSettings
from agents.desk.store import Cover
from agents.desk.texts import Words
from broker.web.access import ANYONE
from broker.web.people import People
from broker.web.render import menu_of

FOLDER = Path(__file__).parent
_SILENT = 120
"""Seconds without contact with the broker before the page says so."""
MENU = (
    ("/vantar", "queue", "read"),
    ("/skickat", "sent", "read"),
    ("/fraga", "ask", "ask"),
    ("/nytt", "new", "answer"),
    ("/sok", "search", "read"),
    ("/bort", "away", ANYONE),
    ("/personer", "people", "admin"),
    ("/hjalp", "help", ANYONE),
)


class DeskSite:
    """A desk, as a `broker.web.site.Site`."""

    folder, begin, rights = FOLDER, "/vantar", RIGHTS

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def settings(self) -> DeskSettings:
        """As its file says."""
        return self._desk.settings

    @property
    def people(self) -> People:
        """Who works there."""
        return self._desk.store.people

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""
        return self._desk.clock

    def words(self, lang: str) -> Words:
        """The texts in a language."""
        return words(lang)

    def values(self, request: Request) -> Mapping[str, Any]:
        """Whose desk it is, what waits, whether the broker is reached."""
        desk, user, parties = self._desk, request.state.user, parties_of(request)
        now = desk.clock()
        counts: dict[str, int] = {}
        if user and "read" in user.may:
            counts = {"queue": desk.store.inbox.total("open", now=now), "sent": desk.store.sent.total("open", now=now)}
        return {
            "place": parties.name(desk.authority),
            "party": parties.name,
            "menu": menu_of(request, MENU, counts),
            "silent_since": _silent_since(desk, now) if user else None,
            "ring": ring(desk.store, now) if user and "read" in user.may else None,
        }


def address_of(path: str, said: Mapping[str, object], plain: Mapping[str, object]) -> str:
    """A list's address with what it is filtered by; what holds from the start is left out."""
    chosen = {name: value for name, value in said.items() if value != plain[name]}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def desk_of(request: Request) -> Desk:
    """Whose desk it is."""
    return cast("Desk", request.app.state.desk)


def cover_of(request: Request) -> Cover:
    """With whom everybody's work is today: asked once for a page."""
    cover: Cover | None = getattr(request.state, "cover", None)
    if cover is None:
        cover = request.state.cover = desk_of(request).store.absences.cover()
    return cover


def words_of(request: Request) -> Words:
    """The words of the language that is read."""
    return words(request.state.lang)


@cache
def words(lang: str) -> Words:
    """The words of a language."""
    return Words(lang)


def parties_of(request: Request) -> Parties:
    """The names of authorities, in the language that is read."""
    return _parties(request.state.lang, desk_of(request).settings.register)


@cache
def _parties(lang: str, register: Path | None) -> Parties:
    return Parties(Texts(lang), register)


def _silent_since(desk: Desk, now: datetime) -> datetime | None:
    """Since when there is no contact with the broker; None where there is."""
    last = desk.courier.last_contact
    return last if last and (now - last).total_seconds() > _SILENT else None
