"""Prometheus's own tools, for the tests that run them, and what the files of deploy/ ask for."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"


def tool(name: str) -> str:
    """The path of promtool or prometheus; without it the test fails, and says how to get it."""
    promtool = os.environ.get("PROMTOOL") or shutil.which("promtool") or str(ROOT / ".tools" / "bin" / "promtool")
    found = Path(promtool).with_name(name)
    if not found.exists():
        pytest.fail(f"{name} is missing: run deploy/local/install_prometheus.sh", pytrace=False)
    return str(found)


def promtool(*words: object) -> subprocess.CompletedProcess[str]:
    """Run promtool."""
    return subprocess.run([tool("promtool"), *map(str, words)], capture_output=True, text=True, check=False)


def alerts() -> list[dict[str, Any]]:
    """Every alert rule."""
    found = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """Every panel of the dashboard, rows too."""
    found: list[dict[str, Any]] = json.loads((GRAFANA / "dashboards" / "samband.json").read_text("utf-8"))["panels"]
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Whose it is, and the expression, with Grafana's own variable filled in."""
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"].replace("$__rate_interval", "1m")


def metrics_in(expression: str) -> set[str]:
    """The names of metrics that an expression asks for."""
    return set(
        re.findall(r"\b(?:samband|process|kafka|pg|node)_[a-z0-9_]+|\bup\b", re.sub(r'"[^"]*"', '""', expression))
    )


def labels_in(expression: str) -> set[str]:
    """The labels that an expression picks or groups by."""
    named = ",".join(re.findall(r"\bby \(([^)]*)\)", expression))
    picked = re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)\s*\"", expression)
    return {name.strip() for name in named.split(",") if name.strip()} | set(picked)


Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    """What /metrics says: (name, labels in order) -> value."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            series, _, value = line.rpartition(" ")
            name, _, rest = series.partition("{")
            labels = re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', rest)
            found[name, tuple(sorted(labels))] = float(value)
    return found


def value(found: Samples, name: str, **labels: str) -> float | None:
    """One sample, or None."""
    return found.get((name, tuple(sorted(labels.items()))))


def total(found: Samples, name: str, **labels: str) -> float:
    """The sum of a metric's samples that have these labels."""
    return sum(n for (own, has), n in found.items() if own == name and labels.items() <= dict(has).items())
