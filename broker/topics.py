"""Names on Kafka: topics, users, consumer groups, transactional ids. All that meets on the cluster takes them here.

An authority's user is called as the authority. A service's name holds a dot, which no authority's id can, so the
two never meet; its consumer groups and transactional ids begin with its name.
"""

BROKER = "samband"
"""The broker's own address: what it sends itself, as reminders, goes out through its own outbox."""

AUDIT = "audit"
"""One partition: the order of the records is the order of the log."""

QUARANTINE = "quarantine"

OUTBOXES = "outbox."
INBOXES = "inbox."

WORKER = "samband.worker"
LEDGER = "samband.ledger"
AGENTS = "samband.agents"
RECONCILE = "samband.reconcile"
SERVICES = (WORKER, LEDGER, AGENTS, RECONCILE)
"""Users of the broker's own programs. None is the beginning of another's name."""

REDRIVE = "samband.redrive"
"""The worker's consumer group when it takes messages out of quarantine to run them again."""


def outbox(authority: str) -> str:
    """The topic that only this authority writes."""
    return OUTBOXES + authority


def inbox(authority: str) -> str:
    """The topic that only this authority reads; its consumer group has the same name."""
    return INBOXES + authority


def sender(topic: str) -> str | None:
    """Whose outbox a topic is, or None: the sender of a message is proven by this and by nothing in the message."""
    return topic.removeprefix(OUTBOXES) if topic.startswith(OUTBOXES) else None


def is_ours(topic: str) -> bool:
    """Whether the topic belongs to the broker."""
    return topic in (AUDIT, QUARANTINE) or topic.startswith((OUTBOXES, INBOXES))
