"""The clocks: when open matters are due, and what happens when time passes (bevakning av tider).

Pure functions from a state and an event, or a moment, to a new state and notices: no clock is read and nothing is
written, so that they run in process here and in agents elsewhere. How long things may take is data (`policies/clocks`).

A host does for each decided message, in the log's order: look up the matters that are due at its time and pass them
to `due`; then look up those that the event names (`sought`), pass them to `after`, and keep what comes back under its
id. Both may be repeated: an event that a matter has taken in does nothing, and a notice's id is derived from matter,
step and recipient.
"""

from collections.abc import Iterable

from broker.deadlines.clocks import ClocksError, Times, moment, read_times, seconds
from broker.deadlines.deadline import (
    CLOSED,
    UNSEEN,
    Clock,
    Event,
    Matter,
    Notice,
    State,
    is_escalated,
    late,
    linkable,
    overdue,
)
from broker.deadlines.escalation import due
from broker.deadlines.event import event_of
from broker.deadlines.start import open_matters
from broker.deadlines.transitions import Sought, advance, link_of, sought

__all__ = [
    "CLOSED",
    "UNSEEN",
    "Clock",
    "ClocksError",
    "Event",
    "Matter",
    "Notice",
    "Sought",
    "State",
    "Times",
    "advance",
    "after",
    "due",
    "event_of",
    "is_escalated",
    "late",
    "link_of",
    "linkable",
    "moment",
    "open_matters",
    "overdue",
    "read_times",
    "seconds",
    "sought",
]


def after(known: Iterable[Matter], event: Event, times: Times) -> tuple[Matter, ...]:
    """The matters that an event changes or opens, and no others."""
    before = tuple(known)
    changed = ((matter, advance(matter, event, times)) for matter in before)
    return tuple(new for old, new in changed if new is not old) + open_matters(event, times, before)
