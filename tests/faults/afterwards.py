"""What an operator runs after a fault run: the ledger over all records, its verification, and the reconciliation."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from live import Provisioned

from broker import topics
from faults.workers import ROOT

_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("ledger", "--once", "--json"),
    "verify": ("audit", "verify", "--data", "postgres", "--json"),
    "reconcile": ("reconcile", "--once", "--json"),
}
_USERS = {"reconcile": topics.RECONCILE}


def unclean(provisioned: Provisioned, worker: Mapping[str, str], folder: Path) -> list[str]:
    """Run the commands; those that were not content. What each said is kept in `folder`.

    `worker`: a worker's environment, for the database and the keys.
    """
    own = {name: worker[name] for name in ("SAMBAND_POSTGRES_URL", "SAMBAND_KEYS", "SAMBAND_PROFILE")}
    found = []
    for name, arguments in _COMMANDS.items():
        environment = provisioned.environment(_USERS.get(name, topics.LEDGER)) | own | {"PYTHONPATH": str(ROOT)}
        with (folder / f"{name}.log").open("wb") as log:
            command = [sys.executable, "-m", "broker.cli", *arguments]
            status = subprocess.run(command, env=environment, cwd=ROOT, stdout=log, stderr=log, check=False).returncode
        if status:
            found.append(name)
    return found
