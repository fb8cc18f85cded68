"""A database that is deleted, emptied or put back from an older copy beside its keys is refused: nothing is signed."""

import shutil
from pathlib import Path

import pytest
from lines import line, request
from sqlalchemy import text

from broker import authorities
from broker.adapters.files.checkpoint_file import FILE
from broker.adapters.sql import data_folder
from broker.adapters.sql.data_folder import DATABASE, PUBLIC_KEY, DataFolderError
from broker.ports.faults import LedgerError
from broker.ports.transport import Input
from broker.runtime import embedded

pytestmark = pytest.mark.slow

Refused = (DataFolderError, LedgerError)


def run(folder: Path, *numbers: int) -> None:
    """Some requests, each recorded."""
    with embedded.embedded(folder, authorities.load()) as broker:
        list(broker.pipeline.run(Input(line(request(n))) for n in numbers))


def preview(folder: Path) -> None:
    """As `samband check` and the desk do."""
    with embedded.trial(folder, authorities.load()) as broker:
        assert len(list(broker.pipeline.run([Input(line(request(9)))]))) == 1


def remove(folder: Path) -> None:
    """The database with what SQLite keeps beside it."""
    for file in folder.glob(f"{DATABASE}*"):
        file.unlink()


def test_a_deleted_database_is_no_new_log(tmp_path: Path) -> None:
    run(tmp_path, 1)
    before = (tmp_path / "keys" / FILE).read_bytes()
    remove(tmp_path)
    with pytest.raises(Refused, match="put it back"):
        run(tmp_path, 2)
    assert not (tmp_path / DATABASE).exists() and (tmp_path / "keys" / FILE).read_bytes() == before


def test_nor_is_one_of_a_folder_from_before_the_size_was_kept(tmp_path: Path) -> None:
    run(tmp_path, 1)
    (tmp_path / "keys" / FILE).unlink()
    remove(tmp_path)
    with pytest.raises(Refused, match="put it back"):
        run(tmp_path, 2)


def test_an_empty_file_in_its_place_is_no_new_log(tmp_path: Path) -> None:
    run(tmp_path, 1)
    remove(tmp_path)
    (tmp_path / DATABASE).touch()
    with pytest.raises(Refused, match="put it back"):
        run(tmp_path, 2)


def test_nor_is_it_where_its_size_is_gone_too(tmp_path: Path) -> None:
    run(tmp_path, 1)
    (tmp_path / "keys" / FILE).unlink()
    remove(tmp_path)
    (tmp_path / DATABASE).touch()
    with pytest.raises(Refused, match="put it back"):
        run(tmp_path, 2)


def test_emptied_tables_are_found(tmp_path: Path) -> None:
    run(tmp_path, 1)
    with data_folder.writing(tmp_path) as connection:
        connection.execute(text("DELETE FROM records"))
        connection.execute(text("DELETE FROM checkpoints"))
        connection.commit()
    with pytest.raises(Refused, match="put it back"):
        run(tmp_path, 2)


def test_an_older_copy_is_found(tmp_path: Path) -> None:
    folder, copy = tmp_path / "data", tmp_path / "copy"
    run(folder, 1)
    copy.mkdir()
    for file in folder.glob(f"{DATABASE}*"):
        shutil.copy(file, copy)
    run(folder, 2)
    remove(folder)
    for file in copy.iterdir():
        shutil.copy(file, folder)
    with pytest.raises(Refused, match="2 records was published"):
        run(folder, 3)
    with pytest.raises(Refused, match="2 records was published"):
        preview(folder)


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_nothing_is_previewed_where_the_database_is_gone(tmp_path: Path, left: str) -> None:
    """What is lost could be a withdrawal."""
    run(tmp_path, 1)
    preview(tmp_path)
    remove(tmp_path)
    if left != "nothing":
        (tmp_path / DATABASE).touch()
    with pytest.raises(Refused, match="put it back"):
        preview(tmp_path)


def test_a_folder_without_a_size_gets_one_when_it_is_opened(tmp_path: Path) -> None:
    """As schema 3 left it."""
    run(tmp_path, 1, 2)
    (tmp_path / "keys" / FILE).unlink()
    run(tmp_path)
    assert (tmp_path / "keys" / FILE).read_text("utf-8").splitlines()[1] == "2"


def test_a_crash_between_commit_and_publication_is_made_up_for(tmp_path: Path) -> None:
    run(tmp_path, 1)
    before = (tmp_path / "keys" / FILE).read_bytes()
    run(tmp_path, 2)
    (tmp_path / "keys" / FILE).write_bytes(before)
    run(tmp_path, 3)
    assert (tmp_path / "keys" / FILE).read_text("utf-8").splitlines()[1] == "3"


def test_a_first_start_that_was_cut_off_is_no_deleted_database(tmp_path: Path) -> None:
    """The file of the database comes first, then the keys, then its tables, then the public key beside it."""
    run(tmp_path)
    assert not (tmp_path / "keys" / FILE).exists()
    (tmp_path / PUBLIC_KEY).unlink()
    (tmp_path / DATABASE).write_bytes(b"")
    run(tmp_path, 1)
