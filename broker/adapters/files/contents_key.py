"""The key that wraps the keys of cases: a file outside the database, of which no copy can be read alone.

The file has a line for each key, `ID BASE64`, the one in use first. There are several only while keys of cases are
being wrapped anew (`renew`, then `drop`): then whatever an old copy of the database holds can't be read any more.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path
from secrets import token_hex

from broker.adapters.files import cipher, whole_file
from broker.adapters.files.cipher import Damaged
from broker.adapters.files.signing import KeyFileError, load_or_create

FILE = "contents.key"
_LABEL = "samband case key"


class ContentsKey:
    """Wraps and unwraps. In: the file, or None for a key that nobody keeps. It is read when it is first needed."""

    def __init__(self, path: Path | None, *, create: bool = False) -> None:
        """`create`: make one where there is none. Raises KeyFileError."""
        self._path = path
        self._keys: dict[str, bytes] = {}
        if path is None:
            self._keys = _new()
        elif create:
            self.make()

    def make(self) -> None:
        """Make one, where there is none. Raises KeyFileError."""
        if self._path is not None:
            load_or_create(self._path, lambda: _text(_new()))

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return self._path is None or self._path.exists()

    @property
    def current(self) -> str:
        """The id of the one that wraps now. Raises KeyFileError."""
        return next(iter(self._known()))

    def require(self) -> None:
        """Raises KeyFileError where there is none that can be used."""
        self._known()

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """A case's key, wrapped, and by which. Raises KeyFileError."""
        id_ = self.current
        return id_, cipher.seal(self._keys[id_], key, _LABEL)

    def unwrap(self, id_: str, wrapped: bytes) -> bytes:
        """A case's key. Raises KeyFileError where what wrapped it is gone, Damaged where it is another's."""
        if id_ not in self._known():
            self._keys = self._read()  # it may have been renewed meanwhile
        if id_ not in self._keys:
            raise KeyFileError(f"{self._path}: the key of these contents is not in it; restore it from a backup")
        return cipher.open_sealed(self._keys[id_], wrapped, _LABEL)

    def renew(self) -> str:
        """Wrap with a new key from now on; the older ones unwrap until they are dropped. Raises KeyFileError."""
        self._write({**_new(), **self._read()})
        return self.current

    def drop(self) -> None:
        """Keep the newest key alone: nobody unwraps what the others have wrapped. Raises KeyFileError.

        The file that held them is written over as well, for what that is worth: its disk may have copied it.
        """
        newest = dict([next(iter(self._read().items()))])
        if self._path is not None:
            with self._path.open("r+b") as old:
                self._write(newest)
                size = os.fstat(old.fileno()).st_size
                old.write(bytes(size))
                old.flush()
                os.fsync(old.fileno())
        self._keys = newest

    def forget(self) -> None:
        """Read the file again before the next use: another process may have renewed it."""
        if self._path is not None:
            self._keys = {}

    def _known(self) -> dict[str, bytes]:
        if not self._keys:
            self._keys = self._read()
        return self._keys

    def _read(self) -> dict[str, bytes]:
        if self._path is None:
            return self._keys
        lines = load_or_create(self._path, None).decode("ascii", errors="replace").splitlines()
        try:
            keys = {id_: b64decode(text, validate=True) for id_, text in (line.split(" ") for line in lines)}
        except ValueError:
            keys = {}
        if not keys or any(len(key) != cipher.SIZE for key in keys.values()):
            raise KeyFileError(f"{self._path}: not a key of contents; restore it from a backup")
        return keys

    def _write(self, keys: dict[str, bytes]) -> None:
        if self._path is not None:
            try:
                whole_file.write(self._path, _text(keys))
            except OSError as error:
                raise KeyFileError(f"{self._path}: the key file cannot be used ({error.strerror})") from None
        self._keys = keys


def _new() -> dict[str, bytes]:
    return {token_hex(8): cipher.new_key()}


def _text(keys: dict[str, bytes]) -> bytes:
    return "".join(f"{id_} {b64encode(key).decode()}\n" for id_, key in keys.items()).encode()


__all__ = ["FILE", "ContentsKey", "Damaged"]
