"""Audit records as the worker publishes them: those of an embedded run, without their places."""

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from command import MESSAGES, REGISTER, samband

from broker.adapters.data_folder import DATABASE
from broker.merkle import CompactRange, leaf_hash
from broker.records import canonical


@cache
def sample_leaves() -> tuple[bytes, ...]:
    """The records of the sample messages."""
    with TemporaryDirectory() as place:
        ended = samband("run", MESSAGES, *REGISTER, "--data", place, "--json")
        assert ended.status == 0, ended.err
        with closing(sqlite3.connect(Path(place) / DATABASE)) as connection:
            rows = connection.execute("SELECT leaf FROM records ORDER BY seq").fetchall()
    return tuple(
        canonical({name: value for name, value in json.loads(leaf).items() if name != "seq"}) for (leaf,) in rows
    )


def leaves(count: int) -> list[bytes]:
    """So many records, none of them twice."""
    some = sample_leaves()
    return [canonical({**json.loads(some[n % len(some)]), "n": n}) for n in range(count)]


def root(found: list[bytes], size: int | None = None) -> str:
    """The root over the first of these, worked out apart from the ledger."""
    return CompactRange(map(leaf_hash, found[:size])).root().hex()
