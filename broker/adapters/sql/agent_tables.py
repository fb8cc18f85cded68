"""The tables of the agents: how far each has come, what it knows, and what is still to be told.

They stand beside the clocks' `matters` (`tables`). Nothing in them is an identity or a free text.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

positions = Table(
    "agent_positions",
    metadata,
    Column("source", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""The last place of each source that has been taken in: written with all that came of it, in one transaction."""

notices = Table(
    "agent_notices",
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
)
"""Notices to be sent; a row goes when the cluster has said that it has the notice."""

concerns = Table(
    "agent_concerns",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("sender", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""Delivered notifications of concern, by the token of the child."""

skipped = Table(
    "agent_skipped",
    metadata,
    Column("source", String, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("task", String, primary_key=True),
    Column("reason", String, nullable=False),
)
"""Records that a task could not take in: the others have, and it goes on. A row goes when a retry has taken it in."""
