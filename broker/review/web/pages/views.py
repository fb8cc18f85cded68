"""What somebody has seen; how the auditors themselves are audited; what an authority is told of it."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from broker.model.days import swedish_day
from broker.review.rights import CAMPAIGN, REVIEW
from broker.review.telling import handed_over, told
from broker.review.views import NamesSomeone
from broker.review.web.site import room_of, words_of
from broker.web.access import ANYONE, Page, form_of, get, post, read_number, user_of
from broker.web.database import PAGE
from broker.web.render import page

_OWN, _ALL, _AUTHORITY = "/visningar", "/visningar/alla", "/visningar/myndighet"
_LONGEST = 200


def _show_own(request: Request) -> Response:
    views = room_of(request).views
    return _list(request, "views.html", _OWN, views.who(user_of(request).officer))


def _show_all(request: Request) -> Response:
    """Who audits the auditors is seen too: the page is a view itself, and stands in the list."""
    room, user = room_of(request), user_of(request)
    room.note(user, "views", words_of(request)("views.all.heading"), {})
    return _list(request, "views_all.html", _ALL, None)


def _list(request: Request, template: str, address: str, who: str | None) -> Response:
    place = read_number(request.query_params.get("fore", ""))
    n, seen, more = room_of(request).views.seen(PAGE, who=who, before=place)
    return page(
        request,
        template,
        address=address,
        n=n,
        seen=seen,
        more=more,
        is_newest=place is None,
        is_linked=shows_records(request),
        names=None if who else names(request),
    )


def _show_authority(request: Request, typed: Mapping[str, str] | None = None, fault: str = "") -> Response:
    return page(
        request,
        "views_authority.html",
        status=422 if fault else 200,
        authorities=authorities(request),
        typed=typed or {"myndighet": "", "syfte": ""},
        allowed=(),
        fault=fault,
        faults=[(fault, words_of(request)(f"views.authority.faults.{fault}"))] if fault else [],
        told=None,
    )


def _take_authority(request: Request) -> Response:
    """What an authority is told, on a page, or as a file to hand over."""
    room, user, form = room_of(request), user_of(request), form_of(request)
    typed = {name: form.one(name)[:_LONGEST] for name in ("myndighet", "syfte")}
    fault = "myndighet" if typed["myndighet"] not in dict(authorities(request)) else "" if typed["syfte"] else "syfte"
    if fault:
        return _show_authority(request, typed, fault)
    authority, saves = typed["myndighet"], form.one("spara") == "fil"
    allowed = sorted(set(form.fields.get("lov", ())) & dict(authorities(request)).keys())
    what = {"authority": authority, "allowed": allowed}
    try:
        seq = room.note(user, "handover" if saves else "views", typed["syfte"], what, (authority,))
    except NamesSomeone:
        return _show_authority(request, {**typed, "syfte": ""}, "number")
    with room.archive() as archive:
        answer = told(room.views, archive, authority, swedish_day(room.clock()), allowed)
    if saves:
        return Response(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in handed_over(answer)),
            media_type="application/jsonl",
            headers={"Content-Disposition": 'attachment; filename="visningar.jsonl"'},
        )
    return page(
        request,
        "views_authority.html",
        authorities=authorities(request),
        typed=typed,
        allowed=allowed,
        fault="",
        faults=[],
        told=answer,
        noted=seq,
        is_linked=shows_records(request),
    )


def names(request: Request) -> Mapping[str, str]:
    """Who has which token: of those who work here now."""
    room = room_of(request)
    return {room.views.who(user.officer): user.name for user in room.people.all()}


def authorities(request: Request) -> list[tuple[str, str]]:
    parties = room_of(request).parties
    return sorted(((one.id, one.name) for one in parties), key=lambda both: both[1].casefold())


def shows_records(request: Request) -> bool:
    """Whether there is a page of a record, for whoever reads this."""
    paths = {route.path for route in request.app.routes if isinstance(route, Page)}
    return any(path.startswith("/granska/post/") for path in paths) and REVIEW in user_of(request).may


ROUTES = [
    get(_OWN, _show_own, may=ANYONE),
    get(_ALL, _show_all, may=CAMPAIGN),
    get(_AUTHORITY, _show_authority, may=CAMPAIGN),
    post(_AUTHORITY, _take_authority, may=CAMPAIGN),
]
