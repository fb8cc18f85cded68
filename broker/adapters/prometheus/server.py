"""Serves the state of a program over HTTP: /metrics for Prometheus, /live and /ready for whoever supervises.

On 127.0.0.1 unless told otherwise; nothing that is asked is logged. /ready answers 503 with the names of what is away,
one a line, and nothing more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from broker.model.faults import SetUpError
from broker.ports.health import Health

HOST = "127.0.0.1"
_PLAIN = "text/plain; charset=utf-8"
_PATIENCE = 5.0
"""Seconds that a client may take to ask."""


class AddressError(SetUpError):
    """Metrics can't be served at this address. One line, with what to do."""


def parse_address(address: str) -> tuple[str, int]:
    """Host and port of `PORT`, `:PORT`, `HOST:PORT` or `[IPV6]:PORT`; port 0: any free one. Raises AddressError."""
    host, _, port = address.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) <= 65535):
        raise AddressError(f"{address}: is no address to serve metrics at: write HOST:PORT, as {HOST}:9464")
    return host.removeprefix("[").removesuffix("]") or HOST, int(port)


@contextmanager
def serving(address: str, exposed: Callable[[str], tuple[str, bytes]], health: Health) -> Iterator[str]:
    """Answer in a thread of its own until the block ends; gives the address of /metrics. Raises AddressError."""
    host, port = parse_address(address)
    try:
        server = _Server(host, port, _answering(exposed, health))
    except OSError as error:
        raise AddressError(f"{address}: can't serve metrics there: {error.strerror}: choose another address") from None
    thread = Thread(target=server.serve_forever, args=(0.1,), name="metrics", daemon=True)
    thread.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{server.server_address[1]}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # who asks slowly doesn't hold up the end

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        if ":" in host:
            import socket  # noqa: PLC0415

            self.address_family = socket.AF_INET6
        super().__init__((host, port), handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is no error of ours."""


def _answering(exposed: Callable[[str], tuple[str, bytes]], health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE
        server_version, sys_version = "samband", ""

        def do_GET(self) -> None:
            status, content_type, body = self._answer()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def _answer(self) -> tuple[int, str, bytes]:
            match self.path.partition("?")[0]:
                case "/metrics":
                    return 200, *exposed(self.headers.get("Accept", ""))
                case "/live":
                    return (200, _PLAIN, b"live\n") if health.alive() else (503, _PLAIN, b"stuck\n")
                case "/ready":
                    away = health.away()
                    return (503, _PLAIN, f"{chr(10).join(away)}\n".encode()) if away else (200, _PLAIN, b"ready\n")
            return 404, _PLAIN, b"not found\n"

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing is logged."""

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            """A request that is none: its status, and nothing of what it said."""
            self.send_response(code, "")
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

    return Handler
