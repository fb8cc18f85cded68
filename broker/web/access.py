"""Who may open a page: every route is made here, with what it asks of the one who comes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from ipaddress import IPv6Network
from typing import cast
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from broker.web import security
from broker.web.site import Site
from broker.web.user import User

PUBLIC = "public"
"""Anybody, with no cookie: a form has a stamp."""
DOOR = "door"
"""Anybody who is about to log in: a form is bound to the cookie that came with the page."""
ANYONE = "anyone"
"""Anybody who is logged in, whatever they may do."""
OPEN = (PUBLIC, DOOR)
TOKEN = "formular"
"""The hidden field of each form."""
LOGIN = "/logga-in"
_MOST_FIELDS = 2000
_MOST_FILES = 20
_UNTYPED = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - set(map(ord, "\t\n\r")))
"""What no keyboard has: it comes with what is pasted, and a terminal or a printer would obey it."""

_DIGITS = 18
"""Of the largest number that a database can have, at least."""


class _Number(IntegerConvertor):
    """A number in an address; what no database could have leads nowhere."""

    regex = f"[0-9]{{1,{_DIGITS}}}"


register_url_convertor("int", _Number())

Show = Callable[[Request], Response | Awaitable[Response]]


@dataclass(frozen=True)
class File:
    """A file that was sent with a form. Nothing of it is to be trusted."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Form:
    """What was posted: each field's values in their order, and the files."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, list[File]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The value of a field that has one; empty where there is none."""
        return self.fields.get(name, [""])[-1].strip()


class Page(Route):
    """A route, and who may use it: PUBLIC, DOOR, ANYONE, or what a user may do.

    `show` answers in a thread of its own, unless it awaits. Before it is called a form has been read, its token tried.
    """

    def __init__(self, path: str, show: Show, *, may: str, method: str = "GET") -> None:
        self.may = may

        async def answer(request: Request) -> Response:
            user = request.state.user
            if may not in OPEN:
                if user is None:
                    return to_login(request)
                if may != ANYONE and may not in user.may:
                    raise HTTPException(404)
            if request.method == "POST":
                request.state.form = await _read(request)
                if not _is_ours(request, may):
                    raise HTTPException(403)
            answered = show(request) if iscoroutinefunction(show) else await run_in_threadpool(show, request)
            return answered if isinstance(answered, Response) else await answered

        super().__init__(path, answer, methods=[method])


def get(path: str, show: Show, *, may: str) -> Page:
    """A page that is looked at."""
    return Page(path, show, may=may)


def post(path: str, take: Show, *, may: str) -> Page:
    """A form that is sent."""
    return Page(path, take, may=may, method="POST")


def site_of(request: Request) -> Site:
    """Whose pages they are."""
    return cast("Site", request.app.state.site)


def user_of(request: Request) -> User:
    """Who asks. On a page that asks for somebody, there is one."""
    user = request.state.user
    assert isinstance(user, User)
    return user


def form_of(request: Request) -> Form:
    """What was posted."""
    return cast("Form", request.state.form)


def read_number(text: str, digits: int = _DIGITS) -> int | None:
    """A number that somebody has typed, or an address says; None where it is none, or has too many digits."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def client_of(request: Request) -> str:
    """The network address that asks, of a newer one its network: for limits, never kept or written."""
    host = request.client.host if request.client else ""
    return str(IPv6Network(f"{host}/64", strict=False)) if ":" in host else host


def see_other(path: str) -> RedirectResponse:
    """On to another page, after a form."""
    return RedirectResponse(path, status_code=303)


def to_login(request: Request) -> Response:
    """The login page, which leads back here; a part of a page can't show it, so the browser is sent there."""
    address = f"{LOGIN}?{urlencode({'till': _back(request)})}"
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return see_other(address)


def _back(request: Request) -> str:
    """Where to go after login: this page, or where its form stands."""
    path = request.url.path
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    if not any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
        return site_of(request).begin
    return f"{path}?{request.url.query}" if request.url.query and request.method == "GET" else path


def own_path(request: Request, path: str) -> str:
    """A path of this place; where it leads elsewhere, the first page."""
    leads_here = path.startswith("/") and not path.startswith(("//", LOGIN)) and "\\" not in path and path.isprintable()
    return path if leads_here else site_of(request).begin


async def _read(request: Request) -> Form:
    fields: dict[str, list[str]] = {}
    files: dict[str, list[File]] = {}
    async with request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    files.setdefault(name, []).append(File(value.filename, await value.read()))
            else:
                fields.setdefault(name, []).append(value.translate(_UNTYPED))
    return Form(fields, files)


def _is_ours(request: Request, may: str) -> bool:
    """Whether a form is of a page that this place gave to this browser."""
    given = form_of(request).one(TOKEN)
    if not security.comes_from_here(request, site_of(request).settings.address):
        return False
    if may == PUBLIC:
        return cast("security.Stamps", request.app.state.stamps).fits(given)
    return security.fits(request.state.cookie, given)
