"""The cluster's quarantine, for the commands on what could not be used."""

from collections import Counter
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from broker import settings
from broker.adapters.files.register_file import RegisterFile
from broker.cli import journal
from broker.cli.output import Output, Stop
from broker.cli.stop import stopping
from broker.cli.tally import outcome_of
from broker.cli.texts import number
from broker.log.recency import StoreOutdated
from broker.model.decision import Json
from broker.pipeline.pipeline import PURGED
from broker.ports.faults import Away
from broker.ports.telemetry import Unmeasured

if TYPE_CHECKING:
    from broker.adapters.kafka.quarantine_topic import Entry

CLUSTER = "kafka"
"""In place of a folder: what SAMBAND_KAFKA_BOOTSTRAP names."""


_PATIENCE = 60.0
"""Seconds for which a worker is waited for."""


class _Counted(Unmeasured):
    """Counts what comes of each."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.repeats = 0

    def count_record(self, leaf: Json) -> None:
        """A record is made."""
        self.outcomes[outcome_of(leaf["receipt"]) if leaf["record"] != "notice" else "notice"] += 1

    def count_repeat(self) -> None:
        """It had been decided since."""
        self.repeats += 1


def rows(output: Output) -> list[Json]:
    """All in the cluster's quarantine, oldest first. Raises Stop."""
    try:
        from broker.adapters.kafka.quarantine_topic import entries  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    try:
        return [_row(entry) for entry in entries(settings.kafka_user())]
    except Away as away:
        raise Stop(2, str(away)) from None


def _row(entry: "Entry") -> Json:
    return {
        "seq": entry.offset,
        "time": entry.time.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "sender": entry.sender,
        "code": entry.code,
        "detail": entry.detail,
        "kept": entry.kept,
        "redriven": "✓" if entry.redriven else None,
    }


def purge_lines(output: Output, before: datetime) -> tuple[int, int]:
    """Have a worker record what is purged, then delete it; the number of lines, and their bytes. Raises Stop."""
    try:
        from broker.adapters.kafka import purge  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    login, lines, size = settings.kafka_user(), 0, 0
    leaves: set[str] = set()
    with stopping() as ended:
        until = monotonic() + _PATIENCE
        try:
            while True:
                leaf = purge.ask(login, before, lambda: ended.is_set() or monotonic() > until)
                if leaf is None:
                    raise Stop(1, output.words("purge_not_recorded"))
                purge_of = leaf["purged"]
                lines, size = lines + len(purge_of["records"]), size + purge_of["bytes"]
                leaves.update(purge_of["records"])
                if len(purge_of["records"]) < PURGED:
                    break
            purge.empty(login, before, frozenset(leaves))
        except Away as away:
            raise Stop(2, str(away)) from None
    return lines, size


def redriven(output: Output, register: RegisterFile) -> None:
    """Run all again that has not been, and say what came of it. Raises Stop."""
    try:
        from broker.runtime import cluster  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    journal.begin("quarantine")
    counted = _Counted()
    with stopping() as ended:
        try:
            unproven = cluster.redrive(register, ended, counted)
        except StoreOutdated as outdated:
            raise Stop(1, str(outdated)) from None
    if unproven:
        output.note(output.words("no_proof_all", n=unproven))
    if output.as_json:
        output.line({"outcomes": dict(counted.outcomes), "repeats": counted.repeats})
    else:
        outcomes = ", ".join(f"{name} {number(n)}" for name, n in sorted(counted.outcomes.items()))
        count = number(counted.outcomes.total() + counted.repeats)
        output.note(output.words("redriven_all", n=count, told=outcomes or "–"))
    output.flush()
