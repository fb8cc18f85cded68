"""Reviews: the list, one of them from draw to summary, one record of its sample after the other."""

from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broker.evidence.archive import zipped
from broker.explanation import words as explaining
from broker.log.evidence import Selection
from broker.model.canonical import canonical
from broker.model.decision import Json
from broker.review import evidence, listing
from broker.review.campaign import ANSWERS, Answer, Campaign
from broker.review.rights import CAMPAIGN, REVIEW
from broker.review.views import NamesSomeone
from broker.review.web.pages.views import authorities, names, shows_records
from broker.review.web.site import room_of, words_of
from broker.web.access import form_of, get, post, see_other, user_of
from broker.web.render import page

ADDRESS = "/granskningar"
_ONE = ADDRESS + "/{number:int}"
_LONGEST = 4000


def _show_all(request: Request) -> Response:
    who = _who(request)
    return page(
        request,
        "campaigns.html",
        campaigns=[(one, sum(token == who for token in one.assigned().values())) for one in _all(request)],
        who=who,
    )


def _show(request: Request, fault: str = "", typed: Mapping[str, str] | None = None) -> Response:
    room, one = room_of(request), _campaign(request)
    noted = room.note(user_of(request), "campaign", one.title, {"review": one.number})
    return page(
        request,
        "campaign.html",
        status=422 if fault else 200,
        one=one,
        noted=noted,
        who=_who(request),
        names=names(request),
        auditors=[user for user in room.people.all() if REVIEW in user.may],
        is_seeded=one.state == "planned" and room.campaigns.seed(one) is not None,
        answers=ANSWERS,
        counts=list(zip(one.questions, one.counts(), strict=True)),
        mine=one.next_of(_who(request)),
        fault=fault,
        why=words_of(request)(f"campaign.faults.{fault}") if fault else "",
        typed=typed or {"myndighet": "", "yttrande": "", "beteckning": ""},
        authorities=authorities(request),
    )


def _draw(request: Request) -> Response:
    one = _campaign(request, "planned")
    room_of(request).campaigns.draw(user_of(request).officer, one)
    return _back(one)


def _assign(request: Request) -> Response:
    room, one = room_of(request), _campaign(request, "drawn", "open")
    chosen = set(form_of(request).fields.get("granskare", ()))
    tokens = [room.views.who(user.officer) for user in room.people.all() if str(user.number) in chosen]
    if not tokens:
        return _show(request, "granskare")
    room.campaigns.assign(user_of(request).officer, one, tokens)
    return _back(one)


def _comment(request: Request) -> Response:
    one, form = _campaign(request, "drawn", "open", "answered"), form_of(request)
    typed = {name: form.one(name)[:_LONGEST] for name in ("myndighet", "yttrande", "beteckning")}
    if typed["myndighet"] not in dict(authorities(request)):
        return _show(request, "myndighet", typed)
    if not typed["yttrande"]:
        return _show(request, "yttrande", typed)
    try:
        room_of(request).campaigns.comment(user_of(request).officer, one, *typed.values())
    except NamesSomeone:
        return _show(request, "yttrande_number", typed)
    return _back(one)


def _close(request: Request) -> Response:
    one = _campaign(request, "answered")
    room_of(request).campaigns.close(user_of(request).officer, one)
    return _back(one)


def _next(request: Request) -> Response:
    one = _campaign(request)
    place = one.next_of(_who(request))
    return _back(one) if place is None else see_other(f"{ADDRESS}/{one.number}/{place + 1}")


def _show_one(
    request: Request, fault: str = "", typed: Mapping[str, str] | None = None, at: Sequence[int] = ()
) -> Response:
    """A record of the sample beside its questions; nothing is chosen from the start."""
    room, one = room_of(request), _campaign(request)
    place = request.path_params["place"] - 1
    if not 0 <= place < len(one.sample):
        raise HTTPException(404)
    seq = one.sample[place]
    with room.archive() as archive:
        record = archive.records(seq=seq)[0]
    whom = listing.authorities_of([record.leaf])
    room.note(user_of(request), "decision", one.title, {"records": [seq], "review": one.number}, whom)
    finding, t = one.findings.get(seq), words_of(request)
    given = {f"svar-{n}": answer for n, answer in enumerate(finding.answers)} if finding else {}
    return page(
        request,
        "campaign_record.html",
        status=422 if fault else 200,
        one=one,
        nth=place + 1,
        record=record,
        items=_items(record.leaf),
        is_mine=one.assigned().get(seq) == _who(request) and one.state in ("open", "answered"),
        finding=finding,
        names=names(request),
        answers=ANSWERS,
        typed=typed if typed is not None else given | {"not": finding.note if finding else ""},
        fault=fault,
        unanswered=at,
        why=t(f"campaign.faults.{fault}") if fault else "",
        is_linked=shows_records(request),
    )


