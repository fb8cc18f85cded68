"""Deliveries given out again: what nobody has registered, whatever a topic's retention.

It is no new disclosure: what was delivered was delivered, and goes to the same recipient as it was. So the law is not
asked again, and a consent that is withdrawn since stops nothing: its withdrawal has been told to whoever got something
under it. What its sender has recalled is never given out again.
"""

from dataclasses import replace
from datetime import datetime

from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.pipeline import audit_record
from broker.ports.store import Lying, Store, Wanted
from broker.ports.writes import Effects, again

MOST = 1000
"""Deliveries that one record says are given out again, at most."""


def carry_out(wanted: Wanted, store: Store, recorded: datetime) -> Effects:
    """The effects of giving out again what is wanted: a record that names it, and a line for each.

    The record says of what can't be given out why: `recalled`, `registered`, `not_kept` (an earlier version kept
    nothing, or nobody registers such a message), `not_here`; and after which number more may be wanted (`next`).
    """
    some = store.lying(wanted, MOST)
    rows = [row for row in some if _is_wanted(row, wanted, store)]
    refused = {row.message: row.hindrance for row in rows if row.hindrance is not None}
    refused |= dict.fromkeys(set(wanted.messages) - {row.message for row in some}, "not_here")
    given = [(row, again(row.kept, wanted.inbox, row.sender, row.message)) for row in rows if row.kept is not None]
    redelivered: Json = {
        "inbox": wanted.inbox,
        "messages": [[row.sender, row.message] for row, _ in given],
        "refused": refused,
        "lost": wanted.lost is not None,
        "next": some[-1].n if len(some) == MOST else None,
        "order": wanted.order,
    }
    return Effects(audit_record.of_redelivery(redelivered, recorded), "", inbox=tuple(line for _, line in given))


def rest(wanted: Wanted, redelivered: Json) -> Wanted | None:
    """What is still wanted after this part; None when it was all."""
    return replace(wanted, after=redelivered["next"]) if redelivered["next"] is not None else None


def _is_wanted(row: Lying, wanted: Wanted, store: Store) -> bool:
    if wanted.unregistered and not row.is_awaited:
        return False
    return wanted.since is None or bool(store.record(row.record)[0]["recorded"] >= rfc3339(wanted.since))
