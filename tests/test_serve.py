"""The live broker: takes what authorities leave in their folders, once, and stops when it is told to."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from command import samband as in_process
from lines import OTHER_TOWN, POLICE, TOWN, Json, line, request
from monitoring import samples, total, value
from test_cli_process import samband, start
from test_health import get

from broker.adapters.files.spool import Spool, SpoolError

pytestmark = pytest.mark.slow

WAIT = 120.0


def now_request(n: int, **changes: object) -> Json:
    """A request made now, each about somebody else."""
    somebody = {"id_type": "reserve", "id": f"R{n}", "birth_date": "2011-03-04"}
    return request(n, **{"subject": somebody} | changes) | {"time": datetime.now(UTC).isoformat()}


def drop(spool: Path, authority: str, name: str, *messages: Json | bytes) -> Path:
    """Leave a file as an agency does: whole at once."""
    folder = spool / authority
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}"
    part.write_bytes(b"".join((found if isinstance(found, bytes) else line(found)) + b"\n" for found in messages))
    os.utime(part, (0, 0))  # long ago: it has its name later than its content, however coarse the clock is
    return part.rename(folder / name)


@contextmanager
def serving(tmp_path: Path, *more: object) -> Iterator[subprocess.Popen[bytes]]:
    """A running broker; killed afterwards if the test has not ended it."""
    folders = ("--spool", tmp_path / "spool", "--data", tmp_path / "data")
    pipe = subprocess.PIPE
    with start("serve", *folders, "--json", *more, stdout=pipe, stderr=pipe) as process:
        try:
            yield process
        finally:
            process.kill()


def receipts(process: subprocess.Popen[bytes], n: int) -> list[Json]:
    """The next receipts on stdout."""
    assert process.stdout is not None
    return [json.loads(process.stdout.readline()) for _ in range(n)]


def stopped(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> str:
    """Tell it to stop; what it has said on stderr."""
    assert process.stderr is not None
    process.send_signal(number)
    told = process.stderr.read().decode()
    assert process.wait(WAIT) == 0
    return told


def gone(file: Path) -> None:
    """Wait until the file has been taken."""
    until = monotonic() + WAIT
    while file.exists():
        assert monotonic() < until, "not taken"


def outcomes(found: list[Json]) -> list[str]:
    return [receipt.get("error", {}).get("code", receipt["outcome"]) for receipt in found]


def test_a_file_is_sent_and_answered(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    mine = drop(spool, POLICE, "a.jsonl", now_request(1), now_request(2, sender=TOWN, recipient=POLICE), b"rubbish")
    old = drop(spool, TOWN, "b.jsonl", request(3, sender=TOWN, recipient=POLICE))
    (spool / POLICE / ".half.jsonl").write_bytes(b'{"id"')
    with serving(tmp_path) as process:
        found = receipts(process, 4)
        gone(old)
        gone(mine)
        assert sorted(outcomes(found)) == ["clock_skew", "forward", "not_json", "sender_mismatch"]
        kept = (spool / POLICE / "receipts" / "a.jsonl").read_text("utf-8").splitlines()
        assert outcomes([json.loads(row) for row in kept]) == ["forward", "sender_mismatch", "not_json"]
        status, out, _ = samband("inbox", TOWN, "--data", tmp_path / "data", "--json")
        assert (status, json.loads(out)["type"]) == (0, "delivery")
        late = drop(spool, POLICE, "a.jsonl", now_request(4))
        assert outcomes(receipts(process, 1)) == ["forward"]
        gone(late)
        assert "stoppad" in stopped(process)
    assert (spool / POLICE / ".half.jsonl").exists()
    assert samband("audit", "verify", "--data", tmp_path / "data")[0] == 0


def test_a_register_that_changes_is_read_again_while_it_serves(tmp_path: Path) -> None:
    """As a cluster's worker does; a file that can't be used changes nothing, and is told of once."""
    file, spool, school = tmp_path / "register.json", tmp_path / "spool", "skola-ny"
    row = {"name": "Nya skolan", "kind": "school", "principal": TOWN}
    file.write_text(json.dumps([{"authority": "skola-gammal", **row}]), "utf-8")
    with serving(tmp_path, "--register", file) as process:
        drop(spool, POLICE, "a.jsonl", now_request(1, recipient=school))
        assert outcomes(receipts(process, 1)) == ["unknown_authority"]
        assert process.stderr is not None
        said = iter(process.stderr.readline, b"")
        file.write_text("[{", "utf-8")
        assert "registret är kvar som det var" in next(text for row in said if "registret" in (text := row.decode()))
        drop(spool, POLICE, "b.jsonl", now_request(2, recipient=school))
        assert outcomes(receipts(process, 1)) == ["unknown_authority"]
        file.write_text(json.dumps([{"authority": school, **row}]), "utf-8")
        assert "registret är läst på nytt" in next(text for row in said if "registret" in (text := row.decode()))
        drop(spool, POLICE, "c.jsonl", now_request(3, recipient=school))
        assert outcomes(receipts(process, 1)) == ["forward"]
        stopped(process)


def test_killed_in_the_middle_it_takes_up_the_same_file_and_nothing_twice(tmp_path: Path) -> None:
    messages = [now_request(n) for n in range(1, 601)]
    file = drop(tmp_path / "spool", POLICE, "a.jsonl", *messages[:300], b"rubbish", *messages[300:])
    with serving(tmp_path) as process:
        receipts(process, 1)  # a batch is durable, others are to come
        process.kill()
    assert file.exists()
    with serving(tmp_path) as process:
        found = receipts(process, 601)
        gone(file)
        stopped(process, signal.SIGINT)
    assert outcomes(found) == ["forward"] * 300 + ["not_json"] + ["forward"] * 300
    status, out, _ = samband("audit", "verify", "--data", tmp_path / "data", "--json")
    assert (status, json.loads(out)["size"]) == (0, 601)


def test_told_to_stop_in_the_middle_it_leaves_the_rest_for_the_next(tmp_path: Path) -> None:
    file = drop(tmp_path / "spool", POLICE, "a.jsonl", *(now_request(n) for n in range(1, 1001)))
    with serving(tmp_path) as process:
        assert process.stdout is not None and process.stderr is not None
        receipts(process, 1)
        process.send_signal(signal.SIGTERM)
        told = 1 + len(process.stdout.readlines())
        assert process.wait(WAIT) == 0
    assert file.exists() and told < 1000
    with serving(tmp_path) as process:
        receipts(process, 1000)
        gone(file)
        stopped(process)
    status, out, _ = samband("audit", "verify", "--data", tmp_path / "data", "--json")
    assert (status, json.loads(out)["size"]) == (0, 1000)


def test_the_newest_checkpoint_is_kept_where_it_is_told(tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere" / "kept.txt"
    kept.parent.mkdir()
    drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(1))
    with serving(tmp_path, "--checkpoint-to", kept) as process:
        receipts(process, 1)
        stopped(process)
    assert kept.read_text("utf-8").splitlines()[1] == "1"
    ended = in_process("audit", "verify", "--data", tmp_path / "data", "--checkpoint", kept)
    assert ended.status == 0


def test_folders_that_prove_nothing_are_not_read(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    left = [drop(spool, name, "a.jsonl", now_request(1)) for name in ("nobody-here", OTHER_TOWN)]
    (spool / OTHER_TOWN).chmod(0o777)
    (spool / TOWN).symlink_to(spool / "nobody-here")
    taken = drop(spool, POLICE, "a.jsonl", now_request(2))
    (spool / POLICE / "link.jsonl").symlink_to(left[0])
    os.mkfifo(spool / POLICE / "fifo.jsonl")
    with serving(tmp_path) as process:
        receipts(process, 1)
        gone(taken)
        told = stopped(process)
    assert all(file.exists() for file in left)
    assert "chmod go-w" in told and "nobody-here" in told


def test_metrics_and_health_of_the_live_broker(tmp_path: Path) -> None:
    file = drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(1), now_request(2), b"rubbish")
    with serving(tmp_path, "--metrics", "0") as process:
        assert process.stderr is not None
        [url] = re.findall(r"http://127\.0\.0\.1:\d+/metrics", process.stderr.readline().decode())
        receipts(process, 3)
        gone(file)
        base = url.removesuffix("/metrics")
        assert get(f"{base}/ready")[0] == get(f"{base}/live")[0] == 200
        until = monotonic() + WAIT
        while True:
            found = samples(get(url)[2])
            if value(found, "samband_quarantine_depth") == 1 and value(found, "samband_reconciled_timestamp_seconds"):
                break
            assert monotonic() < until
        assert total(found, "samband_messages_total") == 3
        assert value(found, "samband_delivery_seconds_count") == 2
        assert value(found, "samband_oldest_open_request_timestamp_seconds", authority_kind="municipality")
        assert value(found, "samband_checkpoint_size") == 3
        assert value(found, "samband_unreconciled", sort="undelivered") == 0
        assert value(found, "samband_tick_timestamp_seconds")
        stopped(process)


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ended = in_process("serve", "--spool", tmp_path / "file", "--data", tmp_path / "data")
    assert (ended.status, ended.out) == (2, "") and "välj en annan --spool" in ended.line
    ended = in_process("serve", "--spool", tmp_path / "spool", "--data", tmp_path / "data", "--metrics", "nowhere")
    assert (ended.status, ended.out) == (2, "") and "VÄRD:PORT" in ended.line
    ended = in_process("run", "-", "--data", tmp_path / "data", "--metrics", "nowhere")
    assert (ended.status, ended.out) == (2, "") and "VÄRD:PORT" in ended.line
    assert not (tmp_path / "data").exists()


def test_what_came_under_the_same_name_meanwhile_is_not_taken_away(tmp_path: Path) -> None:
    first = drop(tmp_path, POLICE, "a.jsonl", b"one")
    spool = Spool(tmp_path)
    [dropped] = spool.waiting(POLICE, datetime.now(UTC))
    with spool.take(dropped) as taken:
        assert taken.given.readline(99) == b"one\n"
        drop(tmp_path, POLICE, "a.jsonl", b"another")
        assert taken.done()
    assert first.read_bytes() == b"another\n"
    [again] = spool.waiting(POLICE, datetime.now(UTC))
    assert again.source != dropped.source
    (tmp_path / POLICE / "receipts" / "a.jsonl").unlink()
    (tmp_path / POLICE / "receipts").rmdir()
    (tmp_path / POLICE / "receipts").symlink_to(tmp_path)  # somebody would have the broker write elsewhere
    with pytest.raises(OSError, match="receipts"), spool.take(again):
        pass


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    (tmp_path / "spool").rmdir()
    with pytest.raises(SpoolError, match="can't be read"):
        spool.authorities()
