"""Something new is written, or written on: a form for every kind that the authority may send."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Address, Delivery, Json
from agents.agency.weighing import ONCE
from agents.desk import law
from agents.desk.faults import Changed
from agents.desk.forms.fields import Field, fields_of
from agents.desk.forms.questions import Way, ways, weigh, weighed
from agents.desk.forms.reading import Faults, filled, finder, read
from agents.desk.forms.view import Input, Options
from agents.desk.guidance import sort_of
from agents.desk.store import DeskDraft
from agents.desk.texts import Words
from agents.desk.web.pages import answer, fill
from agents.desk.web.site import cover_of, desk_of, parties_of, words_of
from broker import authorities
from broker.kinds import KINDS
from broker.model.days import swedish_day
from broker.web.access import form_of, get, post, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page

SLUGS: Mapping[str, str] = {
    "InformationRequest": "begaran",
    "Clarification": "fortydligande",
    "Interim": "delsvar",
    "Disclosure": "uppgifter",
    "CaseSharing": "samverkan",
    "CouncilReferral": "arende-till-rad",
    "Refusal": "avslag",
    "Recall": "aterkallelse",
    "ConsentGiven": "samtycke",
    "ConsentWithdrawn": "aterkallat-samtycke",
    "CooperationAgreement": "overenskommelse",
    "ConcernNotification": "orosanmalan",
    "ConcernDecision": "beslut-om-oro",
    "ConcernFeedback": "aterkoppling",
    "CustodyHandover": "omhandertagande",
    "GuardianConversation": "orossamtal",
    "ConditionNotice": "villkor",
    "Tip": "tips",
    "OffenceReport": "brottsanmalan",
    "SupportEnquiry": "fraga-om-stod",
    "OrganisationConcern": "oro-for-verksamhet",
    "SituationPicture": "lagesbild",
    "MeasureNotice": "atgard",
    "DefectionReferral": "avhoppararende",
    "DefectionFollowUp": "avhoppsuppfoljning",
    "ChannelReport": "kanalanmalan",
    "ChannelAction": "forelaggande",
    "Acknowledgement": "kvittens",
}
"""The address of each kind's form."""
REPLIES = frozenset({"Clarification", "Interim", "Refusal", "ConcernDecision", "ConcernFeedback", "Acknowledgement"})
"""Kinds that are begun from what they answer."""
ASKED: Mapping[str, Sequence[Json]] = {"ConcernNotification": [{"id": "sol_19_1", "asks": ["child_at_risk"]}]}
"""What is asked from the start of a kind without items; else what the law sends back is asked."""
BOARD = "ConcernNotification"
"""It goes to the social board where the child is: the form asks for the municipality, and not for an address."""
WRITTEN = answer.WRITTEN
_OWN = ("to.", "i.", "case", "by", "reason")
"""Names of the page that are no fields of the body."""
_CASE = Field("case", "text", "How", most=100)
ORDER: Mapping[str, Sequence[str]] = {
    "ConcernNotification": ("subject", "concerns", "text", "immediate", "views", "feedback_requested"),
    "ConsentGiven": ("subject", "given_by", "guardians", "form", "parties", "categories", "purposes", "programme"),
    "CooperationAgreement": ("agreement", "programme", "parties", "purposes", "area", "valid_from", "valid_until"),
    "GuardianConversation": ("subject", "held_at", "social_services_invited", "outcome", "concern_met"),
    "CustodyHandover": ("subject", "taken_at", "place", "handed_to", "handed_at"),
    "OffenceReport": ("text", "offence", "subject"),
}
"""What is asked for first, where a person thinks in another order than the contract."""
_FOLDED = frozenset(
    {"anonymous", "assessments", "circumstances", "basis", "conditions", "replaces", "lul_notice", "organisation"}
)
"""What few need to say stands folded, last; what a kind needs stands open."""


