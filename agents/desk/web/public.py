"""The public's page: its own small application, which shares no route, no session and no cookie with the desk.

Nothing of who comes is kept or written: no cookie is given or read, no address is logged, tries are counted in memory
under a salt that is gone within the hour. The pages need no script, and allow none.
"""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from agents.desk.desk import Desk
from agents.desk.faults import DeskError
from agents.desk.forms import public as forms
from agents.desk.texts import LANGUAGES
from agents.desk.web.site import DeskSite, desk_of, words, words_of
from agents.desk.writing import pen_of
from broker.model.days import swedish_day
from broker.web import security
from broker.web.access import PUBLIC, TOKEN, Form, client_of, form_of, get, post, see_other
from broker.web.app import Calm, static_files
from broker.web.render import accepted_language, page

_MOST_BYTES = 512 * 1024
"""A form with the longest text, each of its characters written as twelve."""
_MOST_MESSAGES = 30
_MOST_CODES = 30
"""From one network within the hour: many may share one."""
_BEGIN = "/tips"
_FIELDS = ("om", "barn", "kommun", "kommun_val", "text", "kanal", "plattform", "sluten", "anonym")
_FIRST = {"om": "om-brott", "anonym": "anonym-ja"}
"""Where a fault at several choices leads: to the first of them."""
_TO = {"ConcernNotification": "board"}
"""Who gets what is not for the police, as the page says it."""
_READERS = "sv"
"""The language of those who read what is handed in."""
_ERRORS = (400, 403, 404, 413, 429)


def create_public_app(desk: Desk) -> Starlette:
    """The public's page of an intake. Raises DeskError where visitors could not be told apart."""
    settings = desk.settings
    https = settings.address.startswith("https://")
    if https and not settings.proxies:
        raise DeskError("proxies: say what stands before the page, or all visitors are counted as one")
    app = Starlette(
        routes=[
            get("/", lambda _: see_other(_BEGIN), may=PUBLIC),
            get(_BEGIN, _show_form, may=PUBLIC),
            post(_BEGIN, _take, may=PUBLIC),
            get(f"{_BEGIN}/kod", _show_code, may=PUBLIC),
            post(f"{_BEGIN}/kod", _tell, may=PUBLIC),
            get(f"{_BEGIN}/hantering", _show_handling, may=PUBLIC),
            get("/tillganglighet", _show_accessibility, may=PUBLIC),
            static_files(),
        ],
        middleware=[
            Middleware(security.Headers, https=https, policy=security.policy(scripts=False)),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=[urlsplit(settings.address).hostname or ""], www_redirect=False
            ),
            Middleware(Calm, lang=settings.lang, template="public/error.html"),
            Middleware(security.Bounded, most=_MOST_BYTES),
            Middleware(_Anybody, lang=settings.lang),
        ],
        exception_handlers={HTTPException: _show_error},
    )
    app.state.site, app.state.desk = DeskSite(desk), desk
    app.state.stamps = security.Stamps(desk.store.public.stamp_key)
    app.state.messages, app.state.codes = security.Limits(_MOST_MESSAGES), security.Limits(_MOST_CODES)
    return app


class _Anybody:
    """Who comes is nobody in particular: only the language is chosen, by the address or the browser."""

    def __init__(self, app: ASGIApp, *, lang: str) -> None:
        self._app, self._lang = app, lang

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            state, chosen = request.state, request.query_params.get("lang")
            state.user, state.cookie, state.form = None, None, Form()
            accepted = accepted_language(request.headers.get("accept-language", ""), self._lang)
            state.lang = chosen if chosen in LANGUAGES else accepted
        await self._app(scope, receive, send)


# --- telling


def _show_form(request: Request) -> Response:
    return _form(request, {})


def _take(request: Request) -> Response:
    """What is told is kept to be sent, once; the answer has the code, which is shown nowhere else."""
    typed = _typed(request)
    desk = desk_of(request)
    read = forms.read(typed, swedish_day(desk.clock()))
    if read.told is None:
        return _form(request, typed, read)
    if not _allows(request, "messages"):
        return _form(request, typed, note="many", status=429)
    drafts = forms.drafts_of(read.told, words(_READERS))
    messages = [pen_of(desk.settings, desk.clock).write(draft) for draft in drafts]
    stamp = form_of(request).one(TOKEN)
    code = desk.store.public.hand_in(messages, "\0".join([stamp, *(typed[name] for name in _FIELDS)]))
    desk.courier.wake()
    halves = [f"{code[n : n + 4]} {code[n + 4 : n + 8]}" for n in range(0, len(code), 8)]
    return _page(request, "code.html", code=halves, to=_TO.get(messages[0].kind, "police"))


def _form(
    request: Request, typed: Mapping[str, str], read: forms.Read | None = None, *, note: str = "", status: int = 200
) -> Response:
    t, faults = words_of(request), read.faults if read else {}
    told = {name: t(f"public.faults.{fault}", most=forms.LONGEST.get(name, "")) for name, fault in faults.items()}
    return _page(
        request,
        "tip.html",
        status=422 if faults else status,
        about=forms.ABOUT,
        longest=forms.LONGEST,
        typed={name: typed.get(name, "") for name in _FIELDS},
        faults=told,
        summary=[(_FIRST.get(name, name), told[name]) for name in _FIELDS if name in told],
        meant=read.meant if read else {},
        note=note,
    )


def _typed(request: Request) -> dict[str, str]:
    form = form_of(request)
    return {name: forms.clean(form.one(name)) for name in _FIELDS}


# --- asking


def _show_code(request: Request) -> Response:
    return _page(request, "ask.html", answer=None, note="")


def _tell(request: Request) -> Response:
    """How far it has come: three words, and the same answer to every code that says nothing."""
    if not _allows(request, "codes"):
        return _page(request, "ask.html", status=429, answer=None, note="many_codes")
    state = desk_of(request).store.public.state(form_of(request).one("kod"))
    return _page(request, "ask.html", answer=state or "nothing", note="")


# --- reading


def _show_handling(request: Request) -> Response:
    return _page(request, "handling.html", sections=list(words_of(request).table("public.handling")))


def _show_accessibility(request: Request) -> Response:
    return _page(request, "accessibility.html", sections=list(words_of(request).table("public.accessibility")))


def _show_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 403 and request.url.path == _BEGIN and _is_own(request):
        return _form(request, _typed(request), note="stale", status=403)
    code = error.status_code if error.status_code in _ERRORS else 404
    return _page(request, "error.html", status=error.status_code, code=code, number="")


def _is_own(request: Request) -> bool:
    """Whether a form that has no stamp of ours comes from a page of ours all the same: one that has lain too long."""
    return security.comes_from_here(request, desk_of(request).settings.address)


def _allows(request: Request, sort: str) -> bool:
    return cast("security.Limits", getattr(request.app.state, sort)).allows(client_of(request))


def _page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page; its links keep the language that was chosen. After a form none leads away from what was typed."""
    chosen = request.query_params.get("lang") in LANGUAGES
    kept = f"?lang={request.state.lang}" if chosen else ""
    return page(request, f"public/{template}", status=status, kept=kept, posted=request.method == "POST", **values)
