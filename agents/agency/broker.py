"""What the agency's side needs of a broker, whichever it is: its lines, its faults."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]


class AgencyError(Exception):
    """What went wrong and what to do, in one line without any value from a message."""


class WrongMessage(AgencyError):
    """The message can't be sent as it is."""


class NotReached(AgencyError):
    """The broker can't be reached, or refuses. What was to be sent is kept, and goes with the same id next time."""


class NoReceipt(AgencyError):
    """No receipt has come in time. The message is sent: ask again later."""


@dataclass(frozen=True)
class Outgoing:
    """A message as it is sent, and sent again: the same id and the same bytes."""

    id: str
    kind: str
    time: str
    message: bytes
    traceparent: str


@dataclass(frozen=True)
class Came:
    """One inbox line as it came. Positions grow; `content` is None when it is no line that anybody can read."""

    position: int
    content: Json | None
    traceparent: str | None = field(default=None)


class Connection(Protocol):
    """A way to one authority's outbox and inbox."""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Json]:
        """All are with the broker when this returns. Gives the receipts that are there at once. Raises NotReached."""

    def fetch(self, after: int, timeout: float) -> Sequence[Came]:
        """Inbox lines after this position, oldest first; waits so many seconds for the first. Raises NotReached.

        The line at `after` may come first: by it a caller knows that the inbox is the one that it read before. Where
        there is none any longer, all that there is comes. A broker that itself keeps how far an authority has come may
        leave out `after`, and may give a line again.
        """

    def at_end(self) -> bool:
        """Whether all that lies in the inbox has been given, as far as is known without looking."""

    def rewind(self) -> None:
        """Begin at the first line again, where the broker itself keeps how far the authority has come."""

    def commit(self, position: int) -> None:
        """Every line up to this one has been handled. Raises NotReached."""

    def close(self) -> None:
        """Let go."""


class Broker(Protocol):
    """Where messages go."""

    def connect(self, authority: str) -> Connection:
        """A connection as this authority. Raises AgencyError."""
