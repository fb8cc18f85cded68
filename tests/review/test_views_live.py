"""The log of views on PostgreSQL: beside a broker's log in the same database, written by several at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from broker.adapters.files.signing import Verifier
from broker.adapters.sql import tables
from broker.log.verifier import verify
from broker.review.settings import of
from broker.review.store import open_database
from broker.review.views import ViewLog
from tests.review.web_room import Clock


def test_it_lies_apart_and_is_written_in_turn(database: str, tmp_path: Path) -> None:
    settings = of({"data": "postgres", "database": database}, tmp_path / "review.toml")
    with ExitStack() as stack:
        place = stack.enter_context(open_database(settings))
        with place.transaction() as connection:
            tables.metadata.create_all(connection)
        logs = [ViewLog(place, settings.keys, Clock())]
        logs.append(ViewLog(stack.enter_context(open_database(settings)), settings.keys, Clock()))
        with ThreadPoolExecutor() as pool:
            done = [pool.submit(logs[n % 2].record, "view", "greta", kind="export", what={}) for n in range(12)]
        assert sorted(one.result() for one in done) == list(range(12))
        with logs[0].reading() as archive:
            stored = archive.stored_records(), archive.stored_checkpoints()
            assert verify(*stored, Verifier(logs[0].log.vkey).open, kept=logs[0].log.kept()).ok
            assert archive.size() == 12
        with place.reading() as connection:
            assert connection.exec_driver_sql("select count(*) from public.records").scalar_one() == 0
