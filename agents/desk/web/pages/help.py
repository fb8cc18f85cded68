"""What anybody may read: help for each role, the accessibility statement."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from agents.desk.web.site import words_of
from broker.web.access import PUBLIC, get, see_other
from broker.web.render import page

ROLES = ("socialsekreterare", "rektor", "polis", "kontaktpunkt", "forening", "allmanhet")
"""In the address; each has a table in the texts."""
_BY_ROLE = {
    "caseworker": "socialsekreterare",
    "rektor": "rektor",
    "designated_staff": "rektor",
    "teacher": "rektor",
    "school_health": "rektor",
    "coordinator": "kontaktpunkt",
}
_BY_UNIT = {"police_area": "polis", "crime_unit": "polis", "contact_point": "kontaktpunkt", "leisure": "forening"}


def _own(request: Request) -> Response:
    user = request.state.user
    role = (_BY_ROLE.get(user.role) or _BY_UNIT.get(user.unit) or "kontaktpunkt") if user else "allmanhet"
    lang = request.query_params.get("lang")
    return see_other(f"/hjalp/{role}{f'?lang={lang}' if lang in ('sv', 'en') else ''}")


def _show(request: Request) -> Response:
    role = request.path_params["role"]
    if role not in ROLES:
        raise HTTPException(404)
    sections = words_of(request).table(f"help.{role}.sections")
    return page(request, "help.html", role=role, roles=ROLES, sections=list(sections))


def _accessibility(request: Request) -> Response:
    sections = words_of(request).table("accessibility.sections")
    return page(request, "accessibility.html", sections=list(sections))


ROUTES = [
    get("/hjalp", _own, may=PUBLIC),
    get("/hjalp/{role}", _show, may=PUBLIC),
    get("/tillganglighet", _accessibility, may=PUBLIC),
]
