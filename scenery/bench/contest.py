"""The contest: each way of forwarding by turns on the same Kafka, with the same messages."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from broker import settings, topics
from broker.settings import KafkaLogin
from scenery.bench import embedded
from scenery.bench.database import corner
from scenery.bench.kafka_topics import Arena
from scenery.bench.load import House, Request, requests
from scenery.bench.measure import Latency, Row, Throughput
from scenery.bench.place import Place

FORWARDER, ASKING, WORKER, FORGETFUL, EMBEDDED = "forwarder", "asking", "worker", "worker_forgetful", "embedded"
WAYS = (FORWARDER, ASKING, WORKER, FORGETFUL, EMBEDDED)
"""(a), (b), (c), (c) without remembered decisions, (d)."""

_ROOM = 0.8
"""At most so much of its throughput is a rate that a way is asked to keep."""
_PATIENCE = 180.0


class ContestError(Exception):
    """The contest can't be held; one line that says why."""


@dataclass(frozen=True)
class Measures:
    """How much is measured. `seconds`: of each measurement, about; `most`: messages, at most."""

    authorities: Sequence[int] = (620, 1)
    seconds: float = 20.0
    rates: Sequence[float] = (200.0, 50.0)
    warm: int = 300
    most: int = 60_000


@dataclass(frozen=True)
class Servers:
    """Where the contest is held: the operator's login, and the database's URL; the policy server by environment."""

    login: KafkaLogin
    database: str


class _Way(Protocol):
    """What is measured."""

    def throughput(self, given: Sequence[Request]) -> Throughput:
        """All at once."""

    def latency(self, given: Sequence[Request], rate: float) -> Latency | None:
        """At a fixed rate; None when nothing came through."""


Tell = Callable[[str, int, str], None]
"""Told of a way, a number of authorities, and what is measured now."""


def hold(servers: Servers, measures: Measures, folder: Path, ways: Sequence[str], tell: Tell) -> Iterator[Row]:
    """Measure each way at each number of authorities. Raises ContestError when the cluster is somebody's already."""
    house = House(folder)
    for count in measures.authorities:
        ids = _parties(house.ids, count)
        for way in ways:
            tell(way, count, "begins")
            with _open_ways(way, servers, house, ids, folder) as opened:
                throughput, latencies = _measure(opened, ids, measures, partial(tell, way, count))
                yield Row(way, count, throughput, latencies)


def _parties(ids: Sequence[str], count: int) -> list[str]:
    """So many that send; one alone sends to another that only receives."""
    return list(ids[: max(count, 2)])


def _requests(ids: list[str], messages: int) -> list[Request]:
    return list(requests(ids, messages, into=1 if len(ids) == 2 else None))


def _measure(
    way: _Way, ids: list[str], measures: Measures, tell: Callable[[str], None]
) -> tuple[Throughput, Mapping[float, Latency | None]]:
    tell("warm-up")
    way.throughput(_requests(ids, measures.warm))
    warm = way.throughput(_requests(ids, measures.warm))
    if not warm.messages:
        raise ContestError("nothing came through: see that the policy server and the database answer")
    enough = min(max(int(warm.rate * measures.seconds), measures.warm), measures.most)
    way.throughput(_requests(ids, enough))  # what a service learns in its first minute, all of them have learnt
    tell("throughput")
    throughput = way.throughput(_requests(ids, enough))
    latencies: dict[float, Latency | None] = {}
    for rate in measures.rates:
        latencies[rate] = None
        if rate <= _ROOM * throughput.rate:
            tell(f"latency {rate:g}/s")
            latencies[rate] = way.latency(_requests(ids, max(int(rate * measures.seconds), 10)), rate)
    return throughput, latencies


@contextmanager
def _open_ways(way: str, servers: Servers, house: House, ids: list[str], folder: Path) -> Iterator[_Way]:
    with ExitStack() as stack:
        own = folder / f"{way}-{len(ids)}"
        own.mkdir()
        if way == EMBEDDED:
            yield stack.enter_context(embedded.open_way(own / "data", house.file))
            return
        ours = way in (WORKER, FORGETFUL)
        start = "" if ours else f"bench.{way}.{len(ids)}."
        place = Place(f"{start}outbox.", f"{start}inbox.", f"{start}audit", tuple(ids), str(house.file))
        rest = (place.audit, topics.QUARANTINE) if ours else (place.audit,)
        arena = Arena(servers.login, place.outbox, place.inbox, ids, rest)
        if arena.is_taken(others=True):
            raise ContestError("there are authorities' topics on this Kafka: the bench wants a cluster of its own")
        stack.callback(arena.remove)
        arena.make()
        own_settings = servers.login.variables(servers.login.user, servers.login.password)
        command = [sys.executable, "-m", f"scenery.bench.{'forwarding' if way == FORWARDER else 'faust_agent'}"]
        command.append(str(place.write(own / "place.json")))
        if ours:
            keys = own / "keys"
            keys.mkdir(mode=0o700)
            own_settings |= {"SAMBAND_KEYS": str(keys), "SAMBAND_METRICS_ADDRESS": "127.0.0.1:0"}
            own_settings |= {"SAMBAND_POSTGRES_URL": stack.enter_context(corner(servers.database))}
            own_settings |= {"SAMBAND_REMEMBERED": "0"} if way == FORGETFUL else {}
            command = [sys.executable, "-m", "broker.cli", "worker", "--register", str(house.file)]
        environment = settings.child_environment(**own_settings)
        process = stack.enter_context(_running(command, environment, own / "log"))
        yield _OnKafka(arena, process)


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class _OnKafka:
    arena: Arena
    process: "subprocess.Popen[bytes]"

    def throughput(self, given: Sequence[Request]) -> Throughput:
        """All lies ready before the way goes on: it is not the sender that is measured."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            self.arena.fill(given)
        finally:
            begun = time.time()
            self.process.send_signal(signal.SIGCONT)
        return self.arena.throughput(len(given), begun, _PATIENCE)

    def latency(self, given: Sequence[Request], rate: float) -> Latency | None:
        """At a fixed rate."""
        return self.arena.latency(given, rate)
