"""A collector for tests: takes spans over OTLP/HTTP on this machine, as the protocol's own messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Receiver:
    """What has come, and what is answered."""

    url: str
    bodies: list[bytes] = field(default_factory=list)
    status: int = 200

    @property
    def requests(self) -> list[ExportTraceServiceRequest]:
        """Each as it was sent."""
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]

    @property
    def spans(self) -> list[Span]:
        """All spans, of every program."""
        of = (resource for request in self.requests for resource in request.resource_spans)
        return [span for resource in of for scope in resource.scope_spans for span in scope.spans]

    @property
    def programs(self) -> set[str]:
        """Who has sent any."""
        about = (one.resource.attributes for request in self.requests for one in request.resource_spans)
        return {pair.value.string_value for pairs in about for pair in pairs if pair.key == "service.name"}


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A collector, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.status == 200:
                receiver.bodies.append(body)
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
