"""How long a search takes in a log of a million records: python -m tests.review.million --records 1000000 --data DIR.

Makes the records from those of the sample town (--town, as `make demo` left it), with other persons, cases, officers,
parties and days, straight into the tables of a data folder; takes them into the index; asks each sort of search many
times; opens decisions; verifies the whole. Prints p50 and p95 of each, with the plans of the two statements of a
search. What was made is used again.
"""

import argparse
import random
import resource
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import monotonic, process_time
from typing import Any
from uuid import UUID

from broker import authorities
from broker.adapters.files.signing import Signer, Verifier
from broker.adapters.sql import data_folder
from broker.adapters.sql.read_model import Archive, open_archive
from broker.log.checkpoint import NO_PREVIOUS, Checkpoint
from broker.log.merkle import CompactRange, leaf_hash
from broker.log.verifier import DERIVED_COLUMNS, StoredRecord, columns_of, verify
from broker.model.canonical import canonical
from broker.report.entries import Period
from broker.review.decision import prove, thread_of
from broker.review.figures import Figures
from broker.review.index import BLOCK, Index, postings
from broker.review.search import Query, search
from broker.review.subject import gather, report
from broker.runtime.embedded import LOG_NAME, PUBLIC_KEY

FIRST = datetime(2026, 1, 1, 6, tzinfo=UTC)
SPAN = timedelta(days=730)
TODAY = date(2027, 12, 31)
_LEFT_OUT = ("input", "lines", "clock", "registers", "rests_on")
"""What no search asks for: a record has about a kilobyte without it."""


def token(sort: str, n: int) -> str:
    """A token that stands for the n-th of a sort."""
    return sha256(f"{sort} {n}".encode()).hexdigest()


