"""The run on three brokers with TLS: coordinators are moved, killed and cut off amid transactions, under load.

    python -m tests.faults.brokers --injections 30

How long each was felt is told by the times of the records on Kafka: from the injection to the receipt of what was sent
first after it, and how long anybody waited for a receipt at most. Workers end and are started again as they would be.
"""

import argparse
import json
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from math import inf
from pathlib import Path
from statistics import median
from time import monotonic, sleep, time
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import three_brokers
from confluent_kafka import KafkaException
from kafka import KafkaAdminClient
from kafka.structs import TopicPartition
from live import emptied, emptied_database
from rich.console import Console
from rich.table import Table
from three_brokers import LIMITS, NODES, Encrypted

from broker import topics
from broker.adapters.kafka.kafka_python_login import client_settings
from broker.provision import Profile
from faults import afterwards, kafka_side
from faults.checker import Verdict
from faults.driver import WORKERS, _judged, worker_environment
from faults.traffic import Sent, Traffic
from faults.workers import ENDED, Workers

RECOVERED = 60.0
"""Seconds from an injection to the receipt of what was sent first after it, and for any receipt, at most."""
RESTART = 2.0
"""Seconds until a worker that ended is started again, at most: as its systemd unit does."""
_GIVEN_UP = 180.0
_RATE = 10.0
"""Messages a second, unless another is asked for: fewer than the machine handles, or its backlog is what is timed."""
_MINUTE = 60.0
_LOST = ("lost", "undelivered", "no_receipt")
_TWICE = ("recorded_twice", "decided_twice", "delivered_twice", "receipt_twice")
_PREFERRED = 0
"""Kafka's number for an election that has the first of the copies lead."""


class Kind(StrEnum):
    """What befalls a coordinator."""

    TRANSACTION_KILLED = "the coordinator of an open transaction is killed"
    TRANSACTION_MOVED = "the coordinator of an open transaction is moved to another broker"
    TRANSACTION_SILENT = "the coordinator of an open transaction stands still, its connections open"
    GROUP_KILLED = "the group's coordinator is killed while a transaction is open"
    GROUP_SILENT = "the group's coordinator stands still, its connections open, while a transaction is open"
    GROUP_MOVED = "the group's coordinator is moved while a transaction is open"


@dataclass
class Result:
    """What came of it."""

    verdict: Verdict = field(default_factory=Verdict)
    injections: list[tuple[str, float]] = field(default_factory=list)
    """Of each its kind, and when it was made."""
    missed: int = 0
    """Injections for which no transaction was found open."""
    ends: Counter[int] = field(default_factory=Counter)
    """With which status workers ended that nobody had told to."""
    statuses: list[int | None] = field(default_factory=list)
    unclean: list[str] = field(default_factory=list)
    left: int = 0

    @property
    def recoveries(self) -> list["Recovery"]:
        """Of each injection how long it was felt."""
        return recoveries(self.injections, self.verdict.answered)

    @property
    def ok(self) -> bool:
        """Whether nothing was lost or came twice, and each injection was over in time."""
        in_time = all(max(one.first, one.longest) <= RECOVERED for one in self.recoveries)
        kept = self.verdict.ok and not self.left and in_time and not self.unclean
        return kept and all(status in ENDED for status in self.statuses)

    def as_json(self) -> dict[str, Any]:
        """All of it, for a file."""
        felt = self.recoveries
        return {
            "ok": self.ok,
            "injections": dict(Counter(one.kind for one in felt)),
            "missed": self.missed,
            "first receipt at most": max((one.first for one in felt), default=0.0),
            "longest wait at most": max((one.longest for one in felt), default=0.0),
            "recoveries": [one._asdict() for one in felt],
            "worker ends": {str(status): n for status, n in self.ends.items()},
            "statuses": self.statuses,
            "unclean": self.unclean,
            "left": self.left,
            **self.verdict.as_json(),
        }


class Recovery(NamedTuple):
    """How long an injection was felt, in seconds."""

    kind: str
    first: float
    """Until the receipt of the first message that was sent after it."""
    longest: float
    """That any message waited for its receipt, of those that waited then and those that were sent later."""


def recoveries(injections: Sequence[tuple[str, float]], answered: Sequence[tuple[float, float]]) -> list[Recovery]:
    """What the times on Kafka tell. In: when each injection was made; when each message was sent and answered."""
    found = []
    for (kind, at), until in zip(injections, [*(at for _, at in injections[1:]), inf], strict=False):
        met = [(sent, told) for sent, told in answered if sent < until and told > at]
        first = min((told - at for sent, told in met if sent >= at), default=inf)
        longest = max((told - max(sent, at) for sent, told in met), default=inf)
        found.append(Recovery(kind, round(first, 1), round(longest, 1)))
    return found


