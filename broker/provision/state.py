"""What can be on a cluster, as far as the broker cares: topics, credentials, rights, quotas."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broker.model.faults import SetUpError

MECHANISM = "SCRAM-SHA-512"
USER = "User:"


class ProvisionError(SetUpError, ValueError):
    """Provisioning can't be done as asked; one line that says what to do."""


class ClusterError(ProvisionError):
    """Kafka does not answer, or refuses."""


@dataclass(frozen=True)
class Topic:
    """A topic as wanted or as found. `settings` are those that the broker sets, and no others."""

    partitions: int
    copies: int
    settings: Mapping[str, str]


@dataclass(frozen=True, order=True)
class Credential:
    """That a user can log in by a mechanism. Kafka keeps no password that could be read or compared."""

    user: str
    mechanism: str = MECHANISM


@dataclass(frozen=True, order=True)
class Right:
    """One entry of the access list (ACL), in Kafka's own words, small letters."""

    principal: str
    resource: str
    name: str
    operation: str
    prefixed: bool = False
    """Whether `name` is the beginning of names."""
    allowed: bool = True
    host: str = "*"

    @property
    def user(self) -> str:
        """Whose it is."""
        return self.principal.removeprefix(USER)


@dataclass(frozen=True)
class State:
    """What a cluster holds, or should."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    credentials: frozenset[Credential] = frozenset()
    rights: frozenset[Right] = frozenset()
    quotas: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    register: str = ""
    """The revision of the register that the programs go by; empty where none was announced."""


@dataclass(frozen=True)
class Fault:
    """Something that provisioning can't mend: what it is about, and what was found and wanted."""

    code: str
    about: str
    found: str
    wanted: str
