"""What programs say when they are asked, or a Prometheus server for them: one that does not answer is told as away."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from math import isnan
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from broker.ports.operations import Alert, Program, Silence

_PATIENCE = 2.0
"""Seconds that each may take."""
_MOST = 8 * 1024 * 1024
_OPENER = build_opener(ProxyHandler({}))  # what is asked here is on the operator's own net
_MOMENT = "_timestamp_seconds"
_NAME = re.compile("[a-z]{1,20}")
_MOST_AWAY = 10


def program(name: str, address: str) -> Program:
    """A program at its address (as `--metrics` serves it); one whose loop stands still answers nothing of worth.

    One that has no metrics is told as answering, no more.
    """
    status, exposed = _ask(f"{address}/metrics")
    if status is None:
        return Program(name, answers=False)
    try:
        families = list(text_string_to_metric_families(exposed)) if status == 200 else []
    except ValueError:
        families = []
    infos = {family.name: sample.labels for family in families for sample in family.samples}
    stuck = _ask(f"{address}/live")[0] == 503
    status, ready = _ask(f"{address}/ready")
    return Program(
        name,
        answers=status is not None and not stuck,
        away=tuple(filter(_NAME.fullmatch, ready.split()))[:_MOST_AWAY] if status == 503 else (),
        version=infos.get("samband_program_info", {}).get("version"),
        law=infos.get("samband_policy_info", {}).get("revision"),
        register=infos.get("samband_register_info", {}).get("revision"),
        lags=_lags(families),
        measured=_measured(families),
    )


def alerts(address: str) -> Sequence[Alert] | None:
    """The alerts that fire, of a Prometheus server; None: it does not answer."""
    answer = _ask_json(f"{address}/api/v1/alerts")
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        return [_alert(one) for one in answer["data"]["alerts"] if one["state"] == "firing"]
    return None


def silences(address: str) -> Sequence[Silence] | None:
    """What an Alertmanager is told to be silent about; None: it does not answer."""
    answer = _ask_json(f"{address}/api/v2/silences")
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        return [_silence(one) for one in answer if one["status"]["state"] == "active"]
    return None


def figures(address: str, queries: Mapping[str, str]) -> Mapping[str, float]:
    """The values of PromQL expressions by their names; one without a value is left out."""
    values: dict[str, float] = {}
    for name, query in queries.items():
        answer = _ask_json(f"{address}/api/v1/query?{urlencode({'query': query})}")
        with suppress(KeyError, IndexError, TypeError, ValueError):
            value = float(answer["data"]["result"][0]["value"][1])
            if not isnan(value):  # nothing was measured
                values[name] = value
    return values


def _alert(one: Any) -> Alert:
    labels = {str(name): str(value) for name, value in one["labels"].items()}
    since, value = datetime.fromisoformat(one["activeAt"]), float(one["value"])
    return Alert(labels.pop("alertname"), labels.pop("severity", ""), since, value, labels)


def _silence(one: Any) -> Silence:
    names = tuple(str(match["value"]) for match in one["matchers"] if match["name"] == "alertname")
    return Silence(names, datetime.fromisoformat(one["endsAt"]))


def _lags(families: Sequence[Metric]) -> Mapping[str, float]:
    samples = (sample for family in families for sample in family.samples if sample.name == "samband_lag_messages")
    return {sample.labels["service"]: sample.value for sample in samples if "service" in sample.labels}


def _measured(families: Sequence[Metric]) -> Mapping[str, float]:
    values: dict[str, float] = {}
    for family in families:
        if family.type != "gauge" or not family.name.startswith("samband_"):
            continue
        for sample in family.samples:
            before = values.get(sample.name)
            if sample.name.endswith(_MOMENT):
                values[sample.name] = sample.value if before is None else min(before, sample.value)
            else:
                values[sample.name] = sample.value + (before or 0)
    return values


def _ask(address: str) -> tuple[int | None, str]:
    """Status and text of what is there; no status: nobody answers in time."""
    try:
        with _OPENER.open(address, timeout=_PATIENCE) as answer:
            return answer.status, answer.read(_MOST).decode("utf-8", "replace")
    except HTTPError as error:
        with error:
            return error.code, error.read(_MOST).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None, ""


def _ask_json(address: str) -> Any:
    _, text = _ask(address)
    with suppress(ValueError):
        return json.loads(text)
    return None
