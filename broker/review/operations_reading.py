"""Reads how the broker stands: its programs, Prometheus, its tables, the files that an operator's scripts write.

[operations]
prometheus = "http://127.0.0.1:9090"      # where alerts are; left out: what the programs say is all that is known
alertmanager = "http://127.0.0.1:9093"    # where they are silenced
backup = "backup.json"                    # `broker.adapters.files.upkeep` says what stands in it

[operations.programs]                     # as they are to be called: where --metrics serves them
"Arbetare 1" = "http://127.0.0.1:9464"

[operations.certificates]                 # PEM, without any key
"Inloggningen" = "tls.pem"

[operations.keys]                         # the day by which each is to be changed
"Loggens nyckel" = 2027-03-01
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from broker.adapters.files import upkeep
from broker.adapters.prometheus import reading
from broker.adapters.sql.read_model import Archive, Record, open_archive
from broker.model.faults import SetUpError
from broker.ports.operations import LastDay, Monitoring
from broker.review.operations import WINDOW, InQuarantine, Reading, Recorded
from broker.web.faults import SiteError

_YESTERDAY: Mapping[str, str] = {
    "waiting": 'sum(samband_lag_messages{service="worker"} offset 1d)',
    "behind": "max(samband_ledger_lag_records offset 1d)",
}
_DAY = timedelta(days=1)
_AT_ONCE = 16


@dataclass(frozen=True)
class Sources:
    """Where it is read."""

    prometheus: str = ""
    alertmanager: str = ""
    backup: Path | None = None
    programs: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, Path] = field(default_factory=dict)
    keys: Mapping[str, date] = field(default_factory=dict)


def sources(values: Mapping[str, Any], file: Path) -> Sources:
    """What the table `operations` of a settings file says. Raises SiteError, which names the setting and no value."""
    sorts: Mapping[str, type] = dict.fromkeys(("programs", "certificates", "keys"), dict)
    for name, value in values.items():
        if name not in Sources.__dataclass_fields__:
            raise SiteError(f"{file}: operations: not one of {', '.join(sorted(Sources.__dataclass_fields__))}")
        of_each = date if name == "keys" else str
        each = value.values() if isinstance(value, dict) else ()
        if not isinstance(value, sorts.get(name, str)) or not all(isinstance(one, of_each) for one in each):
            raise SiteError(f"{file}: operations.{name}: not of the right sort")
    said, folder = dict(values), file.parent
    addresses = [
        *said.get("programs", {}).values(),
        *(said[one] for one in ("prometheus", "alertmanager") if one in said),
    ]
    if not all(map(_is_address, addresses)):
        raise SiteError(f"{file}: operations: an address begins with http:// or https://, and ends with its port")
    if "backup" in said:
        said["backup"] = folder / said["backup"]
    if "certificates" in said:
        said["certificates"] = {name: folder / path for name, path in said["certificates"].items()}
    return Sources(**said)


def read(from_: Sources, data: str | Path, now: datetime) -> Reading:
    """All that can be read at a moment; whatever can't be is told so, and hinders nothing else."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        programs = pool.map(lambda one: reading.program(*one), from_.programs.items())
        monitoring = pool.submit(_monitoring, from_)
        records = pool.submit(_records, data, now)
        return Reading(
            tuple(programs),
            monitoring.result(),
            records.result(),
            upkeep.backup(from_.backup) if from_.backup else None,
            from_.backup is not None,
            (
                *(LastDay(name, "certificate", upkeep.last_day(path)) for name, path in from_.certificates.items()),
                *(LastDay(name, "key", day) for name, day in from_.keys.items()),
            ),
        )


def _monitoring(from_: Sources) -> Monitoring | None:
    if not from_.prometheus:
        return None
    alerts = reading.alerts(from_.prometheus)
    silences = reading.silences(from_.alertmanager) if from_.alertmanager else None
    return Monitoring(alerts, silences, reading.figures(from_.prometheus, _YESTERDAY) if alerts is not None else {})


def _records(data: str | Path, now: datetime) -> Recorded | None:
    try:
        with open_archive(data) as archive:
            return Recorded(
                archive.decided_between(now - WINDOW, now),
                archive.decided_between(now - WINDOW - _DAY, now - _DAY),
                tuple(archive.open_matters()),
                tuple(_quarantine(archive, now)),
                archive.has_boxes,
            )
    except (SetUpError, ValueError, KeyError):  # what stands there is no record of ours: that needs a hand too
        return None


def _quarantine(archive: Archive, now: datetime) -> list[InQuarantine]:
    """What lies there by its reason; where the log alone tells of it, what has come within a day."""
    if not archive.has_boxes:
        return _by_reason((one, True) for one in archive.quarantined_since(now - _DAY))
    waiting = (one for one in archive.quarantined_lines() if one.kept and one.redriven is None)
    return _by_reason((one.record, one.hindrance is None) for one in waiting)


def _by_reason(lines: Iterable[tuple[Record, bool]]) -> list[InQuarantine]:
    """In: each record, the oldest first, and whether what came is kept whole."""
    counted: dict[str, InQuarantine] = {}
    for record, whole in lines:
        code = record.leaf["receipt"]["error"]["code"]
        known = counted.get(code) or InQuarantine(code, 0, datetime.fromisoformat(record.leaf["recorded"]), 0)
        counted[code] = replace(known, lines=known.lines + 1, whole=known.whole + whole)
    return list(counted.values())


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    try:
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0 and not parts.path
    except ValueError:
        return False
