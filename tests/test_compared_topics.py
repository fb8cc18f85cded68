"""Topics read for comparison: what is asked of Kafka grows with what is read and not with the square of the topics; how
far it has come outlives the process.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from broker import cloudevents, topics
from broker.adapters.files.signing import TokenKey
from broker.adapters.kafka import compared_topics
from broker.adapters.kafka.compared_topics import ComparedTopics
from broker.adapters.kafka.group_offsets import NotShown
from broker.adapters.sql import reconcile_state
from broker.adapters.sql.data_folder import DataFolderError
from broker.log.merkle import leaf_hash
from broker.log.reconcile_topics import Correspondence
from broker.model.canonical import canonical
from broker.ports.faults import Away

TOPICS = 1200


@dataclass
class Entry:
    """A record, or the mark of an end."""

    name: str
    at: int
    content: bytes = b""
    told: list[tuple[str, bytes]] = field(default_factory=list)
    fault: KafkaError | None = None

    def topic(self) -> str:
        return self.name

    def offset(self) -> int:
        return self.at

    def value(self) -> bytes:
        return self.content

    def headers(self) -> list[tuple[str, bytes]]:
        return self.told

    def timestamp(self) -> tuple[int, int]:
        return 2, 1_000

    def error(self) -> KafkaError | None:
        return self.fault


class Answer:
    """A future that is there."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def result(self, timeout: float) -> Any:
        return self.value


class Refusal(Answer):
    """A future that fails."""

    def result(self, timeout: float) -> Any:
        raise KafkaException(KafkaError(KafkaError.GROUP_AUTHORIZATION_FAILED))


@dataclass
class Told:
    """What metadata, offsets and groups tell."""

    topics: Mapping[str, None] = field(default_factory=dict)
    cluster_id: str = "one"
    offset: int = 0
    topic_partitions: list[TopicPartition] = field(default_factory=list)


@dataclass
class Kafka:
    """Both clients over topics in memory: each topic holds records, and after each the mark of a transaction (None)."""

    lies: dict[str, list[Entry | None]]
    cluster: str = "one"
    calls: Counter[str] = field(default_factory=Counter)
    at: dict[str, int] = field(default_factory=dict)
    ends_told: dict[str, int] = field(default_factory=dict)
    silent: bool = False
    committed: dict[str, int] = field(default_factory=dict)
    refuses: bool = False
    asked: int = 0

    def list_topics(self, *names: str, timeout: float) -> Told:
        self.calls["list_topics"] += 1
        return Told(dict.fromkeys(self.lies), self.cluster)

    def assign(self, places: list[TopicPartition]) -> None:
        self.calls["assign"] += 1
        self.at = {place.topic: place.offset for place in places}
        self.ends_told = {}

    def pause(self, places: list[TopicPartition]) -> None:
        self.calls["pause"] += 1

    def resume(self, places: list[TopicPartition]) -> None:
        self.calls["resume"] += 1

    def consume(self, most: int, wait: float) -> list[Entry]:
        self.calls["consume"] += 1
        found: list[Entry] = []
        for name, lies in self.lies.items() if not self.silent else ():
            while name in self.at and self.at[name] < len(lies) and len(found) < most:
                if (entry := lies[self.at[name]]) is not None:
                    found.append(entry)
                self.at[name] += 1
            if name in self.at and self.at[name] == len(lies) != self.ends_told.get(name) and len(found) < most:
                self.ends_told[name] = len(lies)
                found.append(Entry(name, len(lies), fault=KafkaError(KafkaError._PARTITION_EOF)))
        return found

    def list_offsets(self, asked: Mapping[TopicPartition, Any], **_: Any) -> dict[TopicPartition, Answer]:
        self.calls["list_offsets"] += 1
        first = next(iter(asked.values())) is compared_topics.BEGINNING
        return {place: Answer(Told(offset=0 if first else len(self.lies[place.topic]))) for place in asked}

    def committed_offsets(self, group: str) -> dict[str, int]:
        if group in self.committed or group.startswith(topics.INBOXES):
            return {group: self.committed[group]} if group in self.committed else {}
        return {name: len(lies) for name, lies in self.lies.items() if topics.sender(name)}

    def put(self, name: str, content: object, told: list[tuple[str, bytes]] | None = None) -> int:
        lies = self.lies.setdefault(name, [])
        lies += [Entry(name, len(lies), canonical(content), told or []), None]
        return len(lies) - 2


@pytest.fixture
def tokens(tmp_path: Path) -> TokenKey:
    return TokenKey(tmp_path / "token.key", create=True)


