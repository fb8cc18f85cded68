"""The pages of one room, put together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broker.review.room import Room
from broker.review.web.pages import (
    campaigns,
    decision,
    figures,
    help,
    operations,
    plan,
    search,
    subject,
    views,
    whatif,
)
from broker.review.web.site import MENU, ReviewSite
from broker.web import app
from broker.web.access import ANYONE, get, see_other
from broker.web.render import menu_of

PAGES = (
    search.ROUTES,
    plan.ROUTES,
    campaigns.ROUTES,
    decision.ROUTES,
    figures.ROUTES,
    operations.ROUTES,
    subject.ROUTES,
    views.ROUTES,
    whatif.ROUTES,
    help.ROUTES,
)
"""The routes of each module of `pages`."""


def create_app(room: Room) -> Starlette:
    """The pages of a room, to be served. Raises SiteError when its settings for logging in can't be used."""
    site = ReviewSite(room)
    begin = get(site.begin, _begin, may=ANYONE)
    pages = app.create_app(site, [begin, *(route for routes in PAGES for route in routes)])
    pages.state.room = room
    return pages


def _begin(request: Request) -> Response:
    """The first page that somebody may see."""
    for address, *_ in menu_of(request, MENU):
        return see_other(address)
    raise HTTPException(404)
