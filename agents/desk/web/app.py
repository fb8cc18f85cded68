"""The pages of one desk, put together: routes, what stands before them, what is shown when something is wrong."""

import logging
import traceback
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agents.desk import claims
from agents.desk.desk import Desk
from agents.desk.faults import Missing
from agents.desk.texts import LANGUAGES
from agents.desk.web import login, security
from agents.desk.web.access import ANYONE, BEGIN, Form, get, see_other
from agents.desk.web.pages import answer, ask, case, message, new, preview, queue, sent
from agents.desk.web.pages import help as help_page
from agents.desk.web.render import FOLDER, accepted_language, page

_LOG = logging.getLogger("samband.desk")
_MOST_BYTES = 8 * 1024 * 1024
_MOST_LOGINS = 30
"""Tries to log in from one address, or to one account, within an hour."""
_ERRORS = (400, 403, 404, 405, 413, 422, 429)

PAGES = (
    queue.ROUTES,
    sent.ROUTES,
    message.ROUTES,
    case.ROUTES,
    preview.ROUTES,
    answer.ROUTES,
    ask.ROUTES,
    new.ROUTES,
    help_page.ROUTES,
)
"""The routes of each module of `pages`."""


def create_app(desk: Desk) -> Starlette:
    """The pages of a desk, to be served. Raises DeskError when its settings for logging in can't be used."""
    address = desk.settings.address
    cookie = security.Cookie(address)
    app = Starlette(
        routes=[
            get("/", lambda _: see_other(BEGIN), may=ANYONE),
            *login.routes(_provider(desk)),
            *(route for routes in PAGES for route in routes),
            Mount(security.STATIC.rstrip("/"), StaticFiles(directory=FOLDER / "static"), name="static"),
        ],
        middleware=[
            Middleware(security.Headers, https=cookie.https),
            Middleware(TrustedHostMiddleware, allowed_hosts=[urlsplit(address).hostname or ""], www_redirect=False),
            Middleware(Calm, lang=desk.settings.lang),
            Middleware(security.Bounded, most=_MOST_BYTES),
            Middleware(Visitors, desk=desk, cookie=cookie),
        ],
        exception_handlers={HTTPException: _show_error, Missing: _show_missing},
    )
    app.state.desk, app.state.session_cookie = desk, cookie
    app.state.stamps, app.state.logins = security.Stamps(), security.Limits(_MOST_LOGINS)
    return app


def _provider(desk: Desk) -> login.Provider | None:
    oidc = desk.settings.oidc
    if not oidc:
        return None
    claims.check(oidc)
    return login.Provider(oidc, claims.secret_of(oidc), desk.settings.address)


class Visitors:
    """Finds out who asks, and in which language, before any page is made."""

    def __init__(self, app: ASGIApp, *, desk: Desk, cookie: security.Cookie) -> None:
        self._app, self._desk, self._cookie = app, desk, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(security.STATIC):
            request = Request(scope)
            state, value = request.state, self._cookie.read(request)
            state.user, state.cookie, state.form = None, value, Form()
            state.lang = accepted_language(request.headers.get("accept-language", ""), self._desk.settings.lang)
            if request.query_params.get("lang") in LANGUAGES:
                state.lang = request.query_params["lang"]
            if value:
                used = "samband-poll" not in request.headers  # a page left open asks by itself; that keeps no session
                user = await run_in_threadpool(self._desk.store.people.session, security.digest(value), used=used)
                state.user, state.lang = user, user.lang if user else state.lang
        await self._app(scope, receive, send)


class Calm:
    """What went wrong in a page is shown in plain words, and logged by type and place: never what it was about."""

    def __init__(self, app: ASGIApp, *, lang: str, template: str = "error.html") -> None:
        self._app, self._lang, self._template = app, lang, template

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as error:
            number = uuid4().hex[:8]
            place = traceback.extract_tb(error.__traceback__)[-1]
            _LOG.error("fault %s: %s in %s, line %s", number, type(error).__name__, place.name, place.lineno)
            if not begun and scope["type"] == "http":
                request = Request(scope)
                request.state.lang = getattr(request.state, "lang", self._lang)
                request.state.user = request.state.cookie = None  # the page asks nothing of what may be broken
                await page(request, self._template, status=500, number=number, code=500)(scope, receive, send)


def _show_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    code = 404 if status == 405 else status if status in _ERRORS else 500
    response = page(request, "error.html", status=status, code=code, number="")
    response.headers.update(error.headers or {})
    return response


def _show_missing(request: Request, _: Exception) -> Response:
    return page(request, "error.html", status=404, code=404, number="")
