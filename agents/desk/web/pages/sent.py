"""What I have sent: how far it has come, what is still unanswered, whom to ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Address, Json
from agents.desk.store import PAGE
from agents.desk.store.sent import SentRow, Show
from agents.desk.texts import Words
from agents.desk.web.mile import is_going
from agents.desk.web.pages.queue import born
from agents.desk.web.site import address_of, desk_of, parties_of, words_of
from broker.web.access import get, read_number, user_of
from broker.web.render import page

VIEWS: dict[str, Show] = {
    "oppet": "open",
    "ligger-kvar": "waiting_here",
    "inte-oppnat": "unopened",
    "forsenat": "late",
    "delvis": "partly",
    "aterlamnat": "back",
    "klart": "done",
}
"""What stands in the address, and what is asked for."""
_WHOSE = ("grupp", "mina")
_GROUPS = ("ring", "here", "back", "waiting", "way", "done")
_LAST = ("registered", "handed_over", "not_for_us", "opened", "delivered", "accepted")
"""The states, the one that tells most first."""


@dataclass(frozen=True)
class Filter:
    """What is looked at."""

    show: str
    whose: str
    page: int

    def address(self, **changes: object) -> str:
        """The same, changed; what holds from the start is left out."""
        said = {"visa": self.show, "vems": self.whose, "sida": self.page}
        plain = {"visa": "oppet", "vems": "grupp", "sida": 1}
        return address_of("/skickat", said | changes, plain)


@dataclass(frozen=True)
class Entry:
    """A row as it is read."""

    address: str
    title: str
    to: str
    born: str
    secret: bool
    protected: bool
    what: str
    tone: str
    what_note: str
    call: tuple[tuple[str, str, str], ...]
    state: str
    state_note: str


def _show(request: Request) -> Response:
    desk, said = desk_of(request), request.query_params
    sent, now = desk.store.sent, desk.clock()
    chosen = Filter(
        show=said["visa"] if said.get("visa") in VIEWS else "oppet",
        whose=said["vems"] if said.get("vems") in _WHOSE else "grupp",
        page=read_number(said.get("sida", ""), digits=6) or 1,
    )
    mine = chosen.whose == "mina"
    holders = desk.store.absences.cover().kept_by(user_of(request).number) if mine else None
    counts = sent.counts(now, holders=holders)
    rows = sent.rows(VIEWS[chosen.show], holders=holders, page=chosen.page, now=now)
    groups: dict[str, list[Entry]] = {group: [] for group in _GROUPS}
    for row in rows:
        groups[_group(row)].append(_entry(request, row, now))
    return page(
        request,
        "sent.html",
        part="parts/sent_list.html",
        chosen=chosen,
        views=[(word, counts[view], chosen.address(visa=word, sida=1)) for word, view in VIEWS.items()],
        groups=[(group, entries) for group, entries in groups.items() if entries],
        whose=[(word, chosen.address(vems=word, sida=1)) for word in _WHOSE],
        pages=-(-counts[VIEWS[chosen.show]] // PAGE),
        is_plain=chosen.address() == "/skickat",
        done=counts["done"],
        last_contact=desk.courier.last_contact,
    )


def _group(row: SentRow) -> str:
    """What there is to do with it."""
    if row.done:
        return "done"
    if row.contacts:
        return "ring"
    if row.time is None:
        return "here"
    if row.outcome and (row.outcome != "forward" or row.partial):
        return "back"
    return "waiting" if row.left else "way"


def _entry(request: Request, row: SentRow, now: datetime) -> Entry:
    t = words_of(request)
    what, note, tone = _what(t, row, now)
    return Entry(
        address=f"/m/{row.message}",
        title=title(t, row),
        to=parties_of(request).name(place(row.to)),
        born=born(t, row.birth_date, row.protected, now),
        secret=row.secret,
        protected=row.protected,
        what=what,
        tone=tone,
        what_note=note,
        call=telephones(t, row.contacts),
        state=_state(t, row, now),
        state_note=_note(t, row),
    )


def place(to: Address) -> str:
    """An address as names are asked for."""
    return to.authority if to.unit == "registry" else f"{to.authority}/{to.unit}"


def title(t: Words, row: SentRow) -> str:
    """What was sent, in a few words."""
    if row.kind == "InformationRequest":
        return t.count("queue.title.request", len(row.categories))
    return t.term("kinds", row.kind)


def telephones(t: Words, contacts: Sequence[Json]) -> tuple[tuple[str, str, str], ...]:
    """Whom to ring: function, number, hours."""
    return tuple((one["function"], one["telephone"], t.hours(one.get("hours") or "")) for one in contacts)


def _what(t: Words, row: SentRow, now: datetime) -> tuple[str, str, str]:
    """What is waited for, by when, and how bad it is."""
    if row.time is None:
        return (t("sent.going"), "", "") if is_going(row, now) else (t("sent.here"), t("sent.here_note"), "warning")
    if row.outcome and row.outcome != "forward":
        return t(f"sent.outcome.{row.outcome if t.has(f'sent.outcome.{row.outcome}') else 'other'}"), "", "danger"
    due = t("sent.due", what=t.term("clocks", row.clock), time=t.clock(row.due, now)) if row.due and row.clock else ""
    if row.contacts and "opened" not in row.states:
        return t("sent.unopened"), due, "danger"
    if row.left:
        names = "; ".join(t.term("categories", category) for category in row.left)
        left = t("sent.left", n=len(row.left), all=len(row.categories), names=names)
        return left, due, "danger" if row.late else ""
    if row.categories:
        return t("sent.all_answered"), "", ""
    return (t("sent.partly_back"), "", "warning") if row.partial else (due, "", "danger" if row.late else "")


def _state(t: Words, row: SentRow, now: datetime) -> str:
    """The last state that it has come to."""
    for state in _LAST:
        if state in row.states:
            return t(f"sent.state.{state}", time=t.clock(row.states[state].time, now))
    return t("sent.state.none") if row.time is None else t("sent.state.accepted", time=t.clock(row.time, now))


def _note(t: Words, row: SentRow) -> str:
    registered = row.states.get("registered")
    if registered and registered.reference:
        return t("sent.reference", reference=registered.reference)
    return t("sent.not_opened") if "delivered" in row.states and "opened" not in row.states else ""


ROUTES = [get("/skickat", _show, may="read")]
