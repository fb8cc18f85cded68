"""The sample town's log: what the agents read, and what the broker in process told meanwhile."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import sealed_lines
from house import opened
from sqlalchemy import create_engine

from broker.adapters.sql import postgres
from broker.adapters.sql.agent_store import AgentStore
from broker.model.canonical import canonical
from broker.ports.transport import Input
from scenery.town.story import FOLDER

Json = dict[str, Any]


class Log(NamedTuple):
    """Records of decisions and quarantines as they stand on `audit`, and the notices told in process."""

    records: tuple[bytes, ...]
    notices: tuple[tuple[str, Json], ...]
    """Authority and content of each."""

    @property
    def leaves(self) -> list[Json]:
        """The records as objects."""
        return [json.loads(record) for record in self.records]


@cache
def town_log() -> Log:
    """The town run in process, once for all tests."""
    lines = (FOLDER / "messages.jsonl").read_bytes().splitlines()
    parties = json.loads((FOLDER / "authorities.json").read_text("utf-8"))
    with TemporaryDirectory() as folder, opened(Path(folder), parties=parties) as house:
        list(house.pipeline.run(Input(line, number=n, source="town") for n, line in enumerate(lines, 1)))
        leaves = [leaf for leaf in house.leaves() if leaf["record"] != "notice"]
        rows = sealed_lines.lines(house.connection, house.key)
        notices = [(row["authority"], row["content"]) for row in rows if row["type"] == "notice"]
    written = [canonical({name: value for name, value in leaf.items() if name != "seq"}) for leaf in leaves]
    told = [
        (authority, content)
        for authority, content in notices
        if content["notice"] not in ("consent_registered", "consent_withdrawn", "acknowledged")
    ]
    return Log(tuple(written), tuple(told))


def sorted_notices(notices: Any) -> list[str]:
    """Authority and content of notices, to compare two sets of them."""
    return sorted(json.dumps([authority, content], sort_keys=True) for authority, content in notices)


def in_memory() -> AgentStore:
    """The agents' tables, empty, without a server."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        postgres.make(connection, postgres.OF_AGENTS)
    return AgentStore(engine)
