"""What messages said goes on the day that its class names, and nothing of it can be read afterwards."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command import samband
from house import House, opened
from lines import (
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    Json,
    disclosure,
    line,
    message,
    no_provision,
    number,
    open_item,
    request,
    secret_item,
)

from broker import bundle
from broker.adapters.files.contents_key import FILE
from broker.adapters.files.signing import KeyFileError
from broker.adapters.sql import data_folder
from broker.adapters.sql.contents import Contents, ContentsError, Erased
from broker.adapters.sql.deliveries import open_line
from broker.adapters.sql.tables import inbox
from broker.pipeline.erasure import Hold, TooEarly
from broker.retention import Classes, RetentionError, Side, read_classes
from broker.runtime.embedded import clock_times

LATER = datetime(2100, 1, 1, 12, tzinfo=UTC)
"""When everything is due."""
BOARD: Json = {"unit": "social_services", "kinds": ["municipality"]}
OTHER: Json = {"unit": "registry", "kinds": ["state_authority"]}
CARE: Json = {"unit": None, "kinds": ["private_social_care"]}
NEEDED: Json = {"test": "need", "holds": True, "assessed_by": "handläggare", "reason": "Det behövs."}
MANY = 1000


@pytest.fixture(scope="module")
def classes() -> Classes:
    return read_classes(json.loads(bundle.load().tables)["retention"])


def asked(kind: str, *ages: int | None, day: int = 20260302, **more: Any) -> Json:
    persons = {str(n): {"age": age} for n, age in enumerate(ages)}
    return {"kind": kind, "day": day, "persons": persons, "sender": OTHER, "recipient": BOARD, **more}


# --- classes


@pytest.mark.parametrize(
    ("given", "side", "class_", "until"),
    [
        (asked("ConcernNotification", 12), Side.RECIPIENT, "child_inquiry", "2044-12-31"),
        (asked("ConcernNotification", 12), Side.SENDER, "exchange", "2031-03-02"),
        (asked("ConcernNotification", 12, 3), Side.RECIPIENT, "child_inquiry", "2053-12-31"),
        (asked("ConcernNotification", None), Side.RECIPIENT, "child_inquiry", None),
        (asked("ConcernNotification", 12, day=20260114), Side.RECIPIENT, "social_record", "2031-01-14"),
        (asked("Disclosure", 40), Side.RECIPIENT, "social_record", "2031-03-02"),
        (asked("Disclosure", 40, day=20280229), Side.RECIPIENT, "social_record", "2033-02-28"),
        (
            asked("ConcernDecision", 12, sender=BOARD, stated={"status": "not_opened"}),
            *(Side.SENDER, "concern_not_opened", "2031-03-02"),
        ),
        (
            asked("ConcernDecision", 12, sender=BOARD, stated={"status": "opened"}),
            *(Side.SENDER, "child_inquiry", "2044-12-31"),
        ),
        (asked("Tip", 40, sender=CARE), Side.SENDER, "private_social_care", "2028-03-02"),
        (asked("SituationPicture"), Side.SENDER, "no_person", "2028-03-02"),
    ],
)  # fmt: skip
def test_the_class_follows_from_holder_kind_age_and_day(
    classes: Classes, given: Json, side: Side, class_: str, until: str | None
) -> None:
    assert classes.of(given, side).as_json() == {"class": class_, "until": until}
    assert classes.decision(class_)


def test_a_day_gives_no_birthday_away(classes: Classes) -> None:
    """All that are twelve on a day are kept as long: so the log and the receipt say no more than the age."""
    assert classes.of(asked("Tip", 12), Side.RECIPIENT).until == date(2044, 12, 31)


def test_a_table_that_leaves_something_out_is_refused() -> None:
    table = json.loads(bundle.load().tables)["retention"]["classes"]
    for wrong in ([], table[:-1], [{**table[-1], "years": None}], [{**table[-1], "ours": False}]):
        with pytest.raises(RetentionError):
            read_classes({"classes": wrong})


# --- what is told


def concern(n: int, **more: Any) -> Json:
    body = {"subject": GIRL, "concerns": ["violence"], "text": "Oro.", "feedback_requested": False}
    to = {"recipient": {"authority": TOWN, "unit": "social_services"}}
    return message(n, "ConcernNotification", POLICE, TOWN, body | more) | to


def decided(n: int, notified: int, status: str) -> Json:
    body = {"status": status, "decided_on": "2026-03-02"}
    own = {"unit": "social_services", "role": "caseworker"}
    return message(n, "ConcernDecision", TOWN, TOWN, body, in_reply_to=number(notified), **own)


def kept(house: House, message_: int, holder: str = TOWN) -> tuple[str, str | None]:
    query = 'SELECT "class", until FROM copies WHERE message = :message AND holder = :holder'
    (row,) = house.rows(query, message=number(message_), holder=holder)
    return row[0], row[1]


def test_receipt_and_delivery_tell_class_and_day(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        (receipt,) = house.run(concern(1))
        assert receipt["retention"] == {"class": "exchange", "until": "2031-03-02"}
        (delivered,) = house.inbox(TOWN)
        assert delivered["retention"] == {"class": "child_inquiry", "until": "2042-12-31"}


def test_a_notification_that_led_to_no_inquiry_goes_sooner_and_one_that_did_does_not(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(concern(1), decided(2, 1, "not_opened"))
        assert kept(house, 1) == kept(house, 2) == ("concern_not_opened", "2031-03-02")
        assert kept(house, 1, POLICE) == ("exchange", "2031-03-02")
        house.run(decided(3, 1, "opened"))
        assert kept(house, 1) == ("child_inquiry", "2042-12-31")


def test_a_recipient_s_day_rests_on_nobody_of_whom_only_what_was_withheld_tells(tmp_path: Path) -> None:
    toddler = {"id_type": "personnummer", "id": person_number(4700)}
    with opened(tmp_path) as house:
        item, withheld = open_item(assessments=[no_provision(), NEEDED]), secret_item(concerns=[toddler])
        to = {"recipient": {"authority": OTHER_TOWN, "unit": "social_services"}}
        house.run(disclosure(1, item) | to, disclosure(2, item, withheld) | to)
        first, second = house.inbox(OTHER_TOWN)
        assert second["message"]["body"]["items"] == first["message"]["body"]["items"]
        assert first["retention"] == second["retention"]


def test_a_case_goes_with_the_last_of_it(tmp_path: Path) -> None:
    """A file is erased so long after its last note: an answer lies in the case of what it answers."""
    with opened(tmp_path) as house:
        house.run(request(1) | {"case": "P-1"}, disclosure(2, reply=1) | {"time": "2026-03-02T09:01:00Z"})
        query = "SELECT count(DISTINCT case_key) FROM inbox WHERE authority = :who"
        assert [house.rows(query, who=who)[0][0] for who in (TOWN, POLICE)] == [1, 1]


# --- erasure


def person_number(n: int) -> str:
    """A synthetic person's number of the series that are given to nobody."""
    digits = f"{date(2011, 5, 1) + timedelta(days=n):%Y%m%d}238"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits[2:]))
    return f"{digits}{-sum(sum(divmod(one, 10)) for one in doubled) % 10}"