def show(result: Result, console: Console) -> None:
    """A line for each kind: how often, the first receipt and the longest wait (median, most), what the checker saw."""
    table = Table("kind", "times", "first, median", "most", "longest, median", "most", title="Seconds")
    for kind in Kind:
        if felt := [one for one in result.recoveries if one.kind == kind.name]:
            waits = [one.first for one in felt], [one.longest for one in felt]
            figures = [figure(wait) for wait in waits for figure in (median, max)]
            table.add_row(_name(kind), str(len(felt)), *(f"{seconds:.1f}" for seconds in figures))
    console.print(table)
    console.print(f"{result.verdict.figures.get('sent', 0):g} messages; not handled: {result.left}")
    lost, twice = (sum(result.verdict.names.get(name, 0) for name in names) for names in (_LOST, _TWICE))
    console.print(f"lost: {lost}; doubled: {twice}; missed: {result.missed}; ends of workers: {dict(result.ends) or 0}")
    for name, times in result.verdict.names.items():
        console.print(f"{name}: {times}")
    console.print("every promise kept" if result.ok else "a promise was broken")


Progress = Callable[[str], object]


def run(
    servers: Encrypted,
    injections: int,
    folder: Path,
    *,
    kinds: Sequence[Kind] = tuple(Kind),
    seed: int = 1,
    minutes: float = inf,
    rate: float = _RATE,
    progress: Progress = lambda _: None,
) -> Result:
    """Make a run of these kinds in turn; `folder` keeps keys, register and what the workers said.

    After `minutes` no injection is begun.
    """
    until = monotonic() + _MINUTE * minutes
    traffic = Traffic("09", int(injections * _MINUTE * rate) + 1000, seed, folder)
    with ExitStack() as stack:
        provisioned = emptied(servers, traffic.parties, 300.0, LIMITS)
        database = stack.enter_context(emptied_database(servers))
        worker = worker_environment(provisioned, database, folder) | {"SAMBAND_PROFILE": Profile.PRODUCTION.value}
        workers = Workers(dict.fromkeys(range(WORKERS), worker), traffic.register, folder)
        read = [topics.AUDIT, *map(topics.inbox, traffic.parties)]
        along = stack.enter_context(kafka_side.Along(servers.operator, read))
        stack.callback(workers.stop)
        for place in range(WORKERS):
            workers.start(place)
        result = _Run(servers, workers, traffic, rate, progress).through(
            [kinds[n % len(kinds)] for n in range(injections)], until
        )
        result.verdict = _judged(servers, along, folder, traffic.located)
        result.unclean = afterwards.unclean(provisioned, worker, folder)
    (folder / "result.json").write_text(json.dumps(result.as_json(), indent=2), "utf-8")
    return result


