"""PostgreSQL is lost, and comes back from its base and its WAL with all that was committed: `wal.sh`."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from lines import POLICE, TOWN, consent, request, withdrawal
from live import Servers, postgres_admin
from streams import Town, until
from test_rebuild_live import rows, settled
from test_store_outdated import lies, name

from broker import topics
from broker.adapters.files import upkeep

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[1] / "deploy" / "postgres" / "wal.sh"
BIN = Path(os.environ.get("SAMBAND_PGBIN", "/usr/lib/postgresql/15/bin"))
AS = ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--") if os.geteuid() == 0 else ()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may write, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="samband-", dir="/var/tmp"))
    if AS:
        shutil.chown(folder, "postgres", "postgres")
    yield folder
    shutil.rmtree(folder)


def environment(servers: Servers) -> dict[str, str]:
    told = servers.settings
    login = {"PGHOST": "127.0.0.1", "PGPORT": told["SAMBAND_POSTGRES_PORT"], "PGUSER": "postgres"}
    return {**os.environ, **login, "PGPASSWORD": told["SAMBAND_POSTGRES_ADMIN_PASSWORD"]}


def script(servers: Servers, *words: object) -> None:
    command = [*AS, str(SCRIPT), *map(str, words)]
    ended = subprocess.run(command, env=environment(servers), cwd="/", capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@contextmanager
def running(command: Sequence[object], servers: Servers) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [*AS, *map(str, command)],
        env=environment(servers),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            finally:
                process.kill()


@contextmanager
def receiving(servers: Servers, folder: Path) -> Iterator[None]:
    """All WAL is kept there meanwhile; at the end what has been written until then."""
    try:
        with running([SCRIPT, "receive", folder], servers), postgres_admin(servers) as connection:
            until(lambda: connection.execute("select 1 from pg_stat_replication").fetchone(), bool)
            yield
            [(written,)] = connection.execute("select pg_current_wal_flush_lsn()")
            caught_up = "select flush_lsn >= %s::pg_lsn from pg_stat_replication"
            until(lambda: connection.execute(caught_up, (written,)).fetchone(), lambda row: bool(row and row[0]))
    finally:
        with postgres_admin(servers) as connection:
            free = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active"
            until(lambda: connection.execute(free).fetchone(), bool)


@contextmanager
def started(data: Path, servers: Servers) -> Iterator[int]:
    """A server on a data folder, once it takes commands; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with running(
        [BIN / "postgres", "-D", data, "-p", port, "-c", f"unix_socket_directories={data}", "-c", "fsync=off"], servers
    ):
        recovered = "select pg_is_in_recovery()"

        def ready() -> bool:
            try:
                with psycopg.connect(host="127.0.0.1", port=port, dbname="postgres", **admin(servers)) as connection:
                    return connection.execute(recovered).fetchone() == (False,)
            except psycopg.OperationalError:
                return False

        until(ready, bool)
        yield port


def admin(servers: Servers) -> dict[str, str]:
    return {"user": "postgres", "password": servers.settings["SAMBAND_POSTGRES_ADMIN_PASSWORD"]}


def test_a_lost_database_comes_back_with_all_that_was_committed(town: Town, place: Path) -> None:
    """A base, more after it, the loss: one to one what stood there, the withdrawal too; nothing goes out twice."""
    servers = town.kafka.servers
    with receiving(servers, place):
        with town.worker():
            town.send(TOWN, consent(3))
            town.send(POLICE, request(1))
            town.awaited(1, POLICE)
            town.awaited(1, TOWN)
            script(servers, "base", place)
            town.send(TOWN, withdrawal(4))
            town.send(POLICE, request(2))
            town.awaited(2, TOWN)
            town.awaited(2, POLICE)
        whole = settled(town)
    assert (told := upkeep.backup(place / "backup.json")) is not None and told.bytes
    with postgres_admin(servers) as connection:
        connection.execute(f"drop database {name(town.database)} with (force)")  # type: ignore[arg-type]
        connection.execute(f"create database {name(town.database)} owner samband")  # type: ignore[arg-type]
    before = lies(town)
    script(servers, "restore", place, place / "data")
    with started(place / "data", servers) as port:
        elsewhere = replace(town, database=town.database.replace(servers.settings["SAMBAND_POSTGRES_PORT"], str(port)))
        assert rows(elsewhere.database) == whole
        with elsewhere.worker():
            elsewhere.send(POLICE, request(2), request(5))
            elsewhere.awaited(4, POLICE)
    after = lies(town)
    assert after[topics.AUDIT] == before[topics.AUDIT] + 1
