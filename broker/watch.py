"""The clocks in process: what each decided message does to open matters, and what is told because time has passed.

A batch is watched message by message, in order, over what the store knows and what the batch itself has changed, so
that notices, their records and their places in the log are the same whatever the batches (design, "reactions").
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from broker import records
from broker.authorities import ANONYMOUS
from broker.clocks import Event, Matter, Notice, Times, after, due, seconds, sought
from broker.decision import Decision
from broker.gather import Gathered
from broker.messages import InformationRequest, Interim, Recall, Refusal
from broker.ports import Effects, InboxLine, Matters


class Watch:
    """The open matters as one batch sees them. Writes nothing itself."""

    def __init__(self, store: Matters, times: Times) -> None:
        self._store = store
        self._times = times
        self._changed: dict[str, Matter] = {}
        self._soonest = store.soonest()

    def passing(self, now: datetime, recorded: datetime) -> list[Effects]:
        """What is told because this moment has come: one record and one inbox line for each notice, oldest first."""
        at = seconds(now)
        if self._soonest is None or at < self._soonest:
            return []
        notices: list[Notice] = []
        for matter in self._known(self._store.due(at), lambda known: known.next_at is not None and known.next_at <= at):
            changed, told = due(matter, at, self._times)
            self._keep(changed)
            notices += told
        self._soonest = min((m.next_at for m in self._changed.values() if m.next_at is not None), default=None)
        later = self._store.soonest(after=at)
        if later is not None and (self._soonest is None or later < self._soonest):
            self._soonest = later
        in_order = sorted(notices, key=lambda notice: (notice.at, notice.id))
        return [_told(notice, recorded) for notice in in_order if notice.authority != ANONYMOUS]

    def take(self, gathered: Gathered, decision: Decision, position: int) -> list[Matter]:
        """A message has been decided: it touches and opens matters. `position` is its place in the log.

        Gives the matters that it opens for its recipient: what there is to do, and until when.
        """
        event = _event(gathered, decision, position)
        names = sought(event)
        about = names.about
        found = self._known(
            self._store.matters(sorted(names.messages), about),
            lambda known: known.message in names.messages or (about is not None and known.about == about),
        )
        before = {matter.id for matter in found}
        changed = after(found, event, self._times)
        for matter in changed:
            self._keep(matter)
        return [matter for matter in changed if matter.id not in before and matter.holder == event.recipient]

    def changed(self) -> Sequence[Matter]:
        """Every matter that the batch has opened or changed."""
        return list(self._changed.values())

    def _known(self, stored: Iterable[Matter], fits: Callable[[Matter], bool]) -> list[Matter]:
        """Matters of the store as the batch has left them, and those that it has opened itself."""
        found = {matter.id: self._changed.get(matter.id, matter) for matter in stored}
        found |= {matter.id: matter for matter in self._changed.values() if fits(matter)}
        return sorted((matter for matter in found.values() if fits(matter)), key=lambda matter: matter.id)

    def _keep(self, matter: Matter) -> None:
        self._changed[matter.id] = matter
        if matter.next_at is not None and (self._soonest is None or matter.next_at < self._soonest):
            self._soonest = matter.next_at


def _event(gathered: Gathered, decision: Decision, position: int) -> Event:
    message, reply = gathered.message, gathered.reply
    plain = Event(
        position=position,
        id=str(message.id),
        kind=message.kind,
        time=seconds(message.time),
        sender=gathered.sender.id,
        sender_unit=message.sender.unit,
        recipient=gathered.recipient.id,
        recipient_unit=message.recipient.unit,
        outcome=decision.outcome,
        in_reply_to=str(message.in_reply_to) if message.in_reply_to else None,
        about=gathered.about or (reply.about if reply else None),
        grounds=tuple(ground["id"] for ground in decision.grounds),
        stated=gathered.asked.get("stated", {}),
    )
    if isinstance(message, InformationRequest):
        deadline = message.body.deadline
        asked = tuple(dict.fromkeys(category.value for category in message.body.categories))
        return replace(plain, categories=asked, deadline=seconds(deadline) if deadline else None)
    if isinstance(message, Refusal):
        return replace(plain, categories=tuple(category.value for category in message.body.categories))
    if isinstance(message, Interim):
        expected = message.body.expected
        return replace(plain, expected=seconds(expected) if expected else None)
    if isinstance(message, Recall):
        return replace(plain, recalls=str(message.body.message))
    return replace(plain, unanswered=tuple(records.unanswered(gathered, decision)))


def _told(notice: Notice, recorded: datetime) -> Effects:
    leaf = records.of_notice(notice, recorded)
    return Effects(leaf=leaf, digest="", inbox=(_line(notice),))


def _line(notice: Notice) -> InboxLine:
    return InboxLine(notice.authority, "notice", None, notice.id, records.notice(notice))


class NoMatters:
    """Matters of a broker whose clocks run elsewhere: a batch then sees what it opens itself."""

    def matters(self, messages: Sequence[str], about: str | None) -> Sequence[Matter]:
        """None."""
        return ()

    def due(self, now: int) -> Sequence[Matter]:
        """None."""
        return ()

    def soonest(self, after: int | None = None) -> int | None:
        """Never."""
        return None
