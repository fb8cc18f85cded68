"""What the tests of the agency's side share: the embedded broker in this process, and a school with a child."""

from collections.abc import Sequence
from pathlib import Path

from command import samband

from agents.agency import Embedded

TOWN = Path(__file__).parents[1] / "agents" / "town" / "authorities.json"
SCHOOL = "skola-tallkotten"
POLICE = "polismyndigheten"
BOARD = "kommun-0127"
CHILD = {"id_type": "personnummer", "id": "200904122389"}


def embedded(folder: Path) -> Embedded:
    """The real commands, without a process for each."""
    return Embedded(folder, TOWN, ("samband",), runner=_in_process)


def _in_process(line: Sequence[str], given: bytes) -> tuple[int, bytes, str]:
    ended = samband(*line[1:], stdin=given)
    return ended.status, ended.out.encode(), (ended.err.strip().splitlines() or [""])[-1]
