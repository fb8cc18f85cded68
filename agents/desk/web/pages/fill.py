"""What the pages with forms share: names for ids, a form as it is shown, files, drafts kept under way."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from agents.agency import Address, AgencyError, Json, Receipt
from agents.agency.ids import message_id, moment
from agents.agency.texts import Parties
from agents.agency.weighing import open_grounds
from agents.desk.faults import Changed
from agents.desk.forms.fields import Field, fields_of
from agents.desk.forms.files import NotAttached, attach
from agents.desk.forms.reading import Faults, filled, finder, is_area
from agents.desk.forms.view import Options, Viewer, spoken
from agents.desk.store import DeskDraft
from agents.desk.store.absence import DECIDING
from agents.desk.web.site import desk_of, parties_of, words_of
from broker.model.vocabulary import Unit
from broker.web.access import form_of, read_number, user_of
from broker.web.render import page

TO = (
    Field("authority", "authority", "To", required=True),
    Field("unit", "choice", "To", required=True, options=tuple(unit.value for unit in Unit), table="units"),
    Field("area", "area", "To"),
)
"""Whom a message is for."""
_MUNICIPALITY = "kommun-"
"""The largest number that a database has."""
_FRESH = timedelta(days=2)
"""How old a page may be of which a draft is begun."""
SHEET = "sheet"
"""Beside a draft, in `how`: the page that it was saved from last."""
LEFT = "left"
"""Beside a draft, in `how`: the page whose button saved it, which is left: what it saves by itself comes late."""
LAW = "law"
"""Beside a draft, in `how`, and never in the message: what the law says of it with nothing weighed yet."""
_Typed = Mapping[str, Sequence[str]]


def draft_of(request: Request) -> DeskDraft:
    """The draft in the address. Raises Missing."""
    return desk_of(request).store.drafts.get(request.path_params["draft"])


def sheet_of(request: Request) -> str:
    """The id of the page that a form was given with: a draft that is begun on it has it as its message's."""
    said = form_of(request).one("blad")
    written = moment(said)
    is_ours = written is not None and abs(desk_of(request).clock() - written) < _FRESH and said == said.lower()
    return said if is_ours else ""


def new_sheet(request: Request) -> str:
    """Of a page that is shown now."""
    return message_id(desk_of(request).clock(), os.urandom)


def is_typing(request: Request) -> bool:
    """Whether the page saves by itself while somebody types: nothing is asked of the law, and no file is taken."""
    return "hx-request" in request.headers and form_of(request).one("steg") == "sparat"


def saved(request: Request, draft: DeskDraft | None, *, again: str = "") -> Response:
    """What a page that saves by itself is told: when, or of None, that another has changed it (`again`: its page)."""
    answer = page(request, "parts/saved.html", status=200 if draft else 409, draft=draft, again=again)
    if draft and again:
        answer.headers["HX-Replace-Url"] = again
    return answer


def begin(
    request: Request, kind: str, *, is_first: bool = True, how: Mapping[str, str] | None = None, **values: Any
) -> DeskDraft:
    """A new draft, from this page; once, the first of it. Raises Changed where it is there already."""
    sheet = sheet_of(request) if is_first else ""
    how = {**(how or {}), **_saved_from(request, sheet)}
    return desk_of(request).store.drafts.new(kind, user=user_of(request), how=how, message_id=sheet or None, **values)


def _saved_from(request: Request, sheet: str) -> dict[str, str]:
    return {SHEET: sheet, LEFT: "" if is_typing(request) else sheet}


def keep(
    request: Request,
    draft: DeskDraft,
    *,
    is_first: bool = True,
    how: Mapping[str, str] | None = None,
    **values: Any,
) -> DeskDraft:
    """Save a draft, from the page that its newest version was saved from or was shown on. Raises Changed.

    What a page saves by itself after its button has saved it changes nothing.
    Of several drafts of one page the first is held against the page's version.
    """
    drafts, user, sheet = desk_of(request).store.drafts, user_of(request), sheet_of(request)
    seen = version_of(request, draft.version) if is_first else draft.version
    how = {**(how or {}), **_saved_from(request, sheet)}
    try:
        return drafts.save(draft.number, user=user, version=seen, how=how, **values)
    except Changed:
        newest = drafts.get(draft.number)
        if is_typing(request) and sheet and newest.how.get(LEFT) == sheet:
            return newest
        if not sheet or newest.how.get(SHEET) != sheet:
            raise
        return drafts.save(draft.number, user=user, version=newest.version, how=how, **values)


def version_of(request: Request, otherwise: int) -> int:
    """Which version of a draft its page was made of."""
    said = read_number(form_of(request).one("version"))
    return otherwise if said is None else said


def name_of(request: Request) -> Callable[[str, str], str]:
    """The name that an id of an authority or a municipality is typed as."""
    parties = parties_of(request)

    def name(sort: str, id: str) -> str:
        if sort == "authority":
            return parties.name(id)
        return parties.name(f"{_MUNICIPALITY}{id}") if sort == "area" and id.isdigit() else id

    return name


