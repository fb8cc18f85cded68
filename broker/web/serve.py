"""Serves the pages of some places until it is ended."""

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from socket import create_server
from socket import socket as Socket
from threading import Event, Thread
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from broker.web.faults import SiteError
from broker.web.settings import SiteSettings

_PORT = 8080
_ENDING = (signal.SIGINT, signal.SIGTERM)
_LOOK = 1.0
"""Seconds until a signal is seen that has come to another thread than the one that waits."""
_LAST_PAGES = 10
"""Seconds that pages under way have when it ends."""


def listen(settings: SiteSettings) -> Socket:
    """The place where the pages are asked for. Raises SiteError."""
    port = settings.port or urlsplit(settings.address).port or _PORT
    try:
        return create_server((settings.host, port), reuse_port=False)
    except OSError as error:
        raise SiteError(f"{settings.host}:{port}: {os.strerror(error.errno or 0)}") from None


@contextmanager
def until_ended() -> Iterator[None]:
    """Being told to end ends what is done inside, wherever it is; once: whoever says it again waits for the end."""
    for number in _ENDING:
        signal.signal(number, _end)
    with suppress(KeyboardInterrupt):
        yield


def _end(*_: object) -> None:
    for number in _ENDING:
        signal.signal(number, _pass_over)
    raise KeyboardInterrupt


def _pass_over(*_: object) -> None:
    """It is ending. To ignore the signal would have Python write of one that has come already."""


def serve(apps: Iterable[tuple[ASGIApp, SiteSettings]], sockets: Sequence[Socket]) -> None:
    """Serve until it is ended. Raises KeyboardInterrupt then."""
    servers = [uvicorn.Server(_config(app, settings)) for app, settings in apps]
    ends = [Event() for _ in servers]
    threads = [
        Thread(target=_serve, args=one, name="pages", daemon=True) for one in zip(servers, sockets, ends, strict=True)
    ]
    try:
        for thread in threads:
            thread.start()
        for end in ends:  # a thread that is interrupted while it joins another takes it for ended (Python 3.11)
            while not end.wait(_LOOK):
                continue
    finally:
        for server in servers:
            server.should_exit = True
        for thread in threads:
            thread.join()


def _serve(server: uvicorn.Server, socket: Socket, end: Event) -> None:
    try:
        server.run([socket])
    finally:
        end.set()


def _config(app: ASGIApp, settings: SiteSettings) -> uvicorn.Config:
    """No line of a log has an address, a name or anything of a message: what is opened by whom is not written there."""
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        lifespan="off",
        limit_concurrency=200,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_LAST_PAGES,
    )
