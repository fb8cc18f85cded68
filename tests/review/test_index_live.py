"""The search index on PostgreSQL: in a schema of its own, taken in by two at once while a third searches."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from broker.adapters.sql.read_model import open_archive
from broker.log import merkle
from broker.review import index as index_module
from broker.review.index import Index
from broker.review.search import Query
from tests.review.broker_log import append, leaf

TODAY = date(2026, 11, 30)
ASKED = (
    Query(),
    Query(sender="skolan"),
    Query(sender="skolan", kind="Interim"),
    Query(until=TODAY),
    Query(case=("x",)),
)


def test_it_is_the_same_as_on_sqlite(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in ((index_module, "BLOCK", 64), (index_module, "_BYTES", 8), (index_module, "_FEW", 4)):
        monkeypatch.setattr(module, name, value)
    for module in (index_module, merkle):
        monkeypatch.setattr(module, "TILE", 16)
    kinds = ("Interim", "Disclosure", "InformationRequest")
    append(tmp_path, [leaf(f"m{n}", ("skolan", "polisen")[n % 2], kind=kinds[n % 3]) for n in range(300)])
    one, other, beside = Index(database), Index(database), Index("sqlite://")

    def take_in(index: Index) -> int:
        with open_archive(tmp_path) as archive:
            return index.catch_up(archive)

    def search(index: Index) -> int:
        return len({len(index.every(query.wanted(TODAY))) for query in ASKED for _ in range(20)})

    with ThreadPoolExecutor() as pool:
        taken, asked = [pool.submit(take_in, index) for index in (one, other)], pool.submit(search, other)
        assert [done.result() for done in taken] == [300, 300] and asked.result()
    take_in(beside)
    for query in ASKED:
        assert other.every(query.wanted(TODAY)) == beside.every(query.wanted(TODAY))
    with open_archive(tmp_path) as archive:
        for seq in (0, 17, 299):
            path = merkle.inclusion_proof(archive.leaf_hashes(300), seq, 300)
            assert one.tree(archive).inclusion_proof(seq, 300) == path
    with one._database.reading() as connection:
        named = "select table_schema from information_schema.tables where table_name like %s"
        places = connection.exec_driver_sql(named, ("review_index%",))
        assert set(places.scalars()) == {"review"}
    for index in (one, other, beside):
        index.close()
