"""The town through both runtimes: in process (`samband run`), and on a cluster with each authority as its own user."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from live import Provisioned, Servers, emptied, emptied_database
from streams import Town, until

from agents.town import sending
from agents.town.story import FOLDER
from broker import authorities, topics

Json = dict[str, Any]
REGISTER_FILE = FOLDER / "authorities.json"
REGISTER = authorities.load(REGISTER_FILE)
LINES = sending.lines((FOLDER / "messages.jsonl").read_bytes().splitlines(), REGISTER)
NOTICES = {"clock", "concerns_linked"}


def parties() -> set[str]:
    """Everybody who sends or receives in the town."""
    told = {line.sender for line in LINES}
    for line in LINES:
        try:
            named = json.loads(line.content)["recipient"]["authority"]
        except ValueError:
            continue
        if found := REGISTER.find(named):
            told.add(found.id)
    return told


class Program:
    """A command that runs in the background."""

    def __init__(self, log: Path, environment: Mapping[str, str], *words: object) -> None:
        self.log = log
        with log.open("ab") as out:
            command = [sys.executable, "-m", "broker.cli", *map(str, words)]
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)

    def told(self) -> str:
        """All that it has said."""
        return self.log.read_text("utf-8")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            self.process.kill()


class Cluster:
    """All programs of a cluster, and the town played on it."""

    def __init__(self, kafka: Provisioned, database: str, folder: Path) -> None:
        self.folder = folder
        self.town = Town(kafka, database, folder / "keys", REGISTER_FILE)
        self.credentials = folder / "credentials"
        self.credentials.mkdir(mode=0o700)
        for user in kafka.authorities:
            login = kafka.login(user)
            content = "".join(f"{name}={value}\n" for name, value in login.variables(user, login.password).items())
            (self.credentials / f"{user}.env").write_text(content)
        self.receipts: list[Json | None] = []
        self.played = ""

    def samband(self, user: str, *words: object) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, as a service."""
        command = [sys.executable, "-m", "broker.cli", *map(str, words)]
        return subprocess.run(command, env=self._environment(user), capture_output=True, text=True, check=False)

    @contextmanager
    def running(self) -> Iterator["Cluster"]:
        made = self.samband(topics.WORKER, "keys")
        assert made.returncode == 0, made.stderr
        commands: dict[str, tuple[object, ...]] = {
            topics.WORKER: ("worker", "--register", REGISTER_FILE, "--metrics", "0"),
            topics.LEDGER: ("ledger", "--seconds", "0.2"),
            topics.AGENTS: ("agents", "--message-time", "--tick", "0.5"),
        }
        self.programs = {}
        with ExitStack() as stack:
            for user, words in commands.items():
                program = Program(self.folder / f"{user}.log", self._environment(user), *words)
                stack.callback(program.stop)
                self.programs[user] = program
            self._play()
            yield self

    def _play(self) -> None:
        words = ["--credentials", str(self.credentials), "--json"]
        ended = subprocess.run(
            [sys.executable, "-m", "agents.town.on_kafka", *words],
            env={name: value for name, value in os.environ.items() if not name.startswith("SAMBAND_")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        self.played = ended.stderr
        found = {receipt.pop("line"): receipt for receipt in map(json.loads, ended.stdout.splitlines())}
        self.receipts = [found.get(line.number) for line in LINES]

    def _environment(self, user: str) -> dict[str, str]:
        told = {"SAMBAND_POSTGRES_URL": self.town.database, "SAMBAND_KEYS": str(self.town.keys)}
        return self.town.kafka.environment(user) | told | {"SAMBAND_PROFILE": "conformance"}


@pytest.fixture(scope="module")
def cluster(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with emptied_database(servers) as database:
        kafka = emptied(servers, sorted(parties()))
        with Cluster(kafka, database, tmp_path_factory.mktemp("cluster")).running() as running:
            yield running


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Json], Path]:
    data = tmp_path_factory.mktemp("embedded") / "data"
    command = [sys.executable, "-m", "broker.cli", "run", FOLDER / "messages.jsonl", "--register", REGISTER_FILE]
    ended = subprocess.run([*command, "--data", data, "--json"], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ended.stdout.splitlines()], data


def test_dump(cluster: Cluster, embedded: tuple[list[Json], Path]) -> None:
    import sqlite3, pickle
    boxes = {a: cluster.town.inbox(a) for a in cluster.town.kafka.authorities}
    con = sqlite3.connect(next(embedded[1].glob("*.db*")))
    files = list(embedded[1].iterdir())
    rows = []
    for f in files:
        if f.suffix == ".db":
            try: rows += sqlite3.connect(f).execute("select authority,type,sender,message,content from inbox").fetchall()
            except Exception as e: print(f, e)
    audit = [(r.headers, r.content) for r in cluster.town.read(topics.AUDIT)]
    logs = {u: p.told() for u, p in cluster.programs.items()}
    pickle.dump((cluster.receipts, embedded[0], boxes, rows, audit, logs, cluster.played), open("/tmp/w/e2e.pickle", "wb"))
