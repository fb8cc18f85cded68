"""Outboxes, `audit` and inboxes as they lie on Kafka, read with kafka-python for whoever compares them."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError

from broker import cloudevents, topics
from broker.adapters.audit_topic import consumer
from broker.adapters.kafka_login import client_settings
from broker.correspondence import RECEIPT, Correspondence, Line, Position, Record
from broker.merkle import leaf_hash
from broker.ports import Tokens
from broker.settings import KafkaLogin

_POLL_MS = 500
_ANSWER_MS = 30_000
_PAUSE = 0.2
_MOST_WAITING = 100_000
"""Positions under way of one sort, before what makes more of them waits for the other side."""


@contextmanager
def opened(login: KafkaLogin, tokens: Tokens) -> Iterator["ComparedTopics"]:
    """All that this user may read of them. Raises Away."""
    with consumer(login, "samband-reconcile", max_poll_records=2000) as client:
        admin = KafkaAdminClient(**client_settings(login, "samband-reconcile"))
        try:
            yield ComparedTopics(client, admin, tokens)
        finally:
            admin.close()


class ComparedTopics:
    """Reads on from where it was, each time to the end as it stands then. Retention over what has been read."""

    def __init__(self, client: KafkaConsumer, admin: KafkaAdminClient, tokens: Tokens) -> None:
        self._client = client
        self._admin = admin
        self._tokens = tokens
        self._topic_of: dict[str, str] = {}
        self._token_of: dict[str, str] = {}
        self._begins: dict[str, int] = {}
        self._oldest: dict[str, int] = {}

    def sources(self) -> dict[str, str | None]:
        """The token of each topic that messages come from -> whose outbox it is, or None."""
        return {token: topics.sender(topic) for token, topic in self._topic_of.items()}

    def handled(self) -> Mapping[str, int]:
        """Token -> the offset up to which the worker has come."""
        found = self._group()
        return {
            self._token_of[place.topic]: told.offset
            for place, told in found.items()
            if place.topic in self._token_of and told.offset >= 0
        }

    def _group(self) -> Any:
        """The worker's group, as soon as a Kafka that has just started knows its groups."""
        until = monotonic() + _ANSWER_MS / 1000
        while True:
            try:
                return self._admin.list_group_offsets({topics.WORKER: None})[topics.WORKER]
            except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError):
                if monotonic() > until:
                    raise
                sleep(_PAUSE)

    def look(self) -> None:
        """Find the topics that there are; new ones are read from their beginning."""
        names = sorted(name for name in self._client.topics() if topics.is_ours(name))
        known = {place.topic for place in self._client.assignment()}
        for name in names:
            if name not in self._token_of and (topics.sender(name) is not None or name == topics.QUARANTINE):
                token = self._tokens.token("source", name)
                self._token_of[name], self._topic_of[token] = token, name
        places = [TopicPartition(name, 0) for name in names]
        begins = self._client.beginning_offsets(places, timeout_ms=_ANSWER_MS) if places else {}
        self._begins = {place.topic: offset for place, offset in begins.items()}
        if set(names) - known:
            at = {place: self._client.position(place) for place in self._client.assignment()}
            self._client.assign(places)
            for place in places:
                self._client.seek(place, max(at.get(place, 0), begins[place]))

    def read(self, into: Correspondence, now: Callable[[], float]) -> None:
        """Hand over everything that is there at this moment."""
        places = list(self._client.assignment())
        ends = self._client.end_offsets(places, timeout_ms=_ANSWER_MS) if places else {}
        while behind := [place for place in places if self._client.position(place) < ends[place]]:
            self._balance(into, behind)
            for place, records in self._client.poll(timeout_ms=_POLL_MS).items():
                for record in records:
                    self._handed(into, place.topic, record, now())

    def gone(self, position: Position) -> bool:
        """Whether a message at this position may be gone."""
        topic = self._topic_of.get(position.source)
        return topic is not None and position.offset < self._begins.get(topic, 0)

    def lapsed(self, box: str, at: int) -> bool:
        """Whether a line that an inbox got at this time (ms) may be gone: some are, and none so old is left."""
        topic = topics.inbox(box)
        return self._begins.get(topic, 0) > 0 and at <= self._oldest.get(topic, at)

    def _balance(self, into: Correspondence, behind: list[TopicPartition]) -> None:
        """Let the side that is ahead wait, so that memory does not grow with how much there is to read."""
        for_record, for_lines = into.waits_for()
        audit = [place for place in behind if place.topic == topics.AUDIT]
        others = [place for place in behind if place.topic != topics.AUDIT]
        wait: list[TopicPartition] = []
        if audit and others:
            if for_record > _MOST_WAITING >= for_lines:
                wait = others
            elif for_lines > _MOST_WAITING >= for_record:
                wait = audit
        self._client.resume(*self._client.paused())
        self._client.pause(*wait)

    def _handed(self, into: Correspondence, topic: str, record: Any, now: float) -> None:
        try:
            if topic == topics.AUDIT:
                into.recorded(_record(record), now)
            elif topic.startswith(topics.INBOXES):
                self._oldest.setdefault(topic, record.timestamp)
                into.arrived(_line(topic.removeprefix(topics.INBOXES), record), now)
            elif topic.startswith(topics.OUTBOXES):
                message = _id(record.value) if topics.sender(topic) == topics.BROKER else None
                into.sent(Position(self._token_of[topic], record.offset), now, message)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, cloudevents.BadHeaders):
            into.unreadable(topic, record.offset)


def _position(record: Any) -> tuple[Position, Mapping[str, str]]:
    headers = cloudevents.read(record.headers).values
    position = Position.read(headers.get(cloudevents.POSITION))
    if position is None:
        raise ValueError(cloudevents.POSITION)
    return position, headers


def _record(record: Any) -> Record:
    position, _ = _position(record)
    leaf = json.loads(record.value)
    made = Record(position, leaf_hash(record.value).hex(), leaf, record.timestamp)
    _ = made.sends, made.recipient, made.sender  # what is no record can't say them
    return made


def _line(box: str, record: Any) -> Line:
    position, headers = _position(record)
    content = json.loads(record.value)
    receipt = content.get("receipt") if content["type"] == RECEIPT else None
    leaf = receipt["audit"]["leaf"] if receipt else None
    return Line(box, content["type"], position, record.timestamp, leaf, headers.get(cloudevents.REPEAT) == "1")


def _id(value: bytes) -> str | None:
    try:
        found = json.loads(value)
        return str(found["id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
