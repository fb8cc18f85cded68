"""`samband reconcile` on real Kafka: what agrees, faults that are planted, and what only looks like one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time
from unittest.mock import patch
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from command import Ended, samband
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from live import Emptied, Provisioned
from monitoring import samples
from opa_server import free_port
from streams import until

from broker import cloudevents, topics
from broker.adapters.files.signing import TokenKey
from broker.adapters.kafka.confluent_login import connection
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical

WHEN = "2026-03-02T09:00:00Z"
Headers = list[cloudevents.Header]


@dataclass
class Site:
    """Kafka written as the worker would, in transactions, and as it must not."""

    cluster: Provisioned
    keys: Path

    def __post_init__(self) -> None:
        self.tokens = TokenKey(self.keys / "token.key")
        self.begin()
        self.sent: dict[str, int] = {}

    def begin(self) -> None:
        """With a new producer, as after a restart of Kafka."""
        self.producer = Producer({**self._login(), "transactional.id": "samband.worker.test"})
        self.producer.init_transactions(20)

    def _login(self) -> dict[str, str]:
        return connection(self.cluster.servers.operator)

    def send(self, authority: str, value: bytes = b"a message") -> int:
        """An agency writes, without transactions; its offset."""
        taken: list[int] = []
        producer = Producer(self._login())
        producer.produce(topics.outbox(authority), value, on_delivery=lambda _, told: taken.append(told.offset()))
        producer.flush(20)
        self.sent[authority] = taken[0] + 1
        return taken[0]

    def position(self, authority: str, offset: int) -> str:
        return cloudevents.position(self.tokens.token("source", topics.outbox(authority)), offset)

    def record(self, authority: str, offset: int, **leaf: object) -> str:
        data = canonical({"record": "decision", "sender": {"authority": authority}, **leaf})
        told, at = leaf_hash(data).hex(), self.position(authority, offset)
        kind = str(leaf.get("record", "decision"))
        self.put(
            topics.AUDIT, data, cloudevents.of_record(record=kind, leaf=told, recorded=WHEN, position=at, trace=None)
        )
        return told

    def line(self, box: str, type_: str, position: str, told: str | None = None, *, repeat: bool = False) -> None:
        content: dict[str, object] = {"type": type_}
        if told:
            content["receipt"] = {"audit": {"leaf": told, "seq": None}}
        made = cloudevents.of_line(type_=type_, about="m", recorded=WHEN, position=position, trace=None, repeat=repeat)
        self.put(topics.inbox(box), canonical(content), made)

    def put(self, topic: str, value: bytes, headers: Headers | None = None) -> None:
        self.producer.produce(topic, value, headers=headers)

    def together(self, write: Callable[[], object], *, commit: bool = True) -> None:
        """One transaction."""
        self.producer.begin_transaction()
        write()
        self.producer.flush(20)
        self.producer.commit_transaction(20) if commit else self.producer.abort_transaction(20)

    def decided(self, sender: str, recipient: str, outcome: str = "forward", message: str | None = None) -> int:
        """A message with all that comes of it."""
        offset = self.send(sender)
        about = {"message": message or f"m{offset}", "recipient": {"authority": recipient}}

        def write() -> None:
            told = self.record(sender, offset, receipt={"outcome": outcome}, **about)
            if outcome == "forward":
                self.line(recipient, "delivery", self.position(sender, offset))
            self.line(sender, "receipt", self.position(sender, offset), told)

        self.together(write, commit=False)  # tried, given up, and done again
        self.together(write)
        return offset

    def handled(self) -> None:
        """The worker has come to the end of all outboxes."""
        consumer = Consumer({**self._login(), "group.id": topics.WORKER, "enable.auto.commit": False})
        places = [TopicPartition(topics.outbox(name), 0, end) for name, end in self.sent.items()]
        consumer.commit(offsets=places, asynchronous=False)
        consumer.close()

    @property
    def environment(self) -> Mapping[str, str]:
        return self.cluster.environment(topics.RECONCILE) | {"SAMBAND_KEYS": str(self.keys)}

    def reconcile(self) -> tuple[int, dict[str, object]]:
        """Exit status, and what differs."""
        with patch.dict(os.environ, self.environment, clear=True):
            ended: Ended = samband("reconcile", "--once", "--grace", "0.5", "--json")
        told = ended.objects[-1]
        return ended.status, {**told, "differences": {sort: n for sort, n in told["differences"].items() if n}}


@pytest.fixture
def site(kafka: Emptied, tmp_path: Path) -> Site:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Site(kafka("polismyndigheten", "kommun-0127"), keys)


def test_what_agrees_and_what_does_not(site: Site) -> None:
    police, town = "polismyndigheten", "kommun-0127"
    for n in range(5):
        site.decided(police, town)
        site.decided(town, police, "forward" if n % 2 else "withhold")
    repeat = site.send(police)
    site.together(lambda: site.line(police, "receipt", site.position(police, repeat), "ab", repeat=True))
    unusable = site.send(town)
    site.together(
        lambda: site.record(town, unusable, record="quarantine", sender=None, receipt={"outcome": "quarantine"})
    )
    for n in range(2):  # a reminder, told twice
        offset = site.send(topics.BROKER, canonical({"id": "reminder", "authority": police}))
        if n == 0:
            notice = {"record": "notice", "message": "reminder", "sender": None, "recipient": {"authority": police}}

            def write(offset: int = offset, notice: dict[str, object] = notice) -> None:
                site.record(topics.BROKER, offset, **notice)
                site.line(police, "notice", site.position(topics.BROKER, offset))

            site.together(write)
    site.handled()
    site.send(police)  # the worker has not come to this one
    status, told = site.reconcile()
    assert (status, told["ok"], told["differences"], told["under_way"]) == (0, True, {}, 1)
    assert told["agree"] == 13

    site.handled()  # now it says that it has
    lost = site.send(town)  # a record that promises a delivery, and none
    site.together(lambda: site.record(town, lost, recipient={"authority": police}, receipt={"outcome": "forward"}))
    site.together(lambda: site.line(town, "delivery", site.position(police, 4000)))  # a delivery, and no record
    site.together(lambda: site.put(topics.inbox(town), b"a line past the worker"))
    status, told = site.reconcile()
    assert status == 1
    assert told["differences"] == {
        "position_unrecorded": 1,
        "undelivered": 1,
        "receipt_missing": 1,
        "delivery_unrecorded": 1,
        "unreadable": 1,
    }
    assert {"sort": "undelivered", "position": site.position(town, lost), "box": police} in told["first"]  # type: ignore[operator]


def test_it_follows_and_stops_when_asked(site: Site) -> None:
    command = [sys.executable, "-m", "broker.cli", "reconcile", "--every", "0.3", "--grace", "0.2", "--json"]
    running = subprocess.Popen(command, env=dict(site.environment), stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["agree"] == 0
        site.decided("polismyndigheten", "kommun-0127")
        while (told := json.loads(running.stdout.readline()))["agree"] < 1:
            assert told["ok"]
        site.together(lambda: site.line("kommun-0127", "delivery", site.position("polismyndigheten", 0)))
        while (told := json.loads(running.stdout.readline()))["ok"]:
            pass
        assert told["differences"]["delivery_twice"] == 1
        running.terminate()
        running.communicate(timeout=20)
        assert running.returncode == 1
    finally:
        running.kill()
        running.wait()


def test_it_goes_on_from_its_state_and_waits_for_a_kafka_that_is_away(site: Site) -> None:
    """Started before Kafka answers, killed and started again: a message decided twice is found across all of that."""
    state = site.keys.parent / "compared.db"
    command = [sys.executable, "-m", "broker.cli", "reconcile", "--every", "0.3", "--grace", "0.2", "--json"]
    servers, port = site.cluster.servers, free_port()

    def started() -> "subprocess.Popen[str]":
        more = ["--state", str(state), "--metrics", str(port)]
        return subprocess.Popen([*command, *more], env=dict(site.environment), stdout=subprocess.PIPE, text=True)

    site.decided("polismyndigheten", "kommun-0127", message="m1")
    servers.script("down", "kafka")
    running = started()
    try:
        assert until(lambda: ready(port), bool) == (503, "kafka\n")
        servers.script("up", "kafka")
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["agree"] == 1
        until(lambda: ready(port), lambda found: found == (200, "ready\n"))
        running.kill()
        running.communicate()
        site.begin()
        site.decided("polismyndigheten", "kommun-0127", message="m1")
        running = started()
        assert running.stdout is not None
        while (told := json.loads(running.stdout.readline()))["ok"]:
            pass
        assert told["agree"] == 2 and told["differences"]["message_twice"] == 1
    finally:
        running.kill()
        running.communicate()


def test_since_when_something_waits_in_an_inbox_is_measured(site: Site) -> None:
    """By kind of authority, as far as the recipient's group has come, with the service's own rights."""
    before, port = time(), free_port()
    site.decided("polismyndigheten", "kommun-0127")
    until(lambda: succeeds(site.handled), bool)  # Kafka that has just started knows no group yet
    command = [sys.executable, "-m", "broker.cli", "reconcile", "--every", "0.3", "--grace", "0.2"]
    running = subprocess.Popen([*command, "--metrics", str(port)], env=dict(site.environment))
    gauge = "samband_oldest_unfetched_timestamp_seconds"

    def shown() -> dict[str, float] | None:
        assert running.poll() is None
        try:
            with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                found = samples(answer.read().decode())
        except OSError:
            return None
        compared = any(name == "samband_reconciled_timestamp_seconds" for name, _ in found)
        return (
            {dict(labels)["authority_kind"]: at for (name, labels), at in found.items() if name == gauge}
            if compared
            else None
        )

    try:
        found = until(shown, bool)
        assert found is not None and found.keys() == {"municipality"}
        assert before - 2 < found["municipality"] < time() + 2
        consumer = Consumer({**connection(site.cluster.login("kommun-0127")), "group.id": topics.inbox("kommun-0127")})
        [place] = consumer.committed([TopicPartition(topics.inbox("kommun-0127"), 0)], 20)
        assert place.offset < 0
        low, high = consumer.get_watermark_offsets(place, 20)
        consumer.commit(offsets=[TopicPartition(place.topic, 0, high - 1)], asynchronous=False)
        consumer.close()
        until(shown, lambda found: found == {})
        assert low < high
    finally:
        running.terminate()
        running.wait(20)


def succeeds(do: Callable[[], object]) -> bool:
    """Whether Kafka lets it be done."""
    try:
        do()
    except KafkaException:
        return False
    return True


def ready(port: int) -> tuple[int, str] | None:
    """What it says of itself; None while nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/ready", timeout=10) as found:
            return found.status, found.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except URLError:
        return None


def test_without_the_key_of_the_tokens_it_says_so(site: Site) -> None:
    (site.keys / "token.key").unlink()
    with patch.dict(os.environ, site.environment, clear=True):
        ended = samband("reconcile", "--once")
    assert ended.status == 2
    assert "token.key" in ended.line
