"""What will happen: before anything is sent it is shown what goes, what does not and why, and what is seen there."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import AgencyError, Receipt
from agents.agency.preview import Preview
from agents.desk.desk import Desk
from agents.desk.faults import Changed, NotNow, SameEyes
from agents.desk.forms.outcome import Section, Seen, sections, seen
from agents.desk.forms.reading import check
from agents.desk.forms.request import KIND, STEPS
from agents.desk.store import DeskDraft
from agents.desk.web.pages import answer, fill, new
from agents.desk.web.site import desk_of, parties_of, words_of
from broker.model.days import swedish_day
from broker.web.access import form_of, get, post, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page

_SENT = ("queued", "sent")
_STEPS: Mapping[str, Collection[str]] = {
    "lamna": ("draft", "ready"),
    "godkann": ("awaits_approval",),
    "tillbaka": ("awaits_approval", "approved"),
    "skicka": answer.WRITTEN,
}
"""What can be done, and with drafts of which state."""


@dataclass(frozen=True)
class Going:
    """Drafts that go together, and what there is to do on the way."""

    address: str
    back: str
    drafts: Sequence[DeskDraft]
    """Those that are whole."""
    lacking: Sequence[tuple[str, str]] = ()
    """What is not whole: in words, and the page where it is mended."""
    message: str | None = None
    """The request that they answer."""
    secret: bool = False
    """Whether that is itself secret."""
    asked: Sequence[str] = ()
    """The categories that were asked for."""


@dataclass(frozen=True)
class Shown:
    """What would become of them."""

    sections: Sequence[Section] = ()
    seen: Sequence[Seen] = field(default=(), repr=False)
    whole: bool = True
    unknown: bool = False
    """Nobody here can tell."""
    mark: str = ""
    """The same for the same outcome: what was seen is what is sent."""
    kept: frozenset[int] = frozenset()
    """Drafts of an answer that would not arrive: they stay here until what lacks is said, where that is sure."""


def _answers(request: Request) -> Going:
    message = request.path_params["message"]
    t = words_of(request)
    parts = answer.parts_of(request, message)
    written = [part for part in parts if part.drafts and not part.is_sent]
    whole = [part for part in written if not part.faults()]
    lacking = [
        (
            t(
                "preview.begun" if part in written else "preview.not_begun",
                what=t.term("categories", part.category).capitalize(),
            ),
            part.address,
        )
        for part in parts
        if part not in whole and not part.is_sent
    ]
    drafts = [draft for part in whole for draft in part.drafts]
    asked = [part.category for part in parts]
    secret = bool(parts[0].request.secrecy)
    return Going(f"/m/{message}/svar/forhand", f"/m/{message}", drafts, lacking, message, secret, asked)


def _one(request: Request) -> Going:
    draft = fill.draft_of(request)
    if draft.kind not in new.SLUGS or draft.part or draft.state in (*_SENT, "dropped"):
        raise Missing(str(draft.number))
    t, page_ = words_of(request), _page_of(draft)
    faults = check(draft.kind, draft.body, today=swedish_day(desk_of(request).clock()))
    whole = not faults and draft.to is not None
    lacking = [] if whole else [(t("preview.begun", what=t.term("kinds", draft.kind)), page_)]
    return Going(f"/utkast/{draft.number}/forhand", page_, [draft] if whole else [], lacking)


def _page_of(draft: DeskDraft) -> str:
    if draft.kind == KIND:
        return f"/fraga/{draft.number}/{len(STEPS)}"
    return f"/utkast/{draft.number}"


def _outcome(request: Request, going: Going) -> Shown:
    """Asked of the law each time: a consent may have been withdrawn since."""
    t, drafts = words_of(request), going.drafts
    if not drafts:
        return Shown()
    try:
        found = desk_of(request).courier.preview([fill.signed(request, draft) for draft in drafts])
    except AgencyError:
        found = None
    if found is None:
        return Shown(unknown=True, mark=_mark(drafts, []))
    both = list(zip(drafts, found.receipts, strict=True))
    told = [one for draft, receipt in both for one in _seen(request, draft, receipt)]
    goes = [receipt.outcome == "forward" for receipt in found.receipts]
    touched = {draft.part for draft, gone in zip(drafts, goes, strict=True) if gone}
    left = [t.term("categories", category) for category in going.asked if category not in touched]
    if told and left:
        told.append(Seen(t("preview.unanswered"), ", ".join(left)))
    return Shown(
        [one for draft, receipt in both for one in sections(t, draft.kind, draft.part, draft.body, receipt)],
        told,
        found.whole,
        mark=_mark(drafts, found.receipts),
        kept=_kept(going, found),
    )


def _kept(going: Going, found: Preview) -> frozenset[int]:
    """Not where the records are the broker's alone: a consent that only it knows may carry it."""
    if not found.whole or going.message is None:
        return frozenset()
    both = zip(going.drafts, found.receipts, strict=True)
    return frozenset(draft.number for draft, receipt in both if receipt.outcome != "forward")


