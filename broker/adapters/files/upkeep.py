"""What an operator keeps in trim, as files tell: the newest backup, the last day of a certificate.

A script that makes a backup, or restores one on trial, writes a small JSON file whole:
{"at": "2026-11-30T01:10:00Z", "bytes": 4402341478, "tried": "2026-11-23T09:00:00Z", "agrees": true}
`tried` is when a backup was last restored on trial, `agrees` whether `samband audit verify` passed there; both, and
`bytes`, may be left out.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates

from broker.model.days import swedish_day
from broker.ports.operations import Backup, Upkeep


def backup(file: Path) -> Backup | None:
    """The backup that a file tells of; None: there is no such file, or it tells of none."""
    try:
        told = json.loads(file.read_text("utf-8"))
        size, agrees = told.get("bytes"), told.get("agrees")
        at, tried = (_moment(told.get(name)) for name in ("at", "tried"))
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    if at is None:
        return None
    return Backup(at, size if isinstance(size, int) else None, tried, agrees if isinstance(agrees, bool) else None)


def last_day(file: Path) -> date | None:
    """The last day of a certificate (PEM), of a chain the first to come; None: it can't be read."""
    at = expiry(file)
    return swedish_day(at) if at else None


def expiry(file: Path) -> datetime | None:
    """The last moment of a certificate (PEM), of a chain the first to come; None: it can't be read."""
    try:
        certificates = load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        return None
    return min(one.not_valid_after_utc for one in certificates)


def upkeep(told: Path | None, certificates: Mapping[str, Path]) -> Upkeep:
    """How the backup of a file and certificates are now, as moments; what can't be read is of 1970."""
    newest = backup(told) if told else None
    ends = {name: expiry(path) for name, path in certificates.items()}
    return Upkeep(
        backup=None if told is None else newest.at.timestamp() if newest else 0.0,
        agrees=newest.agrees if newest else None,
        certificates={name: at.timestamp() if at else 0.0 for name, at in ends.items()},
    )


def _moment(text: object) -> datetime | None:
    """A time with its zone. Raises ValueError or TypeError."""
    if text is None:
        return None
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment
