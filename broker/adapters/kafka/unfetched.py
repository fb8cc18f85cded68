"""Deliveries in inboxes on Kafka to which their recipients' groups have not come.

What lies there is told as it is read, in order; how far each group has come is told now and then. Of an inbox that
nobody fetches from, spans of time are kept and not deliveries, and fewer the more there are: so memory is bounded, and
the oldest is known to a minute, or more roughly where very much waits.
"""

from collections.abc import Collection, Iterator, Mapping

from broker import topics
from broker.model.decision import Json

SPAN = 60
"""Seconds of deliveries that are kept as one."""
MOST = 64
"""Spans of one inbox; where there would be more, each two become one."""

_Span = list[int]
"""When its first delivery came (seconds since 1970), and the offset of its last."""


class Unfetched:
    """Pure: inboxes are topics."""

    def __init__(self, known: Json | None = None) -> None:
        """Goes on from a `state`."""
        self._spans: dict[str, list[_Span]] = {name: list(map(list, spans)) for name, spans in (known or {}).items()}

    def state(self) -> Json:
        """All that is known."""
        return self._spans

    def inboxes(self) -> Collection[str]:
        """Those in which something waits."""
        return self._spans.keys()

    def lies(self, inbox: str, offset: int, at: int) -> None:
        """A delivery that came then (seconds since 1970)."""
        spans = self._spans.setdefault(inbox, [])
        if spans and at - spans[-1][0] < SPAN:
            spans[-1][1] = offset
            return
        spans.append([at, offset])
        if len(spans) > MOST:
            pairs = (spans[n : n + 2] for n in range(0, len(spans), 2))
            self._spans[inbox] = [[pair[0][0], pair[-1][1]] for pair in pairs]

    def mark_fetched(self, committed: Mapping[str, int]) -> None:
        """Inbox -> the offset that its group goes on from."""
        for inbox, offset in committed.items():
            waiting = [span for span in self._spans.get(inbox, ()) if span[1] >= offset]
            if waiting:
                self._spans[inbox] = waiting
            else:
                self._spans.pop(inbox, None)

    def keep(self, inboxes: Collection[str]) -> None:
        """There are no others any longer."""
        for inbox in self._spans.keys() - set(inboxes):
            del self._spans[inbox]

    def oldest(self) -> Iterator[tuple[str, int]]:
        """The address of each inbox in which something waits, and since when (seconds since 1970)."""
        return ((topics.owner(inbox), spans[0][0]) for inbox, spans in self._spans.items())