def _seen(request: Request, draft: DeskDraft, receipt: Receipt) -> Iterator[Seen]:
    return seen(words_of(request), draft.body, receipt, fill.say(request, draft.kind, draft.body))


def _mark(drafts: Sequence[DeskDraft], receipts: Sequence[Receipt]) -> str:
    outcomes = [
        [r.outcome, [(one["outcome"], one.get("ref")) for one in r.content.get("items") or ()]] for r in receipts
    ]
    said = [[draft.number, json.dumps(draft.body, sort_keys=True)] for draft in drafts]
    return blake2b(json.dumps([said, outcomes]).encode(), digest_size=16).hexdigest()


def _show(request: Request, going: Going, *, note: str = "", status: int = 200) -> Response:
    desk, user = desk_of(request), user_of(request)
    shown = _outcome(request, going)
    drafts = [draft for draft in going.drafts if draft.number not in shown.kept]
    to = going.drafts[0].to if going.drafts else None
    waits = [draft for draft in drafts if draft.state == "awaits_approval"]
    asked = [one for draft in drafts if desk.store.drafts.needs_approval(draft.kind) for one in [draft]]
    unapproved = [draft for draft in asked if draft.state != "approved"]
    return page(
        request,
        "preview.html",
        status=status,
        going=going,
        shown=shown,
        going_out=sum(one.goes for one in shown.sections),
        note=note,
        sealed=_sealed(desk, drafts),
        whom=parties_of(request).name(to.authority) if to else "",
        draft=going.drafts[0] if going.drafts else None,
        is_any=bool(drafts),
        asks_eyes=bool(unapproved),
        waits=bool(waits),
        may_approve=bool(waits) and "approve" in user.may and _other_eyes(desk, waits, user.number),
        may_write="answer" in user.may or "ask" in user.may,
        pages=_pages(request, going),
    )


def _sealed(desk: Desk, drafts: Sequence[DeskDraft]) -> str:
    """The text on whether contents go sealed; empty: there are none, or their recipient has no key."""
    day = swedish_day(desk.clock())
    try:
        to = [draft.to for draft in drafts if draft.to and draft.body.get("items")]
        keys = [desk.settings.sealer.key(one.authority, one.unit, day) for one in to]
    except AgencyError:
        return "preview.key_over"
    return "preview.sealed" if any(keys) else ""


def _other_eyes(desk: Desk, waits: Sequence[DeskDraft], number: int) -> bool:
    """Whether somebody is not among those who wrote any of it."""
    return all(draft.author != number for draft in waits)


def _pages(request: Request, going: Going) -> dict[str | None, str]:
    """Where each section is changed."""
    if going.message is None:
        return {None: going.back}
    return {part.category: part.address for part in answer.parts_of(request, going.message)}


def _take(request: Request, going: Going) -> Response:
    """What somebody does with it: leave it for approval, approve it, give it back with a question, send it."""
    desk, user, form = desk_of(request), user_of(request), form_of(request)
    drafts, step = desk.store.drafts, form.one("gor")
    if not going.drafts or step not in _STEPS:
        return _show(request, going, status=422)
    shown = Shown() if step == "tillbaka" else _outcome(request, going)
    if step != "tillbaka" and form.one("sett") != shown.mark:
        return _show(request, going, note="preview.changed", status=409)
    try:
        with desk.store.transaction():
            for draft in [one for one in going.drafts if one.number not in shown.kept and one.state in _STEPS[step]]:
                if step == "lamna":
                    _submit(desk, draft, request)
                elif step == "godkann" and "approve" in user.may:
                    drafts.approve(draft.number, user, version=draft.version)
                elif step == "tillbaka" and "approve" in user.may:
                    drafts.send_back(draft.number, user, form.one("fraga"))
                elif step == "skicka" and user.may & {"answer", "ask"}:
                    drafts.send(draft.number, user)
                else:
                    raise Missing(step)
    except SameEyes:
        return _show(request, going, note="fault.same_eyes", status=422)
    except (Changed, NotNow):
        return _show(request, going, note="preview.changed", status=409)
    if step == "skicka":
        desk.courier.wake()
        return see_other("/skickat")
    return see_other("/vantar" if step in ("godkann", "tillbaka") and going.message is None else going.address)


def _submit(desk: Desk, draft: DeskDraft, request: Request) -> None:
    user = user_of(request)
    if not user.may & {"answer", "ask"}:
        raise Missing(str(draft.number))
    if desk.store.drafts.needs_approval(draft.kind):
        desk.store.drafts.submit(draft.number, user)
    else:
        desk.store.drafts.ready(draft.number, user)


ROUTES = [
    get("/m/{message}/svar/forhand", lambda request: _show(request, _answers(request)), may="read"),
    post("/m/{message}/svar/forhand", lambda request: _take(request, _answers(request)), may="read"),
    get("/utkast/{draft:int}/forhand", lambda request: _show(request, _one(request)), may="read"),
    post("/utkast/{draft:int}/forhand", lambda request: _take(request, _one(request)), may="read"),
]
