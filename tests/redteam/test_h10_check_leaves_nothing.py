"""H10: `check`, told to stop, left the signing key and all messages in the system's temporary folder."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest
from attacks import KID, POL, REGISTER, SOC, Town, message
from lines import line
from test_cli_process import COMMAND, ROOT

pytestmark = pytest.mark.slow
"""Each starts processes."""


def request(n: int, need: str = "Se ärendet.") -> bytes:
    body = {"purpose": "prevent", "need": need, "subject": KID, "categories": ["housing"], "urgency": "routine"}
    return line(message("InformationRequest", POL, SOC, body, case=f"K-{n}")) + b"\n"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_whatever_ends_it(town: Town, number: signal.Signals) -> None:
    town.run(*(request(n, "x" * 2000) for n in range(1500)))  # more than is kept in memory
    elsewhere = town.place / "tmp"
    elsewhere.mkdir()
    before = files(town.data)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(elsewhere), "SQLITE_TMPDIR": str(elsewhere)}
    heeding = ["env", "--default-signal"]  # also where whoever started the tests ignores a signal, as nohup does
    command = [*heeding, *COMMAND, "check", "-", "--register", REGISTER, "--data", town.data, "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        assert process.stdin and process.stdout
        process.stdin.write(b"".join(request(n) for n in range(300)))
        process.stdin.flush()
        assert process.stdout.readline()
        nameless = [f for f in Path(f"/proc/{process.pid}/fd").iterdir() if "(deleted)" in str(f.readlink())]
        assert {Path(str(file.readlink())).parent for file in nameless} == {town.data}
        assert {stat.S_IMODE(file.stat().st_mode) for file in nameless} == {0o600}
        assert files(town.data) == before and files(elsewhere) == {}
        process.send_signal(number)
        process.stdout.read()
    assert files(town.data) == before
    assert list(elsewhere.iterdir()) == []


def test_the_signing_key_is_not_even_read(town: Town) -> None:
    town.run(request(1))
    (town.data / "keys" / "log.key").unlink()
    assert town.samband("check", "-", "--json", stdin=request(2)).objects[0]["outcome"] == "forward"


def test_what_was_left_before_it_had_no_name_is_swept(town: Town) -> None:
    town.run(request(1))
    left = town.data / "etilqs_0123456789abcdef"
    left.touch(0o600)
    town.samband("check", "-", "--json", stdin=request(2))
    assert not left.exists()


def test_what_lies_in_the_folder_is_for_its_owner_alone(town: Town) -> None:
    town.data.mkdir(0o755)
    umask = os.umask(0)
    try:
        town.run(request(1))
        town.inbox(SOC)
        open_to_others = [path for path in town.data.rglob("*") if path.stat().st_mode & 0o077]
    finally:
        os.umask(umask)
    assert {path.name for path in open_to_others} <= {"log.vkey", "log.size"}  # public, both: a key and a signed note
