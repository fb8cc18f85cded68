"""Where a broker's processor time goes: its parts are replaced by themselves with a clock around."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy.engine import Connection

from broker.adapters.kafka.streams import KafkaStreams
from broker.adapters.opa.server import Channel, ServerDecisionPoint
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.pipeline import pipeline
from broker.pipeline.decision_cache import DecisionCache
from broker.pipeline.gather import Gatherer
from broker.pipeline.outcome import Recorder

STAGES = ("decode", "facts", "law", "record", "database", "kafka", "rest")
_PARTS: tuple[tuple[Any, str, str], ...] = (
    (pipeline, "decode", "decode"),
    (pipeline, "seal", "record"),
    (Gatherer, "gather", "facts"),
    (Recorder, "of_decision", "record"),
    *((engine, "decide", "law") for engine in (DecisionCache, ServerDecisionPoint, WasmDecisionPoint)),
    *((Connection, name, "database") for name in ("execute", "exec_driver_sql", "commit")),
    *((KafkaStreams, name, "kafka") for name in ("poll", "commit", "assignment", "lag")),
)

_BESIDE: tuple[tuple[Any, str, str], ...] = ((Channel, "ask", "law"),)


class Clocks:
    """Seconds of processor time by stage since `begin`: what an inner stage takes is no part of the outer one.

    What threads take is Kafka's client's, but for those of a stage that has its own.
    """

    def __init__(self) -> None:
        self._open = ["rest"]
        self._lock = Lock()
        self.begin()

    def begin(self) -> None:
        """Forget what was counted until now."""
        self._seconds = dict.fromkeys(STAGES, 0.0)
        self._beside = dict.fromkeys(STAGES, 0.0)
        self._since = self._first = time.thread_time()
        self._process = time.process_time()

    @property
    def seconds(self) -> dict[str, float]:
        """By stage, until now."""
        self._settle()
        with self._lock:
            beside = dict(self._beside)
        others = time.process_time() - self._process - (self._since - self._first) - sum(beside.values())
        beside["kafka"] += max(others, 0.0)
        return {name: spent + beside[name] for name, spent in self._seconds.items()}

    def within(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as part of a stage."""

        def timed(*args: Any, **named: Any) -> Any:
            self._settle()
            self._open.append(name)
            try:
                return function(*args, **named)
            finally:
                self._settle()
                self._open.pop()

        return timed

    def beside(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as part of a stage, in threads of its own."""

        def timed(*args: Any, **named: Any) -> Any:
            begun = time.thread_time()
            try:
                return function(*args, **named)
            finally:
                with self._lock:
                    self._beside[name] += time.thread_time() - begun

        return timed

    def _settle(self) -> None:
        now = time.thread_time()
        self._seconds[self._open[-1]] += now - self._since
        self._since = now


@contextmanager
def running() -> Iterator[Clocks]:
    """Clocks around the parts of every broker of this process; of the thread that runs this, where it runs in one."""
    clocks = Clocks()
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in (*_PARTS, *_BESIDE)]
    for owner, name, stage in _PARTS:
        setattr(owner, name, clocks.within(stage, getattr(owner, name)))
    for owner, name, stage in _BESIDE:
        setattr(owner, name, clocks.beside(stage, getattr(owner, name)))
    try:
        yield clocks
    finally:
        for owner, name, part in before:
            setattr(owner, name, part)
