"""Real OPA servers: an engine for the one that tests share; and a test's own, started as `deploy/compose.yaml` does.

Such a one reads the same two files as the shared one, and takes any bundle, so that it can be seen to refuse it.
"""

import os
import shlex
import socket
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep

import yaml
from policy_tools import ROOT, opa_binary

from broker import bundle
from broker.adapters.opa import bundle_keys
from broker.adapters.opa.server import ServerDecisionPoint

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
LOADED, REFUSED = "Bundle loaded and activated successfully", ("Bundle load failed", "Bundle activation failed")
_WAIT = 20.0


def server_engine(told: Mapping[str, str], *, url: str | None = None, timeout: float = 30.0) -> ServerDecisionPoint:
    """The engine over a server that `servers.sh env` tells of. `url`: another way there."""
    address = url or told["SAMBAND_OPA_URL"]
    return ServerDecisionPoint(bundle.load(), address, token=told["SAMBAND_OPA_TOKEN"], timeout=timeout)


class OwnOpa:
    """An OPA that a test starts and stops on the same port."""

    def __init__(self, folder: Path, *keys: Path, config: Path = ROOT / "deploy/local/opa/config.yaml") -> None:
        self._config, self._log = config, folder / "opa.log"
        self._port, self._diagnostics = free_port(), free_port()
        self.told = {"SAMBAND_OPA_URL": f"http://127.0.0.1:{self._port}", "SAMBAND_OPA_TOKEN": "0123456789abcdef"}
        self.trust(*keys)

    def trust(self, *keys: Path) -> None:
        """Give it these public keys when it starts next."""
        self._keys = bundle_keys.settings(key.read_text("utf-8") for key in keys)

    @contextmanager
    def running(self, signed: Path) -> Iterator[str]:
        """Run with a bundle, or with the place of one; what it said of it."""
        environment = (
            os.environ
            | self.told
            | {
                "SAMBAND_OPA_RESOURCE": signed.absolute().as_uri(),
                "SAMBAND_OPA_KEYS": self._keys,
            }
        )
        with self._log.open("wb") as log:
            process = subprocess.Popen(self._command(), env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield self._said(process)
        finally:
            process.kill()
            process.wait()

    def _command(self) -> list[str]:
        places = {
            "0.0.0.0:8181": f"127.0.0.1:{self._port}",
            "0.0.0.0:8282": f"127.0.0.1:{self._diagnostics}",
            "/etc/samband/config.yaml": str(self._config),
            "/etc/samband": str(ROOT / "deploy" / "local" / "opa"),
        }
        words = shlex.split(COMPOSE["services"]["opa"]["command"])
        for written, place in places.items():
            words = [word.replace(written, place) for word in words]
        return [opa_binary(), *words]

    def _said(self, process: subprocess.Popen[bytes]) -> str:
        """Its log when it has the bundle, or has refused it, and answers."""
        until = monotonic() + _WAIT
        while not (self._answers() and any(word in self._log.read_text("utf-8") for word in (LOADED, *REFUSED))):
            assert process.poll() is None and monotonic() < until, self._log.read_text("utf-8")[-1000:]
            sleep(0.02)
        return self._log.read_text("utf-8")

    def _answers(self) -> bool:
        """With the law or without."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._diagnostics}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
