"""Figures of a bench: throughput, and latency counted from when a message should have been sent.

A sender that waits for a slow system sends less, and would tell only of its good moments (coordinated omission); so
the time begins when the plan says, whatever happened.
"""

import math
from collections.abc import Mapping, Sequence
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
    """One way of forwarding at one number of authorities.

    `latencies`: at each rate that was tried; None where the throughput is too low for it.
    """

    name: str
    authorities: int
    throughput: Throughput
    latencies: Mapping[float, Latency | None]

    def as_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        fields = asdict(self)
        fields["throughput"]["rate"] = round(self.throughput.rate, 1)
        fields["latencies"] = {f"{rate:g}": asdict(one) if one else None for rate, one in self.latencies.items()}
        return fields


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


def ratio(rows: Sequence[Row], one: str, other: str, authorities: int) -> float | None:
    """How fast one way is beside another at so many authorities; None when one of them was not measured."""
    rates = {row.name: row.throughput.rate for row in rows if row.authorities == authorities}
    return round(rates[one] / rates[other], 3) if rates.get(one) and rates.get(other) else None
