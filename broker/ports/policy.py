"""The policy decision point: what the law is asked through."""

from collections.abc import Mapping
from typing import Protocol

from broker.model.decision import Decision, Json, PolicyInput, Statute
from broker.ports.faults import Away
from broker.ports.health import LAW
from broker.retention import Classes


class EngineError(Exception):
    """The policy engine gave no usable answer: nothing is delivered (fail closed)."""


class EngineAway(EngineError, Away):
    """No answer of the expected policy, whatever was asked: the engine is away, slow, or has another law or none.

    The same question may well be decided later; a plain EngineError is about the question itself.
    """

    def __init__(self, why: str) -> None:
        super().__init__(LAW, why, why)


def day_of(asked: PolicyInput) -> int:
    """The day (YYYYMMDD) by whose law a question is answered. Raises EngineError where it has none."""
    day = asked.get("day")
    if not isinstance(day, int) or isinstance(day, bool):
        raise EngineError("a question without a day has no answer")
    return day


class PolicyDecisionPoint(Protocol):
    """Asks the law."""

    @property
    def revision(self) -> str:
        """SHA-256 over the policy's sorted Rego and data files."""

    @property
    def grounds(self) -> Mapping[str, str | None]:
        """Every ground that a message may name, and its reference."""

    def on(self, day: int) -> "PolicyDecisionPoint":
        """The law of a day (20261121), where several are held; else this one."""

    @property
    def retention(self) -> Classes:
        """Until when copies of a message are kept."""

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key, in one evaluation. Raises EngineError or EngineAway: then none is decided."""

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item, for an explanation."""

    def statute(self, ref: str, day: int | None = None) -> Statute | None:
        """The text behind a ground's id or a reference, or None.

        `day` (20261121): in the wording of that day, as far as wordings are known; without, in the first of these.
        """


class PassingOn:
    """A PolicyDecisionPoint around another: what it does not do in its own way is that one's answer."""

    def __init__(self, engine: PolicyDecisionPoint) -> None:
        self._engine = engine

    @property
    def revision(self) -> str:
        """SHA-256 over the policy's sorted Rego and data files."""
        return self._engine.revision

    @property
    def grounds(self) -> Mapping[str, str | None]:
        """Every ground that a message may name, and its reference."""
        return self._engine.grounds

    def on(self, day: int) -> PolicyDecisionPoint:
        """The law of a day."""
        return self._engine.on(day)

    @property
    def retention(self) -> Classes:
        """Until when copies of a message are kept."""
        return self._engine.retention

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item, for an explanation."""
        return self._engine.findings(asked)

    def statute(self, ref: str, day: int | None = None) -> Statute | None:
        """The text behind a ground's id or a reference, in the wording of a day, or None."""
        return self._engine.statute(ref, day)
