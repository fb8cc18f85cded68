"""What an OPA engine's answer means: the raw result of `decision/results` becomes a `Decision`, whoever evaluated it.

Every answer is checked for its shape; anything else is an EngineError, so nothing moves.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, Self, cast

from broker.advice.missing import order_sets, part
from broker.bundle import Bundle
from broker.model.decision import Carried, Decision, Doubt, Json, PolicyInput, Statute
from broker.model.vocabulary import Outcome, WeighingTest
from broker.ports.policy import EngineError
from broker.retention import Classes, read_classes

_TESTS = [test.value for test in WeighingTest]
_OUTCOMES = {Outcome.FORWARD.value, Outcome.WITHHOLD.value, Outcome.REFER.value}
_FORCES = ("duty", "permission", "narrow")
"""Guidance begins with what binds most."""
_ITEM_OUTCOMES = {"release", Outcome.WITHHOLD.value, Outcome.REFER.value}
_FORM: Mapping[str, Any] = {
    **{"outcome": str, "quarantine": NoneType, "partial": bool, "appeal": (dict, NoneType)},
    "unit": (str, NoneType),
    **dict.fromkeys(("items", "grounds", "bars", "guidance"), dict),
    **dict.fromkeys(("asks", "cuts", "marks", "doubtful", "tells", "consents"), list),
}
_FORM_OF_ITEM: Mapping[str, Any] = {
    **{"outcome": str, "asks": list, "doubtful": list, "uses": list, "open": dict, "missing": list},
    **dict.fromkeys(("bar", "ground", "ref", "refer_to"), (str, NoneType)),
}
_FORM_OF_QUARANTINE: Mapping[str, Any] = {"outcome": str, "quarantine": str}


ITEMS = 200
"""Items of one question, at most, unless one message has more: its answer comes in time, and its memory is bounded."""


class RegoEngine(ABC):
    """PolicyDecisionPoint over a bundle's tables and texts; how the question is put is for the subclass to say."""

    def __init__(self, bundle: Bundle) -> None:
        tables = json.loads(bundle.tables)
        self._table: dict[str, Any] = tables["law"]
        self._retention = read_classes(tables["retention"])
        # JSON writes an object's keys in the order of the alphabet, the contract has its own.
        in_order = sorted(self._table["grounds"].items(), key=lambda pair: int(pair[1]["order"]))
        self._table["grounds"] = dict(in_order)
        self._statutes = bundle.statutes
        self._revision = bundle.revision

    @property
    def revision(self) -> str:
        """SHA-256 over the policy's sorted Rego and data files."""
        return self._revision

    @property
    def retention(self) -> Classes:
        """Until when copies of a message are kept."""
        return self._retention

    @property
    def grounds(self) -> Mapping[str, str | None]:
        """Every ground that a message may name and its reference, in the contract's order."""
        return {ground: row["ref"] for ground, row in self._table["grounds"].items()}

    def on(self, day: int) -> Self:
        """This one law holds on every day."""
        return self

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key. Raises EngineError: then none is decided."""
        decisions: dict[str, Decision] = {}
        for question in _questions(inputs):
            decisions |= self._read_decisions(question)
        return decisions

    def _read_decisions(self, inputs: Mapping[str, PolicyInput]) -> dict[str, Decision]:
        results = self._ask("decision/results", inputs)
        if set(results) != set(inputs):
            raise EngineError("the policy did not answer for each message")
        try:
            return {key: self._decision(inputs[key], result) for key, result in results.items()}
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise EngineError(f"the policy's answer has another shape ({type(error).__name__})") from None

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item: {ground: {item: finding}}."""
        return cast(Json, self._ask("decision/findings", {"0": asked}).get("0", {}))

    def statute(self, ref: str, day: int | None = None) -> Statute | None:
        """The text of a ground, by its id, or of a paragraph, by its reference, in the wording of a day."""
        row = self._table["grounds"].get(ref)
        paragraph = self._statutes.get("/".join(row["at"])) if row else None
        if paragraph is None:
            paragraph = next((entry for entry in self._statutes.values() if entry["ref"] == ref), None)
        if paragraph is None:
            return None
        later = [wording for wording in paragraph.get("coming", ()) if day and _as_number(wording["from"]) <= day]
        wording = later[-1] if later else {"from": paragraph.get("in_force"), "text": paragraph["text"]}
        return Statute(
            ref=paragraph["ref"],
            title=paragraph["title"],
            text=wording["text"].strip(),
            in_force=wording["from"],
            doubts=tuple(Doubt(sv=doubt["sv"], en=doubt["en"]) for doubt in paragraph.get("doubts") or ()),
        )

    @abstractmethod
    def _ask(self, entrypoint: str, inputs: Mapping[str, PolicyInput]) -> dict[str, Any]:
        """The entrypoint's answer, an object with the inputs' keys; raises EngineError whatever goes wrong."""

    def _decision(self, asked: PolicyInput, result: dict[str, Any]) -> Decision:
        if result["quarantine"] is not None:
            _require(_FORM_OF_QUARANTINE, result)
            return Decision(outcome=Outcome.QUARANTINE.value, quarantine=result["quarantine"], policy=self._revision)
        _require(_FORM, result)
        items = tuple(
            self._item(asked, int(index), item) for index, item in sorted(result["items"].items(), key=_by_index)
        )
        decision = Decision(
            policy=self._revision,
            outcome=result["outcome"],
            partial=result["partial"],
            grounds=tuple({"id": g, "ref": row["ref"]} for g, row in self._in_order(asked, result["grounds"])),
            bars=tuple(
                {"id": bar, "ref": row["ref"], "items": sorted(int(i) for i in row["items"])}
                for bar, row in sorted(result["bars"].items(), key=lambda pair: (_least(pair[1]["items"]), pair[0]))
            ),
            items=items,
            guidance=tuple(self._advice(c, result["guidance"][c]) for c in _categories(asked, result["guidance"])),
            doubtful=tuple(sorted(result["doubtful"])),
            asks=tuple(_tests(result["asks"])),
            cuts=tuple(sorted(result["cuts"])),
            marks=tuple(sorted(result["marks"])),
            tells=tuple(sorted(result["tells"])),
            consents=tuple(sorted(result["consents"])),
            appeal=result["appeal"],
            unit=result["unit"],
            carried={
                int(index): Carried(item["ground"], frozenset(item["uses"]))
                for index, item in result["items"].items()
                if item["outcome"] == "release"
            },
        )
        _check(asked, decision, self._table["kinds"][asked["kind"]]["items"])
        return decision

    def _order(self, asked: PolicyInput) -> list[str]:
        return asked["basis"] or list(self._table["grounds"])

    def _in_order(self, asked: PolicyInput, grounds: dict[str, Any]) -> list[tuple[str, Any]]:
        order = self._order(asked)
        return sorted(grounds.items(), key=lambda pair: (_least(pair[1]["items"]), order.index(pair[0])))

    def _item(self, asked: PolicyInput, index: int, item: dict[str, Any]) -> Json:
        _require(_FORM_OF_ITEM, item)
        outcome: Json = {"item": index, "outcome": item["outcome"], "ref": item["ref"], "asks": _tests(item["asks"])}
        if item["outcome"] == Outcome.REFER.value:
            lacking = sorted(item["open"].items(), key=lambda pair: self._order(asked).index(pair[0]))
            open_to = [{"ground": g, "ref": row["ref"], "asks": _tests(row["asks"])} for g, row in lacking]
            outcome |= {"ground": item["ground"], "refer_to": item["refer_to"], "open": open_to}
        if item["outcome"] != "release":
            outcome["missing"] = order_sets(frozenset(map(part, way)) for way in item["missing"])
        return outcome

    def _advice(self, category: str, advice: dict[str, Any]) -> Json:
        order = list(self._table["grounds"])
        grounds = sorted(
            advice["grounds"].items(), key=lambda pair: (_FORCES.index(pair[1]["force"]), order.index(pair[0]))
        )
        return {
            "category": category,
            "grounds": [
                {"id": g, "ref": row["ref"], "force": row["force"], "asks": _tests(row["asks"])} for g, row in grounds
            ],
            "bars": [{"id": bar, "ref": ref} for bar, ref in sorted(advice["bars"].items())],
            "note": advice["note"],
        }


