"""The question to the law, and so the record, is bounded: nobody makes another's message too large."""

from pathlib import Path
from time import perf_counter

import pytest
from house import PARTIES, opened
from lines import GIRL, POLICE, TOWN, consent, disclosure, line, secret_item
from sqlalchemy import insert

from broker.adapters.sql import tables
from broker.model.canonical import canonical

KIB = 1024
CLUB = "forening-1"


def test_1200_consents_on_one_child_make_no_record_large(tmp_path: Path) -> None:
    """An association registers them and names every party: a leaf of 1,256 KiB for one item, 25 MiB for twenty."""
    with opened(tmp_path, parties=PARTIES) as house:
        house.run(consent(1, by=CLUB, parties=[TOWN, POLICE, CLUB]))
        row = house.connection.execute(tables.consents.select()).mappings().one()
        copies = [{**row, "seq": 10_000 + n, "consent": f"{n:064x}", "time": row["time"] - n} for n in range(1, 1200)]
        house.connection.execute(insert(tables.consents), copies)
        began = perf_counter()
        (receipt,) = house.run(disclosure(2, *(secret_item() for _ in range(20)), basis=["consent"]))
        took = perf_counter() - began
        leaf = house.leaves()[-1]
    assert receipt["outcome"] == "refer"
    assert len(canonical(leaf["input"])) < 16 * KIB
    assert took < 5


def test_noes_beyond_fifty_are_for_a_human(tmp_path: Path) -> None:
    no = [{"role": "subject", "answer": "no"}]
    with opened(tmp_path, parties=PARTIES) as house:
        house.run(consent(1, by=CLUB, parties=[TOWN, POLICE, CLUB], given_by=no), consent(2, consent="S-2"))
        row = house.connection.execute(tables.consents.select().where(tables.consents.c.refuses)).mappings().one()
        copies = [{**row, "seq": 10_000 + n, "consent": f"{n:064x}", "time": row["time"] - n} for n in range(1, 1200)]
        house.connection.execute(insert(tables.consents), copies)
        (receipt,) = house.run(disclosure(3, secret_item(), basis=["consent"]))
        leaf = house.leaves()[-1]
    assert (receipt["outcome"], receipt["items"][0]["asks"]) == ("refer", [])
    assert len(canonical(leaf["input"])) < 64 * KIB


@pytest.mark.slow
def test_more_persons_than_can_be_decided_are_refused_before_deciding(tmp_path: Path) -> None:
    """200 items, 64 others each: 12,800 persons in one message of less than a mebibyte."""
    others = [[{"id_type": "reserve", "id": f"{n:x}.{m:x}"} for m in range(64)] for n in range(200)]
    message = disclosure(1, *(secret_item(content="x", concerns=some) for some in others), subject=GIRL)
    assert len(line(message)) < 1 << 20
    with opened(tmp_path, parties=PARTIES) as house:
        (receipt,) = house.run(message)
        assert receipt["error"]["code"] == "too_large"
        assert house.verified().ok
