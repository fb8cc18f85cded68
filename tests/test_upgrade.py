"""Data of earlier schemas are refused until they are upgraded, and whole afterwards."""

import sqlite3
from contextlib import closing
from pathlib import Path

import golden
import pytest
from command import samband
from sqlalchemy import create_engine

from broker.adapters.sql import migrations, postgres
from broker.adapters.sql.data_folder import DATABASE
from broker.adapters.sql.tables import SCHEMA_VERSION

ROOT = Path(__file__).parents[1]
REGISTER = ("--register", str(ROOT / "scenery" / "town" / "authorities.json"))


@pytest.fixture(params=golden.SIZES)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return golden.folder(request.param, tmp_path)


def stamp(folder: Path, number: int) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute(f"PRAGMA user_version = {number:d}")


def columns(folder: Path) -> dict[str, set[str]]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in names}


def indexes(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}


def test_an_earlier_schema_is_refused_with_what_to_do(earlier: Path) -> None:
    for command in (("audit", "verify"), ("inbox", "polismyndigheten"), ("quarantine", "list")):
        ended = samband(*command, "--data", str(earlier))
        assert ended.status == 2
        assert f"samband upgrade --data {earlier}" in ended.line


def test_an_upgraded_folder_is_whole(earlier: Path) -> None:
    assert samband("upgrade", "--data", str(earlier)).status == 0
    verified = samband("audit", "verify", "--data", str(earlier), "--json")
    assert verified.status == 0
    assert verified.objects[0]["size"] == golden.SIZES[int(earlier.name.rpartition("-")[2])]
    assert samband("replay", "--data", str(earlier), "--json").status in (0, 1)  # the law may have changed
    assert samband("inbox", "polismyndigheten", "--data", str(earlier), "--json").objects


def test_an_upgraded_folder_has_what_a_new_one_has(earlier: Path, tmp_path: Path) -> None:
    samband("upgrade", "--data", str(earlier))
    samband("run", str(ROOT / "tests" / "data" / "samples" / "messages.jsonl"), "--data", str(tmp_path / "new"))
    assert columns(earlier) == columns(tmp_path / "new")
    assert "open_matters" in indexes(earlier) and indexes(earlier) == indexes(tmp_path / "new")


def test_to_upgrade_again_changes_nothing(earlier: Path) -> None:
    first = samband("upgrade", "--data", str(earlier), "--json")
    again = samband("upgrade", "--data", str(earlier), "--json")
    assert first.objects[0]["to"] == again.objects[0]["from"] == again.objects[0]["to"] == SCHEMA_VERSION


@pytest.mark.parametrize("number", [1, SCHEMA_VERSION + 1])
def test_a_schema_that_is_not_known_is_left_alone(earlier: Path, number: int) -> None:
    stamp(earlier, number)
    for command in ("upgrade", "run"):
        arguments = (str(ROOT / "tests/data/samples/messages.jsonl"),) if command == "run" else ()
        ended = samband(command, *arguments, "--data", str(earlier))
        assert ended.status == 2
        assert f"schema {number}" in ended.line
    with closing(sqlite3.connect(earlier / DATABASE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (number,)


def test_tables_of_several_programs_have_one_number() -> None:
    with create_engine("sqlite://").connect() as connection:
        postgres.make(connection, postgres.OF_AGENTS)
        postgres.make(connection, postgres.OF_WORKERS)
        assert migrations.version(connection) == SCHEMA_VERSION
