"""The desk's own cases that name a person, by the number that is typed: it is kept nowhere, nor in any address."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from agents.agency.drafts import number
from agents.desk.web.pages.case import Thread, thread_of
from agents.desk.web.site import desk_of, words_of
from broker.web.access import form_of, get, post
from broker.web.render import page

_DIGITS = (10, 12)
_MOST = 20
"""Signs of a number, at most."""
_SHOWN = 50


@dataclass(frozen=True)
class Hit:
    """A case that names the person."""

    thread: Thread
    what: str
    time: str


def _ask(request: Request) -> Response:
    return page(request, "search.html", hits=None, wrong=[])


def _search(request: Request) -> Response:
    """Shown at once, and never again: nothing leads back to it."""
    desk, t, said = desk_of(request), words_of(request), form_of(request).one("nummer")
    if not said or len(said) > _MOST or (number(said) is None and _looks_cut(said)):
        return page(request, "search.html", status=422, hits=None, wrong=[("nummer", t("search.wrong"))])
    cases = desk.store.persons.cases(said)
    hits = [_hit(request, thread_of(request, case)) for case in cases[:_SHOWN]]
    return page(request, "search.html", hits=hits, left=len(cases) - len(hits), wrong=[])


def _looks_cut(said: str) -> bool:
    """Whether it is written as a personnummer, with too few or too many digits."""
    plain = "".join(said.split()).replace("-", "").replace("+", "")
    return plain.isdigit() and len(plain) in _DIGITS


def _hit(request: Request, thread: Thread) -> Hit:
    t, first = words_of(request), thread.events[0]
    return Hit(thread, first.title, t.clock(thread.events[-1].time, desk_of(request).clock()))


ROUTES = [get("/sok", _ask, may="read"), post("/sok", _search, may="read")]
