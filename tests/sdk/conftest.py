"""The desk that is reached by SDK."""

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
