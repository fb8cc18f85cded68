"""What of a message's way through the broker is told to who follows traces: a port that is given stages as they pass.

Every room may be handed `UNTRACED`, which does nothing. What is told holds no identity: kinds, outcomes, codes, moments
and numbers; of what names nobody nothing at all, for the trace that its sender began would lead to it.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Protocol

from broker.cloudevents import Trace
from broker.model.decision import Json
from broker.ports.transport import Handled, Input


class Stage(StrEnum):
    """A stage of a message's way, in their order; embedded, what is recorded is delivered with it."""

    DECODE = "decode"
    FACTS = "facts"
    LAW = "law"
    RECORD = "record"
    FORWARD = "forward"


class Tracing(Protocol):
    """Tells where messages are and were. No call raises or waits."""

    def stage(self, stage: Stage, *inputs: Input) -> AbstractContextManager[None]:
        """Measures what is done inside: one stage of these inputs, all at once."""

    def end(self, handled: Iterable[Handled]) -> None:
        """These are through, and may be told of."""

    def forget(self) -> None:
        """Work is begun anew: nothing is told of inputs that are not through."""

    def taking(self, trace: Trace | None) -> AbstractContextManager[None]:
        """Measures what is done inside: a record of this trace is taken in by agents."""


class Untraced:
    """Tracing that nobody follows."""

    def stage(self, stage: Stage, *inputs: Input) -> AbstractContextManager[None]:
        return _NOTHING

    def end(self, handled: Iterable[Handled]) -> None: ...
    def forget(self) -> None: ...
    def taking(self, trace: Trace | None) -> AbstractContextManager[None]:
        return _NOTHING


_NOTHING = nullcontext()
UNTRACED: Tracing = Untraced()


def attributes(leaf: Json) -> Mapping[str, str]:
    """What may be told of an input by its record: which sort it is, kind, outcome, and of what is unusable the code."""
    receipt = leaf["receipt"] or {}
    told = {
        "record": leaf["record"],
        "kind": leaf.get("kind"),
        "outcome": receipt.get("outcome"),
        "code": (receipt.get("error") or {}).get("code"),
    }
    return {f"samband.{name}": value for name, value in told.items() if value}
