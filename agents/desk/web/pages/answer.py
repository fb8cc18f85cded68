"""A request is answered, category by category."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Delivery, Json
from agents.agency.drafts import address
from agents.agency.weighing import grounds_for
from agents.desk import law
from agents.desk.faults import Changed
from agents.desk.forms.answer import ONE, Answer, Reply, faults, read_answer, replies
from agents.desk.forms.questions import Way, ways
from agents.desk.forms.reading import Faults
from agents.desk.store import DeskDraft
from agents.desk.texts import Words
from agents.desk.web.pages import fill
from agents.desk.web.returned import back_of
from agents.desk.web.site import cover_of, desk_of, parties_of, words_of
from broker.web.access import form_of, get, post, read_number, see_other, user_of
from broker.web.faults import Missing
from broker.web.render import page

NOTHING_YET = Reply("Disclosure", {})
"""What a page is kept in before it says what is answered."""
WRITTEN = frozenset({"draft", "ready", "awaits_approval", "approved"})
"""States of what can still be changed."""
_SAID = "said"
"""Beside a draft, in `how`: the page's form as it was typed; what the law says of each piece with nothing weighed yet.

Neither goes into the message: of `how`, what a message has no place for is not sent."""


@dataclass(frozen=True)
class Part:
    """One category of a request, and what has been written of it."""

    request: Delivery
    message: str
    n: int
    drafts: Sequence[DeskDraft]

    @property
    def category(self) -> str:
        """Which."""
        return str(self.request.body["categories"][self.n - 1])

    @property
    def form(self) -> dict[str, list[str]]:
        """What was typed."""
        return dict(self._beside(_SAID, {}))

    @property
    def answer(self) -> Answer:
        """What it says."""
        return read_answer(self.category, self.form)

    @property
    def found(self) -> list[Json]:
        """What the law says of each piece: its outcome with nothing weighed, and the grounds that only ask."""
        return list(self._beside(fill.LAW, []))

    @property
    def address(self) -> str:
        """Its page."""
        return f"/m/{self.message}/svar/{self.n}"

    @property
    def is_sent(self) -> bool:
        """Whether it is on its way: what is written now is a new answer."""
        return bool(self.drafts) and not any(draft.state in WRITTEN for draft in self.drafts)

    def ways(self, answer: Answer) -> list[list[Way]]:
        """What may carry each piece: by what the law leaves open, else by the request's guidance."""
        guidance = grounds_for(self.request, self.category)
        known = {str(ground["id"]): ground for ground in guidance}
        found = self.found
        asked: list[list[Way]] = []
        for n, piece in enumerate(answer.pieces):
            rows = found[n].get("open") if n < len(found) and answer.way in ("give", "part") else None
            named = [{**known.get(str(row["ground"]), {}), **row} for row in rows] if rows is not None else guidance
            asked.append(ways(named, none=piece.none))
        return asked

    def faults(self) -> Faults:
        """What is to be mended before it can be sent."""
        answer = self.answer
        return faults(answer, self.ways(answer), self.request.body)

    def _beside(self, name: str, otherwise: Any) -> Any:
        text = self.drafts[0].how.get(name) if self.drafts else None
        return json.loads(text) if text else otherwise


def part_of(request: Request, message: str, n: int) -> Part:
    """A category of a request that lies here. Raises Missing."""
    line = desk_of(request).store.inbox.content(message)
    if not isinstance(line, Delivery) or line.kind != "InformationRequest":
        raise Missing(message)
    if not 0 < n <= len(line.body.get("categories") or ()):
        raise Missing(message)
    category = line.body["categories"][n - 1]
    drafts = [draft for draft in desk_of(request).store.drafts.of(message) if draft.part == category]
    written = [draft for draft in drafts if draft.state in WRITTEN]
    return Part(line, message, n, written or drafts[-1:])


def parts_of(request: Request, message: str) -> list[Part]:
    """Every category of a request."""
    first = part_of(request, message, 1)
    return [part_of(request, message, n + 1) for n in range(len(first.request.body["categories"]))]


def _part(request: Request) -> Part:
    return part_of(request, request.path_params["message"], request.path_params["n"])


def _open(request: Request) -> Response:
    part = _part(request)
    return _show(request, part, part.form)


def _show(
    request: Request, part: Part, form: Mapping[str, Sequence[str]], wrong: Faults | None = None, status: int = 200
) -> Response:
    t, user = words_of(request), user_of(request)
    answer = read_answer(part.category, form)
    asked = part.ways(answer)
    refs = [way.ref for one in asked[:1] for way in one if way.ref]
    function = law.function(cover_of(request).role_of(user))
    functions = [function, *(str(one) for one in t.table("answer.functions").values() if one != function)]
    return page(
        request,
        "answer.html",
        status=status,
        this=part,
        answer=answer,
        form=form,
        asked=asked,
        found=part.found,
        secrecies=law.secrecies(),
        statutes=_statutes(asked),
        refs=list(dict.fromkeys([*refs, *answer.pieces[0].secrecy])),
        functions=functions,
        asker=parties_of(request).name(part.request.sender["authority"]),
        wrong=_summary(t, wrong or {}),
        faults={place: t(f"fault.{key}", label="", most="") for place, key in (wrong or {}).items()},
        page_id=fill.new_sheet(request),
        version=part.drafts[0].version if part.drafts and not part.is_sent else 0,
        saved=part.drafts[0].saved if part.drafts else None,
        total=len(part.request.body["categories"]),
        scanned=bool(desk_of(request).settings.scanner),
        back=[
            one for one in back_of(request, desk_of(request).store.inbox.row(part.message)) if one.part == part.category
        ],
    )