NUMBERS = {person_number(n).encode() for n in range(MANY)}
NAMES = tuple("Kanarie".encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be"))
DIGITS = re.compile(rb"(?=(\d{12}))")


def planted() -> list[Json | bytes]:
    """Messages about so many persons, by number and name in their texts; some can't be used."""
    messages: list[Json | bytes] = []
    for n in range(MANY):
        id_, name = person_number(n), f"Kanarie{n:04}fågel"
        subject = {"id_type": "personnummer", "id": id_}
        if n % 10 == 9:
            messages.append(line(request(n + 1, recipient="nobody", need=name, subject=subject)))
        elif n % 10 > 5:
            messages.append(concern(n + 1, subject=subject, text=f"{name} {id_}"))
        else:
            item = open_item(content=f"{name} {id_}", assessments=[no_provision(), NEEDED])
            messages.append(disclosure(n + 1, item, subject=subject))
    return messages


def has_trace(text: bytes) -> bool:
    return any(name in text for name in NAMES) or not NUMBERS.isdisjoint(DIGITS.findall(text))


def found(folder: Path) -> list[str]:
    """Where anybody stands: in which file, in its bytes, or in the dump of the database, with what it says in hex."""
    places = [str(file) for file in folder.rglob("*") if file.is_file() and has_trace(file.read_bytes())]
    with closing(sqlite3.connect(folder / data_folder.DATABASE)) as connection:
        dump = "\n".join(connection.iterdump())
    columns = b"\n".join(map(bytes.fromhex, re.findall("X'([0-9A-F]*)'", dump)))
    return [*places, *(["dump"] if has_trace(dump.encode() + columns) else [])]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with many persons in it."""
    folder = tmp_path_factory.mktemp("full") / "data"
    with opened(folder) as house:
        outcomes = {receipt["outcome"] for receipt in house.run(*planted())}
        assert outcomes == {"forward", "quarantine"}
        assert all(has_trace(line(told)) for told in house.inbox(TOWN))  # the search finds what is there
    return folder


def test_of_a_thousand_persons_nothing_is_left(full: Path, tmp_path: Path) -> None:
    """Neither sealed nor unsealed, in no file, table, dump, nor in a copy of the database from before."""
    data, before = tmp_path / "data", tmp_path / "before"
    shutil.copytree(full, data)
    shutil.copytree(full, before)
    assert found(data) == []  # what is kept is sealed
    with opened(data, now=LATER) as house:
        told = house.pipeline.erase(LATER.date())
        house.pipeline.purge(LATER)
        assert house.store.renew_key() == 0  # no case is left
        assert sum(one["cases"] for part in told for one in part["classes"]) > MANY
        assert [text for table in ("inbox", "outbox", "quarantine") for text in house.contents(table) if text] == []
        assert house.rows("SELECT count(*) FROM cases WHERE wrapped IS NOT NULL")[0][0] == 0
        assert house.verified().ok
        derived = house.archive().compare_derived(clock_times(), house.tokens)
        assert (derived.ok, derived.contents, derived.first) == (True, True, [])
        assert house.inbox(TOWN)[0]["erased"]["decision"]
        assert not any(has_trace(line(told)) for told in house.inbox(TOWN) + house.leaves())
    assert found(data) == []
    shutil.copy(data / "keys" / FILE, before / "keys" / FILE)
    assert opened_lines(before) == 0  # what wrapped the keys in the old copy is gone


def opened_lines(folder: Path) -> int:
    """How many inbox lines can be read."""
    count = 0
    with data_folder.reading(folder) as connection:
        contents = Contents(connection, data_folder.contents_key(folder))
        for row in connection.execute(inbox.select()).mappings():
            try:
                open_line(contents, row)
                count += 1
            except (KeyFileError, ContentsError, Erased):
                pass
    return count


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path / "data") as house:
        house.run(request(1), concern(2), b"{")
    with opened(tmp_path / "data", now=LATER) as later:
        yield later


def test_a_day_to_come_is_nobody_s_to_erase_by(house: House) -> None:
    with pytest.raises(TooEarly):
        house.pipeline.erase(LATER.date() + timedelta(days=1))
    assert house.pipeline.erase(date(2031, 3, 2)) == []  # the last day is over with the next
    assert [part["classes"] for part in house.pipeline.erase(date(2031, 3, 3))] != []
    assert house.inbox(TOWN)[-1]["message"]["body"]["text"] == "Oro."


def test_what_is_held_stays_until_it_is_released(house: House) -> None:
    held = house.pipeline.hold(Hold("T 1-26".replace(" ", ""), (number(1),)))
    assert held["cases"] == 2 and held["reference"] == "T1-26"
    house.pipeline.erase(LATER.date())
    assert "body" in house.inbox(TOWN)[0]["message"] and "erased" in house.inbox(TOWN)[1]
    assert house.pipeline.hold(Hold("T1-26", (number(1),), ends=True))["cases"] == 2
    house.pipeline.erase(LATER.date())
    assert "erased" in house.inbox(TOWN)[0]
    assert [leaf["record"] for leaf in house.leaves()][-4:] == ["hold", "erasure", "hold", "erasure"]


def test_the_record_of_an_erasure_says_how_much_by_class_and_decision_and_names_nobody(house: House) -> None:
    house.pipeline.erase(LATER.date())
    leaf = house.leaves()[-1]
    assert leaf["record"] == "erasure"
    assert {"class": "child_inquiry", "decision": "samband-gallring-1", "cases": 1, "contents": 1} in leaf["erased"][
        "classes"
    ]
    assert GIRL["id"] not in json.dumps(leaf)


def test_what_comes_later_in_an_erased_case_begins_another(house: House) -> None:
    house.pipeline.erase(LATER.date())
    (receipt,) = house.run(disclosure(3, reply=1))
    assert receipt["outcome"] == "forward"
    assert house.inbox(POLICE)[0]["message"]["body"]["items"]
    assert house.archive().compare_derived(clock_times(), house.tokens).ok


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One request, recorded by the command."""
    (tmp_path / "messages.jsonl").write_bytes(line(request(1)))
    assert samband("run", tmp_path / "messages.jsonl", "--data", tmp_path / "data").status == 0
    return tmp_path / "data"


def test_a_key_that_is_lost_is_told_and_nothing_is_made_anew(data: Path, tmp_path: Path) -> None:
    (data / "keys" / FILE).rename(tmp_path / FILE)
    for command in (("inbox", TOWN, "--peek"), ("audit", "verify"), ("retention", "erase")):
        ended = samband(*command, "--data", data)
        assert (ended.status, ended.out.count("Se ärendet")) == (2, 0), command
        assert FILE in ended.line
    assert not (data / "keys" / FILE).exists()
    (tmp_path / FILE).rename(data / "keys" / FILE)
    assert samband("audit", "verify", "--data", data).status == 0


def test_the_commands_list_erase_hold_and_release(data: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    assert samband("retention", "erase", "--day", tomorrow, "--data", data).status == 2
    with closing(sqlite3.connect(data / data_folder.DATABASE)) as connection, connection:
        connection.execute("UPDATE copies SET until = '2026-06-01'")
    (row,) = [row for row in samband("retention", "list", "--data", data, "--json").objects if row["cases"]]
    assert (row["class"], row["cases"], row["due"], row["ref"]) == ("exchange", 2, 2, None)
    named = ("--message", number(1), "--reference", "T1-26", "--data", data)
    assert samband("retention", "hold", *named, "--json").objects[0]["cases"] == 2
    assert samband("retention", "erase", "--data", data, "--json").objects[0]["classes"] == []
    assert samband("retention", "release", *named).status == 0
    assert samband("retention", "erase", "--data", data, "--json").objects[0]["classes"][0]["cases"] == 2
    assert samband("retention", "release", *named).status == 1  # there is nothing left to release
    assert samband("retention", "hold", *named[:2], "--reference", "201103042386", "--data", data).status == 2
    assert "Gallrad" in samband("inbox", TOWN, "--peek", "--data", data).out
    for command in (("audit", "verify"), ("replay",), ("explain", number(1)), ("audit", "show")):
        assert samband(*command, "--data", data).status == 0, command
