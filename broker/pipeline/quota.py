"""How much of what can't be used is kept: quarantine is no free disk.

What exceeds its sender's share is recorded and answered as everything else; only its bytes are not kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from broker.model.days import rfc3339
from broker.ports.quarantine_limits import QuarantineLimits
from broker.ports.store import Store
from broker.ports.writes import Effects


def within(
    effects: Sequence[Effects], limits: QuarantineLimits, store: Store, now: datetime
) -> tuple[list[Effects], int]:
    """The effects with the bytes that may be kept, and of how many lines they may not.

    A line that is run again counts in the place of the one that it was.
    """
    since = rfc3339(now - timedelta(days=limits.days))
    kept: dict[str | None, int] = {}
    bounded, over = [], 0
    for effect in effects:
        size = len(effect.quarantined or b"")
        if size and effect.redrive_of is None:
            proven = effect.origin.proven if effect.origin else None
            if proven not in kept:
                kept[proven] = store.quarantined_bytes(proven, since)
            if kept[proven] + size > limits.bytes:
                bounded.append(effect._replace(quarantined=b""))
                over += 1
                continue
            kept[proven] += size
        bounded.append(effect)
    return bounded, over
