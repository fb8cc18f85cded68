"""A subject report: whom it is about, what may be told, what is handed out."""

import io
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broker.explanation import words as explaining
from broker.model.days import swedish_day
from broker.model.identity import mentions_person
from broker.ports.faults import Away
from broker.review import extract, subject
from broker.review.hold import READERS, Reader
from broker.review.rights import REVIEW
from broker.review.search import Query
from broker.review.searches import Search
from broker.review.subject import Entry, Report
from broker.review.tokens import NoToken
from broker.review.views import Sort
from broker.review.web.site import room_of, words_of
from broker.web.access import form_of, get, post, read_number, see_other, user_of
from broker.web.render import page

ADDRESS = "/registerutdrag"
_ONE = ADDRESS + "/{number:int}"
_LONGEST = 200
_MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def _show(request: Request) -> Response:
    return _form(request, {"syfte": "", "till": ""}, {})


def _form(request: Request, typed: dict[str, str], faults: dict[str, str]) -> Response:
    t = words_of(request)
    return page(
        request,
        "subject.html",
        status=422 if faults else 200,
        typed={**typed, "syfte": "" if faults.get("syfte") == "names" else typed["syfte"]},
        faults={name: t(f"subject.faults.{why}") for name, why in faults.items()},
        is_wrong=bool(faults),
        readers=READERS,
    )


def _take(request: Request) -> Response:
    """A token is kept in the place of the person, with why, under a number."""
    room = room_of(request)
    typed = {name: form_of(request).one(name)[:_LONGEST] for name in ("person", "syfte", "till")}
    why = "names" if mentions_person(typed["syfte"]) else "" if typed["syfte"] else "purpose"
    fits = {"person": "" if typed["person"] else "person", "till": "" if typed["till"] in READERS else "reader"}
    faults = {name: fault for name, fault in {**fits, "syfte": why}.items() if fault}
    tokens: Sequence[str] = ()
    if not faults:
        try:
            tokens = room.tokens.person(typed["person"])
        except NoToken as none:
            faults["person"] = none.why if none.why in ("number", "too_many") else "unclear"
        except Away:
            faults["person"] = "no_tokens"
    if faults:
        return _form(request, typed, faults)
    number = room.searches.add(user_of(request).number, Query(person=tuple(tokens)), typed["syfte"])
    return see_other(f"{ADDRESS}/{number}?till={typed['till']}")


def _show_report(request: Request) -> Response:
    one, reader = _search(request), _reader(request)
    report, whole = _report(request, one, reader)
    noted = _note(request, "subject", one, reader, report.entries)
    words = _words(request)
    return page(
        request,
        "subject_report.html",
        one=one,
        reader=reader,
        report=report,
        whole=whole,
        noted=noted,
        what=lambda entry: words.term("kinds", entry.kind).capitalize(),
        moment=words_of(request).moment,
        party_of=lambda party: extract.name_party(words, party),
        names=lambda hold: ", ".join(map(words.party, hold.ask)),
        lines={entry.seq: line for entry, line in _lines(request, report.ready)},
    )


def _hand_out(request: Request) -> Response:
    """What may be told today, with what an authority has said yes to; of the rest not even that it is there."""
    one, reader, form = _search(request), _reader(request), form_of(request)
    report, whole = _report(request, one, reader)
    if not whole:
        return _back(request)
    chosen = {n for seq in form.fields.get("lov", ()) if (n := read_number(seq)) is not None}
    entries = report.extract(chosen)
    _note(request, "extract", one, reader, entries, allowed=sorted(chosen & {entry.seq for entry in entries}))
    t, lines = words_of(request), [line for _, line in _lines(request, entries)]
    if (suffix := form.one("form")) in _MEDIA:
        stream = io.StringIO()
        extract.write(stream, suffix, t, lines)
        headers = {"Content-Disposition": f'attachment; filename="registerutdrag.{suffix}"'}
        return Response(stream.getvalue().encode(), media_type=_MEDIA[suffix], headers=headers)
    return page(
        request,
        "subject_extract.html",
        one=one,
        reader=reader,
        lines=lines,
        facts=lambda line: list(extract.label_line(t, line)),
        made=t.moment(room_of(request).clock()),
    )


def _back(request: Request) -> Response:
    return see_other(f"{ADDRESS}/{request.path_params['number']}?till={_reader(request)}")


def _search(request: Request) -> Search:
    """Of whom the report in the address is. Raises Missing, HTTPException."""
    one = room_of(request).searches.get(int(request.path_params["number"]), user_of(request).number)
    if not one.query.person:
        raise HTTPException(404)
    return one


def _reader(request: Request) -> Reader:
    reader = request.query_params.get("till", "")
    if reader not in READERS:
        raise HTTPException(404)
    return reader


def _report(request: Request, one: Search, reader: Reader) -> tuple[Report, bool]:
    """The report, and whether the index has all that is in the log."""
    room = room_of(request)
    whole = room.keeper.refresh()
    with room.archive() as archive:
        records = subject.gather(archive, room.keeper.index, one.query.person)
    return subject.report(records, one.query.person, reader, swedish_day(room.clock())), whole


def _note(
    request: Request, sort: Sort, one: Search, reader: Reader, entries: Sequence[Entry], **more: Sequence[int]
) -> int:
    said = {**subject.said(one.query.person, reader, entries), **more}
    return room_of(request).note(user_of(request), sort, one.purpose, said, subject.authorities(entries))


def _lines(request: Request, entries: Sequence[Entry]) -> list[tuple[Entry, extract.Line]]:
    return list(zip(entries, extract.write_lines(words_of(request), _words(request), entries), strict=True))


def _words(request: Request) -> explaining.Words:
    """The words of the law, as explain has them."""
    return explaining.Words(request.state.lang, room_of(request).parties)


ROUTES = [
    get(ADDRESS, _show, may=REVIEW),
    post(ADDRESS, _take, may=REVIEW),
    get(_ONE, _show_report, may=REVIEW),
    get(_ONE + "/utdrag", _back, may=REVIEW),
    post(_ONE + "/utdrag", _hand_out, may=REVIEW),
]
