"""A file that a command writes is there when it is whole, and survives a power cut: its folder is on disk, too."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from house import ORIGIN

from broker.adapters.files import whole_file
from broker.adapters.files.checkpoint_file import PublishedFile
from broker.adapters.files.credentials import CredentialFiles
from broker.adapters.files.signing import Signer, TokenKey, Verifier
from broker.adapters.opa.signed_bundle import new_key
from broker.log.checkpoint import EMPTY_ROOT, Checkpoint


class Synced:
    """What has been made durable, as the operating system would."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, descriptor: int) -> None:
        self.paths.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))


def credentials(folder: Path) -> None:
    files = CredentialFiles(folder, lambda user, password: {"SAMBAND_KAFKA_PASSWORD": password})
    files.password("samband", new=True)


def published(folder: Path) -> None:
    signer = Signer(folder / "log.key", ORIGIN)
    note = signer.sign(Checkpoint(ORIGIN, 0, EMPTY_ROOT, bytes(32)).body_text())
    PublishedFile(folder, Verifier(signer.vkey)).write(note)


def text(folder: Path) -> None:
    with whole_file.write_whole(folder / "a") as stream:
        stream.write("å")


WRITERS: dict[str, Any] = {
    "text": text,
    "key": lambda folder: TokenKey(folder / "token.key"),
    "pair": lambda folder: new_key(folder / "law.pem", folder / "law.pem.pub"),
    "credentials": credentials,
    "published": published,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_file_and_folder_are_on_disk_and_nothing_half_written_is_left(writer: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with patch("os.fsync", Synced()) as synced:
        WRITERS[writer](tmp_path)
    assert synced.paths[-1] == str(tmp_path), "the folder last, once the name is there"
    assert any(Path(path).parent == tmp_path for path in synced.paths[:-1])
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a"
    whole_file.write(file, b"before")
    with pytest.raises(RuntimeError), whole_file.write_whole(file) as stream:
        stream.write("half")
        raise RuntimeError
    assert (file.read_bytes(), [path.name for path in tmp_path.iterdir()]) == (b"before", ["a"])
    with pytest.raises(FileExistsError, match=str(file)):
        whole_file.write(file, b"another", new=True)
    assert file.read_bytes() == b"before"
    assert file.stat().st_mode & 0o777 == whole_file.OWNER
