"""A case as one thread, to be read or printed: all that came, was written or was sent, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Delivery, Json, Notice
from agents.agency.worklist import STAYS
from agents.desk import pdf
from agents.desk.forms.outcome import Section, sections
from agents.desk.store import DeskDraft, Row, SentRow
from agents.desk.store.sent import ACKNOWLEDGEMENT, REQUEST
from agents.desk.texts import Words
from agents.desk.web import mile
from agents.desk.web.facts import Fact, Item, facts_of, items_of, notice_facts
from agents.desk.web.pages import queue, sent
from agents.desk.web.site import FOLDER, desk_of, parties_of, words_of
from agents.desk.web.whose import chosen, whose
from broker.web.access import get, post, see_other
from broker.web.faults import Missing
from broker.web.render import html, page

_TEXTS = ("text", "need")
"""Fields of which the thread shows the words themselves."""
_STYLE = (FOLDER / "protocol.css").read_text("utf-8")
_WRITTEN = ("draft", "ready", "awaits_approval", "approved")


@dataclass(frozen=True)
class Event:
    """One thing that happened. `sort`: `came`, `sent`, `draft`; `event` is a line of its own without a box."""

    time: datetime
    sort: str
    title: str
    note: str = ""
    text: str = ""
    address: str = ""
    outcomes: Sequence[Section] = ()
    facts: Sequence[Fact] = ()
    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Thread:
    """A case: what it is called, what has happened, what runs out when."""

    number: int
    name: str
    events: Sequence[Event]
    open: Sequence[Row]
    waiting: Sequence[SentRow]
    secret: bool
    protected: bool


def thread_of(request: Request, number: int) -> Thread:
    """Everything in a case, oldest first. Raises Missing where there is nothing."""
    store, t = desk_of(request).store, words_of(request)
    came, own, drafts = store.inbox.case(number), store.sent.case(number), store.drafts.case(number)
    if not (came or own or drafts):
        raise Missing("there is no such case")
    events = [event for row in came for event in _came(request, row)]
    events += [_sent(request, row) for row in own if row.kind != ACKNOWLEDGEMENT]
    events += [_draft(request, draft) for draft in drafts if draft.state in _WRITTEN]
    registered = next((row.registered for row in came if row.registered), "")
    return Thread(
        number,
        t("case.of", reference=registered) if registered else t("case.unregistered"),
        sorted(events, key=lambda event: event.time),
        [row for row in came if row.listed and row.done is None and row.sort == "delivery"],
        [row for row in own if row.done is None and row.kind != ACKNOWLEDGEMENT],
        any(row.secret for row in came) or any(row.secret for row in own),
        any(row.protected for row in came) or any(row.protected for row in own),
    )


def _came(request: Request, row: Row) -> list[Event]:
    """What came, and what was done with it here."""
    t, now = words_of(request), desk_of(request).clock()
    line = desk_of(request).store.inbox.content(row.message)
    if isinstance(line, Delivery) and line.kind == ACKNOWLEDGEMENT:
        state = t.term("acknowledged", str(line.body.get("state")))
        whom = queue.capital(parties_of(request).name(row.sender))
        title = t("case.acknowledged", whom=whom, state=state, time=t.clock(row.received, now))
        return [Event(row.received, "event", title)]
    if not isinstance(line, Delivery):
        facts = notice_facts(request, line) if isinstance(line, Notice) else []
        title = f"{queue.title(t, row)}, {t.clock(row.received, now)}"
        return [Event(row.received, "event", title, facts=facts, address=f"/m/{row.message}")]
    parts = [t.clock(row.received, now), queue.capital(parties_of(request).name(row.sender))]
    if row.sender_unit and row.sender_unit != "registry":
        parts.append(t.term("units", row.sender_unit))
    if line.message.get("case"):
        parts.append(str(line.message["case"]))
    event = Event(
        row.received,
        "came",
        queue.title(t, row),
        " · ".join(parts),
        _text(line.body),
        f"/m/{row.message}",
        [Section(queue.capital(t.term("categories", one)), "") for one in row.categories if line.kind == REQUEST],
        facts_of(request, line.kind, line.body),
        items_of(request, line.body),
    )
    done = []
    if row.opened:
        done.append(t("case.opened", time=t.clock(row.opened, now)))
    if row.registered is not None:
        done.append(t("case.registered", reference=row.registered or "–"))
    return [event, *([Event(row.opened or row.received, "event", " ".join(done))] if done else [])]


def _text(body: Json) -> str:
    return next((str(body[name]) for name in _TEXTS if body.get(name)), "")


def _sent(request: Request, row: SentRow) -> Event:
    t, now, store = words_of(request), desk_of(request).clock(), desk_of(request).store
    body, receipt = store.drafts.get(row.draft).body, store.sent.receipt(row.message)
    whom = parties_of(request).name(sent.place(row.to))
    steps = [step for step in mile.sent(t, row, now) if step.looks == "done"]
    note = " · ".join([whom, *(f"{step.name} {step.note}" for step in steps)] if steps else [whom, t("sent.here")])
    return Event(
        row.time or row.queued,
        "sent",
        t("case.you_sent", what=sent.title(t, row)),
        note,
        _text(body),
        f"/m/{row.message}",
        sections(t, row.kind, None, body, receipt) if receipt else (),
        facts_of(request, row.kind, body),
        items_of(request, body),
    )


def _draft(request: Request, draft: DeskDraft) -> Event:
    t, now = words_of(request), desk_of(request).clock()
    named = t.term("categories", draft.part) if draft.part else t.term("kinds", draft.kind)
    address = f"/m/{draft.answers}/svar/forhand" if draft.part else f"/utkast/{draft.number}"
    note = t("case.saved", time=t.clock(draft.saved, now), state=t(f"message.answer.{draft.state}"))
    return Event(draft.saved, "draft", t("case.draft", what=named), note, address=address)


def _show(request: Request) -> Response:
    desk, t = desk_of(request), words_of(request)
    thread, now = thread_of(request, request.path_params["number"]), desk.clock()
    running = [(row.clock, row.due) for row in thread.open] + [(row.clock, row.due) for row in thread.waiting]
    clocks = [(t.term("clocks", clock), t.clock(due, now), due < now) for clock, due in running if clock and due]
    return page(
        request,
        "case.html",
        thread=thread,
        clocks=clocks,
        now_title=_headline(t, thread),
        left=[row for row in thread.open if row.left or row.kind in STAYS],
        last=mile.sent(t, thread.waiting[-1], now) if thread.waiting else [],
        call=[one for row in thread.waiting for one in sent.telephones(t, row.contacts)],
        can_print=pdf.is_installed(),
        whose=whose(request, desk.store.inbox.holder(thread.number)),
    )


def _headline(t: Words, thread: Thread) -> str:
    """What the case waits for, in one sentence."""
    if any(row.left or row.kind in STAYS for row in thread.open):
        return t("case.now.you")
    if thread.waiting:
        unopened = any("opened" not in row.states and "registered" not in row.states for row in thread.waiting)
        return t("case.now.unopened" if unopened else "case.now.them")
    return t("case.now.nothing")


def _protocol(request: Request) -> Response:
    """The case as a document for the personal file: message, decision, paragraph. PDF/A."""
    thread = thread_of(request, request.path_params["number"])
    document = pdf.write(html(request, "protocol.html", thread=thread), _STYLE)
    headers = {"Content-Disposition": f'attachment; filename="protokoll-{thread.number}.pdf"'}
    return Response(document, media_type="application/pdf", headers=headers)


def _assign(request: Request) -> Response:
    """The whole case is handed over, with what comes in it later."""
    number = request.path_params["number"]
    desk_of(request).store.inbox.assign_case(number, chosen(request))
    return see_other(f"/arende/{number}")


ROUTES = [
    get("/arende/{number:int}", _show, may="read"),
    post("/arende/{number:int}/vem", _assign, may="answer"),
    get("/arende/{number:int}/protokoll", _protocol, may="read"),
]
