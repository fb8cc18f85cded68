"""Nothing is silent on a cluster either: the same week as in `test_silent`, through the real worker and agents.

`SAMBAND_SILENT_KAFKA=20000` gives as many messages. Time goes by the messages' own, so what lies in several outboxes
is sent in rounds, shorter than any step between a message and what its recipient says of it.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep

import pytest
from confluent_kafka import Consumer, TopicPartition
from lines import POLICE, line, number, recall
from live import Emptied
from streams import Town
from test_silent import LOST, QUIET, SORTS, START, Json, events_of, judge, told

from broker import topics
from broker.adapters.files.signing import TokenKey
from broker.adapters.kafka.confluent_login import connection
from broker.ports.transport import Input

pytestmark = pytest.mark.slow

MESSAGES = int(os.environ.get("SAMBAND_SILENT_KAFKA", "40"))
ROUND = timedelta(minutes=9)
PATIENCE = 120.0 + MESSAGES / 20
ALL = (POLICE, *SORTS)


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    cluster = kafka(*ALL)
    cluster.suspend(LOST)
    return Town(cluster, database, keys)


@contextmanager
def agents(town: Town) -> Iterator[None]:
    """The service that keeps the clocks, meanwhile."""
    command = [sys.executable, "-m", "broker.cli", "agents", "--message-time", "--tick", "0.5"]
    environment = town.environment() | town.kafka.environment(topics.AGENTS)
    with town.log.open("ab") as log:
        process = Popen(command, env=environment, stderr=log, stdout=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


class Handled:
    """How far the worker has come in each outbox."""

    def __init__(self, town: Town) -> None:
        login = {**connection(town.kafka.servers.operator), "group.id": topics.WORKER, "enable.auto.commit": False}
        self._consumer = Consumer(login)

    def until(self, sent: Counter[str]) -> None:
        """Wait until it has handled so many of each."""
        end = monotonic() + PATIENCE
        places = [TopicPartition(topics.outbox(authority), 0) for authority in sent]
        while True:
            come = {place.topic: place.offset for place in self._consumer.committed(places, 30)}
            if all(come[topics.outbox(authority)] >= count for authority, count in sent.items()):
                return
            assert monotonic() < end, f"the worker does not come on: {come}"
            sleep(0.02)

    def close(self) -> None:
        self._consumer.close()


def rounds(messages: int) -> Iterator[Sequence[tuple[str, bytes]]]:
    """Whose outbox each goes into, in turns; in the end the clock alone goes on, by what is withheld."""
    for _, events in groupby(events_of(messages), key=lambda event: (event[0] - START) // ROUND):
        yield [outgoing(at, one) for at, one in events]
    last = [recall(3_000_000 + n, 9_999_999, sender=POLICE, recipient=SORTS[0]) for n, _ in enumerate(QUIET)]
    yield [outgoing(at, one) for at, one in zip(QUIET, last, strict=True)]


def outgoing(at: datetime, one: Json | Input) -> tuple[str, bytes]:
    if isinstance(one, Input):
        assert one.proven is not None
        return one.proven, one.line
    return one["sender"]["authority"], line(one | {"time": at.isoformat()})


def notices(town: Town) -> dict[str, list[Json]]:
    found = town.read_all([topics.inbox(authority) for authority in ALL])
    lines = {topics.owner(topic): [record.content for record in records] for topic, records in found.items()}
    return {owner: [one for one in told_ if one["type"] == "notice"] for owner, told_ in lines.items()}


def settled(town: Town) -> dict[str, list[Json]]:
    """All notices, once the last of the last message's ladder is there and no more come."""
    end, before = monotonic() + PATIENCE, -1
    while True:
        seen = notices(town)
        count = sum(map(len, seen.values()))
        silent = [n for n in range(MESSAGES) if n % 5]
        if count == before and {number(n) for n in silent} <= told(seen).keys():
            return seen
        assert monotonic() < end, f"{count} notices"
        before = count
        sleep(2.0)


def test_every_silent_one_is_told_of_to_both_sides_on_a_cluster_too(town: Town) -> None:
    sent: Counter[str] = Counter()
    begun = monotonic()
    with ExitStack() as stack:
        stack.enter_context(town.worker())
        stack.enter_context(agents(town))
        handled = Handled(town)
        stack.callback(handled.close)
        for one_round in rounds(MESSAGES):
            for authority, value in one_round:
                town.send(authority, value)
                sent[authority] += 1
            handled.until(sent)
        inboxes = settled(town)
    judge(told(inboxes), MESSAGES)
    found = town.read_all([topics.inbox(sort) for sort in SORTS])
    delivered = [r.content["message"]["id"] for rs in found.values() for r in rs if r.content["type"] == "delivery"]
    assert sorted(delivered) == sorted(number(n) for n in range(MESSAGES)), "none is lost, none doubled"
    records = len(town.read(topics.AUDIT))
    figures = {"messages": MESSAGES, "sent": sent.total(), "records": records, "seconds": round(monotonic() - begun)}
    print(json.dumps(figures | {"notices": sum(map(len, inboxes.values()))}))  # with -s
