"""Searching the log: the form, what it found, that as a file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from broker import texts
from broker.model.days import swedish_day
from broker.model.identity import mentions_person
from broker.ports.faults import Away
from broker.review import listing
from broker.review.parties import Unknown, find_party
from broker.review.rights import REVIEW
from broker.review.search import Query, search
from broker.review.searches import Search
from broker.review.tokens import NoToken
from broker.review.web.site import party_name, room_of, words_of
from broker.review.words import Words
from broker.web.access import form_of, get, post, read_number, see_other, user_of
from broker.web.render import page

ADDRESS = "/granska"
_FIELDS = (
    *("person", "syfte", "av", "till", "paragraf", "utfall", "fran", "tom", "arende", "arende_hos", "enhet", "slag"),
    *("regel", "beslut", "handlaggare", "handlaggare_hos", "tveksam"),
)
_PERSONAL = ("person", "arende", "handlaggare")
_OUTCOMES = ("release", "withhold", "refer")
_DECIDED = ("forward", "withhold", "refer", "quarantine", "notice")
_LONGEST = 200
_MOST_SAVED = 100_000


@dataclass
class _Read:
    """What was typed, as a query; faults by field."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def _show(request: Request) -> Response:
    newest = room_of(request).searches.newest(user_of(request).number)
    return _form(request, {"syfte": newest.purpose if newest else ""}, {})


def _form(request: Request, typed: dict[str, str], faults: dict[str, str]) -> Response:
    t = words_of(request)
    rules = sorted(
        {**texts.read(t.lang)["grounds"], **texts.read(t.lang)["bars"]}.items(), key=lambda both: both[1].casefold()
    )
    return page(
        request,
        "search.html",
        status=422 if faults else 200,
        typed={
            name: "" if name in _PERSONAL or faults.get(name) == "names" else typed.get(name, "") for name in _FIELDS
        },
        faults={name: t(f"search.faults.{why}") for name, why in faults.items()},
        is_wrong=bool(faults),
        outcomes_named=[(one, t.term("outcomes", one)) for one in _OUTCOMES],
        decided_named=[(one, t.term("outcomes", one)) for one in _DECIDED],
        kinds=t.options("kinds"),
        units=t.options("units"),
        rules=[(id, name) for id, name in rules if "/" not in id],
        parties=sorted(party.name for party in room_of(request).parties),
        open=any(typed.get(name) or name in faults for name in _FIELDS[8:]),
    )


def _take(request: Request) -> Response:
    """The search is kept under a number, tokens in the place of what was typed; its page shows what it finds."""
    typed = {name: form_of(request).one(name)[:_LONGEST] for name in _FIELDS}
    read = _read(request, typed)
    if read.faults:
        return _form(request, typed, read.faults)
    number = room_of(request).searches.add(user_of(request).number, Query(**read.values), typed["syfte"])
    return see_other(f"{ADDRESS}/sokning/{number}")


def _read(request: Request, typed: dict[str, str]) -> _Read:
    read = _Read()
    if not typed["syfte"]:
        read.faults["syfte"] = "purpose"
    elif mentions_person(typed["syfte"]):
        read.faults["syfte"] = "names"
    for name, said in (("sender", "av"), ("recipient", "till")):
        if typed[said]:
            _party(request, read, name, said, typed[said])
    for name, said in (("unit", "enhet"), ("kind", "slag"), ("rule", "regel"), ("outcome", "utfall")):
        if typed[said]:
            read.values[name] = typed[said]
    read.values |= {"decided": typed["beslut"] or None, "ref": typed["paragraf"] or None}
    read.values["doubtful"] = bool(typed["tveksam"])
    for name, said in (("since", "fran"), ("until", "tom")):
        if typed[said]:
            try:
                read.values[name] = date.fromisoformat(typed[said])
            except ValueError:
                read.faults[said] = "day"
    if {"since", "until"} <= set(read.values) and read.values["since"] > read.values["until"]:
        read.faults["tom"] = "order"
    for said, whose in (("arende", "arende_hos"), ("handlaggare", "handlaggare_hos")):
        if typed[said] and not typed[whose]:
            read.faults[whose] = "whose"
    if not read.faults:
        _make_tokens(request, read, typed)
    return read


