"""The clocks hosted: what each decided message does to open matters, and what is told because time has passed.

It reads audit records, so that it runs in process, before they are written, and in agents that read them afterwards.
A batch is watched message by message, in order, over what the store knows and what the batch itself has changed, so
that notices, their records and their places in the log are the same whatever the batches (design, "reactions").
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from broker.authorities import ANONYMOUS
from broker.deadlines import Matter, Notice, Times, after, due, event_of, link_of, seconds, sought
from broker.model.decision import Json
from broker.pipeline import notices
from broker.ports.store import Matters
from broker.ports.writes import Effects

Earlier = Callable[[str, str], Sequence[tuple[str, str]]]
"""Recipient and person (token) -> sender and message of each notification delivered before."""


class Watch:
    """The open matters as one batch sees them. Writes nothing itself."""

    def __init__(
        self, store: Matters, times: Times, earlier: Earlier | None = None, contacts: notices.Contacts = notices.nobody
    ) -> None:
        """`earlier`: who notified of a child before (`Facts.earlier`); None where others link notifications."""
        self._store = store
        self._times = times
        self._earlier = earlier
        self._contacts = contacts
        self._changed: dict[str, Matter] = {}
        self._named: dict[str, set[str]] = {}
        """Which of those to look at for a message or a link: they may have another link by now."""
        self._looked: int | None = None
        """Up to when the store has been asked: what was due there by then is among the changed."""
        self._later = self._soonest = store.soonest()
        """When the next is due, of the store's own that it has not been asked for; of all."""

    def passing(self, now: datetime, recorded: datetime) -> list[Effects]:
        """What is told because this moment has come: one record and one inbox line for each notice, oldest first."""
        return [notices.effects(notice, recorded) for notice in self.due_notices(now)]

    def due_notices(self, now: datetime) -> list[notices.OwnNotice]:
        """The notices that are due because this moment has come, oldest first."""
        at = seconds(now)
        if self._soonest is None or at < self._soonest:
            return []
        reached: list[Notice] = []
        stored: Sequence[Matter] = ()
        if self._later is not None and self._later <= at:
            stored = self._store.due(at, after=self._looked)
            self._looked, self._later = at, self._store.soonest(after=at)
        for matter in self._known_matters(stored, self._changed):
            if matter.next_at is not None and matter.next_at <= at:
                changed, of_matter = due(matter, at, self._times)
                self._keep(changed)
                reached += of_matter
        times = (self._later, *(matter.next_at for matter in self._changed.values()))
        self._soonest = min((time for time in times if time is not None), default=None)
        named = (notice for notice in reached if notice.authority != ANONYMOUS)
        in_order = sorted(named, key=lambda notice: (notice.at, notice.id))
        return [notices.of_clock(notice, self._contacts) for notice in in_order]

    def take(self, leaf: Json, position: int) -> list[Matter]:
        """A message has been decided: it touches and opens matters. In: its record, and its place in the log.

        Gives the matters that it opens for its recipient: what there is to do, and until when.
        """
        event = event_of(leaf, position)
        wanted = sought(event)
        stored = self._store.matters(sorted(wanted.messages), sorted(wanted.links))
        own = set().union(*(self._named.get(name, ()) for name in (*wanted.messages, *wanted.links)))
        touched = [matter for matter in self._known_matters(stored, own) if wanted.names(matter)]
        before = {matter.id for matter in touched}
        changed = after(touched, event, self._times)
        for matter in changed:
            self._keep(matter)
        return [matter for matter in changed if matter.id not in before and matter.holder == event.recipient]

    def link(self, leaf: Json, recorded: datetime) -> list[Effects]:
        """What is told at once because a notification concerns a child that others have notified of."""
        notice = notices.of_concerns(leaf, self._earlier) if self._earlier else None
        return [notices.effects(notice, recorded)] if notice else []

    def changed_matters(self) -> Sequence[Matter]:
        """Every matter that the batch has opened or changed."""
        return list(self._changed.values())

    def _known_matters(self, stored: Iterable[Matter], own: Iterable[str]) -> list[Matter]:
        """Matters of the store as the batch has left them, and those that it has opened or changed itself."""
        matters = {matter.id: matter for matter in stored}
        matters |= {name: self._changed[name] for name in (*own, *(matters.keys() & self._changed.keys()))}
        return sorted(matters.values(), key=lambda matter: matter.id)

    def _keep(self, matter: Matter) -> None:
        self._changed[matter.id] = matter
        for name in (matter.message, link_of(matter)):
            if name is not None:
                self._named.setdefault(name, set()).add(matter.id)
        if matter.next_at is not None and (self._soonest is None or matter.next_at < self._soonest):
            self._soonest = matter.next_at


class Reactions(Protocol):
    """What follows of a message by itself: begun anew for each batch."""

    def begin(self, earlier: Earlier) -> Watch:
        """The open matters as the next batch sees them. `earlier`: who notified of a child before, in it too."""


class InProcess:
    """Reactions that happen in the batch itself: the embedded runtime."""

    def __init__(self, store: Matters, times: Times, contacts: notices.Contacts = notices.nobody) -> None:
        self._store = store
        self._times = times
        self._contacts = contacts

    def begin(self, earlier: Earlier) -> Watch:
        """A watch over the store's matters."""
        return Watch(self._store, self._times, earlier, self._contacts)


class Elsewhere:
    """Reactions of a service that reads the records afterwards (`agents/stream`): a batch tells terms, no more."""

    def __init__(self, times: Times) -> None:
        self._times = times

    def begin(self, earlier: Earlier) -> Watch:
        """A watch that only sees what the batch opens itself."""
        return _TermsAlone(_NoMatters(), self._times)


class _TermsAlone(Watch):
    def passing(self, now: datetime, recorded: datetime) -> list[Effects]:
        """Nothing: the service tells."""
        return []

    def changed_matters(self) -> Sequence[Matter]:
        """Nothing: the service keeps the matters."""
        return ()


class _NoMatters:
    def matters(self, messages: Sequence[str], links: Sequence[str]) -> Sequence[Matter]:
        """None."""
        return ()

    def due(self, now: int, after: int | None = None) -> Sequence[Matter]:
        """None."""
        return ()

    def soonest(self, after: int | None = None) -> int | None:
        """Never."""
        return None
