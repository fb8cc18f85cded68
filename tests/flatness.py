"""Whether a message costs the same in a log of a million records, beside a million consents, among 1,200 authorities.

    python -m tests.flatness [--most 1000000] [--leaves 10000000] [--runs 3]

Prints milliseconds of processor time a message (median of the runs, the sizes by turns) of a county's conversations
and of independent requests, and what each size costs beside the least. Log and register are filled with made rows, each
with a person of its own, into the tables where a broker keeps them; the messages then go through the broker. Ends with
1 where a size costs more than a tenth beyond the least.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from broker import authorities
from broker.log.merkle import CompactRange
from broker.ports.transport import Input
from broker.runtime import embedded
from broker.runtime.embedded import Embedded
from scenery.bench.load import Backlog, House, Independent, Work
from tests.review.million import put, sign

MESSAGES = 600
"""Of each run, after as many that warm up."""
FLAT = 1.10
_BLOCK = 20_000

Fill = Callable[[Path, int], None]
WorkOf = Callable[[Path, int], Work]
"""In: a folder for what it needs, and the size."""


def costs(sizes: Sequence[int], work_of: WorkOf, fill: Fill, runs: int) -> list[tuple[int, float]]:
    """Milliseconds a message at each size: by turns, for a machine is not as fast at all times."""
    with ExitStack() as stack:
        opened = [
            (_broker(stack, work, folder, fill, size), work) for size, folder, work in _works(stack, sizes, work_of)
        ]
        took: list[list[float]] = [[] for _ in sizes]
        for _ in range(runs):
            for (broker, work), times in zip(opened, took, strict=True):
                given = list(_inputs(work, MESSAGES))
                begun = process_time()
                done = sum(1 for _ in broker.pipeline.run(given))
                times.append(1000 * (process_time() - begun) / done)
    return [(size, median(times)) for size, times in zip(sizes, took, strict=True)]


def _works(stack: ExitStack, sizes: Sequence[int], work_of: WorkOf) -> Iterator[tuple[int, Path, Work]]:
    for size in sizes:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="samband-flat-")))
        yield size, folder / "data", work_of(folder, size)


def _broker(stack: ExitStack, work: Work, data: Path, fill: Fill, size: int) -> Embedded:
    """A broker over a folder that is filled so far, and has learnt what it learns in its first minute."""
    with embedded.embedded(data, authorities.load(work.register)) as broker:
        for _ in broker.pipeline.run(_inputs(work, MESSAGES)):
            pass
    fill(data, size)
    broker = stack.enter_context(embedded.embedded(data, authorities.load(work.register)))
    for _ in broker.pipeline.run(_inputs(work, MESSAGES)):
        pass
    return broker


def _inputs(work: Work, count: int) -> Iterator[Input]:
    for n, sent in enumerate(work.messages(count)):
        yield Input(sent.line, number=n, source=sent.id or None)


def fill_log(folder: Path, size: int) -> None:
    """Records like those that are there, up to so many, under one checkpoint."""
    with closing(sqlite3.connect(folder / "samband.db")) as database:
        models = [json.loads(row[0]) for row in database.execute("SELECT leaf FROM records ORDER BY seq")]
        put(database, _like(models, size))
        with database:
            database.execute("DELETE FROM checkpoints")
    sign(folder)


def _like(models: Sequence[dict[str, Any]], size: int) -> Iterator[dict[str, Any]]:
    rng = Random(size)
    for seq in range(len(models), size):
        leaf = rng.choice(models) | {"seq": seq}
        yield leaf | {name: rng.randbytes(32).hex() for name in ("subject", "case") if leaf.get(name)}


def fill_consents(folder: Path, size: int) -> None:
    """Consents like those that are there, of others than are named in any message, up to so many."""
    with closing(sqlite3.connect(folder / "samband.db")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(consents)")]
        models = [dict(zip(columns, row, strict=True)) for row in database.execute("SELECT * FROM consents")]
        put = f"INSERT INTO consents ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        rng, far = Random(size), 10_000_000
        for first in range(0, size, _BLOCK):
            rows = []
            for n in range(first, min(first + _BLOCK, size)):
                row = rng.choice(models) | {"seq": far + n, "subject": rng.randbytes(32).hex()}
                row |= {"consent": f"generated-{n}", "number": None, "replaced": None}
                rows.append([row[name] for name in columns])
            with database:
                database.executemany(put, rows)


class Many(Independent):
    """Requests between so many municipalities' schools, as many as asked."""

    def __init__(self, folder: Path, count: int) -> None:
        places = House(folder).ids
        towns = [party.removeprefix("kommun-") for party in places if party.startswith("kommun-")]
        schools = [
            {
                "authority": f"skola-{towns[n % len(towns)]}-{n}",
                "name": f"Exempelskolan {n}",
                "kind": "school",
                "principal": f"kommun-{towns[n % len(towns)]}",
            }
            for n in range(max(count, 10))
        ]
        self.register = folder / "many.json"
        self.register.write_text(json.dumps(schools, ensure_ascii=False), "utf-8")
        self.ids: Sequence[str] = [str(school["authority"]) for school in schools[:count]]


def tables(most: int, runs: int) -> Iterator[tuple[str, list[tuple[int, float]]]]:
    """Each sort of growth, with the cost of a message at each size."""
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= most]
    yield "log", costs(sizes, lambda folder, _: Backlog(folder), fill_log, runs)
    yield "consents", costs([1_000, *sizes], lambda folder, _: Backlog(folder), fill_consents, runs)
    yield "authorities", costs([10, 100, 620, 1_200], Many, lambda *_: None, runs)


def append(most: int) -> list[tuple[int, float]]:
    """Milliseconds a leaf of a log's tree, its root taken every thousand, of generated leaves by size."""
    tree, rows, rng = CompactRange(()), [], Random(1)
    begun, first, marks = process_time(), 0, [10**n for n in range(4, 9) if 10**n <= most]
    for n in range(1, most + 1):
        tree.append(rng.randbytes(32))
        if n % 1_000 == 0:
            tree.root()
        if n in marks:
            rows.append((n, 1000 * (process_time() - begun) / (n - first)))
            begun, first = process_time(), n
    return rows


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--leaves", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    is_flat = True
    for name, rows in (*tables(asked.most, asked.runs), ("leaves", append(asked.leaves))):
        for size, spent in rows:
            beside = spent / rows[0][1]
            is_flat &= beside <= FLAT
            print(f"{name:12} {size:>10} {spent:8.4f} ms {beside:6.2f}", flush=True)
    return 0 if is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
