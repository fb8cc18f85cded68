"""Figures of a bench: throughput, and latency counted from when a message should have been sent.

A sender that waits for a slow system sends less, and would tell only of its good moments (coordinated omission); so
the time begins when the plan says, whatever happened.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from statistics import mean, median
from typing import Any

_SHARES = (50.0, 95.0, 99.0, 99.9)


CHANCE = 0.05
"""How likely a difference may be by chance alone, and still be claimed."""


@dataclass(frozen=True)
class Throughput:
    """So many messages in so many seconds, for so many of processor time (`spent`)."""

    messages: int
    seconds: float
    spent: float = 0.0

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds if self.seconds else 0.0

    @property
    def milliseconds(self) -> float:
        """Of processor time a message."""
        return 1000 * self.spent / self.messages if self.messages else 0.0


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the intended sending to the delivery, by share of messages; `lost`: never delivered."""

    rate: float
    messages: int
    p50: float
    p95: float
    p99: float
    p99_9: float
    most: float
    lost: int = 0


@dataclass(frozen=True)
class Row:
    """One way of forwarding one sort of work (`load`) at one number of authorities, in several runs.

    `latencies`: at each rate that was tried; None where the throughput is too low for it. `memory`: MB at most.
    `stages`: milliseconds of processor time a message, where they are told apart.
    """

    name: str
    load: str
    authorities: int
    runs: Sequence[Throughput]
    latencies: Mapping[float, Latency | None]
    memory: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)

    @property
    def rates(self) -> list[float]:
        """Messages a second of each run, the least first."""
        return sorted(run.rate for run in self.runs)

    @property
    def rate(self) -> float:
        """The median run's messages a second."""
        return median(self.rates)

    @property
    def milliseconds(self) -> float:
        """The median run's processor time a message: as many millicores for 100 messages a second, times 100."""
        return median(run.milliseconds for run in self.runs)

    def as_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        latencies = {f"{rate:g}": asdict(one) if one else None for rate, one in self.latencies.items()}
        runs = [asdict(run) | {"rate": round(run.rate, 1)} for run in self.runs]
        told = {"name": self.name, "load": self.load, "authorities": self.authorities, "rate": round(self.rate, 1)}
        sizes = {"milliseconds": round(self.milliseconds, 3), "megabytes": round(self.memory)}
        return told | sizes | {"runs": runs, "latencies": latencies, "stages": self.stages}


def latency(rate: float, milliseconds: Sequence[float], lost: int = 0) -> Latency | None:
    """The shares of what was measured; None when nothing came through."""
    if not milliseconds:
        return None
    ordered = sorted(milliseconds)
    p50, p95, p99, p99_9 = (round(percentile(ordered, share), 2) for share in _SHARES)
    return Latency(rate, len(ordered), p50, p95, p99, p99_9, round(ordered[-1], 2), lost)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so many per cent do not exceed (nearest rank); of values in rising order."""
    return ordered[max(1, math.ceil(share / 100 * len(ordered) - 1e-9)) - 1]


@dataclass(frozen=True)
class Compared:
    """How fast one way is beside another (medians), and how likely that comes of chance alone."""

    ratio: float
    chance: float


def compare(rows: Sequence[Row], one: str, other: str, load: str, authorities: int) -> Compared | None:
    """Two ways with the same work and as many authorities; None where one of them was not measured."""
    rates = {row.name: row.rates for row in rows if (row.load, row.authorities) == (load, authorities)}
    ours, others = rates.get(one), rates.get(other)
    if not ours or not others or not median(ours) or not median(others):
        return None
    return Compared(round(median(ours) / median(others), 3), round(chance(ours, others), 4))


def chance(ours: Sequence[float], others: Sequence[float]) -> float:
    """How likely such a difference of means, or a greater, is if it makes none whose run it was (permutation test)."""
    everything, size = [*ours, *others], len(ours)
    wanted = abs(mean(ours) - mean(others)) - 1e-12
    total = sum(everything)
    splits = [sum(one) for one in combinations(everything, size)]
    apart = [abs(one / size - (total - one) / len(others)) for one in splits]
    return sum(one >= wanted for one in apart) / len(apart)
