"""What the pipeline may rely on when it asks the law (`ports.policy.PolicyDecisionPoint`)."""

import re
from copy import deepcopy
from typing import Any

import pytest

from broker.model.decision import PolicyInput
from broker.ports.policy import EngineAway, EngineError, PolicyDecisionPoint


class PolicyDecisionPointContract:
    """Subclasses give `engine` and `asked`, a policy input in whose decision something is released."""

    @pytest.fixture
    def engine(self) -> PolicyDecisionPoint:
        raise NotImplementedError

    @pytest.fixture
    def asked(self) -> PolicyInput:
        raise NotImplementedError

    def test_it_decides_each_message_under_its_key(self, engine: PolicyDecisionPoint, asked: PolicyInput) -> None:
        """One decision for each key, whatever the keys are."""
        assert set(engine.decide({"7": asked, "a": asked})) == {"7", "a"}

    def test_the_same_question_has_the_same_answer(self, engine: PolicyDecisionPoint, asked: PolicyInput) -> None:
        """Alone or in company, now or later: a decision depends on its input alone."""
        other: Any = deepcopy(asked)
        other["items"]["0"]["secrecy"] = []
        alone = engine.decide({"0": asked})["0"]
        together = engine.decide({"0": other, "1": asked, "2": other})
        assert together["1"] == alone == engine.decide({"0": asked})["0"]

    def test_many_at_once_are_each_decided_as_alone(self, engine: PolicyDecisionPoint, asked: PolicyInput) -> None:
        """Also more than one question holds."""
        other: Any = deepcopy(asked)
        other["items"]["0"]["secrecy"] = []
        many = {str(n): other if n % 3 else asked for n in range(450)}
        alone = {True: engine.decide({"0": other})["0"], False: engine.decide({"0": asked})["0"]}
        assert engine.decide(many) == {key: alone[given is other] for key, given in many.items()}

    def test_it_leaves_its_question_alone(self, engine: PolicyDecisionPoint, asked: PolicyInput) -> None:
        """The input is recorded after the decision."""
        before = deepcopy(asked)
        engine.decide({"0": asked})
        engine.findings(asked)
        assert asked == before

    def test_a_forwarded_decision_has_something_released(self, engine: PolicyDecisionPoint, asked: PolicyInput) -> None:
        """A positive ground for each released item, a verdict for each item, in order."""
        decision = engine.decide({"0": asked})["0"]
        assert decision.outcome == "forward"
        assert [item["item"] for item in decision.items] == sorted(int(index) for index in asked["items"])
        assert decision.released
        assert decision.grounds

    @pytest.mark.parametrize("field", ["kind", "day", "sender", "recipient", "items"])
    def test_without_a_fact_there_is_no_release(
        self, engine: PolicyDecisionPoint, asked: PolicyInput, field: str
    ) -> None:
        """Fail closed: an error, or a decision that forwards nothing."""
        less: Any = {name: value for name, value in asked.items() if name != field}
        try:
            decision = engine.decide({"0": less})["0"]
        except EngineError:
            return
        assert decision.outcome != "forward"

    def test_a_question_that_can_not_be_decided_is_an_error_for_all(
        self, engine: PolicyDecisionPoint, asked: PolicyInput
    ) -> None:
        """None is decided: the caller asks each alone. The error tells nothing of the input; the law is not away."""
        unknown: Any = dict(asked) | {"kind": "Kanarie"}
        with pytest.raises(EngineError) as error:
            engine.decide({"0": asked, "1": unknown})
        assert not isinstance(error.value, EngineAway)
        assert "Kanarie" not in str(error.value)
        assert engine.decide({"0": asked})["0"].outcome == "forward"

    def test_it_names_its_policy_and_grounds(self, engine: PolicyDecisionPoint) -> None:
        """The revision is a SHA-256 in hex; each ground has a reference, and most a statute text."""
        assert re.fullmatch("[0-9a-f]{64}", engine.revision)
        assert engine.grounds["s170_6"] == "2025:170 6 §"
        for ground, ref in engine.grounds.items():
            statute = engine.statute(ground)
            assert statute is not None, ground
            assert statute.ref == (ref or "–")
            assert statute.text

    def test_an_unknown_reference_has_no_text(self, engine: PolicyDecisionPoint) -> None:
        """None, not an error."""
        assert engine.statute("s170_99") is None

    def test_a_reference_has_the_text_of_its_ground(self, engine: PolicyDecisionPoint) -> None:
        """By either name the same text, in the words of the law."""
        by_id, by_reference = engine.statute("s170_6"), engine.statute("2025:170 6 §")
        assert by_id is not None
        assert by_id == by_reference

    def test_a_text_is_in_the_wording_of_the_day(self, engine: PolicyDecisionPoint) -> None:
        """LUL 11 § has three, and another for one day; without a day, the first."""
        plans = {
            None: "1990:52",
            20261231: "1990:52",
            20270101: "2026:1600",
            20270102: "2026:1637",
            20300101: "2026:1637",
        }
        for day, plan in plans.items():
            statute = engine.statute("lul_11", day)
            assert statute is not None
            assert plan in statute.text and statute.text.count("2026:1637") == (plan == "2026:1637")
            assert statute.text.endswith("de upplysningar som denne begär i fråga om den unge.")
        one_day, after = engine.statute("1964:167 11 §", 20270101), engine.statute("1964:167 11 §", 20270102)
        assert one_day is not None and after is not None
        assert (one_day.in_force, after.in_force) == ("2027-01-01", "2027-01-02")

    def test_nothing_asked_is_nothing_decided(self, engine: PolicyDecisionPoint) -> None:
        """An answer, not an error."""
        assert engine.decide({}) == {}

    def test_it_tells_what_each_ground_found(self, engine: PolicyDecisionPoint, asked: PolicyInput) -> None:
        """Findings are keyed by ground and item."""
        found = engine.findings(asked)
        assert set(found) <= set(engine.grounds)
        assert all(set(by_item) <= set(asked["items"]) for by_item in found.values())
