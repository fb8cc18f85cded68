"""15-disk-full: no room is said as no room, wherever it runs out; nothing is lost, and a run goes on later."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_cli_process import COMMAND, ROOT, one_line

pytestmark = pytest.mark.slow
"""Each starts processes."""

CASE = (Path(__file__).parent / "15-disk-full" / "in.jsonl").read_bytes()
NO_ROOM = "no room on the disk: make room and run again"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk of one's own can be mounted here: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def samband(*arguments: object) -> tuple[int, bytes, str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SAMBAND_LANG": "en"}
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], env=environment, capture_output=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr.decode()


def many(file: Path, n: int = 400) -> Path:
    lines = (CASE.replace(b"000000002301", f"{i:012x}".encode()) for i in range(1, n + 1))
    file.write_bytes(b"".join(lines))
    return file


def filled(disk: Path, left: int = 0) -> Path:
    """Fill a disk up to a few bytes."""
    ballast = disk / "ballast"
    room = os.statvfs(disk)
    ballast.write_bytes(b"x" * max(0, room.f_bavail * room.f_bsize - left))
    return ballast


def told(status: int, err: str, place: Path) -> None:
    assert status == 2
    assert err.splitlines()[-1].endswith(NO_ROOM), err
    assert str(place) in err and "damaged" not in err and "fault" not in err


def test_the_database_s_disk(small: Path, tmp_path: Path) -> None:
    file, data = many(tmp_path / "many.jsonl"), small / "data"
    status, out, err = samband("run", file, "--data", data, "--json")
    told(status, err, data)
    one_line(err)
    assert samband("audit", "verify", "--data", data)[0] == 0
    subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
    status, out, err = samband("run", file, "--data", data, "--json")
    assert (status, len(out.splitlines())) == (0, 400)
    status, out, _ = samband("audit", "verify", "--data", data, "--json")
    assert (status, json.loads(out)["size"]) == (0, 400)


def test_the_first_file_of_all(small: Path, tmp_path: Path) -> None:
    filled(small)
    status, _, err = samband("run", many(tmp_path / "one.jsonl", 1), "--data", small / "data", "--json")
    told(status, err, small)


def test_what_a_command_writes(small: Path, tmp_path: Path) -> None:
    """An export and a report are whole or not there."""
    data = tmp_path / "data"
    samband("run", many(tmp_path / "many.jsonl", 60), "--data", data, "--json")
    filled(small, left=8192)
    for command in (
        ("audit", "export", "--out", small / "export.jsonl"),
        ("report", "--year", 2026, "--out", small / "page.html"),
    ):
        status, _, err = samband(*command, "--data", data)
        told(status, err, small)
        assert sorted(path.name for path in small.iterdir()) == ["ballast"]


def test_a_sample(small: Path) -> None:
    filled(small, left=8192)
    status, _, err = samband("sample", "--county", "01", "--messages", 50, "--out", small / "sample")
    told(status, err, small)
    one_line(err)


def test_marks_of_what_is_fetched(small: Path, tmp_path: Path) -> None:
    data = small / "data"
    subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
    samband("run", many(tmp_path / "many.jsonl", 200), "--data", data, "--json")
    filled(small)
    status, out, err = samband("inbox", "kommun-0127", "--data", data, "--json")
    told(status, err, data)
    assert out == b""


def test_keys(small: Path) -> None:
    filled(small)
    status, _, err = samband("policy", "keys", "--key", small / "key")
    told(status, err, small)
    assert sorted(path.name for path in small.iterdir()) == ["ballast"]