def _summary(t: Words, wrong: Faults) -> list[tuple[str, str]]:
    return [(place, t(f"fault.{key}", label=t("answer.this"), most="")) for place, key in wrong.items()]


def _statutes(asked: Sequence[Sequence[Way]]) -> list[Json]:
    """The text of each paragraph that is not folded away."""
    grounds = dict.fromkeys(way.ground for one in asked for way in one if way.force != "narrow")
    return [statute for ground in grounds if (statute := law.statute(ground))]


def _take(request: Request) -> Response:
    if fill.is_typing(request):
        return _keep(request)
    part = _part(request)
    form, not_attached = fill.with_files(request)
    step = form_of(request).one("steg")
    form = _changed(_own(form), step, form_of(request).one("bort"))
    try:
        part = _save(request, part, form, ask=True)
    except Changed:
        part = _part(request)
        return _show(request, part, part.form, {"": "changed"}, 409)
    if not_attached:
        return _show(request, part, form, not_attached, 422)
    if step in ("provning", "dela", "utkast") or {"bort", "detach"} & form_of(request).fields.keys():
        return see_other(part.address)
    wrong = part.faults()
    if wrong:
        return _show(request, part, form, wrong, 422)
    return see_other(_next(request, part, step))


def _keep(request: Request) -> Response:
    """While somebody types: as it stands, nothing asked of the law."""
    part = _part(request)
    try:
        part = _save(request, part, _own(form_of(request).fields), ask=False)
    except Changed:
        return fill.saved(request, None, again=part.address)
    return fill.saved(request, part.drafts[0])


def _own(form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in form.items() if name in ONE or name.startswith("i.")}


def _changed(form: dict[str, list[str]], step: str, gone: str) -> dict[str, list[str]]:
    """The form with one piece more, or one less."""
    pieces = (read_number(name.split(".")[1]) for name in form if name.startswith("i."))
    numbers = [number for number in pieces if number is not None]
    if step == "dela":
        return {**form, f"i.{max(numbers, default=0) + 1}.content": [""]}
    if gone.isdecimal():
        form = {name: values for name, values in form.items() if not name.startswith(f"i.{gone}.")}
    places = {number: place for place, number in enumerate(sorted({n for n in numbers if str(n) != gone}))}
    return {_moved(name, places): values for name, values in form.items()}


def _moved(name: str, places: Mapping[int, int]) -> str:
    start, _, rest = name.partition(".")
    said, _, last = rest.partition(".")
    number = read_number(said)
    return name if start != "i" or number is None else f"i.{places[number]}.{last}"


def _next(request: Request, part: Part, step: str) -> str:
    """The preview, or the next category that nothing is said of yet."""
    ahead = [one for one in parts_of(request, part.message) if one.n != part.n and not one.drafts]
    if step == "forhand" or not ahead:
        return f"/m/{part.message}/svar/forhand"
    return next((one for one in ahead if one.n > part.n), ahead[0]).address


def _save(request: Request, part: Part, form: Mapping[str, Sequence[str]], *, ask: bool) -> Part:
    """Likewise, where the page has just saved by itself what was begun on it. Raises Changed."""
    try:
        return save(request, part, form, ask=ask)
    except Changed:
        return save(request, _part(request), form, ask=ask)


def save(request: Request, part: Part, form: Mapping[str, Sequence[str]], *, ask: bool = True) -> Part:
    """Keep what is typed as the messages that it becomes, whatever lacks; then ask the law of it. Raises Changed."""
    desk = desk_of(request)
    drafts, to = desk.store.drafts, address(part.request)
    answer = read_answer(part.category, form)
    kept = [] if part.is_sent else list(part.drafts)
    said = {_SAID: json.dumps(form), fill.LAW: json.dumps(part.found)}
    with desk.store.transaction():
        written = replies(answer, part.ways(answer), part.request.body) or [NOTHING_YET]
        for n, reply in enumerate(written):
            kind, body = reply.kind, reply.body
            if n < len(kept):
                kept[n] = fill.keep(request, kept[n], is_first=n == 0, body=body, to=to, how=said, kind=kind)
            else:
                kept.append(
                    fill.begin(
                        request,
                        kind,
                        is_first=n == 0,
                        answers=part.message,
                        part=part.category,
                        to=to,
                        body=body,
                        how=said,
                    )
                )
        for extra in kept[len(written) :]:
            drafts.drop(extra.number)
    part = replace(part, drafts=kept[: len(written)])
    found = fill.ask_law(request, part.drafts[0]) if ask else part.found  # apart: nothing waits for it
    return part if found == part.found else _keep_law(request, part, answer, found)


def _keep_law(request: Request, part: Part, answer: Answer, found: list[Json]) -> Part:
    """What the law says of the pieces now, and the messages with the questions that it leaves open."""
    drafts, user, how = desk_of(request).store.drafts, user_of(request), {fill.LAW: json.dumps(found)}
    first = part.drafts[0]
    part = replace(part, drafts=[replace(first, how={**first.how, **how}), *part.drafts[1:]])
    written = replies(answer, part.ways(answer), part.request.body)
    kept = [
        drafts.save(draft.number, user=user, version=draft.version, body=reply.body, how=how)
        for draft, reply in zip(part.drafts, written, strict=True)
    ]
    return replace(part, drafts=kept)


ROUTES = [
    get("/m/{message}/svar/{n:int}", _open, may="answer"),
    post("/m/{message}/svar/{n:int}", _take, may="answer"),
]
