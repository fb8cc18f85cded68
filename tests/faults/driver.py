"""The fault run: messages flow, workers and servers fall, and at the end the checker judges what lies on Kafka."""

import json
import os
import resource
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TextIO

from live import Provisioned, Servers, emptied, emptied_database

from broker import topics
from broker.adapters.files.signing import Signer, TokenKey
from broker.runtime.embedded import LOG_NAME
from faults import afterwards, kafka_side
from faults.changes import NEWCOMER, Operator
from faults.checker import POSITION, Located, Verdict, check
from faults.older_store import Store
from faults.proxy import HOST, Injection, Manner, Proxy
from faults.schedule import Kind, Planned, schedule
from faults.traffic import Traffic
from faults.workers import ENDED, Workers

_MANNERS = {Kind.DELAYED: Manner.DELAY, Kind.REPLAYED: Manner.REPLAY, Kind.ANSWER_LOST: Manner.CUT}
WORKERS = 2
_FIRST = 8.0
"""Seconds that a fault is thought to take, until it is known."""


@dataclass(frozen=True)
class Plan:
    """What is asked of a run; `pause`: how long a worker stands still, longer than its session; `away`: OPA."""

    messages: int = 20_000
    faults: int = 60
    injections: int = 20
    seed: int = 1
    county: str = "09"
    pause: float = 15.0
    away: float = 10.0
    always: tuple[Kind, ...] = ()
    patience: float = 600.0


