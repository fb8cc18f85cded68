"""One message: what came here, with what is to be done with it; or what was sent, with how far it has come."""

import base64
import binascii
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Address, AgencyError, Delivery, Json, Notice, Receipt
from agents.agency.worklist import REGISTRATIONS, STAYS
from agents.desk.faults import NotNow
from agents.desk.forms.reading import check
from agents.desk.store import DeskDraft, Row, SentRow
from agents.desk.store.sent import REQUEST
from agents.desk.texts import Words
from agents.desk.web import mile
from agents.desk.web.facts import Fact, facts_of, first_of_all, items_of, notice_facts
from agents.desk.web.pages import fill, queue, sent
from agents.desk.web.returned import asked_of, back_of
from agents.desk.web.site import desk_of, parties_of, words_of
from agents.desk.web.whose import chosen, whose
from broker.model.vocabulary import Unit
from broker.web.access import form_of, get, post, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page
from broker.web.user import User

_OPENS = frozenset({"answer", "ask", "register"})
"""Rights of those for whom a message is meant: who only reads, reviews."""
_REPLIES = {
    "ConcernNotification": ("beslut-om-oro", "aterkoppling"),
    "ChannelAction": ("forelaggande",),
    "Clarification": ("fortydligande",),
    REQUEST: ("fortydligande", "delsvar"),
}
"""The forms that answer a kind as a whole."""
_NOT_RECALLED = frozenset({"Recall", "Acknowledgement", *REGISTRATIONS, "ConcernDecision"})
"""A registration is ended by a new one."""


@dataclass(frozen=True)
class Category:
    """A category of a request: what the law says of it, how far the answer has come."""

    name: str
    address: str
    says: Sequence[tuple[str, str]]
    bars: Sequence[str]
    state: str


def _show(request: Request, *, wrong: Sequence[tuple[str, str]] = (), status: int = 200) -> Response:
    desk, message = desk_of(request), request.path_params["message"]
    try:
        row = desk.store.inbox.row(message)
    except Missing:
        return _show_sent(request, desk.store.sent.row(message))
    user, now = user_of(request), desk.clock()
    if _is_looked_at(request, user) and desk.store.inbox.open(message, user, now):
        desk.courier.wake()
        row = desk.store.inbox.row(message)
    return _show_line(request, row, wrong, status)


def _is_looked_at(request: Request, user: User) -> bool:
    """Whether a person has the message before the eyes: not a prefetch, a restored part, or one who only reviews."""
    headers = request.headers
    fetched = headers.get("sec-fetch-dest", "document") == "document"
    ahead = "prefetch" in headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    is_page = request.method == "GET" and "hx-request" not in headers
    return is_page and fetched and not ahead and bool(user.may & _OPENS)


def _show_line(request: Request, row: Row, wrong: Sequence[tuple[str, str]], status: int) -> Response:
    desk, t = desk_of(request), words_of(request)
    line, now = desk.store.inbox.content(row.message), desk.clock()
    delivery = line if isinstance(line, Delivery) else None
    return page(
        request,
        "message.html",
        status=status,
        row=row,
        title=queue.title(t, row) if delivery is None else _title(request, delivery),
        delivery=delivery,
        categories=_categories(request, row, delivery) if delivery else [],
        facts=_facts(request, row, line),
        items=items_of(request, delivery.body) if delivery else [],
        first=first_of_all(request, delivery.body) if delivery and delivery.kind == REQUEST else [],
        returned=[_returned(t, receipt) for receipt in desk.store.inbox.returned(row.message)],
        steps=mile.received(t, row, now),
        asker=parties_of(request).name(row.sender) if row.sender else "",
        replies=_REPLIES.get(row.kind, ()) if delivery else (),
        stays=row.kind in STAYS,
        units=[unit.value for unit in Unit if unit.value != row.unit],
        whose=whose(request, row.holder),
        about=row.about if row.about and _is_here(request, row.about) else "",
        due=t.clock(row.due, now) if row.due else "",
        is_late=bool(row.due and row.due < now),
        wrong=wrong,
    )


def _is_here(request: Request, message: str) -> bool:
    """Whether a message has a page: what was sent by another way than this desk has none."""
    store = desk_of(request).store
    for read in (store.inbox.row, store.sent.row):
        with suppress(Missing):
            read(message)
            return True
    return False


def _title(request: Request, line: Delivery) -> str:
    whom = parties_of(request).name(line.sender.get("authority"))
    kind = words_of(request).term("kinds", line.kind)
    return words_of(request)("message.from", kind=kind, whom=whom)


