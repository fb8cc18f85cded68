"""Makes a page for each kind of message, `schemas/kinds/KIND.md`: what a newcomer needs to write a first valid one.

Who may send it to whom, what the law asks and of whom, the fields in JSON and in Avro, and an example that a test
sends through the broker (`tests/test_contract_page.py`).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from broker import bundle, texts
from broker.kinds import KINDS
from schemas import fields, write_avro
from schemas.json_schema import schemas

FOLDER = Path(__file__).parents[1] / "schemas" / "kinds"
EXAMPLES = FOLDER.with_name("examples")
_EXCHANGES = FOLDER.parents[1] / "policies" / "exchanges"
_CONTRACT = "../contract.md"

Json = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """What must have been sent before an example of a kind."""

    kind: str
    field: str
    """Where the example names it."""
    then: str | None = None
    """A kind that must have followed on it."""
    like: str = ""
    """What that one must be like to serve, where its own example does not."""


_REQUEST = Before("InformationRequest", "in_reply_to")
_NOTIFICATION = Before("ConcernNotification", "in_reply_to")
BEFORE = {
    "Clarification": _REQUEST,
    "Interim": _REQUEST,
    "Refusal": _REQUEST,
    "ConcernDecision": _NOTIFICATION,
    "ConcernFeedback": replace(_NOTIFICATION, then="ConcernDecision"),
    "Acknowledgement": Before("InformationRequest", "body.message"),
    "Recall": Before("InformationRequest", "body.message"),
    "ConsentWithdrawn": Before("ConsentGiven", "body.consent"),
    "DefectionReferral": Before(
        "ConsentGiven",
        "body.consent",
        like=", of the programme `defection`, about the same person, between both parties",
    ),
    "DefectionFollowUp": Before("DefectionReferral", "body.referral"),
}


def pages() -> dict[str, str]:
    """File name -> text, for each kind."""
    known, law = schemas(), json.loads(bundle.load().tables)["law"]
    return {f"{kind}.md": "\n".join(_page(kind, known, law)).rstrip() + "\n" for kind in KINDS}


def index() -> Iterator[str]:
    """A table of the kinds, each with the way to its page."""
    yield from ("| kind | svenska | English |", "|---|---|---|")
    for kind in KINDS:
        swedish, english = (texts.text(lang, "kinds", kind) for lang in texts.LANGUAGES)
        yield f"| [`{kind}`](kinds/{kind}.md) | {swedish} | {english} |"


def tests_of(ground: str) -> list[str]:
    """What a ground may ask of a human, in the order of the texts."""
    return [key.partition("/")[2] for key in texts.read("sv")["questions"] if key.startswith(f"{ground}/")]


def _page(kind: str, known: Json, law: Json) -> Iterator[str]:
    row = law["kinds"][kind]
    swedish, english = (texts.text(lang, "kinds", kind) for lang in texts.LANGUAGES)
    yield from (f"# {kind}", "", f"{swedish} · {english}. {known[kind]['description']}", "")
    yield "Made by `make schemas`, never edited."
    yield f"What every message has stands in [the contract]({_CONTRACT}#every-message)."
    yield from ("", "## Who sends it, to whom", "", *_parties(row), "", *_rules(row))
    yield from ("## What a human is asked", "", *_asks(row, law["grounds"]), "")
    body = known[known[kind]["properties"]["body"]["$ref"].rsplit("/", 1)[1]]
    yield from ("## The body", "", *fields.both_forms(body, _record(kind), page=_CONTRACT), "", *_forms(kind), "")
    yield from ("## An example", "", *_example(kind))


def _parties(row: Json) -> Iterator[str]:
    only, barred = row["only_senders"], row["barred_senders"]
    if only:
        yield f"- **From** only {', '.join(f'`{name}`' for name in (*only['kinds'], *only['authorities']))}."
    else:
        yield f"- **From** everybody{' but ' + ', '.join(f'`{name}`' for name in barred) if barred else ''}."
    if row["registration"]:
        yield "- **To** the own authority: it is a registration, which others rely on."
    elif row["answers"]:
        yield "- **To** whoever sent the message that it answers; `in_reply_to` names that one."
    else:
        yield "- **To** whoever it concerns; the rules below, or the ground that carries, say who may have it."


def _rules(row: Json) -> Iterator[str]:
    for name in row["exchanges"]:
        titles, said = (
            re.findall(rf"^# {word}: (.*)$", _rego(name), re.MULTILINE) for word in ("title", "description")
        )
        yield from (f"[{titles[0]}](../../policies/exchanges/{name}/{name}.rego). {said[0]}", "")


def _rego(name: str) -> str:
    return (_EXCHANGES / name / f"{name}.rego").read_text("utf-8")


def _asks(row: Json, grounds: Json) -> Iterator[str]:
    if row["items"]:
        yield f"Each item is decided for itself, and goes if one of [the grounds]({_CONTRACT}#grounds) carries it:"
        yield "there it says what each asks. `samband guide`, and the guidance on a request, name those that fit."
        return
    named = row["grounds"] or ()
    if not named:
        weighed = any(re.search(r"^asks ", _rego(name), re.MULTILINE) for name in row["exchanges"])
        yield (
            "What the rules above say."
            if weighed
            else "Nothing: it goes if whoever sends it may, about what is its own."
        )
        return
    yield from ("| ground | provision | test | question |", "|---|---|---|---|")
    for ground in named:
        asks = tests_of(ground)
        ref = grounds[ground]["ref"] or "–"
        for test in asks or ("",):
            asked = texts.text("en", "questions", f"{ground}/{test}") if test else "nothing"
            yield f"| `{ground}` | {ref} | {f'`{test}`' if test else '–'} | {asked} |"


def _record(kind: str) -> Json:
    body = next(field for field in write_avro.schema_of(KINDS[kind])["fields"] if field["name"] == "body")
    record: Json = body["type"]
    return record


def _forms(kind: str) -> Iterator[str]:
    yield "In **JSON** null and empty fields may be left out; times and days are text; other fields are an error."
    yield ""
    yield f"In **Avro** ([`{kind}.avsc`](../avro/{kind}.avsc)) every field is written, null or its default where"
    yield "nothing is said. Times are microseconds since 1970 in UTC, days are days since 1970. The bytes begin with"
    yield "Avro's mark of a single object (`C3 01`, then the schema's fingerprint): so the broker tells them from JSON."


def _example(kind: str) -> Iterator[str]:
    if before := BEFORE.get(kind):
        then = f", on which a [`{before.then}`]({before.then}.md) has followed" if before.then else ""
        earlier = f"[`{before.kind}`]({before.kind}.md){before.like}"
        yield from (f"It rests on an earlier {earlier}, which its `{before.field}` names{then}.", "")
    yield from ("```json", (EXAMPLES / f"{kind}.json").read_text("utf-8").rstrip(), "```", "")
    yield "With an id and the time now it is printed, and decided without being recorded, by:"
    yield from ("", "```", f"samband new {kind} > message.jsonl")
    yield from ("samband check message.jsonl --register scenery/town/authorities.json", "```")
