"""14-read-only-copy: an auditor's copy on media that can't be written is read; never called damaged."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from command import samband as in_process
from test_cli_process import COMMAND, ROOT, one_line

pytestmark = pytest.mark.slow
"""Each starts processes."""

CASE = Path(__file__).parent / "14-read-only-copy" / "in.jsonl"
NOBODY = 65534
COMMANDS = {
    "audit verify": (),
    "audit show": ("--json",),
    "audit export": ("--out", "-"),
    "explain": ("0",),
    "replay": (),
    "register show": ("requests",),
    "quarantine list": (),
}


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others may enter, which pytest's own are not."""
    with TemporaryDirectory(prefix="samband-copy-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def recorded(place: Path) -> Path:
    """A folder where two messages are recorded, closed cleanly."""
    folder = place / "data"
    assert in_process("run", CASE, "--data", folder, "--json").status == 0
    return folder


def as_reader(*arguments: object, lang: str = "en") -> tuple[int, str, str]:
    """Run a command as somebody who may read all and write nothing."""
    line = [*COMMAND, *map(str, arguments)]
    if os.geteuid() == 0:
        line = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *line]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SAMBAND_LANG": lang}
    done = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=120, cwd=ROOT, check=False)
    return done.returncode, done.stdout, done.stderr


def read_only(folder: Path) -> Path:
    """The folder as it lies on media that nobody writes."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


def without_keys(folder: Path) -> Path:
    """What an auditor is given: the keys stay where they are."""
    shutil.rmtree(folder / "keys")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("left", [True, False], ids=["as it was left", "the database alone"])
def test_it_is_read(recorded: Path, command: str, left: bool) -> None:
    for name in ("samband.db-wal", "samband.db-shm"):
        if not left:
            (recorded / name).unlink(missing_ok=True)
    copy = read_only(without_keys(recorded))
    status, out, err = as_reader(*command.split(), *COMMANDS[command], "--data", copy)
    assert (status, "damaged" in err) == (0, False), err
    assert out


def test_the_report_is_made(recorded: Path, place: Path) -> None:
    copy, out = read_only(without_keys(recorded)), place / "out"
    out.mkdir()
    out.chmod(0o777)
    status, _, err = as_reader("report", "--year", 2026, "--out", out / "page.csv", "--data", copy)
    assert status == 0, err
    assert (out / "page.csv").stat().st_size > 0


def test_an_inbox_is_looked_at_and_says_what_to_do_where_it_would_mark(recorded: Path) -> None:
    copy = read_only(recorded)
    for path in (copy / "keys", *(copy / "keys").iterdir()):  # the keys are the reader's own
        path.chmod(0o500 if path.is_dir() else 0o400)
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
    status, out, err = as_reader("inbox", "kommun-0127", "--data", copy, "--json")
    assert (status, out) == (2, "")
    assert "--peek" in one_line(err) and "damaged" not in err
    status, out, _ = as_reader("inbox", "kommun-0127", "--data", copy, "--json", "--peek")
    assert (status, len(out.splitlines())) == (0, 2)


def test_what_writes_is_told_that_it_can_t(recorded: Path) -> None:
    copy = read_only(recorded)
    for command in (("run", CASE), ("send", CASE, "--as", "polismyndigheten")):
        status, out, err = as_reader(*command, "--data", copy)
        assert (status, out) == (2, "")
        assert "can't be written" in one_line(err)


def test_one_that_was_not_closed_is_to_be_copied(recorded: Path) -> None:
    """What lies in the -wal would be missed without a word, if the file alone were read."""
    with closing(sqlite3.connect(recorded / "samband.db")) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("UPDATE records SET leaf = x'00' WHERE seq = 1")
        connection.commit()
        log = (recorded / "samband.db-wal").read_bytes()
    (recorded / "samband.db-wal").write_bytes(log)
    copy = read_only(without_keys(recorded))
    status, out, err = as_reader("audit", "show", "--data", copy)
    assert (status, out) == (2, "")
    assert "copy the folder to where you may write" in one_line(err)
    assert "kopiera mappen" in as_reader("audit", "show", "--data", copy, lang="sv")[2]


def test_what_is_damaged_is_called_so(recorded: Path) -> None:
    (recorded / "samband.db").write_bytes(b"no database at all" * 500)
    status, _, err = as_reader("audit", "verify", "--data", read_only(without_keys(recorded)))
    assert status == 2
    assert "is damaged" in one_line(err)


def test_what_is_kept_under_keys_is_not_read_without_them(recorded: Path) -> None:
    copy = read_only(without_keys(recorded))
    for more in ([], ["--peek"]):
        status, out, err = as_reader("inbox", "kommun-0127", "--data", copy, "--json", *more)
        assert (status, out) == (2, "")
        assert "contents.key" in one_line(err)
