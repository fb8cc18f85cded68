"""What one authority leaves in its folder, however ill meant, neither stops the broker nor keeps the others waiting."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from command import samband
from house import engine
from lines import POLICE, TOWN, Json, line
from test_serve import drop, gone, now_request, outcomes, receipts, serving, stopped

from broker.adapters.files import spool as spools
from broker.adapters.files.register_file import RegisterFile
from broker.adapters.files.spool import Spool, SpoolError
from broker.cli.output import Output
from broker.cli.serve import SHARE, Service
from broker.cli.texts import Lang
from broker.ports.telemetry import UNMEASURED
from broker.runtime import embedded


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The live broker, which goes round when it is told to."""
    monkeypatch.setattr(embedded, "policy_engine", engine)
    parties = RegisterFile(None, UNMEASURED)
    with embedded.embedded(tmp_path / "data", parties.register) as broker:
        yield Service(Output(Lang.EN), broker, (Spool(tmp_path / "spool"),), parties, tmp_path / "data", None, Event())


def a_pipe(receipts_folder: Path) -> None:
    receipts_folder.mkdir()
    os.mkfifo(receipts_folder / ".a.jsonl")


def a_pipe_in_its_place(receipts_folder: Path) -> None:
    receipts_folder.mkdir()
    os.mkfifo(receipts_folder / "a.jsonl")


def a_folder(receipts_folder: Path) -> None:
    (receipts_folder / ".a.jsonl").mkdir(parents=True)


def a_folder_in_its_place(receipts_folder: Path) -> None:
    (receipts_folder / "a.jsonl" / "full").mkdir(parents=True)


def a_link(receipts_folder: Path) -> None:
    receipts_folder.mkdir()
    (receipts_folder / ".a.jsonl").symlink_to(receipts_folder.parents[2] / "victim")


def another_name_of_a_file(receipts_folder: Path) -> None:
    receipts_folder.mkdir()
    (receipts_folder / ".a.jsonl").hardlink_to(receipts_folder.parents[2] / "victim")


def no_folder(receipts_folder: Path) -> None:
    os.mkfifo(receipts_folder)


TRAPS = (a_pipe, a_pipe_in_its_place, a_folder, a_folder_in_its_place, a_link, another_name_of_a_file, no_folder)


@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_that_lies_where_receipts_go_is_waited_for(
    tmp_path: Path, service: Service, trap: Callable[[Path], None]
) -> None:
    (tmp_path / "victim").write_text("untouched")
    mine = drop(tmp_path / "spool", TOWN, "a.jsonl", now_request(1, sender=TOWN, recipient=POLICE))
    trap(mine.parent / "receipts")
    other = drop(tmp_path / "spool", POLICE, "b.jsonl", now_request(2))
    service.turn()
    assert not other.exists()
    assert (tmp_path / "victim").read_text() == "untouched"
    known = {"a.jsonl", "receipts"}
    assert {found.name for found in mine.parent.iterdir()} <= known
    service.turn()  # a file that can't be answered is not read again and again
    assert service.broker.store.size() <= 2


@pytest.mark.slow
def test_a_trap_keeps_nobody_from_stopping_the_broker(tmp_path: Path) -> None:
    mine = drop(tmp_path / "spool", TOWN, "a.jsonl", now_request(1, sender=TOWN, recipient=POLICE))
    a_pipe(mine.parent / "receipts")
    other = drop(tmp_path / "spool", POLICE, "b.jsonl", now_request(2))
    with serving(tmp_path) as process:
        gone(other)
        stopped(process)


def test_receipts_of_a_stranger_s_folder_are_not_written(tmp_path: Path, service: Service) -> None:
    if os.geteuid():
        pytest.skip("needs another user's folder")
    mine = drop(tmp_path / "spool", TOWN, "a.jsonl", now_request(1, sender=TOWN, recipient=POLICE))
    (mine.parent / "receipts").mkdir()
    os.chown(mine.parent / "receipts", 12345, 12345)
    service.turn()
    assert mine.exists()
    assert list((mine.parent / "receipts").iterdir()) == []


def test_receipts_can_be_read_by_the_folder_s_group(tmp_path: Path, service: Service) -> None:
    if os.geteuid():
        pytest.skip("needs another group's folder")
    mine = drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(1))
    os.chown(mine.parent, 12345, 12345)
    service.turn()
    told = mine.parent / "receipts" / "a.jsonl"
    assert (told.parent.stat().st_gid, told.stat().st_gid) == (12345, 12345)
    assert stat.S_IMODE(told.stat().st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o1777, 0o777, 0o773])
def test_a_spool_where_others_may_make_folders_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool").chmod(mode)
    ended = samband("serve", "--spool", tmp_path / "spool", "--data", tmp_path / "data")
    assert (ended.status, ended.out) == (2, "")
    assert "chmod go-w" in ended.line


def test_a_spool_of_another_s_is_refused(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("needs another user's folder")
    (tmp_path / "spool").mkdir(mode=0o755)
    os.chown(tmp_path / "spool", 12345, 12345)
    with pytest.raises(SpoolError, match="chown"):
        Spool(tmp_path / "spool")


def test_a_group_s_folder_proves_nothing_unless_it_is_the_owner_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o770)

    def group(name: str, *members: str) -> None:
        monkeypatch.setattr(spools, "getgrgid", lambda _: type("Group", (), {"gr_name": name, "gr_mem": members}))

    monkeypatch.setattr(spools, "getpwuid", lambda _: type("User", (), {"pw_name": "polis"}))
    for name, members, shared in (("polis", (), False), ("polis", ("polis",), False), ("polis", ("kommun",), True),
                                  ("users", (), True)):  # fmt: skip
        group(name, *members)
        assert spools.is_shared(folder) is shared
    group("polis")
    monkeypatch.setattr(os, "listxattr", lambda *_, **__: ["system.posix_acl_access"])
    assert spools.is_shared(folder)
    folder.chmod(0o750)
    assert not spools.is_shared(folder)


