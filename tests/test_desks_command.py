"""Desks on the command line: each sends and reads by its address, in one data folder and in drop folders."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command import Ended, samband
from lines import GIRL, POLICE, TOWN, line, message, number, request
from test_between_desks import DESKS, SCHOOLS, SOCIAL, at, of
from test_serve import drop, outcomes, receipts, serving, stopped

from agents.agency import Agency, Embedded

Json = dict[str, Any]


class Site:
    """A data folder and a register with desks, as commands see them."""

    def __init__(self, folder: Path) -> None:
        self._common = ("--data", folder / "data", "--register", folder / "register.json", "--json")
        self._folder = folder
        (folder / "register.json").write_text(json.dumps(DESKS))

    def send(self, address: str, *messages: Json) -> list[Json]:
        file = self._folder / "messages.jsonl"
        file.write_bytes(b"\n".join(map(line, messages)))
        ended = samband("send", file, "--as", address, *self._common)
        assert ended.status == 0, ended.err
        return ended.objects

    def inbox(self, *arguments: object) -> Ended:
        return samband("inbox", *arguments, *self._common)

    def ids(self, *arguments: object) -> list[str]:
        ended = self.inbox(*arguments, "--type", "delivery")
        assert ended.status == 0, ended.err
        return [found["message"]["id"] for found in ended.objects]


def now(told: Json) -> Json:
    """The message, sent now."""
    return {**told, "time": datetime.now(UTC).isoformat()}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_each_reads_its_own_inbox(site: Site) -> None:
    units = ("social_services", "school", "registry", "health_care")
    site.send(POLICE, *(now(at(request(n), unit)) for n, unit in enumerate(units, 1)))
    assert (site.ids(SOCIAL), site.ids(SCHOOLS)) == ([number(1)], [number(2)])
    assert site.ids(TOWN) == [number(3), number(4)]
    assert site.inbox(f"{TOWN}/nobody").status == site.inbox(f"{POLICE}/schools").status == 2


def test_an_inbox_is_read_by_unit(site: Site) -> None:
    units = ("social_services", "family_counselling", "registry", "health_care")
    site.send(POLICE, *(now(at(request(n), unit)) for n, unit in enumerate(units, 1)))
    concern = {"subject": GIRL, "concerns": ["network"], "text": "Det som setts."}
    site.send(POLICE, now(message(5, "ConcernNotification", POLICE, TOWN, concern)))
    assert site.ids(TOWN, "--unit", "health_care") == [number(4)]
    assert site.ids(TOWN, "--unit", "registry") == [number(3)]
    assert site.ids(TOWN, "--unit", "social_services") == [number(1), number(5)], "what came to no unit is the board's"
    assert site.ids(SOCIAL, "--unit", "family_counselling") == [number(2), number(5)]
    elsewhere = site.inbox(SOCIAL, "--unit", "school")
    assert elsewhere.status == 2 and SCHOOLS in elsewhere.err


def test_what_one_unit_reads_counts_as_fetched_and_no_more(site: Site) -> None:
    site.send(POLICE, *(now(at(request(n), unit)) for n, unit in enumerate(("health_care", "registry"), 1)))
    site.ids(TOWN, "--unit", "health_care")
    told = site.send(POLICE, *(now(message(n + 2, "Recall", POLICE, TOWN, {"message": number(n)})) for n in (1, 2)))
    assert [receipt["fetched"] for receipt in told] == [True, False]


def test_a_login_that_is_another_s_sends_nothing(site: Site) -> None:
    told = of(request(1, sender=TOWN, recipient=POLICE), "social_services")
    assert [receipt["error"]["code"] for receipt in site.send(SCHOOLS, now(told))] == ["sender_mismatch"]
    assert [receipt["outcome"] for receipt in site.send(SOCIAL, now({**told, "id": number(2)}))] == ["forward"]
    assert site.ids(POLICE) == [number(2)]


def test_a_person_reads_whose_inbox_it_is(site: Site, tmp_path: Path) -> None:
    site.send(POLICE, now(at(request(1), "social_services")))
    ended = samband("inbox", SOCIAL, "--data", tmp_path / "data", "--register", tmp_path / "register.json")
    assert "Botkyrka kommun, socialtjänst" in ended.out


@pytest.mark.slow
def test_a_drop_folder_is_a_desk_s(site: Site, tmp_path: Path) -> None:
    """Its name has a dot: a folder within the authority's would be as the authority likes."""
    told = [now(of(request(n, sender=TOWN, recipient=POLICE), "social_services")) for n in (1, 2)]
    (tmp_path / "spool" / TOWN / "social_services").mkdir(parents=True)
    with serving(tmp_path, "--register", tmp_path / "register.json") as process:
        drop(tmp_path / "spool", f"{TOWN}.social_services", "a.jsonl", told[0])
        assert outcomes(receipts(process, 1)) == ["forward"]
        drop(tmp_path / "spool", TOWN, "b.jsonl", told[1])
        assert outcomes(receipts(process, 1)) == ["sender_mismatch"]
        handed = samband(
            *("send", "-", "--as", SOCIAL, "--data", tmp_path / "data", "--register", tmp_path / "register.json"),
            *("--json",),
            stdin=line(now(of(request(3, sender=TOWN, recipient=POLICE), "social_services"))),
        )
        assert [receipt["outcome"] for receipt in handed.objects] == ["forward"]
        stopped(process)


@pytest.mark.slow
def test_the_sdk_is_a_desk(site: Site, tmp_path: Path) -> None:
    broker = Embedded(tmp_path / "data", tmp_path / "register.json")
    site.send(POLICE, now(at(request(1), "social_services")), now(at(request(2), "school")))
    with Agency(SOCIAL, broker, unit="social_services", role="caseworker") as desk:
        [asked] = list(desk.inbox())
        assert asked.id == number(1)
        desk.interim(asked, "Vi återkommer.")
        [receipt] = list(desk.receipts())
        assert receipt.outcome == "forward"


def test_the_register_shows_desks_and_whom_to_call(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    night = {"function": "socialjouren", "telephone": "08-123 45 67", "hours": "24/7"}
    path.write_text(json.dumps([{**DESKS[0], "contacts": [night]}, {"authority": POLICE, "contacts": [night]}]))
    shown = samband("register", "show", "--register", path, "--find", "Botkyrka")
    assert SOCIAL in shown.out and "socialtjänst, familjerådgivning" in shown.out and "socialjouren" in shown.out
    [town] = samband("register", "show", "--register", path, "--find", "Botkyrka", "--json").objects
    assert [(desk["desk"], desk["contacts"]) for desk in town["desks"]] == [("social_services", [night])]
    [police] = samband("register", "show", "--register", path, "--find", "Polismyndigheten", "--json").objects
    assert police["contacts"] == [night] and "desks" not in police
