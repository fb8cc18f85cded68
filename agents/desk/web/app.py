"""The pages of one desk, put together."""

from starlette.applications import Starlette

from agents.desk.desk import Desk
from agents.desk.web.pages import answer, ask, away, case, message, new, people, preview, queue, search, sent
from agents.desk.web.pages import help as help_page
from agents.desk.web.site import DeskSite
from broker.web import app

PAGES = (
    queue.ROUTES,
    sent.ROUTES,
    message.ROUTES,
    case.ROUTES,
    preview.ROUTES,
    answer.ROUTES,
    ask.ROUTES,
    new.ROUTES,
    search.ROUTES,
    away.ROUTES,
    people.ROUTES,
    help_page.ROUTES,
)
"""The routes of each module of `pages`."""


def create_app(desk: Desk) -> Starlette:
    """The pages of a desk, to be served. Raises SiteError when its settings for logging in can't be used."""
    pages = app.create_app(DeskSite(desk), [route for routes in PAGES for route in routes])
    pages.state.desk = desk
    return pages