def many(first: int, last: int) -> list[Json]:
    return [now_request(n) for n in range(first, last + 1)]


def test_who_leaves_much_waits_for_those_who_leave_little(tmp_path: Path, service: Service) -> None:
    """Each has its share of a turn, and the file goes on where it was."""
    much = drop(tmp_path / "spool", POLICE, "a.jsonl", *many(1, SHARE + 5))
    little = drop(tmp_path / "spool", TOWN, "b.jsonl", now_request(1, sender=TOWN, recipient=POLICE))
    assert service.turn()
    assert (much.exists(), little.exists()) == (True, False)
    assert service.broker.store.size() == SHARE + 1
    assert service.turn()
    assert not much.exists()
    assert not service.turn()
    told = (much.parent / "receipts" / "a.jsonl").read_text("utf-8").splitlines()
    assert len(told) == SHARE + 5


def test_who_never_stops_writing_keeps_nobody_waiting(
    tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a file gets while it is read is not read with it."""
    file = drop(tmp_path / "spool", POLICE, "a.jsonl", *many(1, 3))
    little = drop(tmp_path / "spool", TOWN, "b.jsonl", now_request(1, sender=TOWN, recipient=POLICE))
    read = spools.Opened.readline

    def readline(opened: spools.Opened, size: int) -> bytes:
        if opened.status.st_ino == file.stat().st_ino:
            with file.open("ab") as stream:
                stream.write(line(now_request(file.stat().st_size)) + b"\n")
        return read(opened, size)

    monkeypatch.setattr(spools.Opened, "readline", readline)
    service.turn()
    assert (file.exists(), little.exists()) == (True, False)
    assert service.broker.store.size() == 4


def test_a_file_that_grows_is_waited_for_and_never_taken_away(tmp_path: Path, service: Service) -> None:
    folder = tmp_path / "spool" / POLICE
    folder.mkdir(parents=True)
    file, whole = folder / "a.jsonl", b"".join(line(found) + b"\n" for found in many(1, 4))
    half = len(whole) // 2
    file.write_bytes(whole[:half])
    service.turn()
    assert service.broker.store.size() == 0  # written under its own name, a moment ago
    rest = datetime.now(UTC) - timedelta(seconds=spools.REST + 1)
    os.utime(file, (rest.timestamp(), rest.timestamp()))  # as if it had rested: the writer is slower than that
    [dropped] = service.spools[0].waiting(POLICE, datetime.now(UTC))
    with service.spools[0].take(dropped) as taken:
        first = taken.given.readline(1 << 20)
        with file.open("ab") as stream:
            stream.write(whole[half:])
        found = [first]
        while piece := taken.given.readline(1 << 20):
            found.append(piece)
        assert b"".join(found) == whole[: whole[:half].rindex(b"\n") + 1]  # no half line
        assert not taken.done()
    assert file.read_bytes() == whole
    assert not list((folder / "receipts").glob("a.jsonl"))
    os.utime(file, (rest.timestamp(), rest.timestamp()))
    service.turn()
    assert not file.exists()
    told = (folder / "receipts" / "a.jsonl").read_text("utf-8").splitlines()
    assert len(told) == 4 == service.broker.store.size()


def test_a_file_that_grew_while_it_was_read_is_told_of(
    tmp_path: Path, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    file = drop(tmp_path / "spool", POLICE, "a.jsonl", *many(1, SHARE + 1))
    service.turn()
    with file.open("ab") as stream:
        stream.write(line(now_request(9999)) + b"\n")
    os.utime(file, (0, 0))
    service.turn()
    assert "rename the file when it is whole" in caplog.text
    service.turn()
    service.turn()
    assert not file.exists()
    assert service.broker.store.size() == SHARE + 2


def test_a_line_without_end_is_cut_and_a_huge_file_is_left(
    tmp_path: Path, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    file = drop(tmp_path / "spool", POLICE, "a.jsonl", b"x" * (3 << 20), line(now_request(1)))
    huge = drop(tmp_path / "spool", TOWN, "b.jsonl", b"{}")
    os.truncate(huge, spools.LARGEST + 1)
    os.utime(huge, (0, 0))
    service.turn()
    assert (file.exists(), huge.exists()) == (False, True)
    assert "1 GiB" in caplog.text
    found = (file.parent / "receipts" / "a.jsonl").read_text("utf-8").splitlines()
    assert len(found) == 2


@pytest.mark.slow
def test_the_slow_writer_loses_nothing(tmp_path: Path) -> None:
    """As a share or scp writes: half of it, a pause, the rest, under the file's own name."""
    folder = tmp_path / "spool" / POLICE
    folder.mkdir(parents=True)
    whole = b"".join(line(found) + b"\n" for found in many(1, 4))
    with serving(tmp_path) as process:
        gone(drop(tmp_path / "spool", TOWN, "a.jsonl", now_request(1, sender=TOWN, recipient=POLICE)))  # it runs
        taken = drop(tmp_path / "spool", TOWN, "b.jsonl", now_request(2, sender=TOWN, recipient=POLICE))
        with (folder / "slow.jsonl").open("wb") as stream:
            stream.write(whole[:600])
            stream.flush()
            gone(taken)  # the broker goes round meanwhile
            stream.write(whole[600:])
        found = receipts(process, 6)
        gone(folder / "slow.jsonl")
        stopped(process)
    assert outcomes(found).count("forward") + outcomes(found).count("withhold") == 6
