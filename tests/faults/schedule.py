"""Which faults come, in which order: dealt from a seed, so that a run that failed can be run again."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import islice
from random import Random
from typing import NamedTuple, TypeVar

Card = TypeVar("Card")

POINTS = (
    "after_poll",
    "after_decide",
    "after_audit",
    "after_deliveries",
    "before_commit",
    "after_commit",
    "before_mark",
)
"""Where a worker can be told to kill itself (SAMBAND_KILL)."""


class Kind(StrEnum):
    """What happens."""

    AT_POINT = "kill -9 at a point"
    KILL = "kill -9 at random"
    PAUSE = "paused beyond the session"
    TERM = "SIGTERM"
    KAFKA_KILLED = "Kafka killed"
    KAFKA_RESTARTED = "Kafka restarted"
    OPA_SILENT = "OPA silent 10 s"
    OPA_DOWN = "OPA down 10 s"
    KAFKA_FULL = "Kafka's disk full"
    POSTGRES_RESTARTED = "PostgreSQL restarted"
    POSTGRES_OLDER = "PostgreSQL restored from an older copy"
    REGISTER_CHANGED = "the register changed"
    LOG_KEY_ROTATED = "the log's key rotated"
    TOKEN_KEY_ROTATED = "the key of tokens rotated"
    LAW_ROLLED = "another law announced"
    DELAYED = "EndTxn delayed"
    REPLAYED = "EndTxn replayed"
    ANSWER_LOST = "EndTxn's answer lost"


INJECTIONS = (Kind.DELAYED, Kind.REPLAYED, Kind.ANSWER_LOST)


class Planned(NamedTuple):
    """One fault: what, to which worker, where, how long until the next, and at which time it passes there."""

    kind: Kind
    worker: int
    point: str
    wait: float
    nth: int

    def __str__(self) -> str:
        where = f" {self.point}:{self.nth}" if self.kind is Kind.AT_POINT else ""
        return f"{self.kind}{where}"


def schedule(faults: int, injections: int, seed: int, workers: int = 2, always: Collection[Kind] = ()) -> list[Planned]:
    """So many faults and so many injections, mixed. Each kind comes as soon as there are enough, then each again.

    `always`: kinds that come beside these, once each.
    """
    rng = Random(f"faults {seed}")
    points = _dealt(rng, list(POINTS))
    mixed = [*always, *islice(_dealt_faults(rng), faults), *islice(_dealt(rng, list(INJECTIONS)), injections)]
    rng.shuffle(mixed)
    return [
        Planned(
            kind,
            rng.randrange(workers),
            next(points) if kind is Kind.AT_POINT else "",
            rng.uniform(0.2, 2.0),
            rng.randint(1, 2),
        )
        for kind in mixed
    ]


def _dealt_faults(rng: Random) -> Iterator[Kind]:
    """All kinds but injections; half of them are kills at a point."""
    others = [kind for kind in Kind if kind is not Kind.AT_POINT and kind not in INJECTIONS]
    while True:
        for kind in rng.sample(others, len(others)):
            yield kind
            yield Kind.AT_POINT


def _dealt(rng: Random, cards: list[Card]) -> Iterator[Card]:
    while True:
        yield from rng.sample(cards, len(cards))
