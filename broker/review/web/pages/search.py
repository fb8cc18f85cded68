"""Searching the log."""

from starlette.requests import Request
from starlette.responses import Response

from broker.review.rights import REVIEW
from broker.web.access import get
from broker.web.render import page


def _show(request: Request) -> Response:
    return page(request, "search.html")


ROUTES = [get("/granska", _show, may=REVIEW)]
