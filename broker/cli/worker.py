"""The commands of a cluster's workers: `samband worker`, and `samband worker rebuild`."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Thread, main_thread
from time import monotonic, sleep
from traceback import walk_stack

import typer
from rich.text import Text

from broker import bundle, settings
from broker.adapters.files.contents_key import FILE, ContentsKey
from broker.adapters.files.register_file import RegisterFile
from broker.adapters.files.signing import TokenKey
from broker.cli import journal, options
from broker.cli.output import Output, Stop
from broker.cli.reconcile import reconcile
from broker.cli.stop import BROKEN, stopping
from broker.cli.telemetry import MetricsAddress, service, tracing
from broker.cli.texts import Lang, number
from broker.log.recency import StoreOutdated
from broker.ports.health import Health

app = typer.Typer(rich_markup_mode=None)

STILL = BROKEN
"""Exit status of a worker that could not go on."""

STANDS = 30.0
"""Seconds without a step after which it stands still: longer than any one answer is waited for."""

GRACE = 45.0
"""Seconds that it may take to end when it is told to."""

_GONE = ("messages_gone", "deliveries_gone", "quarantined_gone", "twice")
"""What is told only where there is some."""

_SETTLED = 0.5
"""Seconds until all can be seen where no worker runs."""
_LOOK = 1.0
_LATE = 10.0
"""A look that comes so late tells that the whole process stood still; what is left of `STANDS` is an answer's time."""


@app.callback(invoke_without_command=True)
def worker(context: typer.Context, *, register: options.RegisterFile = None, metrics: MetricsAddress = None) -> None:
    """Decide, record and deliver what authorities write to their outboxes on Kafka, until it is told to stop.

    Several may run; each takes its share. Kafka as SAMBAND_KAFKA_USER, SAMBAND_POSTGRES_URL, SAMBAND_OPA_URL. Exit
    status 1 when the database is older than what was published: nothing is decided then.
    """
    if context.invoked_subcommand is not None:
        return
    from broker.runtime import cluster  # noqa: PLC0415 its libraries belong to an extra

    journal.begin("worker")
    killing = _killing()
    with (
        stopping() as stop,
        service(metrics, cluster.DEPENDENCIES, stuck=STANDS) as (measured, health, at),
        tracing("worker") as traced,
    ):
        known = RegisterFile(register, measured)
        journal.note_start(
            "worker",
            law=bundle.load().revision[:12],
            register=known.facts,
            metrics=at,
            **settings.addresses("kafka", "postgres", "opa"),
        )
        Thread(target=_watch, args=(health, stop), daemon=True).start()
        try:
            cluster.work(known, stop, killing, metrics=measured, tracing=traced, health=health)
        except StoreOutdated as outdated:
            raise Stop(1, str(outdated)) from None


@app.command("rebuild")
def rebuild(*, as_json: options.AsJson = False, lang: options.Language = Lang.SV) -> None:
    """Make the workers' lost or older database anew from Kafka.

    From audit, outboxes, quarantine and inboxes, while no worker runs; then what lies there is compared one to one.
    Kafka as SAMBAND_KAFKA_USER (samband.reconcile), SAMBAND_POSTGRES_URL, SAMBAND_KEYS. Exit status 1 when it does not
    agree.
    """
    from broker.runtime import rebuild as rebuilding  # noqa: PLC0415

    output = Output(lang, as_json=as_json)
    words, read = output.words, 0
    tokens = TokenKey(settings.keys() / "token.key", create=False)
    key = ContentsKey(settings.contents_keys() / FILE)
    with output.progress(words("rebuild_reads"), None) as show:

        def progress(more: int) -> None:
            nonlocal read
            read += more
            show(read, read)

        rebuilt = rebuilding.rebuild(settings.kafka_user(), settings.postgres(), tokens, key, progress)
    counts = vars(rebuilt)
    if as_json:
        output.line({"rebuilt": counts})
    else:
        figures = {name: number(count) for name, count in counts.items()}
        told = ("rebuilt", *(name for name in _GONE if counts[name]))
        output.show(*(Text(words(name, **figures)) for name in told))
    output.flush()
    reconcile(
        state=None,
        once=True,
        every=10.0,
        grace=_SETTLED,
        register=None,
        metrics=None,
        as_json=as_json,
        lang=lang,
    )


def _watch(health: Health, stop: Event) -> None:
    """End a worker that stands still, for whoever started it to start it anew: nothing is lost, nothing comes twice.

    It waits in a library that keeps no time, where none was set from outside.
    """
    waited, looked = 0.0, monotonic()
    while health.alive() and waited < GRACE:
        sleep(_LOOK)
        if monotonic() - looked > _LATE:
            health.mark_awake()
        looked = monotonic()
        waited += _LOOK if stop.is_set() else 0.0
    logging.getLogger("samband.worker").error("stands still (%s, line %s): ends, to be started again", *_place())
    os._exit(STILL)


def _place() -> tuple[str, int]:
    """Where the loop waits: the innermost function of ours, and its line."""
    stack = walk_stack(sys._current_frames()[main_thread().ident or 0])
    ours = ((frame, line) for frame, line in stack if frame.f_globals["__name__"].startswith("broker."))
    return next(((frame.f_code.co_qualname, line) for frame, line in ours), ("", 0))


def _killing() -> Callable[[str], None]:
    """What the worker calls at each of its points; nothing but in a test of crashes."""
    wanted = settings.kill_switch()
    if wanted is None:
        return lambda _: None
    point, left, stops = wanted[0], [wanted[1]], wanted[2]

    def kill_at(at: str) -> None:
        if at == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGSTOP if stops else signal.SIGKILL)

    return kill_at
