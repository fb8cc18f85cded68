"""The workers' database falls back to an older copy: it is refused, and made anew from Kafka."""

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from live import Provisioned, Servers, postgres_admin
from psycopg import sql

from broker import topics
from faults.workers import ROOT, Workers

REFUSED = 1
"""How a worker ends whose database is older than what was published."""
_MORE = 4.0
"""Seconds in which more is decided after the copy."""


@dataclass(frozen=True)
class Store:
    """The database of a run: `worker` is a worker's environment, `folder` keeps what the rebuild said."""

    servers: Servers
    provisioned: Provisioned
    worker: Mapping[str, str]
    folder: Path

    def fall_back(self, workers: Workers, settle: Callable[[float], None]) -> int | None:
        """The status of the rebuild; None where nothing had been published since the copy, so nothing is refused."""
        places = workers.places
        for place in places:
            workers.signal(place, signal.SIGTERM)
        for place in places:
            workers.ended(place, 60)
        name = self.worker["SAMBAND_POSTGRES_URL"].rpartition("/")[2]
        own, copy = sql.Identifier(name), sql.Identifier(f"{name}_copy")
        self._do("CREATE DATABASE {} OWNER samband TEMPLATE {}", copy, own)
        for place in places:
            workers.start(place)
        settle(_MORE)
        for place in places:
            workers.signal(place, signal.SIGKILL)
            workers.ended(place, 10)
        self._do("DROP DATABASE {} WITH (FORCE)", own)
        self._do("ALTER DATABASE {} RENAME TO {}", copy, own)
        workers.start(places[0])
        if workers.ended(places[0], 20) != REFUSED:
            workers.start(places[1])
            return None
        status = self._rebuild()
        for place in places:
            workers.start(place)
        return status

    def _rebuild(self) -> int:
        own = {name: self.worker[name] for name in ("SAMBAND_POSTGRES_URL", "SAMBAND_KEYS", "SAMBAND_PROFILE")}
        environment = self.provisioned.environment(topics.RECONCILE) | own | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "broker.cli", "worker", "rebuild", "--json"]
        with (self.folder / "rebuild.log").open("ab") as log:
            return subprocess.run(command, env=environment, cwd=ROOT, stdout=log, stderr=log, check=False).returncode

    def _do(self, statement: str, *names: sql.Identifier) -> None:
        with postgres_admin(self.servers) as connection:
            connection.execute(sql.SQL(statement).format(*names))  # type: ignore[arg-type]
