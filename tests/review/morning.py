"""An operator's bad morning: a stopped worker, one with another law, a notification that nobody has opened."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from command import samband
from exchange_lines import concern, judged
from lines import POLICE, TOWN, line

from broker.adapters.prometheus.metrics import PrometheusMetrics
from broker.adapters.prometheus.server import serving
from broker.ports.health import Health

LAW, OTHER_LAW, REGISTER = "a" * 64, "b" * 64, "c" * 64
CONTACTS = [{"authority": TOWN, "contacts": [{"function": "Socialjouren", "telephone": "0555-10 00 00"}]}]


@dataclass(frozen=True)
class Morning:
    """Where its data are, and the programs' addresses."""

    folder: Path
    data: Path
    register: Path
    programs: Mapping[str, str]


@contextmanager
def bad_morning(folder: Path) -> Iterator[Morning]:
    """Data with an unread notification and a line that nobody can use; four workers, of which one is stopped."""
    register, data = folder / "register.json", folder / "data"
    register.write_text(json.dumps(CONTACTS))
    urgent = concern(1, sender=POLICE, immediate=True, assessments=judged(child_at_risk=True))
    unknown = concern(2, sender="skola-okand")
    given = b"".join(line(one) + b"\n" for one in (urgent, unknown))
    assert samband("run", "-", "--data", data, "--register", register, stdin=given).status == 0
    with ExitStack() as stack:
        first, second, third = (stack.enter_context(program(law)) for law in (LAW, OTHER_LAW, LAW))
        with program(LAW) as stopped:
            pass
        programs = {"Arbetare 1": first, "Arbetare 2": second, "Arbetare 3": third, "Arbetare 4": stopped}
        yield Morning(folder, data, register, programs)


@contextmanager
def program(law: str, *, ready: bool = True) -> Iterator[str]:
    """A worker's metrics, as it serves them."""
    health = Health(("opa",), lambda: 0.0)
    metrics = PrometheusMetrics(health)
    metrics.policy(law)
    metrics.register(REGISTER)
    metrics.lag("worker", [2, 3])
    metrics.mark_tick()
    metrics.set_unfetched({"school": 900, "municipality": 100})
    if ready:
        health.mark_up("opa")
    with serving("127.0.0.1:0", metrics.expose, health) as url:
        yield url.removesuffix("/metrics")


@contextmanager
def server(answers: dict[str, object]) -> Iterator[str]:
    """A server that gives JSON at some paths."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0])
            body = json.dumps(answer).encode()
            self.send_response(200 if answer is not None else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = Thread(target=served.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{served.server_address[1]}"
        served.shutdown()
        thread.join()
