"""18-closed-streams: what a service manager closes is no fault of samband's; 15: nor is a device that is full."""

import subprocess
from pathlib import Path

import pytest
from test_cli_process import COMMAND, ROOT, one_line

pytestmark = pytest.mark.slow
"""Each starts processes."""

FILE = Path(__file__).parent / "18-closed-streams" / "in.jsonl"


def closed(redirection: str, *arguments: object, lang: str = "en") -> tuple[int, str, str]:
    """Run a command as a shell does with streams closed or led elsewhere: exit status, stdout and stderr."""
    line = ["sh", "-c", f'exec "$@" {redirection}', "sh", *COMMAND, *map(str, arguments), "--lang", lang]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    return done.returncode, done.stdout, done.stderr


def forwarded(data: Path) -> int:
    status, out, _ = closed("", "audit", "show", "--data", data, "--json")
    assert status == 0
    return len(out.splitlines())


@pytest.mark.parametrize("more", [["--json"], []], ids=["json", "people"])
def test_a_closed_stderr_is_no_answer_of_no(tmp_path: Path, more: list[str]) -> None:
    status, out, _ = closed("2>&-", "run", FILE, "--data", tmp_path / "data", *more)
    assert status == 0
    assert out
    assert forwarded(tmp_path / "data") == 2


@pytest.mark.parametrize("more", [["--json"], []], ids=["json", "people"])
def test_with_stdout_closed_all_is_done(tmp_path: Path, more: list[str]) -> None:
    status, _, err = closed(">&-", "run", FILE, "--data", tmp_path / "data", *more)
    assert (status, "fault" in err) == (0, False)
    assert forwarded(tmp_path / "data") == 2


@pytest.mark.parametrize("command", ["run", "check", "send"])
def test_without_stdin_there_is_no_input(tmp_path: Path, command: str) -> None:
    sender = ("--as", "polismyndigheten") if command == "send" else ()
    status, out, err = closed("<&-", command, "-", *sender, "--data", tmp_path / "data")
    assert (status, out) == (2, "")
    assert "no input" in one_line(err)
    assert "ingen indata" in closed("<&-", command, "-", *sender, "--data", tmp_path / "data", lang="sv")[2]


def test_with_all_three_closed_no_file_takes_their_numbers(tmp_path: Path) -> None:
    status, _, _ = closed("<&- >&- 2>&-", "run", FILE, "--data", tmp_path / "data", "--json")
    assert status == 0
    assert forwarded(tmp_path / "data") == 2
    assert closed("", "audit", "verify", "--data", tmp_path / "data")[0] == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
@pytest.mark.parametrize("more", [["--json"], []], ids=["json", "people"])
def test_a_full_stdout_is_told_and_a_full_stderr_is_not(tmp_path: Path, more: list[str]) -> None:
    status, _, err = closed(">/dev/full", "run", FILE, "--data", tmp_path / "data", *more)
    assert status == 2
    assert "no room on the disk: make room and run again" in one_line(err)
    status, _, _ = closed("2>/dev/full", "run", FILE, "--data", tmp_path / "data", *more)
    assert status == 0


def test_a_file_s_name_is_not_echoed_raw(tmp_path: Path) -> None:
    """A name with control signs is written out, and the line stays one."""
    odd = "\x1b]0;owned\x07\u202e\n\x9b31mx"
    status, _, err = closed("", "run", tmp_path / odd, "--data", tmp_path / "data")
    assert status == 2
    assert not any(sign in one_line(err) for sign in "\x1b\x07\u202e\x9b")
    assert "\\x1b" in err
