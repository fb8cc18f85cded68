"""Way (d): the embedded broker in this process, over a folder of its own; no network at all."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from broker import authorities
from broker.ports.transport import Input
from broker.runtime import embedded
from broker.runtime.embedded import Embedded
from scenery.bench.load import Sent
from scenery.bench.measure import Latency, Throughput, latency


class EmbeddedWay:
    """A broker that is given lines, as `samband run` gives them."""

    def __init__(self, broker: Embedded) -> None:
        self._broker = broker
        self._count = 0

    def throughput(self, requests: Sequence[Sent]) -> Throughput:
        """All at once."""
        began, spent = time.perf_counter(), time.process_time()
        done = sum(1 for _ in self._broker.pipeline.run(self._inputs(requests)))
        return Throughput(done, time.perf_counter() - began, time.process_time() - spent)

    def memory(self) -> float:
        """Not told: this process holds the bench as well (`stages` tells it of one that does nothing else)."""
        return 0.0

    def stages(self) -> Mapping[str, float]:
        """Not told apart."""
        return {}

    def latency(self, requests: Sequence[Sent], rate: float) -> Latency | None:
        """What is due by the plan is handled as one batch; each time is counted from the plan."""
        begin, n, took = time.perf_counter(), 0, list[float]()
        while n < len(requests):
            due = min(int((time.perf_counter() - begin) * rate) + 1, len(requests))
            if due == n:
                time.sleep(max(0.0, begin + n / rate - time.perf_counter()))
                continue
            for _ in self._broker.pipeline.run(self._inputs(requests[n:due])):
                pass
            now = time.perf_counter()
            took += [(now - begin - at / rate) * 1000 for at in range(n, due)]
            n = due
        return latency(rate, took)

    def _inputs(self, requests: Sequence[Sent]) -> Iterator[Input]:
        for request in requests:
            self._count += 1
            yield Input(request.line, number=self._count, source=None, proven=request.sender)


@contextmanager
def open_way(folder: Path, register: Path) -> Iterator[EmbeddedWay]:
    """The way, over an empty folder."""
    with embedded.embedded(folder, authorities.load(register)) as broker:
        yield EmbeddedWay(broker)
