"""Audit records as the worker publishes them: without their places."""

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from command import MESSAGES, REGISTER, Json, samband

from broker.adapters.sql.data_folder import DATABASE
from broker.log.merkle import CompactRange, leaf_hash
from broker.model.canonical import canonical


def sample_leaves(count: int) -> list[bytes]:
    """So many records of the sample messages, over and over, none of them twice."""
    some = _sample()
    return [canonical({**json.loads(some[n % len(some)]), "n": n}) for n in range(count)]


@cache
def _sample() -> tuple[bytes, ...]:
    with TemporaryDirectory() as place:
        ended = samband("run", MESSAGES, *REGISTER, "--data", place, "--json")
        assert ended.status == 0, ended.err
        with closing(sqlite3.connect(Path(place) / DATABASE)) as connection:
            rows = connection.execute("SELECT leaf FROM records ORDER BY seq").fetchall()
    return tuple(
        canonical({name: value for name, value in json.loads(leaf).items() if name != "seq"}) for (leaf,) in rows
    )


def leaves(count: int) -> list[bytes]:
    """So many records that look alike, none of them twice: for what does not look into them."""
    return [canonical(_leaf(n)) for n in range(count)]


def _leaf(n: int) -> Json:
    common = {
        "version": 1,
        "recorded": f"2026-03-02T09:00:00.{n:06}Z",
        "message": f"{n:08}-0000-7000-8000-000000000000",
    }
    if n % 4 == 3:
        return {**common, "record": "quarantine", "sender": None, "receipt": {"outcome": "quarantine"}}
    return {
        **common,
        "record": "decision",
        "kind": "Tip",
        "sender": {"authority": "kommun-0127"},
        "recipient": {"authority": "polismyndigheten"},
        "time": "2026-03-02T09:00:00Z",
        "case": "Å" * (n % 3),
        "subject": None,
        "receipt": {"outcome": "forward"},
    }


def root(found: list[bytes], size: int | None = None) -> str:
    """The root over the first of these, worked out apart from the ledger."""
    return CompactRange(map(leaf_hash, found[:size])).root().hex()
