"""The courier of the public's page: what visitors hand in goes to the broker, what becomes of it is noted."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from agents.agency import AgencyError, Delivery, Notice, Receipt
from agents.agency.broker import Broker, Connection, Outgoing
from agents.agency.lines import Line, Unknown, read
from agents.desk.courier import FRESH, Courier
from agents.desk.settings import DeskSettings
from agents.desk.store import Store
from agents.desk.writing import pen_of

_LOG = logging.getLogger("samband_desk")
_UNANSWERED = timedelta(minutes=10)
"""After so long without an answer a message is sent again."""


class Intake(Courier):
    """Unlike a desk's courier it keeps no state of the agency's side: nothing of a visitor lies anywhere in clear.

    All that comes may come again: a state only goes forward, and a message has one id.
    """

    _connection: Connection | None = None

    def __init__(
        self,
        settings: DeskSettings,
        store: Store,
        clock: Callable[[], datetime],
        *,
        broker: Broker | None = None,
        every: float = 2.0,
    ) -> None:
        super().__init__(settings, store, clock, broker=broker, every=every)
        self._sent: dict[str, datetime] = {}
        """When what is not answered was sent, by this process. The next sends it again, which changes nothing."""

    def _look(self) -> bool:
        connection, public = self._connect(), self._store.public
        waiting = public.waiting()
        self._sent = {message.id: self._sent[message.id] for message in waiting if message.id in self._sent}
        for message in waiting:
            sent = self._sent.get(message.id)
            if sent is None or self._clock() - sent > _UNANSWERED:
                receipts = connection.send([self._renew(message)])
                self._sent[message.id] = self._clock()
                for content in receipts:  # one of a fault names no message
                    self._take(Receipt(content | {"message": message.id}))
        came = connection.fetch(public.place(), self._timeout)
        for one in came:
            self._take(read(one.content))
        if came:
            public.move(came[-1].position)
            connection.commit(came[-1].position)
        return connection.at_end() or bool(came)

    def _take(self, line: Line | Receipt) -> None:
        match line:
            case Receipt():
                if not self._store.public.receive(line):
                    code = line.error[0] if line.error else ""
                    _LOG.error("what the public has handed in did not go on: %s %s", line.outcome, code)
            case Delivery(kind="Acknowledgement"):
                self._acknowledge(line.body)
            case Notice(notice="acknowledged"):
                self._acknowledge(line.content)
            case Delivery() | Notice() | Unknown():
                pass

    def _acknowledge(self, told: dict[str, Any]) -> None:
        self._store.public.acknowledge(str(told.get("message")), str(told.get("state")))

    def _renew(self, message: Outgoing) -> Outgoing:
        is_old = self._clock() - datetime.fromisoformat(message.time) > FRESH
        return pen_of(self._settings, self._clock).renew(message) if is_old else message

    def _connect(self) -> Connection:
        if self._connection is None:
            broker = self._broker or self._settings.broker
            self._connection = broker.connect(self._settings.authority)
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(AgencyError):
                connection.close()