def _facts(request: Request, row: Row, line: object) -> list[Fact]:
    """From whom and when, then what it says."""
    if isinstance(line, Notice):
        return notice_facts(request, line)
    if not isinstance(line, Delivery):
        return []
    t, sender = words_of(request), queue.capital(parties_of(request).name(row.sender))
    unit = f", {t.term('units', row.sender_unit)}" if row.sender_unit not in ("", "registry") else ""
    own = str(line.message.get("case") or "")
    return [
        Fact(t("message.sender"), sender + unit),
        Fact(t("message.came"), t.clock(row.received, desk_of(request).clock())),
        *([Fact(t("message.their_case"), own)] if own else []),
        *facts_of(request, line.kind, line.body),
    ]


def _categories(request: Request, row: Row, line: Delivery) -> list[Category]:
    """Each category that is asked for, with what the law says of it and how far its answer has come."""
    if line.kind != REQUEST:
        return []
    t, drafts = words_of(request), desk_of(request).store.drafts.of(row.message)
    return [
        Category(
            name=t.term("categories", category),
            address=f"/m/{row.message}/svar/{n}",
            says=_says(t, [entry for entry in line.guidance if entry.get("category") == category]),
            bars=[
                str(bar.get("ref") or "–")
                for entry in line.guidance
                if entry.get("category") == category
                for bar in entry.get("bars") or ()
            ],
            state=_state(t, category, row, [draft for draft in drafts if draft.part == category]),
        )
        for n, category in enumerate(map(str, line.body.get("categories") or ()), 1)
    ]


def _says(t: Words, rows: Sequence[Json]) -> list[tuple[str, str]]:
    """What must be given, what may be; each with its paragraphs. What is for special situations stands on its page."""
    grounds = [ground for row in rows for ground in row.get("grounds") or ()]
    says = []
    for force in ("duty", "permission"):
        refs = dict.fromkeys(str(ground.get("ref") or "–") for ground in grounds if ground.get("force") == force)
        if refs:
            says.append((t(f"message.force.{force}"), ", ".join(refs)))
    return says or [(t("message.force.none"), "")]


def _state(t: Words, category: str, row: Row, drafts: Sequence[DeskDraft]) -> str:
    written = [draft.state for draft in drafts if draft.state != "dropped"]
    for state in ("awaits_approval", "approved", "ready", "draft", "queued"):
        if state in written:
            return t(f"message.answer.{state}")
    if category not in row.left:
        return t("message.answer.answered")
    return t("message.answer.back" if written else "message.answer.none")


def _returned(t: Words, receipt: Receipt) -> tuple[str, list[str]]:
    """What became of an answer that did not go, and what it lacks."""
    outcome = f"message.returned.{'partial' if receipt.outcome == 'forward' else receipt.outcome}"
    if receipt.error:
        return t(outcome), [t.term("errors", receipt.error[0])]
    first = [grounds[0] for grounds in receipt.open.values()] or [{"asks": receipt.asks}]
    asks = [t.question(ground.get("ground"), test) for ground in first for test in ground.get("asks") or ()]
    names = [t.bar(str(bar["id"]), receipt.outcome) for bar in receipt.content.get("bars") or ()]
    return t(outcome), list(dict.fromkeys([*asks, *names]))


def _show_sent(request: Request, row: SentRow) -> Response:
    """A message of one's own, as it was written."""
    desk, t = desk_of(request), words_of(request)
    draft, receipt = desk.store.drafts.get(row.draft), desk.store.sent.receipt(row.message)
    return page(
        request,
        "sent_message.html",
        row=row,
        title=sent.title(t, row),
        whom=parties_of(request).name(sent.place(row.to)),
        steps=mile.sent(t, row, desk.clock()),
        answered=mile.answered(t, row),
        facts=facts_of(request, draft.kind, draft.body),
        items=items_of(request, draft.body),
        returned=_returned(t, receipt) if receipt and (receipt.outcome != "forward" or receipt.partial) else None,
        call=sent.telephones(t, row.contacts),
        may_recall=row.outcome == "forward" and row.kind not in _NOT_RECALLED,
    )


