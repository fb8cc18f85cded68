"""A request for information is written in steps, with what may be expected beside each sort of information."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Address
from agents.desk.faults import Changed
from agents.desk.forms.fields import Field
from agents.desk.forms.reading import Faults, Form, finder
from agents.desk.forms.request import KIND, STEPS, Step, faults_of, fill_step, next_step, read_step
from agents.desk.forms.view import Input, Viewer, spoken
from agents.desk.guidance import FORCES, Expected, expect
from agents.desk.store import DeskDraft
from agents.desk.web.pages import fill
from agents.desk.web.site import desk_of, parties_of, words_of
from broker import authorities
from broker.model.days import swedish_day
from broker.web.access import form_of, get, post, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page

_WRITTEN = ("draft", "ready", "awaits_approval", "approved")
_PERIOD = (Field("from", "day", "Period"), Field("to", "day", "Period"))
_CASE = Field("case", "text", "How", most=100)


@dataclass(frozen=True)
class Done:
    """A step in the list beside."""

    n: int
    name: str
    state: str
    """`here`, `done`, `lacks` or `ahead`."""


@dataclass(frozen=True)
class Choice:
    """A sort of information to ask for, with what is to be expected."""

    value: str
    text: str
    force: str
    refs: str
    checked: bool


def _begin(request: Request) -> Response:
    drafts = desk_of(request).store.drafts.unsent(author=user_of(request).number)
    return _show(request, None, 0, {}, written=[draft for draft in drafts if draft.kind == KIND])


def _start(request: Request) -> Response:
    form, desk = form_of(request).fields, desk_of(request)
    to, wrong = fill.recipient(request, form)
    if wrong or to is None:
        return _show(request, None, 0, form, wrong, status=422)
    draft = desk.store.drafts.new(KIND, user=user_of(request), to=to)
    return see_other(f"/fraga/{draft.number}/2")


def _draft(request: Request) -> tuple[DeskDraft, int]:
    draft, n = fill.draft_of(request), request.path_params["step"] - 1
    if draft.kind != KIND or draft.state not in _WRITTEN or not 0 <= n < len(STEPS):
        raise Missing(str(draft.number))
    return draft, n


def _open(request: Request) -> Response:
    draft, n = _draft(request)
    form = fill_step(STEPS[n], draft.body) | fill.filled_recipient(draft.to)
    return _show(request, draft, n, form | {"case": [str(draft.how.get("case") or "")]})


def _take(request: Request) -> Response:
    if fill.is_typing(request):
        return _keep(request)
    draft, n = _draft(request)
    step, form, drafts = STEPS[n], form_of(request), desk_of(request).store.drafts
    typed, more = fill.changed_rows(form.fields)
    _, wrong = fill.recipient(request, typed) if step.name == "whom" else (None, {})
    try:
        draft = _save(request, draft, step, typed)
    except Changed:
        return _show(request, drafts.get(draft.number), n, typed, {"": "changed"}, status=409)
    if more:
        return _show(request, draft, n, typed, more=more)
    if form.one("steg") == "utkast":
        return see_other("/fraga")
    wrong = {**wrong, **faults_of(step, draft.body, today=swedish_day(desk_of(request).clock()))}
    if wrong:
        return _show(request, draft, n, typed, wrong, status=422)
    return see_other(f"/fraga/{draft.number}/{n + 2}" if n + 1 < len(STEPS) else f"/utkast/{draft.number}/forhand")


def _save(request: Request, draft: DeskDraft, step: Step, typed: Form) -> DeskDraft:
    """What is typed on a step, whatever lacks. Raises Changed."""
    to, _ = fill.recipient(request, typed) if step.name == "whom" else (None, {})
    how = {"case": form_of(request).one("case")} if step.name == "urgency" else None
    body = read_step(step, draft.body, typed, find=finder(parties_of(request)))
    return fill.keep(request, draft, body=body, to=to, how=how)


def _keep(request: Request) -> Response:
    """While somebody types."""
    draft, n = _draft(request)
    try:
        return fill.saved(request, _save(request, draft, STEPS[n], form_of(request).fields))
    except Changed:
        return fill.saved(request, None, again=f"/fraga/{draft.number}/{n + 1}")


def _show(
    request: Request,
    draft: DeskDraft | None,
    n: int,
    form: Form,
    wrong: Faults | None = None,
    *,
    more: Sequence[str] = (),
    written: Sequence[DeskDraft] = (),
    status: int = 200,
) -> Response:
    desk, step = desk_of(request), STEPS[n]
    now, body, to = desk.clock(), draft.body if draft else {}, draft.to if draft else None
    view = fill.viewer(request, form, wrong, more=more)
    inputs = {one.name: one for one in view.inputs(step.fields)}
    period = view.inputs(_PERIOD, "period.")
    whom = view.inputs(fill.TO, "to.")
    case = view.inputs([_CASE])
    expected = _expected(request, to, draft, now) if step.name in ("what", "ground") else {}
    choices = _choices(view, inputs["categories"], expected) if step.name == "what" else {}
    grounds = _grounds(view, inputs["basis"], body.get("categories") or (), expected) if step.name == "ground" else ()
    lacks = next_step(body, has_recipient=to is not None, today=swedish_day(now)) if draft else 0
    return page(
        request,
        "ask.html",
        status=status,
        draft=draft,
        page_id=fill.new_sheet(request),
        n=n,
        step=step,
        action=f"/fraga/{draft.number}/{n + 1}" if draft else "/fraga",
        f=inputs,
        whom=whom,
        period=period,
        case=case,
        choices=choices,
        grounds=grounds,
        steps=[_done(at, one, n, lacks) for at, one in enumerate(STEPS)],
        lacks=lacks,
        wrong=view.summary([*whom, *inputs.values(), *period, *case]) if wrong else [],
        names=fill.names(request),
        contacts=_contacts(request, to),
        to_name=parties_of(request).name(to.authority) if to else "",
        to=to,
        said=list(_said(request, draft)) if step.name == "check" and draft else [],
        subject=str((body.get("subject") or {}).get("id") or ""),
        purpose=str(body.get("purpose") or ""),
        written=written,
    )


def _done(at: int, step: Step, here: int, lacks: int) -> Done:
    state = "here" if at == here else "done" if at < lacks else "lacks" if at == lacks and at < here else "ahead"
    return Done(at + 1, step.name, state)


def _expected(
    request: Request, to: Address | None, draft: DeskDraft | None, now: datetime
) -> Mapping[str, Sequence[Expected]]:
    if to is None or draft is None:
        return {}
    desk = desk_of(request)
    unit: Any = draft.how.get("unit") or desk.settings.unit
    asker = Address(desk.authority.partition("/")[0], unit)
    return expect(to, asker, draft.body, now, register=desk.settings.register)


def _choices(view: Viewer, categories: Input, expected: Mapping[str, Sequence[Expected]]) -> dict[str, list[Choice]]:
    """What may be asked for, by the law's own answer; where it can't be asked, all in one."""
    known = dict(categories.options)
    if not expected:
        return {"": [Choice(value, text, "", "", value in categories.values) for value, text in known.items()]}
    return {
        force: [
            Choice(
                one.category,
                known[one.category],
                force,
                ", ".join(dict.fromkeys(str(ground["ref"]) for ground in one.grounds if ground["ref"])),
                one.category in categories.values,
            )
            for one in rows
        ]
        for force in FORCES
        if (rows := expected.get(force, ()))
    }


def _grounds(
    view: Viewer, basis: Input, categories: Sequence[str], expected: Mapping[str, Sequence[Expected]]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Grounds that may carry what is asked for, and all others."""
    rows = [one for force in FORCES for one in expected.get(force, ()) if one.category in categories]
    likely = {str(ground["id"]): str(ground["ref"] or "") for one in rows for ground in one.grounds}
    named = [(id, f"{likely[id]}: {text}") for id, text in basis.options if id in likely]
    return named, [(id, text) for id, text in basis.options if id not in likely]


