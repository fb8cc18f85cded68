"""The tables that only workers have, beside those of `tables`: what is decided, and whether it is sent."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    false,
    text,
)

metadata = MetaData()

numbers = Sequence("decision_numbers", metadata=metadata)

decisions = Table(
    "decisions",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("published", Boolean, nullable=False, server_default=false()),
    Index("unpublished", "n", postgresql_where=text("published IS false")),
)
"""Each record as the worker has made it: `published` once its Kafka transaction is known to be committed."""

laws = Table(
    "laws",
    metadata,
    Column("first_day", Integer, primary_key=True, autoincrement=False),
    Column("revision", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Laws that are announced, each with the day (20270101) from which it holds."""

attempts = Table(
    "attempts",
    metadata,
    Column("topic", String, primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
)
"""How often work on an outbox has begun at `first` without coming past it; `until`: the end of the first try."""
