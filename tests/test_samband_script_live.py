"""`deploy/local/samband.sh`: a cluster from nothing, each program with its own secrets; what is wrong is said."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live import SCRIPT, Servers, postgres_admin, wipe
from streams import until

pytestmark = [pytest.mark.slow, pytest.mark.faults]  # it takes servers down: alone

SAMBAND = SCRIPT.with_name("samband.sh")
ROOT = SCRIPT.parents[2]
PROGRAMS = ("worker-1", "worker-2", "ledger", "agents", "reconcile")
ALONE = ("tokens", "review")
"""Programs without a login to Kafka."""
Script = Callable[..., subprocess.CompletedProcess[str]]
FIRST = [{"authority": "skola-ett", "name": "Skola ett", "kind": "school", "principal": "kommun-0127"}]
SECOND = [*FIRST, {"authority": "skola-tva", "name": "Skola två", "kind": "school", "principal": "kommun-0127"}]


@pytest.fixture
def samband_sh(servers: Servers) -> Iterator[Script]:
    """The script on these servers, on which nothing was before."""
    wipe(servers)
    with postgres_admin(servers) as connection:
        connection.execute("DROP DATABASE IF EXISTS samband WITH (FORCE)")
    for name in ("keys", "log-key", "credentials", "reconcile"):
        shutil.rmtree(servers.run / name, ignore_errors=True)
    servers.script("up", "postgres")

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("SAMBAND_")}
        own |= {"SAMBAND_PROGRAM": str(ROOT / ".venv/bin/samband"), "SAMBAND_LANG": "en"}
        command = [SAMBAND, "--run", servers.run, *map(str, arguments)]
        return subprocess.run(command, env=own | environment, capture_output=True, text=True, check=False)

    try:
        yield run
    finally:
        run("down")
        servers.script("up")


def environment(servers: Servers, program: str) -> dict[str, str]:
    """Of a program that runs."""
    number = (servers.run / program / "pid").read_text().strip()
    pairs = Path(f"/proc/{number}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if pair.startswith("SAMBAND_"))


def test_a_cluster_from_nothing(samband_sh: Script, servers: Servers, tmp_path: Path) -> None:
    register = tmp_path / "register.json"
    register.write_text(json.dumps(FIRST))
    up = samband_sh("--register", register, "up", SAMBAND_PROFILE="conformance")
    assert up.returncode == 0, up.stderr
    assert [line.split()[:2] for line in up.stdout.splitlines()[-8:]] == [
        [name, "up"] for name in ("witness", *PROGRAMS, *ALONE)
    ]

    # one secret for one program
    admin = {value for name, value in servers.settings.items() if "ADMIN_PASSWORD" in name}
    seen = {program: environment(servers, program) for program in PROGRAMS}
    for program, told in seen.items():
        service = program.partition("-")[0]
        assert told["SAMBAND_KAFKA_USER"] == f"samband.{service}"
        assert not admin & set(told.values())
        assert ("SAMBAND_OPA_TOKEN" in told) == (service == "worker")
        assert ("SAMBAND_KEYS" in told) == (service in ("worker", "reconcile"))
        assert ("SAMBAND_LOG_KEYS" in told) == (service == "ledger")
        assert f"//samband_{service}:" in told.get("SAMBAND_POSTGRES_URL", f"//samband_{service}:")
    assert "SAMBAND_POSTGRES_URL" not in seen["reconcile"]
    assert sorted(file.name for file in (servers.run / "keys").iterdir()) == ["contents.key", "log.vkey", "token.key"]

    # what is said at the start, and nothing that cries wolf
    for program in PROGRAMS:
        log = (servers.run / program / "log").read_text("utf-8")
        assert re.search(r"^20\d\d-\d\d-\d\dT[\d:.]+Z INFO \w+: started: samband \d", log, re.M), log
        assert "ERROR" not in log and "\x1b" not in log

    # what ends comes back by itself, killed or told to; what is to be put right first does not, nor does it spin
    before = {program: (servers.run / program / "pid").read_text() for program in ("reconcile", "tokens")}
    os.kill(int(before["reconcile"]), signal.SIGKILL)
    counted = servers.run / "tokens" / "counted"
    (servers.run / "tokens" / "run").write_text(
        f"#!/bin/sh\necho >>{counted}\n[ $(wc -l <{counted}) -lt 3 ] && exit 70\nexit 2\n"
    )
    os.kill(int(before["tokens"]), signal.SIGTERM)
    number = (servers.run / "reconcile" / "pid").read_text
    until(number, lambda now: now not in ("", before["reconcile"]))
    until(lambda: counted.exists() and counted.read_text(), lambda lines: lines == "\n" * 3)
    until(lambda: samband_sh("check").stdout, lambda seen: re.search(r"^reconcile +up ", seen, re.M))
    assert counted.read_text() == "\n" * 3
    assert re.search(r"^tokens +down ", samband_sh("check").stdout, re.M)

    # the profile stays, whatever server is started anew
    servers.script("down", "kafka")
    servers.script("up", "kafka")
    assert "SAMBAND_PROFILE=conformance" in (servers.run / "env").read_text().splitlines()
    samband_sh("restart", "worker-1")  # its status tells of all programs, some of which still look for Kafka
    until(lambda: samband_sh("check").stdout, lambda seen: re.search(r"^worker-1 +up ", seen, re.M))
    assert environment(servers, "worker-1")["SAMBAND_PROFILE"] == "conformance"

    # what can't be used is not kept, and stops nothing that works
    refused = samband_sh("--register", tmp_path / "none.json", "restart", "worker-1")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    refused = samband_sh("up", SAMBAND_PROFILE="locale")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)

    # a register that is announced is gone by without a restart
    register.write_text(json.dumps(SECOND))
    assert "worker-1  stale" in samband_sh("check").stdout

    # a password that was renewed is seen, where a program runs with the one before; a file that says where Kafka was
    credentials = servers.run / "credentials"
    renewed = ("--register", register, "--credentials", credentials, "--rotate", "samband.ledger")
    assert samband_sh("do", "provision", *renewed).returncode == 0
    told = until(lambda: samband_sh("check").stdout, lambda seen: "another register" not in seen)
    assert re.findall(r"^(\S+) +stale .*started with other settings: samband.sh restart", told, re.M) == ["ledger"]
    police = credentials / "polismyndigheten.env"
    police.write_text(police.read_text().replace("SAMBAND_KAFKA_BOOTSTRAP=127.0.0.1", "SAMBAND_KAFKA_BOOTSTRAP=moved"))
    ledger = (servers.run / "ledger" / "pid").read_text()

    # a program with another register is seen, and goes by the new one; what has other settings is started anew
    other = tmp_path / "other.json"
    other.write_text(json.dumps([*SECOND, FIRST[0] | {"authority": "skola-tre"}]))
    told = samband_sh("--register", other, "check")
    assert told.returncode == 1
    assert "worker-1  stale" in told.stdout and "another register: samband.sh up" in told.stdout
    before = (servers.run / "worker-1" / "pid").read_text()
    up = samband_sh("up")
    assert up.returncode == 0, up.stderr
    assert (servers.run / "worker-1" / "pid").read_text() == before
    assert (servers.run / "ledger" / "pid").read_text() != ledger
    assert "SAMBAND_KAFKA_BOOTSTRAP=127.0.0.1" in police.read_text()
    assert (servers.run / "credentials" / "skola-tre.env").exists()
    assert (servers.run / "provision.log").read_text().count("samband provision") == 2

    # each command with what it needs; and a reader can change nothing
    assert samband_sh("do", "audit", "verify", "--data", "postgres").returncode in (0, 1)
    assert samband_sh("do", "reconcile", "--once").returncode == 0
    assert samband_sh("restart", "nobody").returncode == 2

    # why a program is not ready
    samband_sh("down")
    servers.script("down", "opa")
    up = samband_sh("up", SAMBAND_WAIT="20")
    assert up.returncode == 2
    assert "worker-1 waits for: opa" in up.stderr and "not ready: opa (the policy server" in up.stderr