@dataclass(frozen=True)
class Sheet:
    """A form under way: the kind, what it answers, the draft that it is kept in, once it is."""

    kind: str
    answers: str | None = None
    draft: DeskDraft | None = None

    @property
    def action(self) -> str:
        """Where it is posted."""
        if self.draft:
            return f"/utkast/{self.draft.number}"
        return f"/nytt/{SLUGS[self.kind]}" + (f"?svar={self.answers}" if self.answers else "")

    @property
    def found(self) -> list[Json]:
        """What the law said of each item, or of the whole, when it was last asked."""
        text = self.draft.how.get(fill.LAW) if self.draft else None
        return list(json.loads(text)) if text else []

    def ways(self, body: Json) -> list[list[Way]]:
        """What the law asks of each item, or of the message as a whole."""
        targets = len(body.get("items") or ()) or 1
        opened = [row["open"] for row in self.found][:targets]
        return [ways(ASKED.get(self.kind, ()), rows) for rows in [*opened, *([()] * (targets - len(opened)))]]


@cache
def _sort(authority: str, register: Path | None) -> str:
    known = authorities.load(register).find(authority.partition("/")[0])
    return known.kind.value if known else ""


def may_send(request: Request, kind: str) -> bool:
    """Whether this desk's authority may send a kind."""
    desk = desk_of(request)
    authority = desk.authority.partition("/")[0]
    return law.may_send(kind, authority, _sort(authority, desk.settings.register))


def _index(request: Request) -> Response:
    t = words_of(request)
    kinds = [kind for kind in SLUGS if kind not in REPLIES and may_send(request, kind)]
    groups = {name: t.many(f"new.groups.{name}.kinds") for name in t.table("new.groups")}
    return page(
        request,
        "new_index.html",
        groups=[
            (t(f"new.groups.{name}.title"), [(SLUGS[kind], kind) for kind in named if kind in kinds])
            for name, named in groups.items()
        ],
        written=[draft for draft in desk_of(request).store.drafts.unsent() if draft.kind in SLUGS and not draft.part],
    )


def _begin(request: Request) -> Response:
    sheet = _new(request)
    if sheet.kind == "InformationRequest":
        return see_other("/fraga")
    return _show(request, sheet, _beginning(request, sheet))


def _new(request: Request) -> Sheet:
    kind = next((kind for kind, slug in SLUGS.items() if slug == request.path_params["kind"]), "")
    answers = request.query_params.get("svar")
    if not kind or not may_send(request, kind):
        raise Missing(kind)
    if answers:
        desk_of(request).store.inbox.row(answers)
    return Sheet(kind, answers)


def _beginning(request: Request, sheet: Sheet) -> dict[str, list[str]]:
    """What is known before anything is typed: whom an answer is about, what is recalled."""
    recalled = request.query_params.get("av")
    if recalled and sheet.kind == "Recall":
        to = desk_of(request).store.sent.row(recalled).to
        return {**filled(sheet.kind, {"message": recalled}), **fill.filled_recipient(to)}
    answered = _answered(request, sheet)
    if answered is None:
        return {}
    names = {field.name for field in fields_of(sheet.kind)}
    about = {name: answered.body[name] for name in ("subject", "organisation") if answered.body.get(name)}
    return filled(sheet.kind, {name: value for name, value in about.items() if name in names})


def _answered(request: Request, sheet: Sheet) -> Delivery | None:
    line = desk_of(request).store.inbox.content(sheet.answers) if sheet.answers else None
    return line if isinstance(line, Delivery) else None


def _open(request: Request) -> Response:
    draft = fill.draft_of(request)
    if draft.kind == "InformationRequest":
        return see_other(f"/fraga/{draft.number}/7")
    if draft.part and draft.answers:
        part = next(part for part in answer.parts_of(request, draft.answers) if part.category == draft.part)
        return see_other(part.address)
    sheet = _kept(request)
    assert sheet.draft
    form = filled(sheet.kind, sheet.draft.body) | fill.filled_recipient(sheet.draft.to)
    form |= _weighed(sheet, sheet.draft.body) | {"case": [str(sheet.draft.how.get("case") or "")]}
    return _show(request, sheet, form)


