"""A cluster through which messages flow for an hour: what each program holds in memory, and what is kept for a message.

    python -m tests.soak [--messages 100000] [--minutes 60] [--csv FILE]

Starts servers of its own (or takes SAMBAND_TEST_RUN), a worker, the ledger, the agents and `reconcile`, and sends a
county's month at an even pace. Ends with 1 where a program's memory grew in the second half, or where a message is
not handled in the end.
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from time import monotonic, sleep

sys.path.insert(0, str(Path(__file__).parent))

import psycopg
from faults import kafka_side
from faults.traffic import Traffic
from live import Provisioned, Servers, emptied, emptied_database, started
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from broker import topics
from broker.adapters.files.signing import Signer, TokenKey
from broker.runtime.embedded import LOG_NAME

ROOT = Path(__file__).parents[1]
MIB = 1 << 20
GROWS = 1.10
"""By so much a program's memory may be larger in the last quarter than in the third, and `SLACK` beside."""
SLACK = 8 * MIB
EVERY = 15.0
PATIENCE = 900.0
PROGRAMS = {
    "worker": (topics.WORKER, True),
    "ledger": (topics.LEDGER, False),
    "agents": (topics.AGENTS, True),
    "reconcile": (topics.RECONCILE, False),
}
"""Each program's user on Kafka, and whether it takes the register."""


@dataclass(frozen=True)
class Sample:
    """What was seen at one moment; `memory` and `files` in bytes, by name."""

    seconds: float
    sent: int
    left: int
    memory: Mapping[str, int]
    files: Mapping[str, int]


def resident(pid: int) -> int:
    """Bytes that a process holds in memory."""
    shown = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(shown[1]) * 1024 if shown else 0


def size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # Kafka removes files meanwhile
                total += (Path(path) / name).stat().st_size
    return total


