"""Measures the law: a PolicyDecisionPoint around a PolicyDecisionPoint, for the heart reads no clock."""

import time
from collections.abc import Callable, Mapping

from broker.model.decision import Decision, Json, PolicyInput, Statute
from broker.ports.policy import PolicyDecisionPoint
from broker.ports.telemetry import Metrics


class TimedDecisionPoint:
    """A PolicyDecisionPoint that tells how long the law takes, and which one answers. Answers are the engine's own."""

    def __init__(
        self, engine: PolicyDecisionPoint, metrics: Metrics, timer: Callable[[], float] = time.perf_counter
    ) -> None:
        self._engine = engine
        self._metrics = metrics
        self._timer = timer
        metrics.policy(engine.revision)

    @property
    def revision(self) -> str:
        """SHA-256 over the policy's sorted Rego and data files."""
        return self._engine.revision

    @property
    def grounds(self) -> Mapping[str, str | None]:
        """Every ground that a message may name, and its reference."""
        return self._engine.grounds

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key, in one evaluation. Raises EngineError: then none is decided."""
        started, answered = self._timer(), False
        try:
            answer = self._engine.decide(inputs)
            answered = True
            return answer
        finally:
            self._metrics.observe_decisions(self._timer() - started, answered=answered)

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item, for an explanation."""
        return self._engine.findings(asked)

    def statute(self, ref: str, day: int | None = None) -> Statute | None:
        """The text behind a ground's id or a reference, in the wording of a day, or None."""
        return self._engine.statute(ref, day)