@dataclass
class Result:
    """What came of it."""

    plan: Plan
    verdict: Verdict
    done: Counter[str] = field(default_factory=Counter)
    """Faults that happened, by name."""
    missed: list[str] = field(default_factory=list)
    """Faults that were planned and could not be made."""
    stale: Counter[str] = field(default_factory=Counter)
    """Answers of the broker to stale frames: taken, or refused with which code."""
    statuses: list[int | None] = field(default_factory=list)
    """How the workers ended when they were asked to."""
    unclean: list[str] = field(default_factory=list)
    """Commands that were not content with what they found afterwards."""
    left: int = 0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether all came through, each once, and no stale frame was taken."""
        kept = self.verdict.ok and not self.left and not self.stale["taken"]
        return kept and all(status in ENDED for status in self.statuses) and not self.unclean

    def as_json(self) -> dict[str, Any]:
        """All of it, for a file."""
        return {
            "ok": self.ok,
            "plan": asdict(self.plan),
            "faults": dict(self.done),
            "missed": self.missed,
            "stale": dict(self.stale),
            "statuses": self.statuses,
            "unclean": self.unclean,
            "left": self.left,
            "seconds": round(self.seconds, 1),
            **self.verdict.as_json(first=50),
        }


Progress = Callable[[str, int, int], None]


def run(servers: Servers, plan: Plan, folder: Path, progress: Progress = lambda *_: None) -> Result:
    """Make a run; `folder` keeps keys, register and what the workers said."""
    began = monotonic()
    traffic = Traffic(plan.county, plan.messages, plan.seed, folder)
    with ExitStack() as stack:
        provisioned = emptied(servers, [*traffic.parties, NEWCOMER])
        database = stack.enter_context(emptied_database(servers))
        proxy = stack.enter_context(Proxy(int(servers.settings["SAMBAND_KAFKA_PORT"])))
        worker = worker_environment(provisioned, database, folder)
        worker |= {"SAMBAND_KAFKA_BOOTSTRAP": proxy.bootstrap, "SAMBAND_PROFILE": "conformance"}
        workers = Workers(dict.fromkeys(range(WORKERS), worker), traffic.register, folder)
        read = [topics.AUDIT, *map(topics.inbox, provisioned.authorities)]
        along = stack.enter_context(kafka_side.Along(servers.operator, read))
        stack.callback(workers.stop)
        for place in range(WORKERS):
            workers.start(place)
        with (folder / "faults.log").open("w", encoding="utf-8") as log:
            store = Store(servers, provisioned, worker, folder)
            operator = Operator(provisioned, worker, traffic.register, folder, partial(settle, workers))
            result = _Run(servers, plan, traffic, proxy, workers, store, operator, progress, log).through()
        result.verdict = _judged(servers, along, folder, traffic.located)
        result.unclean += afterwards.unclean(provisioned, worker, folder)
    result.seconds = monotonic() - began
    (folder / "result.json").write_text(json.dumps(result.as_json(), indent=2), "utf-8")
    return result


def worker_environment(provisioned: Provisioned, database: str, folder: Path) -> dict[str, str]:
    """What a worker is started with, whose keys are made in `folder`."""
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    TokenKey(keys / "token.key")
    Signer(keys / "log.key", LOG_NAME)
    return provisioned.environment(topics.WORKER) | {
        "SAMBAND_POSTGRES_URL": database,
        "SAMBAND_KEYS": str(keys),
        "SAMBAND_METRICS_ADDRESS": f"{HOST}:0",
    }


def _judged(servers: Servers, along: kafka_side.Along, folder: Path, located: Located) -> Verdict:
    """Wait until nothing hangs and the reader has seen all, and let the checker look."""
    tokens = TokenKey(folder / "keys" / "token.key", create=False)
    login = servers.operator
    names, until = kafka_side.topics(login), monotonic() + 60
    while monotonic() < until and kafka_side.ends(login, names, "read_committed") != kafka_side.ends(login, names):
        sleep(0.5)
    told = kafka_side.dump(login, [])
    seen = [one.place for one in told.committed if one.topic.split(".")[0] in ("audit", "inbox")]
    along.await_all(seen, 60)
    source = partial(tokens.token, "source")
    today = {older: source(name) for name in names for older in tokens.older("source", name)}

    def under_today(position: str) -> str:
        """Under the key that makes tokens now, whichever made it."""
        token, slash, offset = position.rpartition("/")
        return f"{today.get(token, token)}{slash}{offset}"

    def reveal(hidden: str) -> str | None:
        position = tokens.reveal(hidden)
        return position and under_today(position)

    committed = [
        replace(one, headers={**one.headers, POSITION: under_today(one.position)}) if one.position else one
        for one in told.committed
    ]
    seen_too = replace(told, committed=committed, seen=list(along.seen))
    return check(seen_too, source, patience=60.0, reveal=reveal, located=located)


def settle(workers: Workers, seconds: float) -> None:
    """Let it run for a while; who has ended is started again."""
    until = monotonic() + seconds
    while monotonic() < until:
        workers.keep()
        sleep(0.05)


@dataclass
class _Run:
    servers: Servers
    plan: Plan
    traffic: Traffic
    proxy: Proxy
    workers: Workers
    store: Store
    operator: Operator
    progress: Progress
    log: TextIO
    """Told of each fault, when it began and how long it took."""
    ended: threading.Event = field(default_factory=threading.Event)
    began: float = 0.0
    made: int = 0

    def through(self) -> Result:
        """Send while the faults come; then wait until all is handled, and let the workers end."""
        plan = schedule(self.plan.faults, self.plan.injections, self.plan.seed, WORKERS, self.plan.always)
        result = Result(self.plan, Verdict())
        sender = threading.Thread(target=self._send, args=(len(plan),), daemon=True)
        self.began = monotonic()
        sender.start()
        for n, fault in enumerate(plan):
            self.made = n
            self.progress(str(fault), n, len(plan))
            begun = monotonic()
            made = self._make(fault, result)
            took = f"{begun - self.began:7.1f} s, for {monotonic() - begun:5.1f} s"
            self.log.write(f"{took}: worker {fault.worker}, {fault}{'' if made else ', could not be made'}\n")
            self.log.flush()
            result.done[str(fault.kind)] += made
            if not made:
                result.missed.append(str(fault))
            self._settle(fault.wait)
        self.ended.set()
        sender.join()
        result.left = self._wait()
        result.statuses = self.workers.stop()
        return result

    def _send(self, faults: int) -> None:
        """Through all the faults, by the time that they have taken so far; what is left at once in the end."""
        sender = kafka_side.Sender(self.servers.operator)
        messages = self.traffic.sent
        for n, sent in enumerate(messages):
            sender.send(*sent)
            each = (monotonic() - self.began) / self.made if self.made else _FIRST
            self.ended.wait(1.5 * each * (faults - self.made) / (len(messages) - n))
        sender.finish()
        assert not sender.failed, "a message did not reach its outbox"

    def _settle(self, seconds: float) -> None:
        settle(self.workers, seconds)

    def _wait(self) -> int:
        """Until all is handled; gives how many messages are not, when the patience is over."""
        until = monotonic() + self.plan.patience
        outboxes = sorted({sent.topic for sent in self.traffic.sent})
        while left := kafka_side.behind(self.servers.operator, topics.WORKER, outboxes):
            self.progress(f"{left} left", 1, 1)
            if monotonic() > until:
                break
            self._settle(0.5)
        return left

    def _make(self, fault: Planned, result: Result) -> bool:
        """Make one fault; false when it could not be made."""
        place = fault.worker
        match fault.kind:
            case Kind.AT_POINT:
                return self._at_point(place, f"{fault.point}:{fault.nth}")
            case Kind.KILL:
                self.workers.signal(place, signal.SIGKILL)
                self.workers.ended(place, 10)
            case Kind.TERM:
                self.workers.signal(place, signal.SIGTERM)
                return self.workers.ended(place, 60) in ENDED
            case Kind.PAUSE:
                self.workers.signal(place, signal.SIGSTOP)
                sleep(self.plan.pause)
                self.workers.signal(place, signal.SIGCONT)
            case Kind.KAFKA_KILLED:
                self._kill("kafka")
                self.servers.script("up", "kafka")
            case Kind.KAFKA_RESTARTED:
                self.servers.script("down", "kafka")
                self.servers.script("up", "kafka")
            case Kind.KAFKA_FULL:
                self._fill_kafka()
            case Kind.POSTGRES_OLDER:
                status = self.store.fall_back(self.workers, self._settle)
                result.unclean += ["rebuild"] if status else []
                return status is not None
            case Kind.REGISTER_CHANGED:
                result.unclean += [] if self.operator.change_register() else ["register"]
            case Kind.LOG_KEY_ROTATED:
                result.unclean += [] if self.operator.rotate_log_key() else ["rotate"]
            case Kind.TOKEN_KEY_ROTATED:
                result.unclean += [] if self.operator.rotate_token_key() else ["rotate-token"]
            case Kind.LAW_ROLLED:
                result.unclean += [] if self.operator.roll_law() else ["roll"]
            case Kind.OPA_SILENT:
                self._signal("opa", signal.SIGSTOP)
                self._settle(self.plan.away)
                self._signal("opa", signal.SIGCONT)
            case Kind.OPA_DOWN:
                self.servers.script("down", "opa")
                self._settle(self.plan.away)
                self.servers.script("up", "opa")
            case Kind.POSTGRES_RESTARTED:
                self.servers.script("down", "postgres")
                self.servers.script("up", "postgres")
            case _:
                return self._inject(_MANNERS[fault.kind], result)
        return True

    def _at_point(self, place: int, kill: str) -> bool:
        """Start the worker anew with the order to kill itself, and wait until it has."""
        self.workers.signal(place, signal.SIGTERM)
        if self.workers.ended(place, 60) is None:
            return False
        self.workers.start(place, kill)
        until = monotonic() + 60
        while monotonic() < until:
            if (status := self.workers.ended(place, 0.1)) is not None:
                return status == -signal.SIGKILL
        return False

    def _inject(self, manner: Manner, result: Result) -> bool:
        injection = self.proxy.inject(Injection(manner=manner))
        until = monotonic() + 30
        while not injection.done.wait(0.1) and monotonic() < until:
            self.workers.keep()
        self.proxy.withdraw(injection)
        if manner is not Manner.CUT and injection.done.is_set():
            result.stale["taken" if injection.taken else f"refused {injection.error}"] += 1
        return injection.done.is_set()

    def _fill_kafka(self) -> None:
        """Nothing more can be written on its disk: it ends by itself. Then there is room again.

        By a limit on the size of its files, which the same write meets in the same way as a full disk.
        """
        pid = int((self.servers.run / "kafka" / "pid").read_text())
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        with suppress(ProcessLookupError):
            for _ in range(600):
                os.kill(pid, 0)
                self._settle(0.1)
        self.servers.script("down", "kafka")
        self.servers.script("up", "kafka")

    def _kill(self, server: str) -> None:
        """Kill it, and wait until it is gone: a large process takes its time."""
        self._signal(server, signal.SIGKILL)
        with suppress(ProcessLookupError):
            for _ in range(600):
                self._signal(server, 0)
                sleep(0.05)

    def _signal(self, server: str, number: int) -> None:
        os.kill(int((self.servers.run / server / "pid").read_text()), number)
