"""A delivery is kept until it is registered, given out again on request, and lies with whom it is handed over to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_lines import PARTIES
from house import House, Json, opened
from lines import POLICE, TOWN, message, number, recall, request

from broker.adapters.sql.read_model import Archive
from broker.log.reconcile_inboxes import reconcile
from broker.runtime.embedded import clock_times

SOCIAL = f"{TOWN}/social_services"
SCHOOLS = f"{TOWN}/schools"
DESKS = [
    {"authority": TOWN, "desk": "social_services", "units": ["social_services"]},
    {"authority": TOWN, "desk": "schools", "units": ["education_office", "school"]},
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=[*PARTIES, *DESKS]) as opening:
        yield opening


def asked(n: int, unit: str = "social_services") -> Json:
    """The police ask a unit of the municipality."""
    return request(n) | {"recipient": {"authority": TOWN, "unit": unit}}


def said(n: int, delivery: int, state: str = "opened", by: str = "social_services", **body: str) -> Json:
    """A unit of the municipality says what has become of it."""
    return message(n, "Acknowledgement", TOWN, POLICE, {"message": number(delivery), "state": state} | body, unit=by)


def lines(house: House, address: str) -> list[Json]:
    """The deliveries in an inbox, however they came there."""
    return [content for _, content in Archive(house.connection).inbox(address, "delivery", 0)]


def agrees(house: House) -> bool:
    """Log, registers and boxes say the same."""
    archive = Archive(house.connection)
    derived = archive.derived(clock_times(), house.tokens)
    boxes = reconcile(archive.forwarded(), archive.delivered())
    assert (derived.first, boxes.first_unrecorded, boxes.first_undelivered) == ([], (), ())
    return house.verified().ok


# --- handed over


def test_what_is_handed_over_lies_with_both(house: House) -> None:
    """As it was, marked, at once; and the desk that has it now says what becomes of it."""
    house.run(asked(1))
    house.run(said(2, 1, "handed_over", unit="school"))
    assert lines(house, SCHOOLS) == [{**lines(house, SOCIAL)[0], "redelivered": True}]
    by_new, by_old = house.run(said(3, 1, by="school"), said(4, 1))
    assert (by_new["outcome"], by_old["outcome"]) == ("forward", "forward")
    assert [line["type"] for line in lines(house, SCHOOLS)] == ["delivery"]
    assert agrees(house)


def test_one_that_never_had_it_says_nothing_of_it(house: House) -> None:
    house.run(asked(1))
    (receipt,) = house.run(said(2, 1, by="school"))
    assert [bar["id"] for bar in receipt["bars"]] == ["not_own"]


@pytest.mark.parametrize("unit", ["family_counselling", "registry"])
def test_where_the_unit_lies_in_the_same_inbox_nothing_more_is_needed(house: House, unit: str) -> None:
    """Here neither unit has a desk: both lie with the authority's own."""
    house.run(asked(1, "registry"))
    house.run(said(2, 1, "handed_over", by="registry", unit=unit))
    assert len(lines(house, TOWN)) == 1
    assert agrees(house)


def test_handed_back_it_lies_there_already(house: House) -> None:
    house.run(asked(1), said(2, 1, "handed_over", unit="school"), said(3, 1, "handed_over", "school", unit="registry"))
    house.run(said(4, 1, "handed_over", "registry", unit="social_services"))
    assert [len(lines(house, address)) for address in (SOCIAL, SCHOOLS, TOWN)] == [1, 1, 1]
    assert agrees(house)


@pytest.mark.parametrize("read", [False, True])
def test_a_recall_reaches_both(house: House, read: bool) -> None:
    """Recalled before either has read it: nothing is left with any of them."""
    house.run(asked(1), said(2, 1, "handed_over", unit="school"))
    if read:
        with house.fetched.alone() as marks:
            marks.add(Archive(house.connection).given_out(SCHOOLS, None, 0))
    (receipt,) = house.run(recall(3, 1, sender=POLICE, recipient=TOWN))
    assert receipt["fetched"] is read
    for address in (SOCIAL, SCHOOLS):
        delivered, back = lines(house, address)
        assert (delivered["recalled"], "body" in delivered["message"]) == (number(3), read)
        assert back["message"]["kind"] == "Recall"
    assert agrees(house)


def test_what_is_recalled_is_handed_to_nobody(house: House) -> None:
    house.run(asked(1), recall(2, 1, sender=POLICE, recipient=TOWN))
    house.run(said(3, 1, "handed_over", unit="school"))
    assert lines(house, SCHOOLS) == []
    assert agrees(house)


def test_what_is_registered_says_by_which(house: House) -> None:
    house.run(asked(1), said(2, 1, "registered"))
    assert lines(house, SOCIAL)[0]["registered"] == number(2)
    assert agrees(house)