def _make_tokens(request: Request, read: _Read, typed: dict[str, str]) -> None:
    """Tokens in the place of the numbers that were typed."""
    room, t = room_of(request), words_of(request)
    try:
        if typed["person"]:
            read.values["person"] = tuple(room.tokens.person(typed["person"]))
        for name, said, whose in (("case", "arende", "arende_hos"), ("officer", "handlaggare", "handlaggare_hos")):
            if typed[said]:
                authority = find_party(room.parties, t, typed[whose]).partition("/")[0]
                make = room.tokens.case if name == "case" else room.tokens.officer
                read.values[name] = tuple(make(authority, typed[said]))
    except Unknown:
        read.faults["arende_hos" if typed["arende"] else "handlaggare_hos"] = "party"
    except NoToken as none:
        read.faults["person"] = none.why if none.why in ("number", "too_many") else "unclear"
    except Away:
        read.faults["person"] = "no_tokens"


def _party(request: Request, read: _Read, name: str, said: str, typed: str) -> None:
    try:
        read.values[name] = find_party(room_of(request).parties, words_of(request), typed)
    except Unknown:
        read.faults[said] = "party"


def _search_of(request: Request) -> Search:
    """The search in the address. Raises Missing."""
    return room_of(request).searches.get(int(request.path_params["number"]), user_of(request).number)


def _show_found(request: Request) -> Response:
    room, t, one = room_of(request), words_of(request), _search_of(request)
    before = read_number(request.query_params.get("fore", ""))
    begun = monotonic()
    whole = room.keeper.refresh()
    with room.archive() as archive:
        found = search(
            room.keeper.index,
            archive,
            one.query,
            swedish_day(room.clock()),
            before=before,
        )
        end = archive.end()
    took = monotonic() - begun
    lines = [listing.line_of(record) for record in found.records]
    shown = {"query": one.query.said(), "total": found.found.total, "records": list(found.found.seqs)}
    whom = listing.authorities_of(record.leaf for record in found.records)
    noted = room.note(user_of(request), "search", one.purpose, shown, whom)
    return page(
        request,
        "found.html",
        one=one,
        asked=list(_asked(request, one.query)),
        lines=lines,
        total=found.found.total,
        more=found.more,
        size=found.found.size,
        end=end,
        whole=whole,
        took=f"{took:.1f}" if t.lang == "en" else f"{took:.1f}".replace(".", ","),
        noted=noted,
        moment=lambda text: t.moment(datetime.fromisoformat(text)),
        number=_number,
        what=lambda line: what(t, line),
    )


def what(t: Words, line: listing.Line) -> str:
    """What a record is of."""
    if line.notice:
        return t.term("notices", line.notice)
    return t.term("kinds", line.kind) if line.kind else t(f"search.records.{line.record}")


def _asked(request: Request, query: Query) -> Iterator[tuple[str, str]]:
    """What was asked for, as it may be shown: label and value."""
    t = words_of(request)
    tables = {"kind": "kinds", "unit": "units", "outcome": "outcomes", "decided": "outcomes"}
    for name, value in query.said().items():
        if name in ("person", "case", "officer"):
            said = ", ".join(listing.short(token) for token in value)
        elif name in ("sender", "recipient"):
            said = party_name(request, value)
        elif name == "rule":
            said = t.rule(value)
        elif name == "doubtful":
            said = t("search.yes")
        else:
            said = t.term(tables[name], value) if name in tables else str(value)
        yield t(f"search.asked.{name}"), said


def _save(sort: str, request: Request) -> Response:
    """What was found, as a file: tokens in the place of persons."""
    room, one = room_of(request), _search_of(request)
    room.keeper.refresh()
    today = swedish_day(room.clock())
    found = room.keeper.index.search(one.query.wanted(today), limit=_MOST_SAVED)
    stream, whom = io.StringIO(), set[str]()
    with room.archive() as archive:
        write = listing.write_csv if sort == "csv" else listing.write_json
        write(stream, listing.concerning(archive.each(found.seqs[::-1]), whom))
    what = {"query": one.query.said(), "total": found.total, "form": sort, "records": list(found.seqs)}
    room.note(user_of(request), "export", one.purpose, what, tuple(sorted(whom)))
    return Response(
        stream.getvalue().encode(),
        media_type="text/csv; charset=utf-8" if sort == "csv" else "application/json",
        headers={"Content-Disposition": f'attachment; filename="sokning-{one.number}.{sort}"'},
    )


def _number(n: int) -> str:
    return f"{n:,}".replace(",", "\N{NO-BREAK SPACE}")


ROUTES = [
    get(ADDRESS, _show, may=REVIEW),
    post(ADDRESS, _take, may=REVIEW),
    get(f"{ADDRESS}/sokning/{{number:int}}", _show_found, may=REVIEW),
    get(f"{ADDRESS}/sokning/{{number:int}}/fil.csv", partial(_save, "csv"), may=REVIEW),
    get(f"{ADDRESS}/sokning/{{number:int}}/fil.json", partial(_save, "json"), may=REVIEW),
]
