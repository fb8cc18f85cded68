"""From one schema of the tables to the next, where data stand already: `samband upgrade`.

A SQLite file has its schema's number in `user_version`, a PostgreSQL database in the table `schema_version`; one that
has tables and no number is of schema 3, the last before numbers. Each step is one transaction with the number.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    and_,
    func,
    insert,
    inspect,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.schema import CreateColumn

from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.sql import agent_tables, tables, worker_tables
from broker.adapters.sql.rows import put_rows
from broker.adapters.sql.sealing_upgrade import seal_existing
from broker.adapters.sql.tables import SCHEMA_VERSION
from broker.adapters.sql.worker_tables import decisions
from broker.facts.recorded_consent import refuses
from broker.model.days import microseconds
from broker.model.decision import Json

FIRST = 3
"""The oldest schema that can be brought to today's."""
SEALED = 5
"""The first schema that holds no contents unsealed."""

USABLE_FROM: Mapping[int, int] = MappingProxyType({4: 4, 5: 5})
"""Schema -> the oldest whose programs go on beside it, reading and writing what stands there as it is meant."""

metadata = MetaData()
schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("usable_from", Integer),
)
"""`usable_from`: of `USABLE_FROM`, told to programs that do not know this schema yet; null: they can't use it."""

_OURS = {
    name
    for known in (tables.metadata, tables.ledger_metadata, worker_tables.metadata, agent_tables.metadata)
    for name in known.tables
}


def version(connection: Connection) -> int | None:
    """The schema's number; None where there are no tables yet."""
    if connection.dialect.name == "sqlite":
        number: int = connection.execute(text("PRAGMA user_version")).scalar_one()
        return number or None
    there = inspect(connection)
    if there.has_table(schema_version.name):
        stamped: int | None = connection.execute(select(func.max(schema_version.c.version))).scalar_one()
        return stamped
    return FIRST if _OURS.intersection(there.get_table_names()) else None


def usable_from(connection: Connection) -> int | None:
    """The oldest schema whose programs may use these tables; None where that is not told."""
    there = inspect(connection)
    name = schema_version.name
    if not there.has_table(name) or "usable_from" not in {column["name"] for column in there.get_columns(name)}:
        return None
    oldest: int | None = connection.execute(select(schema_version.c.usable_from)).scalar_one_or_none()
    return oldest


def refusal(version: int, data: object, usable_from: int | None = None) -> str | None:
    """Why data of this schema can't be used, with what to do; None for today's, and a later one that is usable so far.

    `data`: as --data names the place.
    """
    if version > SCHEMA_VERSION and usable_from is not None and usable_from <= SCHEMA_VERSION:
        return None
    if version < FIRST:
        return f"is of schema {version}, which no version reads any more: keep it with the version that made it"
    if version < SCHEMA_VERSION:
        todo = f"stop what writes there, then run 'samband upgrade --data {data}'"
        return f"is of an earlier version (schema {version}): {todo}"
    if version > SCHEMA_VERSION:
        return f"is of a later version (schema {version}, this one has {SCHEMA_VERSION}): use that version"
    return None


def stamp(connection: Connection, number: int = SCHEMA_VERSION) -> None:
    """Write the schema's number down; the caller commits."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version = {number:d}"))
        return
    metadata.create_all(connection)
    _add(connection, schema_version.c.usable_from)
    stamped = {"version": number, "usable_from": USABLE_FROM.get(number)}
    if not connection.execute(update(schema_version).values(stamped)).rowcount:
        connection.execute(insert(schema_version).values(stamped))


def is_beside(version: int) -> bool:
    """Whether programs of this schema go on while it is brought to today's."""
    return all(USABLE_FROM[number] <= version for number in range(version + 1, SCHEMA_VERSION + 1))


def upgrade(connection: Connection, version: int, key: ContentsKey) -> None:
    """Take every step from this schema on, each in a transaction of its own. `key`: what contents are sealed with.

    Raises KeyFileError.
    """
    for number in range(version, SCHEMA_VERSION):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # its driver begins none before a change of tables
        _STEPS[number](connection, key)
        stamp(connection, number + 1)
        connection.commit()


def _add(connection: Connection, *columns: Column[object]) -> None:
    """Add columns, which may be null or have a default, to the tables that are there."""
    there = inspect(connection)
    for column in columns:
        name = column.table.name
        if there.has_table(name) and column.name not in {known["name"] for known in there.get_columns(name)}:
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN {CreateColumn(column).compile(connection)}"))


def _to_4(connection: Connection, _: ContentsKey) -> None:
    """What schema 4 has beside schema 3; what follows from the records is taken from there."""
    _add(connection, *(tables.quarantine.c[n] for n in ("size", "proven", "arrived", "kept", "recorded", "purged")))
    if inspect(connection).has_table(tables.quarantine.name):
        _fill_quarantine(connection)
    forms, agreements = tables.consents.c, tables.agreements.c
    for unread in ("agent_counts", "agent_follow_ups"):
        connection.execute(text(f"DROP TABLE IF EXISTS {unread}"))
    new = ("number", "message", "time", "programme", "parties", "refuses", "withdrawn_by", "withdrawn_time")
    _add(connection, *(forms[name] for name in new))
    _add(
        connection,
        agreements.registrant,
        agreements.time,
        *(tables.answerables.c[name] for name in ("recalled", "basis")),
    )
    if inspect(connection).has_table(tables.matters.name):
        _index_open_matters(connection)
    if inspect(connection).has_table(tables.consents.name):
        tables.consents_told.create(connection, checkfirst=True)
        _fill_consents(connection)
        connection.execute(text("ALTER TABLE consents DROP COLUMN addresses"))
        for index in tables.consents.indexes:
            index.create(connection, checkfirst=True)
        _fill_agreements(connection)
        _fill_recalled(connection)
        _fill_basis(connection)


