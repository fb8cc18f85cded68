"""The pages of one place, put together: routes, what stands before them, what is shown when something is wrong."""

import logging
import traceback
from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broker.texts import LANGUAGES
from broker.web import claims, login, security
from broker.web.access import ANYONE, Form, get, see_other
from broker.web.faults import Missing
from broker.web.render import FOLDER, accepted_language, page
from broker.web.site import Site

_LOG = logging.getLogger("samband.web")
_MOST_BYTES = 8 * 1024 * 1024
_MOST_LOGINS = 30
"""Tries to log in from one address, or to one account, within an hour."""
_ERRORS = (400, 403, 404, 405, 413, 422, 429)


def create_app(site: Site, pages: Iterable[BaseRoute]) -> Starlette:
    """The pages of a place, to be served. Raises SiteError when its settings for logging in can't be used."""
    settings = site.settings
    cookie = security.Cookie(settings.address)
    app = Starlette(
        routes=[
            get("/", lambda _: see_other(site.begin), may=ANYONE),
            *login.routes(_provider(site)),
            *pages,
            static_files(),
        ],
        middleware=[
            Middleware(security.Headers, https=cookie.https),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=[urlsplit(settings.address).hostname or ""], www_redirect=False
            ),
            Middleware(Calm, lang=settings.lang),
            Middleware(security.Bounded, most=_MOST_BYTES),
            Middleware(Visitors, site=site, cookie=cookie),
        ],
        exception_handlers={HTTPException: _show_error, Missing: _show_missing},
    )
    app.state.site, app.state.session_cookie = site, cookie
    app.state.stamps, app.state.logins = security.Stamps(), security.Limits(_MOST_LOGINS)
    return app


def static_files() -> Mount:
    """Styles, and the script."""
    return Mount(security.STATIC.rstrip("/"), StaticFiles(directory=FOLDER / "static"), name="static")


def _provider(site: Site) -> login.Provider | None:
    oidc = site.settings.oidc
    if not oidc:
        return None
    claims.check(oidc, site.rights)
    return login.Provider(oidc, claims.secret_of(oidc), site.settings.address)


class Visitors:
    """Finds out who asks, and in which language, before any page is made."""

    def __init__(self, app: ASGIApp, *, site: Site, cookie: security.Cookie) -> None:
        self._app, self._site, self._cookie = app, site, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(security.STATIC):
            request = Request(scope)
            state, value = request.state, self._cookie.read(request)
            state.user, state.cookie, state.form = None, value, Form()
            state.lang = accepted_language(request.headers.get("accept-language", ""), self._site.settings.lang)
            if request.query_params.get("lang") in LANGUAGES:
                state.lang = request.query_params["lang"]
            if value:
                used = "samband-poll" not in request.headers  # a page left open asks by itself; that keeps no session
                user = await run_in_threadpool(self._site.people.session, security.digest(value), used=used)
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
