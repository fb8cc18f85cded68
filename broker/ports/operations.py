"""What those who run the broker look at: programs, alerts, backups, last days.

Never a person, a case or a message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class Program:
    """A program of the broker's, as it tells itself."""

    name: str
    """As the operator calls it."""
    answers: bool = True
    away: Sequence[str] = ()
    """What it is not ready without and does not reach."""
    version: str | None = None
    law: str | None = None
    """The revision of the policy that answers it; None: it asks none."""
    register: str | None = None
    """The revision of the register's file; None: it reads none."""
    lags: Mapping[str, float] = field(default_factory=dict)
    """Service -> messages that it has not handled yet."""
    measured: Mapping[str, float] = field(default_factory=dict)
    """Name of a metric -> its value over all labels: of moments the first, of all else the sum."""


@dataclass(frozen=True)
class Alert:
    """An alert that fires."""

    name: str
    severity: str
    since: datetime
    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Silence:
    """Alerts of these names are silenced until then; of no name: those that something else picks out."""

    names: Sequence[str]
    until: datetime


@dataclass(frozen=True)
class Monitoring:
    """What Prometheus says, and what silences there are; None: it does not answer, or nobody asks it."""

    alerts: Sequence[Alert] | None
    silences: Sequence[Silence] | None = None
    yesterday: Mapping[str, float] = field(default_factory=dict)
    """Figures of this time yesterday, by their names."""


@dataclass(frozen=True)
class Backup:
    """The newest backup, and when one was restored on trial: whether what came back agreed."""

    at: datetime
    bytes: int | None = None
    tried: datetime | None = None
    agrees: bool | None = None


@dataclass(frozen=True)
class LastDay:
    """The last day of a certificate or a key; None: it can't be read."""

    name: str
    sort: Literal["certificate", "key"]
    day: date | None


@dataclass(frozen=True)
class Upkeep:
    """What is kept in trim, as seconds since 1970; of what can't be read 0, so that it is long past."""

    backup: float | None = None
    """When the newest backup was made; None: nobody looks after it here."""
    agrees: bool | None = None
    """Whether the log agreed where a backup was last restored on trial; None: it was not tried."""
    certificates: Mapping[str, float] = field(default_factory=dict)
    """When each ends."""