def _kept(request: Request) -> Sheet:
    draft = fill.draft_of(request)
    if draft.kind not in SLUGS or draft.part or draft.state not in WRITTEN:
        raise Missing(str(draft.number))
    return Sheet(draft.kind, draft.answers, draft)


def _targets(body: Json) -> list[Json]:
    """What is weighed by itself: each item, or the message as a whole."""
    return list(body.get("items") or [body])


def _weighed(sheet: Sheet, body: Json) -> dict[str, list[str]]:
    """What fills the law's questions."""
    form: dict[str, list[str]] = {}
    for n, (target, asked) in enumerate(zip(_targets(body), sheet.ways(body), strict=True)):
        said = weighed(target, asked)
        form |= {f"i.{n}.{name}" if name.startswith("w.") else name: values for name, values in said.items()}
    return form


def _weigh(request: Request, sheet: Sheet, body: Json, form: Mapping[str, Sequence[str]]) -> Json:
    """The body with what the law's questions were answered."""
    by, reason = (next(iter(form.get(name, ())), "").strip() for name in ("by", "reason"))
    function = law.function(cover_of(request).role_of(user_of(request)))
    made = [
        weigh(target, asked, _answers(form, n), by=by or function, reason=reason)
        for n, (target, asked) in enumerate(zip(_targets(body), sheet.ways(body), strict=True))
    ]
    return {**body, "items": made} if body.get("items") else made[0]


def _answers(form: Mapping[str, Sequence[str]], n: int) -> dict[str, str]:
    start = f"i.{n}.w."
    return {name.removeprefix(start): values[-1] for name, values in form.items() if name.startswith(start) and values}


def _unsaid(sheet: Sheet, body: Json) -> Faults:
    """Items of which nobody has said which secrecy applies, where the law asks for it whatever the ground."""
    said = enumerate(zip(body.get("items") or (), sheet.found, strict=False))
    return {
        f"items.{n}.secrecy": "which_secrecy"
        for n, (_, row) in said
        if row["open"] and all(ONCE in ground["asks"] for ground in row["open"])
    }


def _unanswered(sheet: Sheet, body: Json, form: Mapping[str, Sequence[str]]) -> Faults:
    """The first question of what has no way with an answer to each: not weighed yet is one."""
    faults: Faults = {}
    for n, asked in enumerate(sheet.ways(body)):
        answers, asking = _answers(form, n), [way for way in asked if way.questions]
        if asking and not any(way.is_chosen(answers) for way in asking):
            first = next(question for question in asking[0].questions if question.name not in answers)
            faults[f"i.{n}.w.{first.name}"] = "unanswered"
    return faults


def _show(
    request: Request,
    sheet: Sheet,
    form: Mapping[str, Sequence[str]],
    faults: Faults | None = None,
    *,
    more: Sequence[str] = (),
    status: int = 200,
) -> Response:
    t = words_of(request)
    view = fill.viewer(request, form, faults, more=more, messages=_messages(request, sheet))
    first, folded = _parts(sheet.kind, view.inputs(fields_of(sheet.kind)))
    to = [] if _is_addressed(sheet) else view.inputs(fill.TO, "to.")
    case = view.inputs([_CASE])
    every = [*to, *first, *folded, *case]
    asked = _asked(t, sheet, sheet.draft.body if sheet.draft else {}, form, faults or {})
    return page(
        request,
        "new.html",
        status=status,
        sheet=sheet,
        to=to,
        first=first,
        folded=folded,
        folded_open=any(one.is_open for one in folded),
        case=case,
        asked=asked,
        form=form,
        wrong=view.summary(every) if faults else [],
        names=fill.names(request),
        scanned=bool(desk_of(request).settings.scanner),
        version=sheet.draft.version if sheet.draft else 0,
        page_id=fill.new_sheet(request),
        saved=sheet.draft.saved if sheet.draft else None,
        **_words(t, sheet.kind, sort_of(desk_of(request).authority, desk_of(request).settings.register)),
    )