@contextmanager
def programs(cluster: Provisioned, database: str, register: Path, folder: Path) -> Iterator[dict[str, int]]:
    """The broker's programs, by name their process ids; their logs lie in `folder`."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    Signer(keys / "log.key", LOG_NAME, create=True)
    running = {}
    try:
        for name, (user, reads_register) in PROGRAMS.items():
            environment = cluster.environment(user) | {
                **{"SAMBAND_POSTGRES_URL": database, "SAMBAND_KEYS": str(keys), "PYTHONPATH": str(ROOT)},
                **{"SAMBAND_METRICS_ADDRESS": "127.0.0.1:0", "SAMBAND_PROFILE": "conformance"},
            }
            command = [
                sys.executable,
                "-m",
                "broker.cli",
                name,
                *(["--register", str(register)] if reads_register else []),
            ]
            with (folder / f"{name}.log").open("wb") as log:
                running[name] = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        yield {name: process.pid for name, process in running.items()}
        ended = {name: process.returncode for name, process in running.items() if process.poll() is not None}
        assert not ended, f"ended by themselves: {ended}; their logs lie in {folder}"
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(60)


@dataclass(frozen=True)
class Watch:
    """What is looked at while messages flow."""

    servers: Servers
    database: str
    programs: Mapping[str, int]
    outboxes: Sequence[str]
    begun: float

    def look(self, sent: int) -> Sample:
        """One sample of the programs, the servers and their files."""
        own = {name: int((self.servers.run / name / "pid").read_text()) for name in ("kafka", "opa")}
        with psycopg.connect(self.database.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        left = kafka_side.behind(self.servers.operator, topics.WORKER, self.outboxes)
        memory = {name: resident(pid) for name, pid in {**self.programs, **own}.items()}
        files = {"PostgreSQL": int(row[0]) if row else 0, "Kafka": size(self.servers.run / "kafka")}
        return Sample(monotonic() - self.begun, sent, left, memory, files)


def flowing(
    servers: Servers, folder: Path, count: int, minutes: float, keep: Callable[[Sample], object]
) -> list[Sample]:
    """Send all at an even pace, look now and then, and wait until all is handled. `keep` is given each look at once."""
    console = Console(stderr=True)
    traffic = Traffic("09", count, 1, folder)
    cluster = emptied(servers, traffic.parties, patience=300)
    samples: list[Sample] = []
    with ExitStack() as stack:
        database = stack.enter_context(emptied_database(servers))
        pids = stack.enter_context(programs(cluster, database, traffic.register, folder))
        bar = stack.enter_context(Progress(console=console))
        task = bar.add_task("sent", total=len(traffic.sent))
        sender, begun = kafka_side.Sender(servers.operator), monotonic()
        watch = Watch(servers, database, pids, sorted({sent.topic for sent in traffic.sent}), begun)
        pace, every, due = minutes * 60 / len(traffic.sent), min(EVERY, minutes * 5), begun

        def look(sent: int) -> int:
            samples.append(sample := watch.look(sent))
            keep(sample)
            bar.update(task, completed=sent, description=f"sent, {sample.left} not handled")
            return sample.left

        for n, message in enumerate(traffic.sent):
            sender.send(*message)
            if monotonic() > due:
                look(n + 1)
                due = monotonic() + every
            sleep(max(0.0, begun + (n + 1) * pace - monotonic()))
        sender.finish()
        assert not sender.failed, "a message did not reach its outbox"
        until = monotonic() + PATIENCE
        while look(len(traffic.sent)) and monotonic() < until:
            sleep(every)
    return samples


@contextmanager
def kept(file: Path | None) -> Iterator[Callable[[Sample], object]]:
    """What writes a look into the file as soon as it is taken, so that a run that is cut short has shown something."""
    if file is None:
        yield lambda _: None
        return
    with file.open("w", newline="", buffering=1) as out:
        writer = csv.writer(out)

        def keep(one: Sample) -> None:
            if not out.tell():
                writer.writerow(["seconds", "sent", "left", *one.memory, *one.files])
            writer.writerow([round(one.seconds), one.sent, one.left, *one.memory.values(), *one.files.values()])

        yield keep


def quarters(samples: Sequence[Sample]) -> list[Sequence[Sample]]:
    """The samples in four parts."""
    each = max(1, len(samples) // 4)
    return [samples[:each], samples[each : 2 * each], samples[2 * each : 3 * each], samples[3 * each :]]


def growing(samples: Sequence[Sample]) -> list[str]:
    """Programs whose memory was larger in the last quarter than in the third."""
    third, last = quarters(samples)[2:]
    return [
        name
        for name in PROGRAMS
        if mean(one.memory[name] for one in last) > GROWS * mean(one.memory[name] for one in third) + SLACK
    ]


def show(samples: Sequence[Sample], console: Console) -> None:
    """The table of memory, and that of files for each message, by quarters."""
    parts = quarters(samples)
    memory = Table("MiB", *(f"quarter {n}" for n in range(1, 5)), title="Memory, mean")
    for name in samples[0].memory:
        memory.add_row(name, *(f"{mean(one.memory[name] for one in part) / MIB:.0f}" for part in parts))
    files = Table("kB a message", *(f"quarter {n}" for n in range(1, 5)), title="Files, growth")
    bounds = [*(part[0] for part in parts), samples[-1]]
    for name in samples[0].files:
        grown = [(b.files[name] - a.files[name]) / max(1, b.sent - a.sent) / 1000 for a, b in pairwise(bounds)]
        files.add_row(name, *(f"{each:.1f}" for each in grown))
    console.print(memory, files)
    last, waited = samples[-1], max(sample.left for sample in samples)
    console.print(f"{last.sent} sent in {last.seconds / 60:.1f} min, at most {waited} waited, {last.left} left")


def main() -> int:
    """Read the arguments, run, show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--csv", type=Path, help="keeps every sample")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="samband-soak-"))
    with started() as servers, kept(asked.csv) as keep:
        samples = flowing(servers, folder, asked.messages, asked.minutes, keep)
    console = Console()
    show(samples, console)
    for name in (grown := growing(samples)):
        console.print(f"[red]{name}: its memory grows[/red]")
    return 1 if grown or samples[-1].left else 0


if __name__ == "__main__":
    sys.exit(main())
