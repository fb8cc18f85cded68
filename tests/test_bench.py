"""`samband bench` on real servers, with tiny counts: every way forwards, and figures, ratios and plot are written."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from live import Servers, wipe

from scenery.bench.load import conversations
from scenery.bench.measure import Row, Throughput, latency, percentile, ratio
from scenery.bench.stages import STAGES, chance, run

ROOT = Path(__file__).parents[1]
WAYS = ["forwarder", "asking", "worker", "worker_forgetful", "embedded"]


@pytest.mark.slow
def test_every_way_is_measured(servers: Servers, tmp_path: Path) -> None:
    wipe(servers)
    command = [sys.executable, "-m", "scenery.bench.command", "--quick", "--authorities", "3", "--rate", "5", "--json"]
    environment = servers.environment() | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run([*command, "--out", tmp_path], env=environment, cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    told = json.loads(ended.stdout)
    assert told == json.loads((tmp_path / "bench.json").read_bytes())
    assert [row["name"] for row in told["rows"]] == WAYS
    for row in told["rows"]:
        assert row["throughput"]["messages"] >= 40
        found = row["latencies"]["5"]
        assert found is None or (found["lost"] == 0 and 0 < found["p50"] <= found["p99"] <= found["most"])
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


def test_a_ratio_is_of_the_same_number_of_authorities() -> None:
    rows = [Row(name, count, Throughput(n, 1.0), {}) for name, count, n in (("a", 1, 10), ("b", 1, 5), ("a", 620, 8))]
    assert ratio(rows, "b", "a", 1) == 0.5
    assert ratio(rows, "b", "a", 620) is None


def test_a_run_tells_where_processor_time_goes() -> None:
    """Each stage is told apart, and together they are all of it; afterwards the broker's parts are as before."""
    figures = run("conversation", 60, 0)
    assert figures["stages"].keys() == set(STAGES) and all(spent > 0 for spent in figures["stages"].values())
    assert sum(figures["stages"].values()) == pytest.approx(figures["ms"], rel=0.2)
    assert run("independent", 40, 0)["p99"] > 0


def test_a_backlog_keeps_each_authority_s_order(tmp_path: Path) -> None:
    """Shuffled between authorities, as topics are read; the same seed gives the same lines."""
    _, lines = conversations(tmp_path, 300, 1)
    assert conversations(tmp_path, 300, 1)[1] == lines and len(lines) == 300
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
