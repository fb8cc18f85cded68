"""What anybody may read at a place: help for each role, the accessibility statement."""

from collections.abc import Callable, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broker.web.access import PUBLIC, Page, get, see_other
from broker.web.render import page, words_of
from broker.web.user import User


def routes(roles: Sequence[str], role_of: Callable[[User | None], str]) -> list[Page]:
    """In: the roles as they stand in the address, each a table of the texts `help`; whose help somebody is shown."""

    def show_own(request: Request) -> Response:
        lang = request.query_params.get("lang")
        return see_other(f"/hjalp/{role_of(request.state.user)}{f'?lang={lang}' if lang in ('sv', 'en') else ''}")

    def show(request: Request) -> Response:
        role = request.path_params["role"]
        if role not in roles:
            raise HTTPException(404)
        sections = list(words_of(request).table(f"help.{role}.sections"))
        return page(request, "help.html", role=role, roles=roles, sections=sections)

    return [
        get("/hjalp", show_own, may=PUBLIC),
        get("/hjalp/{role}", show, may=PUBLIC),
        get("/tillganglighet", _show_accessibility, may=PUBLIC),
    ]


def _show_accessibility(request: Request) -> Response:
    sections = list(words_of(request).table("accessibility.sections"))
    return page(request, "accessibility.html", sections=sections)
