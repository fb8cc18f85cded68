"""A register file is read again when it changes, by all who hold it; one that can't be used changes nothing."""

import json
import logging
from hashlib import sha256
from pathlib import Path

import pytest

from broker.adapters.files import register_file
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


def test_what_is_announced_holds_in_place_of_the_file(tmp_path: Path) -> None:
    path, other, metrics = tmp_path / "register.json", tmp_path / "other.json", PrometheusMetrics()
    written(path, "skola-a")
    announced = written(other, "skola-b")
    file = RegisterFile(path, metrics)
    holder = file.register
    file.adopt(other.read_bytes())
    written(path, "skola-c")
    file.look()
    assert (file.revision, revision(metrics)) == (announced, announced)
    assert [holder.find(name) is not None for name in ("skola-a", "skola-b", "skola-c")] == [False, True, False]
    with pytest.raises(RegisterError):
        file.adopt(b"[{")
    assert holder.find("skola-b") is not None


def test_who_asks_at_every_turn_has_what_the_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "register.json"
    written(path, "skola-a")
    file = RegisterFile(path)
    written(path, "skola-b")
    assert file.current.find("skola-b") is None, "looked at a moment ago"
    monkeypatch.setattr(register_file, "_FRESH", -1.0)
    assert file.current.find("skola-b") is not None


def test_without_a_file_its_revision_is_that_of_nothing(tmp_path: Path) -> None:
    assert RegisterFile(None).revision == sha256(b"").hexdigest()
    with pytest.raises(RegisterError):
        RegisterFile(tmp_path / "absent.json")