def _words(t: Words, kind: str, sort: str) -> dict[str, Any]:
    """What a kind has of its own on its page; where the law differs for it, what it has for this sort of authority."""
    own = f"new.{kind}.{sort}" if t.has(f"new.{kind}.{sort}.lead") else f"new.{kind}"
    lead = t(f"{own}.lead") if t.has(f"{own}.lead") else ""
    danger = t(f"new.{kind}.danger") if t.has(f"new.{kind}.danger") else ""
    boxes = t.table(f"{own}.boxes") if t.has(f"{own}.boxes.first.title") else {}
    return {
        "lead": lead,
        "danger": danger,
        "boxes": [(t(f"{own}.boxes.{n}.title"), t(f"{own}.boxes.{n}.text")) for n in boxes],
    }


def _parts(kind: str, inputs: Sequence[Input]) -> tuple[list[Input], list[Input]]:
    """What stands open, in the order in which a person thinks, and what stands folded."""
    order = ORDER.get(kind, ())
    inputs = sorted(inputs, key=lambda one: order.index(one.name) if one.name in order else len(order))
    folded = [one for one in inputs if one.name in _FOLDED and not one.required and one.name not in order]
    return [one for one in inputs if one not in folded], folded


@dataclass(frozen=True)
class Asked:
    """A question of the law on the page, with what it is about where there are several."""

    name: str
    about: str
    text: str
    answer: str
    fault: str


def _asked(t: Words, sheet: Sheet, body: Json, form: Mapping[str, Sequence[str]], faults: Faults) -> list[Asked]:
    found = []
    for n, (target, asked) in enumerate(zip(_targets(body), sheet.ways(body), strict=True)):
        about = t.term("categories", str(target["category"])) if target.get("category") else ""
        for ref, question in ((way.ref, question) for way in asked for question in way.questions):
            name = f"i.{n}.w.{question.name}"
            fault = t(f"fault.{faults[name]}") if name in faults else ""
            label = ", ".join(filter(None, (about, ref)))
            found.append(Asked(name, label, t.question(question.ground, question.test), _one(form, name), fault))
    return found


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _messages(request: Request, sheet: Sheet) -> dict[str, Options]:
    """Messages to choose among, by their kind, party and time, never by id: own ones, and those that came."""
    names = [field.name for field in fields_of(sheet.kind) if field.sort == "message"]
    if not names:
        return {}
    desk, t, party = desk_of(request), words_of(request), parties_of(request).name
    now = desk.clock()
    own = [row for show in ("all", "done") for row in desk.store.sent.rows(show, now=now)]
    sent = {row.message: (row.kind, row.to.authority, row.queued) for row in own if row.kind != "Acknowledgement"}
    rows = desk.store.inbox.rows("all", now=now)
    came = {row.message: (row.kind, row.sender, row.received) for row in rows if row.sort == "delivery"}
    listed = {"Acknowledgement": came, "DefectionFollowUp": {**sent, **came}}.get(sheet.kind, sent)
    options = [
        (id, f"{t.term('kinds', kind)}, {party(who)}, {t.clock(when, now)}") for id, (kind, who, when) in listed.items()
    ]
    return dict.fromkeys(names, options)


def _is_addressed(sheet: Sheet) -> bool:
    """Whether it is known whom it is for: whoever is answered, the own authority, the child's social board."""
    return bool(sheet.answers) or KINDS[sheet.kind].REGISTERS or sheet.kind == BOARD


def _to(request: Request, sheet: Sheet, form: Mapping[str, Sequence[str]], body: Json) -> tuple[Address | None, Faults]:
    desk = desk_of(request)
    if KINDS[sheet.kind].REGISTERS:
        return Address(desk.authority.partition("/")[0]), {}
    if sheet.kind == BOARD:
        home = str((body.get("subject") or {}).get("municipality") or "")
        board = f"kommun-{home}"
        if board in parties_of(request).names:
            return Address(board, "social_services"), {}
        return None, {"subject.municipality": "area" if home else "home"}
    answered = _answered(request, sheet)
    if answered:
        unit: Any = answered.sender.get("unit") or "registry"
        return Address(str(answered.sender["authority"]), unit), {}
    return fill.recipient(request, form)


def _take(request: Request) -> Response:
    return _write(request, _begun(request, _new(request)))


