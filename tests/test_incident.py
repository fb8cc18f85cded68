"""What is reported of an incident: the broker's own facts, and a blank for each thing that a human alone can say."""

import json
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from agency_side import TOWN
from command import samband

from broker.adapters.sql.own_log import OwnLog
from broker.cli import incident as command
from broker.review import incident, settings
from broker.review.incident import _months_after
from broker.review.store import open_database
from broker.review.views import NAME

LINES = Path(__file__).parents[1] / "scenery" / "town" / "messages.jsonl"
NOW = datetime(2099, 1, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's first forty messages."""
    data = tmp_path_factory.mktemp("incident")
    lines = b"".join(LINES.read_bytes().splitlines(keepends=True)[:40])
    assert samband("run", "-", "--data", data, "--register", TOWN, stdin=lines).status == 0
    return data


def written(town: Path, out: Path, *more: object) -> str:
    with patch.object(command, "clock", lambda: NOW):
        ended = samband(
            *("incident", "--known", "2099-01-31T10:00:00+01:00", "--began", "2020-01-01T00:00:00Z", "--out", out),
            *("--data", town, "--register", TOWN, *more),
        )
    assert ended.status == 0, ended.err
    return ended.out + ended.err


def test_three_reports_each_with_its_last_moment_and_what_is_left_to_fill_in(town: Path, tmp_path: Path) -> None:
    said = written(town, tmp_path)
    names = ["1-warning", "2-notification", "3-final"]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        f"{n}.{end}" for n in names for end in ("json", "txt")
    )
    reports = [json.loads((tmp_path / f"{name}.json").read_text("utf-8")) for name in names]
    dues = ["2099-02-01T09:00:00Z", "2099-02-03T09:00:00Z", "2099-03-03T09:00:00Z"]
    assert [report["due"] for report in reports] == dues
    for name, report in zip(names, reports, strict=True):
        text = (tmp_path / f"{name}.txt").read_text("utf-8")
        assert text.count("Fyll i: ____") == len(report["to_fill_in"]) > 4
        assert all(one["answer"] is None and one["question"] in text for one in report["to_fill_in"])
        assert "{" not in text and "Exempelskolan Tallkotten: " in text and "skola-tallkotten" not in text
    assert said.count("ska vara lämnad senast") == 3


def test_facts_are_counted_from_the_log_and_nobody_is_in_them(town: Path, tmp_path: Path) -> None:
    written(town, tmp_path, "--lang", "en")
    known = json.loads((tmp_path / "1-warning.json").read_text("utf-8"))["known"]
    records = [json.loads(line) for line in samband("audit", "show", "--json", "--data", town).out.splitlines()]
    decided = [one for one in records if one.get("record", one.get("kind")) and one.get("outcome") != "quarantine"]
    assert sum(known["messages"].values()) == sum(one["sent"] for one in known["authorities"]) <= len(decided)
    assert sum(known["messages"].values()) == sum(one["received"] for one in known["authorities"]) > 20
    whole = "".join(file.read_text("utf-8") for file in tmp_path.iterdir())
    lines = [json.loads(line) for line in LINES.read_bytes().splitlines()[:40] if line.startswith(b"{")]
    subjects = [line["body"].get("subject") or {} for line in lines if isinstance(line.get("body"), dict)]
    persons = {str(one["id"]) for one in subjects if one.get("id")}
    assert persons and not [one for one in persons if one in whole]
    assert not [line["id"] for line in lines if line.get("id") and str(line["id"]) in whole]
    assert "Fill in:" in whole and "Fyll i" not in whole


def test_a_room_writes_it_down(town: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    file.write_text(f'data = "{town}"\naddress = "http://127.0.0.1:8080"\naccounts = true\n', "utf-8")
    written(town, tmp_path / "out", "--settings", file)
    room = settings.read(file)
    with open_database(room) as database, OwnLog(database, room.keys, NAME).reading() as archive:
        (record,) = archive.records(record="incident")
    assert record.leaf["reports"] == ["warning", "notification", "final"]


def test_an_incident_that_is_not_known_yet_is_none(town: Path, tmp_path: Path) -> None:
    ended = samband("incident", "--known", "2098-01-01T00:00:00Z", "--out", tmp_path / "out", "--data", town)
    assert ended.status == 2 and "känd före nu" in ended.err and not (tmp_path / "out").exists()


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    assert _months_after(datetime(2026, 12, 31, tzinfo=UTC), 1) == datetime(2027, 1, 31, tzinfo=UTC)
    assert _months_after(datetime(2027, 1, 31, tzinfo=UTC), 1) == datetime(2027, 2, 28, tzinfo=UTC)
    assert {ask for report in incident._TERMS["report"] for ask in report["asks"]} == set(
        incident.Words("sv").table("incident.ask")
    )
