"""Each program's role in PostgreSQL does its own work, and can't do another's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
from command import samband
from live import Servers
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import create_engine, inspect

from broker.adapters.sql import postgres, roles
from broker.adapters.sql.agent_store import AgentStore
from broker.adapters.sql.data_folder import DataFolderError
from broker.adapters.sql.read_model import open_archive
from broker.adapters.sql.tables import SCHEMA_VERSION
from broker.report.entries import Period
from broker.review.figures import Figures


def url(servers: Servers, database: str, role: str) -> str:
    """The database as another role."""
    password = servers.settings[f"SAMBAND_POSTGRES_{role.removeprefix('samband_').upper()}_PASSWORD"]
    return f"postgresql://{role}:{password}@{database.partition('@')[2]}"


@pytest.fixture
def ready(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database that its owner has made ready."""
    monkeypatch.setenv("SAMBAND_POSTGRES_URL", database)
    monkeypatch.setenv("SAMBAND_PROFILE", "local")
    ended = samband("upgrade", "--data", "postgres", "--json")
    assert (ended.status, ended.objects) == (0, [{"from": 0, "to": SCHEMA_VERSION}])
    yield database


def may(servers: Servers, database: str, role: str, statement: str) -> bool:
    with psycopg.connect(url(servers, database, role), autocommit=True) as connection:
        try:
            connection.execute(statement)
        except InsufficientPrivilege:
            return False
    return True


def tables(database: str) -> set[str]:
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_every_role_may_what_is_told_and_nothing_more(servers: Servers, ready: str) -> None:
    names = tables(ready)
    for role, rights in roles.RIGHTS.items():
        for name in names:
            told = rights.get(name, "SELECT" if name == "schema_version" else "")
            assert may(servers, ready, role, f"INSERT INTO {name} SELECT * FROM {name} WHERE false") == (
                "INSERT" in told
            ), (role, name)
            assert may(servers, ready, role, f"DELETE FROM {name} WHERE false") == ("DELETE" in told), (role, name)
            assert may(servers, ready, role, f"SELECT * FROM {name}") == (
                "SELECT" in told and "SELECT (" not in told
            ), (role, name)
        assert not may(servers, ready, role, "CREATE TABLE mine (n int)")
        assert not may(servers, ready, role, f"ALTER TABLE {sorted(names)[0]} ADD COLUMN mine int")
        assert not may(servers, ready, role, "TRUNCATE records")


def test_who_decides_signs_nothing_and_who_signs_decides_nothing(servers: Servers, ready: str) -> None:
    for name in ("records", "checkpoints", "ledger_position"):
        for statement in (f"SELECT * FROM {name}", f"INSERT INTO {name} DEFAULT VALUES", f"DELETE FROM {name}"):
            assert not may(servers, ready, roles.WORKER, statement)
    assert not may(servers, ready, roles.WORKER, "UPDATE decisions SET leaf = leaf")
    assert may(servers, ready, roles.WORKER, "UPDATE decisions SET published = true")
    assert may(servers, ready, roles.WORKER, "DELETE FROM decisions WHERE NOT published"), "what can't be sent"
    for name in ("decisions", "consents", "inbox", "outbox", "handled"):
        assert not may(servers, ready, roles.LEDGER, f"SELECT * FROM {name}")
    assert not may(servers, ready, roles.LEDGER, "UPDATE records SET leaf = leaf")
    assert not may(servers, ready, roles.LEDGER, "DELETE FROM checkpoints")
    assert not may(servers, ready, roles.AGENTS, "SELECT leaf FROM decisions")
    assert may(servers, ready, roles.AGENTS, "SELECT leaf_hash FROM decisions")
    assert may(servers, ready, roles.READER, "SELECT message, seq FROM inbox")
    assert not may(servers, ready, roles.READER, "SELECT content FROM inbox"), "what is delivered is kept there"
    assert may(servers, ready, roles.REVIEW, "SELECT leaf FROM records")
    for name in ("inbox", "quarantine"):
        assert not may(servers, ready, roles.REVIEW, f"SELECT content FROM {name}"), "no message"
    for name in ("outbox", "consents", "answerables"):
        assert not may(servers, ready, roles.REVIEW, f"SELECT * FROM {name}")
    assert not may(servers, ready, roles.REVIEW, "UPDATE records SET leaf = leaf")


def test_each_program_opens_what_is_its_own(servers: Servers, ready: str) -> None:
    with postgres.working(url(servers, ready, roles.WORKER)) as connection:
        assert postgres.slot(connection) == 0
    with postgres.ledger(url(servers, ready, roles.LEDGER)):
        pass
    AgentStore.open(url(servers, ready, roles.AGENTS)).close()
    with postgres.reading(url(servers, ready, roles.READER)):
        pass
    figures = Figures(partial(open_archive, url(servers, ready, roles.REVIEW)), lambda: datetime.now(UTC))
    assert figures.of(Period.of_year(2026), 60) is not None, "no register is this room's to read"


def test_a_database_that_is_not_made_ready_is_said_to_be_so(servers: Servers, database: str) -> None:
    with (
        pytest.raises(DataFolderError, match="samband upgrade --data postgres' as the database's owner"),
        postgres.working(url(servers, database, roles.WORKER)),
    ):
        pass
