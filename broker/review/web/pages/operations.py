"""How the broker stands, for whoever runs it; the page is read again by itself until somebody stops it."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from broker.review import operations_reading
from broker.review import operations_words as words
from broker.review.operations import Hand, standing
from broker.review.rights import OPERATE
from broker.review.web.site import party_name, room_of, words_of
from broker.web.access import get
from broker.web.faults import Missing
from broker.web.render import page


def _show(request: Request) -> Response:
    room, t = room_of(request), words_of(request)
    now = room.clock()
    read = operations_reading.read(room.settings.operations, room.settings.data, now)
    stands = standing(read, now, room.parties)
    return page(
        request,
        "operations.html",
        part="parts/operations_now.html",
        stands=stands,
        hands=[words.tell(hand, now, t, _party(request)) for hand in stands.hands],
        moves="stanna" not in request.query_params,
        has_records=read.records is not None,
        state=lambda one: words.state(one, t),
        amount=lambda n: words.amount(n, t),
        age=lambda since: words.age(since, now, t),
        mends=lambda one: words.mends(one, t),
        calls=words.calls,
        whose=lambda one: words.whose(one.authority, one.unit, t, _party(request)),
        short=words.short,
        trim=words.trim(stands, t),
    )


def _guide(request: Request) -> Response:
    """What to do about one thing: the same for everybody, whatever it is about just now."""
    name, t = request.path_params["name"], words_of(request)
    parts = words.guide(name, t)
    if parts is None:
        raise Missing
    told = words.tell(Hand(name, ""), room_of(request).clock(), t, _party(request))
    return page(request, "operations_guide.html", title=told.title, parts=parts)


def _party(request: Request) -> Callable[[str], str]:
    return lambda address: party_name(request, address)


ROUTES = [get("/drift", _show, may=OPERATE), get("/drift/gor-sa-har/{name}", _guide, may=OPERATE)]
