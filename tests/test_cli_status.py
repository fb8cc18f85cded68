"""How far each delivery has come: `samband status`."""

import json
from pathlib import Path

import pytest
from command import samband
from exchange_lines import concern, judged
from lines import POLICE, TOWN, disclosure, line, message, number, open_item, request


def acknowledged(n: int, delivery: int, state: str, **more: object) -> dict[str, object]:
    return message(n, "Acknowledgement", TOWN, POLICE, {"message": number(delivery), "state": state, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five requests, each at another state."""
    lines = [
        *(request(n) for n in range(1, 6)),
        acknowledged(11, 2, "opened"),
        acknowledged(12, 3, "registered", reference="SN 2026/3"),
        acknowledged(13, 4, "not_for_us"),
        disclosure(14, open_item(), reply=5),
    ]
    data = tmp_path / "data"
    given = b"".join(line(one) + b"\n" for one in lines)
    assert samband("run", "-", "--data", data, stdin=given).status == 0
    return data


def states(folder: Path, *arguments: object) -> dict[str, tuple[bool, bool, bool, str | None]]:
    """Of each message: whether it is fetched, opened and registered, and what is waited for."""
    ended = samband("status", *arguments, "--data", folder, "--json")
    assert ended.status == 0
    return {
        row["message"]: (row["fetched"], bool(row["opened"]), bool(row["registered"]), row["waits_for"])
        for row in ended.objects
    }


def test_what_is_waited_for_is_shown_and_with_all_the_rest_too(folder: Path) -> None:
    answer = {number(14): (False, False, False, "opened")}
    waiting = {number(1): (False, False, False, "opened"), number(2): (False, True, False, "registered")} | answer
    assert states(folder) == waiting
    settled = {
        number(3): (False, True, True, None),
        number(4): (False, True, False, None),
        number(5): (False, True, False, None),
    }
    assert states(folder, "--all") == waiting | settled


def test_what_has_been_fetched(folder: Path) -> None:
    samband("inbox", TOWN, "--data", folder)
    assert {row[0] for name, row in states(folder).items() if name != number(14)} == {True}


def test_what_one_desk_has_fetched_another_has_not(tmp_path: Path) -> None:
    """A delivery that is handed over lies with both: it is fetched when both have."""
    data, register = tmp_path / "data", tmp_path / "register.json"
    desks = {"schools": ["school"], "social_services": ["social_services"]}
    register.write_text(json.dumps([{"authority": TOWN, "desk": name, "units": desks[name]} for name in desks]))
    asked = request(1) | {"recipient": {"authority": TOWN, "unit": "social_services"}}
    given_over = acknowledged(2, 1, "handed_over", unit="school")
    given_over["sender"] = {"authority": TOWN, "unit": "social_services"}
    kept = ("--data", data, "--register", register)

    def work(stdin: bytes) -> None:
        assert samband("run", "-", *kept, stdin=stdin).status == 0

    def fetched() -> bool:
        [row] = samband("status", *kept, "--json").objects
        return bool(row["fetched"])

    work(line(asked) + b"\n")
    assert samband("inbox", f"{TOWN}/social_services", *kept).status == 0
    assert fetched()
    work(line(given_over) + b"\n")
    assert not fetched()
    assert samband("inbox", f"{TOWN}/social_services", *kept).status == 0
    assert not fetched()
    assert samband("inbox", f"{TOWN}/schools", *kept).status == 0
    assert fetched()


def test_what_is_registered_stays_so(folder: Path) -> None:
    """A state that goes back is no end of it."""
    again = line(acknowledged(21, 3, "not_for_us")) + b"\n"
    assert samband("run", "-", "--data", folder, stdin=again).status == 0
    rows = {row["message"]: row for row in samband("status", "--all", "--data", folder, "--json").objects}
    assert rows[number(3)]["registered"] and rows[number(3)]["ended"] is None


def test_one_party_s_alone(folder: Path) -> None:
    assert states(folder, "kommun-0180") == {}
    assert states(folder, POLICE) == states(folder)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_person_reads_what_is_late(folder: Path, lang: str) -> None:
    shown = samband("status", "--data", folder, "--lang", lang).out
    assert shown.count("◉") == 3 and number(1)[:8] in shown
    assert json.dumps(number(3)) not in shown
    assert samband("status", "kommun-0180", "--data", folder, "--lang", lang).out.strip()


def test_a_concern_that_was_passed_on_is_not_waited_for(tmp_path: Path) -> None:
    """What another message on the same child has settled is settled here too."""
    elsewhere = {"authority": "kommun-0180", "unit": "social_services"}
    lines = [
        concern(1, sender=POLICE, assessments=judged(child_at_risk=True)),
        acknowledged(2, 1, "not_for_us"),
        concern(3, sender=TOWN, to=elsewhere, assessments=judged(child_at_risk=True)),
    ]
    given = b"".join(line(one) + b"\n" for one in lines)
    assert samband("run", "-", "--data", tmp_path / "data", stdin=given).status == 0
    assert states(tmp_path / "data").keys() == {number(3)}
