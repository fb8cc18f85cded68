"""What the tests of the agency's side share: the embedded broker in this process, and a school with a child."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from command import samband

from agents.agency import Embedded
from broker.cli import run

TOWN = Path(__file__).parents[1] / "scenery" / "town" / "authorities.json"
SCHOOL = "skola-tallkotten"
POLICE = "polismyndigheten"
BOARD = "kommun-0127"
CHILD = {"id_type": "personnummer", "id": "200904122389"}


def clock() -> datetime:
    """The same for the broker and for those who send: rules and ages are those of that day."""
    return datetime(2026, 11, 21, 9, tzinfo=UTC)


def embedded(folder: Path) -> Embedded:
    """The real commands, without a process for each."""
    return Embedded(folder, TOWN, ("samband",), runner=_in_process)


def _in_process(line: Sequence[str], given: bytes) -> tuple[int, bytes, str]:
    with patch.object(run, "clock", clock):
        ended = samband(*line[1:], stdin=given)
    return ended.status, ended.out.encode(), (ended.err.strip().splitlines() or [""])[-1]
