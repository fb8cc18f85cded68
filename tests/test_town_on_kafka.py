"""The town through both runtimes: in process (`samband run`), and on a cluster with each authority as its own user."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
import sealed_lines
from live import Provisioned, Servers, emptied, emptied_database
from streams import Town, until
from terminal_on_kafka import do_every_kind
from test_rebuild_live import TABLES, rows

from broker import authorities, topics
from broker.adapters.sql.data_folder import DATABASE
from scenery.town import sending
from scenery.town.story import FOLDER

pytestmark = pytest.mark.slow

Json = dict[str, Any]
REGISTER_FILE = FOLDER / "authorities.json"
REGISTER = authorities.load(REGISTER_FILE)
LINES = sending.lines((FOLDER / "messages.jsonl").read_bytes().splitlines(), REGISTER)


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

    def __init__(self, kafka: Provisioned, database: str, folder: Path, key: bytes) -> None:
        self.folder = folder
        self.town = Town(kafka, database, folder / "keys", REGISTER_FILE)
        self.town.keys.mkdir(mode=0o700)
        (self.town.keys / "token.key").touch(0o600)
        (self.town.keys / "token.key").write_bytes(key)
        self.credentials = folder / "credentials"
        self.credentials.mkdir(mode=0o700)
        for user in kafka.authorities:
            login = kafka.login(user)
            content = "".join(f"{name}={value}\n" for name, value in login.variables(user, login.password).items())
            (self.credentials / f"{user}.env").write_text(content)
        self.receipts: list[Json | None] = []
        self.played = ""
        self.programs: dict[str, Program] = {}

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
            [sys.executable, "-m", "scenery.town.on_kafka", *words],
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


@dataclass(frozen=True)
class Embedded:
    """The town through `samband run`."""

    receipts: list[Json]
    inboxes: dict[str, list[Json]]
    records: list[Json]
    key: bytes
    """The key behind its tokens."""

    def told(self, type_: str) -> list[tuple[str, Json]]:
        """Inbox lines of a type."""
        return list(of(self.inboxes, type_))


@pytest.fixture(scope="module")
def cluster(servers: Servers, embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with emptied_database(servers) as database:
        kafka = emptied(servers, sorted(parties()))
        with Cluster(kafka, database, tmp_path_factory.mktemp("cluster"), embedded.key).running() as running:
            yield running


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    data = tmp_path_factory.mktemp("embedded") / "data"
    command = [sys.executable, "-m", "broker.cli", "run", FOLDER / "messages.jsonl", "--register", REGISTER_FILE]
    ended = subprocess.run([*command, "--data", data, "--json"], capture_output=True, text=True, check=True)
    inboxes: dict[str, list[Json]] = {}
    for row in sealed_lines.of_folder(data):
        inboxes.setdefault(row["authority"], []).append(row["content"])
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        records = [json.loads(leaf) for (leaf,) in connection.execute("SELECT leaf FROM records ORDER BY seq")]
    receipts = [json.loads(line) for line in ended.stdout.splitlines()]
    return Embedded(receipts, inboxes, records, (data / "keys" / "token.key").read_bytes())


@pytest.fixture(scope="module")
def boxes(cluster: Cluster, embedded: Embedded) -> dict[str, list[Json]]:
    """Every inbox on Kafka, once the agents have told as much as was told in process."""
    names = [topics.inbox(authority) for authority in cluster.town.kafka.authorities]

    def read() -> dict[str, list[Json]]:
        found = cluster.town.read_all(names)
        return {topic.removeprefix(topics.INBOXES): [one.content for one in found[topic]] for topic in names}

    wanted = len(embedded.told("notice"))
    return until(read, lambda seen: len(list(of(seen, "notice"))) >= wanted)  # type: ignore[no-any-return]


def of(seen: Mapping[str, list[Json]], type_: str) -> Iterator[tuple[str, Json]]:
    """Inbox lines of a type, each with whose inbox it lies in."""
    return ((box, line) for box, found in seen.items() for line in found if line["type"] == type_)


def delivered(found: Iterable[tuple[str, Json]]) -> dict[tuple[str, str, str], Json]:
    """Deliveries by recipient, sender and id, each of which is there once."""
    rows = [((box, line["message"]["sender"]["authority"], line["message"]["id"]), line) for box, line in found]
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_the_same_receipts(cluster: Cluster, embedded: Embedded) -> None:
    """Line by line. Where they stand in a log is told by the log; lines in quarantine are compared by their code."""
    assert len(cluster.receipts) == len(embedded.receipts) == len(LINES)
    for line, there, here in zip(LINES, cluster.receipts, embedded.receipts, strict=True):
        if line.anonymous:  # nothing leads back to who sent it
            assert there is None
        else:
            assert there is not None and told(there) == told(here), line.number


def told(receipt: Json) -> Json:
    """What a receipt says, wherever it was made."""
    if receipt["outcome"] == "quarantine":
        return {"outcome": "quarantine", "code": receipt["error"]["code"]}
    return {name: value for name, value in receipt.items() if name not in ("audit", "line")}


def test_the_same_deliveries(embedded: Embedded, boxes: dict[str, list[Json]]) -> None:
    """In each inbox the same messages, with the same content but for three things.

    A recall writes on an embedded delivery that nobody had read, and empties it; what lies on Kafka stays as it was,
    and the recall comes after it. So does an acknowledgement that it is registered. And terms that a message sets for
    matters of before are known to the agents alone.
    """
    there, here = delivered(of(boxes, "delivery")), delivered(embedded.told("delivery"))
    assert there.keys() == here.keys()
    recalled = {place for place, line in here.items() if "recalled" in line}
    recalls = {line["message"]["body"]["message"] for line in there.values() if line["message"]["kind"] == "Recall"}
    assert recalled and {message for _, _, message in recalled} <= recalls
    for place in here.keys() - recalled:
        differing = {name for name in (here[place] | there[place]) if here[place].get(name) != there[place].get(name)}
        differing -= {"registered"}
        assert differing == set() or (differing, here[place]["message"]["kind"]) == ({"terms"}, "ConcernDecision")


def test_the_same_notices(embedded: Embedded, boxes: dict[str, list[Json]]) -> None:
    """What the agents tell as time passes is what the broker in process tells."""
    assert notices(of(boxes, "notice")) == notices(embedded.told("notice"))


def notices(found: Iterable[tuple[str, Json]]) -> Counter[tuple[str, str]]:
    return Counter((box, json.dumps(line, sort_keys=True)) for box, line in found)


def test_the_same_records(cluster: Cluster, embedded: Embedded, boxes: dict[str, list[Json]]) -> None:
    """In the log the same, under the same key, of messages and of notices; the terms of a decision as in deliveries.

    How an unusable line came is another thing where its sender is proven.
    """
    there, here = by_input(record.content for record in cluster.town.read(topics.AUDIT)), by_input(embedded.records)
    assert there.keys() == here.keys()
    for key in here:
        differing = {name for name in here[key] | there[key] if here[key].get(name) != there[key].get(name)}
        of = here[key].get("kind", here[key]["record"])
        assert differing == set() or (differing, of) in (({"lines"}, "ConcernDecision"), ({"kept"}, "quarantine"))


def by_input(leaves: Iterable[Json]) -> dict[tuple[str, str], Json]:
    """Records by what was recorded, without when, where in the log, and the hashes of others that they hold."""
    apart = ("recorded", "seq", "rests_on")
    records = {
        (leaf["record"], leaf.get("digest") or leaf["message"]): {
            name: leaf[name] for name in leaf if name not in apart
        }
        for leaf in leaves
    }
    assert len(records) > len(LINES)
    return records


def test_outboxes_log_and_inboxes_agree(cluster: Cluster, boxes: dict[str, list[Json]]) -> None:
    ended = cluster.samband(topics.RECONCILE, "reconcile", "--once", "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    compared = json.loads(ended.stdout)
    assert (compared["ok"], compared["under_way"]) == (True, 0)
    assert compared["agree"] >= len(LINES)


def test_the_log_is_verified_from_the_database_and_from_a_copy(
    cluster: Cluster, boxes: dict[str, list[Json]], tmp_path: Path
) -> None:
    """Every record of `audit`; the copy with no server at all."""
    records = cluster.town.read(topics.AUDIT)

    def verify() -> Json:
        ended = cluster.samband(topics.LEDGER, "audit", "verify", "--data", "postgres", "--json")
        found: Json = json.loads(ended.stdout) if ended.stdout else {"size": -1, "ok": False, "why": ended.stderr}
        return found

    found = until(verify, lambda seen: seen["size"] == len(records))
    assert found["ok"]
    copy = tmp_path / "log.jsonl"
    exported = cluster.samband(topics.LEDGER, "audit", "export", "--data", "postgres", "--out", copy)
    assert exported.returncode == 0, exported.stderr
    alone = {name: value for name, value in os.environ.items() if not name.startswith("SAMBAND_")}
    command = [sys.executable, "-m", "broker.cli", "audit", "verify", "--file", copy, "--json"]
    verified = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["root"] == found["root"]


def test_the_metrics_count_what_the_receipts_say(cluster: Cluster, embedded: Embedded) -> None:
    """By kind and outcome, each record once; a message sent twice is a repeat."""
    [address] = re.findall(r"http://[0-9.:]+/metrics", cluster.programs[topics.WORKER].told())
    with urlopen(address, timeout=10) as answer:
        text = answer.read().decode()
    found = re.findall(r'^samband_messages_total\{kind="(\w+)",outcome="(\w+)"\} (\S+)$', text, re.MULTILINE)
    counted: Counter[str] = Counter()
    for kind, outcome, n in found:
        counted[outcome if outcome == "quarantine" else f"{kind} {outcome}"] += int(float(n))
    receipts: dict[int, str] = {}
    for line, receipt in zip(LINES, embedded.receipts, strict=True):
        outcome = receipt["outcome"]
        receipts[receipt["audit"]["seq"]] = outcome if outcome == "quarantine" else f"{line.kind} {outcome}"
    assert counted == Counter(receipts.values())
    assert f"samband_repeats_total {float(len(LINES) - len(receipts))}" in text
    with urlopen(address.replace("/metrics", "/ready"), timeout=10) as answer:
        assert answer.read() == b"ready\n"


def test_every_kind_is_read_answered_and_acknowledged_at_the_terminal(cluster: Cluster, tmp_path: Path) -> None:
    """On the same cluster, after all that compares it with the town in process."""
    do_every_kind(cluster.town, tmp_path)


def test_no_log_names_anybody(cluster: Cluster, boxes: dict[str, list[Json]]) -> None:
    """No number, name or free text of a message in what any program or server has written."""
    story = b"\n".join(line.content for line in LINES).decode("utf-8", "replace")
    traces = set(re.findall(r'"id": "([0-9]{12})"', story))
    traces |= set(re.findall(r'"(?:content|need|reason|text|name)": "([^"]{8,})"', story))
    assert len(traces) > 100
    logs = [cluster.played, *(program.told() for program in cluster.programs.values())]
    logs += [
        (cluster.town.kafka.servers.run / name / "log").read_text("utf-8") for name in ("kafka", "opa", "postgres")
    ]
    assert [trace for trace in traces for log in logs if trace in log] == []


def test_a_lost_database_is_made_anew_row_for_row(cluster: Cluster, boxes: dict[str, list[Json]]) -> None:
    """After all that compares it as it was: everything of the town that a cluster's workers have written."""
    for program in (cluster.programs[topics.WORKER], cluster.programs[topics.AGENTS]):
        program.stop()
    differing = {"arrived"}  # where each message's own time is the clock, nothing has arrived
    whole = rows(cluster.town.database, differing)
    with psycopg.connect(cluster.town.database) as connection:
        connection.execute(f"truncate {', '.join((*TABLES, 'decisions'))}")  # type: ignore[arg-type]
    ended = cluster.samband(topics.RECONCILE, "worker", "rebuild", "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    rebuilt = json.loads(ended.stdout.splitlines()[0])["rebuilt"]
    gone = ("messages_gone", "deliveries_gone", "quarantined_gone", "untold", "twice")
    assert {name: rebuilt[name] for name in gone} == dict.fromkeys(gone, 0)
    made = rows(cluster.town.database, differing)
    for table in whole:
        assert made[table] == whole[table], table
