"""What a run leaves when its process is stopped at any moment (design, promises 1 and 6): real processes, real signals.

`SAMBAND_RECOVERY_MESSAGES` and `SAMBAND_RECOVERY_KILLS` give the counts of the long version.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from house import Json
from lines import POLICE, closed_item, consent, disclosure, line, number, open_item, recall, request, withdrawal
from running import inputs

from broker import authorities
from broker.adapters.files.signing import KeyFileError, Verifier
from broker.adapters.sql import data_folder
from broker.adapters.sql.data_folder import DATABASE, PUBLIC_KEY, DataFolderError
from broker.adapters.sql.read_model import Archive
from broker.log.reconcile_inboxes import reconcile
from broker.log.verifier import verify
from broker.runtime import embedded

pytestmark = pytest.mark.slow

BATCH = 8


def traffic(count: int) -> Iterator[bytes]:
    """Requests, answers, registrations, repeats, reused ids and unusable lines, in turn; the same every time."""
    for n in range(1, count + 1):
        match n % 10:
            case 1 | 4 | 7:
                yield line(request(n, "housing", "health_record"))
            case 2 | 5:
                yield line(disclosure(n, open_item(), closed_item(), reply=n - 1))
            case 3:
                yield line(disclosure(n, closed_item()))
            case 6:
                yield line(request(n - 2, "housing", "health_record"))
            case 8:
                yield line(consent(n) if n % 20 == 8 else withdrawal(n))
            case 9:
                yield line(recall(n, n - 7)) if n % 20 == 9 else line(request(n - 2, "vehicle"))
            case _:
                yield b"{" + str(n).encode()


def file_of(folder: Path, count: int) -> Path:
    file = folder / "messages.jsonl"
    file.write_bytes(b"\n".join(traffic(count)) + b"\n")
    return file


def started(folder: Path, file: Path, out: int = subprocess.PIPE) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).with_name("running.py")), str(folder), str(file), str(BATCH)]
    return subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)


def recorded(folder: Path) -> int:
    """How many records another process sees; 0 before there are tables."""
    try:
        with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM records").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def stopped(folder: Path, file: Path, sign: signal.Signals, wanted: int) -> int:
    """Run until some records are there, then send the signal; the exit status."""
    with started(folder, file, out=subprocess.DEVNULL) as process:
        while process.poll() is None and recorded(folder) < wanted:
            try:
                process.wait(timeout=0.004)  # shorter than a batch, and the processor is the other's
            except subprocess.TimeoutExpired:
                continue
        process.send_signal(sign)
        process.communicate()
    return process.returncode


def finished(folder: Path, file: Path) -> list[Json]:
    """Run to the end; the receipts."""
    with embedded.embedded(folder, authorities.load()) as broker:
        return list(broker.pipeline.run(inputs(file), BATCH))


def holds(folder: Path, file: Path, receipts: list[Json]) -> None:
    """The promises, over a finished run."""
    lines = file.read_bytes().splitlines()
    with data_folder.reading(folder) as connection:
        archive = Archive(connection, data_folder.contents_key(folder))
        records = archive.records()
        vkey = (folder / embedded.PUBLIC_KEY).read_text().strip()
        report = verify(archive.stored_records(), archive.stored_checkpoints(), Verifier(vkey).open)
        moved = reconcile(archive.forwarded_deliveries(), archive.inbox_deliveries())
        handled = connection.exec_driver_sql("SELECT count(DISTINCT seq) FROM handled").scalar_one()
    assert report.ok, report.first_bad
    assert moved.ok, moved
    assert moved.agree == sum(record.leaf["receipt"]["outcome"] == "forward" for record in records) > 0
    assert [record.seq for record in records] == list(range(len(records)))
    repeats = sum(n % 10 == 6 for n in range(1, len(lines) + 1))
    assert len(receipts) == len(lines)
    assert len(records) == len(lines) - repeats == handled
    assert len({receipt["audit"]["seq"] for receipt in receipts}) == len(records)
    for receipt in receipts:
        assert receipt["audit"]["leaf"] == records[receipt["audit"]["seq"]].leaf_hash


def survives(tmp_path: Path, count: int, stops: int, sign: signal.Signals) -> None:
    """Stop a run at random moments until it has been stopped often enough; let it end, and run it again."""
    folder, file, chance = tmp_path / "data", file_of(tmp_path, count), random.Random(count)
    statuses = []
    for stop in range(stops):
        wanted = stop * count * 7 // 8 // stops + chance.randrange(2 * BATCH)
        statuses.append(stopped(folder, file, sign, wanted))
    assert 0 not in statuses, "the run was over before it was stopped"
    finished(folder, file)
    size = recorded(folder)
    receipts = finished(folder, file)
    assert recorded(folder) == size, "a rerun of a finished file recorded something"
    holds(folder, file, receipts)
    alone = tmp_path / "alone"
    undisturbed = finished(alone, file)
    assert [told["outcome"] for told in receipts] == [told["outcome"] for told in undisturbed]


def test_a_run_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Promises 1 and 6: kill -9 at six moments; each message has one record, each forwarded one its delivery."""
    survives(tmp_path, 600, 6, signal.SIGKILL)


