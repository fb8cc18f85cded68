"""The one thread that speaks with the broker: lines into the store, what is queued out of it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, cast

from agents.agency import Adapter, Agency, AgencyError, Drafts, Kafka, Receipt, WrongMessage
from agents.agency.broker import Broker
from agents.agency.lines import Line
from agents.agency.preview import Preview
from agents.agency.sealing_keys import KeyOver
from agents.desk.bell import Ring, ring
from agents.desk.preview import preview
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Store
from agents.desk.texts import Words
from agents.desk.writing import draft_of

_LOG = logging.getLogger("samband_desk")
FRESH = timedelta(minutes=2)
"""Age from which a message that waits is given a new time: a live broker refuses one of five minutes."""
_NOTED = timedelta(seconds=30)
"""How often the last contact is written down."""
_LONGEST = 60.0
"""Seconds between tries while the broker is away, at most."""
_POLL = 1.0
"""Seconds that a look on Kafka waits for the next line."""
_AGAIN = timedelta(hours=1)
"""How often the log says that something waits with nobody there for it."""
_RINGS: Mapping[Ring, str] = {
    "nobody": "and nobody who may answer is here",
    "eyes": "and nobody who may approve it is here",
    "late": "late, and nobody has taken it",
}


class Courier:
    """In: the settings, the store, the clock; the broker where it is not that of the settings (tests)."""

    def __init__(
        self,
        settings: DeskSettings,
        store: Store,
        clock: Callable[[], datetime],
        *,
        broker: Broker | None = None,
        every: float = 2.0,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._broker = broker
        self._every = every
        self._timeout = _POLL if isinstance(broker, Kafka) or (broker is None and settings.kafka) else 0.0
        self._agency: Agency | None = None
        self._awake, self._ended = Event(), Event()
        self._thread: Thread | None = None
        self._last = self._noted = store.last_contact()
        self._away = False
        self._rang: datetime | None = None

    @property
    def last_contact(self) -> datetime | None:
        """When the broker was last reached, also by an earlier run."""
        return self._last

    @property
    def away(self) -> bool:
        """Whether the last try did not reach the broker."""
        return self._away

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, once what is under way is done."""
        self._ended.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._let_go()

    def wake(self) -> None:
        """Something is queued: don't wait."""
        self._awake.set()

    def preview(self, drafts: Sequence[DeskDraft]) -> Preview | None:
        """What would become of drafts; None where nobody here can tell. Raises AgencyError."""
        return preview(self._settings, self._store, drafts, broker=self._broker, clock=self._clock)

    def round(self) -> bool:
        """One look: what came is saved, what is queued is sent. Whether the broker was reached."""
        try:
            reached = self._look()
        except AgencyError as error:
            _LOG.warning("the broker is not reached: %s", error)
            reached = False
        self._away = not reached
        if reached:
            self._reached()
        return reached

    def _run(self) -> None:
        tries = 0
        try:
            while not self._ended.is_set():
                self._awake.clear()
                try:
                    tries = 0 if self.round() else tries + 1
                except Exception as error:  # whatever it is, the next round may go: the pages stay up meanwhile
                    _LOG.error("a round came to nothing: %s", type(error).__name__)
                    self._away, tries = True, tries + 1
                self._awake.wait(min(self._every * 2 ** min(tries, 10), _LONGEST))
        finally:
            self._let_go()

    def _look(self) -> bool:
        self._ring()
        agency, keeper = self._connected(), _Keeper(self._store, self._clock)
        agency.renew(FRESH)
        came = agency.serve(keeper, self._timeout)
        if not (agency.is_reached or came):
            return False
        if self._send(agency):
            agency.serve(keeper)  # their receipts, where they are there at once
        return True

    def _ring(self) -> None:
        """So that whoever runs the desk hears it too: once, then every hour; nobody is named."""
        now = self._clock()
        if self._rang is not None and now - self._rang < _AGAIN:
            return
        why = ring(self._store, now)
        self._rang = now if why else None
        if why:
            _LOG.warning("%s: something waits, %s", self._settings.authority, _RINGS[why])

    def _send(self, agency: Agency) -> int:
        """What is queued, in order. Each is with the broker before it is marked; by its id it goes only once."""
        given = [draft for draft in self._store.drafts.queued() if self._give(agency, draft)]
        if given:
            agency.resume()
            for draft in given:
                self._store.drafts.sent(draft.number, self._clock())
        return len(given)

    def _give(self, agency: Agency, draft: DeskDraft) -> bool:
        """Hand it over. What can't be sent as it stands is its author's again, and holds nobody up."""
        try:
            agency.keep(draft_of(self._store, draft))
        except WrongMessage as wrong:
            is_over = isinstance(wrong, KeyOver)
            self._store.drafts.refused(
                draft.number, Words(self._settings.lang)("preview.key_over") if is_over else str(wrong)
            )
            return False
        return True

    def _connected(self) -> Agency:
        if self._agency is None:
            settings = self._settings
            self._agency = Agency(
                settings.authority,
                self._broker or settings.broker,
                unit=cast("Any", settings.unit),
                role=cast("Any", settings.role),
                state=settings.state,
                sealing=settings.sealer,
                clock=self._clock,
            )
        return self._agency

    def _reached(self) -> None:
        self._last = self._clock()
        if self._noted is None or self._last - self._noted > _NOTED:
            self._store.note_contact(self._last)
            self._noted = self._last

    def _let_go(self) -> None:
        agency, self._agency = self._agency, None
        if agency is not None:
            with suppress(AgencyError):
                agency.close()


class _Keeper(Adapter):
    """Puts what comes into the store; people answer it."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def take(self, line: Line, write: Drafts) -> None:
        """There to stay when this returns; the line counts as handled only then."""
        self._store.arrivals.save(line, self._clock())

    def receipt(self, receipt: Receipt) -> None:
        """Likewise."""
        self._store.arrivals.receive(receipt, self._clock())
