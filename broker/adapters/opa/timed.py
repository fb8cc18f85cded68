"""Measures the law: a PolicyDecisionPoint around a PolicyDecisionPoint, for the heart reads no clock."""

import time
from collections.abc import Callable, Mapping

from broker.model.decision import Decision, PolicyInput
from broker.ports.policy import PassingOn, PolicyDecisionPoint
from broker.ports.telemetry import Metrics


class TimedDecisionPoint(PassingOn):
    """A PolicyDecisionPoint that tells how long the law takes, and which one answers. Answers are the engine's own."""

    def __init__(
        self, engine: PolicyDecisionPoint, metrics: Metrics, timer: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(engine)
        self._metrics = metrics
        self._timer = timer
        metrics.policy(engine.revision)

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key, in one evaluation. Raises EngineError: then none is decided."""
        started, answered = self._timer(), False
        try:
            answer = self._engine.decide(inputs)
            answered = True
            return answer
        finally:
            self._metrics.observe_decisions(self._timer() - started, answered=answered)
