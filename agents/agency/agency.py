"""An agency's desk at the broker: it sends, waits for receipts, and reads the inbox, each line handled once."""

import logging
import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from . import ids, lines
from .adapter import Adapter
from .broker import Broker, NoReceipt, Outgoing, WrongMessage
from .compose import Pen, now
from .drafts import Address, Draft, Drafts, Writing, continue_trace
from .history import is_anonymous, is_followed, past
from .lines import Delivery, Line, Receipt
from .sealing_keys import Sealing
from .state import State
from .words import Role, Unit

_LOG = logging.getLogger("samband_agency")
HELD = timedelta(days=2)
"""For how long what the broker has is held, in case it is restored from a copy that does not know it."""
_YOUNG = timedelta(minutes=4)
_ALIVE = 1.0
"""Seconds of waiting at a time, so that a client answers to its cluster meanwhile."""


@dataclass(frozen=True)
class Sent:
    """A message that the broker has."""

    id: str
    kind: str


class Agency(Writing[Sent]):
    """One authority's desk; one at a time for each authority.

    In: the authority's id, or the address of its desk (`kommun-0127/social_services`); the broker; `unit` and `role`
    that most messages are sent as; `state`, a file that remembers over restarts what is to be sent, which receipts came
    and what is handled (None: in memory only, so a receipt that nobody has looked at is gone with the process);
    `sealing`, whose keys contents are sealed to, and the own ones that open them. Raises AgencyError.
    """

    def __init__(
        self,
        authority: str,
        broker: Broker,
        *,
        unit: Unit = "registry",
        role: Role = "officer",
        state: Path | None = None,
        sealing: Sealing = Sealing(),  # noqa: B008 - it holds nothing
        clock: Callable[[], datetime] = now,
        entropy: ids.Entropy = os.urandom,
    ) -> None:
        self.authority = authority.partition("/")[0]
        self._pen = Pen(self.authority, unit, role, clock, entropy, sealing)
        self._state = State(state)
        try:
            self._connection = broker.connect(authority)
        except BaseException:
            self._state.close()
            raise
        self._doubts = self._state.doubts()
        self._waiting: dict[int, Line] = {}
        self._last, key = self._state.place()
        self._committed = self._last
        self._keys = {self._last: key} if key else {}
        """Of the lines that have been seen since the last that was told to be handled, it too."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the broker and of the state."""
        self._connection.close()
        self._state.close()

    def out(self, draft: Draft) -> Sent:
        """Send one message. Raises WrongMessage, or NotReached: then it is kept, and `resume` sends it."""
        return self.send_all([draft])[0]

    def own_address(self) -> Address:
        """The own authority."""
        return Address(self.authority)

    def send_all(self, drafts: Sequence[Draft]) -> list[Sent]:
        """Send several at once, in order: what is kept of them is kept of all."""
        messages = self.compose(drafts)
        with self._state.together():
            self._keep(drafts, messages)
        self.resume()
        return [Sent(message.id, message.kind) for message in messages]

    def keep(self, draft: Draft) -> bool:
        """Take over a message that has an id of its own: `resume` sends it, once, however often it is given here.

        Whether it is new. Raises WrongMessage.
        """
        if draft.id is None:
            raise WrongMessage("only a message with an id of its own can be given again")
        with self._state.together():
            new = self._state.take(draft.id)
            if new:
                self._keep([draft], self.compose([draft]))
        return new

    def renew(self, age: timedelta) -> None:
        """What has waited here longer than this is given a new time: a live broker refuses one that is too old.

        Its id stays. Should the broker have had it all the same, it refuses the new one, and the first receipt stands.
        """
        for message in self._state.outgoing():
            if self._state.receipt(message.id) is not None:
                self._state.remove_sent([message])
            elif self._pen.clock() - datetime.fromisoformat(message.time) > age:
                self._state.renew(self._pen.renew(message))

    def open(self, delivery: Delivery) -> Delivery:
        """A delivery that was kept, with what a key that is here by now opens. Raises AgencyError."""
        return replace(delivery, content=self._pen.sealing.open(delivery.content))

    @property
    def is_reached(self) -> bool:
        """Whether the broker has just said that all that lies in the inbox has come here. Raises NotReached."""
        return self._connection.at_end()

    def compose(self, drafts: Sequence[Draft]) -> list[Outgoing]:
        """The messages that drafts would be sent as, each time with an id and a time of their own."""
        return [self._pen.write(draft) for draft in drafts]

    def resume(self) -> int:
        """Send what was kept while the broker was away: the same ids and bytes, so that nothing goes twice.

        Gives the number of messages. A message more than five minutes old is refused by a live broker, and its receipt
        says so (`clock_skew`).
        """
        waiting = self._state.outgoing()
        if waiting:
            receipts = self._connection.send(waiting)
            now = int(self._pen.clock().timestamp())
            with self._state.together():
                self._state.remove_sent(waiting)
                self._state.hold((message for message in waiting if not is_anonymous(message)), now)
                self._state.let_go(now - int(HELD.total_seconds()))
                for n, content in enumerate(receipts):
                    self._state.receive(content.get("message") or waiting[n].id, content)
        return len(waiting)

    def receipt(self, sent: Sent | str, timeout: float = 30.0) -> Receipt:
        """The receipt of a message, waited for. Raises NoReceipt when the time is out."""
        id = sent if isinstance(sent, str) else sent.id
        until = monotonic() + timeout
        while (receipt := self._state.receipt(id)) is None:
            left = until - monotonic()
            if not self._fetch(max(0.0, min(left, _ALIVE))) and left <= 0:
                raise NoReceipt(f"no receipt of {id} within {timeout:g} seconds: it is sent, ask again later")
        return Receipt(receipt)

    def receipts(self, timeout: float = 0.0) -> Generator[Receipt, None, None]:
        """Receipts that have not been given yet, oldest first; one counts as given when the next is asked for."""
        self._wait_for(lambda: bool(self._state.new_receipts()), timeout)
        for n, content in self._state.new_receipts():
            yield Receipt(content)
            self._state.mark_shown(n)

    def inbox(self, timeout: float = 0.0) -> Generator[Line, None, None]:
        """Deliveries and notices, oldest first; ends when nothing more comes for so many seconds.

        A line counts as handled when the next one is asked for. One that is left in the middle comes again. On Kafka
        give it some seconds: to enter the group takes about three.
        """
        while True:
            self._wait_for(lambda: bool(self._waiting), timeout)
            if not self._waiting:
                return
            position = min(self._waiting)
            yield self._waiting[position]
            self._handle(position, ())

    def waiting(self, timeout: float = 0.0) -> list[Line]:
        """Every line that is not handled yet, oldest first, and handles none: `settle` does, when a person is done.

        Ends when all that lies in the inbox has come, after so many seconds at the latest.
        """
        until = monotonic() + timeout
        while True:
            self._fetch(max(0.0, min(until - monotonic(), _ALIVE)))
            if self._connection.at_end() or monotonic() >= until:
                return [self._waiting[position] for position in sorted(self._waiting)]

    def settle(self, line: Line) -> None:
        """A person is done with a line that waited: it does not come again."""
        key = lines.key(line)
        for position in [at for at, waiting in self._waiting.items() if lines.key(waiting) == key]:
            self._handle(position, ())

    @property
    def state(self) -> State:
        """What is remembered: for those who show it to a person."""
        return self._state

    def serve(self, adapter: Adapter, timeout: float = 0.0) -> int:
        """Let an adapter handle what lies in the inbox, and the receipts. Gives the number of lines.

        What it writes is kept together with the mark that the line is handled, then sent: killed at any moment, no
        line is answered twice and none is left without its answer. What the adapter raises ends this; the line waits.
        """
        self.resume()
        count = 0
        while True:
            self._wait_for(lambda: bool(self._waiting), timeout)
            if not self._waiting:
                break
            position = min(self._waiting)
            line, write = self._waiting[position], Drafts(self.authority)
            adapter.take(line, write)
            self._handle(position, [continue_trace(draft, line) for draft in write.written])
            count += 1
        for receipt in self.receipts():
            adapter.receipt(receipt)
        return count

    def _handle(self, position: int, answers: Sequence[Draft]) -> None:
        line = self._waiting[position]
        messages = self.compose(answers)
        with self._state.together():
            self._state.mark_handled(lines.key(line))
            self._keep(answers, messages)
        self._waiting.pop(position, None)
        self.resume()
        self._commit()

    def _keep(self, drafts: Sequence[Draft], messages: Sequence[Outgoing]) -> None:
        self._state.keep(messages)
        self._state.note(past(draft, sent) for draft, sent in zip(drafts, messages, strict=True) if is_followed(draft))

    def _hear(self, line: Line) -> None:
        """Note what a line tells of a message of one's own."""
        if not isinstance(line, Delivery):
            return
        if line.kind == "Acknowledgement":
            body = line.body
            self._state.acknowledge(
                str(body.get("message")), str(body.get("state")), body.get("reference"), str(line.message.get("time"))
            )
        elif line.in_reply_to and line.answers:
            self._state.answer(line.in_reply_to, line.answers)

    def _wait_for(self, there: Callable[[], bool], timeout: float) -> None:
        until = monotonic() + timeout
        while not there():
            left = until - monotonic()
            if not self._fetch(max(0.0, min(left, _ALIVE))) and left <= 0:
                return

    def _fetch(self, timeout: float) -> int:
        """Look in the inbox. Receipts are kept at once, lines wait to be handled, repeats are dropped."""
        looked = self._look(timeout)
        unknown = any(position <= self._last and not self._knows(position, line) for position, line in looked)
        if unknown or self._is_cut(looked):
            self._begin_anew()
            looked = self._look(timeout)
        known = {lines.key(line) for line in self._waiting.values()}
        new = [position for position, line in looked if self._sort(position, line, known)]
        if looked:
            self._last = looked[-1][0]
            self._commit()
        if self._doubts and self._connection.at_end():
            self._send_lost()
        return len(new)

    def _send_lost(self) -> None:
        """What the restored broker has no receipt of is sent again, under its id: once, for then it has."""
        with self._state.together():
            lost = [self._of_now(message) for message in self._state.lost()]
            self._state.send_again(lost)
        self._doubts = False
        if lost:
            _LOG.warning("messages that the broker does not know any longer are sent again: %d", len(lost))
            self.resume()

    def _of_now(self, message: Outgoing) -> Outgoing:
        """A live broker refuses one that is too old; of a young one that is still under way the same bytes go."""
        age = self._pen.clock() - datetime.fromisoformat(message.time)
        return self._pen.renew(message) if age > _YOUNG else message

    def _look(self, timeout: float) -> list[tuple[int, Line | Receipt]]:
        came = self._connection.fetch(self._last, timeout)
        return [(one.position, lines.read(self._pen.sealing.open(one.content), one.traceparent)) for one in came]

    def _knows(self, position: int, line: Line | Receipt) -> bool:
        """Whether a line at a place that was read before is one that came then."""
        key = lines.key(line)
        if position in self._keys:
            return key == self._keys[position]
        if isinstance(line, Receipt):
            return line.message is None or self._state.receipt(line.message) is not None
        return key in map(lines.key, self._waiting.values()) or self._state.is_handled(key)

    def _is_cut(self, looked: Sequence[tuple[int, Line | Receipt]]) -> bool:
        """Whether the last line that was read before is gone, though older ones are there."""
        places = {position for position, _ in looked}
        return min(places, default=self._last) < self._last not in places and self._connection.at_end()

    def _begin_anew(self) -> None:
        """The inbox is not the one that was read before: it is read from its start, and known lines are dropped.

        So it is when the broker has been restored from a copy. What waits here waits on.
        """
        _LOG.warning("the broker's inbox is older than this agency's state, or another: it is read from its start")
        self._state.doubt()
        self._doubts = True
        self._connection.rewind()
        self._waiting = {position - self._last - 1: line for position, line in self._waiting.items()}
        self._last = self._committed = -1
        self._keys = {}

    def _sort(self, position: int, line: Line | Receipt, known: set[str]) -> bool:
        """Put a line where it belongs. Whether it had not been seen at this place."""
        key = lines.key(line)
        if self._keys.get(position) == key:
            return False
        self._keys[position] = key
        if isinstance(line, Receipt):
            if line.message is not None:
                self._state.receive(line.message, line.content)
        elif key not in known and not self._state.is_handled(key):
            known.add(key)
            self._waiting[position] = line
            self._hear(line)
        return True

    def _commit(self) -> None:
        """Tell how far all lines are handled."""
        first = min(self._waiting, default=self._last + 1)
        position = max((seen for seen in self._keys if seen < first), default=-1)
        if position > self._committed:
            self._state.move(position, self._keys[position])
            self._connection.commit(position)
            self._committed = position
            self._keys = {seen: key for seen, key in self._keys.items() if seen >= position}
