"""What may be asked for of somebody, before it is asked: the law's own guidance on each sort of information."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from threading import Lock

from agents.agency import Address, Json
from broker.adapters.files.register_file import RegisterFile
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.advice.guidance import question
from broker.model.days import age_on, swedish_day
from broker.model.identity import IdentityError, birth_of
from broker.model.vocabulary import Category, IdType, Purpose, Unit
from broker.runtime.embedded import policy_engine

FORCES = ("duty", "permission", "narrow")
"""What must be given, what may be given, what only in special situations or not at all."""
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Expected:
    """What is to be expected of one sort of information."""

    category: str
    force: str
    grounds: tuple[Json, ...]
    """Of that force, as the law has them."""
    bars: tuple[Json, ...]
    note: str | None


def expect(
    holder: Address, asker: Address, body: Json, when: datetime, *, register: Path | None = None
) -> Mapping[str, Sequence[Expected]]:
    """Each sort of information under its force: duties first. In: a request's body so far, with its purpose.

    Empty where somebody is not in the register, has no purpose yet, or may not ask.
    """
    known = _register(register).current
    held, asked = known.find(holder.authority), known.find(asker.authority)
    if held is None or asked is None or body.get("purpose") not in set(Purpose):
        return {}
    questions = {
        category.value: question(
            held,
            asked,
            category,
            Purpose(body["purpose"]),
            when,
            holder_unit=Unit(holder.unit),
            asker_unit=Unit(asker.unit),
            age=age_on(swedish_day(when), _born(body.get("subject") or {})),
        )
        for category in Category
    }
    with _ONE_AT_A_TIME:
        decisions = _engine().decide(questions)
    rows = [row for decision in decisions.values() for row in decision.guidance]
    expected = [_expected(row) for row in sorted(rows, key=lambda row: list(Category).index(row["category"]))]
    return {force: [one for one in expected if one.force == force] for force in FORCES}


def _expected(row: Json) -> Expected:
    force = next((one for one in FORCES if any(ground["force"] == one for ground in row["grounds"])), FORCES[-1])
    grounds = tuple(ground for ground in row["grounds"] if ground["force"] == force)
    return Expected(str(row["category"]), force, grounds, tuple(row["bars"]), row["note"])


def _born(subject: Json) -> date | None:
    """The day of birth that a person's number tells, or what is stated."""
    try:
        if subject.get("birth_date"):
            return date.fromisoformat(subject["birth_date"])
        sort = subject.get("id_type")
        if sort not in (IdType.PERSONNUMMER, IdType.SAMORDNINGSNUMMER):
            return None
        return date(*birth_of(str(subject.get("id")), coordination=sort == IdType.SAMORDNINGSNUMMER))
    except (IdentityError, ValueError):
        return None


def sort_of(authority: str, register: Path | None) -> str:
    """What kind of authority it is; empty where it is in no register."""
    known = _register(register).current.find(authority.partition("/")[0])
    return known.kind if known else ""


@cache
def _register(file: Path | None) -> RegisterFile:
    return RegisterFile(file)


@cache
def _engine() -> WasmDecisionPoint:
    return policy_engine()