def _file(request: Request) -> Response:
    """A file that somebody has sent, to be fetched: never shown, whatever it says that it is."""
    line = desk_of(request).store.inbox.content(request.path_params["message"])
    items = line.body.get("items") or [] if isinstance(line, Delivery) else []
    n = request.path_params["n"]
    if n >= len(items) or items[n].get("unopened"):
        raise Missing("there is no such file")
    if str(items[n].get("content_type") or "text/plain").startswith("text/"):
        raise Missing("there is no such file")
    try:
        data = base64.b64decode(str(items[n].get("content") or ""), validate=True)
    except binascii.Error:
        data = str(items[n].get("content") or "").encode()
    sort = str(items[n].get("content_type"))
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(sort, "bin")
    headers = {"Content-Disposition": f'attachment; filename="{n + 1}.{ending}"', "Content-Security-Policy": "sandbox"}
    return Response(data, media_type="application/octet-stream", headers=headers)


# --- what a person does with it


def _register(request: Request) -> Response:
    reference = form_of(request).one("dnr")
    body = {"message": _id(request), "state": "registered", "reference": reference}
    if not reference or check("Acknowledgement", body):
        return _show(request, wrong=[("dnr", words_of(request)("message.wrong.reference"))], status=422)
    desk_of(request).store.inbox.register(_id(request), reference, user_of(request), desk_of(request).clock())
    return _done(request)


def _not_for_us(request: Request) -> Response:
    name = form_of(request).one("vem")
    try:
        right = Address(parties_of(request).find(name, "vem"), "registry") if name else None
    except AgencyError:
        return _show(request, wrong=[("vem", words_of(request)("message.wrong.authority"))], status=422)
    desk = desk_of(request)
    desk.store.inbox.not_for_us(_id(request), user_of(request), desk.clock(), go_to=right)
    return _done(request)


def _hand_over(request: Request) -> Response:
    unit = form_of(request).one("enhet")
    if unit not in {one.value for one in Unit}:
        return _show(request, wrong=[("enhet", words_of(request)("message.wrong.unit"))], status=422)
    desk = desk_of(request)
    line = desk.store.inbox.content(_id(request))
    if isinstance(line, Delivery) and line.is_sealed:
        return _show(request, wrong=[("enhet", words_of(request)("message.sealed.hand_over"))], status=422)
    desk.store.inbox.hand_over(_id(request), unit, user_of(request), desk.clock())
    return _done(request)


def _assign(request: Request) -> Response:
    """Taken by oneself, left to a colleague, or put back where all see it."""
    desk_of(request).store.inbox.assign(_id(request), chosen(request))
    return see_other(f"/m/{_id(request)}")


def _close(request: Request) -> Response:
    desk = desk_of(request)
    if form_of(request).one("gor") == "oppna":
        desk.store.inbox.reopen(_id(request))
        return see_other(f"/m/{_id(request)}")
    desk.store.inbox.close(_id(request), desk.clock())
    return see_other("/vantar")


def _again(request: Request) -> Response:
    """What came back is mended as a new draft, which opens at the question that is open."""
    store, user, receipt = desk_of(request).store, user_of(request), desk_of(request).store.sent.receipt(_id(request))
    try:
        draft = store.drafts.again(_id(request), user)
    except NotNow:
        raise Missing("it can't be written again") from None
    asked = asked_of(request, receipt) if receipt else []
    if receipt and not receipt.error:
        found = json.dumps(fill.open_in(receipt, draft.body))
        store.drafts.save(draft.number, user=user, version=draft.version, how={fill.LAW: found})
    return see_other(f"/utkast/{draft.number}{f'#{asked[0].place}' if asked else ''}")


def _question(request: Request) -> Response:
    """Where the question that is open is answered."""
    back = back_of(request, desk_of(request).store.inbox.row(_id(request)))
    return see_other(back[0].place if back else f"/m/{_id(request)}")


def _done(request: Request) -> Response:
    desk_of(request).courier.wake()
    return see_other(f"/m/{_id(request)}")


def _id(request: Request) -> str:
    return str(request.path_params["message"])


ROUTES = [
    get("/m/{message}", _show, may="read"),
    get("/m/{message}/fragan", _question, may="answer"),
    get("/m/{message}/fil/{n:int}", _file, may="read"),
    post("/m/{message}/dnr", _register, may="register"),
    post("/m/{message}/inte-oss", _not_for_us, may="register"),
    post("/m/{message}/enhet", _hand_over, may="register"),
    post("/m/{message}/vem", _assign, may="answer"),
    post("/m/{message}/klar", _close, may="answer"),
    post("/m/{message}/igen", _again, may="answer"),
]
