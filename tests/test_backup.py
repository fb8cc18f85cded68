"""A data folder is copied while a broker serves, and put back; what a copy lacks is told, and never in silence."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command import MESSAGES, REGISTER, samband
from lines import POLICE, TOWN, consent, line, recall, request, withdrawal

from broker.adapters.files import upkeep
from broker.adapters.sql import data_folder
from broker.adapters.sql.data_folder import DATABASE

TABLES = ("records", "checkpoints", "handled", "outbox", "inbox", "quarantine", "answerables", "consents", "matters")


def rows(folder: Path) -> dict[str, list[object]]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return {table: sorted(connection.execute(f"select * from {table}").fetchall(), key=repr) for table in TABLES}


def run(folder: Path, *messages: dict[str, object]) -> None:
    file = folder.parent / "more.jsonl"
    file.write_bytes(b"".join(line(message) + b"\n" for message in messages))
    assert samband("run", str(file), "--data", str(folder)).status == 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert samband("run", str(MESSAGES), *REGISTER, "--data", str(folder)).status == 0
    return folder


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def back_up(data: Path, copies: Path, *more: str) -> Path:
    ended = samband("backup", str(copies), "--data", str(data), "--json", *more)
    assert ended.status == 0, ended.err
    [told] = ended.objects
    return Path(told["copy"])


def test_a_copy_is_made_beside_a_writer_and_holds_all_but_the_keys(data: Path, copies: Path) -> None:
    """Also while somebody holds the folder as its one writer, in the middle of a transaction."""
    before = rows(data)
    with data_folder.lock(data), closing(sqlite3.connect(data / DATABASE)) as writer:
        writer.execute("begin immediate")
        writer.execute("delete from inbox")
        copy = back_up(data, copies)
        writer.rollback()
    assert rows(copy) == before
    assert {file.name for file in copy.iterdir()} == {DATABASE, "fetched.db", "log.vkey", "checkpoint"}
    assert not [file for file in copies.rglob("*") if "key" in file.name and file.name != "log.vkey"]
    assert copy.stat().st_mode & 0o077 == 0 and (copy / DATABASE).stat().st_mode & 0o077 == 0
    told = upkeep.backup(copies / "backup.json")
    assert told is not None and told.agrees and told.tried == told.at
    assert told.bytes == sum((copy / name).stat().st_size for name in (DATABASE, "fetched.db", "log.vkey"))
    verified = samband("audit", "verify", "--data", str(data), "--checkpoint", str(copy / "checkpoint"))
    assert verified.status == 0


def test_what_is_lost_comes_back_one_to_one(data: Path, copies: Path, tmp_path: Path) -> None:
    before = rows(data)
    copy = back_up(data, copies, "--keys", str(tmp_path / "vault"))
    shutil.rmtree(data)
    refused = samband("restore", str(copy), "--data", str(data))
    assert refused.status == 2 and "log.key" in refused.err
    [keys] = (tmp_path / "vault").iterdir()
    done = samband("restore", str(copy), "--data", str(data), "--keys", str(keys), "--lang", "sv")
    assert done.status == 0, done.err
    assert "inget av det som loggen hade gett ut saknas" in done.err
    assert rows(data) == before
    run(data, request(1))


def test_a_damaged_database_is_set_aside(data: Path, copies: Path) -> None:
    before, copy = rows(data), back_up(data, copies)
    (data / DATABASE).write_bytes(b"no database" * 500)
    assert samband("restore", str(copy), "--data", str(data)).status == 0
    assert rows(data) == before
    [aside] = data.glob("aside-*")
    assert (aside / DATABASE).read_bytes().startswith(b"no database")


def test_newer_data_are_never_written_over(data: Path, copies: Path) -> None:
    copy = back_up(data, copies)
    run(data, request(1))
    before = rows(data)
    ended = samband("restore", str(copy), "--data", str(data), "--accept-loss", "--lang", "sv")
    assert ended.status == 2 and "har nyare data" in ended.err
    assert rows(data) == before and not list(data.glob("aside-*"))


def test_what_the_log_had_published_after_the_copy_is_told_before_anything_is_put_back(
    data: Path, copies: Path
) -> None:
    """The withdrawn consent would count again: nothing goes on in silence. Said yes to, the log goes on from there."""
    run(data, consent(3), request(1))
    copy = back_up(data, copies)
    older = rows(data)
    run(data, withdrawal(4), request(2))
    (data / DATABASE).unlink()
    refused = samband("restore", str(copy), "--data", str(data), "--lang", "sv")
    assert refused.status == 1 and "kopian saknar 2 poster" in refused.err
    assert not (data / DATABASE).exists()
    done = samband("restore", str(copy), "--data", str(data), "--accept-loss", "--lang", "sv")
    assert done.status == 0 and "2 som loggen hade gett ut är borta" in done.err
    assert rows(data) == older
    run(data, withdrawal(4), request(2))  # sent again: known once
    assert [aside.name.startswith("log.size.") for aside in (data / "keys").glob("log.size.*")] == [True]
    seen = samband("audit", "verify", "--data", str(data), "--checkpoint", str(*(data / "keys").glob("log.size.*")))
    assert seen.status == 1  # who has kept a checkpoint of what is lost sees it


def test_of_no_delivery_it_is_said_that_nobody_has_had_it_where_the_marks_are_the_copys(
    data: Path, copies: Path
) -> None:
    """It may have been given out after the copy was made: a recall must not say that it was not."""
    run(data, request(1))
    copy = back_up(data, copies)
    assert samband("inbox", TOWN, "--data", str(data)).status == 0
    for file in (DATABASE, "fetched.db"):
        (data / file).unlink()
    assert samband("restore", str(copy), "--data", str(data)).status == 0
    file = data.parent / "recall.jsonl"
    file.write_bytes(line(recall(2, 1, sender=POLICE, recipient=TOWN)) + b"\n")
    [receipt] = samband("run", str(file), "--data", str(data), "--json").objects
    assert receipt["fetched"] is True


def test_another_logs_copy_is_refused(data: Path, copies: Path, tmp_path: Path) -> None:
    copy = back_up(data, copies)
    other = tmp_path / "other"
    run(other, request(1))
    shutil.rmtree(other / "keys")
    (other / DATABASE).unlink()
    samband("run", str(MESSAGES), *REGISTER, "--data", str(tmp_path / "third"))
    ended = samband("restore", str(copy), "--data", str(tmp_path / "third"))
    assert ended.status == 2 and "annan logg" in ended.err
    ended = samband("restore", str(copy), "--data", str(other), "--keys", str(tmp_path / "third" / "keys"))
    assert ended.status == 2 and "annan logg" in ended.err


def test_keys_are_kept_apart(data: Path, copies: Path) -> None:
    ended = samband("backup", str(copies), "--data", str(data), "--keys", str(copies / "keys"))
    assert ended.status == 2 and "skilda från dem" in ended.err


def test_a_copy_that_is_not_what_was_signed_says_so(data: Path, copies: Path) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as connection, connection:
        connection.execute("update inbox set content = '{}' where n = 1")
    ended = samband("backup", str(copies), "--data", str(data), "--json")
    assert ended.status == 1 and ended.objects[0]["agrees"] is False
    assert json.loads((copies / "backup.json").read_text())["agrees"] is False
