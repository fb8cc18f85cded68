"""If the law were another: which laws can be tried, how far a trial has come, what would become otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from broker import texts
from broker.explanation.changes import Change
from broker.model.days import swedish_day
from broker.review.listing import short
from broker.review.rights import LAW
from broker.review.views import NamesSomeone
from broker.review.web.pages.views import names, shows_records
from broker.review.web.site import room_of, words_of
from broker.review.whatif import Busy, Trial
from broker.review.words import Words
from broker.web.access import form_of, get, post, read_number, see_other, user_of
from broker.web.render import page

ADDRESS = "/andra-lag"
_FIELDS = ("lag", "fran", "tom", "antal", "syfte")
_LONGEST, _USUAL, _LARGEST = 200, 1000, 100_000
_PERIOD = timedelta(days=90)


def _show(request: Request) -> Response:
    today = swedish_day(room_of(request).clock())
    period = {"fran": f"{today - _PERIOD}", "tom": f"{today}"}
    return _form(request, {"lag": "", "antal": f"{_USUAL}", "syfte": "", **period}, {})


def _form(request: Request, typed: Mapping[str, str], faults: Mapping[str, str]) -> Response:
    room, t = room_of(request), words_of(request)
    return page(
        request,
        "whatif.html",
        status=422 if faults else 200,
        typed=typed,
        faults={name: t(f"whatif.faults.{why}") for name, why in faults.items()},
        is_wrong=bool(faults),
        candidates=room.trials.candidates(),
        trials=room.trials.all(),
    )


def _take(request: Request) -> Response:
    room, form = room_of(request), form_of(request)
    typed = {name: form.one(name)[:_LONGEST] for name in _FIELDS}
    since, until = _day(typed["fran"]), _day(typed["tom"])
    size = read_number(typed["antal"], digits=6) or 0
    faults = {
        "lag": "" if typed["lag"] in room.trials.candidates() else "law",
        "fran": "" if since else "day",
        "tom": "day" if until is None else "order" if since and since > until else "",
        "antal": "" if 0 < size <= _LARGEST else "size",
        "syfte": "" if typed["syfte"] else "purpose",
    }
    if wrong := {name: why for name, why in faults.items() if why}:
        return _form(request, typed, wrong)
    assert since is not None and until is not None
    try:
        room.note(user_of(request), "whatif", typed["syfte"], {"candidate": typed["lag"]})
        number = room.trials.start(typed["lag"], typed["syfte"], since, until, size)
    except NamesSomeone:
        return _form(request, {**typed, "syfte": ""}, {"syfte": "number"})
    except Busy:
        return _form(request, typed, {"lag": "busy"})
    return see_other(f"{ADDRESS}/{number}")


def _show_one(request: Request) -> Response:
    """How far it has come; what it has come to is noted, by which whoever installs it sees who has seen it."""
    room, t = room_of(request), words_of(request)
    one = room.trials.get(request.path_params["number"])
    result = one.result
    if result is not None:
        what = {"law": result.revision, "trial": one.number, "asked": one.asked, "differing": result.differing}
        room.note(user_of(request), "whatif", one.purpose, what)
    return page(
        request,
        "whatif_trial.html",
        part="parts/whatif_trial.html",
        one=one,
        result=result,
        law=short(result.revision) if result else "",
        rows=[(*_told(t, group.change), group.count, group.examples) for group in result.groups] if result else [],
        seen=_seen(request, one),
        is_linked=shows_records(request),
    )


def _told(t: Words, change: Change) -> tuple[str, str, str]:
    """The paragraph, the answer of then, the other law's."""
    then, now = (_outcome(t, one) for one in (change.outcome, change.other_outcome))
    if change.fields:
        return (
            change.ref,
            then,
            t("whatif.fields", what=", ".join(t.term("receipt_fields", one) for one in change.fields)),
        )
    other = f"{now}, {change.other_ref}" if change.other_ref and change.other_ref != change.ref else now
    return change.ref, then, other


def _outcome(t: Words, name: str) -> str:
    """An answer in words; where the law gave none, what is wrong with it."""
    return t.term("outcomes" if name in texts.ids("outcomes") else "errors", name).capitalize()


def _seen(request: Request, one: Trial) -> Sequence[tuple[str, datetime]]:
    """Who has seen what this law would change, and when first."""
    if one.result is None:
        return []
    first: dict[str, datetime] = {}
    with room_of(request).views.reading() as log:
        for record in log.records(record="view", kind="whatif"):
            if record.leaf["what"].get("law") == one.result.revision:
                first.setdefault(record.leaf["subject"], datetime.fromisoformat(record.leaf["time"]))
    known, t = names(request), words_of(request)
    return [(known.get(who) or t("views.code", code=who[:8]), when) for who, when in first.items()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES = [
    get(ADDRESS, _show, may=LAW),
    post(ADDRESS, _take, may=LAW),
    get(ADDRESS + "/{number:int}", _show_one, may=LAW),
]
