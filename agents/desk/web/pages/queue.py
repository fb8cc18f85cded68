"""What awaits me: one list, the late first, its filters in the address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from agents.desk.store import PAGE
from agents.desk.store.inbox import Row, Show, Whose
from agents.desk.texts import Words
from agents.desk.web.site import address_of, desk_of, parties_of, words_of
from agents.desk.web.whose import say
from broker.model.days import swedish_day
from broker.web.access import get, read_number, user_of
from broker.web.render import page

VIEWS: dict[str, Show] = {
    "allt": "open",
    "forsenat": "late",
    "i-dag": "due",
    "oppnas": "unopened",
    "aterlamnat": "back",
    "utkast": "drafts",
    "klart": "done",
}
"""What stands in the address, and what is asked for."""
_WHOSE = ("grupp", "mina", "ingens")
_WEEK = timedelta(days=7)
_REPLIES = frozenset({"Disclosure", "Refusal", "Interim", "Clarification"})


@dataclass(frozen=True)
class Filter:
    """What is looked at."""

    show: str
    whose: str
    kind: str
    sender: str
    page: int

    def address(self, **changes: object) -> str:
        """The same, changed; what holds from the start is left out."""
        said = {"visa": self.show, "vems": self.whose, "slag": self.kind, "fran": self.sender, "sida": self.page}
        plain = {"visa": "allt", "vems": "grupp", "slag": "", "fran": "", "sida": 1}
        return address_of("/vantar", said | changes, plain)


@dataclass(frozen=True)
class Entry:
    """A row as it is read."""

    address: str
    title: str
    by: str
    born: str
    is_new: bool
    secret: bool
    protected: bool
    holder: str
    due: str
    due_note: str
    tone: str
    state: str
    state_note: str


def _show(request: Request) -> Response:
    desk, t = desk_of(request), words_of(request)
    inbox, now = desk.store.inbox, desk.clock()
    kinds, senders = inbox.kinds(), inbox.senders()
    chosen = _filter(request, kinds, senders)
    whose, kind, sender = _whose(chosen, user_of(request).number), chosen.kind or None, chosen.sender or None
    show = VIEWS[chosen.show]
    counts = inbox.counts(now, whose, kind=kind, sender=sender)
    rows = inbox.rows(show, whose=whose, kind=kind, sender=sender, page=chosen.page, now=now)
    party = parties_of(request).name
    return page(
        request,
        "queue.html",
        part="parts/queue_list.html",
        chosen=chosen,
        views=[(word, counts[view], chosen.address(visa=word, sida=1)) for word, view in VIEWS.items()],
        groups=_groups(request, rows, now) if show != "done" else [("", [_entry(request, row, now) for row in rows])],
        is_plain=chosen.address() == "/vantar",
        pages=-(-counts[show] // PAGE),
        waiting=inbox.total("open", now=now),
        last_contact=desk.courier.last_contact,
        kinds=sorted((t.term("kinds" if t.has_term("kinds", kind) else "notices", kind), kind) for kind in kinds),
        senders=sorted((party(sender), sender) for sender in senders if sender),
        whose=_WHOSE,
    )


def _news(request: Request) -> Response:
    """Whether something has come since the list was shown. Nothing moves by itself: there is a link."""
    desk = desk_of(request)
    waiting = desk.store.inbox.total("open", now=desk.clock())
    return page(request, "parts/queue_news.html", is_new=str(waiting) != request.query_params.get("antal"))


def _filter(request: Request, kinds: list[str], senders: list[str]) -> Filter:
    """What the address says; what it has no right word for is left out."""
    said = request.query_params
    return Filter(
        show=said["visa"] if said.get("visa") in VIEWS else "allt",
        whose=said["vems"] if said.get("vems") in _WHOSE else "grupp",
        kind=said["slag"] if said.get("slag") in kinds else "",
        sender=said["fran"] if said.get("fran") in senders else "",
        page=read_number(said.get("sida", ""), digits=6) or 1,
    )


def _whose(chosen: Filter, number: int) -> Whose:
    choices: dict[str, Whose] = {"grupp": None, "mina": number, "ingens": "nobody"}
    return choices[chosen.whose]


def _groups(request: Request, rows: list[Row], now: datetime) -> list[tuple[str, list[Entry]]]:
    """The rows under what they have in common: late, today, this week, later, without a term."""
    groups: dict[str, list[Entry]] = {}
    for row in rows:
        groups.setdefault(_when(row.due, now), []).append(_entry(request, row, now))
    return list(groups.items())


def _when(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "no_term"
    if due < now:
        return "late"
    if swedish_day(due) == swedish_day(now):
        return "today"
    return "week" if due < now + _WEEK else "later"


def _entry(request: Request, row: Row, now: datetime) -> Entry:
    t = words_of(request)
    due, due_note, tone = _due(t, row, now)
    return Entry(
        address=f"/m/{row.message}/fragan" if _is_a_question(request, row) else f"/m/{row.message}",
        title=title(t, row),
        by=capital(parties_of(request).name(row.sender)) if row.sender else t("queue.from_samband"),
        born=born(t, row.birth_date, row.protected, now),
        is_new=row.opened is None and row.sort == "delivery",
        secret=row.secret,
        protected=row.protected,
        holder=_holder(request, row),
        due=due,
        due_note=due_note,
        tone=tone,
        state=_state(t, row, now),
        state_note=_note(t, row),
    )


def _is_a_question(request: Request, row: Row) -> bool:
    """Whether the law has sent it back to one who answers it: it opens at what is asked."""
    return bool(row.back) and row.sort == "delivery" and "answer" in user_of(request).may


def title(t: Words, row: Row) -> str:
    """What a line is, in a few words."""
    if row.back:
        return t("queue.title.back")
    if row.sort == "receipt":
        return t("queue.title.returned", kind=t.term("kinds", row.kind))
    if row.sort == "notice":
        return t.term("notices", row.kind)
    if row.kind == "InformationRequest":
        plain = t.count("queue.title.request", len(row.categories))
    elif row.about and row.kind in _REPLIES:
        plain = t(f"queue.title.reply.{row.kind}{'_partly' if row.kind == 'Disclosure' and row.left else ''}")
    else:
        plain = t.term("kinds", row.kind)
    return t("queue.title.recalled", what=plain) if row.recalled else plain


def born(t: Words, birth_date: str | None, protected: bool, now: datetime) -> str:
    """Birth date and age, the least by which a person is known in a list; of one who is protected nothing."""
    if protected or not birth_date:
        return ""
    day, today = date.fromisoformat(birth_date), swedish_day(now)
    return t(
        "queue.born", day=birth_date, age=today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    )


def capital(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]


def _holder(request: Request, row: Row) -> str:
    if row.holder is None:
        is_left = row.sort == "delivery" and row.due and row.opened is None
        return words_of(request)("queue.holder.nobody") if is_left else ""
    return say(request, row.holder)


def _due(t: Words, row: Row, now: datetime) -> tuple[str, str, str]:
    """Until when, what there is to do, and how near it is: `danger`, `warning` or nothing."""
    if row.done:
        return t("queue.done", time=t.clock(row.done, now)), "", ""
    if row.due is None:
        return (t.count("queue.left", len(row.left)) if row.left and row.about else ""), "", ""
    clock = row.clock or ""
    what = t(f"queue.do.{clock if t.has(f'queue.do.{clock}') else 'other'}", time=t.clock(row.due, now))
    when = _when(row.due, now)
    if when == "late":
        return lateness(t, now - row.due), what, "danger"
    note = "" if t.has(f"queue.do.{clock}") or not clock else t.term("clocks", clock)
    return what, note, "warning" if when == "today" else ""


def lateness(t: Words, late: timedelta) -> str:
    """How late something is, in the largest whole unit."""
    minutes = int(late.total_seconds() // 60)
    for unit, size in (("days", 1440), ("hours", 60)):
        if minutes >= size:
            return t.count(f"queue.late.{unit}", minutes // size)
    return t.count("queue.late.minutes", minutes)


def _state(t: Words, row: Row, now: datetime) -> str:
    if row.sort != "delivery":
        return t("queue.state.came", time=t.clock(row.received, now))
    if row.drafts:
        return t.count("queue.state.drafts", row.drafts)
    return t("queue.state.opened", time=t.clock(row.opened, now)) if row.opened else t("queue.state.unopened")


def _note(t: Words, row: Row) -> str:
    if row.registered:
        return t("queue.state.registered", reference=row.registered)
    if row.opened and row.sort == "delivery":
        return t("queue.state.unregistered")
    return ""


ROUTES = [get("/vantar", _show, may="read"), get("/vantar/nytt", _news, may="read")]
