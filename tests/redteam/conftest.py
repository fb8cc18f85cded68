"""The fixture that every finding is replayed on."""

from pathlib import Path

import pytest
from attacks import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """An empty broker on the sample town's register."""
    return Town(tmp_path)
