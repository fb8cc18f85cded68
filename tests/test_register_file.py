"""A register file is read again when it changes, by all who hold it; one that can't be used changes nothing."""

import json
import logging
from hashlib import sha256
from pathlib import Path

import pytest

from broker.adapters.files.register_file import RegisterFile
from broker.adapters.prometheus.metrics import PrometheusMetrics
from broker.authorities import RegisterError


def written(path: Path, *names: str) -> str:
    """The file with these schools; what `sha256sum` says of it."""
    schools = [{"authority": name, "name": name, "kind": "school", "principal": "kommun-0127"} for name in names]
    path.write_text(json.dumps(schools))
    return sha256(path.read_bytes()).hexdigest()


def revision(metrics: PrometheusMetrics) -> str | None:
    shown = [family for family in metrics.registry.collect() if family.name == "samband_register"]
    return next((sample.labels["revision"] for family in shown for sample in family.samples), None)


def test_a_newcomer_is_known_without_a_restart(tmp_path: Path) -> None:
    path, metrics = tmp_path / "register.json", PrometheusMetrics()
    first = written(path, "skola-a")
    file = RegisterFile(path, metrics)
    holder = file.register
    file.look()
    assert (file.revision, revision(metrics)) == (first, first)
    assert holder.find("skola-b") is None
    second = written(path, "skola-a", "skola-b")
    file.look()
    assert holder.find("skola-b") is not None and holder.find("skola-a") is not None
    assert (file.revision, revision(metrics)) == (second, second)


@pytest.mark.parametrize("content", [b"[{", b'[{"authority": "x"}]', None])
def test_a_file_that_cant_be_used_is_told_of_and_changes_nothing(
    tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "register.json"
    first = written(path, "skola-a")
    file = RegisterFile(path)
    path.unlink() if content is None else path.write_bytes(content)
    with caplog.at_level(logging.ERROR):
        file.look()
        file.look()
    assert file.register.find("skola-a") is not None and file.revision == first
    assert caplog.text.count("the register stays as it was") == 1
    second = written(path, "skola-c")
    file.look()
    assert file.revision == second and file.register.find("skola-a") is None


def test_without_a_file_its_revision_is_that_of_nothing(tmp_path: Path) -> None:
    assert RegisterFile(None).revision == sha256(b"").hexdigest()
    with pytest.raises(RegisterError):
        RegisterFile(tmp_path / "absent.json")
