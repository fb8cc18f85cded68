"""A corner of the database for one run of the worker, which is gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import uuid4

import psycopg
from psycopg import sql

_DRIVER = "postgresql+psycopg://"


@contextmanager
def corner(url: str) -> Iterator[str]:
    """The URL of an empty schema in the same database (`url` as `settings.postgres` tells it)."""
    plain, name = url.replace(_DRIVER, "postgresql://", 1), f"bench_{uuid4().hex}"
    _do(plain, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    try:
        yield f"{plain}{'&' if '?' in plain else '?'}options={quote(f'-csearch_path={name}')}"
    finally:
        _do(plain, sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def _do(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
