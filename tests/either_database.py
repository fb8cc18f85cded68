"""Databases of both kinds, for what must be the same in either."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from broker.model.canonical import compact_text


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.live)])
def either_database(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection to an empty one."""
    url = "sqlite://"
    if request.param == "postgresql":
        url = request.getfixturevalue("database").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, json_serializer=compact_text)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
