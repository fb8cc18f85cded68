"""The figures of a cluster: copies, retention, quotas, what each sort of topic gets, what the brokers must have set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from broker.provision.state import Fault, ProvisionError, Topic

DAY = 86_400_000
"""Milliseconds."""

MESSAGE_BYTES = 4 << 20
"""Above the contract's 1 MiB: a message that is too large meets the broker's quarantine, with a reason and a record."""

QUARANTINE_BYTES = 8 << 20
"""The largest message and what is written about it."""

REGISTER_BYTES = 32 << 20
"""The largest register file, and all that is done to let its parties in."""

TOPIC_SETTINGS = (
    *("cleanup.policy", "retention.ms", "retention.bytes", "segment.ms", "max.message.bytes"),
    *("message.timestamp.type", "min.insync.replicas", "unclean.leader.election.enable"),
)
"""All that a topic is given here; the rest is left to the brokers."""

_SAFE_COPIES = 3
_SAFE_IN_SYNC = 2
_REAUTHENTICATION = "connections.max.reauth.ms"


class Profile(StrEnum):
    """What a cluster is for."""

    PRODUCTION = "production"
    LOCAL = "local"
    CONFORMANCE = "conformance"
    """As local; and the broker goes by the messages' own times, as the embedded one does on a file."""


@dataclass(frozen=True)
class Limits:
    """Figures that the operator may set. Raises ProvisionError when production would not be safe with them."""

    profile: Profile
    copies: int
    """Replication factor of every topic."""
    in_sync: int
    """Copies that must have a record before it counts as written (min.insync.replicas)."""
    retention_days: int = 30
    """How long messages stay on Kafka; audit stays for ever, as the ledger can be built from it again."""
    quarantine_days: int = 30
    """How long what could not be used stays there."""
    produce_bytes: int = 1 << 20
    """Bytes a second that an authority may write through each broker; 0: no quota. The next two likewise."""
    consume_bytes: int = 4 << 20
    request_percent: int = 50
    """Share of one broker thread's time."""

    def __post_init__(self) -> None:
        if min(self.copies, self.in_sync, self.retention_days, self.quarantine_days) < 1:
            raise ProvisionError("copies, copies in sync and days of retention are at least 1")
        if min(self.produce_bytes, self.consume_bytes, self.request_percent) < 0:
            raise ProvisionError("a quota is 0 (none) or more")
        if self.in_sync > self.copies:
            raise ProvisionError("more copies are asked to be in sync than there are: nothing could be written")
        if self.production and (self.copies < _SAFE_COPIES or self.in_sync < _SAFE_IN_SYNC):
            raise ProvisionError(
                f"production needs at least {_SAFE_COPIES} copies with {_SAFE_IN_SYNC} in sync: "
                "with fewer, what is acknowledged can be lost"
            )

    @property
    def production(self) -> bool:
        """Whether acknowledged messages must survive the loss of a machine."""
        return self.profile is Profile.PRODUCTION

    @property
    def quotas(self) -> Mapping[str, float]:
        """An authority's quotas, by Kafka's names."""
        named = {
            "producer_byte_rate": self.produce_bytes,
            "consumer_byte_rate": self.consume_bytes,
            "request_percentage": self.request_percent,
        }
        return {key: float(value) for key, value in named.items() if value}

    def messages(self) -> Topic:
        """A topic that holds messages: gone after the days of retention, a closed file a day."""
        return self._daily(MESSAGE_BYTES, self.retention_days)

    def quarantine(self) -> Topic:
        """The topic that holds what could not be used."""
        return self._daily(QUARANTINE_BYTES, self.quarantine_days)

    def _daily(self, largest: int, days: int) -> Topic:
        return self._topic(largest, {"retention.ms": str(days * DAY), "segment.ms": str(DAY)})

    def records(self) -> Topic:
        """The topic that holds audit records: kept for ever."""
        return self._topic(MESSAGE_BYTES, {"retention.ms": "-1"})

    def register(self) -> Topic:
        """The topic that holds registers, and who got access when: kept for ever."""
        return self._topic(REGISTER_BYTES, {"retention.ms": "-1"})

    def _topic(self, largest: int, more: Mapping[str, str]) -> Topic:
        settings = {
            "cleanup.policy": "delete",
            "retention.bytes": "-1",
            "max.message.bytes": str(largest),
            "message.timestamp.type": "LogAppendTime",  # retention by Kafka's clock, not by one that a sender sets
            "min.insync.replicas": str(self.in_sync),
            "unclean.leader.election.enable": "false",
        }
        return Topic(partitions=1, copies=self.copies, settings={**settings, **more})


def broker_faults(brokers: Mapping[str, Mapping[str, str | None]], limits: Limits) -> Iterator[Fault]:
    """What the brokers (by number, with their settings) lack. A setting that they do not tell is None."""
    if len(brokers) < limits.copies:
        yield Fault("too_few_brokers", "Kafka", str(len(brokers)), str(limits.copies))
    for number, settings in sorted(brokers.items()):
        broker = f"broker {number}"
        for name, wanted in {"auto.create.topics.enable": "false", "unclean.leader.election.enable": "false"}.items():
            if settings.get(name) != wanted:
                yield Fault("broker_setting", f"{broker}: {name}", str(settings.get(name)), wanted)
        if not settings.get("authorizer.class.name"):
            yield Fault("no_authorizer", f"{broker}: authorizer.class.name", "–", "StandardAuthorizer")
        if limits.production:
            yield from _unsafe(broker, settings)


def _unsafe(broker: str, settings: Mapping[str, str | None]) -> Iterator[Fault]:
    """How long a login lasts, and Kafka's own topics, which offsets and transactions live in."""
    if not any(_number(value) > 0 for name, value in settings.items() if name.endswith(_REAUTHENTICATION)):
        yield Fault("no_reauthentication", f"{broker}: {_REAUTHENTICATION}", "0", "> 0")
    least = {
        "offsets.topic.replication.factor": _SAFE_COPIES,
        "transaction.state.log.replication.factor": _SAFE_COPIES,
        "transaction.state.log.min.isr": _SAFE_IN_SYNC,
    }
    for name, wanted in least.items():
        if _number(settings.get(name)) < wanted:
            yield Fault("broker_setting", f"{broker}: {name}", str(settings.get(name)), f"≥ {wanted}")


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0