def _answer(request: Request) -> Response:
    one, form = _campaign(request, "open", "answered"), form_of(request)
    place = request.path_params["place"] - 1
    if not (0 <= place < len(one.sample)) or one.assigned().get(one.sample[place]) != _who(request):
        raise HTTPException(404)
    fields = [f"svar-{n}" for n in range(len(one.questions))]
    typed = {name: form.one(name)[:_LONGEST] for name in (*fields, "not")}
    answers: list[Answer] = [answer for name in fields for answer in ANSWERS if typed[name] == answer]
    if len(answers) < len(fields):
        return _show_one(request, "svar", typed, [n for n, name in enumerate(fields) if typed[name] not in ANSWERS])
    try:
        room_of(request).campaigns.answer(user_of(request).officer, one, one.sample[place], answers, typed["not"])
    except NamesSomeone:
        return _show_one(request, "not_number", {**typed, "not": ""})
    return see_other(f"{ADDRESS}/{one.number}/nasta")


def _save(request: Request) -> Response:
    """What a stranger needs to draw the sample again, and the summary: each as it is recorded."""
    room, one, what = room_of(request), _campaign(request), request.path_params["what"]
    if what == "bevis" and one.sample:
        return _save_evidence(request, one)
    if what == "urvalsram":
        seqs = room.find(one.plan.leaf["population"]["query"])
        body = "".join(f"{seq}\n" for seq in seqs if seq < one.plan.leaf["log"]["size"])
    else:
        files = {"plan": canonical(one.plan.leaf).decode(), "kontrollpunkt": one.checkpoint, "summering": one.summary}
        body = files.get(what, "")
    if not body:
        raise HTTPException(404)
    room.note(user_of(request), "export", one.title, {"review": one.number, "file": what})
    name = f"granskning-{one.number}-{what}.{'json' if what == 'plan' else 'txt'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/plain; charset=utf-8", headers=headers)


def _save_evidence(request: Request, one: Campaign) -> Response:
    """The records of the sample as an archive that a stranger verifies, with the page that does so."""
    room, vkey = room_of(request), one.plan.leaf["log"]["vkey"]
    words = explaining.Words(words_of(request).lang, room.parties)
    room.keeper.refresh()
    with room.archive() as archive, room.law.asked() as engine:
        records = {record.seq: record for record in archive.each(sorted(one.sample))}
        note, tree = evidence.newest_note(archive), room.keeper.index.tree(archive)
        files = evidence.build(
            archive, vkey, note, records, selection=Selection(seqs=one.sample), engine=engine, tree=tree
        )
    body = zipped(evidence.with_page(files, records, words.party, words_of(request).lang))
    whom = listing.authorities_of(record.leaf for record in records.values())
    room.note(user_of(request), "export", one.title, {"review": one.number, "records": sorted(records)}, whom)
    headers = {"Content-Disposition": f'attachment; filename="granskning-{one.number}-bevis.zip"'}
    return Response(body, media_type="application/zip", headers=headers)


def _campaign(request: Request, *states: str) -> Campaign:
    """The review in the address, where it has come so far. Raises HTTPException."""
    one = room_of(request).campaigns.get(request.path_params["number"])
    if one is None or (states and one.state not in states):
        raise HTTPException(404)
    return one


def _all(request: Request) -> Sequence[Campaign]:
    return room_of(request).campaigns.all()


def _who(request: Request) -> str:
    return room_of(request).views.who(user_of(request).officer)


def _back(one: Campaign) -> Response:
    return see_other(f"{ADDRESS}/{one.number}")


def _items(leaf: Json) -> list[Json]:
    """What was decided of each item, as the receipt says."""
    return [item for item in leaf["receipt"].get("items", ()) if isinstance(item, dict)]


ROUTES = [
    get(ADDRESS, _show_all, may=REVIEW),
    get(_ONE, _show, may=REVIEW),
    post(_ONE + "/urval", _draw, may=CAMPAIGN),
    post(_ONE + "/fordelning", _assign, may=CAMPAIGN),
    post(_ONE + "/yttrande", _comment, may=CAMPAIGN),
    post(_ONE + "/avslut", _close, may=CAMPAIGN),
    get(_ONE + "/nasta", _next, may=REVIEW),
    get(_ONE + "/{place:int}", _show_one, may=REVIEW),
    post(_ONE + "/{place:int}", _answer, may=REVIEW),
    get(_ONE + "/spara/{what:str}", _save, may=REVIEW),
]
