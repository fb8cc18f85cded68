"""The command that works as one of a cluster's workers: `samband worker`."""

import logging
import os
import signal
from collections.abc import Callable
from threading import Event

from broker import authorities, settings
from broker.cli.observing import MetricsAddress, service
from broker.cli.options import Language, RegisterFile
from broker.cli.output import Output
from broker.cli.texts import Lang


def worker(*, register: RegisterFile = None, metrics: MetricsAddress = None, lang: Language = Lang.SV) -> None:
    """Decide, record and deliver what authorities write to their outboxes on Kafka, until it is told to stop.

    Several may run; each takes its share. Kafka as SAMBAND_KAFKA_USER, SAMBAND_POSTGRES_URL, SAMBAND_OPA_URL.
    """
    from broker import distributed  # noqa: PLC0415 its libraries belong to an extra

    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    logging.basicConfig(format="samband %(name)s: %(message)s", level=logging.WARNING)
    known, killing = authorities.load(register), _killing()
    with service(metrics, Output(lang), distributed.DEPENDENCIES) as (told, health):
        distributed.work(known, stopping, killing, metrics=told, health=health)


def _killing() -> Callable[[str], None]:
    """What the worker calls at each of its points; nothing but in a test of crashes."""
    wanted = settings.ended_at()
    if wanted is None:
        return lambda _: None
    point, left, stops = wanted[0], [wanted[1]], wanted[2]

    def reached(at: str) -> None:
        if at == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGSTOP if stops else signal.SIGKILL)

    return reached
