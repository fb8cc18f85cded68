"""The sample town as it was played, once for all tests of this room."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from command import samband

from broker.review.room import Room
from scenery.town.story import FOLDER
from tests.review.web_room import new_room

REGISTER = FOLDER / "authorities.json"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's data, which are only read."""
    folder = tmp_path_factory.mktemp("reviewed") / "data"
    assert samband("run", FOLDER / "messages.jsonl", "--register", REGISTER, "--data", folder, "--json").status == 0
    return folder


@pytest.fixture
def room(town: Path, tmp_path: Path) -> Iterator[Room]:
    """A room on the town."""
    with ExitStack() as stack:
        yield new_room(stack, town, register=REGISTER, keys=tmp_path / "keys")
