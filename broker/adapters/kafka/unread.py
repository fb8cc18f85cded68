"""Where inboxes have let go of what nobody had read: a group has not come to where its topic begins."""

import logging
from functools import cached_property
from typing import Any

from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from broker import topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.adapters.kafka.group_offsets import GroupOffsets
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_BEGINNING = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
_ANSWER = 10.0
_PATIENCE = 15.0
"""Seconds after which the client itself is given up."""


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
            names = [
                name for name in self._admin.list_topics(timeout=_ANSWER).topics if name.startswith(topics.INBOXES)
            ]
            asked = {TopicPartition(name, 0): _BEGINNING for name in names}
            committed = IsolationLevel.READ_COMMITTED
            answers = (
                self._admin.list_offsets(asked, isolation_level=committed, request_timeout=_ANSWER) if asked else {}
            )
            begins = {place.topic: _begin(answer) for place, answer in answers.items()}
            gone = {}
            for name, begin in begins.items():
                if begin <= self._past.get(name, 0):
                    continue
                if (read := self._read(name)) >= begin:
                    self._past[name] = begin
                else:
                    gone[topics.address(name.removeprefix(topics.INBOXES))] = (read, begin)
            return gone
        except KafkaException as error:
            del self._admin  # one that was asking when Kafka was killed can wait for it for ever
            raise away(error) from None

    def _read(self, name: str) -> int:
        """How far the reader of an inbox has come; 0 where it has read nothing."""
        return self._groups.committed_offsets([name])[name].get(name, 0)


def _begin(answer: Any) -> int:
    """Where a topic begins; 0 of one that is gone meanwhile."""
    try:
        return int(_result(answer).offset)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise
        return 0


def _result(answer: Any) -> Any:
    try:
        return answer.result(_PATIENCE)
    except TimeoutError:
        raise Away(KAFKA, "NoAnswer") from None
