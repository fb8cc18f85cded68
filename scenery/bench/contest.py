"""The contest: each way of forwarding by turns on the same Kafka, with the same messages."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Protocol

from broker import settings, topics
from broker.settings import KafkaLogin
from scenery.bench import embedded
from scenery.bench.database import corner
from scenery.bench.kafka_topics import Arena, Ends, is_delivery, is_receipt
from scenery.bench.load import Backlog, House, Independent, Sent, Work
from scenery.bench.measure import Latency, Row, Throughput
from scenery.bench.place import Place

FORWARDER, ASKING, WORKER, FORGETFUL, EMBEDDED = "forwarder", "asking", "worker", "worker_forgetful", "embedded"
WAYS = (FORWARDER, ASKING, WORKER, FORGETFUL, EMBEDDED)
"""(a), (b), (c), (c) without remembered decisions, (d)."""

_ROOM = 0.8
"""At most so much of its throughput is a rate that a way is asked to keep."""
_PATIENCE = 180.0
_STAGES = "stages.json"


class ContestError(Exception):
    """The contest can't be held; one line that says why."""


@dataclass(frozen=True)
class Measures:
    """How much is measured. `seconds`: of each measurement, about; `most`: messages, at most; `runs` of each."""

    authorities: Sequence[int] = (620, 8)
    seconds: float = 8.0
    rates: Sequence[float] = (200.0, 50.0)
    warm: int = 300
    most: int = 60_000
    runs: int = 5
    conversation: bool = True

    def enough(self, rate: float) -> int:
        """Messages for so many seconds at this rate."""
        return min(max(int(rate * self.seconds), self.warm), self.most)


@dataclass(frozen=True)
class Servers:
    """Where the contest is held: the operator's login, and the database's URL; the policy server by environment."""

    login: KafkaLogin
    database: str


class _Way(Protocol):
    """What is measured."""

    def throughput(self, given: Sequence[Sent]) -> Throughput:
        """All at once."""

    def latency(self, given: Sequence[Sent], rate: float) -> Latency | None:
        """At a fixed rate; None when nothing came through."""

    def memory(self) -> float:
        """MB that it held at most."""

    def stages(self) -> Mapping[str, float]:
        """Seconds of its processor time by stage since it was asked last; nothing where they are not told apart."""


Tell = Callable[[str, int, str], None]
"""Told of a way, a number of authorities, and what is measured now."""


def hold(servers: Servers, measures: Measures, folder: Path, ways: Sequence[str], tell: Tell) -> Iterator[Row]:
    """Measure each way with each sort of work. Raises ContestError when the cluster is somebody's already."""
    house = House(folder)
    works: list[Work] = [Independent(house, count) for count in measures.authorities]
    works += [Backlog(folder)] if measures.conversation else []
    for work in works:
        for way in ways:
            if work.load == Backlog.load and way in (ASKING, FORGETFUL):  # (b) knows nothing of what it answers
                continue
            say = partial(tell, way, len(work.ids))
            say("begins")
            with _open_way(way, servers, work, folder) as opened:
                row = _measure(way, opened, work, measures, say)
            if way == WORKER:
                say("stages")
                with _open_way(way, servers, work, folder, timed=True) as opened:
                    row = replace(row, stages=_by_stage(opened, work, row.runs[0].messages))
            yield row


def _measure(name: str, way: _Way, work: Work, measures: Measures, tell: Callable[[str], None]) -> Row:
    tell("warm-up")
    way.throughput(work.messages(measures.warm))
    warm = way.throughput(work.messages(measures.warm))
    if not warm.messages:
        raise ContestError("nothing came through: see that the policy server and the database answer")
    # what a service learns in its first minute, all of them have learnt; and of few messages the rate is no measure
    learnt = way.throughput(work.messages(measures.enough(warm.rate)))
    enough = measures.enough(max(warm.rate, learnt.rate))
    runs = []
    for n in range(measures.runs):
        tell(f"throughput {n + 1}/{measures.runs}")
        runs.append(way.throughput(work.messages(enough)))
    latencies: dict[float, Latency | None] = {}
    for rate in measures.rates if work.load == Independent.load else ():
        latencies[rate] = None
        if rate <= _ROOM * median(run.rate for run in runs):
            tell(f"latency {rate:g}/s")
            latencies[rate] = way.latency(work.messages(max(int(rate * 2 * measures.seconds), 10)), rate)
    return Row(name, work.load, len(work.ids), runs, latencies, way.memory())


def _by_stage(way: _Way, work: Work, enough: int) -> dict[str, float]:
    """Milliseconds a message, after a warm-up."""
    way.throughput(work.messages(enough))
    way.stages()
    done = way.throughput(work.messages(enough))
    return {name: round(1000 * spent / max(done.messages, 1), 4) for name, spent in way.stages().items()}


@contextmanager
def _open_way(way: str, servers: Servers, work: Work, folder: Path, *, timed: bool = False) -> Iterator[_Way]:
    with ExitStack() as stack:
        own = folder / f"{way}-{work.load}-{len(work.ids)}{'-timed' if timed else ''}"
        own.mkdir()
        if way == EMBEDDED:
            yield stack.enter_context(embedded.open_way(own / "data", work.register))
            return
        ours = way in (WORKER, FORGETFUL)
        start = "" if ours else f"bench.{way}.{len(work.ids)}."
        place = Place(f"{start}outbox.", f"{start}inbox.", f"{start}audit", tuple(work.ids), str(work.register))
        rest = (place.audit, topics.QUARANTINE) if ours else (place.audit,)
        arena = Arena(servers.login, place.outbox, place.inbox, work.ids, rest)
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
            # a county's month lies behind us: each line is handled at its own time
            own_settings |= {"SAMBAND_PROFILE": "conformance"} if work.load == Backlog.load else {}
            program = ["scenery.bench.timed_worker", str(own / _STAGES)] if timed else ["broker.cli", "worker"]
            command = [sys.executable, "-m", *program, *([] if timed else ["--register"]), str(work.register)]
        environment = settings.child_environment(**own_settings)
        process = stack.enter_context(_running(command, environment, own / "log"))
        ends = is_receipt if ours and work.load == Backlog.load else is_delivery
        yield _OnKafka(arena, process, ends, own / _STAGES if timed else None)


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
    ends: Ends
    stages_file: Path | None

    def throughput(self, given: Sequence[Sent]) -> Throughput:
        """All lies ready before the way goes on: it is not the sender that is measured."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            self.arena.fill(given)
        finally:
            begun, before = time.time(), spent(self.process.pid)
            self.process.send_signal(signal.SIGCONT)
        done = self.arena.throughput(len(given), begun, _PATIENCE, self.ends)
        return replace(done, spent=spent(self.process.pid) - before)

    def latency(self, given: Sequence[Sent], rate: float) -> Latency | None:
        """At a fixed rate."""
        return self.arena.latency(given, rate)

    def memory(self) -> float:
        """As the system tells of the process."""
        shown = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(shown[1]) / 1024 if shown else 0.0

    def stages(self) -> Mapping[str, float]:
        """As the process tells, once it is asked."""
        if self.stages_file is None:
            return {}
        self.stages_file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + _PATIENCE
        while not self.stages_file.exists():
            if time.monotonic() > until or self.process.poll() is not None:
                raise ContestError("the worker does not tell where its time goes: see that it runs")
            time.sleep(0.05)
        stages: dict[str, float] = json.loads(self.stages_file.read_bytes())
        return stages


def spent(pid: int) -> float:
    """Seconds of processor time that a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
