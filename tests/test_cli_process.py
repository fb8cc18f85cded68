"""What a real process shows: exit status, one line on stderr, the lock, a closed pipe, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command import MESSAGES, REGISTER
from command import samband as in_process
from lines import line, request

from broker.pipeline.decode import MAX_BYTES

pytestmark = pytest.mark.slow
"""Each starts processes."""

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "broker.cli")


def start(*arguments: object, **streams: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.Popen([*COMMAND, *map(str, arguments)], env=environment, **streams)  # type: ignore[call-overload, no-any-return]


def samband(*arguments: object, given: bytes = b"") -> tuple[int, str, str]:
    """Exit status, stdout and stderr."""
    pipe = subprocess.PIPE
    with start(*arguments, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        out, err = process.communicate(given, timeout=240)
        return process.returncode, out.decode(), err.decode()


def one_line(err: str) -> str:
    assert err.startswith("samband: ") and err.endswith("\n") and err.count("\n") == 1, err
    return err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that is not made yet."""
    return tmp_path / "data"


def test_run_ends_with_0_and_only_receipts_on_stdout(folder: Path) -> None:
    status, out, err = samband("run", MESSAGES, *REGISTER, "--data", folder, "--json")
    assert status == 0
    assert [json.loads(row)["outcome"] for row in out.splitlines()].count("quarantine") == 1
    assert "1 i karantän" in err


def test_help_is_on_stdout() -> None:
    for arguments in ((), ("audit", "verify", "--help")):
        status, out, err = samband(*arguments)
        assert (status, err) == (0, "")
        assert "Så här: samband" in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("nothing",), "No such command"),
        (("audit",), "Missing command"),
        (("run",), "Missing argument"),
        (("run", MESSAGES, "--nothing"), "No such option"),
        (("run", MESSAGES, "--lang", "de"), "--lang"),
        (("run", "no/such/file"), "can't be read: No such file or directory"),
        (("run", ROOT), "can't be read: Is a directory"),
        (("run", MESSAGES, "--register", "no/such/file"), "no/such/file: can't be read"),
        (("run", MESSAGES, "--register", MESSAGES), "a register is a list"),
        (("inbox", "polismyndigheten"), "holds no data yet"),
        (("audit", "verify"), "holds no data yet"),
        (("replay",), "holds no data yet"),
    ],
)
def test_what_is_wrong_is_one_line_and_2(folder: Path, arguments: tuple[object, ...], why: str) -> None:
    takes_data = len(arguments) > 1 or arguments == ("replay",)
    ended = in_process("--lang", "en", *arguments, *(("--data", folder) if takes_data else ()))
    assert (ended.status, ended.out) == (2, "")
    assert why in one_line(ended.err)
    assert not folder.exists()


def test_so_it_is_in_a_real_process(folder: Path) -> None:
    status, out, err = samband("run", MESSAGES, "--lang", "de", "--data", folder)
    assert (status, out) == (2, "")
    assert "--lang" in one_line(err)


def test_keys_that_are_open_to_others(folder: Path) -> None:
    samband("run", "-", "--data", folder, "--json")
    (folder / "keys" / "token.key").chmod(0o644)
    status, _, err = samband("run", "-", "--data", folder)
    assert status == 2
    assert "chmod 600" in one_line(err)


def test_a_database_that_is_none(folder: Path) -> None:
    samband("run", "-", "--data", folder, "--json")
    (folder / "samband.db").write_bytes(b"not a database" * 100)
    for command in (("run", "-"), ("audit", "verify"), ("audit", "show")):
        status, out, err = samband(*command, "--data", folder)
        assert (status, out) == (2, "")
        assert "samband.db" in one_line(err)


def test_a_second_writer_is_told_to_wait_and_readers_are_not(folder: Path) -> None:
    pipe = subprocess.PIPE
    with start("send", "-", "--as", "polismyndigheten", "--data", folder, "--json", stdin=pipe, stdout=pipe) as first:
        assert first.stdin is not None and first.stdout is not None
        first.stdin.write(line(request(1)) + b"\n")  # long ago by the clock: quarantined, but at once
        first.stdin.flush()
        assert json.loads(first.stdout.readline())["error"]["code"] == "clock_skew"
        status, out, err = samband("run", MESSAGES, "--data", folder)
        assert (status, out) == (2, "")
        assert "en annan samband skriver här" in one_line(err)
        assert samband("audit", "verify", "--data", folder)[0] == 0
        assert samband("check", MESSAGES, "--data", folder)[0] == 0
        first.stdin.close()
        first.stdout.read()
        assert first.wait(60) == 0


def test_a_closed_stdout_ends_quietly(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_bytes(b"".join(line(request(n)) + b"\n" for n in range(1, 401)))
    for more in (("--json",), ()):
        reading, writing = os.pipe()
        os.close(reading)
        with start("run", file, "--data", folder, *more, stdout=writing, stderr=subprocess.PIPE) as process:
            os.close(writing)
            assert process.stderr is not None
            assert process.stderr.read() == b""
            assert process.wait(60) == 141
    assert samband("audit", "verify", "--data", folder)[0] == 0


def test_ctrl_c_leaves_what_was_committed(folder: Path) -> None:
    pipe = subprocess.PIPE
    with start("run", "-", "--data", folder, "--json", stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        for n in range(1, 251):
            process.stdin.write(line(request(n)) + b"\n")
        process.stdin.flush()
        first = process.stdout.readline()  # a whole batch is durable; the rest waits for more
        process.send_signal(signal.SIGINT)
        # Not communicate(): it reads past what readline() has buffered.
        receipts = (first + process.stdout.read()).splitlines()
        err = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "avbrutet efter" in one_line(err.decode())
    status, told, _ = samband("audit", "verify", "--data", folder, "--json")
    assert status == 0
    assert json.loads(told)["size"] == len(receipts) >= 200


def test_a_line_that_is_too_long_is_not_held(folder: Path) -> None:
    given = b'{"id": "' + b"x" * (8 * MAX_BYTES) + b'"}\n' + line(request(1)) + b"\n"
    status, out, _ = samband("run", "-", "--data", folder, "--json", given=given)
    receipts = [json.loads(row) for row in out.splitlines()]
    assert status == 0
    assert [receipt.get("error", {}).get("code") for receipt in receipts] == ["too_large", None]


def test_no_personal_data_on_stderr(folder: Path) -> None:
    secret = "201103042386"
    given = line(request(1)).replace(b'"personnummer"', b'"passport"') + b"\n"
    status, out, err = samband("run", "-", "--data", folder, "--json", given=given)
    assert status == 0
    assert secret in given.decode()
    assert secret not in out + err
    assert "passport" not in out + err
