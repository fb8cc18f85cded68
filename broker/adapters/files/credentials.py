"""The passwords that provisioning makes: one file for each user, for its owner's eyes, handed to the user once.

A new password is written down before Kafka is told, under another name, and gets its own name when Kafka has it. So
wherever a run is cut off, the next one tells Kafka again, and a file under its own name holds a password that was in
force.
"""

import os
import secrets
import shlex
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from broker.adapters.files import whole_file
from broker.model.faults import SetUpError

_SUFFIX = ".env"
_UNFINISHED = ".env.new"
_PASSWORD = "SAMBAND_KAFKA_PASSWORD="
_RANDOM_BYTES = 32
_LARGEST = 1 << 16
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class CredentialFileError(SetUpError):
    """The folder or a file can't be used. One line that names it and says what to do, without the password."""


class CredentialFiles:
    """A folder with one file of settings for each user: `set -a; . FILE` or Docker's `env_file` does."""

    def __init__(self, folder: Path, variables: Callable[[str, str], Mapping[str, str]]) -> None:
        """`folder` is made with the first password. `variables` gives a file's content for a user and a password.

        Raises CredentialFileError when others than its owner can enter it.
        """
        self._folder = folder
        self._variables = variables
        with self._usable():
            if folder.exists():
                self._refuse_open(folder)

    def unfinished_users(self) -> set[str]:
        """Users whose new password Kafka may not have."""
        return {path.name.removesuffix(_UNFINISHED) for path in self._folder.glob(f"*{_UNFINISHED}")}

    def password(self, user: str, *, new: bool) -> str:
        """The password to give Kafka: one that was not finished, or the one kept, or, or where `new`, another."""
        final, waiting = self._paths(user)
        if not new and waiting.exists() and (password := self._read(waiting)):
            return password
        if not new and final.exists():
            if password := self._read(final):
                return password
            raise CredentialFileError(f"{final}: holds no password: remove it, and a new one is made")
        password_ = secrets.token_urlsafe(_RANDOM_BYTES)
        self._write(waiting, self._text(user, password_))
        return password_

    def refresh(self, users: Iterable[str]) -> int:
        """Write those files anew that hold other settings than today's, such as where Kafka was before it moved.

        The passwords stay. Returns how many. Raises CredentialFileError.
        """
        count = 0
        for user in users:
            final, _ = self._paths(user)
            if final.exists() and (password := self._read(final)):
                text = self._text(user, password)
                if final.read_text("utf-8") != text:
                    self._write(final, text)
                    count += 1
        return count

    def finish(self, users: Iterable[str]) -> None:
        """Kafka has these passwords."""
        with self._usable():
            for user in users:
                final, waiting = self._paths(user)
                if waiting.exists():
                    waiting.replace(final)
            whole_file.settle(self._folder)

    def forget(self, users: Iterable[str]) -> None:
        """These passwords are not to be used again."""
        with self._usable():
            for path in (path for user in users for path in self._paths(user)):
                path.unlink(missing_ok=True)
            if self._folder.exists():
                whole_file.settle(self._folder)

    def _paths(self, user: str) -> tuple[Path, Path]:
        return self._folder / f"{user}{_SUFFIX}", self._folder / f"{user}{_UNFINISHED}"

    def _text(self, user: str, password: str) -> str:
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in self._variables(user, password).items())

    def _read(self, path: Path) -> str | None:
        """The password in a file; None where its line is missing or, after a write that was cut off, not whole."""
        try:
            self._refuse_open(path)
            with path.open("rb") as file:
                lines = file.read(_LARGEST).decode("utf-8", errors="replace").splitlines(keepends=True)
        except OSError as error:
            raise CredentialFileError(f"{path}: can't be read: {error.strerror}") from None
        passwords = (
            line.removeprefix(_PASSWORD) for line in lines if line.startswith(_PASSWORD) and line.endswith("\n")
        )
        return next(passwords, "").strip() or None

    def _write(self, path: Path, text: str) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            whole_file.write(path, text.encode())
        except OSError as error:
            raise CredentialFileError(f"{path}: can't be written: {error.strerror}") from None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CredentialFileError(f"{self._folder}: can't be used: {error.strerror}") from None

    @staticmethod
    def _refuse_open(path: Path) -> None:
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            raise CredentialFileError(
                f"{path}: others than its owner can use it: chmod go= it, and renew what it holds"
            )
