"""Units of systemd: each program with its own secrets alone, hardened, started again unless it is set up wrong."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from configparser import RawConfigParser
from pathlib import Path

import pytest

from broker.cli import WRONG
from broker.cli.stop import BROKEN

FOLDER = Path(__file__).parents[1] / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("samband-*.service"))
EXPOSURE = 2.2
SECRETS = {
    "worker@": {"kafka.env", "postgres.env", "opa.env", "token.key"},
    "ledger": {"kafka.env", "postgres.env"},
    "agents": {"kafka.env", "postgres.env"},
    "reconcile": {"kafka.env", "token.key"},
    "tokens": {"token.key"},
    "review": {"postgres.env"},
    "desk@": {"kafka.env"},
    "serve": set(),
    "opa": {"opa.env"},
}
"""As the table of deploy/README.md; the log's key lies with the ledger, in its own folder."""


def name(unit: Path) -> str:
    return unit.stem.removeprefix("samband-")


def service(unit: Path) -> Mapping[str, list[str]]:
    """The lines of [Service], with those that all have in common."""
    lines: dict[str, list[str]] = {}
    for file in (unit, FOLDER / "samband-.service.d" / "hardening.conf"):
        section = file.read_text("utf-8").partition("[Service]")[2].partition("\n[")[0]
        for key, value in re.findall(r"^(\w+)=(.*)$", section, re.M):
            lines.setdefault(key, []).append(value)
    return lines


def test_each_program_has_its_own_account_and_secrets() -> None:
    assert {name(unit) for unit in UNITS} == set(SECRETS)
    accounts = re.findall(r"^u (\S+)", (FOLDER / "samband.sysusers").read_text("utf-8"), re.M)
    for unit in UNITS:
        lines, program = service(unit), name(unit).rstrip("@")
        loaded = [line.partition(":") for line in lines.get("LoadCredential", ())]
        assert {credential for credential, *_ in loaded} == SECRETS[name(unit)]
        assert all(path.startswith(f"/etc/samband/{program}/") for *_, path in loaded)
        assert lines["User"] == [f"samband-{program}"] and lines["User"][0] in accounts
        assert "SAMBAND_LOG_KEYS" in " ".join(lines.get("Environment", ())) or program != "ledger"
        command = lines["ExecStart"][0].split()
        assert command[0] == "/usr/lib/samband/samband-run"
        assert program == "opa" or command[1:3] == ["/usr/bin/samband", program]


@pytest.mark.parametrize("unit", UNITS, ids=name)
def test_what_is_set_up_wrong_does_not_spin_and_all_else_comes_back(unit: Path) -> None:
    lines = service(unit)
    assert lines["Restart"] == ["always"] and lines["RestartPreventExitStatus"] == [f"1 {WRONG}"]
    assert str(BROKEN) not in lines["RestartPreventExitStatus"][0].split()
    common = RawConfigParser(strict=False)
    common.read(FOLDER / "samband-.service.d" / "hardening.conf")
    assert common["Unit"]["StartLimitIntervalSec"] == "0", "servers may be away for long"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
@pytest.mark.parametrize("unit", UNITS, ids=name)
def test_systemd_finds_it_hardened(unit: Path) -> None:
    """With its drop-ins. What it says of one that is not is the table of what is open."""
    line = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE * 10:.0f}", str(unit)]
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "hardening" not in ended.stderr and "Unknown" not in ended.stderr, ended.stderr
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", ended.stdout)
    assert level is not None and float(level[1]) <= EXPOSURE


def test_a_program_gets_its_credentials_and_nobody_else_its_keys(tmp_path: Path) -> None:
    credentials, runtime = tmp_path / "credentials", tmp_path / "runtime"
    for folder in (credentials, runtime):
        folder.mkdir()
    (credentials / "kafka.env").write_text("SAMBAND_KAFKA_USER='samband.worker'\n")
    (credentials / "token.key").write_text("key\n")
    (credentials / "token.key").chmod(0o440)  # as systemd has it, where it gives a user access by a list
    environment = {
        "CREDENTIALS_DIRECTORY": str(credentials),
        "RUNTIME_DIRECTORY": str(runtime),
        "PATH": "/usr/bin:/bin",
    }
    line = [str(FOLDER / "samband-run"), "sh", "-c", "echo $SAMBAND_KAFKA_USER $SAMBAND_KEYS $1", "sh", "worker"]
    ended = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["samband.worker", str(runtime), "worker"]
    assert (runtime / "token.key").stat().st_mode & 0o777 in (0o400, 0o600)
