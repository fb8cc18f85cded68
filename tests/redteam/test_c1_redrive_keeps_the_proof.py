"""Redrive is as strict as the first try: who was proven to send a line, and when it arrived, are kept with it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import golden
import pytest
from command import REGISTER as SAMPLES
from command import Ended, changed, samband
from lines import POLICE, TOWN, Json, disclosure, line, message, open_item, request

TOWN_REGISTER = ("--register", str(Path(__file__).parents[2] / "scenery" / "town" / "authorities.json"))
SCHOOL, ASSOCIATION = "skola-tallkotten", "forening-lyktan"
LATER = "skola-10101010"
OLD = "2026-01-05T09:00:00Z"


def now() -> str:
    return datetime.now(UTC).isoformat()


def send(folder: Path, sender: str, *messages: Json) -> list[Json]:
    file = folder.parent / "given.jsonl"
    file.write_bytes(b"".join(line(found) + b"\n" for found in messages))
    ended = samband("send", file, "--as", sender, "--data", folder, "--json", *TOWN_REGISTER)
    assert ended.status == 0, ended.err
    return ended.objects


def run(folder: Path, *messages: Json) -> list[Json]:
    file = folder.parent / "given.jsonl"
    file.write_bytes(b"".join(line(found) + b"\n" for found in messages))
    return samband("run", file, "--data", folder, "--json").objects


def redrive(folder: Path, which: object = "--all", register: tuple[str, str] = TOWN_REGISTER) -> Ended:
    return samband("quarantine", "redrive", which, "--data", folder, "--json", *register)


def codes(receipts: list[Json]) -> list[str]:
    return [receipt.get("error", {}).get("code", receipt["outcome"]) for receipt in receipts]


def leaves(folder: Path) -> Iterator[Json]:
    with changed(folder) as connection:
        for (leaf,) in connection.execute("SELECT leaf FROM records ORDER BY seq"):
            yield json.loads(leaf)


def forged() -> list[Json]:
    asked = request(1, recipient=SCHOOL, basis=["s170_7_request"]) | {"time": now()}
    given = disclosure(2, open_item()) | {"time": now()}
    return [asked, given]


def test_a_forged_sender_stays_forged_however_often_it_is_redriven(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert codes(send(folder, ASSOCIATION, *forged())) == ["sender_mismatch"] * 2
    assert codes(redrive(folder, 0).objects) == ["sender_mismatch"]
    for _ in range(3):  # what comes of each is in quarantine again, as strict
        assert codes(redrive(folder).objects) == ["sender_mismatch"] * 2
    assert samband("inbox", SCHOOL, "--data", folder, "--json", *TOWN_REGISTER).objects == []
    assert {leaf["sender"]["authority"] for leaf in leaves(folder)} == {ASSOCIATION}
    assert samband("audit", "verify", "--data", folder).status == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("proven", POLICE),
        ("content", line(forged()[0]).replace(b"Se", b"Sen")),
        ("arrived", "2026-01-05T09:00:00+00:00"),
    ],
)
def test_what_somebody_has_changed_in_quarantine_is_not_run_again(tmp_path: Path, column: str, value: object) -> None:
    """With the database alone, and no key: the record holds a keyed digest of the line, and of how it came."""
    folder = tmp_path / "data"
    send(folder, ASSOCIATION, *forged())
    with changed(folder) as connection:
        connection.execute(f"UPDATE quarantine SET {column} = ? WHERE seq = 0", (value,))
        connection.execute("UPDATE quarantine SET size = kept")
    for which in (0, "--all"):
        ended = redrive(folder, which)
        assert (ended.status, ended.out) == (1, "")
        assert "audit verify" in ended.line
    assert len(list(leaves(folder))) == 2
    assert samband("inbox", SCHOOL, "--data", folder, "--json", *TOWN_REGISTER).objects == []
    assert samband("audit", "verify", "--data", folder).status == 1


def test_what_came_too_late_stays_late(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert codes(send(folder, POLICE, request(1) | {"time": OLD})) == ["clock_skew"]
    for _ in range(2):
        assert codes(redrive(folder).objects) == ["clock_skew"]


def test_what_the_register_lacked_is_decided_as_of_its_arrival(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    late = request(1, recipient=LATER) | {"time": now()}
    assert codes(send(folder, POLICE, late, forged()[1])) == ["unknown_authority", "sender_mismatch"]
    assert codes(redrive(folder, register=SAMPLES).objects) == ["forward", "sender_mismatch"]
    assert codes(redrive(folder, register=SAMPLES).objects) == ["sender_mismatch"]


def test_a_file_that_the_operator_ran_is_decided_by_its_own_times(tmp_path: Path) -> None:
    """It has no proven sender by design; beside lines that have one, each keeps its own."""
    folder = tmp_path / "data"
    assert codes(run(folder, request(1, recipient=LATER) | {"time": OLD})) == ["unknown_authority"]
    assert codes(send(folder, ASSOCIATION, forged()[1])) == ["sender_mismatch"]
    assert codes(redrive(folder, register=SAMPLES).objects) == ["forward", "sender_mismatch"]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    folder = golden.folder(3, tmp_path)
    assert samband("upgrade", "--data", folder).status == 0
    return folder


def test_what_an_earlier_version_put_aside_is_not_believed(earlier: Path) -> None:
    rows = [row for row in samband("quarantine", "list", "--data", earlier, "--json").objects if row["kept"]]
    assert rows
    ended = redrive(earlier, rows[0]["seq"])
    assert (ended.status, ended.out) == (2, "")
    assert "vem som sände" in ended.line
    size = sum(1 for _ in leaves(earlier))
    every = redrive(earlier)
    assert (every.status, every.out) == (0, "")
    assert f": {len(rows)}. " in every.line
    assert sum(1 for _ in leaves(earlier)) == size


def test_a_line_of_which_only_the_beginning_is_kept_is_not_run_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    broken = message(1, "InformationRequest", POLICE, TOWN, {"purpose": "prevent", "need": "x" * 100_000})
    assert codes(send(folder, POLICE, broken)) != ["forward"]
    with changed(folder) as connection:
        [(kept, size)] = connection.execute("SELECT kept, size FROM quarantine")
    assert (kept, size) == (16 * 1024, len(line(broken)))
    ended = redrive(folder, 0)
    assert (ended.status, ended.out) == (2, "")
    assert "bara början" in ended.line
    assert redrive(folder).out == ""
