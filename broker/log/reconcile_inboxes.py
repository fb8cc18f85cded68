"""Compares what the log says was forwarded with what lies in the inboxes (design, promise 1).

Pure: two streams in, one answer out. Memory does not grow with them.
"""

from collections.abc import Iterable
from typing import NamedTuple

PLACES = 20
"""Most differences that are named."""


class Delivery(NamedTuple):
    """One delivery: whose message went to whom."""

    sender: str
    message: str
    recipient: str


class Reconciliation(NamedTuple):
    """How many agree, how many do not, and the first of each sort."""

    agree: int
    undelivered: int
    unrecorded: int
    first_undelivered: tuple[Delivery, ...]
    first_unrecorded: tuple[Delivery, ...]

    @property
    def ok(self) -> bool:
        """Every forwarded record has exactly one delivery, and every delivery its record."""
        return self.undelivered == 0 and self.unrecorded == 0


def reconcile(forwarded: Iterable[Delivery], delivered: Iterable[Delivery]) -> Reconciliation:
    """Walk both streams, each in rising order. A delivery made twice counts as one that is not recorded."""
    records, deliveries = iter(forwarded), iter(delivered)
    record, delivery = next(records, None), next(deliveries, None)
    agree = undelivered = unrecorded = 0
    first_undelivered: list[Delivery] = []
    first_unrecorded: list[Delivery] = []
    while record is not None or delivery is not None:
        if record == delivery:
            agree += 1
            record, delivery = next(records, None), next(deliveries, None)
        elif delivery is None or (record is not None and record < delivery):
            assert record is not None
            undelivered += 1
            if undelivered <= PLACES:
                first_undelivered.append(record)
            record = next(records, None)
        else:
            unrecorded += 1
            if unrecorded <= PLACES:
                first_unrecorded.append(delivery)
            delivery = next(deliveries, None)
    return Reconciliation(agree, undelivered, unrecorded, tuple(first_undelivered), tuple(first_unrecorded))
