"""Real OPA servers: an engine for the one that tests share, and servers of their own for bundles that are to be refused."""

import os
import subprocess
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from live import SCRIPT, settings_of

from broker import bundle
from broker.adapters.rego_server import OpaServerEngine


def server_engine(told: Mapping[str, str], *, url: str | None = None, timeout: float = 30.0) -> OpaServerEngine:
    """The engine over a server that `servers.sh env` tells of. `url`: another way there."""
    address = url or told["SAMBAND_OPA_URL"]
    return OpaServerEngine(bundle.load(), address, token=told["SAMBAND_OPA_TOKEN"], timeout=timeout)


@dataclass(frozen=True)
class OwnOpa:
    """An OPA in a run folder of its own, as `servers.sh` starts it."""

    run: Path

    def up(self, signed: Path, key: Path, *, loads: bool = True) -> None:
        """Start it with a bundle and the public key to check it with. `loads` False: it is to refuse the bundle."""
        given = {"SAMBAND_BUNDLE": str(signed), "SAMBAND_BUNDLE_KEY": str(key), "SAMBAND_WAIT": "60" if loads else "0"}
        command = [SCRIPT, "--run", self.run, "up", "opa"]
        done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == loads, done.stderr

    def down(self) -> None:
        """Stop it, if it runs."""
        subprocess.run([SCRIPT, "--run", self.run, "down", "opa"], capture_output=True, check=True)

    @property
    def told(self) -> Mapping[str, str]:
        """Its address and token."""
        return settings_of(self.run)

    @property
    def log(self) -> str:
        """What it has said since it started."""
        return (self.run / "opa" / "log").read_text("utf-8")

    def answers(self) -> bool:
        """Whether it answers at all, with the law or without."""
        try:
            with urllib.request.urlopen(f"{self.told['SAMBAND_OPA_DIAGNOSTICS_URL']}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
