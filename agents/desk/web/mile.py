"""How far a message has come: accepted, delivered, fetched, opened by a person, registered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.desk.store import Row, SentRow
from agents.desk.texts import Words

_SOON = timedelta(minutes=1)
"""For so long after sending nobody waits for contact: the broker is asked every few seconds."""
_FINAL = ("not_for_us", "handed_over")


@dataclass(frozen=True)
class Step:
    """One state: its name, what is known of it, whether it is reached (`done`), waited for (``) or `late`."""

    name: str
    note: str
    looks: str = ""


def is_going(row: SentRow, now: datetime) -> bool:
    """Whether it was sent just now, and is on its way to the broker."""
    return row.time is None and now - row.queued < _SOON


def received(t: Words, row: Row, now: datetime) -> list[Step]:
    """Of what came here."""
    opened = t("message.mile.opened_here", time=t.clock(row.opened, now)) if row.opened else t("message.mile.waits")
    if row.registered is None:
        registered = t("message.mile.your_number")
    else:
        registered = row.registered or t("message.mile.no_number")
    return [
        Step(t("message.mile.delivered"), t.clock(row.received, now), "done"),
        Step(t("message.mile.opened"), opened, "done" if row.opened else ""),
        Step(t("message.mile.registered"), registered, "done" if row.registered is not None else ""),
    ]


def sent(t: Words, row: SentRow, now: datetime) -> list[Step]:
    """Of what was sent, as far as its recipient has told."""
    steps = [_here(t, row, now)]
    for state in ("accepted", "delivered", "opened", "registered"):
        reached = row.states.get(state)
        if reached is None and state == "opened" and "registered" in row.states:
            reached = row.states["registered"]  # who has registered it has opened it
        if reached:
            note = t.clock(reached.time, now) + (f": {reached.reference}" if reached.reference else "")
            steps.append(Step(t(f"message.mile.{state}"), note, "done"))
        else:
            steps.append(Step(t(f"message.mile.{state}"), *_awaited(t, row, state, now)))
    steps += [
        Step(t(f"message.mile.{state}"), t.clock(row.states[state].time, now), "done")
        for state in _FINAL
        if state in row.states
    ]
    return steps


def _here(t: Words, row: SentRow, now: datetime) -> Step:
    if row.time is None:
        return Step(
            t("message.mile.here"),
            t("sent.going" if is_going(row, now) else "sent.here_note"),
            "late" if row.late else "",
        )
    return Step(t("message.mile.sent"), t.clock(row.time, now), "done")


def _awaited(t: Words, row: SentRow, state: str, now: datetime) -> tuple[str, str]:
    if row.due and row.clock == state:
        return t("message.mile.awaited", time=t.clock(row.due, now)), "late" if row.late or row.due < now else ""
    return t("message.mile.waits"), ""


def answered(t: Words, row: SentRow) -> list[tuple[str, str]]:
    """Each category that was asked for, with what has come of it."""
    given: Mapping[str, str] = row.given
    return [(t.term("categories", one), t.term("answered", given.get(one, "asked"))) for one in row.categories]
