"""The command that asks recorded decisions again under the installed policy."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Record
from broker.cli import arguments, list_view
from broker.cli.options import LARGEST, NEARBY, AsJson, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.model.days import as_number
from broker.model.decision import Decision, Json, PolicyInput, in_todays_form
from broker.pipeline.pipeline import BATCH
from broker.ports.policy import EngineError, PolicyDecisionPoint
from broker.runtime import embedded

_NOT_OF_THE_LAW = ("message", "policy", "fetched")
"""What a receipt holds beside the law's answer."""

_LATER = ("open", "missing")
"""What receipts tell of an item, and earlier ones did not: where it was not told, it has not changed."""

SHOWN = 100
"""Most differences that are shown for people."""


def replay(
    *,
    data: Kept = NEARBY,
    limit: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, metavar="N", help="Only the newest N records.")
    ] = None,
    day: Annotated[
        date | None,
        typer.Option(parser=arguments.day, metavar="YYYY-MM-DD", help="As if this were the day of each message."),
    ] = None,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Ask each recorded decision again under the installed policy. Exit status 1 when any answer differs.

    With --day as if that were the day of each message; ages stay those on the message's own day, since no record
    holds a day of birth (åldrar är de på meddelandets dag).
    """
    output = Output(lang, as_json=as_json, parties=authorities.load(register))
    words = output.words
    engine = embedded.policy_engine()
    asked = differing = 0
    shown: list[Json] = []
    with archives.open_archive(data) as archive:
        size = archive.size()
        start = max(0, size - limit) if limit else 0
        with output.progress(words("replaying"), size - start) as advance:
            for record, now in _again(engine, archive.decisions(start), day):
                asked += 1
                difference = _difference(record, now)
                if difference is not None:
                    differing += 1
                    if as_json:
                        output.line(difference)
                    elif differing <= SHOWN:
                        shown.append(difference)
                if asked % BATCH == 0:
                    advance(record.seq - start, asked)
    if not as_json:
        if shown:
            output.show(list_view.differences(words, shown))
        if day:
            output.show(Text(words("replayed_on", day=f"{day:%Y-%m-%d}"), style="dim"))
        style = "bold red" if differing else "green"
        output.show(Text(words("replayed", asked=number(asked), differing=number(differing)), style=style))
    output.flush()
    if differing:
        raise Stop(1)


def _again(
    engine: PolicyDecisionPoint, records: Iterator[Record], day: date | None
) -> Iterator[tuple[Record, Decision | None]]:
    """Each record with its new decision, asked a batch at a time; None where the engine gives none."""
    while batch := list(islice(records, BATCH)):
        inputs = {str(record.seq): _on(day, in_todays_form(record.leaf["input"])) for record in batch}
        try:
            answers: dict[str, Decision | None] = dict(engine.decide(inputs))
        except EngineError:
            answers = {key: _alone(engine, asked) for key, asked in inputs.items()}
        for record in batch:
            yield record, answers[str(record.seq)]


def _on(day: date | None, asked: PolicyInput) -> PolicyInput:
    """What is asked, on another day; so is an offence whose day is not stated, which is taken to be the message's."""
    if day is None:
        return asked
    offence = asked["offence"]
    if offence and offence["day"] == asked["day"] and not asked.get("offence_dated", True):
        offence = {**offence, "day": as_number(day)}
    return {**asked, "day": as_number(day), "offence": offence}


def _alone(engine: PolicyDecisionPoint, asked: PolicyInput) -> Decision | None:
    try:
        return engine.decide({"0": asked})["0"]
    except EngineError:
        return None


def _difference(record: Record, now: Decision | None) -> Json | None:
    receipt = record.leaf["receipt"]
    then = {name: value for name, value in receipt.items() if name not in _NOT_OF_THE_LAW}
    if now is not None and now.quarantine is None:
        again = json.loads(json.dumps(now.receipt()))
        again["items"] = [_as_then(was, one) for was, one in zip(then["items"], again["items"], strict=True)]
    else:
        again = {**then, "outcome": "engine_error" if now is None else "quarantine", "items": []}
    if then == again:
        return None
    changed = sorted(name for name in {*then, *again} if then.get(name) != again.get(name))
    of = {name: record.leaf.get(name) for name in ("message", "kind", "sender", "recipient")}
    return {"seq": record.seq, **of, "changed": changed, "then": then, "now": again}


def _as_then(was: Json, now: Json) -> Json:
    """A verdict on an item, told as the recorded one is."""
    return {name: value for name, value in now.items() if name in was or name not in _LATER}
