"""The courier of the public's page: what visitors hand in goes to the broker, what becomes of it is noted."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from os import urandom
from typing import Any, cast

from agents.agency import AgencyError, Delivery, Notice, Receipt
from agents.agency.broker import Connection, Outgoing
from agents.agency.compose import Pen
from agents.agency.lines import Line, Unknown, read
from agents.desk.courier import Courier

_LOG = logging.getLogger("samband_desk")
_FRESH = timedelta(minutes=2)
"""Age from which a message is given a new time: a live broker refuses one of five minutes."""


class Intake(Courier):
    """Unlike a desk's courier it keeps no state of the agency's side: nothing of a visitor lies anywhere in clear.

    All that comes may come again: a state only goes forward, and a message has one id.
    """

    _connection: Connection | None = None

    def _look(self) -> bool:
        connection, public = self._connect(), self._store.public
        waiting = public.waiting()
        for message in waiting:
            receipts = connection.send([self._renew(message)])
            for content in receipts:
                self._take(Receipt(content))
            if not receipts:  # it comes to the inbox
                public.sent(message)
        came = connection.fetch(public.place(), self._timeout)
        for one in came:
            self._take(read(one.content))
        if came:
            public.move(came[-1].position)
            connection.commit(came[-1].position)
        return connection.at_end() or bool(came or waiting)

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
        is_old = self._clock() - datetime.fromisoformat(message.time) > _FRESH
        return pen(self._settings.authority, self._clock).renew(message) if is_old else message

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


def pen(authority: str, clock: Any) -> Pen:
    """Writes as the intake, for somebody of whom nothing is said."""
    return Pen(authority.partition("/")[0], cast("Any", "registry"), cast("Any", "individual"), clock, urandom)
