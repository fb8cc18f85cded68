"""Persons in the question to the law: each stands once, and what older records hold is read all the same."""

from pathlib import Path
from typing import Any

import golden
from command import samband
from house import engine, opened
from lines import BOY, GIRL, disclosure, line, secret_item

from broker.adapters.sql import read_model
from broker.model.canonical import canonical
from broker.model.decision import in_todays_form

MARKED = GIRL | {"protected_identity": "sekretessmarkering"}


def asked(folder: Path, *messages: Any) -> list[Any]:
    """What the law was asked about each message."""
    with opened(folder) as house:
        house.run(*messages)
        return [leaf["input"] for leaf in house.leaves()]


def test_a_person_stands_once_and_items_point_there(tmp_path: Path) -> None:
    both, one = secret_item(concerns=[GIRL, BOY, GIRL]), secret_item(concerns=[BOY] * 64)
    (found,) = asked(tmp_path, disclosure(1, both, one, secret_item()))
    assert [item["persons"] for item in found["items"].values()] == [["0", "1"], ["1"], ["0"]]
    assert [person["age"] for person in found["persons"].values()] == [14, 16]


def test_a_mark_on_one_mention_of_a_person_holds_for_all(tmp_path: Path) -> None:
    """The sender marks the subject and forgets it where an item concerns the same person: nothing goes by that slip."""
    (found,) = asked(tmp_path, disclosure(1, secret_item(concerns=[GIRL]), secret_item(), subject=MARKED))
    assert [person["protected"] for person in found["persons"].values()] == [True]


def test_an_age_on_which_mentions_differ_is_not_known(tmp_path: Path) -> None:
    one, other = ({"id_type": "reserve", "id": "R-1", "birth_date": f"{year}-01-01"} for year in (2004, 2014))
    (found,) = asked(tmp_path, disclosure(1, secret_item(concerns=[one]), secret_item(concerns=[other]), subject=one))
    assert [person["age"] for person in found["persons"].values()] == [None]


def test_two_who_are_not_known_are_never_one_with_somebody_known(tmp_path: Path) -> None:
    unknown = {"id_type": "unknown", "birth_date": "2011-03-04"}
    (found,) = asked(tmp_path, disclosure(1, secret_item(concerns=[GIRL, unknown]), secret_item(concerns=[unknown])))
    assert [item["persons"] for item in found["items"].values()] == [["0", "1"], ["1"]]


def test_the_same_person_over_and_over_takes_no_room(tmp_path: Path) -> None:
    """200 items that concern one person 64 times each: in schema 3 a record of ten megabytes."""
    items = [secret_item(concerns=[GIRL] * 64) for _ in range(200)]
    message = disclosure(1, *items)
    (found,) = asked(tmp_path, message)
    assert len(line(message)) > 500_000
    assert len(canonical(found)) < 60_000


def test_inputs_of_schema_3_are_read(tmp_path: Path) -> None:
    """There the persons stood in each item."""
    folder = golden.folder(3, tmp_path)
    assert samband("upgrade", "--data", str(folder)).status == 0
    with read_model.open_archive(folder) as kept:
        found = [record.leaf["input"] for record in kept.decisions(0)]
    assert len(found) == 291 and not any("persons" in old for old in found)
    for old in found:
        new = in_todays_form(old)
        assert in_todays_form(dict(new)) == new
        for index, item in new["items"].items():
            people = [{name: new["persons"][key][name] for name in ("age", "protected")} for key in item["persons"]]
            before = [
                {name: person[name] for name in ("age", "protected")} for person in old["items"][index]["persons"]
            ]
            assert all(person in before for person in people)
            assert all(person in people for person in before)
            assert {**item, "persons": None} == {**old["items"][index], "persons": None}
        assert len(new["persons"]) == len({canonical(dict(person)) for person in new["persons"].values()})
    disclosed = next(old for old in found if old["kind"] == "Disclosure" and any(old["items"].values()))
    assert engine().findings(in_todays_form(disclosed))
