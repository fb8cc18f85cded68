"""What lies sealed in a database, opened for a test."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select

from broker.adapters.files.contents_key import FILE, ContentsKey
from broker.adapters.sql import data_folder, tables
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.deliveries import open_line

Row = dict[str, Any]


def lines(connection: Connection, key: ContentsKey) -> list[Row]:
    """Every inbox line, with its notes in it as whoever reads it sees them."""
    contents = Contents(connection, key)
    rows = connection.execute(select(tables.inbox).order_by(tables.inbox.c.n)).mappings()
    return [
        {**row, "content": {**(open_line(contents, row) if row["content"] else {}), **row["notes"]}} for row in rows
    ]


def of_folder(folder: Path) -> list[Row]:
    """Of the embedded broker."""
    with data_folder.reading(folder) as connection:
        return lines(connection, data_folder.contents_key(folder))


def of_workers(database: str, keys: Path) -> list[Row]:
    """Of a cluster's workers."""
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            return lines(connection, ContentsKey(keys / FILE))
    finally:
        engine.dispose()
