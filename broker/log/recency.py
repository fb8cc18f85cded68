"""Whether a worker's store is as new as what was published: a database restored from an old copy would decide anew.

Pure of any library. A decision is durable in the store before its record goes out, so the store knows every record on
`audit`, whatever was killed where. Where it does not, it is an older one, or another's: consents that were withdrawn
since count again there, and what it has forgotten would be decided and delivered a second time.
"""

from collections.abc import Collection
from typing import Protocol

from broker.log.appender import AuditTopic
from broker.log.merkle import leaf_hash
from broker.ports.faults import Away
from broker.ports.health import KAFKA

NEWEST = 1000
"""Records of `audit` that are looked for, at least: more than workers can have had under way at once."""

_WAIT = 1.0
_PATIENCE = 30
"""Reads in a row that may give nothing though more is known to be there."""
_TO_DO = "nothing is decided: restore a newer copy of the database, or run 'samband worker rebuild'"


class StoreOutdated(Exception):
    """The store knows less than was published. One line that says what was found, and what to do; never a value."""


class Decisions(Protocol):
    """What a store says of its decisions."""

    def unknown(self, leaf_hashes: Collection[bytes]) -> int:
        """How many of these records it has not made."""


def compare(store: Decisions, topic: AuditTopic, most: int = NEWEST) -> None:
    """Look for the newest records of `audit` in the store. Raises StoreOutdated, or Away."""
    hashes = _newest(topic, most)
    if missing := store.unknown(hashes):
        raise StoreOutdated(
            f"PostgreSQL is older than audit, or another's: it lacks {missing} of the newest {len(hashes)} decisions "
            f"that were published; {_TO_DO}"
        )


def fault(what: str) -> StoreOutdated:
    """The fault, where it shows in another way."""
    return StoreOutdated(f"PostgreSQL is older than Kafka, or another's: {what}; {_TO_DO}")


def _newest(topic: AuditTopic, most: int) -> set[bytes]:
    """Leaf hashes of the newest records, at least `most` of them unless there are fewer."""
    first, end = topic.first(), topic.end()
    hashes: set[bytes] = set()
    start = end
    while start > first and len(hashes) < most:  # marks of transactions lie among them
        start = max(first, start - 2 * most)
        hashes.clear()
        topic.seek(start)
        idle = 0
        while topic.position() < end:
            records = topic.read(most, _WAIT)
            hashes |= {leaf_hash(record.leaf or b"") for record in records if record.offset < end}
            idle = 0 if records else idle + 1
            if idle > _PATIENCE:
                raise Away(KAFKA, "NoAnswer")
    return hashes
