"""Figures of a bench: throughput, and latency counted from when a message should have been sent.

A sender that waits for a slow system sends less, and would tell only of its good moments (coordinated omission); so
the time begins when the plan says, whatever happened.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

_SHARES = (50.0, 95.0, 99.0, 99.9)


@dataclass(frozen=True)
class Throughput:
    """So many messages in so many seconds."""

    messages: int
    seconds: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds if self.seconds else 0.0


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
    """One way of forwarding at one number of authorities."""

    name: str
    authorities: int
    throughput: Throughput | None = None
    latency: Latency | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        told = asdict(self)
        if self.throughput:
            told["throughput"]["rate"] = round(self.throughput.rate, 1)
        return told


def latency(rate: float, milliseconds: Sequence[float], lost: int = 0) -> Latency:
    """The shares of what was measured. Raises ValueError when nothing was."""
    if not milliseconds:
        raise ValueError("no message came through")
    ordered = sorted(milliseconds)
    p50, p95, p99, p99_9 = (round(percentile(ordered, share), 2) for share in _SHARES)
    return Latency(rate, len(ordered), p50, p95, p99, p99_9, round(ordered[-1], 2), lost)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so many per cent do not exceed (nearest rank); of values in rising order."""
    return ordered[max(1, math.ceil(share / 100 * len(ordered) - 1e-9)) - 1]


def ratio(row: Row, of: Row) -> float | None:
    """How fast one way is beside another; None when one of them was not measured."""
    if not (row.throughput and of.throughput and of.throughput.rate):
        return None
    return row.throughput.rate / of.throughput.rate
