"""Who works here: who may what, who is away, who is logged in; a new account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from agents.desk.rights import RIGHTS
from agents.desk.web.pages import away
from agents.desk.web.site import cover_of, desk_of, words_of
from broker.model.vocabulary import Role, Unit
from broker.web.access import form_of, get, post, see_other
from broker.web.faults import Missing, SiteError
from broker.web.login import SHORTEST, hash_password
from broker.web.render import page
from broker.web.user import Person, User

_ORDER = ("read", "answer", "ask", "approve", "register", "admin")
_MOST = 200
Wrong = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """Somebody, as whoever looks after the people sees them."""

    user: User
    may: str
    away: Sequence[away.Away]
    used: datetime | None
    """When their session was last used; None: they are not logged in."""


def _show(request: Request, wrong: Wrong = (), status: int = 200) -> Response:
    desk, t = desk_of(request), words_of(request)
    sessions, absences = desk.store.people.in_session(), desk.store.absences.all()
    rows = [
        Row(
            user,
            ", ".join(t(f"people.right.{right}") for right in _ORDER if right in user.may),
            away.away(request, [one for one in absences if one.user == user.number]),
            sessions.get(user.number),
        )
        for user in cover_of(request).people.values()
    ]
    return page(
        request,
        "people.html",
        status=status,
        rows=rows,
        accounts=desk.settings.accounts,
        rights=_ORDER,
        units=[unit.value for unit in Unit],
        roles=[role.value for role in Role if role not in (Role.SYSTEM, Role.INDIVIDUAL)],
        shortest=SHORTEST,
        said=form_of(request),
        wrong=wrong,
        own_unit=desk.settings.unit,
    )


def _add(request: Request) -> Response:
    """A local account. Its password is typed by whoever hands it over, and never shown."""
    desk, form, t = desk_of(request), form_of(request), words_of(request)
    if not desk.settings.accounts:
        raise Missing("there are no accounts here")
    account, name, unit, role = (form.one(field)[:_MOST] for field in ("konto", "namn", "enhet", "roll"))
    password = form.fields.get("losenord", [""])[-1]
    may = frozenset(form.fields.get("far", ())) & RIGHTS
    said = {
        "konto": bool(account) and account.isprintable(),
        "namn": bool(name) and name.isprintable(),
        "enhet": unit in set(Unit),
        "roll": role in set(Role),
        "far": bool(may),
        "losenord": SHORTEST <= len(password) <= _MOST,
    }
    wrong = [(field, t(f"people.wrong.{field}", n=SHORTEST)) for field, is_right in said.items() if not is_right]
    if not wrong:
        person = Person(name, unit, role, account, may)
        try:
            desk.store.people.add(
                person, account=account.casefold(), password=hash_password(password), lang=desk.settings.lang
            )
        except SiteError:
            wrong = [("konto", t("people.wrong.taken"))]
    return _show(request, wrong, 422) if wrong else see_other("/personer")


def _user(request: Request) -> User:
    user = cover_of(request).people.get(request.path_params["number"])
    if user is None:
        raise Missing("there is no such person")
    return user


def _show_one(request: Request, wrong: Wrong = (), status: int = 200) -> Response:
    user, absences = _user(request), desk_of(request).store.absences.all()
    return page(
        request,
        "person.html",
        status=status,
        person=user,
        own=away.away(request, [one for one in absences if one.user == user.number]),
        deputies=away.deputies(request, user),
        used=desk_of(request).store.people.in_session().get(user.number),
        said=form_of(request),
        wrong=wrong,
    )


def _note(request: Request) -> Response:
    user = _user(request)
    wrong = away.note(request, user)
    return _show_one(request, wrong, 422) if wrong else see_other(f"/personer/{user.number}")


def _end_absence(request: Request) -> Response:
    user, absences = _user(request), desk_of(request).store.absences
    if absences.get(request.path_params["absence"]).user != user.number:
        raise Missing("it is not theirs")
    absences.end(request.path_params["absence"])
    return see_other(f"/personer/{user.number}")


def _log_out(request: Request) -> Response:
    user = _user(request)
    desk_of(request).store.people.log_out(user)
    return see_other(f"/personer/{user.number}")


ROUTES = [
    get("/personer", _show, may="admin"),
    post("/personer", _add, may="admin"),
    get("/personer/{number:int}", _show_one, may="admin"),
    post("/personer/{number:int}/bort", _note, may="admin"),
    post("/personer/{number:int}/bort/{absence:int}/slut", _end_absence, may="admin"),
    post("/personer/{number:int}/logga-ut", _log_out, may="admin"),
]
