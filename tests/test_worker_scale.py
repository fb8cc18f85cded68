"""A worker whose tables hold much: no statement of its reads one of them whole, at the start or for a batch."""

from pathlib import Path

import psycopg
import pytest
from lines import POLICE, TOWN, consent, disclosure, open_item, recall, request, withdrawal
from live import Emptied
from streams import Town

ROWS = 20_000
FILLED = {
    "handled": "SELECT 'source ' || n % 500, n, 'digest', n FROM rows",
    "outbox": "SELECT 'sender ' || n % 500, 'message ' || n, 'digest', n, '', n FROM rows",
    "decisions": "SELECT n, '{\"key\":\"0\"}', '', true FROM rows",
    "inbox": (
        "SELECT n, 'authority', 'delivery', 'sender ' || n % 500, 'message ' || n, '', '{}', null, null, n, n, n"
        " FROM rows"
    ),
    "answerables": (
        "SELECT 'sender ' || n % 500, 'message ' || n, 'InformationRequest', 'recipient ' || n % 500, 'about ' || n,"
        " 'prevent', '[]', '{}', n FROM rows"
    ),
    "consents": (
        "SELECT n, 'sender ' || n % 500, 'consent ' || n, 'subject ' || n, '{}', null, null, false,"
        " 'number ' || n, 'message ' || n, n, 'sspf', ' one other ' FROM rows"
    ),
}


def filled(database: str) -> None:
    """As many rows in each table as an autumn leaves, with numbers below those that are drawn."""
    with psycopg.connect(database, autocommit=True) as connection:
        for table, rows in FILLED.items():
            numbers = f"WITH rows AS (SELECT -n AS n FROM generate_series(1, {ROWS}) n)"
            connection.execute(f"{numbers} INSERT INTO {table} {rows}")  # type: ignore[arg-type] # our own constants
        connection.execute("ANALYZE")


def read_whole(database: str) -> dict[str, int]:
    """Of each table that was filled, the rows that were read in reading it from end to end."""
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT relname, seq_tup_read FROM pg_stat_user_tables")
        return {name: read for name, read in found if name in FILLED}


@pytest.mark.slow
def test_no_statement_reads_a_whole_table(kafka: Emptied, database: str, tmp_path: Path) -> None:
    """Answers, recalls, consents and repeats are found by their keys, and so is what was sent before the start."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    town = Town(kafka(POLICE, TOWN), database, keys)
    with town.worker():
        town.send(POLICE, request(1, "housing"))
        town.awaited(1, POLICE)
    filled(database)
    before = read_whole(database)
    with town.worker():
        town.send(
            POLICE,
            *(request(n, "housing") for n in range(2, 30)),
            request(2, "housing"),
            recall(40, 5, sender=POLICE, recipient=TOWN),
        )
        town.awaited(31, POLICE)
        town.send(TOWN, consent(50), disclosure(51, open_item(), reply=1), withdrawal(52))
        town.awaited(3, TOWN)
    read = {table: count - before[table] for table, count in read_whole(database).items()}
    assert read.keys() == FILLED.keys()
    assert {table: count for table, count in read.items() if count >= ROWS} == {}
