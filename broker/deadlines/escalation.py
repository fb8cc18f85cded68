"""What happens when time passes: a matter climbs its ladder of notices, each step once.

When several steps have been reached since anyone looked, only the newest for each recipient is sent: it says all that
the earlier ones would have said, and a party that was cut off for a week is not told three times of one thing. The
steps that are passed over are taken all the same, so no evaluation sends them later.
"""

from collections.abc import Sequence

from broker.deadlines.clocks import Step, Times
from broker.deadlines.deadline import CLOSED, UNSEEN, Matter, Notice, State, derive_id
from broker.model.vocabulary import Unit

_QUESTION = "question"
_DESKS = {"contact_point": Unit.CONTACT_POINT, "registry": Unit.REGISTRY}
"""Units of the holder's authority that are told beside the one whose matter it is."""


def schedule(matter: Matter, times: Times) -> Matter:
    """The matter with the time of its next step; None when it is settled, or has climbed to the end."""
    return matter._replace(next_at=_next_at(matter, times))


def due(matter: Matter, now: int, times: Times) -> tuple[Matter, tuple[Notice, ...]]:
    """The matter once `now` has come, and what is told for it. Asked again for the same time, nothing is."""
    if matter.next_at is None or now < matter.next_at:
        return matter, ()
    if matter.paused_since is not None:
        steps = times.steps(_QUESTION, matter.started)
        reached = [(matter.next_at, step, matter.question or "") for step in steps]
        return matter._replace(next_at=None, prompted=True), _newest(matter, reached)
    steps = times.steps(matter.clock, matter.started)
    taken = matter.step
    while taken < len(steps) and _step_time(matter, steps[taken]) <= now:
        taken += 1
    notices = _newest(matter, [(_step_time(matter, step), step, "") for step in steps[matter.step : taken]])
    if taken < len(steps):
        return matter._replace(step=taken, next_at=_step_time(matter, steps[taken])), notices
    climbed = matter._replace(step=taken, next_at=None)
    return climbed._replace(state=State.DONE, closed=matter.due) if matter.clock in UNSEEN else climbed, notices


def _next_at(matter: Matter, times: Times) -> int | None:
    if matter.state in CLOSED:
        return None
    if matter.paused_since is not None:
        patience = times.term(_QUESTION, matter.started)
        return patience.length.end(matter.paused_since) if patience and not matter.prompted else None
    steps = times.steps(matter.clock, matter.started)
    return _step_time(matter, steps[matter.step]) if matter.step < len(steps) else None


def _step_time(matter: Matter, step: Step) -> int:
    """When a step is reached. An interim answer puts the reminder at its own day, and holds the later steps to it."""
    at = step.time_in(min(matter.started + matter.paused, matter.due), matter.due)
    if matter.quiet_until is None:
        return at
    return matter.quiet_until if step.n < 0 else max(at, matter.quiet_until)


def _newest(matter: Matter, reached: Sequence[tuple[int, Step, str]]) -> tuple[Notice, ...]:
    """The newest of the steps for each recipient."""
    notices: dict[tuple[str, str], Notice] = {}
    for at, step, cause in reached:
        for party in step.to:
            address = _address(matter, party)
            if address is not None:
                notices[address] = _notice(matter, step, at, address, cause)
    return tuple(notices.values())


def _notice(matter: Matter, step: Step, at: int, address: tuple[str, str], cause: str) -> Notice:
    authority, unit = address
    return Notice(
        id=derive_id(matter.started, "notice", matter.id, step.notice, cause, authority, unit),
        authority=authority,
        unit=unit,
        notice=step.notice,
        clock=matter.clock,
        message=matter.message,
        sender=matter.sender,
        due=matter.due,
        at=at,
        ref=matter.ref,
        kind=matter.kind,
        lies_with=(matter.holder, matter.holder_unit) if matter.kind else None,
        immediate=matter.immediate,
    )


def _address(matter: Matter, party: str) -> tuple[str, str] | None:
    """Authority and unit of a party to the matter; None when nobody is there to tell."""
    if party in _DESKS:
        return matter.holder, _DESKS[party].value
    if party == "holder":
        return matter.holder, matter.holder_unit
    if matter.asker is None or matter.asker_unit is None:
        return None
    return matter.asker, matter.asker_unit
