"""Sealed contents on the real cluster: worker, Kafka, PostgreSQL; readable nowhere but at their recipient."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from agency_side import CHILD, POLICE, SCHOOL
from confluent_kafka.admin import AdminClient
from live import Emptied
from sealing_side import House, given
from streams import Town
from test_agency_kafka import kafka_of
from test_sealing import CANARY, memory

from agents.agency import Address, Agency, Delivery, Sealing, person
from broker.adapters.files.signing import TokenKey
from broker.adapters.kafka.confluent_login import connection

FIRST = date(2020, 1, 1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.new_key(POLICE, FIRST)
    return house


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path, house: House) -> Town:
    keys = tmp_path / "worker-keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    return Town(kafka(POLICE, SCHOOL), database, keys, house.register, profile="local")


def stored(town: Town) -> Iterator[bytes]:
    """All that lies on topics, and in every column of every table."""
    names = AdminClient(connection(town.kafka.servers.operator)).list_topics(timeout=30).topics
    for records in town.read_all(name for name in sorted(names) if not name.startswith("__")).values():
        yield from (record.value + repr(record.headers).encode() for record in records)
    with psycopg.connect(town.database) as connected:
        tables = connected.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            for row in connected.execute(f'SELECT * FROM "{name}"'):  # type: ignore[arg-type]
                yield b"\n".join(one if isinstance(one, bytes) else str(one).encode() for one in row)


def test_a_worker_carries_what_it_can_not_read(town: Town, house: House) -> None:
    """Released and withheld; to a key that is over it says which is right, and the sender seals it anew."""
    older = house.folder / "older.json"
    older.write_bytes(house.register.read_bytes())
    new = house.new_key(POLICE, date(2020, 2, 1))
    house.keys[POLICE][0] |= {"revoked": "2020-02-01"}
    house.write()
    old, now = Sealing(None, older), Sealing(None, house.register)
    opener = Sealing(house.folder / "keys" / POLICE)
    with (
        town.worker() as process,
        Agency(POLICE, kafka_of(town.kafka, POLICE), unit="police_area", sealing=opener) as police,
        Agency(SCHOOL, kafka_of(town.kafka, SCHOOL), unit="school", role="rektor", sealing=old) as school,
    ):
        police.request(
            *(Address(SCHOOL, "school"), ["school_attendance"]),
            purpose="prevent",
            need="kartläggning",
            subject=person(CHILD["id"]),
        )
        request = next(line for line in school.inbox(30) if isinstance(line, Delivery))
        contents = [given(f"{CANARY}-{n}") for n in range(20)]
        refused = school.receipt(school.disclose(request, contents))
        assert refused.error == (
            "sealing_key",
            f"body.items.0.sealed.key: is of no key in force of {POLICE}: seal the content to {new['id']}",
        )
        with Agency(SCHOOL, kafka_of(town.kafka, SCHOOL), unit="school", role="rektor", sealing=now) as again:
            kept = given(f"{CANARY}-kept", "health_record") | {"secrecy": ["OSL 25:1"], "assessments": []}
            sent = again.disclose(request, [*contents, kept])
        came = next(line for line in police.inbox(30) if isinstance(line, Delivery))
        pages = memory(process.pid)
    assert (came.id, came.unopened) == (sent.id, {})
    assert [item["content"] for item in came.body["items"]] == [f"{CANARY}-{n}" for n in range(20)]
    everywhere = [*stored(town), pages, town.log.read_bytes()]
    assert not [one for one in everywhere if CANARY.encode() in one or b"kanarief" in one.lower()]
    assert [one for one in everywhere if "kartläggning".encode() in one], "what stands in clear is found"
