"""The auditors' pages as `make review` opens them end at once when they are told to, however often."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from socket import socket

import pytest
from policy_tools import ROOT

pytestmark = pytest.mark.live
_ASKED = (signal.SIGINT, signal.SIGTERM, signal.SIGINT)
"""Ctrl-C, which a shell sends to `make` and to what it runs, and what `make` then says itself."""


def test_told_twice_it_ends_once_and_leaves_nothing_behind(town: Path, tmp_path: Path) -> None:
    data = shutil.copytree(town, tmp_path / "data")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "scenery.town.review", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        assert any("Ctrl-C" in said for said in iter(process.stdout.readline, ""))
        for number in _ASKED:
            process.send_signal(number)
        assert (process.stdout.read(), process.wait(300)) == ("", 0)
        assert [line.split()[1] for line in process.stderr] in ([], ["INFO"]), "that it has begun, and nothing else"
    assert [place for place in tmp_path.rglob("*") if place.is_socket()] == []
