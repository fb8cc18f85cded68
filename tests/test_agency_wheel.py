"""The agency's side as it is installed: its wheel alone, in an environment where nothing of the broker is."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

SIDE = Path(__file__).parents[1] / "agents" / "agency"

pytestmark = pytest.mark.slow

WORKS = """
import json, sys, pathlib, samband_agency
from functools import partial
from samband_agency import Agency, Kafka, kafka_connection
from samband_agency.conformance import examine, staged
from samband_agency.samples import Sample
system = staged(partial(Sample, "school"), "skola-1", "school", "rektor")
passed = [result.passed for result in examine(system, human=True)]
rooms = sorted({name.split(".")[0] for name in sys.modules})
print(json.dumps({"passed": passed, "rooms": rooms, "file": samband_agency.__file__}))
"""


def ran(*line: object, folder: Path) -> str:
    """A command's output, in a process that sees nothing of this repository."""
    ended = subprocess.run(
        [*map(str, line)], cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_wheel_alone(tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(tmp_path), str(SIDE)], check=True)
    [wheel] = tmp_path.glob("samband_agency-*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    own = tmp_path / "venv" / "bin"
    subprocess.run([str(own / "python"), *pip[1:], "install", str(wheel)], check=True)
    installed = json.loads(ran(own / "python", "-m", "pip", "list", "--format", "json", folder=tmp_path))
    assert {found["name"] for found in installed} - {"pip", "setuptools"} == {
        *("samband-agency", "kafka-python", "cryptography", "cffi", "pycparser"),
    }
    told = json.loads(ran(own / "python", "-c", WORKS, folder=tmp_path))
    assert told["passed"] == [True] * 14
    assert Path(told["file"]).is_relative_to(tmp_path)
    assert "kafka" in told["rooms"] and not {"broker", "agents"} & set(told["rooms"])
    template = ran(own / "samband-agency", "template", folder=tmp_path)
    (tmp_path / "our_adapter.py").write_text(template, "utf-8")
    line = (own / "samband-agency", "check", "our_adapter:OurAdapter", "--as", "skola-1")
    assert ran(*line, folder=tmp_path).endswith("15 passed, 0 failed\n")
