"""The courier of the public's page: what visitors hand in goes to the broker, what becomes of it is noted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from agents.agency import Delivery, Notice, Receipt
from agents.agency.broker import Connection, Outgoing
from agents.agency.lines import Line, Unknown, read
from agents.desk.rounds import FRESH, LOG, Rounds
from agents.desk.writing import pen_of

_UNANSWERED = timedelta(minutes=10)
"""After so long without an answer a message is sent again."""


class Intake(Rounds[Connection]):
    """Unlike a desk's courier it keeps no state of the agency's side: nothing of a visitor lies anywhere in clear.

    All that comes may come again: a state only goes forward, and a message has one id.
    """

    _sent: Mapping[str, datetime] = {}
    """When what is not answered was sent, by this process. The next sends it again, which changes nothing."""

    def _connect(self) -> Connection:
        return (self._broker or self._settings.broker).connect(self._settings.authority)

    def _look(self, client: Connection) -> bool:
        public = self._store.public
        waiting = public.waiting()
        self._sent = sent = {message.id: self._sent[message.id] for message in waiting if message.id in self._sent}
        for message in waiting:
            if message.id not in sent or self._clock() - sent[message.id] > _UNANSWERED:
                receipts = client.send([self._renew(message)])
                sent[message.id] = self._clock()
                for content in receipts:  # one of a fault names no message
                    self._take(Receipt(content | {"message": message.id}))
        came = client.fetch(public.place(), self._timeout)
        for one in came:
            self._take(read(one.content))
        if came:
            public.move(came[-1].position)
            client.commit(came[-1].position)
        return client.at_end() or bool(came)

    def _take(self, line: Line | Receipt) -> None:
        match line:
            case Receipt():
                if not self._store.public.receive(line):
                    code = line.error[0] if line.error else ""
                    LOG.error("what the public has handed in did not go on: %s %s", line.outcome, code)
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
