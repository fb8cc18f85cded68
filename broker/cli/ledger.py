"""Commands of the ledger that runs apart: `samband ledger`, and `samband ledger rebuild`."""

import logging
from collections.abc import Sequence
from functools import partial
from math import inf
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from broker import settings
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.measures import Signed
from broker.cli import journal, log_export
from broker.cli.lines import checkpoint_notes
from broker.cli.options import AsJson, Language, clock
from broker.cli.output import Output, Stop
from broker.cli.publishing import EVERY, PublishEvery, PublishTo, WitnessAt, publishing
from broker.cli.stop import stopping
from broker.cli.telemetry import MetricsAddress, service
from broker.cli.texts import Lang, number
from broker.cli.verify import public_key
from broker.log.appender import Bounds, LedgerRefused
from broker.log.verifier import StoredCheckpoint
from broker.ports.faults import Away, LedgerError
from broker.ports.health import KAFKA, POSTGRES, Health
from broker.ports.telemetry import UNMEASURED, Metrics

if TYPE_CHECKING:
    from broker.adapters.sql.published_log import AuditLedger
    from broker.runtime.ledger import Known, Opened

app = typer.Typer(help="Keep the log of decisions up with what the worker publishes.", rich_markup_mode=None)

_LOG = logging.getLogger("samband.ledger")
_DEPENDENCIES = (KAFKA, POSTGRES)
_LOOK = 5.0
"""Seconds between two looks at how far the ledger is."""

_AGAIN = 15.0
"""Seconds for the record of a hand-over to come, before it is asked for once more."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds before another try when Kafka or PostgreSQL is away; doubled each time."""

_Kept = tuple[Sequence[StoredCheckpoint], Sequence[str], Sequence[tuple[int, bytes]]]
"""Checkpoints of an export, notes that were kept, and the hand-overs of the key in that export."""

Batch = Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="Records under one checkpoint, at most.")]
Seconds = Annotated[
    float,
    typer.Option(min=0.0, max=3600.0, metavar="S", help="How long a record waits for more before it is signed."),
]


@app.callback(invoke_without_command=True)
def ledger(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop at the end of audit as it stands now.")] = False,
    batch: Batch = Bounds.records,
    seconds: Seconds = Bounds.seconds,
    metrics: MetricsAddress = None,
    publish_to: PublishTo = None,
    publish_every: PublishEvery = EVERY,
    witness: WitnessAt = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Append what lies on audit to the log in PostgreSQL and sign a checkpoint over each batch, until stopped.

    Logs in as SAMBAND_KAFKA_USER; SAMBAND_LOG_KEYS (or SAMBAND_KEYS) holds the key and the newest published checkpoint
    (log.size). Exit status 1 when audit or the stored log is not what was signed: nothing more is signed then.
    """
    if context.invoked_subcommand is None:
        output = Output(lang, as_json=as_json)
        if not once:
            journal.begin("ledger")
        with (
            service(metrics, _DEPENDENCIES) as (measured, health, at),
            publishing(partial(archives.open_archive, archives.DATABASE), publish_to, witness, publish_every),
        ):
            journal.note_start("ledger", bounds=(batch, seconds), metrics=at, **settings.addresses("kafka", "postgres"))
            _Ledger(output, Bounds(batch, seconds), measured, health).run(once=once)


@app.command("rebuild")
def rebuild(
    *,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="An export, whose checkpoints are put back."),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A checkpoint that was kept; may be repeated.")
    ] = None,
    batch: Batch = Bounds.records,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Make the log again from audit, in an empty database, to the same root at every checkpoint that is known."""
    kept = [note for path in checkpoint or () for note in checkpoint_notes(path, public_key(archives.DATABASE))]
    exported = log_export.read(export) if export else None
    known = (tuple(exported.checkpoints()), kept, tuple(exported.handovers())) if exported else ((), kept, ())
    service_ = _Ledger(Output(lang, as_json=as_json), Bounds(batch, 0.0), UNMEASURED, Health(_DEPENDENCIES, monotonic))
    service_.run(once=True, kept=known)


class _Ledger:
    """One run of the service, over as many connections as it takes."""

    def __init__(self, output: Output, bounds: Bounds, metrics: Metrics, health: Health) -> None:
        self._output = output
        self._bounds = bounds
        self._metrics = metrics
        self._health = health
        self._size = 0
        self._looked = -inf
        self._asked = -inf
        self._wants: str | None = None
        """The key that the log is to be handed over to."""
        self._started = clock().timestamp()

    def run(self, *, once: bool, kept: _Kept = ((), (), ())) -> None:
        """Go on until stopped. Raises Stop."""
        try:
            from broker.runtime.ledger import Known  # noqa: PLC0415 - an extra
        except ImportError:
            raise Stop(2, self._output.words("needs_extra")) from None
        known, pause = Known(*kept), _FIRST_PAUSE
        with stopping() as stop:
            while not stop.is_set():
                before = self._size
                try:
                    self._follow(stop, known, once=once)
                    return
                except (LedgerRefused, LedgerError) as refused:
                    raise Stop(1, str(refused)) from None
                except Away as away:
                    self._health.mark_down(away.component, away)
                    self._health.mark_turn()
                    self._metrics.count_retry(away.component)
                    if once:
                        raise Stop(2, str(away)) from None
                    pause = _FIRST_PAUSE if self._size > before else min(2 * pause, _LONGEST_PAUSE)
                    _LOG.warning("waiting: %s: tries again in %.1f s", away, pause)
                    stop.wait(pause)

    def _follow(self, stop: Event, known: "Known", *, once: bool) -> None:
        from broker.runtime.ledger import open_ledger  # noqa: PLC0415

        place = (settings.postgres(), settings.log_keys(), settings.kafka_user())
        with open_ledger(*place, known=known, bounds=self._bounds, tell=self._tell) as ledger:

            def is_stopped() -> bool:
                self._look(ledger)
                self._hand_over(ledger)
                return stop.is_set()

            ledger.service.run(is_stopped, once=once)
            size, root = ledger.log.size, ledger.log.root.hex()
        self._output.flush()
        if once and not self._output.as_json:
            self._output.note(self._output.words("ledger_stands", size=number(size), root=root[:16]))
        elif not once:
            _LOG.info("stopped: %d records, root %s", size, root[:16])

    def _look(self, ledger: "Opened") -> None:
        """The ledger has come round: tell now and then how far it is, where anybody asks for that. Raises Away."""
        self._health.mark_turn()
        if self._metrics is UNMEASURED or monotonic() - self._looked < _LOOK:
            return
        newest = ledger.log.newest() or Signed(0, self._started)
        self._health.mark_up(POSTGRES)
        self._metrics.ledger(size=newest.size, signed=newest.at, lag=ledger.service.lag())
        self._health.mark_up(KAFKA)
        self._looked = monotonic()

    def _hand_over(self, ledger: "Opened") -> None:
        """Where a next key waits, have the log handed over to it: asked again while no record of that comes."""
        after = ledger.log.next_handover()
        if after is None and self._wants:
            _LOG.info("the log's key is handed over")
            self._wants = None
        if after is None or (after.new == self._wants and monotonic() - self._asked < _AGAIN):
            return
        ledger.ask_for(after)
        self._wants, self._asked = after.new, monotonic()
        _LOG.info("the log's key is to be handed over")

    def _tell(self, log: "AuditLedger") -> None:
        self._size = log.size
        if self._output.as_json:
            self._output.line({"size": log.size, "root": log.root.hex(), "signed": log.signed, "behind": log.behind})
            self._output.flush()
