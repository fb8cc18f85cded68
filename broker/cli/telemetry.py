"""Serves what is measured while a command runs, of the embedded broker above all."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from broker import settings
from broker.adapters.files import upkeep
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.authorities import Register
from broker.cli import journal
from broker.cli.options import clock
from broker.cli.output import Output
from broker.cli.verify import reconcile_inboxes
from broker.deadlines import Matter, seconds
from broker.ports.health import FRESH, STUCK, Health
from broker.ports.telemetry import UNMEASURED, Metrics, oldest, waiting
from broker.ports.tracing import UNTRACED, Tracing
from broker.runtime.embedded import Embedded

if TYPE_CHECKING:
    from broker.adapters.prometheus.metrics import PrometheusMetrics

MetricsAddress = Annotated[
    str | None,
    typer.Option("--metrics", metavar="[HOST:]PORT", help="Serve /metrics, /live and /ready there (127.0.0.1)."),
]

_LOG = logging.getLogger("samband.traces")

_LOOK = 5.0
"""Seconds between two looks at how things stand."""

_COMPARE = 300.0
"""Seconds between two comparisons of the whole log with all inboxes."""


class Observer:
    """What is measured while a command runs."""

    def __init__(self, metrics: "PrometheusMetrics", health: Health, url: str = "") -> None:
        self.metrics = metrics
        self.health = health
        self.url = url
        self._looked = self._compared = -inf

    def look(self, broker: Embedded, register: Register, data: Path) -> None:
        """The embedded broker's loop has come round: tell how things stand, if that was long ago."""
        self.health.mark_turn()
        if monotonic() - self._looked < _LOOK:
            return
        standing, metrics = broker.standing, self.metrics
        matters = list(standing.open_matters())
        metrics.waiting(waiting(matters, seconds(clock()), register.kind))
        metrics.set_unfetched(
            oldest(_unfetched_deliveries(list(standing.unopened()), FetchedFile(data)), register.kind)
        )
        metrics.set_quarantined(standing.quarantine_depth())
        if signed := standing.newest_checkpoint():
            metrics.ledger(size=signed.size, signed=signed.at)
        if monotonic() - self._compared >= _COMPARE:
            with archives.open_archive(data) as archive:
                compared = reconcile_inboxes(archive)
            metrics.set_differences({"undelivered": compared.undelivered, "unrecorded": compared.unrecorded})
            self._compared = monotonic()
        self._looked = monotonic()


def _unfetched_deliveries(unopened: Sequence[tuple[Matter, str]], marks: FetchedFile) -> Iterator[tuple[str, int]]:
    """For whom each delivery is that has not been given out, and when it was sent: a person has opened none of them."""
    places = [(inbox, matter.sender, matter.message) for matter, inbox in unopened]
    fetched = marks.given_out(places)
    waiting = zip(unopened, places, strict=True)
    return ((matter.holder, matter.started) for (matter, _), place in waiting if place not in fetched)


@contextmanager
def serve_metrics(
    address: str | None,
    output: Output | None,
    *,
    dependencies: Sequence[str] = (),
    stuck: float = STUCK,
    fresh: float = FRESH,
) -> Iterator[Observer | None]:
    """An observer whose metrics are served while the block runs; None without an address. Raises AddressError.

    Where is told by `output`. `dependencies` are what the command is not ready without; it tells
    `health` whenever one has answered or failed.
    """
    if address is None:
        yield None
        return
    from broker.adapters.prometheus import metrics as prometheus  # noqa: PLC0415 - most runs measure nothing
    from broker.adapters.prometheus import server  # noqa: PLC0415

    health = Health(dependencies, monotonic, stuck=stuck, fresh=fresh, changed=journal.readiness)
    metrics = prometheus.PrometheusMetrics(health)
    metrics.watch_upkeep(lambda: upkeep.upkeep(*settings.upkeep()))
    with server.serving(address, metrics.expose, health) as url:
        if output is not None:
            output.note(output.words("metrics_at", url=url))
        yield Observer(metrics, health, url)


@contextmanager
def service(
    address: str | None, dependencies: Sequence[str], *, between: float = 0.0, stuck: float = STUCK
) -> Iterator[tuple[Metrics, Health, str | None]]:
    """What a cluster's service tells how it fares, served at the address or where the settings say; else unmeasured.

    And the URL where it is served. `between`: seconds between its looks, where they are many; `stuck`: as of `Health`.

    Raises AddressError or SettingsError.
    """
    patience = {"stuck": stuck + between, "fresh": FRESH + between}
    with serve_metrics(address or settings.metrics_address(), None, dependencies=dependencies, **patience) as observer:
        yield (
            (observer.metrics, observer.health, observer.url)
            if observer
            else (UNMEASURED, Health(dependencies, monotonic, **patience, changed=journal.readiness), None)
        )


@contextmanager
def tracing(program: str) -> Iterator[Tracing]:
    """What hands each message's way to the collector that the settings name, while the block runs; else nothing.

    Raises SettingsError.
    """
    url = settings.collector()
    if url is None:
        yield UNTRACED
        return
    try:
        from broker.adapters.otel.spans import OtelTracing  # noqa: PLC0415 its library belongs to an extra
    except ImportError:
        _LOG.warning("no spans are handed over: 'samband[otel]' is not installed")
        yield UNTRACED
        return
    with closing(OtelTracing(program, url)) as traced:
        yield traced
