"""What lies on Kafka, read with confluent-kafka for whoever compares it: outboxes, `audit`, inboxes.

No group is joined, nothing is stored on Kafka. However many topics there are, what is done grows with what is read:
ends are asked for all at once, and how far a topic has been read is told by its records and by the mark of its end.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from broker import cloudevents, topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.adapters.kafka.group_offsets import GroupOffsets, NotShown
from broker.adapters.kafka.topic_offsets import BEGINNING, END, read_offsets
from broker.adapters.kafka.unfetched import Unfetched
from broker.log.merkle import leaf_hash
from broker.log.reconcile_topics import DELIVERY, RECEIPT, REDELIVERY, Correspondence, Line, Position, Record, reader
from broker.model.days import microseconds
from broker.model.decision import Json
from broker.pipeline.seals import digests, without_notes
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.ports.tokens import Tokens
from broker.settings import KafkaLogin

_MOST = 5000
_POLL = 0.5
_ANSWER = 30.0
_SILENCE = 60
"""Polls in a row that may give nothing though more is known to be there."""
_MOST_WAITING = 25_000
"""Positions under way of one sort, before what makes more of them waits for the other side."""


@contextmanager
def open_topics(login: KafkaLogin, tokens: Tokens, known: Json | None = None) -> Iterator["ComparedTopics"]:
    """All that this user may read of them, from `known` on, which is a `state`. Raises Away."""
    log = logging.getLogger("samband.kafka")
    log.setLevel(logging.CRITICAL)
    settings = {
        **connection(login),
        "group.id": topics.WORKER,  # which it may describe; it joins none
        "client.id": "samband-reconcile",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": "read_committed",
        "auto.offset.reset": "earliest",
        "allow.auto.create.topics": False,
        "queued.max.messages.kbytes": 65_536,
        "fetch.wait.max.ms": 250,
    }
    client = Consumer(settings, logger=log)
    groups = GroupOffsets(login)
    try:
        admin = AdminClient({**connection(login), "client.id": "samband-reconcile"}, logger=log)
        yield ComparedTopics(client, admin, groups, tokens, known)
    except KafkaException as error:
        raise away(error) from None
    finally:
        groups.close()
        client.close()


class ComparedTopics:
    """Reads on from where it was, each time to the end as it stands then. Retention over what has been read."""

    def __init__(
        self, client: Consumer, admin: AdminClient, groups: GroupOffsets, tokens: Tokens, known: Json | None = None
    ) -> None:
        self._client = client
        self._admin = admin
        self._groups = groups
        self._tokens = tokens
        self._topic_of: dict[str, str] = {}
        self._token_of: dict[str, str] = {}
        self._named: dict[str, str] = {}
        """Tokens of topics under every key -> that by which the topic is known here."""
        self._begins: dict[str, int] = {}
        self._assigned: set[str] = set()
        self._paused: set[str] = set()
        self._cluster = client.list_topics(topics.AUDIT, timeout=_ANSWER).cluster_id
        state = known or {"cluster": self._cluster, "next": {}, "oldest": {}}
        self._next: dict[str, int] = dict(state["next"])
        self._oldest: dict[str, int] = dict(state["oldest"])
        self._unfetched = Unfetched(state.get("unfetched"))
        self.is_another = state["cluster"] != self._cluster or self._ends_before()
        """Whether what is known is not of these topics."""

    def state(self) -> Json:
        """How far each topic has been read, when the oldest line of each inbox came, what waits, of which cluster."""
        known = {"cluster": self._cluster, "next": self._next, "oldest": self._oldest}
        return {**known, "unfetched": self._unfetched.state()}

    def sources(self) -> dict[str, str | None]:
        """The token of each topic that messages come from -> whose outbox it is, or None."""
        return {token: topics.sender(topic) for token, topic in self._topic_of.items()}

    def handled_offsets(self) -> Mapping[str, int]:
        """Token -> the offset up to which the worker has come. Raises Away."""
        committed = self._groups.committed_offsets([topics.WORKER])[topics.WORKER]
        return {self._token_of[topic]: offset for topic, offset in committed.items() if topic in self._token_of}

    def unfetched_inboxes(self) -> Iterator[tuple[str, int]] | None:
        """The address of each inbox where a delivery is not fetched, and since when (seconds since 1970).

        None where the cluster lets this user not see how far recipients have come. Raises Away. Only groups in whose
        inbox something waits are asked for.
        """
        try:
            committed = self._groups.committed_offsets(list(self._unfetched.inboxes()))
        except NotShown:
            return None
        self._unfetched.mark_fetched({name: offsets.get(name, 0) for name, offsets in committed.items()})
        return self._unfetched.oldest()

    def look(self) -> None:
        """Find the topics that there are; new ones are read from their beginning. Raises Away."""
        there = self._client.list_topics(timeout=_ANSWER).topics
        names = sorted(name for name in there if topics.is_ours(name) and name != topics.REGISTER)
        self._name(names)
        self._begins = self._offsets(names, BEGINNING)
        self._unfetched.keep(self._begins.keys())
        if self._begins.keys() != self._assigned:
            self._assigned, self._paused = set(self._begins), set()
            self._next = {name: max(self._next.get(name, 0), begin) for name, begin in self._begins.items()}
            self._client.assign([TopicPartition(name, 0, at) for name, at in self._next.items()])

    def _name(self, names: Iterable[str]) -> None:
        """Of each topic that messages come from its tokens: under the oldest key, which stays, and under the others."""
        for name in names:
            if topics.sender(name) is not None or name == topics.QUARANTINE:
                token = self._token_of.setdefault(name, self._tokens.oldest.token("source", name))
                self._topic_of[token] = name
                tokens = self._tokens.token("source", name), *self._tokens.older("source", name)
                self._named |= dict.fromkeys(tokens, token)

    def at(self, position: Position) -> Position:
        """A position under the token by which its topic is known here, whichever key has named it."""
        if position.source not in self._named and self._tokens.look():
            self._name([*self._token_of])
        return replace(position, source=self._named.get(position.source, position.source))

    def read(self, into: Correspondence, now: Callable[[], float], turned: Callable[[], bool] = lambda: True) -> bool:
        """Hand over everything that is there at this moment. Raises Away.

        `turned` is called again and again, where all that was read is handed over; when it says no, so does this.
        """
        ends = self._offsets(sorted(self._assigned), END)
        behind = {name for name, end in ends.items() if self._next[name] < end}
        silent = 0
        while behind:
            if not turned():
                return False
            self._balance(into, behind)
            messages = self._client.consume(_MOST, _POLL)
            silent = 0 if messages else silent + 1
            if silent > _SILENCE:
                raise Away(KAFKA, "NoAnswer")
            for message in messages:
                topic, at = self._take(into, message, now)
                if at >= ends.get(topic, 0):
                    behind.discard(topic)
        return True

    def is_gone(self, position: Position) -> bool:
        """Whether a message at this position may be gone."""
        topic = self._topic_of.get(position.source)
        return topic is not None and position.offset < self._begins.get(topic, 0)

    def is_lapsed(self, box: str, at: int) -> bool:
        """Whether a line that an inbox got at this time (ms) may be gone: some are, and none so old is left."""
        topic = topics.inbox(box)
        return self._begins.get(topic, 0) > 0 and at <= self._oldest.get(topic, at)

    def _ends_before(self) -> bool:
        """Whether a topic ends before where it has been read."""
        ends = self._offsets(sorted(self._next), END)
        return any(self._next[name] > end for name, end in ends.items())

    def _offsets(self, names: Sequence[str], which: OffsetSpec) -> dict[str, int]:
        return read_offsets(self._admin, names, which, _ANSWER)

    def _balance(self, into: Correspondence, behind: set[str]) -> None:
        """Let the side that is ahead wait, so that memory does not grow with how much there is to read."""
        for_record, for_lines = into.waits_for()
        wait: set[str] = set()
        if topics.AUDIT in behind and len(behind) > 1:
            if for_record > _MOST_WAITING >= for_lines:
                wait = self._assigned - {topics.AUDIT}
            elif for_lines > _MOST_WAITING >= for_record:
                wait = {topics.AUDIT}
        for change, names in ((self._client.resume, self._paused - wait), (self._client.pause, wait - self._paused)):
            if names := names & self._assigned:
                change([TopicPartition(name, 0) for name in names])
        self._paused = wait

    def _take(self, into: Correspondence, message: Message, now: Callable[[], float]) -> tuple[str, int]:
        """Hand one record over, or the mark of an end; its topic, and how far that has been read."""
        topic, offset, fault = message.topic() or "", message.offset() or 0, message.error()
        if fault is None:
            self._hand(into, topic, message, now())
            self._next[topic] = offset + 1
        elif fault.code() == KafkaError._PARTITION_EOF:
            self._next[topic] = max(self._next.get(topic, 0), offset)
        elif fault.code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise Away(KAFKA, fault.name())
        return topic, self._next.get(topic, 0)

    def _hand(self, into: Correspondence, topic: str, record: Message, now: float) -> None:
        offset = record.offset() or 0
        try:
            if topic == topics.AUDIT:
                taken = _record(record, self._tokens)
                into.take_record(replace(taken, position=self.at(taken.position)), now)
            elif topic.startswith(topics.INBOXES):
                self._oldest.setdefault(topic, record.timestamp()[1])
                line = _line(topics.owner(topic), record, self._tokens)
                line = replace(line, position=self.at(line.position))
                if line.type in (DELIVERY, REDELIVERY):
                    self._unfetched.lies(topic, offset, record.timestamp()[1] // 1000)
                into.take_line(line, now)
            elif topic.startswith(topics.OUTBOXES):
                message = _id(_value(record)) if topics.sender(topic) == topics.BROKER else None
                into.take_message(Position(self._token_of[topic], offset), now, message)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, cloudevents.BadHeaders):
            into.unreadable(topic, offset)


def _value(record: Message) -> bytes:
    value = record.value()
    return value if isinstance(value, bytes) else b""


def _position(record: Message, tokens: Tokens) -> tuple[Position, Mapping[str, str]]:
    headers = cloudevents.read(record.headers() or ()).values  # type: ignore[arg-type]
    position = reader(tokens)(headers.get(cloudevents.POSITION))
    if position is None:
        raise ValueError(cloudevents.POSITION)
    return position, headers


def _record(record: Message, tokens: Tokens) -> Record:
    position, headers = _position(record, tokens)
    value, first = _value(record), headers.get(cloudevents.TAKEN)
    at = microseconds(datetime.fromisoformat(first)) // 1000 if first else record.timestamp()[1]
    return Record.of(position, leaf_hash(value).hex(), json.loads(value), at)


def _line(box: str, record: Message, tokens: Tokens) -> Line:
    position, headers = _position(record, tokens)
    content = json.loads(_value(record))
    receipt = content.get("receipt") if content["type"] == RECEIPT else None
    audit = receipt["audit"] if receipt else None
    leaf = audit["leaf"] if audit else None
    type_ = REDELIVERY if content.get("redelivered") else content["type"]
    repeat, (line_digest, *others) = (
        headers.get(cloudevents.REPEAT) == "1",
        digests(tokens, box, without_notes(content)[0]),
    )
    return Line(box, type_, position, record.timestamp()[1], leaf, repeat, line_digest, others)


def _id(value: bytes) -> str | None:
    try:
        content = json.loads(value)
        return str(content["id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