def exchanges(kafka: Kafka, tokens: TokenKey, first: int, last: int, *, authorities: int = TOPICS // 2) -> None:
    """Messages, each from another authority to the next, with all that comes of them."""
    for n in range(first, last):
        sender, recipient = f"a{n % authorities}", f"a{(n + 1) % authorities}"
        outbox = topics.outbox(sender)
        at = cloudevents.position(tokens.token("source", outbox), kafka.put(outbox, {}))
        leaf = {"record": "decision", "message": str(n), "sender": {"authority": sender}, "seq": None}
        leaf |= {"recipient": {"authority": recipient}, "receipt": {"outcome": "forward"}}
        told = leaf_hash(canonical(leaf)).hex()
        when = "2026-03-02T09:00:00Z"
        kafka.put(
            topics.AUDIT,
            leaf,
            cloudevents.of_record(record="decision", leaf=told, recorded=when, position=at, trace=None),
        )
        for box, type_ in ((recipient, "delivery"), (sender, "receipt")):
            content = {"type": type_} | ({"receipt": {"audit": {"leaf": told}}} if type_ == "receipt" else {})
            header = cloudevents.of_line(type_=type_, about="m", recorded=when, position=at, trace=None, repeat=False)
            kafka.put(topics.inbox(box), content, header)


def opened(kafka: Kafka, tokens: TokenKey, known: Any = None) -> ComparedTopics:
    return ComparedTopics(kafka, kafka, Groups(kafka), tokens, known)  # type: ignore[arg-type]


class Groups:
    """How far groups have come, of the same Kafka."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    def committed_offsets(self, groups: Collection[str]) -> dict[str, dict[str, int]]:
        self._kafka.calls["committed"] += 1
        self._kafka.asked = len(groups)
        if self._kafka.refuses:
            raise NotShown
        return {group: self._kafka.committed_offsets(group) for group in groups}


def clock() -> float:
    return 0.0


@pytest.mark.slow
def test_what_is_asked_does_not_grow_with_topics_times_polls(tokens: TokenKey) -> None:
    """10,000 messages over 1,200 topics; then as many rounds with little in them."""
    kafka = Kafka({})
    exchanges(kafka, tokens, 0, 10_000)
    found = opened(kafka, tokens)
    found.look()
    compared = Correspondence(found.sources())
    assert found.read(compared, clock)
    compared.judge(1.0, found.handled_offsets(), found)
    assert (compared.first, compared.agree, compared.under_way, len(kafka.lies)) == ([], 10_000, 0, TOPICS + 1)
    entries = 4 * 10_000 + TOPICS + 1
    assert kafka.calls["consume"] <= entries / compared_topics._MOST + 2
    before = kafka.calls.total()
    for n in range(20):
        exchanges(kafka, tokens, 10_000 + n, 10_001 + n)
        found.look()
        assert found.read(compared, clock)
    assert (compared.ok, compared.agree) == (True, 10_020)
    assert kafka.calls.total() - before <= 20 * 5
    assert kafka.calls["assign"] == 1


def test_a_comparison_goes_on_where_it_was(tokens: TokenKey, tmp_path: Path) -> None:
    """What was compared is not read again; what was under way, and what has been seen, is known."""
    kafka, file = Kafka({}), tmp_path / "state" / "compared.db"
    exchanges(kafka, tokens, 0, 50, authorities=5)
    late = kafka.lies[topics.inbox("a1")].pop()
    delivery = kafka.lies[topics.inbox("a1")].pop()
    with reconcile_state.open_state(file, tokens.key_id) as kept:
        found = opened(kafka, tokens)
        found.look()
        compared = Correspondence(found.sources(), kept)
        assert found.read(compared, clock)
        assert (compared.agree, compared.under_way) == (49, 1)
        kept.save(topics=found.state(), compared=compared.state())
    kafka.lies[topics.inbox("a1")] += [delivery, late]
    again = Kafka(kafka.lies)
    exchanges(again, tokens, 3, 4, authorities=5)  # decided a second time, at another position
    with reconcile_state.open_state(file, tokens.key_id) as kept:
        found = opened(again, tokens, kept.load("topics"))
        assert not found.is_another
        found.look()
        compared = Correspondence(found.sources(), kept)
        before = kept.load("compared")
        assert before is not None
        compared.resume(before, 0.0)
        assert found.read(compared, clock)
        compared.judge(1.0, found.handled_offsets(), found)
        assert (compared.agree, compared.under_way, compared.differences) == (51, 0, {"message_twice": 1})
    assert again.calls["consume"] <= 2


def test_what_was_read_and_not_kept_is_read_again(tokens: TokenKey) -> None:
    with reconcile_state.open_state(None, tokens.key_id) as kept:
        kept.save(topics={"next": {}})
        assert kept.add("a message")
        kept.undo()
        assert kept.add("a message")
        assert not kept.add("a message") and "a message" in kept and "another" not in kept


def test_what_is_not_fetched_is_known_by_how_far_groups_have_come(tokens: TokenKey) -> None:
    """Of deliveries alone, across a restart; a group without a place has fetched nothing."""
    kafka = Kafka({})
    exchanges(kafka, tokens, 0, 20, authorities=4)
    found = opened(kafka, tokens)
    found.look()
    assert found.read(Correspondence(found.sources()), clock)

    def waiting(reader: ComparedTopics) -> dict[str, int]:
        answer = reader.unfetched_inboxes()
        assert answer is not None
        return dict(answer)

    assert waiting(found) == dict.fromkeys(("a0", "a1", "a2", "a3"), 1)
    deliveries = [entry.at for entry in kafka.lies[topics.inbox("a1")] if entry and b"delivery" in entry.content]
    kafka.committed = {topics.inbox("a0"): len(kafka.lies[topics.inbox("a0")]), topics.inbox("a1"): deliveries[-1]}
    assert waiting(found).keys() == {"a1", "a2", "a3"}
    again = opened(kafka, tokens, json.loads(json.dumps(found.state())))
    again.look()
    assert again.read(Correspondence(again.sources()), clock)
    kafka.committed[topics.inbox("a1")] = deliveries[-1] + 1
    assert waiting(again).keys() == {"a2", "a3"}
    assert kafka.asked == 3, "where nothing waits, none is asked"
    kafka.refuses = True
    assert again.unfetched_inboxes() is None


@pytest.mark.parametrize("change", ["cluster", "cut"])
def test_topics_of_another_cluster_are_not_gone_on_with(tokens: TokenKey, change: str) -> None:
    kafka = Kafka({})
    exchanges(kafka, tokens, 0, 5, authorities=5)
    found = opened(kafka, tokens)
    found.look()
    assert found.read(Correspondence(found.sources()), clock)
    known = json.loads(json.dumps(found.state()))
    assert not opened(kafka, tokens, known).is_another
    if change == "cut":
        kafka.lies[topics.AUDIT] = kafka.lies[topics.AUDIT][:2]
    other = Kafka(kafka.lies, "another" if change == "cluster" else "one")
    assert opened(other, tokens, known).is_another


def damaged(file: Path) -> Iterator[str]:
    file.write_bytes(b"no database at all" * 1000)
    yield "damaged"
    file.unlink()
    yield "lost"


def test_a_state_that_is_lost_or_damaged_or_of_another_key_is_begun_anew(tokens: TokenKey, tmp_path: Path) -> None:
    file = tmp_path / "compared.db"
    with reconcile_state.open_state(file, tokens.key_id) as kept:
        kept.add("a message")
        kept.save(topics={"next": {"audit": 5}})
    with reconcile_state.open_state(file, tokens.key_id) as kept:
        assert kept.load("topics") == {"next": {"audit": 5}} and "a message" in kept
    with reconcile_state.open_state(file, "another") as kept:
        assert kept.load("topics") is None and "a message" not in kept
    for _ in damaged(file):
        with reconcile_state.open_state(file, tokens.key_id) as kept:
            assert kept.load("topics") is None


def test_two_may_not_keep_the_same_state(tokens: TokenKey, tmp_path: Path) -> None:
    file = tmp_path / "compared.db"
    with (
        reconcile_state.open_state(file, tokens.key_id),
        pytest.raises(DataFolderError, match="another 'samband reconcile'"),
        reconcile_state.open_state(file, tokens.key_id),
    ):
        pass


def test_it_stops_when_told_to_and_waits_for_no_silent_kafka(tokens: TokenKey, monkeypatch: pytest.MonkeyPatch) -> None:
    kafka = Kafka({})
    exchanges(kafka, tokens, 0, 5, authorities=5)
    found = opened(kafka, tokens)
    found.look()
    assert not found.read(Correspondence(found.sources()), clock, lambda: False)
    kafka.silent = True
    with pytest.raises(Away):
        found.read(Correspondence(found.sources()), clock)


def test_the_state_holds_no_message(tokens: TokenKey, tmp_path: Path) -> None:
    file = tmp_path / "compared.db"
    with reconcile_state.open_state(file, tokens.key_id) as kept:
        kept.add("polismyndigheten 0190c3a0-0000-7000-8000-000000000001")
        kept.save(topics={})
    with sqlite3.connect(file) as connection:
        assert [len(key) for (key,) in connection.execute("SELECT key FROM seen")] == [16]
