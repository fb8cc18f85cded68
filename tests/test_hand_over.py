"""Beside the live broker agencies send as without it: through drop folders in the data folder."""

import json
import os
import signal
from pathlib import Path

import pytest
from command import samband as in_process
from lines import POLICE, TOWN, line
from test_cli_process import samband, start
from test_serve import drop, gone, now_request, outcomes, serving, stopped

from agents.agency import Address, Agency, Embedded, person
from broker.adapters.sql import data_folder
from broker.cli import hand_over

pytestmark = pytest.mark.slow


def test_send_goes_through_serve(tmp_path: Path) -> None:
    """Each line's receipt in its order, those of the spool meanwhile too; what is anonymous leads to no record."""
    data, file = tmp_path / "data", tmp_path / "given.jsonl"
    tip = now_request(3) | {"kind": "Tip", "body": {"text": "Ett tips.", "anonymous": True}}
    tip["sender"]["authority"] = TOWN
    tip["recipient"] = {"authority": POLICE, "unit": "police_area", "area": "0127"}
    other = now_request(2, sender=POLICE, recipient=TOWN)
    file.write_bytes(b"\n".join([line(now_request(1)), b"", line(other), line(tip)]) + b"\n\n")
    with serving(tmp_path) as process:
        gone(drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(9)))
        kept = ("--checkpoint-to", tmp_path / "kept.txt")
        status, out, err = samband("send", file, "--as", POLICE, "--data", data, "--json", *kept)
        assert status == 0, err
        assert (tmp_path / "kept.txt").read_text("utf-8").split("\n")[1] == "5"  # the spool's line, and these four
        found = [json.loads(row) for row in out.splitlines()]
        assert outcomes(found) == ["forward", "not_json", "forward", "sender_mismatch"]
        assert [receipt["message"] for receipt in found[::2]] == [now_request(n)["id"] for n in (1, 2)]
        file.write_bytes(line(tip) + b"\n")
        status, out, _ = samband("send", file, "--as", TOWN, "--data", data, "--json")
        [told] = [json.loads(row) for row in out.splitlines()]
        assert (status, told["outcome"], told["message"], told["audit"]) == (0, "forward", None, None)
        status, _, err = samband("run", file, "--data", data)
        assert status == 2 and "samband serve körs här" in err
        assert not list((data / data_folder.HANDED).iterdir())
        stopped(process)
    assert samband("audit", "verify", "--data", data, "--checkpoint", tmp_path / "kept.txt")[0] == 0


def test_who_waits_for_a_receipt_before_the_next_line_gets_it(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        gone(drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(9)))
        with start("send", "-", "--as", POLICE, "--data", tmp_path / "data", "--json", stdin=-1, stdout=-1) as sending:
            assert sending.stdin and sending.stdout
            for n in range(1, 4):
                sending.stdin.write(line(now_request(n)) + b"\n")
                sending.stdin.flush()
                assert json.loads(sending.stdout.readline())["message"] == now_request(n)["id"]
            sending.stdin.close()
            assert sending.wait(30) == 0
        stopped(process)


def test_an_agency_and_the_clocks_run_side_by_side(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        gone(drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(9)))
        with (
            Agency(POLICE, Embedded(tmp_path / "data"), unit="police_area") as police,
            Agency(TOWN, Embedded(tmp_path / "data"), unit="social_services") as town,
        ):
            sent = police.request(
                Address(TOWN, "social_services"), ["social_record"], purpose="prevent", need="…",
                subject=person("200805052396"),
            )  # fmt: skip
            assert police.receipt(sent).outcome == "forward"
            [*_, line_] = town.inbox(timeout=5)
            assert line_.content["message"]["id"] == sent.id
        stopped(process)


def test_when_serve_ends_the_sender_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it did not take is taken back; when it only does not answer, the file stays."""
    file = tmp_path / "given.jsonl"
    file.write_bytes(line(now_request(1)) + b"\n")
    send = ("send", file, "--as", POLICE, "--data", tmp_path / "data", "--lang", "en")
    with serving(tmp_path) as process:
        gone(drop(tmp_path / "spool", POLICE, "a.jsonl", now_request(9)))
        os.kill(process.pid, signal.SIGSTOP)
        monkeypatch.setattr(hand_over, "PATIENCE", 0.2)
        ended = in_process(*send)
        assert ended.status == 2 and "has not answered" in ended.line
        [left] = (tmp_path / "data" / data_folder.HANDED / POLICE).glob("*.jsonl")
        monkeypatch.undo()
        with start(*send, stderr=-1) as sending:
            folder = tmp_path / "data" / data_folder.HANDED / POLICE
            while len(list(folder.glob("*.jsonl"))) < 2:
                assert sending.poll() is None
            process.kill()
            assert sending.stderr and b"ended before" in sending.stderr.read()
            assert sending.wait(30) == 2
    assert list(folder.glob("*.jsonl")) == [left]
    with serving(tmp_path) as process:
        gone(left)  # what was left to it is taken by the next
        stopped(process)
