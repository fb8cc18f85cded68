"""The one thread that speaks with the broker: lines into the store, what is queued out of it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from agents.agency.broker import Broker
from agents.agency.preview import Preview
from agents.desk.preview import preview
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Store


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

    @property
    def last_contact(self) -> datetime | None:
        """When the broker was last reached, also by an earlier run."""
        raise NotImplementedError

    @property
    def away(self) -> bool:
        """Whether the last try did not reach the broker."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin, in a thread of its own."""
        raise NotImplementedError

    def stop(self) -> None:
        """End, once what is under way is done."""
        raise NotImplementedError

    def wake(self) -> None:
        """Something is queued: don't wait."""

    def round(self) -> bool:
        """One look: what came is saved, what is queued is sent. Whether the broker was reached."""
        raise NotImplementedError

    def preview(self, drafts: Sequence[DeskDraft]) -> Preview | None:
        """What would become of drafts; None where nobody here can tell. Raises AgencyError."""
        return preview(self._settings, self._store, drafts)
