"""A decision with its law beside it, its thread, its proof, the answer of today."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broker import texts
from broker.explanation import words as explaining
from broker.explanation.missing import GROUNDS, way_text
from broker.explanation.questions import question
from broker.explanation.reasons import reasons, status_of
from broker.explanation.record import obstacles
from broker.model.decision import Json
from broker.review import listing
from broker.review.decision import Flip, Told, mile, prove, tell
from broker.review.rights import REVIEW
from broker.review.searches import Search
from broker.review.web.pages.search import what
from broker.review.web.site import party_name, room_of, words_of
from broker.review.words import Words
from broker.web.access import get, read_number, user_of
from broker.web.render import page

_SHOWN = 6
"""Most ways to another outcome that are told of one item."""


@dataclass(frozen=True)
class Item:
    """An item as the page shows it."""

    number: int
    name: str
    outcome: str
    ref: str
    facts: Sequence[tuple[str, str]]
    tried: Sequence[tuple[str, str, Sequence[str]]]
    """Ground, how it stands, why."""
    changes: Sequence[str]
    statutes: Sequence[Json]


def _show(request: Request) -> Response:
    room, seq = room_of(request), int(request.path_params["seq"])
    one = _search(request)
    if one is None:
        return page(request, "why.html", seq=seq)
    room.keeper.refresh()
    with room.archive() as archive, room.law.asked() as engine:
        records = archive.some([seq])
        if not records:
            raise HTTPException(404)
        told = tell(archive, room.keeper.index, engine, records[0])
        proof = prove(archive, room.keeper.index, records[0], room.settings.vkey)
    seqs = sorted({seq, *(record.seq for record in told.thread)})
    whom = listing.authorities_of([told.leaf, *(record.leaf for record in told.thread)])
    noted = room.note(user_of(request), "decision", one.purpose, {"records": seqs}, whom)
    return _page(request, told, one=one, proof=proof, noted=noted)


def _search(request: Request) -> Search | None:
    """For what it is opened: the search that led here, or the newest of one's own. Raises Missing."""
    searches, user = room_of(request).searches, user_of(request).number
    number = read_number(request.query_params.get("sokning", ""))
    return searches.newest(user) if number is None else searches.get(number, user)


def _page(request: Request, told: Told, **values: Any) -> Response:
    t, leaf = words_of(request), told.leaf
    words = explaining.Words(t.lang, room_of(request).parties)
    line = listing.line_of(told.record)
    items = list(_items(t, words, told))
    shown = {statute["title"] for item in items for statute in item.statutes}
    return page(
        request,
        "decision.html",
        line=line,
        what=what(t, line),
        items=items,
        head=list(_head(request, told)),
        whole=list(_whole(words, told)),
        laws=[one for one in told.explained.get("statutes", ()) if one["title"] not in shown],
        steps=_steps(t, told),
        thread=[(listing.line_of(record), what(t, listing.line_of(record))) for record in told.thread],
        differs=_differs(t, told),
        is_decision=leaf["record"] == "decision",
        same_policy=told.explained.get("same_policy", True),
        raw=json.dumps(leaf, ensure_ascii=False, indent=2, sort_keys=True),
        moment=lambda text: t.moment(datetime.fromisoformat(text)),
        **values,
    )


def _head(request: Request, told: Told) -> Iterator[tuple[str, str]]:
    """What is known of the message, label and value."""
    t, leaf = words_of(request), told.leaf
    for side in ("sender", "recipient"):
        if party := leaf.get(side):
            role = f", {t.term('roles', party['role'])}" if party.get("role") else ""
            yield t(f"decision.{side}"), party_name(request, listing.address_of(party) or "") + role
    if leaf.get("subject"):
        ages = sorted({age for item in told.explained.get("items", ()) for age in item["ages"] if age is not None})
        years = f", {t('decision.years', ages=', '.join(map(str, ages)))}" if ages else ""
        yield t("decision.person"), listing.short(leaf["subject"]) + years
    if officer := (leaf.get("sender") or {}).get("officer"):
        yield t("decision.officer"), listing.short(officer)
    if leaf.get("case"):
        yield t("decision.case"), listing.short(leaf["case"])
    for name, table in (("secrecy", None), ("may_be_told", "may_be_told")):
        if isinstance(value := leaf.get(name), str):
            yield t(f"decision.{name}"), t.term(table, value) if table else value
    if error := leaf["receipt"].get("error"):
        yield t("decision.error"), t.term("errors", error["code"])


