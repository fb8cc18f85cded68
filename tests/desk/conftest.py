"""A desk, on SQLite, or where a test asks for it on PostgreSQL too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.side import Side


@pytest.fixture
def side(tmp_path: Path) -> Iterator[Side]:
    """A desk on SQLite, with a stage."""
    side = Side(tmp_path)
    yield side
    side.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.live)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Side]:
    """A desk on each of the two databases."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("database")
    side = Side(tmp_path, url)
    yield side
    side.close()
