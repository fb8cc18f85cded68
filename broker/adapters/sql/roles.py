"""Who may do what in PostgreSQL: each program has a role of its own, and none can do another's work.

The owner makes the tables and gives these rights (`samband upgrade --data postgres`). A database without the roles is
used by its owner alone. Whoever breaks into a worker can sign nothing, and write nothing into the log; who only reads
writes nothing at all.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection, String, Table, select, text
from sqlalchemy.sql.expression import column, table

from broker.adapters.sql import agent_tables, migrations, tables, worker_tables

WORKER, LEDGER, AGENTS = "samband_worker", "samband_ledger", "samband_agents"
READER, REVIEW = "samband_reader", "samband_review"
_LOG = (tables.records.name, tables.checkpoints.name)
_APPEND, _CHANGE = "SELECT, INSERT", "SELECT, INSERT, UPDATE, DELETE"
_OF_AGENTS = agent_tables.metadata.tables


def _but_content(table: Table) -> str:
    """What a message says is for nobody to look at: of a delivery it is kept until that is registered."""
    names = (f'"{one.name}"' for one in table.c if one.name != tables.inbox.c.content.name)
    return f"SELECT ({', '.join(names)})"


_SHARED = (*tables.metadata.tables, *worker_tables.metadata.tables)

RIGHTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        WORKER: {
            **{name: _CHANGE for name in _SHARED if name not in (*_LOG, tables.matters.name)},
            worker_tables.decisions.name: "SELECT, INSERT, UPDATE (published), DELETE",
            worker_tables.laws.name: "SELECT",
        },
        LEDGER: {**dict.fromkeys(_LOG, _APPEND), tables.ledger_position.name: "SELECT, INSERT, DELETE"},
        AGENTS: {
            tables.matters.name: _CHANGE,
            **dict.fromkeys(_OF_AGENTS, _CHANGE),
            worker_tables.decisions.name: "SELECT (n, leaf_hash)",
        },
        READER: {
            **dict.fromkeys((*_SHARED, *tables.ledger_metadata.tables, *_OF_AGENTS), "SELECT"),
            tables.inbox.name: _but_content(tables.inbox),
        },
        REVIEW: {
            **dict.fromkeys((*_LOG, *tables.ledger_metadata.tables, *_OF_AGENTS), "SELECT"),
            **dict.fromkeys((tables.matters.name, worker_tables.decisions.name), "SELECT"),
            **{table.name: _but_content(table) for table in (tables.inbox, tables.quarantine)},
        },
    }
)
"""Role -> table -> rights. All may read the schema's number; sequences belong to who may insert.

A worker takes a decision away again whose message can't be sent (`WorkerStore.discard`), and changes none.
"""

_SEQUENCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        WORKER: (worker_tables.numbers.name, f"{tables.inbox.name}_{tables.inbox.c.n.name}_seq"),
        AGENTS: (f"{agent_tables.notices.name}_{agent_tables.notices.c.n.name}_seq",),
    }
)
_KNOWN = select(column("rolname", String)).select_from(table("pg_roles"))


def give(connection: Connection) -> list[str]:
    """Give each role that there is exactly its rights; those roles. The caller is the owner, and commits."""
    there = RIGHTS.keys() & set(connection.execute(_KNOWN).scalars())
    for role in sorted(there):
        for kind in ("TABLES", "SEQUENCES"):
            connection.execute(text(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {role}"))
        for name, rights in {**RIGHTS[role], migrations.schema_version.name: "SELECT"}.items():
            connection.execute(text(f"GRANT {rights} ON {name} TO {role}"))
        for name in _SEQUENCES.get(role, ()):
            connection.execute(text(f"GRANT USAGE ON SEQUENCE {name} TO {role}"))
    return sorted(there)
