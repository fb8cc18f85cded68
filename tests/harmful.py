"""A policy server that answers as OPA does, from the same law in WebAssembly, and does harm when a test says so.

A fault is what happens to one question in the answer's place.
"""

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from house import Json, engine

from broker.adapters.opa.server import BUNDLE

Fault = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One question and its answer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other
    server: "Harmful"

    def do_POST(self) -> None:
        """Answer the question, unless there is a fault."""
        self.question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        (self.server.fault or Exchange.right)(self)

    def told(self) -> Json:
        """The right answer, in OPA's words."""
        provenance = {"bundles": {BUNDLE: {"revision": engine().revision}}}
        entrypoint = urlsplit(self.path).path.removeprefix("/v1/data/")
        return {"result": engine()._ask(entrypoint, self.question["messages"]), "provenance": provenance}

    def right(self) -> None:
        """No harm."""
        self.answer(200, self.body())

    def body(self) -> bytes:
        """The right answer as it is sent."""
        return json.dumps(self.told()).encode()

    def answer(self, status: int, body: bytes, *, says: int | None = None, **headers: str) -> None:
        """Answer; `says`: a length that is not the body's."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if says is None else says))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def break_off(self) -> None:
        """Half the answer, then a reset."""
        body = self.body()
        self.answer(200, body[: len(body) // 2], says=len(body))
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def linger(self, seconds: float) -> None:
        """Wait, but not longer than the fault lasts."""
        self.server.lifted.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Harmful(ThreadingHTTPServer):
    """The server. It keeps its port when it is closed and opened again."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        engine()  # compiled before anybody waits for an answer
        super().__init__(("127.0.0.1", port), Exchange)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.fault: Fault | None = None
        self.lifted = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def failing(self, fault: Fault) -> Iterator[None]:
        """While this lasts every answer is given by the fault."""
        self.lifted.clear()
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None
            self.lifted.set()

    def close(self) -> None:
        """Answer no more, and let go of the port."""
        self.lifted.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def shutdown_request(self, request: Any) -> None:
        """Without a farewell, so that a fault can break a connection off."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked has gone: that is what these tests make happen."""


@contextmanager
def taken(port: int) -> Iterator[None]:
    """A port where nobody takes up a connection: the next one waits in vain, as for a machine that is gone."""
    with socket.socket() as listening, contextlib.ExitStack() as waiting:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(0)
        for _ in range(8):  # until the queue is full
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        yield
