"""The options that publish a log's newest checkpoint on a schedule, beside what a program does."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread
from typing import Annotated

import typer

from broker.adapters.http.checkpoints import is_address
from broker.adapters.sql.read_model import Archive
from broker.cli.output import Stop
from broker.model.faults import SetUpError
from broker.runtime.publisher import Publisher

_LOG = logging.getLogger("samband.publishing")
EVERY = 60.0

PublishTo = Annotated[
    list[str] | None,
    typer.Option(metavar="DIR|URL", help="Publish the newest checkpoint in a folder or, by PUT, at an address; again."),
]
PublishEvery = Annotated[
    float, typer.Option(min=0.1, max=86_400.0, metavar="S", help="Seconds between two looks for a newer checkpoint.")
]
WitnessAt = Annotated[
    list[str] | None,
    typer.Option("--witness", metavar="URL", help="A witness that cosigns what is published (tlog-witness); again."),
]


def _warn(why: str) -> None:
    _LOG.warning("not published: %s", why)


@contextmanager
def publishing(
    reading: Callable[[], AbstractContextManager[Archive]],
    targets: Sequence[str] | None,
    witnesses: Sequence[str] | None,
    every: float,
    tell: Callable[[str], object] = _warn,
) -> Iterator[None]:
    """Publish a log while the block runs, and once at its end; `tell` is given each new fault, and stops nothing.

    In: how the log is opened to be read. Raises Stop when what is asked can't be meant.
    """
    if witnesses and not targets:
        raise Stop(2, "--witness: say with --publish-to where to publish what the witness cosigns")
    for address in (*(witnesses or ()), *(one for one in targets or () if "://" in one)):
        if not is_address(address):
            raise Stop(2, "--witness and --publish-to: an address begins with http:// or https://, without a password")
    if not targets:
        yield
        return
    stop = Event()
    publisher = Publisher(reading, targets, witnesses or ())
    thread = Thread(target=_keep_on, args=(publisher, stop, every, tell), name="publisher", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_on(publisher: Publisher, stop: Event, every: float, tell: Callable[[str], object]) -> None:
    """Look at once, then each time so many seconds have passed, then once more when it is time to stop."""
    fault, pause = "", 0.0
    stopped = False
    while not stopped:
        stopped = stop.wait(pause)
        pause = every
        before, fault = fault, _try(publisher)
        if fault and fault != before:
            tell(fault)


def _try(publisher: Publisher) -> str:
    """The fault of one look; empty without."""
    try:
        publisher.publish()
    except SetUpError as error:
        return str(error)
    return ""