def _said(request: Request, draft: DeskDraft) -> Iterator[tuple[int, str, str]]:
    """What is said, step by step: the step's number, the question, the answer."""
    t = words_of(request)
    to = draft.to
    if to is not None:
        yield 1, t("ask.whom"), f"{parties_of(request).name(to.authority)}, {t.term('units', to.unit)}"
    for n, step in enumerate(STEPS, 1):
        view = fill.viewer(request, fill_step(step, draft.body))
        for one in view.inputs(step.fields):
            if text := spoken(one):
                yield n, one.label, text
    if draft.how.get("case"):
        yield 6, t("fields.label.How/case"), str(draft.how["case"])


def _contacts(request: Request, to: Address | None) -> list[tuple[str, str, str]]:
    """Whom to ring there: function, telephone, hours."""
    if to is None:
        return []
    known = _register(desk_of(request).settings.register).contacts(to.authority, to.unit)
    return [(one.function, one.telephone, one.hours or "") for one in known]


@cache
def _register(file: Path | None) -> authorities.Register:
    return authorities.load(file)


ROUTES = [
    get("/fraga", _begin, may="ask"),
    post("/fraga", _start, may="ask"),
    get("/fraga/{draft:int}/{step:int}", _open, may="ask"),
    post("/fraga/{draft:int}/{step:int}", _take, may="ask"),
]
