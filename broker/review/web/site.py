"""The room as the frame of its pages knows it: words, menu, names of authorities."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from starlette.requests import Request

from broker.review.rights import CAMPAIGN, LAW, OPERATE, REVIEW, RIGHTS
from broker.review.room import Room
from broker.review.settings import ReviewSettings
from broker.review.words import Words
from broker.web.access import ANYONE
from broker.web.people import People
from broker.web.render import menu_of

FOLDER = Path(__file__).parent
MENU = (
    ("/granska", "search", REVIEW),
    ("/granskningar", "campaigns", REVIEW),
    ("/planera", "plan", CAMPAIGN),
    ("/registerutdrag", "subject", REVIEW),
    ("/siffror", "figures", REVIEW),
    ("/andra-lag", "whatif", LAW),
    ("/drift", "operations", OPERATE),
    ("/visningar", "views", ANYONE),
)
"""Address, text and right of each entry, what somebody's work begins with first; one without a page is left out."""


class ReviewSite:
    """A room, as a `broker.web.site.Site`."""

    folder, begin, rights = FOLDER, "/borja", RIGHTS

    def __init__(self, room: Room) -> None:
        self._room = room

    @property
    def settings(self) -> ReviewSettings:
        """As its file says."""
        return self._room.settings

    @property
    def people(self) -> People:
        """Who works there."""
        return self._room.people

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""
        return self._room.clock

    def words(self, lang: str) -> Words:
        """The texts in a language."""
        return words(lang)

    def values(self, request: Request) -> Mapping[str, Any]:
        """Whose room it is, the menu, names of authorities."""
        return {
            "place": self._room.settings.name,
            "party": lambda address: party_name(request, address),
            "menu": menu_of(request, MENU),
        }


def room_of(request: Request) -> Room:
    """Whose pages they are."""
    return cast("Room", request.app.state.room)


def words_of(request: Request) -> Words:
    """The words of the language that is read."""
    return words(request.state.lang)


@cache
def words(lang: str) -> Words:
    """The words of a language."""
    return Words(lang)


def party_name(request: Request, address: str) -> str:
    """The name of an authority, or of a desk of one; one that is not known here has its id."""
    authority, _, desk = address.partition("/")
    party, t = room_of(request).parties.find(authority), words_of(request)
    name = t("frame.nobody_named") if authority == "anonymous" else party.name if party else authority
    return f"{name}, {t.term('units', desk)}" if desk else name
