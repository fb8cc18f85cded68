"""Where inboxes have let go of what nobody had read: a group has not come to where its topic begins."""

import logging
from functools import cached_property

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from broker import topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.adapters.kafka.group_offsets import GroupOffsets
from broker.adapters.kafka.topic_offsets import BEGINNING, read_offsets
from broker.ports.faults import Away
from broker.settings import KafkaLogin

_ANSWER = 10.0


class UnreadGone:
    """Looks time after time; an inbox is asked about only where its beginning has moved past its reader."""

    def __init__(self, login: KafkaLogin) -> None:
        self._login = login
        self._groups = GroupOffsets(login)
        self._past: dict[str, int] = {}

    @cached_property
    def _admin(self) -> AdminClient:
        return AdminClient(connection(self._login), logger=logging.getLogger("samband.kafka"))

    def look(self) -> dict[str, tuple[int, int]]:
        """Address -> from where its reader has not read, and where its topic begins now, later. Raises Away."""
        try:
            listed = self._admin.list_topics(timeout=_ANSWER).topics
            names = [name for name in listed if name.startswith(topics.INBOXES)]
            begins = read_offsets(self._admin, names, BEGINNING, _ANSWER)
        except (KafkaException, Away) as error:
            del self._admin  # one that was asking when Kafka was killed can wait for it for ever
            raise (error if isinstance(error, Away) else away(error)) from None
        gone = {}
        for name, begin in begins.items():
            if begin <= self._past.get(name, 0):
                continue
            if (read := self._read(name)) >= begin:
                self._past[name] = begin
            else:
                gone[topics.owner(name)] = (read, begin)
        return gone

    def _read(self, name: str) -> int:
        """How far the reader of an inbox has come; 0 where it has read nothing."""
        return self._groups.committed_offsets([name])[name].get(name, 0)
