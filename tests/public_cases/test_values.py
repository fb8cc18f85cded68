"""01–05, 07–10 and 12: what a field may hold, and what another way to write it must not change."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command import Json, samband
from sqlalchemy import select, update

from broker.adapters.sql import data_folder
from broker.adapters.sql.contents import Contents, of_line, text_of
from broker.adapters.sql.data_folder import DATABASE
from broker.adapters.sql.deliveries import open_line
from broker.adapters.sql.tables import inbox

HERE = Path(__file__).parent


def receipts(command: str, folder: str, *more: object) -> list[Json]:
    """The receipts of a case's file."""
    ended = samband(command, HERE / folder / "in.jsonl", "--json", *more)
    assert ended.status == 0
    return ended.objects


def detail(receipt: Json) -> str:
    assert (receipt["outcome"], receipt["error"]["code"]) == ("quarantine", "invalid_value")
    return str(receipt["error"]["detail"])


def test_a_section_with_a_leading_zero_passes_no_exclusion() -> None:
    """01."""
    right, zero = receipts("check", "01-section-with-leading-zero")
    assert (right["outcome"], [bar["id"] for bar in right["bars"]]) == ("withhold", ["s170_8"])
    assert detail(zero) == "body.items.0.secrecy.0: must be written OSL 26:1"


def test_a_statute_by_its_number_passes_no_exclusion() -> None:
    """02."""
    exempt, given, never_lifted = receipts("check", "02-statute-by-its-number")
    assert detail(exempt) == "body.items.0.secrecy.0: must be written OSL 26:1"
    assert given["outcome"] == "forward"
    assert detail(never_lifted) == "body.items.0.secrecy.0: must be written OSL 26:5"


def test_a_number_with_another_dash_is_a_number() -> None:
    """03."""
    both = receipts("check", "03-personnummer-with-en-dash")
    assert [(told["outcome"], [bar["id"] for bar in told["bars"]]) for told in both] == [
        ("withhold", ["personal_data"])
    ] * 2


def test_one_asker_closes_no_inbox(tmp_path: Path) -> None:
    """04: also not with a deadline that an older broker took."""
    data = ("--data", tmp_path / "data")
    far, urgent = receipts("run", "04-deadline-9999-empties-the-inbox", *data)
    assert detail(far) == "body.deadline: must lie in the years 1900-2200"
    assert urgent["outcome"] == "forward"
    folder = tmp_path / "data"
    with data_folder.writing(folder) as connection_:
        contents = Contents(connection_, data_folder.contents_key(folder))
        row = connection_.execute(select(inbox).where(inbox.c.type == "delivery")).mappings().one()
        told = open_line(contents, row)
        told["message"]["body"]["deadline"] = told["terms"][0]["due"] = "9999-12-31T23:59:59Z"
        sealed = contents.seal(row["case_key"], text_of(told), of_line(row))
        connection_.execute(update(inbox).where(inbox.c.n == row["n"]).values(content=sealed))
        connection_.commit()
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        for id_, kept in connection.execute("SELECT id, matter FROM matters").fetchall():
            matter = json.loads(kept)
            matter["due"] = 253402300799
            connection.execute("UPDATE matters SET matter = ? WHERE id = ?", [json.dumps(matter), id_])
    shown = samband("inbox", "kommun-0127", *data)
    assert (shown.status, "9999-12-31" in shown.out) == (0, True)
    for more in ((), ("--all",)):
        assert samband("register", "show", "requests", *more, *data).status == 0


def test_a_time_at_the_calendar_s_end_stops_no_file(tmp_path: Path) -> None:
    """05."""
    for command, more in (("check", ()), ("run", ("--data", tmp_path / "data"))):
        first, far, last = receipts(command, "05-time-9999-stops-the-file", *more)
        assert [first["outcome"], last["outcome"]] == ["forward", "forward"]
        assert detail(far) == "time: must lie in the years 1900-2200"


def test_two_persons_with_one_reserve_number_are_two() -> None:
    """07: a number without its issuer matches no consent."""
    given, other = receipts("check", "07-two-persons-one-reserve-number")
    assert given["outcome"] == "forward"
    assert (other["outcome"], [bar["id"] for bar in other["bars"]]) == ("withhold", ["consent"])


def test_a_sole_trader_is_a_person() -> None:
    """08."""
    (told,) = receipts("check", "08-personnummer-as-orgnr")
    assert detail(told).startswith("body.organisation: orgnr has a third digit below 2")


def test_a_samordningsnummer_whose_day_is_not_known_is_taken() -> None:
    """09."""
    (told,) = receipts("check", "09-samordningsnummer-unknown-day")
    assert told["outcome"] == "forward"


def test_what_is_committed_lies_behind() -> None:
    """10."""
    (told,) = receipts("check", "10-committed-in-the-future")
    assert detail(told) == "body.offence.date: has happened, but lies after the message's day"


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_byte_order_mark_at_the_start_is_no_part_of_the_message(command: str, tmp_path: Path) -> None:
    """12 (RFC 8259, 8.1)."""
    more = ("--data", tmp_path / "data") if command == "run" else ()
    assert [told["outcome"] for told in receipts(command, "12-byte-order-mark", *more)] == ["forward", "forward"]
