"""The agency's side on a real Kafka, each authority as its own user; a stand-in plays the broker."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from agency_side import CHILD, POLICE, SCHOOL
from kafka import KafkaConsumer, KafkaProducer
from live import Emptied, Provisioned

from agents.agency import Address, Agency, Delivery, Json, Kafka, NotReached, kafka_connection
from agents.agency.conformance import line
from agents.agency.samples import Sample
from broker import cloudevents, topics
from broker.adapters.kafka.kafka_python_login import client_settings

Record = Any


def kafka_of(cluster: Provisioned, authority: str) -> Kafka:
    login = cluster.login(authority)
    return Kafka(login.bootstrap, login.password, protocol=login.protocol, patience=15.0)


class StandIn:
    """Answers each message as a worker would, in a transaction, but asks no law. Writes each line twice."""

    def __init__(self, cluster: Provisioned) -> None:
        login = cluster.login(topics.WORKER)
        self._to = client_settings(login, "tests")
        self.consumer = KafkaConsumer(
            *map(topics.outbox, cluster.authorities),
            **self._to,
            group_id=topics.WORKER,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            allow_auto_create_topics=False,
        )
        self._producer = KafkaProducer(**self._to, transactional_id=f"{topics.WORKER}.test")
        self._producer.init_transactions()
        self.taken: list[Record] = []

    def close(self) -> None:
        self.consumer.close(autocommit=False)
        self._producer.close(timeout=5)

    def take(self, count: int) -> list[Record]:
        """So many messages of the outboxes, answered."""
        until = monotonic() + 30
        found: list[Record] = []
        while len(found) < count:
            assert monotonic() < until, "the outboxes are silent"
            found += [record for records in self.consumer.poll(timeout_ms=500).values() for record in records]
        for record in found:
            self._answer(record)
        self.taken += found
        return found

    def write(
        self, authority: str, content: Json, *, commit: bool = True, trace: cloudevents.Trace | None = None
    ) -> None:
        """A line for an inbox."""
        about = (content.get("message") or {}).get("id") or content["receipt"]["message"]
        headers = cloudevents.of_line(
            type_=content["type"], about=about, recorded="2026-03-02T09:00:00Z", position="token/0", trace=trace
        )
        self._producer.begin_transaction()
        for _ in range(2):
            self._producer.send(topics.inbox(authority), json.dumps(content).encode(), headers=headers)
        self._producer.flush()
        self._producer.commit_transaction() if commit else self._producer.abort_transaction()

    def _answer(self, record: Record) -> None:
        message, trace = json.loads(record.value), cloudevents.read(record.headers).go_on(os.urandom)
        self.write(
            message["recipient"]["authority"],
            {"type": "delivery", "message": message, "partial": False, "unanswered": [], "grounds": []},
            trace=trace,
        )
        told = {"message": message["id"], "outcome": "forward", "audit": {"leaf": message["id"], "seq": None}}
        self.write(message["sender"]["authority"], {"type": "receipt", "receipt": told}, trace=trace)


@contextmanager
def stand_in(cluster: Provisioned) -> Iterator[StandIn]:
    with closing(StandIn(cluster)) as standing:
        yield standing


@pytest.fixture
def cluster(kafka: Emptied) -> Provisioned:
    return kafka(POLICE, SCHOOL)


def test_request_and_answer(cluster: Provisioned, tmp_path: Path) -> None:
    police_kafka, school_kafka = kafka_of(cluster, POLICE), kafka_of(cluster, SCHOOL)
    with (
        stand_in(cluster) as broker,
        Agency(POLICE, police_kafka, unit="police_area", state=tmp_path / "police.db") as police,
        Agency(SCHOOL, school_kafka, state=tmp_path / "school.db") as school,
    ):
        sent = police.request(
            Address(SCHOOL, "school"), ["school_attendance", "benefit"], purpose="prevent", need="…", subject=CHILD
        )
        [record] = broker.take(1)
        headers = cloudevents.read(record.headers)
        assert (record.topic, record.key) == (topics.outbox(POLICE), None)
        assert headers.values["ce_id"] == sent.id
        assert headers.values["content-type"] == "application/json"
        assert police.receipt(sent, timeout=20).outcome == "forward"
        broker.write(SCHOOL, line("recall", SCHOOL, []), commit=False)
        assert school.serve(Sample("school"), timeout=5) == 1
        answers = broker.take(2)
        traces = {cloudevents.read(answer.headers).trace for answer in answers}
        assert headers.trace is not None
        assert {trace.trace for trace in traces if trace} == {headers.trace.trace}
        came = [found for found in police.inbox(timeout=5) if isinstance(found, Delivery)]
        assert [(found.kind, found.in_reply_to) for found in came] == [("Disclosure", sent.id), ("Refusal", sent.id)]


def test_what_is_handled_is_not_given_again_to_a_new_process(cluster: Provisioned) -> None:
    """Without a state file the group's offset alone remembers."""
    with stand_in(cluster) as broker:
        for name in ("request", "recall"):
            broker.write(SCHOOL, line(name, SCHOOL, ["other"]))
    login = kafka_of(cluster, SCHOOL)
    with Agency(SCHOOL, login) as agency:
        inbox = agency.inbox(timeout=20)
        first, second = next(inbox), next(inbox)
        assert isinstance(first, Delivery) and isinstance(second, Delivery)
        assert [first.kind, second.kind] == ["InformationRequest", "Recall"]
    with Agency(SCHOOL, login) as agency:
        again = next(agency.inbox(timeout=20))
        assert isinstance(again, Delivery) and again.kind == "Recall"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda cluster: (SCHOOL, _as(cluster, SCHOOL, "wrong")), "refuses the login as skola-tallkotten"),
        (lambda cluster: (POLICE, _as(cluster, SCHOOL)), "has no access to outbox.polismyndigheten"),
    ],
    ids=["wrong password", "another's outbox"],
)
def test_what_kafka_refuses_is_one_line(
    cluster: Provisioned, made: Callable[[Provisioned], tuple[str, Kafka]], said: str
) -> None:
    authority, login = made(cluster)
    sending = _refused(authority, login, lambda agency: agency.send("SupportEnquiry", POLICE, {"topic": "?"}))
    reading = _refused(authority, login, lambda agency: next(agency.inbox(timeout=10)))
    assert said in sending
    assert "\n" not in sending + reading


