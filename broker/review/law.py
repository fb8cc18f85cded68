"""The law that is installed here, asked by one page at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from broker.ports.policy import PolicyDecisionPoint
from broker.runtime import embedded


def _installed() -> PolicyDecisionPoint:
    return embedded.policy_engine()


class Law:
    """In: what makes the engine, when it is asked for the first time."""

    def __init__(self, make: Callable[[], PolicyDecisionPoint] = _installed) -> None:
        self._make, self._lock = make, Lock()
        self._engine: PolicyDecisionPoint | None = None

    @contextmanager
    def asked(self) -> Iterator[PolicyDecisionPoint]:
        """The engine, for oneself alone. Raises BundleError."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            yield self._engine
