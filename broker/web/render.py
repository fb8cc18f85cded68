"""A page from its template, as its reader has chosen: in which language, in which light."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from broker.model.days import SWEDEN, swedish_day
from broker.texts import LANGUAGES
from broker.web import security
from broker.web.access import ANYONE, TOKEN, Page, site_of
from broker.web.words import Words

FOLDER = Path(__file__).parent
SCHEMES = ("auto", "light", "dark")


def page(
    request: Request, template: str, *, part: str | None = None, status: int = 200, **values: object
) -> HTMLResponse:
    """A whole page from a template; where htmx asks for a part of it, that part alone, from its own template."""
    wants_part = part and "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    return HTMLResponse(html(request, part if part and wants_part else template, **values), status)


def html(request: Request, template: str, **values: object) -> str:
    """A template as text."""
    site = site_of(request)
    return (
        _environment(site.folder).get_template(template).render({**_common(request), **site.values(request), **values})
    )


def words_of(request: Request) -> Words:
    """The words of the language that is read."""
    return site_of(request).words(request.state.lang)


def accepted_language(header: str, otherwise: str) -> str:
    """The first of our languages that a browser asks for."""
    asked = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            asked.append((-float(quality or 1), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    return next((lang for _, lang in sorted(asked, key=lambda one: one[0]) if lang in LANGUAGES), otherwise)


def _common(request: Request) -> dict[str, object]:
    """What every template has."""
    t, user = words_of(request), request.state.user
    now = site_of(request).clock()
    return {
        "t": t,
        "term": t.term,
        "lang": t.lang,
        "scheme": user.scheme if user else "auto",
        "user": user,
        "path": request.url.path,
        "now": now,
        "time": lambda when: when.astimezone(SWEDEN).strftime(t("frame.time")),
        "same_lang": "" if user or "lang" not in request.query_params else f"?lang={t.lang}",
        "other_lang": _other_language(request, t),
        "clock": lambda when: t.clock(when, now),
        "day": lambda when: t.day(swedish_day(when) if isinstance(when, datetime) else when, swedish_day(now)),
        "static": static,
        "form_token": Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN, _token(request)),
    }


def _other_language(request: Request, t: Words) -> str:
    """The query of this page in the other language. Only what a login page needs is kept: nothing that was typed."""
    kept = {name: value for name, value in request.query_params.items() if name == "till"}
    return urlencode(kept | {"lang": t("frame.other_lang")})


def _token(request: Request) -> str:
    """The token of this page's forms."""
    if request.state.cookie:
        return security.token(request.state.cookie)
    stamps: security.Stamps = request.app.state.stamps
    return stamps.new()


def menu_of(
    request: Request, entries: Iterable[tuple[str, str, str]], counts: Mapping[str, int] | None = None
) -> list[tuple[str, str, int | None]]:
    """The entries that somebody may use, with how many wait; none for one who may use nothing.

    In: address, text and right of each entry; one whose page is not there is left out.
    """
    if request.state.user is None:
        return []
    may, waiting = request.state.user.may, counts or {}
    paths = {route.path for route in request.app.routes if isinstance(route, Page)}
    return [
        (path, name, waiting.get(name)) for path, name, right in entries if path in paths and right in (ANYONE, *may)
    ]


@cache
def static(path: str) -> str:
    """The address of a static file; it changes with the contents, so that browsers may keep it."""
    version = sha256((FOLDER / "static" / path).read_bytes()).hexdigest()[:12]
    return f"{security.STATIC}{path}?v={version}"


@cache
def _environment(own: Path) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder / "templates") for folder in (own, FOLDER)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["capitalize"] = lambda text: text[:1].upper() + text[1:]  # Jinja's own: "30 november", "osl"
    return environment
