"""What lies in quarantine on Kafka, taken out once to be run again: the worker reads it as if it came from outboxes."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from broker import cloudevents, topics
from broker.adapters.kafka_transactions import KafkaStreams
from broker.settings import KafkaLogin
from broker.streams import Consumed


class Redriven(KafkaStreams):
    """Streams over the quarantine, in a group of its own, to the end that it has at the start.

    What nobody may be named for, or whose bytes were not kept, is passed over.
    """

    def __init__(self, login: KafkaLogin, stopping: Event) -> None:
        """`stopping` is set at the end."""
        super().__init__(login, group=topics.REDRIVE, names=topics.QUARANTINE, ends=True)
        self._stopping = stopping
        self._end: int | None = None

    def poll(self, most: int) -> Sequence[Consumed]:
        """The next that can be run again. Raises Away."""
        if self._end is None:
            self._end = self.end(topics.QUARANTINE)
        taken = super().poll(most)
        before = [consumed for consumed in taken if consumed.offset < self._end]
        if len(before) < len(taken) or self.ended.get(topics.QUARANTINE, -1) >= self._end:
            self._stopping.set()
        return [placed for consumed in before if (placed := _placed(consumed)) is not None]


def _placed(consumed: Consumed) -> Consumed | None:
    """With the place where it lay first, and its trace alone of the headers; None where that is not told."""
    told = cloudevents.read(consumed.headers).values
    topic, offset = told.get(cloudevents.OUTBOX), told.get(cloudevents.OFFSET)
    if topic is None or offset is None or not consumed.value:
        return None
    trace = [(name, value) for name, value in consumed.headers if name == cloudevents.TRACEPARENT]
    return replace(consumed, headers=trace, outbox=(topic, int(offset)))
