"""A thread that looks at the broker, time after time, for as long as the pages are served."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Generic, TypeVar

from agents.agency import Agency, AgencyError, Kafka
from agents.agency.broker import Broker, Connection
from agents.agency.preview import Preview
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Store

LOG = logging.getLogger("samband_desk")
FRESH = timedelta(minutes=2)
"""Age from which a message that waits is given a new time: a live broker refuses one of five minutes."""
_NOTED = timedelta(seconds=30)
"""How often the last contact is written down."""
_LONGEST = 60.0
"""Seconds between tries while the broker is away, at most."""
_POLL = 1.0
"""Seconds that a look on Kafka waits for the next line."""


_Client = TypeVar("_Client", Agency, Connection)


class Rounds(ABC, Generic[_Client]):
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
        self._client: _Client | None = None
        self._awake, self._ended = Event(), Event()
        self._thread: Thread | None = None
        self.last_contact = self._noted = store.last_contact()
        """When the broker was last reached, also by an earlier run."""
        self.away = False
        """Whether the last try did not reach it."""

    @abstractmethod
    def _connect(self) -> _Client:
        """What speaks with the broker. Raises AgencyError."""

    @abstractmethod
    def _look(self, client: _Client) -> bool:
        """One look; whether the broker was reached. Raises AgencyError."""

    def preview(self, drafts: Sequence[DeskDraft]) -> Preview | None:
        """What would become of drafts; None where nobody here can tell. Raises AgencyError."""
        return None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """End soon: nobody waits for it yet."""
        self._ended.set()
        self._awake.set()

    def stop(self) -> None:
        """End, once what is under way is done."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._let_go()

    def wake(self) -> None:
        """Something is queued: don't wait."""
        self._awake.set()

    def round(self) -> bool:
        """One look: what came is saved, what is queued is sent. Whether the broker was reached."""
        try:
            reached = self._look(self._connected())
        except AgencyError as error:
            LOG.warning("the broker is not reached: %s", error)
            reached = False
        self.away = not reached
        if reached:
            self.last_contact = self._clock()
            if self._noted is None or self.last_contact - self._noted > _NOTED:
                self._store.note_contact(self.last_contact)
                self._noted = self.last_contact
        return reached

    def _run(self) -> None:
        tries = 0
        try:
            while not self._ended.is_set():
                self._awake.clear()
                try:
                    tries = 0 if self.round() else tries + 1
                except Exception as error:  # whatever it is, the next round may go: the pages stay up meanwhile
                    LOG.error("a round came to nothing: %s", type(error).__name__)
                    self.away, tries = True, tries + 1
                self._awake.wait(min(self._every * 2 ** min(tries, 10), _LONGEST))
        finally:
            self._let_go()

    def _connected(self) -> _Client:
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(AgencyError):
                client.close()
