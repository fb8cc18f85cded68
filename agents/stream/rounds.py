"""What the agents do, once a record is there or time has passed.

Knows no Kafka.

Each task takes a record in by itself: one that can't is written down as skipped, which rings, and the others and the
next records go on. All that a record brings about becomes durable with its place in the log.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from broker.adapters.sql.agent_store import AgentState, AgentStore, Skipped
from broker.deadlines import Times, event_of
from broker.model.decision import Json
from broker.model.vocabulary import Outcome
from broker.pipeline import notices
from broker.pipeline.reactions import Watch
from broker.ports.faults import Away

Leaf = Json
Task = Callable[[Leaf, int, AgentState], None]

log = logging.getLogger("samband.agents")


class Rounds:
    """The agents' work on the records of one source.

    `message_time`: time passes with the messages, as when a file is run, so that a run can be repeated to the same
    notices. Else it passes by `pass_time` alone.
    """

    def __init__(
        self,
        store: AgentStore,
        times: Times,
        source: str,
        *,
        message_time: bool = False,
        contacts: notices.Contacts = notices.nobody,
    ) -> None:
        self._store = store
        self._times = times
        self._source = source
        self._message_time = message_time
        self._contacts = contacts

    def take(self, value: bytes, position: int) -> bool:
        """Take in a record; False where it has been taken in before. Raises Away."""
        try:
            return self._take(value, position, apart=False)
        except Away:
            raise
        except Exception:
            return self._take(value, position, apart=True)

    def _take(self, value: bytes, position: int, *, apart: bool) -> bool:
        """All tasks; `apart`: each by itself, which costs more."""
        with self._store.taking(self._source, position) as state:
            if state is None:
                return False
            for name in self._tasks():
                do = partial(self._do, name, value, position, state)
                if not apart:
                    do()
                elif why := state.try_whole(Skipped(self._source, position, name), do):
                    log.error("record %d: %s: skipped by %s: see 'samband agents skipped'", position, why, name)
            return True

    def retry(self, value: bytes, skipped: Skipped) -> str | None:
        """Take in what was skipped, this task alone. Gives why it can't, None when it has. Raises Away."""
        with self._store.passing(self._source) as state:
            why = state.try_whole(skipped, partial(self._do, skipped.task, value, skipped.position, state))
            if why is None:
                state.forget_skipped(skipped)
            return why

    def _do(self, task: str, value: bytes, position: int, state: AgentState) -> None:
        self._tasks()[task](json.loads(value), position, state)

    def pass_time(self, now: datetime) -> int:
        """What is due now is told. Gives the number of notices. Raises Away."""
        with self._store.passing(self._source) as state:
            return _tell(Watch(state, self._times, contacts=self._contacts), now, state)

    def _tasks(self) -> dict[str, Task]:
        return {"clocks": self._clocks, "concerns": _concerns}

    def _clocks(self, leaf: Leaf, position: int, state: AgentState) -> None:
        """Reminders and escalation (bevakning av tider)."""
        watch = Watch(state, self._times, contacts=self._contacts)
        watch.move(leaf)
        if leaf["record"] != "decision":
            state.keep(watch.changed_matters())
            return
        if self._message_time:
            _tell(watch, datetime.fromisoformat(leaf["time"]), state)
        watch.take(leaf, position)
        state.keep(watch.changed_matters())


def _tell(watch: Watch, now: datetime, state: AgentState) -> int:
    due = watch.due_notices(now)
    state.tell(due)
    state.keep(watch.changed_matters())
    return len(due)


def _concerns(leaf: Leaf, position: int, state: AgentState) -> None:
    """The board is told when others have notified of the same child (samband mellan orosanmälningar)."""
    state.move_concerns(leaf.get("moved", ()))
    if notice := notices.of_concerns(leaf, state.earlier):
        state.tell([notice])
    if _is_forwarded(leaf, "ConcernNotification") and leaf["subject"] is not None and leaf["persons"]:
        event, board = event_of(leaf, position), leaf["recipient"]["authority"]
        state.add_concern(board, leaf["subject"], event.sender, event.id, position)


def _is_forwarded(leaf: Leaf, kind: str) -> bool:
    decided = leaf["record"] == "decision" and leaf["kind"] == kind
    return bool(decided and leaf["receipt"]["outcome"] == Outcome.FORWARD)
