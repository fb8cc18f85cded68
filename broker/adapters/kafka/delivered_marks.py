"""What recipients have fetched from their inboxes on Kafka: as far as their groups have come."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from broker import topics
from broker.adapters.kafka.group_offsets import GroupOffsets
from broker.settings import KafkaLogin


class FetchedOffsets:
    """Fetched, as far as a recipient's group has come in its inbox. It may come further while a recall is decided."""

    def __init__(self, login: KafkaLogin, places: Callable[[str, str], Sequence[tuple[str, int | None]]]) -> None:
        """`places`: of a delivery (sender, message), each inbox that it lies in, and its offset there."""
        self._groups = GroupOffsets(login)
        self._places = places

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
        return self._groups.committed_offsets([group])[group].get(group, -1) > offset

    def add(self, deliveries: Iterable[tuple[str, str, str]]) -> None:
        """Recipients mark themselves what they have read."""
