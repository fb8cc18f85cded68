"""A page from its template, as its reader has chosen: in which language, in which light."""

from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from agents.agency.texts import Parties, Texts
from agents.desk.desk import Desk
from agents.desk.texts import LANGUAGES, Words
from agents.desk.web import security
from agents.desk.web.access import ANYONE, TOKEN, Page, desk_of

FOLDER = Path(__file__).parent
SCHEMES = ("auto", "light", "dark")
SWEDEN = ZoneInfo("Europe/Stockholm")
_SILENT = 120
"""Seconds without contact with the broker before the page says so."""
MENU = (
    ("/vantar", "queue", "read"),
    ("/skickat", "sent", "read"),
    ("/fraga", "ask", "ask"),
    ("/nytt", "new", "answer"),
    ("/hjalp", "help", ANYONE),
)
"""Address, text and right of each entry of the menu; one whose page is not there is left out."""


def page(
    request: Request, template: str, *, part: str | None = None, status: int = 200, **values: object
) -> HTMLResponse:
    """A whole page from a template; where htmx asks for a part of it, that part alone, from its own template."""
    wants_part = part and "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    return HTMLResponse(html(request, part if part and wants_part else template, **values), status)


def html(request: Request, template: str, **values: object) -> str:
    """A template as text."""
    return _environment().get_template(template).render(_common(request) | values)


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
    desk, t, user = desk_of(request), words_of(request), request.state.user
    now = desk.clock()
    return {
        "t": t,
        "term": t.term,
        "lang": t.lang,
        "scheme": user.scheme if user else "auto",
        "user": user,
        "place": parties_of(request).name(desk.authority),
        "party": parties_of(request).name,
        "path": request.url.path,
        "menu": _menu(request, desk) if user else (),
        "now": now,
        "time": lambda when: when.astimezone(SWEDEN).strftime(t("frame.time")),
        "same_lang": "" if user or "lang" not in request.query_params else f"?lang={t.lang}",
        "other_lang": _other_language(request, t),
        "clock": lambda when: t.clock(when, now),
        "day": lambda when: t.day(local_day(when), local_day(now)),
        "silent_since": _silent_since(desk, now) if user else None,
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


def _menu(request: Request, desk: Desk) -> list[tuple[str, str, int | None]]:
    """The entries that somebody may use, with how many wait; none for one who may use nothing."""
    may, now = request.state.user.may, desk.clock()
    paths = {route.path for route in request.app.routes if isinstance(route, Page)}
    counts: dict[str, int] = {}
    if "read" in may:
        counts = {"queue": desk.store.inbox.total("open", now=now), "sent": desk.store.sent.total("open", now=now)}
    return [(path, name, counts.get(name)) for path, name, right in MENU if path in paths and right in (ANYONE, *may)]


def _silent_since(desk: Desk, now: datetime) -> datetime | None:
    """Since when there is no contact with the broker; None where there is."""
    last = desk.courier.last_contact
    return last if last and (now - last).total_seconds() > _SILENT else None


def local_day(when: datetime | date) -> date:
    """The Swedish day of a moment."""
    return when.astimezone(SWEDEN).date() if isinstance(when, datetime) else when


@cache
def static(path: str) -> str:
    """The address of a static file; it changes with the contents, so that browsers may keep it."""
    version = sha256((FOLDER / "static" / path).read_bytes()).hexdigest()[:12]
    return f"{security.STATIC}{path}?v={version}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
