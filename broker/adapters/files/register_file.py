"""The user's file of further authorities, read again when it changes, so that a newcomer needs no restart."""

import logging
from hashlib import sha256
from pathlib import Path

from broker import authorities
from broker.authorities import Register, RegisterError
from broker.ports.telemetry import UNMEASURED, Metrics

_LOG = logging.getLogger("samband.register")


class RegisterFile:
    """The register with the parties in a file (None: without). `revision`: SHA-256 of the file as it was read."""

    def __init__(self, path: Path | None, metrics: Metrics = UNMEASURED) -> None:
        """Raises RegisterError."""
        self._path = path
        self._metrics = metrics
        self.revision = self._seen = self._digest()
        self.register: Register = authorities.load(path)
        metrics.register(self.revision)

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
        now = self._digest()
        if now == self._seen:
            return False
        self._seen = now
        self.register.become(authorities.load(self._path))
        self.revision = now
        self._metrics.register(now)
        return True

    @property
    def facts(self) -> tuple[int, str]:
        """How many authorities it has, and the beginning of its revision."""
        return len(self.register), self.revision[:12]

    def _digest(self) -> str:
        """Of the file's bytes, as many as a register may have; empty where they can't be read."""
        if self._path is None:
            return sha256(b"").hexdigest()
        try:
            with self._path.open("rb") as file:
                return sha256(file.read(authorities.MAX_BYTES + 1)).hexdigest()
        except OSError:
            return ""
