"""How many records a second the agents take in from a backlog, and for how much processor time.

    python -m tests.agents_load [--records 6000]

Starts servers of its own (or takes SAMBAND_TEST_RUN), and prints one line of JSON. Time passes by the clock: by the
messages' own time a backlog of stories tells three notices for each record, which no day does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

sys.path.insert(0, str(Path(__file__).parent))

from confluent_kafka import Producer
from live import emptied, emptied_database, started

from broker import authorities, topics
from broker.adapters.kafka.confluent_login import connection
from broker.adapters.sql.agent_store import AgentStore
from broker.adapters.sql.read_model import open_archive
from broker.model.canonical import canonical
from broker.ports.transport import Input
from broker.runtime import embedded
from scenery.bench.contest import spent
from scenery.bench.load import Backlog

_PATIENCE = 600.0
_EACH = 1000


def records(folder: Path, count: int) -> list[bytes]:
    """What a broker writes of so many lines of a county's conversations."""
    backlog = Backlog(folder)
    given = [Input(sent.line, number=n, source="load") for n, sent in enumerate(backlog.backlog(count, 1))]
    with embedded.embedded(folder / "data", authorities.load(backlog.register)) as broker:
        for _ in broker.pipeline.run(given):
            pass
    with open_archive(folder / "data") as archive:
        leaves = [record.leaf for record in archive.records()]
    return [
        canonical({name: value for name, value in leaf.items() if name != "seq"})
        for leaf in leaves
        if leaf["record"] != "notice"
    ]


def measured(folder: Path, count: int) -> dict[str, float]:
    """Run the agents over a backlog, from the first of its records that they have taken in to the last."""
    with started() as servers, emptied_database(servers) as database:
        cluster, made = emptied(servers, []), records(folder, count)
        producer = Producer(
            {**connection(cluster.login(topics.WORKER)), "transactional.id": f"{topics.WORKER}.load", "linger.ms": 20}
        )
        producer.init_transactions(30)
        for at in range(0, len(made), _EACH):
            producer.begin_transaction()
            for record in made[at : at + _EACH]:
                producer.produce(topics.AUDIT, record)
            producer.commit_transaction(60)
        environment = cluster.environment(topics.AGENTS) | {"SAMBAND_POSTGRES_URL": database}
        command = [sys.executable, "-m", "broker.cli", "agents", "--instance", "load"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        store = AgentStore.open(database)
        try:
            first = _wait(store, 1, process)
            begun, at_start = monotonic(), spent(process.pid)
            last = _wait(store, len(made) - 1 + (len(made) - 1) // _EACH, process)  # a marker after each transaction
            took, cost = monotonic() - begun, spent(process.pid) - at_start
        finally:
            process.terminate()
            process.wait(60)
            store.close()
    return {"records": last - first, "a_second": (last - first) / took, "milliseconds": 1000 * cost / (last - first)}


def _wait(store: AgentStore, place: int, process: "subprocess.Popen[bytes]") -> int:
    """The place that is taken in, once it is this one or a later one, or nothing has moved for long."""
    until = monotonic() + _PATIENCE
    while (at := store.position(topics.AUDIT) or -1) < place and monotonic() < until:
        assert process.poll() is None, "the agents have ended"
        sleep(0.02)
    return at


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=6000)
    with tempfile.TemporaryDirectory(prefix="samband-agents-") as folder:
        print(json.dumps(measured(Path(folder), parser.parse_args().records)))


if __name__ == "__main__":
    main()
