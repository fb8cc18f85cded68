"""An `EndTxn` that comes late (reliability, row 2): what it does to who forgets that a connection broke, and to us.

The forwarder is the bench's: records first and flushed, deliveries, positions, commit, on the worker's own client.
"""

from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from faults import kafka_side
from faults.proxy import Injection, Manner, Proxy
from live import Servers

from scenery.bench.kafka_forwarder import TO, Forwarder

OUTBOXES, INBOXES, BATCH = 4, 20, 10


class House:
    """Topics of one test, and messages in the outboxes."""

    def __init__(self, servers: Servers, messages: int) -> None:
        self.login = servers.operator
        self.name = f"late-{uuid4().hex[:8]}"
        self.port = int(servers.settings["SAMBAND_KAFKA_PORT"])
        self.outboxes = [f"{self.name}.out.{n}" for n in range(OUTBOXES)]
        self.topics = [f"{self.name}.audit", *self.outboxes, *(f"{self.name}.in.r{n}" for n in range(INBOXES))]
        self.admin = AdminClient(kafka_side.client(self.login))
        for made in self.admin.create_topics([NewTopic(topic, 1, 1) for topic in self.topics]).values():
            made.result()
        producer = Producer(kafka_side.client(self.login))
        for n in range(messages):
            headers = {TO: f"r{n % INBOXES}", "n": str(n)}
            producer.produce(self.outboxes[n % OUTBOXES], str(n).encode(), headers=headers)
        producer.flush()

    def forwarder(self, proxy: Proxy, *, careful: bool) -> Forwarder:
        """It reaches Kafka only by way of the proxy."""
        client = {**kafka_side.client(self.login), "bootstrap.servers": proxy.bootstrap}
        del client["log_level"]
        audit, inbox = f"{self.name}.audit", f"{self.name}.in."
        return Forwarder(
            client,
            transaction=self.name,
            group=self.name,
            outboxes=self.outboxes,
            audit=audit,
            inbox=inbox,
            careful=careful,
        )

    def remove(self) -> None:
        """Its topics and its group."""
        for gone in self.admin.delete_topics(self.topics).values():
            gone.result()
        for gone in self.admin.delete_consumer_groups([self.name]).values():
            gone.result()

    def deliveries_and_records(self) -> tuple[Counter[str], Counter[str]]:
        """Positions of the committed ones; a delivery is told by its number."""
        deliveries: Counter[str] = Counter()
        records: Counter[str] = Counter()
        for record in kafka_side.dump(self.login, []).committed:
            if record.topic.startswith(f"{self.name}.in."):
                deliveries[record.headers["n"]] += 1
            elif record.topic == f"{self.name}.audit":
                topic, _, offset = record.value.decode().rstrip(".").rpartition("/")
                records[str(int(offset) * OUTBOXES + self.outboxes.index(topic))] += 1
        return deliveries, records


@pytest.fixture
def house(servers: Servers) -> Iterator[House]:
    made = House(servers, 400)
    yield made
    made.remove()


def late(house: House, *, careful: bool, commit: bool, times: int) -> Counter[int | None]:
    """So many late frames, delayed and replayed in turn, then the rest; the broker's answers to them."""
    answers: Counter[int | None] = Counter()
    with Proxy(house.port) as proxy:
        forwarder = house.forwarder(proxy, careful=careful)
        manners = [Manner.DELAY, Manner.REPLAY]
        while answers.total() < times:
            injection = proxy.inject(Injection(house.name, manners[answers.total() % 2], commit=commit))
            for _ in range(20):
                forwarder.step(BATCH, 1, abort=not commit and injection.first is None)
                if injection.done.is_set():
                    break
            assert injection.done.is_set(), "the late frame could not be sent"
            answers[injection.error] += 1
        while kafka_side.behind(house.login, house.name, house.outboxes):
            forwarder.step(BATCH, 1)
        forwarder.close()
    return answers


TAKEN, FENCED = 0, 47


def test_who_forgets_a_broken_connection_delivers_without_a_record(house: House) -> None:
    """The danger is real: a late abort takes the flushed records with it, and the deliveries after it are committed."""
    assert late(house, careful=False, commit=False, times=3) == {TAKEN: 3}
    deliveries, records = house.deliveries_and_records()
    assert len(deliveries - records) >= BATCH


@pytest.mark.slow
@pytest.mark.parametrize("commit", [True, False], ids=["commit", "abort"])
def test_a_new_producer_shuts_the_late_frame_out(house: House, commit: bool) -> None:
    assert late(house, careful=True, commit=commit, times=10) == {FENCED: 10}
    deliveries, records = house.deliveries_and_records()
    assert deliveries == records == Counter(str(n) for n in range(400))
