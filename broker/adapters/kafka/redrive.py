"""What lies in quarantine on Kafka, taken out once to be run again: the worker reads it as if it came from outboxes.

It is as strict as the first time: with the outbox and the time that the worker wrote beside the line then.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event

from broker import cloudevents, topics
from broker.adapters.kafka.streams import KafkaStreams
from broker.ports.transport import Consumed
from broker.settings import KafkaLogin


class Redriven(KafkaStreams):
    """Streams over the quarantine, in a group of its own, to the end that it has at the start.

    What nobody may be named for, or whose bytes were not all kept, is passed over; so is what an earlier version put
    aside without its time.
    """

    def __init__(self, login: KafkaLogin, stopping: Event) -> None:
        """`stopping` is set at the end."""
        super().__init__(login, group=topics.REDRIVE, names=topics.QUARANTINE, ends=True)
        self._stopping = stopping
        self._end: int | None = None
        self.unproven: set[int] = set()
        """Offsets of lines of which bytes are kept, and not how they came."""

    def poll(self, most: int) -> Sequence[Consumed]:
        """The next that can be run again. Raises Away."""
        if self._end is None:
            self._end = self.end(topics.QUARANTINE)
        taken = super().poll(most)
        before = [consumed for consumed in taken if consumed.offset < self._end]
        if len(before) < len(taken) or self.ended.get(topics.QUARANTINE, -1) >= self._end:
            self._stopping.set()
        self.unproven |= {one.offset for one in before if _is_unproven(one)}
        return [placed for consumed in before if (placed := _as_first_written(consumed)) is not None]


def _is_unproven(consumed: Consumed) -> bool:
    """Whether a line has bytes, and an earlier version wrote beside it no time of arrival."""
    headers = cloudevents.read(consumed.headers)
    return bool(consumed.value) and cloudevents.OUTBOX in headers.values and cloudevents.place_of(headers) is None


def _as_first_written(consumed: Consumed) -> Consumed | None:
    """As it lay first, and its trace alone of the headers; None where that is not told, or bytes are missing."""
    place = cloudevents.place_of(cloudevents.read(consumed.headers))
    if place is None or not consumed.value or len(consumed.value) < place.size:
        return None
    trace = [(name, value) for name, value in consumed.headers if name == cloudevents.TRACEPARENT]
    arrived = datetime.fromisoformat(place.arrived)
    return replace(consumed, headers=trace, outbox=(place.topic, place.offset), arrived=arrived)