def viewer(
    request: Request,
    form: _Typed,
    faults: Faults | None = None,
    *,
    more: Sequence[str] = (),
    messages: Mapping[str, Options] | None = None,
) -> Viewer:
    """The form as this reader sees it."""
    return Viewer(words_of(request), form, faults or {}, more, messages or {}, name_of(request))


def names(request: Request) -> dict[str, list[str]]:
    """What authorities and municipalities are chosen by."""
    return _names(parties_of(request))


@cache
def _names(parties: Parties) -> dict[str, list[str]]:
    every = sorted(parties.names.items(), key=lambda both: both[1])
    municipalities = [name for id, name in every if id.startswith(_MUNICIPALITY)]
    return {"authority": [name for _, name in every], "area": municipalities}


def with_files(request: Request) -> tuple[dict[str, list[str]], Faults]:
    """What was posted, with each file as the content that it is sent beside; and which could not be taken."""
    form, scanner = form_of(request), desk_of(request).settings.scanner
    typed = {name: list(values) for name, values in form.fields.items()}
    faults: Faults = {}
    for name, files in form.files.items():
        try:
            attached = attach(files[0].data, scanner)
        except NotAttached as why:
            faults[name] = str(why)
        else:
            typed |= {name: [attached.content], f"{name}_type": [attached.content_type]}
    for name in typed.get("detach", ()):
        typed |= {name: [""], f"{name}_type": [""]}
    return typed, faults


def changed_rows(form: _Typed) -> tuple[dict[str, list[str]], list[str]]:
    """What was posted without the row that is taken away, and the lists that get one more."""
    gone = tuple(form.get("remove", ()))
    kept = {name: list(values) for name, values in form.items() if not (gone and name.startswith(gone))}
    return kept, list(form.get("add", ()))


def recipient(request: Request, form: _Typed) -> tuple[Address | None, Faults]:
    """Whom a form's message is for, as far as it is known, and what lacks of it."""
    said = {field.name: next(iter(form.get(f"to.{field.name}", ())), "").strip() for field in TO}
    find = finder(parties_of(request))
    authority, area = find("authority", said["authority"]), find("area", said["area"])
    faults = {f"to.{name}": key for name, key in (("authority", "recipient"), ("unit", "unit")) if not said[name]}
    if said["unit"] and said["unit"] not in set(Unit):
        faults["to.unit"] = "unit"
    if area and not is_area(area):
        area, faults["to.area"] = "", "area"
    if authority and authority not in parties_of(request).names:
        return None, {**faults, "to.authority": "authority"}
    unit = said["unit"] if said["unit"] in set(Unit) else Unit.REGISTRY.value
    return (Address(authority, cast("Any", unit), area or None) if authority else None), faults


def filled_recipient(to: Address | None) -> dict[str, list[str]]:
    """What fills the fields of whom it is for."""
    if to is None:
        return {}
    said = {"to.authority": to.authority, "to.unit": to.unit, "to.area": to.area}
    return {name: [value] for name, value in said.items() if value}


def ask_law(request: Request, draft: DeskDraft) -> list[Json]:
    """What the law says of each item, or of the message as a whole, with nothing weighed: which grounds only ask."""
    body, items = draft.body, draft.body.get("items")
    if items:
        bare = {**body, "items": [{**_unweighed(item), "content": item.get("content") or "…"} for item in items]}
    elif any(field.name == "assessments" for field in fields_of(draft.kind)) and draft.kind != "Refusal":
        bare = _unweighed(body)
    else:
        return []
    try:
        found = desk_of(request).courier.preview([replace(signed(request, draft), body=bare)])
    except AgencyError:
        return []
    if found is None or found.receipts[0].error:
        return []
    return open_in(found.receipts[0], body)


def open_in(receipt: Receipt, body: Json) -> list[Json]:
    """What a receipt says of each item, or of the message as a whole: its outcome, the grounds that only ask."""
    rows = receipt.content.get("items") or ([] if body.get("items") else [receipt.content])
    return [{"outcome": row["outcome"], "open": list(open_grounds(row))} for row in rows]


def signed(request: Request, draft: DeskDraft) -> DeskDraft:
    """As it would go: by whoever looks at it, or where another is to approve it, by one who decides at this desk."""
    desk = desk_of(request)
    signed = desk.store.drafts.signed(draft, user_of(request))
    decides = desk.settings.role in DECIDING and signed.how["role"] not in DECIDING
    if decides and desk.store.drafts.needs_approval(draft.kind):
        return replace(signed, how={**signed.how, "role": desk.settings.role})
    return signed


def say(request: Request, kind: str, body: Json) -> list[tuple[str, str]]:
    """Everything that a body says, field by field: labels and words. Assessments apart."""
    view = viewer(request, filled(kind, body))
    inputs = view.inputs([field for field in fields_of(kind) if field.name != "assessments"])
    return [(one.label, text) for one in inputs if (text := spoken(one))]


def _unweighed(part: Json) -> Json:
    """Without what was weighed for a ground: that no provision applies stands on none."""
    return {**part, "assessments": [one for one in part.get("assessments") or () if not one.get("ground")]}
