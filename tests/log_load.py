"""How many records a second the agents take in from a backlog, the ledger appends and signs, and are then verified.

    python -m tests.log_load agents [--records 6000]
    python -m tests.log_load ledger [--records 60000]

Starts servers of its own (or takes SAMBAND_TEST_RUN), and prints one line of JSON: also the processor's milliseconds a
record. The agents' time passes by the clock: by the messages' own time a backlog of stories tells three notices for
each record, which no day does. The ledger's records are those of 2,500 lines, again and again.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, process_time, sleep

sys.path.insert(0, str(Path(__file__).parent))

import psycopg
from confluent_kafka import Producer
from live import Provisioned, emptied, emptied_database, started

from broker import authorities, topics
from broker.adapters.kafka.confluent_login import connection
from broker.adapters.sql import read_model
from broker.adapters.sql.agent_store import AgentStore
from broker.adapters.sql.data_folder import PUBLIC_KEY
from broker.log.verifier import verify
from broker.model.canonical import canonical
from broker.ports.transport import Input
from broker.runtime import embedded
from scenery.bench.contest import spent
from scenery.bench.load import Backlog

_PATIENCE = 600.0
_EACH = 1000
"""Records of a transaction."""
_STORIES = 2500


def records(folder: Path, count: int) -> list[bytes]:
    """What a broker writes of so many lines of a county's conversations."""
    backlog = Backlog(folder)
    given = [Input(sent.line, number=n, source="load") for n, sent in enumerate(backlog.backlog(count, 1))]
    with embedded.embedded(folder / "data", authorities.load(backlog.register)) as broker:
        for _ in broker.pipeline.run(given):
            pass
    with read_model.open_archive(folder / "data") as archive:
        leaves = [record.leaf for record in archive.records()]
    return [
        canonical({name: value for name, value in leaf.items() if name != "seq"})
        for leaf in leaves
        if leaf["record"] != "notice"
    ]


def agents(folder: Path, count: int) -> dict[str, float]:
    """Run the agents over a backlog, from the first of its records that they have taken in to the last."""
    made = records(folder, count)
    with _cluster(made) as (cluster, database):
        store = AgentStore.open(database)
        try:
            end = len(made) - 1 + (len(made) - 1) // _EACH  # a marker after each transaction
            environment = cluster.environment(topics.AGENTS) | {"SAMBAND_POSTGRES_URL": database}
            with _running(["agents", "--instance", "load"], environment, folder / "log") as process:
                return _timed(process, lambda: store.position(topics.AUDIT) or -1, end, folder / "log")
        finally:
            store.close()


def ledger(folder: Path, count: int) -> dict[str, float]:
    """Run the ledger over a backlog, then verify the log."""
    made = records(folder, min(count, _STORIES))
    made = [made[n % len(made)] for n in range(count)]
    with _cluster(made) as (cluster, database), psycopg.connect(database, autocommit=True) as connection:
        (folder / "keys").mkdir()
        environment = cluster.environment(topics.LEDGER) | {
            "SAMBAND_POSTGRES_URL": database,
            "SAMBAND_LOG_KEYS": str(folder / "keys"),
        }

        def last() -> int:
            try:
                row = connection.execute("SELECT max(seq) FROM records").fetchone()
                return -1 if row is None or row[0] is None else row[0]
            except psycopg.errors.UndefinedTable:
                return -1

        with _running(["ledger"], environment, folder / "log") as process:
            found = _timed(process, last, count - 1, folder / "log")
        with read_model.open_archive(database) as archive:
            keys = archive.keys((folder / "keys" / PUBLIC_KEY).read_text("utf-8").strip())
            begun, at_start = monotonic(), process_time()
            report = verify(archive.stored_records(), archive.stored_checkpoints(), keys.open, handovers=keys.places)
            took, cost = monotonic() - begun, process_time() - at_start
        assert report.ok and report.size == count, report
        return found | {"verified_a_second": count / took, "milliseconds_verified": 1000 * cost / count}


@contextmanager
def _cluster(made: Sequence[bytes]) -> Iterator[tuple[Provisioned, str]]:
    """Kafka with these records on `audit`, and an empty database."""
    with started() as servers, emptied_database(servers) as database:
        cluster = emptied(servers, [])
        producer = Producer(
            {**connection(cluster.login(topics.WORKER)), "transactional.id": f"{topics.WORKER}.load", "linger.ms": 20}
        )
        producer.init_transactions(30)
        for at in range(0, len(made), _EACH):
            producer.begin_transaction()
            for record in made[at : at + _EACH]:
                producer.produce(topics.AUDIT, record)
            producer.commit_transaction(60)
        yield cluster, database


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as written:
        called = [sys.executable, "-m", "broker.cli", *command]
        process = subprocess.Popen(called, env=environment, stdout=written, stderr=written)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _timed(process: "subprocess.Popen[bytes]", place: Callable[[], int], end: int, log: Path) -> dict[str, float]:
    """From the first batch that is taken in to the last."""
    first = _wait(place, 1, process, log)
    begun, at_start = monotonic(), spent(process.pid)
    last = _wait(place, end, process, log)
    took, cost = monotonic() - begun, spent(process.pid) - at_start
    return {"records": last - first, "a_second": (last - first) / took, "milliseconds": 1000 * cost / (last - first)}


def _wait(place: Callable[[], int], wanted: int, process: "subprocess.Popen[bytes]", log: Path) -> int:
    """The place that is taken in, once it is this one or a later one, or nothing has moved for long."""
    until = monotonic() + _PATIENCE
    while (at := place()) < wanted and monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-1000:]
        sleep(0.02)
    return at


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", choices=["agents", "ledger"])
    parser.add_argument("--records", type=int, default=0)
    given = parser.parse_args()
    measured, usual = (agents, 6000) if given.program == "agents" else (ledger, 60_000)
    with tempfile.TemporaryDirectory(prefix="samband-load-") as folder:
        print(json.dumps(measured(Path(folder), given.records or usual)))


if __name__ == "__main__":
    main()
