"""What is remembered of the law's answers, and when it may be given out."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from house import engine
from policy_inputs import SHARED
from policy_tools import POLICIES

from broker import authorities
from broker.model.decision import Decision, PolicyInput
from broker.pipeline.decision_cache import UNNAMED, DecisionCache
from broker.ports.policy import EngineAway

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
    remembered = DecisionCache(law)
    first = remembered.decide({"0": ONE, "1": OTHER, "2": dict(reversed(ONE.items()))})  # type: ignore[dict-item]
    again = remembered.decide({"a": OTHER, "b": ONE})
    assert law.asked == [2, 0]
    assert (again["a"], again["b"]) == (first["1"], first["0"]) == (engine().decide({"0": OTHER})["0"], first["2"])


def test_nothing_remembered_is_given_out_while_the_law_is_away() -> None:
    law = Counted()
    remembered = DecisionCache(law)
    remembered.decide({"0": ONE})
    law.away = True
    with pytest.raises(EngineAway):
        remembered.decide({"0": ONE})


def test_no_more_is_kept_than_was_said() -> None:
    law = Counted()
    remembered = DecisionCache(law, most=1)
    for asked in (ONE, OTHER, OTHER, ONE):
        remembered.decide({"0": asked})
    assert law.asked == [1, 1, 0, 1]


def test_without_memory_the_law_is_asked_each_time() -> None:
    law = Counted()
    remembered = DecisionCache(law, most=0)
    assert remembered.decide({"0": ONE}) == remembered.decide({"0": ONE})
    assert law.asked == [1, 1]


def elsewhere(asked: PolicyInput) -> PolicyInput:
    """The same between other parties of the same sorts, where the law names none of that sort."""
    told = json.dumps(asked)
    for party in (asked["sender"], asked["recipient"]):
        for name in (party["id"], party["authority"]):
            if name.startswith(UNNAMED):
                told = told.replace(f'"{name}"', f'"{name}-och-nagon-annan"')
    moved: PolicyInput = json.loads(told)
    return moved


def test_another_municipality_is_answered_from_memory() -> None:
    law = Counted()
    remembered = DecisionCache(law)
    here = next(asked for asked in BASES.values() if asked["sender"]["kinds"] == ["municipality"])
    first = remembered.decide({"0": here})["0"]
    assert elsewhere(here) != here
    assert remembered.decide({"0": elsewhere(here)})["0"] == first
    assert law.asked == [1, 0]


def test_another_state_authority_is_asked_about() -> None:
    law = Counted()
    remembered = DecisionCache(law)
    here = next(asked for asked in BASES.values() if asked["recipient"]["authority"] == "polismyndigheten")
    customs = here | {"recipient": here["recipient"] | {"id": "tullverket", "authority": "tullverket"}}
    remembered.decide({"0": here})
    remembered.decide({"0": customs})
    assert law.asked == [1, 1]


def test_a_school_of_a_state_authority_is_not_one_of_a_municipality() -> None:
    """Both are of the kind school, but in law one of them is the authority, which the law may name."""
    law = Counted()
    remembered = DecisionCache(law)
    here = next(asked for asked in BASES.values() if asked["sender"]["kinds"] == ["municipality"])
    school = here["sender"] | {"id": "skola-1", "kinds": ["school"]}
    for principal in ("kommun-0127", "statens-institutionsstyrelse", "kommun-0180"):
        remembered.decide({"0": here | {"sender": school | {"principal": principal, "authority": principal}}})
    assert law.asked == [1, 1, 0]


def test_a_party_and_itself_are_not_two_parties() -> None:
    """Whether two names are the same is all that the law asks of them, and memory keeps it."""
    law = Counted()
    remembered = DecisionCache(law)
    here = next(asked for asked in BASES.values() if asked["sender"]["kinds"] == ["municipality"])
    remembered.decide({"0": here | {"recipient": here["sender"]}})
    remembered.decide({"0": here | {"recipient": elsewhere(here)["sender"]}})
    assert law.asked == [1, 1]


@pytest.mark.slow
def test_the_law_can_t_tell_one_municipality_from_another() -> None:
    """Each shared case, moved to a place with another name, is decided the same."""
    cases = {str(n): asked for n, asked in enumerate(SHARED)}
    moved = {n: elsewhere(asked) for n, asked in cases.items()}
    assert sum(moved[n] != cases[n] for n in cases) > 500
    assert engine().decide(moved) == engine().decide(cases)


def test_the_law_names_none_of_them() -> None:
    files = (file for file in POLICIES.rglob("*") if file.suffix in (".rego", ".json") and "_test" not in file.stem)
    law = "".join(file.read_text("utf-8") for file in files)
    names = [party.id for party in authorities.load() if party.id.startswith(UNNAMED)]
    assert len(names) > 300
    assert [name for name in names if f'"{name}' in law] == []
    begun = {start for start in UNNAMED for found in re.findall(rf'"({start}[^"]*)"', law) if found != start}
    assert begun == set(), "the law may look at how a name begins, and no further"
