"""The keys that contents are sealed with, wrapped by a key that never lies in the database."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from agents.desk.cipher import SIZE, new_key, open_sealed, seal
from agents.desk.faults import DeskError, Destroyed

_NAME = "0123456789abcdef"


@dataclass(frozen=True)
class Wrapped:
    """A data key that only the key of this id can unwrap."""

    key_id: str
    blob: bytes = field(repr=False)


class Keys(Protocol):
    """Whoever keeps the wrapping keys: a folder, an HSM, a key service."""

    def wrap(self, data_key: bytes) -> Wrapped:
        """The data key, wrapped by a key of its own that is kept when this returns. Raises DeskError."""

    def unwrap(self, wrapped: Wrapped) -> bytes:
        """The data key. Raises Destroyed when its wrapping key is gone, DeskError when it can't be reached."""

    def destroy(self, key_id: str) -> None:
        """Nobody can unwrap what this key has wrapped any more; again changes nothing. Raises DeskError."""


class FileKeys:
    """In: a folder outside the database and its copies, made when it is missing, for its owner alone.

    Each wrapping key is a file of its own, so that one can be destroyed and no copy of the database brings it back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wrap(self, data_key: bytes) -> Wrapped:
        """A new key for each."""
        key_id, key = uuid4().hex, new_key()
        try:
            self._keep(key_id, key)
        except OSError as error:
            raise DeskError(f"{self._folder}: a key can't be kept: {error.strerror}") from None
        return Wrapped(key_id, seal(key, data_key, key_id))

    def unwrap(self, wrapped: Wrapped) -> bytes:
        """By the key's file."""
        try:
            key = self._file(wrapped.key_id).read_bytes()
        except FileNotFoundError:
            raise Destroyed("the key of these contents is gone: they can't be read") from None
        except OSError as error:
            raise DeskError(f"{self._folder}: a key can't be read: {error.strerror}") from None
        return open_sealed(key, wrapped.blob, wrapped.key_id)

    def destroy(self, key_id: str) -> None:
        """Written over, then gone: how much that is worth on the disk itself, its file system says."""
        file = self._file(key_id)
        try:
            with file.open("r+b") as key:
                key.write(bytes(SIZE))
                key.flush()
                os.fsync(key.fileno())
            file.unlink()
            _flush(file.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise DeskError(f"{self._folder}: a key can't be destroyed: {error.strerror}") from None

    def _keep(self, key_id: str, key: bytes) -> None:
        file = self._file(key_id)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
            new.write(key)
            new.flush()
            os.fsync(new.fileno())
        _flush(file.parent)

    def _file(self, key_id: str) -> Path:
        if len(key_id) != SIZE or set(key_id) - set(_NAME):
            raise DeskError("a key's id is not one of this folder's")
        return self._folder / key_id[:2] / key_id


def _flush(folder: Path) -> None:
    """What the folder lists is on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
