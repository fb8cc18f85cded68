"""Planning a review: which records, which questions, how many are drawn."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from broker.model.days import swedish_day
from broker.review.rights import CAMPAIGN
from broker.review.sampling import SampleError
from broker.review.searches import Search
from broker.review.views import NamesSomeone
from broker.review.web.site import room_of, words_of
from broker.web.access import form_of, get, post, read_number, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page

ADDRESS = "/planera"
_FIELDS = ("sokning", "titel", "syfte", "fragor", "antal")
_LONGEST, _MOST_QUESTIONS, _LARGEST = 4000, 20, 1000


def _show(request: Request) -> Response:
    return _form(request, {"sokning": request.query_params.get("sokning", "")}, "")


def _form(request: Request, typed: Mapping[str, str], fault: str) -> Response:
    room, t, search = room_of(request), words_of(request), _search(request, typed.get("sokning", ""))
    found = len(room.find(search.query.said())) if search else None
    return page(
        request,
        "plan.html",
        status=422 if fault else 200,
        typed={name: typed.get(name, "") for name in _FIELDS} | {"sokning": str(search.number) if search else ""},
        search=search,
        found=found,
        fault=fault.partition("_")[0],
        why=t(f"campaign.faults.{fault}") if fault else "",
    )


def _take(request: Request) -> Response:
    form = form_of(request)
    typed = {name: form.one(name)[:_LONGEST] for name in _FIELDS}
    search, questions = _search(request, typed["sokning"]), typed["fragor"].splitlines()
    asked = [line.strip() for line in questions if line.strip()]
    size = read_number(typed["antal"], digits=4) or 0
    if search is None:
        return _form(request, typed, "sokning")
    if not typed["titel"]:
        return _form(request, typed, "titel")
    if not typed["syfte"]:
        return _form(request, typed, "syfte")
    if not 0 < len(asked) <= _MOST_QUESTIONS:
        return _form(request, typed, "fragor")
    if not 0 < size <= _LARGEST:
        return _form(request, typed, "antal")
    return _plan(request, typed, search, asked, size)


def _plan(request: Request, typed: Mapping[str, str], search: Search, asked: list[str], size: int) -> Response:
    room, query = room_of(request), search.query
    if query.since and not query.until:
        query = replace(query, until=swedish_day(room.clock()))  # what is searched is the same on the day of the draw
    try:
        number = room.campaigns.plan(
            user_of(request).officer,
            title=typed["titel"],
            purpose=typed["syfte"],
            questions=asked,
            size=size,
            query=query.said(),
        )
    except NamesSomeone as someone:
        field = {"title": "titel", "purpose": "syfte", "questions": "fragor"}[str(someone).partition(":")[0]]
        return _form(request, typed, f"{field}_number")
    except SampleError:
        return _form(request, typed, "antal_few")
    return see_other(f"/granskningar/{number}")


def _search(request: Request, number: str) -> Search | None:
    """A search of one's own: the one in the address, else what one searched for last."""
    searches, user = room_of(request).searches, user_of(request)
    try:
        said = read_number(number)
        return searches.newest(user.number) if said is None else searches.get(said, user.number)
    except Missing:
        return None


ROUTES = [get(ADDRESS, _show, may=CAMPAIGN), post(ADDRESS, _take, may=CAMPAIGN)]
