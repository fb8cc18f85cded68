"""`samband bench` on real servers, with tiny counts: every way forwards, and figures, ratios and plot are written."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from live import Servers, wipe

from scenery.bench.load import Backlog
from scenery.bench.measure import Row, Throughput, chance, compare, latency, percentile
from scenery.bench.stages import STAGES, run

ROOT = Path(__file__).parents[1]
WAYS = ["forwarder", "asking", "worker", "worker_forgetful", "embedded"]


@pytest.mark.slow
def test_every_way_is_measured(servers: Servers, tmp_path: Path) -> None:
    wipe(servers)
    command = [
        sys.executable,
        "-m",
        "scenery.bench.command",
        "--quick",
        "--authorities",
        "3",
        "--rate",
        "5",
        "--runs",
        "2",
        "--json",
    ]
    environment = servers.environment() | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run([*command, "--out", tmp_path], env=environment, cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    told = json.loads(ended.stdout)
    assert told == json.loads((tmp_path / "bench.json").read_bytes())
    assert [row["name"] for row in told["rows"]] == WAYS
    for row in told["rows"]:
        assert all(run["messages"] >= 40 and run["rate"] > 0 for run in row["runs"]) and len(row["runs"]) == 2
        found = row["latencies"]["5"]
        assert found is None or (found["lost"] == 0 and 0 < found["p50"] <= found["p99"] <= found["most"])
    worker = next(row for row in told["rows"] if row["name"] == "worker")
    assert worker["megabytes"] > 20 and worker["milliseconds"] > 0
    assert all(worker["stages"][name] > 0 for name in ("decode", "law", "database", "kafka"))
    assert [(one["way"], one["beside"]) for one in told["ratios"]][:2] == [
        ("worker", "forwarder"),
        ("worker", "asking"),
    ]
    assert ElementTree.parse(tmp_path / "bench.svg").getroot().tag.endswith("svg")


@pytest.mark.slow
def test_a_cluster_where_authorities_are_is_left_alone(servers: Servers, tmp_path: Path) -> None:
    wipe(servers)
    command = [sys.executable, "-m", "scenery.bench.command", "--quick", "--way", "worker", "--out", str(tmp_path)]
    environment = servers.environment() | {"PYTHONPATH": str(ROOT)}
    servers.script("tool", "TopicCommand", "--create", "--topic", "outbox.polismyndigheten")
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "a cluster of its own" in ended.stderr


def test_shares_are_of_those_measured() -> None:
    ordered = [float(n) for n in range(1, 101)]
    assert [percentile(ordered, share) for share in (50.0, 99.0, 99.9, 100.0)] == [50.0, 99.0, 100.0, 100.0]
    found = latency(10.0, [3.0, 1.0, 2.0], lost=1)
    assert found is not None and (found.p50, found.most, found.messages, found.lost) == (2.0, 3.0, 3, 1)
    assert latency(10.0, []) is None


def test_a_ratio_is_of_the_same_work_and_number_of_authorities() -> None:
    rows = [
        Row(name, load, count, [Throughput(n, 1.0), Throughput(3 * n, 1.0), Throughput(2 * n, 1.0)], {})
        for name, load, count, n in (("a", "x", 1, 10), ("b", "x", 1, 5), ("a", "x", 620, 8), ("a", "y", 1, 99))
    ]
    compared = compare(rows, "b", "a", "x", 1)
    assert compared is not None and compared.ratio == 0.5 and 0 < compared.chance <= 1
    assert compare(rows, "b", "a", "x", 620) is None


def test_a_run_tells_where_processor_time_goes() -> None:
    """Each stage is told apart, and together they are all of it; afterwards the broker's parts are as before."""
    figures = run("conversation", 60, 0)
    assert all(figures["stages"][name] > 0 for name in STAGES)
    assert sum(figures["stages"].values()) == pytest.approx(figures["ms"], rel=0.2)
    assert run("independent", 40, 0)["p99"] > 0


def test_a_backlog_keeps_each_authority_s_order(tmp_path: Path) -> None:
    """Shuffled between authorities, as topics are read; the same seed gives the same lines, the next turn others."""
    backlog = Backlog(tmp_path)
    given = backlog.backlog(300, 1)
    assert Backlog(tmp_path).messages(300) == given and 290 <= len(given) <= 300
    assert not {sent.id for sent in given if sent.id} & {sent.id for sent in backlog.backlog(300, 2)}
    assert {end for sent in given for end in (sent.sender, sent.recipient)} <= set(backlog.ids)
    lines = [sent.line for sent in given]
    sent: dict[str, list[str]] = {}
    for line in lines:
        try:
            message = json.loads(line)
            sent.setdefault(message["sender"]["authority"], []).append(message["time"])
        except (ValueError, TypeError, KeyError):
            continue
    in_order = [times == sorted(times) for times in sent.values() if all(map(_is_time, times))]
    assert len(in_order) > 10 and sum(in_order) > 0.9 * len(in_order)  # a repeat comes later than its time


def _is_time(value: object) -> bool:
    return isinstance(value, str) and value.endswith("Z")


def test_a_difference_is_claimed_only_where_chance_makes_it_seldom() -> None:
    assert chance([1.0, 1.1, 1.2, 1.1, 1.0], [2.0, 2.1, 2.2, 2.1, 2.0]) == pytest.approx(2 / 252)
    assert chance([1.0, 2.0, 3.0], [1.5, 2.0, 2.5]) == 1.0
