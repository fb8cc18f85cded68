"""A PostgreSQL of an earlier schema is refused until it is upgraded; then it is whole, and has what a new one has."""

import gzip
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import golden
import psycopg
import pytest
from command import samband
from live import Servers, emptied_database
from sqlalchemy import create_engine, inspect
from test_roles_live import url

from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.sql import postgres, roles
from broker.adapters.sql.tables import SCHEMA_VERSION

GOLDEN = Path(__file__).parent / "golden"
PSQL = Path(os.environ.get("SAMBAND_PGBIN", "/usr/lib/postgresql/15/bin")) / "psql"


@pytest.fixture(params=golden.POSTGRES_SIZES)
def schema(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def earlier(schema: int, database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The town as a schema left it."""
    dump = gzip.decompress((GOLDEN / f"schema-{schema}-postgres.sql.gz").read_bytes())
    told = subprocess.run([PSQL, "-qXv", "ON_ERROR_STOP=1", database], input=dump, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
    (tmp_path / "log.vkey").write_bytes((GOLDEN / f"schema-{schema}-postgres.vkey").read_bytes())
    monkeypatch.setenv("SAMBAND_POSTGRES_URL", database)
    monkeypatch.setenv("SAMBAND_PROFILE", "local")
    monkeypatch.setenv("SAMBAND_KEYS", str(tmp_path))
    return database


@contextmanager
def new(servers: Servers) -> Iterator[str]:
    with emptied_database(servers) as made:
        postgres.upgrade(made, lambda: ContentsKey(None))
        yield made


Shape = dict[str, tuple[dict[str, str], frozenset[str]]]


def shape(database: str) -> Shape:
    """Every table's columns with their types, and its indexes."""
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    try:
        found = inspect(engine)
        return {
            name: (
                {column["name"]: f"{column['type']} {column['nullable']}" for column in found.get_columns(name)},
                frozenset(str(index["name"]) for index in found.get_indexes(name)),
            )
            for name in found.get_table_names()
        }
    finally:
        engine.dispose()


def test_an_earlier_schema_is_refused_with_what_to_do(earlier: str) -> None:
    for command in (("audit", "verify"), ("register", "show", "consents"), ("keys",)):
        ended = samband(*command, *(() if command == ("keys",) else ("--data", "postgres")))
        assert ended.status == 2
        assert "samband upgrade --data postgres" in ended.line


def test_an_upgraded_database_is_whole_and_each_program_opens_it(schema: int, earlier: str, servers: Servers) -> None:
    ended = samband("upgrade", "--data", "postgres", "--json")
    assert (ended.status, ended.objects) == (0, [{"from": schema, "to": SCHEMA_VERSION}])
    assert samband("upgrade", "--data", "postgres", "--json").objects[0]["from"] == SCHEMA_VERSION
    verified = samband("audit", "verify", "--data", "postgres", "--json")
    assert verified.status == 0, verified.err
    assert verified.objects[0]["size"] == golden.POSTGRES_SIZES[schema]
    assert samband("register", "show", "consents", "--all", "--data", "postgres", "--json").objects
    assert samband("explain", "1", "--data", "postgres").status == 0
    with postgres.working(url(servers, earlier, roles.WORKER)) as connection:
        assert postgres.slot(connection) == 0
    with postgres.ledger(url(servers, earlier, roles.LEDGER)):
        pass


def test_an_upgraded_database_has_what_a_new_one_has(earlier: str, servers: Servers) -> None:
    assert samband("upgrade", "--data", "postgres").status == 0
    with new(servers) as made:
        assert shape(earlier) == shape(made)


def test_programs_that_could_not_go_on_are_stopped_first(schema: int, earlier: str) -> None:
    """A worker holds a number, the ledger its lock: neither may write on as if nothing had changed."""
    for lock in (f"{postgres._SLOTS}, 3", f"{postgres._LEDGER}"):
        with psycopg.connect(earlier) as running:
            running.execute(f"select pg_advisory_lock({lock})")  # type: ignore[arg-type]
            ended = samband("upgrade", "--data", "postgres")
            assert ended.status == 2 and f"schema {schema}" in ended.line and "stoppa arbetare" in ended.line
    assert samband("upgrade", "--data", "postgres").status == 0


def test_a_later_schema_is_used_only_where_it_says_so(earlier: str, schema: int) -> None:
    """A step that only adds leaves programs of before where they are; any other refuses them, with its number."""
    assert samband("upgrade", "--data", "postgres").status == 0
    with psycopg.connect(earlier, autocommit=True) as connection:
        for usable_from, status in ((SCHEMA_VERSION, 0), (SCHEMA_VERSION + 1, 2), (None, 2)):
            stamp = "update schema_version set version = %s, usable_from = %s"
            connection.execute(stamp, (SCHEMA_VERSION + 1, usable_from))
            ended = samband("register", "show", "consents", "--data", "postgres")
            assert ended.status == status, ended.err
            assert status == 0 or f"schema {SCHEMA_VERSION + 1}" in ended.line
            assert samband("upgrade", "--data", "postgres").status == 2