def test_a_run_that_is_interrupted_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Promises 1 and 6: the same for Ctrl-C."""
    survives(tmp_path, 200, 2, signal.SIGINT)


def test_a_long_run_that_is_killed_often(tmp_path: Path) -> None:
    """Promises 1 and 6: as above, 1,000 messages and 8 kills unless the environment says otherwise."""
    count, stops = (os.environ.get(f"SAMBAND_RECOVERY_{name}") for name in ("MESSAGES", "KILLS"))
    survives(tmp_path, int(count or 1000), int(stops or 8), signal.SIGKILL)


def test_a_start_that_fails_can_be_made_again(tmp_path: Path) -> None:
    """A first start that is cut off after any of its steps leaves a folder that opens."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "keys").write_text("in the way")
    with pytest.raises(KeyFileError), embedded.embedded(folder, authorities.load()):
        pass
    (folder / "keys").unlink()
    with embedded.embedded(folder, authorities.load()):
        pass
    (folder / DATABASE).write_bytes(b"")
    (folder / PUBLIC_KEY).unlink()  # which is written when the tables are there
    with embedded.embedded(folder, authorities.load()):
        pass


def test_a_second_writer_is_refused_at_once_and_readers_work_beside_the_first(tmp_path: Path) -> None:
    """One writer a folder; a reader sees whole batches while it writes."""
    folder, file = tmp_path / "data", file_of(tmp_path, 40)
    with embedded.embedded(folder, authorities.load()) as broker:
        with pytest.raises(DataFolderError, match="another samband writes here"), data_folder.lock(folder):
            pass
        with started(folder, file) as second:
            out, err = second.communicate()
        assert (second.returncode, out) == (2, "")
        assert err.count("\n") == 1
        assert "another samband writes here" in err

        seen = set()
        for _ in broker.pipeline.run(inputs(file), BATCH):
            with data_folder.reading(folder) as connection:
                archive = Archive(connection, data_folder.contents_key(folder))
                seen.add(archive.size())
                assert reconcile(archive.forwarded_deliveries(), archive.inbox_deliveries()).ok
                assert len(list(archive.inbox(POLICE, "receipt", 0))) <= archive.size()
        assert len(seen) > 4
    with embedded.embedded(folder, authorities.load()):
        assert recorded(folder) == max(seen)


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    """Nothing to clean up by hand after a kill."""
    folder, file = tmp_path / "data", file_of(tmp_path, 100)
    assert stopped(folder, file, signal.SIGKILL, 1) == -signal.SIGKILL
    with embedded.embedded(folder, authorities.load()) as broker:
        (receipt,) = broker.pipeline.run([next(inputs(file))])
        assert receipt["message"] == number(1)
