"""Time off: from which day to which, with whom one's work is meanwhile."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from agents.desk.faults import NotNow
from agents.desk.store.absence import Absence
from agents.desk.web.site import cover_of, desk_of, words_of
from broker.model.days import swedish_day
from broker.web.access import ANYONE, form_of, get, post, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page
from broker.web.user import User

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HANDED_ON = ("answer", "ask", "approve", "register")
"""Rights that somebody's work may ask for; none is handed on with it."""
Wrong = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Away:
    """An absence as it is read."""

    number: int
    name: str
    days: str
    is_now: bool
    deputy: str
    lacks: str
    """What the deputy may not do that whoever is away may."""


def away(request: Request, absences: Sequence[Absence]) -> list[Away]:
    """Absences, in words."""
    t, people, today = words_of(request), cover_of(request).people, swedish_day(desk_of(request).clock())
    return [_away(request, one, people, today, t("away.no_name")) for one in absences]


def _away(request: Request, one: Absence, people: Mapping[int, User], today: date, nameless: str) -> Away:
    t, user, deputy = words_of(request), people.get(one.user), people.get(one.deputy or 0)
    lacks = [right for right in _HANDED_ON if user and deputy and right in user.may - deputy.may]
    return Away(
        one.number,
        user.name if user else nameless,
        t(
            "away.days" if one.first < one.last else "away.day",
            first=t.day(one.first, today),
            last=t.day(one.last, today),
        ),
        one.first <= today,
        deputy.name if deputy else "",
        t.listed([t(f"away.lacks.{right}") for right in lacks], "or") if lacks else "",
    )


def deputies(request: Request, user: User) -> list[User]:
    """Who can stand in for somebody: those who may answer."""
    people = cover_of(request).people.values()
    return [one for one in people if one.number != user.number and one.is_person and "answer" in one.may]


def note(request: Request, user: User) -> Wrong:
    """Note what a form says of somebody's absence; what is to be mended, if anything."""
    t, form, choices = words_of(request), form_of(request), deputies(request, user)
    days = {name: _day(form.one(name)) for name in ("fran", "till")}
    wrong = [(name, t(f"away.wrong.{name}")) for name, day in days.items() if day is None]
    said = form.one("ersattare")
    if said and said not in {str(one.number) for one in choices}:
        raise Missing("there is no such person")
    first, last = days["fran"], days["till"]
    if first is None or last is None:
        return wrong
    if last < first:
        return [("till", t("away.wrong.order"))]
    if last < swedish_day(desk_of(request).clock()):
        return [("till", t("away.wrong.past"))]
    try:
        desk_of(request).store.absences.add(user.number, first, last, int(said) if said else None)
    except NotNow:
        return [("fran", t("away.wrong.twice"))]
    return []


def _day(said: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(said) if _DAY.fullmatch(said) else None
    return None


def _show(request: Request, wrong: Wrong = (), status: int = 200) -> Response:
    user, cover, absences = user_of(request), cover_of(request), desk_of(request).store.absences.all()
    return page(
        request,
        "away.html",
        status=status,
        own=away(request, [one for one in absences if one.user == user.number]),
        others=away(request, [one for one in absences if one.user != user.number]),
        stands_in=[cover.people[one].name for one in sorted(cover.kept_by(user.number) - {user.number})],
        acts_as=cover.role_of(user) if cover.role_of(user) != user.role else "",
        deputies=deputies(request, user),
        wrong=wrong,
        said=form_of(request),
    )


def _take(request: Request) -> Response:
    wrong = note(request, user_of(request))
    return _show(request, wrong, 422) if wrong else see_other("/bort")


def _end(request: Request) -> Response:
    """One's own; somebody else's is ended by who looks after the people."""
    absences, number = desk_of(request).store.absences, request.path_params["number"]
    if absences.get(number).user != user_of(request).number:
        raise Missing("it is not yours")
    absences.end(number)
    return see_other("/bort")


ROUTES = [
    get("/bort", _show, may=ANYONE),
    post("/bort", _take, may=ANYONE),
    post("/bort/{number:int}/slut", _end, may=ANYONE),
]
