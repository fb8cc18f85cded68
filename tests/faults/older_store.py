"""The workers' database falls back to an older copy: it is refused, and made anew from Kafka."""

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psycopg
from live import Provisioned, Servers, postgres_admin
from psycopg import sql

from broker import topics
from faults import kafka_side
from faults.workers import ROOT, Workers

REFUSED = 1
"""How a worker ends whose database is older than what was published."""
_MORE = 10
"""Offsets of audit that come after the copy, at least."""
_PATIENCE = 60.0


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
        before = self._published()
        for place in places:
            workers.start(place)
        until = monotonic() + _PATIENCE
        while self._published() < before + _MORE and monotonic() < until:
            settle(0.2)
        for place in places:
            workers.signal(place, signal.SIGKILL)
            workers.ended(place, 10)
        self._do("DROP DATABASE {} WITH (FORCE)", own)
        self._do("ALTER DATABASE {} RENAME TO {}", copy, own)
        workers.start(places[0])
        status = None
        if workers.ended(places[0], _PATIENCE) == REFUSED:
            status = self._rebuild()
            workers.start(places[0])
        workers.start(places[1])
        until = monotonic() + _PATIENCE
        while self._working() < len(places) and monotonic() < until:  # one that has not begun can't end as it should
            settle(0.2)
        return status

    def _published(self) -> int:
        return kafka_side.ends(self.servers.operator, [topics.AUDIT], "read_committed")[topics.AUDIT]

    def _working(self) -> int:
        """How many workers have a number of their own."""
        with psycopg.connect(self.worker["SAMBAND_POSTGRES_URL"]) as connection:
            held = "select count(*) from pg_locks join pg_database d on d.oid = database"
            held += " where locktype = 'advisory' and objsubid = 2 and datname = current_database()"
            row = connection.execute(held).fetchone()
            return int(row[0]) if row else 0

    def _rebuild(self) -> int:
        own = {name: self.worker[name] for name in ("SAMBAND_POSTGRES_URL", "SAMBAND_KEYS", "SAMBAND_PROFILE")}
        environment = self.provisioned.environment(topics.RECONCILE) | own | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "broker.cli", "worker", "rebuild", "--json"]
        with (self.folder / "rebuild.log").open("ab") as log:
            return subprocess.run(command, env=environment, cwd=ROOT, stdout=log, stderr=log, check=False).returncode

    def _do(self, statement: str, *names: sql.Identifier) -> None:
        with postgres_admin(self.servers) as connection:
            connection.execute(sql.SQL(statement).format(*names))  # type: ignore[arg-type]