def test_a_cluster_that_is_not_there_is_one_line() -> None:
    """In a process of its own: the client leaves sockets open that were refused."""
    told = (
        "from agents.agency import *; k = Kafka('127.0.0.1:9', 'x', protocol='SASL_PLAINTEXT', patience=1.0)\n"
        "try: Agency('skola-1', k).send('Tip', 'kommun-0127', {})\n"
        "except NotReached as error: print(error)"
    )
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("Kafka at 127.0.0.1:9 gives no answer over SASL_PLAINTEXT")
    assert (ended.stdout.count("\n"), ended.stderr) == (1, "")


@pytest.mark.timeout(60)
def test_a_broker_that_stands_still_is_one_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its kernel takes connections; TLS is never answered."""
    monkeypatch.setattr(kafka_connection, "_HANDSHAKE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        still = Kafka(f"127.0.0.1:{server.getsockname()[1]}", "x", protocol="SASL_SSL", patience=0.5)
        told = _refused("skola-1", still, lambda agency: agency.send("Tip", "kommun-0127", {}))
    assert told.startswith(f"Kafka at {still.servers} gives no answer over SASL_SSL")


def _refused(authority: str, login: Kafka, act: Callable[[Agency], object]) -> str:
    with Agency(authority, login) as agency, pytest.raises(NotReached) as told:
        act(agency)
    return str(told.value)


def _as(cluster: Provisioned, user: str, password: str | None = None) -> Kafka:
    login = cluster.login(user)
    return Kafka(login.bootstrap, password or login.password, user=user, protocol=login.protocol, patience=3.0)


def test_a_login_is_read_from_the_operators_file(cluster: Provisioned, tmp_path: Path) -> None:
    login = cluster.login(SCHOOL)
    file = tmp_path / "school.env"
    file.write_text("".join(f"{n}='{v}'\n" for n, v in login.variables(SCHOOL, login.password).items()), "utf-8")
    read = Kafka.from_file(file)
    assert (read.servers, read.user, read.password) == (login.bootstrap, SCHOOL, login.password)
    assert login.password not in repr(read)
    with Agency(SCHOOL, read) as agency:
        assert agency.send("SupportEnquiry", POLICE, {"topic": "?"}).id
