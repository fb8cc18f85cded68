"""`samband reconcile` beside a stream on a Kafka of national size: how long until it is ready, and has compared all.

    python -m tests.reconcile_load [--authorities 598] [--positions 100000] [--rate 50]

Starts servers of its own (or takes SAMBAND_TEST_RUN), and prints one line of JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent))

from confluent_kafka import Producer
from live import Provisioned, emptied, started
from monitoring import samples, total
from opa_server import free_port

from broker import cloudevents, topics
from broker.adapters.files.signing import TokenKey
from broker.adapters.kafka.confluent_login import connection
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical

WHEN = "2026-03-02T09:00:00Z"
LINE = b'{"type":"delivery","message":"' + b"x" * 600 + b'"}'
EACH = 200
"""Positions in a transaction."""


class Load:
    """Messages from each authority to the next, with all that a worker makes of them."""

    def __init__(self, cluster: Provisioned, tokens: TokenKey) -> None:
        self._names = cluster.authorities
        self._sources = [tokens.token("source", topics.outbox(name)) for name in self._names]
        self._next = [0] * len(self._names)
        self._made = 0
        login = connection(cluster.servers.operator)
        self._plain = Producer({**login, "linger.ms": 20})
        self._producer = Producer({**login, "transactional.id": "samband.worker.load", "linger.ms": 20})
        self._producer.init_transactions(30)

    def put(self, count: int) -> None:
        """So many positions, in one transaction."""
        places = []
        for _ in range(count):
            sender = self._made % len(self._names)
            places.append((sender, self._next[sender], self._made))
            self._next[sender] += 1
            self._made += 1
            self._sent(self._plain, topics.outbox(self._names[sender]), LINE)
        self._plain.flush(60)
        self._producer.begin_transaction()
        told = [self._record(sender, self._at(sender, offset), number) for sender, offset, number in places]
        self._producer.flush(60)  # records before deliveries, as the worker sends them
        for (sender, offset, _), leaf in zip(places, told, strict=True):
            self._lines(sender, self._at(sender, offset), leaf)
        self._producer.commit_transaction(60)

    def _at(self, sender: int, offset: int) -> str:
        return cloudevents.position(self._sources[sender], offset)

    def _record(self, sender: int, at: str, number: int) -> str:
        name, recipient = self._names[sender], self._names[(sender + 1) % len(self._names)]
        data = canonical(
            {
                "record": "decision",
                "message": f"m{number}",
                "sender": {"authority": name},
                "recipient": {"authority": recipient},
                "receipt": {"outcome": "forward"},
                "input": "x" * 1500,
            }
        )
        told = leaf_hash(data).hex()
        made = cloudevents.of_record(record="decision", leaf=told, recorded=WHEN, position=at, trace=None)
        self._sent(self._producer, topics.AUDIT, data, made)
        return told

    def _lines(self, sender: int, at: str, told: str) -> None:
        name, recipient = self._names[sender], self._names[(sender + 1) % len(self._names)]
        for box, type_, value in (
            (recipient, "delivery", LINE),
            (name, "receipt", canonical({"type": "receipt", "receipt": {"audit": {"leaf": told}}})),
        ):
            made = cloudevents.of_line(type_=type_, about="m", recorded=WHEN, position=at, trace=None, repeat=False)
            self._sent(self._producer, topics.inbox(box), value, made)

    @staticmethod
    def _sent(producer: Producer, topic: str, value: bytes, headers: list[cloudevents.Header] | None = None) -> None:
        while True:
            try:
                return producer.produce(topic, value, headers=headers or [])
            except BufferError:
                producer.poll(0.1)


@contextmanager
def stream(load: Load, rate: int) -> Iterator[None]:
    """So many a second meanwhile."""
    stop = Event()

    def run() -> None:
        while not stop.wait(1.0):
            load.put(rate)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def page(port: int, name: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}/{name}", timeout=10) as found:
            return found.status, found.read().decode()
    except HTTPError as error:
        return error.code, ""
    except (URLError, OSError):
        return 0, ""


def seconds(since: float, holds: Callable[[], bool], most: float = 900.0) -> float:
    """How long it took."""
    while not holds():
        assert monotonic() - since < most, "it takes too long"
        sleep(0.2)
    return round(monotonic() - since, 1)


def run(cluster: Provisioned, keys: Path, state: Path) -> dict[str, object]:
    """One start of the service: until ready, until all was compared once, and what that cost."""
    port = free_port()
    command = [sys.executable, "-m", "broker.cli", "reconcile", "--every", "2", "--state", str(state)]
    environment = cluster.environment(topics.RECONCILE) | {"SAMBAND_KEYS": str(keys)}
    begun = monotonic()
    process = subprocess.Popen([*command, "--metrics", str(port)], env=environment)
    try:
        ready = seconds(begun, lambda: page(port, "ready")[0] == 200)
        told = "samband_reconciled_timestamp_seconds"
        compared = seconds(begun, lambda: bool(total(samples(page(port, "metrics")[1]), told)))
        shown = samples(page(port, "metrics")[1])
        return {
            "ready_s": ready,
            "compared_s": compared,
            "cpu_s": round(total(shown, "process_cpu_seconds_total"), 1),
            "rss_mib": round(total(shown, "process_resident_memory_bytes") / 2**20),
            "differences": total(shown, "samband_unreconciled"),
        }
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    """Put the load there; start twice: from nothing, and from where the first had come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--authorities", type=int, default=598)
    parser.add_argument("--positions", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, started() as servers:
        keys = Path(folder) / "keys"
        keys.mkdir(mode=0o700)
        cluster = emptied(servers, [f"authority-{n}" for n in range(asked.authorities)])
        load, begun = Load(cluster, TokenKey(keys / "token.key", create=True)), monotonic()
        for _ in range(asked.positions // EACH):
            load.put(EACH)
        put = round(monotonic() - begun, 1)
        with stream(load, asked.rate):
            state = Path(folder) / "compared.db"
            first, again = (run(cluster, keys, state) for _ in range(2))
            size = state.stat().st_size
    told = {"topics": 2 * asked.authorities + 3, "positions": asked.positions, "put_s": put, "load": os.getloadavg()[0]}
    print(json.dumps({**told, "first": first, "again": again, "state_bytes": size}))


if __name__ == "__main__":
    main()