def _begun(request: Request, sheet: Sheet) -> Sheet:
    """With the draft that was begun on this page already: it saves by itself, and is sent twice by a double click."""
    page_ = fill.sheet_of(request)
    with suppress(Missing):
        draft = desk_of(request).store.drafts.by_message(page_)
        if draft.kind == sheet.kind and draft.answers == sheet.answers and draft.state in WRITTEN:
            return replace(sheet, draft=draft)
    return sheet


def _take_on(request: Request) -> Response:
    return _write(request, _kept(request))


def _write(request: Request, sheet: Sheet) -> Response:
    """Keep what is typed, whatever lacks; then show it again, or what would become of it."""
    if fill.is_typing(request):
        return _keep(request, sheet)
    desk = desk_of(request)
    form, not_attached = fill.with_files(request)
    typed, (form, more) = form, fill.changed_rows(form)
    body, faults = read(sheet.kind, form, find=finder(parties_of(request)), today=swedish_day(desk.clock()))
    body = _weigh(request, sheet, body, form)
    to, lacking = _to(request, sheet, form, body)
    try:
        draft = _save(request, sheet, body, to, form)
    except Changed:
        kept = replace(sheet, draft=desk.store.drafts.get(sheet.draft.number)) if sheet.draft else sheet
        return _show(request, kept, form, {"": "changed"}, status=409)
    kept = Sheet(sheet.kind, sheet.answers, draft)
    if form_of(request).one("steg") == "utkast":
        return see_other(f"/utkast/{draft.number}")
    form = filled(sheet.kind, body) | {name: values for name, values in form.items() if name.startswith(_OWN)}
    if more or not_attached or {"add", "remove", "detach"} & typed.keys():
        return _show(request, kept, form, not_attached, more=more, status=422 if not_attached else 200)
    faults = {**lacking, **faults}
    if not faults:
        kept = _ask_law(request, kept)
    faults |= _unsaid(kept, draft.body) | _unanswered(kept, draft.body, form)
    if faults:
        return _show(request, kept, form, faults, status=422)
    return see_other(f"/utkast/{draft.number}/forhand")


def _keep(request: Request, sheet: Sheet) -> Response:
    """While somebody types: as it stands, nothing asked of the law."""
    form = form_of(request).fields
    body, _ = read(sheet.kind, form, find=finder(parties_of(request)), today=swedish_day(desk_of(request).clock()))
    body = _weigh(request, sheet, body, form)
    try:
        draft = _save(request, sheet, body, _to(request, sheet, form, body)[0], form)
    except Changed:
        return fill.saved(request, None, again=sheet.action if sheet.draft else "/nytt")
    return fill.saved(request, draft, again=f"/utkast/{draft.number}")


def _ask_law(request: Request, sheet: Sheet) -> Sheet:
    """With what the law asks of it as it now stands."""
    assert sheet.draft
    found = fill.ask_law(request, sheet.draft)
    if found == sheet.found:
        return sheet
    drafts, draft = desk_of(request).store.drafts, sheet.draft
    how = {fill.LAW: json.dumps(found)}
    return replace(sheet, draft=drafts.save(draft.number, user=user_of(request), version=draft.version, how=how))


def _save(
    request: Request, sheet: Sheet, body: Json, to: Address | None, form: Mapping[str, Sequence[str]]
) -> DeskDraft:
    how = {"case": next(iter(form.get("case", ())), "").strip()}
    if sheet.draft is None:
        try:
            return fill.begin(request, sheet.kind, answers=sheet.answers, to=to, body=body, how=how)
        except Changed:  # the page has just saved it by itself
            sheet = _begun(request, sheet)
            if sheet.draft is None:
                raise
    return fill.keep(request, sheet.draft, body=body, to=to, how=how)


ROUTES = [
    get("/nytt", _index, may="answer"),
    get("/nytt/{kind}", _begin, may="answer"),
    post("/nytt/{kind}", _take, may="answer"),
    get("/utkast/{draft:int}", _open, may="answer"),
    post("/utkast/{draft:int}", _take_on, may="answer"),
]
