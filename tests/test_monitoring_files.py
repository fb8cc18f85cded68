"""The files that Prometheus and Grafana read: they ask only for what there is, every alert is explained and tried."""

import json
from pathlib import Path

import pytest
import yaml
from monitoring import GRAFANA, PROMETHEUS, ROOT, alerts, expressions, labels_in, metrics_in, panels, promtool

from broker.adapters.prometheus.metrics import PrometheusMetrics

NAMES = PrometheusMetrics().names()
OWN = {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "up"}
TARGET = {"job", "instance"}
EXPORTERS = {
    "kafka": {
        "kafka_controller_kafkacontroller_offlinepartitionscount": set(),
        "kafka_server_replicamanager_underminisrpartitioncount": set(),
        "kafka_server_replicamanager_underreplicatedpartitions": set(),
    },
    "postgres": {
        "pg_replication_lag_seconds": set(),
        "pg_settings_max_connections": set(),
        "pg_stat_activity_count": {"datname"},
        "pg_up": set(),
    },
    "machines": {
        "node_filesystem_avail_bytes": {"fstype", "mountpoint"},
        "node_filesystem_size_bytes": {"fstype", "mountpoint"},
    },
}
"""By job, what others' exporters give that is asked for, with its labels."""
SERVERS = {name: labels for gives in EXPORTERS.values() for name, labels in gives.items()}


@pytest.mark.parametrize(("owner", "expression"), list(expressions()))
def test_an_expression_names_only_what_there_is(owner: str, expression: str) -> None:
    named = metrics_in(expression)
    assert named and named <= NAMES.keys() | OWN | SERVERS.keys(), owner
    known = TARGET.union(*(NAMES.get(name, SERVERS.get(name, frozenset())) for name in named))
    assert labels_in(expression) <= known, owner


def test_every_metric_is_asked_for_somewhere() -> None:
    """What nobody looks at need not be measured."""
    asked = {name for _, expression in expressions() for name in metrics_in(expression)}
    idle = {name for name in NAMES if not name.endswith(("_sum", "_count", "_bucket"))} - asked
    assert idle == set()


def test_kafka_is_told_to_give_what_is_asked_of_it() -> None:
    """The exporter's rules, by the names that Kafka has for its figures."""
    rules = yaml.safe_load((PROMETHEUS / "kafka_jmx.yml").read_text("utf-8"))["rules"]
    given = {
        rule["name"].replace("$1", one).lower()
        for rule in rules
        for one in rule["pattern"].partition("name=(")[2].partition(")")[0].split("|")
    }
    assert set(EXPORTERS["kafka"]) <= given
    groups = yaml.safe_load((PROMETHEUS / "servers.yml").read_text("utf-8"))
    assert {group["labels"]["job"] for group in groups} == set(EXPORTERS)
    assert not any(group["targets"] for group in groups), "those of compose.yaml have none"


def test_every_expression_parses(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{n}", "expr": expression} for n, (_, expression) in enumerate(expressions())]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}))
    ended = promtool("check", "rules", file)
    assert ended.returncode == 0, ended.stderr


def test_prometheus_takes_the_configuration() -> None:
    ended = promtool("check", "config", PROMETHEUS / "prometheus.yml")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
def test_every_alert_fires_and_is_silent_at_its_edge() -> None:
    ended = promtool("test", "rules", PROMETHEUS / "alerts_test.yml")
    assert ended.returncode == 0, ended.stderr + ended.stdout


def test_every_alert_is_tried_both_ways() -> None:
    tests = yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text("utf-8"))["tests"]
    checks = [check for test in tests for check in test["alert_rule_test"]]
    names = {rule["alert"] for rule in alerts()}
    assert {check["alertname"] for check in checks if check.get("exp_alerts")} == names
    assert {check["alertname"] for check in checks if not check.get("exp_alerts")} == names


def test_every_alert_has_its_section_in_the_runbook() -> None:
    told = (PROMETHEUS / "README.md").read_text("utf-8")
    for rule in alerts():
        place, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (ROOT / place, anchor) == (PROMETHEUS / "README.md", rule["alert"].lower())
        _, found, section = told.partition(f"\n### {rule['alert']}\n")
        swedish, english = section.partition("\n#")[0].split("\n*", 1)
        assert found and "**Betyder**" in swedish and len(english) > 80, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket", "info"}


def test_the_dashboard_speaks_both_languages_and_overlaps_nowhere() -> None:
    squares: set[tuple[int, int]] = set()
    for panel in panels():
        assert panel["title"] and panel["description"]
        place = panel["gridPos"]
        rows, columns = range(place["y"], place["y"] + place["h"]), range(place["x"], place["x"] + place["w"])
        taken = {(row, column) for row in rows for column in columns}
        assert squares.isdisjoint(taken) and max(columns) < 24
        squares |= taken
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_grafana_finds_its_source_and_dashboard() -> None:
    [source] = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yaml").read_text())["datasources"]
    asked = {
        found["datasource"]["uid"]
        for panel in panels()
        for found in (panel, *panel.get("targets", ()))
        if "datasource" in found
    }
    assert asked == {source["uid"]}
    [provider] = yaml.safe_load((GRAFANA / "provisioning/dashboards/samband.yaml").read_text())["providers"]
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))["services"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in services["grafana"]["volumes"]
    assert "./prometheus:/etc/prometheus:ro" in services["prometheus"]["volumes"]
    [targets] = yaml.safe_load((PROMETHEUS / "targets.yml").read_text())
    for target in targets["targets"]:
        name, _, port = target.partition(":")
        assert services[name]["command"][-1] == f"0.0.0.0:{port}"
    assert json.loads((GRAFANA / "dashboards/samband.json").read_text("utf-8"))["uid"] == "samband"
