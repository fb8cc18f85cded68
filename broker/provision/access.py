"""Who may do what on the cluster.

Each right is one that the named program uses; to read or write is also to describe.

The rights of an authority or a desk are literal, a service's cover all outboxes or inboxes by their prefix. A right to
write a topic carries the idempotent producer, so nobody needs a right over the cluster.
"""

from collections.abc import Iterator

from broker import topics
from broker.provision.state import USER, Right


def of_address(address: str) -> Iterator[Right]:
    """An authority, or a desk, writes its outbox, and reads its inbox in the group of the same name."""
    principal = USER + topics.user(address)
    yield Right(principal, "topic", topics.outbox(address), "write")
    yield Right(principal, "topic", topics.inbox(address), "read")
    yield Right(principal, "group", topics.inbox(address), "read")


def of_services() -> Iterator[Right]:
    """What the broker's own programs do."""
    worker, agents = USER + topics.WORKER, USER + topics.AGENTS
    yield Right(worker, "topic", topics.OUTBOXES, "read", prefixed=True)
    yield Right(worker, "topic", topics.INBOXES, "write", prefixed=True)
    for prefix in (topics.OUTBOXES, topics.INBOXES):
        yield Right(worker, "topic", prefix, "delete", prefixed=True)  # of what is settled
    yield Right(worker, "topic", topics.AUDIT, "write")
    yield Right(worker, "topic", topics.AUDIT, "read")  # whether its database is as new as what it has published
    yield Right(worker, "topic", topics.QUARANTINE, "write")
    yield Right(worker, "topic", topics.QUARANTINE, "read")
    yield Right(worker, "topic", topics.QUARANTINE, "delete")  # of its oldest records, when a purge is recorded
    yield Right(worker, "topic", topics.outbox(topics.BROKER), "write")  # where a purge is asked for
    yield Right(worker, "group", topics.WORKER, "read", prefixed=True)
    yield Right(worker, "group", topics.REDRIVE, "read")
    yield Right(worker, "group", topics.INBOXES, "describe", prefixed=True)  # whether what is recalled was fetched
    yield Right(worker, "transactional_id", topics.WORKER, "write", prefixed=True)

    for service in (topics.WORKER, topics.AGENTS, topics.RECONCILE):
        yield Right(USER + service, "topic", topics.REGISTER, "read")

    yield Right(USER + topics.LEDGER, "topic", topics.AUDIT, "read")  # its position lies with the tree, in no group

    yield Right(USER + topics.LEDGER, "topic", topics.outbox(topics.BROKER), "write")  # that its key is handed over

    yield Right(agents, "topic", topics.AUDIT, "read")
    yield Right(agents, "topic", topics.outbox(topics.BROKER), "write")
    yield Right(agents, "group", topics.AGENTS, "read", prefixed=True)

    reconcile = USER + topics.RECONCILE
    for prefix in (topics.OUTBOXES, topics.INBOXES):
        yield Right(reconcile, "topic", prefix, "read", prefixed=True)
    for topic in (topics.AUDIT, topics.QUARANTINE):
        yield Right(reconcile, "topic", topic, "read")
    yield Right(reconcile, "group", topics.WORKER, "describe", prefixed=True)  # how far the worker has come
    yield Right(reconcile, "group", topics.INBOXES, "describe", prefixed=True)  # what has been fetched


def deny_all(user: str) -> Right:
    """The denial that marks a suspended user: no topic is open to it, whatever else it or everybody may.

    Kafka asks for rights at each request, so this ends the use of connections that are open already. It stays until the
    user is reinstated: any later run, from any machine, sees that the user is suspended.
    """
    return Right(USER + user, "topic", "*", "all", allowed=False)


def reaches_ours(right: Right) -> bool:
    """Whether an allowance reaches a topic, group or transactional id of the broker's."""
    exact, beginnings = _OURS.get(right.resource, ((), ()))
    if right.name == "*" and not right.prefixed:
        return bool(exact or beginnings)
    if right.prefixed and any(name.startswith(right.name) for name in (*exact, *beginnings)):
        return True
    return right.name in exact or right.name.startswith(beginnings)


_Names = tuple[tuple[str, ...], tuple[str, ...]]
_OURS: dict[str, _Names] = {
    "topic": ((topics.AUDIT, topics.QUARANTINE, topics.REGISTER), (topics.OUTBOXES, topics.INBOXES)),
    "group": ((topics.REDRIVE,), (topics.INBOXES, *topics.SERVICES)),
    "transactional_id": ((), topics.SERVICES),
}
"""Names in whole, and beginnings of names."""
