"""The broker on this machine: its command `samband`, its data folder.

Nothing of it is imported.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

from .broker import AgencyError, Came, Json, NotReached, Outgoing

_BETWEEN = 0.25
"""Seconds between looks at an inbox, and between tries while somebody else writes."""
_WRITER = ("another samband writes here", "en annan samband skriver här")

Ended = tuple[int, bytes, str]
"""Exit status, what was printed, and the last line that tells why."""

Runner = Callable[[Sequence[str], bytes], Ended]
"""Runs a command with its input. Raises OSError when it can't be started."""


def run(line: Sequence[str], given: bytes) -> Ended:
    """A process of its own."""
    ended = subprocess.run(line, input=given, capture_output=True, check=False)
    said = ended.stderr.decode(errors="replace").strip().splitlines()
    return ended.returncode, ended.stdout, said[-1] if said else f"samband ended with status {ended.returncode}"


@dataclass(frozen=True)
class Embedded:
    """In: the data folder, the register file where there is one, and the command when it is not on the path."""

    data: Path
    register: Path | None = None
    command: tuple[str, ...] = ()
    patience: float = 30.0
    """Seconds to wait while somebody else writes."""
    runner: Runner = run
    lang: str = "en"
    """The language in which the command says what is wrong."""

    def connect(self, authority: str) -> "EmbeddedConnection":
        """A connection as this authority. Raises AgencyError when there is no `samband` here."""
        return EmbeddedConnection(self, authority, self.command or find_command())


def find_command() -> tuple[str, ...]:
    """The command `samband` on this machine. Raises AgencyError when there is none."""
    beside = Path(sys.executable).with_name("samband")
    if beside.exists():
        return (str(beside),)
    if program := shutil.which("samband"):
        return (program,)
    if find_spec("broker"):
        return (sys.executable, "-m", "broker.cli")
    raise AgencyError("no command samband here: install it, or name it in Embedded(command=…)")


class EmbeddedConnection:
    """Calls the command; each call stands for itself."""

    def __init__(self, broker: Embedded, authority: str, command: Sequence[str]) -> None:
        self._broker = broker
        self._authority = authority
        self._command = command

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Json]:
        """Hand them over; the receipts are there at once."""
        given = b"".join(message.message + b"\n" for message in messages)
        until = monotonic() + self._broker.patience
        while True:
            status, out, said = self._run("send", "-", "--as", self._authority, given=given)
            if status == 0:
                return [json.loads(line) for line in out.splitlines()]
            if not any(words in said for words in _WRITER) or monotonic() > until:
                raise NotReached(said)
            sleep(_BETWEEN)

    def fetch(self, after: int, timeout: float) -> Sequence[Came]:
        """Look, and look again until something is there or the time is out. What is given counts as fetched.

        First the line at `after` itself; where it is gone the broker's folder is an older copy, and all comes.
        """
        until = monotonic() + timeout
        while True:
            rows = self._lines(max(after - 1, 0)) if (self._broker.data / "samband.db").exists() else []
            same = after < 1 or (bool(rows) and rows[0]["n"] == after)
            if not same and after > 1:
                rows = self._lines(0) if rows or (self._broker.data / "samband.db").exists() else []
            if len(rows) > (same and after > 0) or monotonic() >= until:
                return [Came(int(row.pop("n")), row) for row in rows]
            sleep(_BETWEEN)

    def at_end(self) -> bool:
        """Yes: each look gives all."""
        return True

    def rewind(self) -> None:
        """Nothing: the caller says after which line."""

    def commit(self, position: int) -> None:
        """Nothing: the agency's own state remembers."""

    def close(self) -> None:
        """Nothing is held."""

    def _lines(self, after: int) -> list[Json]:
        status, out, said = self._run("inbox", self._authority, "--since", str(after))
        if status:
            raise NotReached(said)
        return [json.loads(line) for line in out.splitlines()]

    def _run(self, *arguments: str, given: bytes = b"") -> Ended:
        register = ["--register", str(self._broker.register)] if self._broker.register else []
        line = [
            *self._command,
            *arguments,
            "--json",
            "--data",
            str(self._broker.data),
            "--lang",
            self._broker.lang,
            *register,
        ]
        try:
            return self._broker.runner(line, given)
        except OSError as error:
            raise NotReached(f"{self._command[0]}: can't be started: {error.strerror}") from None
