"""The one thread that speaks with the broker: lines into the store, what is queued out of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from agents.agency import Adapter, Agency, Drafts, Receipt, WrongMessage
from agents.agency.lines import Line
from agents.agency.preview import Preview
from agents.agency.sealing_keys import KeyOver
from agents.desk.bell import Ring, ring
from agents.desk.preview import preview
from agents.desk.rounds import FRESH, LOG, Rounds
from agents.desk.store import DeskDraft, Store
from agents.desk.texts import Words
from agents.desk.writing import draft_of
from broker.model.days import swedish_day

_AGAIN = timedelta(hours=1)
"""How often the log says that something waits with nobody there for it."""
_RINGS: Mapping[Ring, str] = {
    "nobody": "and nobody who may answer is here",
    "eyes": "and nobody who may approve it is here",
    "late": "late, and nobody has taken it",
}


class Courier(Rounds[Agency]):
    """A desk's: over the agency's side, which keeps what it has handled."""

    _rang: datetime | None = None
    _erased: date | None = None

    def preview(self, drafts: Sequence[DeskDraft]) -> Preview | None:
        """As the law that is installed here says, or the broker's. Raises AgencyError."""
        return preview(self._settings, self._store, drafts, broker=self._broker, clock=self._clock)

    def round(self) -> bool:
        """Likewise; whoever waits in vain is heard of, also while the broker is away."""
        self._ring()
        self._erase()
        return super().round()

    def _connect(self) -> Agency:
        settings = self._settings
        return Agency(
            settings.authority,
            self._broker or settings.broker,
            unit=cast("Any", settings.unit),
            role=cast("Any", settings.role),
            state=settings.state,
            clock=self._clock,
            sealing=settings.sealer,
        )

    def _look(self, client: Agency) -> bool:
        keeper = _Keeper(self._store, self._clock)
        client.renew(FRESH)
        came = client.serve(keeper, self._timeout)
        if not (client.is_reached or came):
            return False
        if self._send(client):
            client.serve(keeper)  # their receipts, where they are there at once
        return True

    def _ring(self) -> None:
        """So that whoever runs the desk hears it too: once, then every hour; nobody is named."""
        now = self._clock()
        if self._rang is not None and now - self._rang < _AGAIN:
            return
        why = ring(self._store, now)
        self._rang = now if why else None
        if why:
            LOG.warning("%s: something waits, %s", self._settings.authority, _RINGS[why])

    def _erase(self) -> None:
        """Once a day what is kept no longer goes."""
        today = swedish_day(self._clock())
        if today != self._erased:
            if count := self._store.erase(today):
                LOG.info("%s: %d cases are erased: their day is over", self._settings.authority, count)
            self._erased = today

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
