"""What the agents do, once a record is there or time has passed.

Knows no Kafka.

Records are taken in some at a time, in one transaction: all that they bring about becomes durable with their place in
the log. A task that can't take one in writes it down as skipped, which rings; the others and the next records go on.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import NamedTuple

from broker.adapters.sql.agent_store import AgentState, AgentStore, Concern, Missed, Skipped
from broker.deadlines import Event, Times, event_of
from broker.model.canonical import parse
from broker.model.decision import Json
from broker.pipeline import notices
from broker.pipeline.reactions import Watch
from broker.ports.faults import Away

Task = Callable[[Sequence["Taken"], AgentState], None]
"""Records in order, and what comes of them."""

log = logging.getLogger("samband.agents")


class Record(NamedTuple):
    """A record as it lies in its source."""

    position: int
    value: bytes


class Taken:
    """A record that is taken in. Raises ValueError where it is not JSON."""

    def __init__(self, record: Record) -> None:
        self.position = record.position
        self.leaf: Json = parse(record.value)

    @cached_property
    def event(self) -> Event | None:
        """What the clocks see of it; None where it is no message's. Raises KeyError, TypeError or ValueError."""
        return event_of(self.leaf, self.position) if self.leaf["record"] == "decision" else None


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

    def take_all(self, records: Sequence[Record], follows: int = -1) -> int:
        """Take in records that follow one another, in one transaction. Gives how many were not before.

        `follows`: the place of the last record before them. Where that fails each is taken in by itself, so that one
        that can't be is alone in being skipped. Raises Away, or Missed.
        """
        try:
            return self._take_whole(records, follows)
        except (Away, Missed):
            raise
        except Exception:
            return sum(self._take_apart(record) for record in records)

    def _take_whole(self, records: Sequence[Record], follows: int) -> int:
        last = max(record.position for record in records)
        with self._store.taking(self._source, last, follows) as taking:
            if taking is None:
                return 0
            (state, at), new = taking, list[Taken]()
            for record in records:  # where the log has changed hands some come again
                if record.position > at:
                    new.append(Taken(record))
                    at = record.position
            for task in self._tasks().values():
                task(new, state)
            return len(new)

    def _take_apart(self, record: Record) -> bool:
        """Each task by itself, which costs more: one that fails is written down as skipped."""
        with self._store.taking(self._source, record.position) as taking:
            if taking is None:
                return False
            state, _ = taking
            for name in self._tasks():
                skipped = Skipped(self._source, record.position, name)
                if why := state.try_whole(skipped, partial(self._do, name, record, state)):
                    log.error("record %d: %s: skipped by %s: see 'samband agents skipped'", record.position, why, name)
            return True

    def retry(self, value: bytes, skipped: Skipped) -> str | None:
        """Take in what was skipped, this task alone. Gives why it can't, None when it has. Raises Away."""
        with self._store.passing(self._source) as state:
            record = Record(skipped.position, value)
            why = state.try_whole(skipped, partial(self._do, skipped.task, record, state))
            if why is None:
                state.forget_skipped(skipped)
            return why

    def _do(self, task: str, record: Record, state: AgentState) -> None:
        self._tasks()[task]([Taken(record)], state)

    def pass_time(self, now: datetime) -> int:
        """What is due now is told. Gives the number of notices. Raises Away."""
        with self._store.passing(self._source) as state:
            return _tell(Watch(state, self._times, contacts=self._contacts), now, state)

    def _tasks(self) -> dict[str, Task]:
        return {"clocks": self._clocks, "concerns": _concerns}

    def _clocks(self, records: Sequence[Taken], state: AgentState) -> None:
        """Reminders and escalation (bevakning av tider)."""
        watch = Watch(state, self._times, contacts=self._contacts)
        watch.foresee([record.event for record in records if record.event])
        due: list[notices.OwnNotice] = []
        for record in records:
            watch.move(record.leaf)
            if record.event is None:
                continue
            if self._message_time:
                due += watch.due_notices(datetime.fromisoformat(record.leaf["time"]))
            watch.take(record.event)
        state.tell(due)
        state.keep(watch.changed_matters())


def _tell(watch: Watch, now: datetime, state: AgentState) -> int:
    due = watch.due_notices(now)
    state.tell(due)
    state.keep(watch.changed_matters())
    return len(due)


def _concerns(records: Sequence[Taken], state: AgentState) -> None:
    """The board is told when others have notified of the same child (samband mellan orosanmälningar)."""
    begun = 0
    for n, record in enumerate(records):
        if moved := record.leaf.get("moved"):  # those before it know the child under the older token
            _link(records[begun:n], state)
            state.move_concerns(moved)
            begun = n
    _link(records[begun:], state)


def _link(records: Sequence[Taken], state: AgentState) -> None:
    """Each notification, over those that were delivered before it, also of these records."""
    concerns = [(record, *whom) for record in records if (whom := notices.of_child(record.leaf))]
    delivered = state.concerns({child for _, _, child in concerns})
    linked, added = list[notices.OwnNotice | None](), list[Concern]()
    for record, board, child in concerns:
        linked.append(notices.of_concerns(record.leaf, lambda *whom: delivered.get(whom, ())))
        concern = Concern(board, child, record.leaf["sender"]["authority"], record.leaf["message"], record.position)
        delivered.setdefault((board, child), []).append((concern.sender, concern.message))
        added.append(concern)
    state.tell([notice for notice in linked if notice])
    state.add_concerns(added)
