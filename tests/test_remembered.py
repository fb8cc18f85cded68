"""What is remembered of the law's answers, and when it may be given out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from house import engine

from broker.decision import Decision, PolicyInput
from broker.ports import EngineAway
from broker.remembered import RememberedPolicy

BASES = json.loads((Path(__file__).parent / "cases" / "bases.json").read_text("utf-8"))["bases"]
ONE, OTHER = BASES["consent_to_police"], BASES["consent_to_police"] | {"day": 20260301}


class Counted:
    """The law, and how much it has been asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(engine(), name)

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        if self.away:
            raise EngineAway("away")
        self.asked.append(len(inputs))
        return engine().decide(inputs)


def test_equal_inputs_are_asked_once() -> None:
    law = Counted()
    remembered = RememberedPolicy(law)
    first = remembered.decide({"0": ONE, "1": OTHER, "2": dict(reversed(ONE.items()))})  # type: ignore[dict-item]
    again = remembered.decide({"a": OTHER, "b": ONE})
    assert law.asked == [2, 0]
    assert (again["a"], again["b"]) == (first["1"], first["0"]) == (engine().decide({"0": OTHER})["0"], first["2"])


def test_nothing_remembered_is_given_out_while_the_law_is_away() -> None:
    law = Counted()
    remembered = RememberedPolicy(law)
    remembered.decide({"0": ONE})
    law.away = True
    with pytest.raises(EngineAway):
        remembered.decide({"0": ONE})


def test_no_more_is_kept_than_was_said() -> None:
    law = Counted()
    remembered = RememberedPolicy(law, most=1)
    for asked in (ONE, OTHER, OTHER, ONE):
        remembered.decide({"0": asked})
    assert law.asked == [1, 1, 0, 1]


def test_without_memory_the_law_is_asked_each_time() -> None:
    law = Counted()
    remembered = RememberedPolicy(law, most=0)
    assert remembered.decide({"0": ONE}) == remembered.decide({"0": ONE})
    assert law.asked == [1, 1]