def _items(t: Words, words: explaining.Words, told: Told) -> Iterator[Item]:
    for item in told.explained.get("items", ()):
        yield Item(
            item["item"] + 1,
            words.term("categories", item["category"]),
            item["outcome"],
            item["ref"] or "",
            list(_facts(t, words, item)),
            [_tried(words, finding) for finding in item["tried"] if _is_near(finding, told)],
            list(_changes(t, words, item, told.flips.get(item["item"], ()))),
            [one for one in told.explained["statutes"] if one["ref"] == item["ref"]],
        )


def _facts(t: Words, words: explaining.Words, item: Json) -> Iterator[tuple[str, str]]:
    yield t("decision.on_request"), t("decision.yes" if item["on_request"] else "decision.no_own")
    if item["purpose"]:
        yield t("decision.purpose"), words.term("purposes", item["purpose"])
    yield t("decision.item_secrecy"), ", ".join(item["secrecy"]) or t("decision.no_secrecy")
    ground = item.get("ground") or next((one["ground"] for one in item["tried"] if one["status"] != "no"), None)
    for test, answers in item["answers"].items():
        answer = words.term("values", "answer/yes" if any(answers.values()) else "answer/no")
        yield question(words, ground, test), answer.capitalize()


def _tried(words: explaining.Words, finding: Json) -> tuple[str, str, Sequence[str]]:
    name = finding["ref"] or words.term("grounds", finding["ground"])
    return name, words.term("statuses", status_of(finding)), list(reasons(words, finding))


def _is_near(finding: Json, told: Told) -> bool:
    """What carries, what lacks answers, what fails on one thing; of a claimed ground whatever it says."""
    return bool(told.explained["basis"]) or finding["status"] != "no" or obstacles(finding) == 1


def _changes(t: Words, words: explaining.Words, item: Json, flips: Sequence[Flip]) -> Iterator[str]:
    """What would have led to another outcome, each in a sentence."""
    ground = item.get("ground") or next((one["ground"] for one in item["tried"] if one["status"] == "yes"), None)
    for flip in flips:
        other = words.term("values", "answer/no" if flip.answer else "answer/yes")
        asked = question(words, ground, flip.test)
        yield t("decision.flip", answer=other, question=asked, outcome=words.term("outcomes", flip.outcome))
    if GROUNDS in item:
        for way, under in list(zip(item["missing"], item[GROUNDS], strict=True))[:_SHOWN]:
            yield way_text(words, way, under)


def _whole(words: explaining.Words, told: Told) -> Iterator[tuple[str, str, Sequence[str]]]:
    """What carries or stops the message as a whole."""
    if told.leaf["record"] != "decision":
        return
    seen: list[str] = []
    for part in told.explained["whole"]:
        for finding in part["tried"]:
            if finding["ground"] not in seen and _is_near(finding, told):
                seen.append(finding["ground"])
                yield _tried(words, finding)
    receipt = told.leaf["receipt"]
    carried = words.term("statuses", "yes")
    for rule in receipt["grounds"] if not receipt["items"] else ():
        if rule["id"] not in seen:
            yield rule["ref"] or words.term("grounds", rule["id"]), carried, []
    for bar in receipt["bars"]:
        if not bar["items"] and bar["id"] not in seen:
            text = words.term("cuts", bar["id"]) if bar["id"] in texts.ids("cuts") else words.barrier(bar["id"])
            yield bar["ref"] or text, text if bar["ref"] else "", []


@dataclass(frozen=True)
class _Step:
    name: str
    note: str
    looks: str


def _steps(t: Words, told: Told) -> list[_Step]:
    steps = mile(told.record, told.thread)
    last = max((n for n, step in enumerate(steps) if step.time), default=0)
    nothing = [t("decision.mile.not_told" if n < last else "decision.mile.not_yet") for n in range(len(steps))]
    return [
        _Step(
            t(f"decision.mile.{step.state}"),
            t.moment(step.time) if step.time else nothing[n],
            "done" if step.time else "",
        )
        for n, step in enumerate(steps)
    ]


def _differs(t: Words, told: Told) -> str | None:
    """How the answer of today differs; None where it does not."""
    if told.differs is None:
        return None
    names = [t.term("receipt_fields", name) for name in told.differs["changed"]]
    then, now = (t.term("outcomes", told.differs[when]["outcome"]) for when in ("then", "now"))
    if then != now:
        return t("decision.outcome_differs", then=then, now=now)
    return t("decision.differs", what=", ".join(names))


ROUTES = [get("/granska/post/{seq:int}", _show, may=REVIEW)]
