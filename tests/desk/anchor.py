"""A federation's anchor on this machine: answers at its own address and its resolve endpoint, signed with its key."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

Json = dict[str, Any]


class AnchorServer(ThreadingHTTPServer):
    """Vouches for one provider; what it says is changed by `own` and `said`, its headers by `header`."""

    daemon_threads = True

    def __init__(self, metadata: Json, marks: list[Json]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.key: ECKey | OctKey = ECKey.generate_key("P-256", {"kid": "anchor-1"})
        self.known: KeySet = KeySet([self.key])
        self.metadata, self.marks = metadata, marks
        self.own: Json = {}
        self.said: Json = {}
        self.header: Json = {}
        self.endpoint = f"{self.address}/resolve"
        self.padding, self.moved = 0, False
        self.asked: list[dict[str, list[str]]] = []

    def keys(self, folder: Path) -> Path:
        """The file of its public keys."""
        file = folder / "anchor.jwks"
        file.write_text(json.dumps(self.known.as_dict(private=False)))
        return file

    def configuration(self) -> str:
        """Of itself."""
        federation = {"federation_entity": {"federation_resolve_endpoint": self.endpoint}}
        return self._sign("entity-statement+jwt", self.address, {"metadata": federation} | self.own)

    def resolved(self, query: dict[str, list[str]]) -> str:
        """Of the provider."""
        self.asked.append(query)
        claims = {"metadata": {"openid_provider": self.metadata}, "trust_marks": self.marks} | self.said
        return self._sign("resolve-response+jwt", query["sub"][0], claims)

    def _sign(self, sort: str, about: str, claims: Json) -> str:
        now = int(time.time())
        header = {"alg": "ES256", "typ": sort, "kid": "anchor-1"} | self.header
        times = {"iat": now, "exp": now + 600}
        algorithms = ["ES256", "HS256"]
        return jwt.encode(header, {"iss": self.address, "sub": about} | times | claims, self.key, algorithms=algorithms)


class _Answer(BaseHTTPRequestHandler):
    server: AnchorServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/resolve" and self.server.moved:
            self.send_response(302)
            self.send_header("location", f"{self.server.address}/elsewhere?{parts.query}")
            self.end_headers()
            return
        text = (
            self.server.configuration()
            if parts.path == "/.well-known/openid-federation"
            else self.server.resolved(parse_qs(parts.query))
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode() + b" " * self.server.padding)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def anchored(metadata: Json, marks: list[Json]) -> Iterator[AnchorServer]:
    """An anchor that runs."""
    server = AnchorServer(metadata, marks)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