class _Run:
    """Messages come all the time, dated as they are sent; between them the injections."""

    def __init__(self, servers: Encrypted, workers: Workers, traffic: Traffic, rate: float, progress: Progress) -> None:
        self._progress = progress
        self._pause = 1 / rate
        self._servers = servers
        self._workers = workers
        self._messages = traffic.sent
        self._outboxes = sorted({sent.topic for sent in traffic.sent})
        self._ended = threading.Event()
        self._over = threading.Event()
        self._result = Result()

    def through(self, injections: Sequence[Kind], until: float) -> Result:
        """Let it flow, make the injections, as many as there is time for, then wait until all is handled."""
        sender = threading.Thread(target=self._send, daemon=True)
        supervisor = threading.Thread(target=self._supervise, daemon=True)
        sender.start()
        supervisor.start()
        self._await(self._ends())
        for kind in injections:
            if monotonic() > until:
                break
            self._inject(kind)
        self._ended.set()
        sender.join()
        self._await(self._ends())
        self._result.left = kafka_side.behind(self._servers.operator, topics.WORKER, self._outboxes)
        self._over.set()
        supervisor.join()
        self._result.statuses = self._workers.stop()
        return self._result

    def _supervise(self) -> None:
        """Start again whoever has ended, whatever else is waited for."""
        while not self._over.wait(RESTART):
            self._result.ends.update(self._workers.keep())

    def _send(self) -> None:
        sender = kafka_side.Sender(self._servers.operator)
        for sent in self._messages:
            if self._ended.wait(self._pause):
                break
            sender.send(sent.topic, _dated(sent), sent.headers)
        sender.finish()
        assert not sender.failed, "a message did not reach its outbox"

    def _inject(self, kind: Kind) -> None:
        """Catch the workers in a transaction, let it happen, and wait until all that waits then is handled."""
        client = KafkaAdminClient(**client_settings(self._servers.operator, "tests"))
        try:
            name = self._stopped_in_transaction(client)
            if name is None:
                self._result.missed += 1
                return
            about = ("transaction", name) if "transaction" in kind.name.lower() else ("group", topics.WORKER)
            place = _coordinated(*about)
            [topic] = client.describe_topics([place.topic])
            [part] = [one for one in topic["partitions"] if one["partition_index"] == place.partition]
            leader, how = part["leader_id"], kind.name.rpartition("_")[2]
            if how == "KILLED":
                self._servers.brokers.kill(leader)
            elif how == "SILENT":
                self._servers.brokers.pause(leader)
            else:
                others = [node for node in NODES if node != leader]
                client.alter_partition_reassignments({place: [*others, leader]})
                client.elect_leaders(_PREFERRED, {place.topic: [place.partition]}, raise_errors=False)
            self._result.injections.append((kind.name, time()))
        finally:
            self._signal(signal.SIGCONT)
            client.close()
        self._await(self._ends())
        self._progress(f"{len(self._result.injections)}: {kind.name.lower()}")
        if how == "KILLED":
            self._servers.brokers.start(leader)
        self._servers.brokers.resume(leader)
        self._servers.brokers.await_whole()

    def _stopped_in_transaction(self, client: KafkaAdminClient) -> str | None:
        """Stop the workers where one has a transaction open; its name. None: none was met."""
        until = monotonic() + 30
        while monotonic() < until:
            self._signal(signal.SIGSTOP)
            open_ones = client.list_transactions(state_filters=["Ongoing"]).values()
            for one in (one for of_a_broker in open_ones for one in of_a_broker):
                if one.transactional_id.startswith(topics.WORKER):
                    return str(one.transactional_id)
            self._signal(signal.SIGCONT)
            sleep(0.15)
        return None

    def _signal(self, number: signal.Signals) -> None:
        for place in range(WORKERS):
            self._workers.signal(place, number)

    def _ends(self) -> dict[str, int]:
        """Where the outboxes end, as soon as each has a leader that tells."""
        return self._patiently(lambda: kafka_side.ends(self._servers.operator, self._outboxes))

    def _patiently(self, ask: Callable[[], dict[str, int]]) -> dict[str, int]:
        until = monotonic() + _GIVEN_UP
        while True:
            try:
                return ask()
            except KafkaException:
                assert monotonic() < until, "Kafka does not tell what it holds"
                sleep(0.3)

    def _await(self, ends: dict[str, int]) -> None:
        """Until the workers have handled what lay there."""
        until = monotonic() + _GIVEN_UP
        while monotonic() < until:
            done = self._patiently(lambda: kafka_side.handled(self._servers.operator, topics.WORKER, self._outboxes))
            if all(done[topic] >= end for topic, end in ends.items()):
                return
            sleep(0.3)


def _dated(sent: Sent) -> bytes:
    """A message as it is written now: in production one of another day is refused."""
    try:
        told = json.loads(sent.value)
        return json.dumps(told | {"time": datetime.now(UTC).isoformat()}).encode()
    except (ValueError, TypeError):
        return sent.value


def _coordinated(sort: str, name: str) -> TopicPartition:
    """Where Kafka keeps a transaction or a group: by the hash of its name, among as many as its settings say."""
    number = 0
    for sign in name:
        number = (31 * number + ord(sign)) & 0xFFFFFFFF
    signed = number - (1 << 32) if number >> 31 else number
    topic = "__transaction_state" if sort == "transaction" else "__consumer_offsets"
    return TopicPartition(topic, (0 if signed == -(1 << 31) else abs(signed)) % three_brokers.COORDINATED)


def _name(kind: Kind) -> str:
    return kind.name.lower().replace("_", "-")


def _kind(name: str) -> Kind:
    return Kind[name.upper().replace("-", "_")]


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a run; what came of it on stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--injections", type=int, default=30)
    parser.add_argument("--kinds", nargs="+", type=_kind, default=list(Kind), help=", ".join(map(_name, Kind)))
    parser.add_argument("--minutes", type=float, default=inf, help="begin no injection after so many")
    parser.add_argument("--rate", type=float, default=_RATE, help="messages a second")
    parser.add_argument("--folder", type=Path, help="keeps register, keys, logs and result")
    asked = parser.parse_args(arguments)
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="samband-brokers-"))
    folder.mkdir(parents=True, exist_ok=True)
    with three_brokers.started() as servers:
        more = {"kinds": asked.kinds, "minutes": asked.minutes, "rate": asked.rate}
        result = run(servers, asked.injections, folder, **more, progress=_tell)
    show(result, Console())
    _tell(f"kept in {folder}")
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
