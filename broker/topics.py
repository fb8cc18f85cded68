"""Names on Kafka: topics, users, consumer groups, transactional ids.

All that meets on the cluster takes them here.

An authority's user is called as the authority; a desk's has a dot where its address has a slash, which Kafka does not
take. A service's name begins with the broker's own, which no authority can have, so they never meet; its consumer
groups and transactional ids begin with its name.
"""

BROKER = "samband"
"""The broker's own address: what it sends itself, as reminders, goes out through its own outbox."""

AUDIT = "audit"
"""One partition: the order of the records is the order of the log."""

QUARANTINE = "quarantine"

REGISTER = "register"
"""One partition, kept for ever: each register that the programs go by, and who got access with it."""

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


def user(address: str) -> str:
    """The name of who has this address: an authority's id, or a desk's with a dot. No id or name holds a dot."""
    return address.replace("/", ".")


def address(user: str) -> str:
    """The address of the authority or desk that is called so."""
    return user.replace(".", "/", 1)


def outbox(address: str) -> str:
    """The topic that only who has this address writes."""
    return OUTBOXES + user(address)


def inbox(address: str) -> str:
    """The topic that only who has this address reads; its consumer group has the same name."""
    return INBOXES + user(address)


def owner(inbox: str) -> str:
    """Whose inbox a topic is."""
    return address(inbox.removeprefix(INBOXES))


def sender(topic: str) -> str | None:
    """Whose outbox a topic is, or None: the sender of a message is proven by this and by nothing in the message."""
    return address(topic.removeprefix(OUTBOXES)) if topic.startswith(OUTBOXES) else None


def is_ours(topic: str) -> bool:
    """Whether the topic belongs to the broker."""
    return topic in (AUDIT, QUARANTINE, REGISTER) or topic.startswith((OUTBOXES, INBOXES))