def leaves(town: Path, n: int, chance: random.Random, *, whole: bool) -> Iterator[dict[str, Any]]:
    """So many records, in the order of their days; `whole`: also what no search asks for."""
    with open_archive(town) as archive:
        models = [record.leaf for record in archive.records()]
    if not whole:
        models = [{name: value for name, value in leaf.items() if name not in _LEFT_OUT} for leaf in models]
    municipalities = [party.id for party in authorities.load() if party.id.startswith("kommun-")]
    for seq in range(n):
        leaf = dict(chance.choice(models))
        time = (FIRST + SPAN * (seq / n)).isoformat().replace("+00:00", "Z")
        leaf |= {"seq": seq, "recorded": time, "message": leaf.get("message") and str(UUID(int=seq, version=4))}
        if "time" in leaf:
            leaf["time"] = time
        if leaf.get("subject"):
            person = token("person", chance.randrange(n // 3))
            leaf |= {"subject": person, "persons": [person]}
        if leaf.get("case"):
            leaf["case"] = token("case", chance.randrange(n // 2))
        for side in ("sender", "recipient"):
            if (leaf.get(side) or {}).get("authority", "").startswith("kommun-"):
                leaf[side] = leaf[side] | {"authority": chance.choice(municipalities)}
        if leaf.get("sender"):
            leaf["sender"] = leaf["sender"] | {"officer": token("officer", chance.randrange(3000))}
        yield leaf


def make(town: Path, folder: Path, n: int, *, whole: bool) -> None:
    """Write the records into a new data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with data_folder.lock(folder), data_folder.writing(folder):
        pass
    with closing(sqlite3.connect(folder / "samband.db")) as database:
        put(database, leaves(town, n, random.Random(1), whole=whole))


def put(database: sqlite3.Connection, made: Iterable[dict[str, Any]]) -> None:
    """Write records into their table, with what is derived of each; no checkpoint yet."""
    columns = ("seq", "leaf", "leaf_hash", *DERIVED_COLUMNS)
    names = ", ".join(f'"{one}"' for one in columns)
    insert = f"INSERT INTO records ({names}) VALUES ({', '.join('?' * len(columns))})"
    rest, begun = iter(made), monotonic()
    while rows := [_row(leaf) for leaf in islice(rest, BLOCK)]:
        with database:
            database.executemany(insert, rows)
        print(f"made {rows[-1][0] + 1:>9} records, {monotonic() - begun:6.0f} s", flush=True)


def _row(leaf: dict[str, Any]) -> tuple[Any, ...]:
    data = canonical(leaf)
    return leaf["seq"], data, leaf_hash(data), *columns_of(leaf).values()


def sorts(n: int, chance: random.Random) -> dict[str, Callable[[], Query]]:
    """Each sort of search, with values that are there."""
    municipalities = [party.id for party in authorities.load() if party.id.startswith("kommun-")]

    def quarter() -> dict[str, date]:
        since = date(2026, 1 + 3 * chance.randrange(4), 1)
        return {"since": since, "until": since + timedelta(days=89)}

    return {
        "person": lambda: Query(person=(token("person", chance.randrange(n // 3)),)),
        "case": lambda: Query(case=(token("case", chance.randrange(n // 2)),)),
        "officer": lambda: Query(officer=(token("officer", chance.randrange(3000)),)),
        "sender": lambda: Query(sender=chance.choice(municipalities)),
        "police to anybody": lambda: Query(sender="polismyndigheten"),
        "unit": lambda: Query(unit="social_services"),
        "kind": lambda: Query(kind=chance.choice(["Disclosure", "InformationRequest", "Acknowledgement"])),
        "paragraph": lambda: Query(ref=chance.choice(["OSL 10:15 a", "2025:170 7 §", "OSL 12:2"])),
        "paragraph, outcome": lambda: Query(ref="OSL 10:18 a", outcome="release"),
        "bar": lambda: Query(rule="protected_identity"),
        "outcome of an item": lambda: Query(outcome=chance.choice(["release", "withhold", "refer"])),
        "doubtful": lambda: Query(doubtful=True),
        "period": lambda: Query(**quarter()),
        "odd period": lambda: Query(since=date(2026, 1, 17), until=date(2027, 9, 9)),
        "the auditor's first": lambda: Query(
            person=(token("person", chance.randrange(n // 3)),),
            sender="polismyndigheten",
            ref="OSL 10:15 a",
            **quarter(),
        ),
        "sender, kind, period": lambda: Query(sender="polismyndigheten", kind="InformationRequest", **quarter()),
        "everything": Query,
    }


def time_reports(archive: Archive, index: Index, n: int, each: int) -> None:
    """Subject reports: of one person, of somebody who is in as many records as two hundred persons are."""
    chance = random.Random(3)
    for many in (1, 200):
        took, entries = [], 0
        for _ in range(each):
            person = [token("person", chance.randrange(n // 3)) for _ in range(many)]
            begun = monotonic()
            made = report(gather(archive, index, person), set(person), "child", TODAY)
            took.append((monotonic() - begun) * 1000)
            entries = len(made.entries)
        p50, longest = statistics.median(took), max(took)
        print(f"{'subject report':24} p50 {p50:7.1f} ms  max {longest:7.1f} ms   of the last: {entries} entries")


def sign(folder: Path) -> str:
    """Put one checkpoint over all of it, where there is none; the log's public key."""
    signer = Signer(folder / "keys" / "log.key", LOG_NAME)
    with closing(sqlite3.connect(folder / "samband.db")) as database:
        if not database.execute("SELECT 1 FROM checkpoints").fetchone():
            tree = CompactRange(row[0] for row in database.execute("SELECT leaf_hash FROM records ORDER BY seq"))
            body = Checkpoint(LOG_NAME, tree.size, tree.root(), NO_PREVIOUS).body_text()
            with database:
                database.execute("INSERT INTO checkpoints VALUES (?, ?)", (tree.size, signer.sign(body)))
    (folder / PUBLIC_KEY).write_text(signer.vkey)
    return signer.vkey


def time_verifying(archive: Archive, vkey: str) -> None:
    """The whole log, as `samband audit verify` does it, saying how far it has come."""
    begun = monotonic()

    def rows() -> Iterator[StoredRecord]:
        for n, row in enumerate(archive.stored_records()):
            if n and n % 250_000 == 0:
                print(f"verified {n:>9}, {monotonic() - begun:6.0f} s, memory {memory():.0f} MB", flush=True)
            yield row

    answer = verify(rows(), archive.stored_checkpoints(), Verifier(vkey).open)
    print(f"verified {answer.size:>9}, {monotonic() - begun:6.0f} s, memory {memory():.0f} MB: {answer.ok}")


def time_opening(archive: Archive, index: Index, folder: Path, n: int, each: int) -> None:
    """What a decision's page reads of the log beside the decision: its thread, its proof."""
    chance, took = random.Random(4), list[float]()
    for _ in range(each):
        begun = process_time()
        [record] = archive.some([chance.randrange(n)])
        thread_of(archive, index, record)
        assert prove(archive, index, record, folder / PUBLIC_KEY).fault is None
        took.append((process_time() - begun) * 1000)
    print(f"{'thread and proof':24} p50 {statistics.median(took):7.1f} ms of CPU  max {max(took):7.1f} ms of CPU")


def time_figures(folder: Path) -> None:
    """A year's figures, as their page has them counted."""
    figures = Figures(partial(open_archive, folder), lambda: FIRST + SPAN)
    begun, took = monotonic(), process_time()
    counted = figures.of(Period.of_year(FIRST.year), patience=3600)
    assert counted is not None
    cpu = process_time() - took
    print(f"figures of a year: {monotonic() - begun:.0f} s, {cpu:.0f} s of CPU, memory {memory():.0f} MB")


def memory() -> float:
    """Megabytes that were taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Make what is missing, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--town", type=Path, default=Path("samband-data"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--whole", action="store_true", help="with their inputs: figures are counted too")
    asked = parser.parse_args()
    if not (asked.data / "samband.db").exists():
        make(asked.town, asked.data, asked.records, whole=asked.whole)
    vkey = sign(asked.data)
    index = Index(f"sqlite:///{asked.data}/review-index.db")
    begun = monotonic()
    with open_archive(asked.data) as archive:
        taken = "indexed {:>9}, {:6.0f} s"
        size = index.catch_up(archive, lambda done: print(taken.format(done, monotonic() - begun), flush=True))
        room = (asked.data / "review-index.db").stat().st_size / 1e6
        print(f"{size} records, index {room:.0f} MB, memory {memory():.0f} MB")
        time_opening(archive, index, asked.data, size, asked.each)
        time_reports(archive, index, size, asked.each)
        every: list[float] = []
        for name, query in sorts(size, random.Random(2)).items():
            took, total = [], 0
            for _ in range(asked.each):
                one = query()
                begun = monotonic()
                page = search(index, archive, one, TODAY)
                took.append((monotonic() - begun) * 1000)
                total = page.found.total
            every += took
            p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
            print(f"{name:24} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms   of the last: {total} records")
        print(f"{'all':24} p50 {statistics.median(every):7.1f} ms  p95 {statistics.quantiles(every, n=20)[-1]:7.1f} ms")
        time_verifying(archive, vkey)
        if asked.whole:
            time_figures(asked.data)
    index.close()
    with closing(sqlite3.connect(asked.data / "review-index.db")) as database:
        plan = database.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {postings.name} WHERE term IN ('a', 'b')")
        print("plan:", *(row[3] for row in plan))
    with closing(sqlite3.connect(asked.data / "samband.db")) as database:
        plan = database.execute("EXPLAIN QUERY PLAN SELECT seq, leaf FROM records WHERE seq IN (1, 2) ORDER BY seq")
        print("plan:", *(row[3] for row in plan))


if __name__ == "__main__":
    main()