def _as_number(day: str) -> int:
    return int(day.replace("-", ""))


def _tests(tests: Iterable[str]) -> list[str]:
    return sorted(tests, key=_TESTS.index)


def _by_index(pair: tuple[str, Any]) -> int:
    return int(pair[0])


def _least(items: Iterable[str]) -> int:
    return min((int(i) for i in items), default=-1)


def _categories(asked: PolicyInput, guidance: Mapping[str, Any]) -> list[str]:
    wanted = [asked["items"][i]["category"] for i in sorted(asked["items"], key=int)]
    return [category for category in dict.fromkeys(wanted) if category in guidance]


def _require(form: Mapping[str, Any], answer: Any) -> None:
    """Refuse an answer that lacks a field, has one that no rule writes, or one of another type. Raises ValueError."""
    if set(answer) != set(form) or not all(isinstance(answer[name], wanted) for name, wanted in form.items()):
        raise ValueError


def _questions(inputs: Mapping[str, PolicyInput]) -> Iterator[dict[str, PolicyInput]]:
    """One question, be it empty; several where there are many items."""
    question: dict[str, PolicyInput] = {}
    items = 0
    for key, asked in inputs.items():
        if question and items + len(asked.get("items", ())) > ITEMS:
            yield question
            question, items = {}, 0
        question[key] = asked
        items += len(asked.get("items", ()))
    yield question


def _check(asked: PolicyInput, decision: Decision, has_items: bool) -> None:
    """Refuse an answer that does not hold together: fail closed."""
    if decision.outcome not in _OUTCOMES or any(item["outcome"] not in _ITEM_OUTCOMES for item in decision.items):
        raise ValueError
    judged = [item["item"] for item in decision.items]
    if judged != (sorted(int(index) for index in asked["items"]) if has_items else []):
        raise ValueError
    if has_items and (decision.outcome == Outcome.FORWARD.value) != bool(decision.released):
        raise ValueError
