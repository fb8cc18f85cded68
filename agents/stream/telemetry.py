"""What the agents tell of themselves: how far behind they are, what is waited for, and what does not answer."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from broker import cloudevents
from broker.adapters.sql.agent_store import AgentStore
from broker.deadlines import seconds
from broker.ports.faults import Away
from broker.ports.health import KAFKA, POSTGRES, Health
from broker.ports.telemetry import UNMEASURED, Metrics, waiting
from broker.ports.tracing import UNTRACED, Tracing
from broker.runtime.register import FollowedRegister

DEPENDENCIES = (KAFKA, POSTGRES)
"""What agents are not ready without."""


class Signs:
    """Told by the agents' loop as it goes."""

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        store: AgentStore,
        register: FollowedRegister,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._metrics = metrics
        self._health = health
        self._store = store
        self._register = register
        self._tracing = tracing

    def log_seen(self, behind: int | None) -> None:
        """The log answers, so many records ahead; None: another process reads it."""
        self._health.mark_turn()
        self._health.mark_up(KAFKA)
        if behind is not None:
            self._metrics.lag("agents", [behind])

    def taking(self, headers: cloudevents.Wire) -> AbstractContextManager[None]:
        """Around what takes a record in, which goes on in the trace that its headers name."""
        try:
            return self._tracing.taking(cloudevents.read(headers).trace)
        except cloudevents.BadHeaders:
            return self._tracing.taking(None)

    def state_seen(self, skipped: int) -> None:
        """The database answers, and time has passed: a register that has changed is taken in. In: records skipped."""
        self._metrics.set_skipped(skipped)
        self._register.look()
        self._health.mark_up(POSTGRES)

    def mark_failure(self, error: Exception) -> None:
        """Something is to be tried again: the database where it says so, else the cluster."""
        component = error.component if isinstance(error, Away) else KAFKA
        self._health.mark_down(component, error if isinstance(error, Away) else type(error).__name__)
        self._health.mark_turn()
        self._metrics.count_retry(component)

    def mark_tick(self) -> None:
        """Time has passed: what was due is told. Raises Away."""
        if self._metrics is UNMEASURED:
            return
        now = seconds(datetime.now(UTC))
        self._metrics.waiting(waiting(self._store.open_matters(), now, self._register.file.register.kind))
        self._metrics.mark_tick()
