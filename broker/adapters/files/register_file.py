"""The user's file of further authorities, taken in again when it changes, so that a newcomer needs no restart."""

import logging
from hashlib import sha256
from pathlib import Path
from time import monotonic

from broker import authorities
from broker.authorities import Register, RegisterError
from broker.ports.telemetry import UNMEASURED, Metrics

_FRESH = 2.0
_LOG = logging.getLogger("samband.register")


class RegisterFile:
    """The register with the parties in a file (None: without). `revision`: SHA-256 of the file as it was read.

    Where a register is announced to all programs at once (`adopt`), that holds, and the file is not read again.
    """

    def __init__(self, path: Path | None, metrics: Metrics = UNMEASURED) -> None:
        """Raises RegisterError."""
        self._path = path
        self._metrics = metrics
        self._is_announced = False
        self._looked = monotonic()
        self.revision = self._seen = self._digest()
        self.register: Register = authorities.load(path)
        metrics.register(self.revision)

    @property
    def current(self) -> Register:
        """The register as the file has it within two seconds: for who asks at every turn."""
        if monotonic() - self._looked > _FRESH:
            self._looked = monotonic()
            self.look()
        return self.register

    def look(self) -> bool:
        """Take in what the file holds now, and log it; whether that is new. One that can't be used is told of once."""
        try:
            if changed := self.take():
                _LOG.info("register read again: %d authorities, revision %s", *self.facts)
        except RegisterError as error:
            _LOG.error("the register stays as it was: %s", error)
            return False
        return changed

    def take(self) -> bool:
        """Take in what the file holds now; whether that is something else than before.

        Raises RegisterError, once, of a file that can't be used: the register stays as it was.
        """
        now = self._seen if self._is_announced else self._digest()
        if now == self._seen:
            return False
        self._seen = now
        self._become(authorities.load(self._path), now)
        return True

    @property
    def facts(self) -> tuple[int, str]:
        """How many authorities it has, and the beginning of its revision."""
        return len(self.register), self.revision[:12]

    def adopt(self, content: bytes) -> None:
        """Hold what a register file that was announced holds, from now on. Raises RegisterError."""
        now = sha256(content).hexdigest()
        if now != self.revision:
            self._become(authorities.load(Path("register"), content), now)
            _LOG.info("register announced: %d authorities, revision %s", *self.facts)
        self._is_announced = True

    def _become(self, register: Register, revision: str) -> None:
        self.register.become(register)
        self.revision = revision
        self._metrics.register(revision)

    def _digest(self) -> str:
        """Of the file's bytes, as many as a register may have; empty where they can't be read."""
        if self._path is None:
            return sha256(b"").hexdigest()
        try:
            with self._path.open("rb") as file:
                return sha256(file.read(authorities.MAX_BYTES + 1)).hexdigest()
        except OSError:
            return ""
