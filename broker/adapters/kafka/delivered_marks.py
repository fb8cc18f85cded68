"""What recipients have fetched from their inboxes on Kafka: as far as their groups have come."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from broker import topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.settings import KafkaLogin

_WAIT = 10.0
"""Seconds that Kafka may take to answer."""
_PATIENCE = 15.0
"""Seconds after which the client itself is given up."""


class FetchedOffsets:
    """Fetched, as far as a recipient's group has come in its inbox. It may come further while a recall is decided."""

    def __init__(self, login: KafkaLogin, places: Callable[[str, str], Sequence[tuple[str, int | None]]]) -> None:
        """`places`: of a delivery (sender, message), each inbox that it lies in, and its offset there."""
        self._login = login
        self._places = places

    @cached_property
    def _admin(self) -> AdminClient:
        """A connection of its own, for the first recall: most workers meet none."""
        return AdminClient(connection(self._login), logger=logging.getLogger("samband.kafka"))

    @contextmanager
    def alone(self) -> Iterator["FetchedOffsets"]:
        """The marks; nothing holds the recipients back."""
        yield self

    def has(self, sender: str, message: str) -> bool:
        """Whether this delivery has been read, in some inbox; also when it cannot be told. Raises Away."""
        return any(offset is None or self._is_past(inbox, offset) for inbox, offset in self._places(sender, message))

    def _is_past(self, inbox: str, offset: int) -> bool:
        """Whether who reads an inbox has come past this offset there."""
        group = topics.inbox(inbox)
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(group, 0)])
        try:
            [answer] = self._admin.list_consumer_group_offsets([asked], request_timeout=_WAIT).values()
            [place] = answer.result(_PATIENCE).topic_partitions
        except (KafkaException, TimeoutError) as error:
            del self._admin  # one that was asking when Kafka was killed can wait for it for ever; a new one does not
            raise away(error) from None
        return bool(place.offset > offset)

    def add(self, deliveries: Iterable[tuple[str, str]]) -> None:
        """Recipients mark themselves what they have read."""
