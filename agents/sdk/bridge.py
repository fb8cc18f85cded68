"""Carries by SDK what lies at the desk to the authority: each once, as what comes from there."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event, Thread
from typing import cast

from agents.agency import Delivery, Receipt
from agents.agency.lines import Line
from agents.agency.texts import Parties, Texts
from agents.agency.worklist import REGISTRATIONS
from agents.desk.desk import Desk
from agents.desk.faults import Destroyed
from agents.desk.store import Row
from agents.sdk.arrivals import Arrivals
from agents.sdk.client import INCOMING, REFUSED, Client, NotTaken, Seen, ServiceAway
from agents.sdk.compose import Composer, conversation_id, sdk_id
from agents.sdk.message import NotSdk, SdkMessage, from_json
from agents.sdk.settings import SdkSettings
from agents.sdk.state import Arrived, Handed, State
from agents.sdk.texts import Words
from broker.web.faults import Missing
from broker.web.user import User

_LOG = logging.getLogger("samband_sdk")
_LONGEST = 300.0
"""Seconds between tries while the service is away, at most."""
_BACK = "back/"
"""Before the id of an own message that came back."""
_SILENT = ("Acknowledgement", *REGISTRATIONS, "ConcernDecision")
"""Kinds that ask nothing of anybody at the authority; an acknowledgement only where it came to the wrong one."""


@dataclass(frozen=True)
class Turn:
    """What one turn has done."""

    handed: int = 0
    accepted: int = 0
    refused: int = 0
    arrived: int = 0


class Bridge:
    """In: the settings, the desk, the way to the message service, what has been handed over."""

    def __init__(self, settings: SdkSettings, desk: Desk, client: Client, state: State, *, every: float = 5.0) -> None:
        self._settings, self._desk, self._client, self._state = settings, desk, client, state
        self._every = every
        parties = Parties(Texts(desk.settings.lang), desk.settings.register)
        self._composer = Composer(settings, Words(desk.settings.lang), parties)
        self._arrivals = Arrivals(settings, desk.settings, desk.store, state, desk.clock)
        self._is_tidy = False
        self._ended = Event()
        self._thread: Thread | None = None
        self._clerk = User(0, "", desk.settings.unit, "system", "", desk.settings.lang, frozenset({"register"}))

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = Thread(target=self._run, name="bridge", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, once what is under way is done."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        tries = 0
        while not self._ended.is_set():
            try:
                self.turn()
                tries = 0
            except ServiceAway as error:
                tries += 1
                _LOG.warning("%s", error)
            except Exception as error:  # whatever it is, the next turn may go
                tries += 1
                _LOG.error("a turn came to nothing: %s", type(error).__name__)
            self._ended.wait(min(self._every * 2 ** min(tries, 10), _LONGEST))

    def turn(self) -> Turn:
        """Look once in both directions. Raises ServiceAway: what is not done waits."""
        if not self._is_tidy:
            self._tidy()
        arrived = self._take()
        self._note()
        handed = sum(map(self._hand_over, self._state.handed("waits")))
        accepted, refused = self._follow()
        if arrived or accepted:
            self._desk.courier.wake()
        return Turn(handed, accepted, refused, arrived)

    def _tidy(self) -> None:
        """What had been accepted when an earlier process died is kept by the service no longer either."""
        known = {handed.sdk for handed in self._state.handed("accepted")}
        for seen in self._client.seen("ACCEPTED"):
            if seen.id in known:
                self._client.delete(seen.id)
        self._is_tidy = True

    # --- to the authority

    def _note(self) -> None:
        """Every line that has come to the desk since the last turn, before any is handed over; and what came back."""
        store, state, now = self._desk.store, self._state, self._desk.clock()
        with state.together():
            for row in store.inbox.after(state.last_line()):
                state.note(row.number, row.message, sdk_id(row.message), self._conversation(row.case), now)
                if not self._concerns(row):
                    state.move(sdk_id(row.message), "accepted", now)
            for typed in [one for one in state.arrivals() if one.state == "typed"]:
                receipt = self._receipt(typed)
                if receipt is not None:
                    state.settle(typed.sdk)
                if receipt is not None and (receipt.outcome != "forward" or receipt.partial or receipt.warnings):
                    back = f"{_BACK}{typed.message}"
                    state.note(0, back, sdk_id(back), typed.conversation, now)

    def _conversation(self, case: int) -> str:
        return conversation_id(self._settings.participant, case)

    def _receipt(self, typed: Arrived) -> Receipt | None:
        try:
            return self._desk.store.sent.receipt(typed.message)
        except Missing:  # it is a draft still
            return None

    def _concerns(self, row: Row) -> bool:
        """Whether somebody at the authority has to see it; of what came back, they do where they have written it."""
        if row.sort == "delivery":
            is_own = row.sender == self._desk.authority.partition("/")[0]
            return row.listed or not (row.kind in _SILENT or is_own)
        return row.sort == "notice"

    def _hand_over(self, handed: Handed) -> int:
        try:
            message = self._message(handed)
        except Destroyed:  # its case is gone, and with it all that there was to say
            self._state.move(handed.sdk, "refused", self._desk.clock(), ["DESTROYED"])
            return 0
        try:
            self._client.send(message)
        except (NotTaken, NotSdk) as error:
            codes = error.codes if isinstance(error, NotTaken) else ("NOT_SDK",)
            self._refuse(handed, codes)
            return 0
        self._state.move(handed.sdk, "handed", self._desk.clock())
        return 1

    def _message(self, handed: Handed) -> SdkMessage:
        store, compose = self._desk.store, self._composer.compose
        if handed.message.startswith(_BACK):
            sent = store.sent.row(handed.message.removeprefix(_BACK))
            receipt = store.sent.receipt(sent.message)
            assert receipt is not None
            written = store.drafts.get(sent.draft).how.get("unit") or ""
            when = sent.time or sent.queued
            message = compose(receipt, handed.message, unit=written, case=sent.case, now=when, kind=sent.kind)
            return self._replying(message, sent.message)
        row, line = store.inbox.row(handed.message), store.inbox.content(handed.message)
        message = compose(cast("Line", line), row.message, unit=row.unit, case=row.case, now=row.received)
        return self._replying(message, line.in_reply_to if isinstance(line, Delivery) else None)

    def _replying(self, message: SdkMessage, about: str | None) -> SdkMessage:
        """In the conversation of what it is about, where that came by SDK."""
        origin = self._state.of_draft(about)
        return replace(message, answers=origin.sdk, conversation=origin.conversation) if origin else message

    def _follow(self) -> tuple[int, int]:
        """What has become of what was handed over: each that its recipient has accepted is acknowledged."""
        waiting = {handed.sdk: handed for handed in self._state.handed("handed")}
        if not waiting:
            return 0, 0
        accepted = refused = 0
        for seen in self._client.seen():
            handed = waiting.pop(seen.id, None)
            if handed is None:
                continue
            if seen.status == "ACCEPTED":
                self._accept(handed)
                accepted += 1
            elif seen.status in REFUSED:
                self._refuse(handed, seen.codes or (seen.status,))
                refused += 1
            else:
                self._wait(handed)
        for handed in waiting.values():  # the service has lost it
            self._state.move(handed.sdk, "waits", self._desk.clock())
        return accepted, refused

    def _accept(self, handed: Handed) -> None:
        """Its kvittens has come: the authority's own system has it, to stay, and its sender is told."""
        inbox, now = self._desk.store.inbox, self._desk.clock()
        row = inbox.row(handed.message) if handed.line else None
        if row and row.sort == "delivery":
            inbox.register(row.message, row.registered or "", self._clerk, now)
        elif row:
            inbox.close(row.message, now)
        self._state.move(handed.sdk, "accepted", now)
        self._client.delete(handed.sdk)

    def _refuse(self, handed: Handed, codes: tuple[str, ...]) -> None:
        """It does not get there: it lies at the desk for whoever sits there, and is told of."""
        self._state.move(handed.sdk, "refused", self._desk.clock(), codes)
        _LOG.error("a message lies at the desk, and does not get to %s: %s", self._desk.authority, ", ".join(codes))

    def _wait(self, handed: Handed) -> None:
        late = self._desk.clock() - handed.since > timedelta(hours=self._settings.patience)
        if late and self._state.tell(handed.sdk):
            hours = self._settings.patience
            _LOG.error("no kvittens of a message to %s for %d hours: it lies at the desk", self._desk.authority, hours)

    # --- from the authority

    def _take(self) -> int:
        return sum(self._arrive(one) for status in INCOMING for one in self._client.seen(status))

    def _arrive(self, seen: Seen) -> int:
        known = self._state.arrived(seen.id)
        if known is None:
            attributes = self._client.get(seen.id)
            if attributes is None:
                return 0
            try:
                message = from_json(attributes)
            except NotSdk as error:
                self._arrivals.refuse(seen.id, "", ("NOT_SDK",))
                _LOG.error("a message from %s can't be read: %s", self._desk.authority, error)
                return 0
            if not self._is_ours(message.sender.participant):
                self._arrivals.refuse(seen.id, message.conversation, ("UNKNOWN_SENDER",))
                _LOG.error("a message from an organisation that is not %s stays with the service", self._desk.authority)
                return 0
            known = self._arrivals.take(message)
        if known.state == "refused":
            return 0
        self._client.delete(seen.id)
        return 1

    def _is_ours(self, participant: str) -> bool:
        return participant in {one.participant for one in self._settings.to}
