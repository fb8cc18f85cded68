"""One path for both runtimes: the sample town leaves the same records in process as through a worker over topics."""

import json
import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from cluster_in_memory import cluster
from house import opened

from broker import authorities, topics
from broker.ports.transport import Input
from scenery.town import sending
from scenery.town.story import FOLDER

pytestmark = pytest.mark.slow

Json = dict[str, Any]
REGISTER = FOLDER / "authorities.json"
PARTIES = json.loads(REGISTER.read_text("utf-8"))
LINES = sending.lines((FOLDER / "messages.jsonl").read_bytes().splitlines(), authorities.load(REGISTER))


def through_a_worker(folder: Path) -> Iterator[Json]:
    """The town on topics, each turn of a sender handled before the next."""
    with cluster(folder, PARTIES) as running:
        for sender, turn in groupby(LINES, key=lambda line: line.sender):
            running.send(sender, *(line.content for line in turn))
            running.work()
        yield from (json.loads(record.value) for record in running.topics[topics.AUDIT])


def in_process(folder: Path) -> list[Json]:
    with opened(folder, parties=PARTIES) as house:
        list(house.pipeline.run(Input(line.content, line.number, line.sender, proven=line.sender) for line in LINES))
        return house.leaves()


def by_input(leaves: Iterable[Json]) -> dict[tuple[str, str], Json]:
    """Records of what came in, without their place in the log, and the hashes of others that they hold."""
    apart = ("seq", "rests_on")
    kept = [leaf for leaf in leaves if leaf["record"] != "notice"]
    return {(leaf["record"], leaf["digest"]): {name: leaf[name] for name in leaf if name not in apart} for leaf in kept}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[Any, Json], dict[Any, Json]]:
    there, here = tmp_path_factory.mktemp("there"), tmp_path_factory.mktemp("here")
    on_topics = by_input(through_a_worker(there))
    (here / "keys").mkdir()
    shutil.copy(there / "keys" / "token.key", here / "keys")  # tokens and digests are the same under the same key
    return on_topics, by_input(in_process(here))


def test_the_same_records(both: tuple[dict[Any, Json], dict[Any, Json]]) -> None:
    """Each of a decision or of quarantine, under the same key; but a board's decision on a notification of before.

    The terms that it sets are told in its delivery in process, and known to the agents alone where these keep the
    matters: so the digest of that line differs.
    """
    there, here = both
    assert there.keys() == here.keys() and len(here) > 300
    differing = {key: [n for n in here[key] | there[key] if here[key].get(n) != there[key].get(n)] for key in here}
    assert {here[key].get("kind"): names for key, names in differing.items() if names} == {"ConcernDecision": ["lines"]}