def _to_5(connection: Connection, key: ContentsKey) -> None:
    """What schema 5 has beside schema 4: contents sealed with keys of cases."""
    for new in (tables.cases, tables.copies):
        new.create(connection, checkfirst=True)
    lines = tables.inbox.c
    case_keys = (lines.case_key, tables.outbox.c.case_key, tables.quarantine.c.case_key)
    _add(connection, lines.notes, lines.kind, lines.unit, *case_keys)
    seal_existing(connection, key, _log(connection))
    for table in (tables.records, tables.inbox, tables.outbox, tables.answerables):
        for index in table.indexes if inspect(connection).has_table(table.name) else ():
            index.create(connection, checkfirst=True)


def _index_open_matters(connection: Connection) -> None:
    """The index by what is computed, which cannot be looked for as others."""
    state, is_open = (of[connection.dialect.name] for of in (tables.MATTER_STATE, tables.OPEN_MATTERS))
    connection.execute(text(f"CREATE INDEX IF NOT EXISTS open_matters ON matters ({state}) WHERE {is_open}"))


def _fill_quarantine(connection: Connection) -> None:
    """How much is kept of each line, and since when."""
    table = tables.quarantine
    connection.execute(update(table).values(kept=func.length(table.c.content)))
    for seq in connection.execute(select(table.c.seq)).scalars().all():
        since = _leaf(connection, seq)["recorded"]
        connection.execute(update(table).where(table.c.seq == seq).values(recorded=since))
    for index in table.indexes:
        index.create(connection, checkfirst=True)


def _fill_consents(connection: Connection) -> None:
    """When each was given and withdrawn. Parties were told of every withdrawal: so they are of those that stand."""
    rows = connection.execute(select(tables.consents, literal_column("addresses", JSON))).all()
    for row in rows:
        given, facts = _leaf(connection, row.seq), row.facts
        values = {
            **{"message": given["message"], "time": _microseconds(given), "programme": facts["programme"]},
            **{"parties": f" {' '.join(facts['parties'])} ", "refuses": refuses(facts)},
        }
        if row.withdrawn is not None:
            values["withdrawn_time"] = _microseconds(_leaf(connection, row.withdrawn))
        connection.execute(update(tables.consents).where(tables.consents.c.seq == row.seq).values(values))
        if row.replaced is None and row.withdrawn is None and not refuses(facts):
            knower = {"authority": row.authority, "consent": row.consent, "message": given["message"], "notice": True}
            knower["seq"] = row.seq
            put_rows(
                connection, tables.consents_told, [{**knower, "party": party} for party in dict.fromkeys(row.addresses)]
            )


def _fill_agreements(connection: Connection) -> None:
    """Who confirmed each, and when: a school that confirmed for its municipality has not done so."""
    table = tables.agreements
    for seq in connection.execute(select(table.c.seq)).scalars().all():
        leaf = _leaf(connection, seq)
        sent = {"registrant": leaf["sender"]["authority"], "time": _microseconds(leaf)}
        connection.execute(update(table).where(table.c.seq == seq).values(sent))


def _fill_recalled(connection: Connection) -> None:
    """Which messages that others refer to are taken back."""
    log = _log(connection)
    for leaf in connection.execute(select(log.c.leaf)).scalars():
        if b'"recalls":' in leaf and (recall := json.loads(leaf))["receipt"]["outcome"] == "forward":
            of = tables.answerables.c
            this = and_(of.sender == recall["sender"]["authority"], of.message == recall["recalls"])
            connection.execute(update(tables.answerables).where(this).values(recalled=True))


def _fill_basis(connection: Connection) -> None:
    """Which grounds each request claims."""
    table = tables.answerables
    for seq in connection.execute(select(table.c.seq).where(table.c.kind == "InformationRequest")).scalars().all():
        claimed = _leaf(connection, seq)["input"]["basis"]
        if claimed:
            connection.execute(update(table).where(table.c.seq == seq).values(basis=claimed))


def _log(connection: Connection) -> Table:
    """Where the records are that the registers' numbers are of: the workers' own, or the log."""
    return decisions if inspect(connection).has_table(decisions.name) else tables.records


def _leaf(connection: Connection, number: int) -> Json:
    log = _log(connection)
    key = log.c.n if log is decisions else log.c.seq
    leaf: Json = json.loads(connection.execute(select(log.c.leaf).where(key == number)).scalar_one())
    return leaf


def _microseconds(leaf: Json) -> int:
    return microseconds(datetime.fromisoformat(leaf["time"]))


_STEPS: Mapping[int, Callable[[Connection, ContentsKey], None]] = MappingProxyType({3: _to_4, 4: _to_5})
"""The step from each schema to the next."""
