"""Asks recorded decisions again, under the law of today or another."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice

from broker.adapters.sql.read_model import Record
from broker.model.days import as_number
from broker.model.decision import Decision, Json, PolicyInput, in_todays_form
from broker.pipeline.pipeline import BATCH
from broker.ports.policy import EngineError, PolicyDecisionPoint

_NOT_OF_THE_LAW = ("message", "policy", "fetched", "retention")
"""What a receipt holds beside the law's answer."""

_LATER = ("open", "missing")
"""What receipts tell of an item, and earlier ones did not: where it was not told, it has not changed."""


def ask_again(
    engine: PolicyDecisionPoint, records: Iterator[Record], day: date | None = None
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


def difference(record: Record, now: Decision | None) -> Json | None:
    """What an answer of today has otherwise than the recorded one; None: nothing."""
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
