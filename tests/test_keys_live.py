"""The keys of a cluster: made once by whoever is first, never anew."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lines import POLICE, TOWN, request
from live import Emptied, Servers
from streams import Town


def keys(servers: Servers, database: str, folder: Path) -> tuple[int, str]:
    """Run `samband keys --json`: status, and what it says."""
    told = {"SAMBAND_POSTGRES_URL": database, "SAMBAND_KEYS": str(folder)}
    ended = subprocess.run(
        [sys.executable, "-m", "broker.cli", "keys", "--json"],
        env=servers.environment() | told,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_made_once_whoever_is_first(servers: Servers, database: str, tmp_path: Path) -> None:
    """Several at once in a folder that is not there yet: one pair of keys, readable by their owner alone."""
    folder = tmp_path / "keys"
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: keys(servers, database, folder), range(4)))
    assert len(found) == 1
    assert {status for status, _ in found} == {0}
    assert {path.name for path in folder.iterdir()} == {"token.key", "contents.key", "log.key", "log.vkey"}
    assert (folder / "token.key").stat().st_mode & 0o077 == 0
    assert found == {keys(servers, database, folder)}


@pytest.mark.parametrize("left", [{"log.key", "log.vkey"}, set()])
def test_never_made_anew(servers: Servers, kafka: Emptied, database: str, tmp_path: Path, left: set[str]) -> None:
    """Where a message was decided, a lost key is named; nothing takes its place."""
    folder = tmp_path / "keys"
    town = Town(kafka(POLICE, TOWN), database, folder)
    assert keys(servers, database, folder)[0] == 0
    with town.worker():
        town.send(POLICE, request(1))
        town.awaited(1, POLICE)
    for path in list(folder.iterdir()):
        if path.name not in left:
            path.unlink()
    if not left:
        shutil.rmtree(folder)
    status, told = keys(servers, database, folder)
    assert (status, "token.key: the key file is missing" in told) == (2, True)
    assert not (folder / "token.key").exists()
