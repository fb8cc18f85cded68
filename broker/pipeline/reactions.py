"""The clocks hosted: what each decided message does to open matters, and what is told because time has passed.

It reads audit records, so that it runs in process, before they are written, and in agents that read them afterwards.
A batch is watched message by message, in order, over what the store knows and what the batch itself has changed, so
that notices, their records and their places in the log are the same whatever the batches (design, "reactions").
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import Protocol

from broker.authorities import ANONYMOUS
from broker.deadlines import Event, Matter, Notice, Sought, Times, after, due, link_of, seconds, sought
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
        self._matters: dict[str, Matter] = {}
        """What the store has been asked for, as the batch has left it, and what the batch has opened."""
        self._changed: set[str] = set()
        self._named: dict[str, set[str]] = {}
        """Which of them to look at for a message or a link: they may have another link by now."""
        self._asked: set[str] = set()
        """Messages and links that the store has been asked for."""
        self._coming: list[tuple[int, str]] = []
        """When to look at which of them again (heap); one may have changed since."""
        self._until: int | None = None
        """Up to when the store is asked for what is due, once something is."""
        self._looked: int | None = None
        """Up to when it has been asked."""
        self._later = store.soonest()
        """When the next is due of those that it has not been asked for."""

    def foresee(self, events: Collection[Event]) -> None:
        """These come next, in some order: what they touch, and what is due meanwhile, is looked up at once."""
        if events:
            self._look_up(list(map(sought, events)))
            self._until = max(event.time for event in events)

    def passing(self, now: datetime, recorded: datetime) -> list[Effects]:
        """What is told because this moment has come: one record and one inbox line for each notice, oldest first."""
        return [notices.effects(notice, recorded) for notice in self.due_notices(now)]

    def due_notices(self, now: datetime) -> list[notices.OwnNotice]:
        """The notices that are due because this moment has come, oldest first."""
        at = seconds(now)
        if self._later is not None and self._later <= at:
            until = max(at, self._until or at)
            self._know(self._store.due(until, after=self._looked))
            self._looked, self._later = until, self._store.soonest(after=until)
        reached: list[Notice] = []
        while self._coming and self._coming[0][0] <= at:
            matter = self._matters[heappop(self._coming)[1]]
            if matter.next_at is not None and matter.next_at <= at:
                changed, of_matter = due(matter, at, self._times)
                self._keep(changed)
                reached += of_matter
        named = (notice for notice in reached if notice.authority != ANONYMOUS)
        in_order = sorted(named, key=lambda notice: (notice.at, notice.id))
        return [notices.of_clock(notice, self._contacts) for notice in in_order]

    def take(self, event: Event) -> list[Matter]:
        """A message has been decided: it touches and opens matters.

        Gives the matters that it opens for its recipient: what there is to do, and until when.
        """
        wanted = sought(event)
        self._look_up([wanted])
        own = set().union(*(self._named.get(name, ()) for name in (*wanted.messages, *wanted.links)))
        touched = [matter for matter in map(self._matters.__getitem__, sorted(own)) if wanted.names(matter)]
        before = {matter.id for matter in touched}
        changed = after(touched, event, self._times)
        for matter in changed:
            self._keep(matter)
        return [matter for matter in changed if matter.id not in before and matter.holder == event.recipient]

    def move(self, leaf: Json) -> None:
        """Those whom a record names under a new key's token are the same as before: their matters go on."""
        moved = dict(leaf.get("moved", ()))
        if moved:
            self._know(self._store.matters_about(sorted(moved)))
            for matter in [matter for matter in self._matters.values() if matter.about in moved]:
                self._keep(matter._replace(about=moved[matter.about or ""]))

    def link(self, leaf: Json, recorded: datetime) -> list[Effects]:
        """What is told at once because a notification concerns a child that others have notified of."""
        notice = notices.of_concerns(leaf, self._earlier) if self._earlier else None
        return [notices.effects(notice, recorded)] if notice else []

    def changed_matters(self) -> Sequence[Matter]:
        """Every matter that the batch has opened or changed."""
        return [self._matters[name] for name in sorted(self._changed)]

    def _look_up(self, wanted: Sequence[Sought]) -> None:
        messages = set().union(*(one.messages for one in wanted)) - self._asked
        links = set().union(*(one.links for one in wanted)) - self._asked
        if messages or links:
            self._asked |= messages | links
            self._know(self._store.matters(sorted(messages), sorted(links)))

    def _know(self, stored: Iterable[Matter]) -> None:
        """Matters of the store; those that are known already have been changed since, or are the same."""
        for matter in stored:
            if matter.id not in self._matters:
                self._put(matter)

    def _keep(self, matter: Matter) -> None:
        self._changed.add(matter.id)
        self._put(matter)

    def _put(self, matter: Matter) -> None:
        self._matters[matter.id] = matter
        for name in (matter.message, link_of(matter)):
            if name is not None:
                self._named.setdefault(name, set()).add(matter.id)
        if matter.next_at is not None:
            heappush(self._coming, (matter.next_at, matter.id))


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
    def matters_about(self, tokens: Sequence[str]) -> Sequence[Matter]:
        """None."""
        return ()

    def matters(self, messages: Sequence[str], links: Sequence[str]) -> Sequence[Matter]:
        """None."""
        return ()

    def due(self, now: int, after: int | None = None) -> Sequence[Matter]:
        """None."""
        return ()

    def soonest(self, after: int | None = None) -> int | None:
        """Never."""
        return None
