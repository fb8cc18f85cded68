"""The server is killed between any two clicks of asking, answering, approving: nothing is lost or sent twice."""

import os
import re
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from chromium import open_chromium
from playwright.sync_api import Browser, Error, expect

from agents.desk.command import open_store_of
from agents.desk.rights import rights
from agents.desk.settings import DeskSettings
from agents.desk.store import Person as Colleague
from broker.adapters.sql.read_model import open_archive
from scenery.town.story import FOLDER
from tests.desk.browser.apart import serve_apart
from tests.desk.browser.walk import Person, open_page
from tests.web_pages import DIGEST, PASSWORD

pytestmark = pytest.mark.live
CHILD = "20100314-2393"
_PRESSES = 3
_BUSY = 120_000
"""Milliseconds that a page may take, at most: a machine that is busy proves nothing."""
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    ["tests.desk.browser.preloaded", "tests.desk.browser.apart"]
)  # else each new server would take seconds
WRITTEN = """() => [...document.querySelectorAll('main form :is(input, select, textarea)')]
  .filter(one => one.name && one.type !== 'hidden' && one.type !== 'file')
  .map(one => `${one.name}=${['checkbox', 'radio'].includes(one.type) ? one.value + one.checked : one.value}`)"""


@dataclass
class Power:
    """One desk at a time is served by a process that can be killed, as when the power goes: nothing is closed."""

    desk: DeskSettings | None = None
    process: ForkServerProcess | None = None
    cuts: int = 0

    def turn_on(self, desk: DeskSettings) -> None:
        """Serve this desk, and no other, until it answers."""
        self.cut()
        self.desk, self.process = desk, FORKS.Process(target=serve_apart, args=(desk,))
        self.process.start()
        while True:
            with suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", desk.port)).close()
                return
            self.process.join(0.02)
            assert self.process.exitcode is None

    def cut(self) -> None:
        """Kill what serves, by its number, with what it has started."""
        if self.process is not None and self.process.pid is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.join()
            self.process, self.cuts = None, self.cuts + 1

    def cut_and_return(self) -> None:
        """Killed, and there again."""
        assert self.desk is not None
        self.turn_on(self.desk)


@dataclass
class Town:
    """The desks of the police and a social services board."""

    police: DeskSettings
    board: DeskSettings
    power: Power = field(default_factory=Power)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    def settle(authority: str, unit: str, role: str, *people: tuple[str, str]) -> DeskSettings:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        folder = tmp_path / authority
        folder.mkdir()
        said: dict[str, Any] = {"authority": authority, "unit": unit, "role": role, "port": port, "accounts": True}
        places = {"keys": folder / "keys", "state": folder / "state.db", "database": f"sqlite:///{folder}/desk.db"}
        shared = {"data": tmp_path / "data", "register": FOLDER / "authorities.json", "every": 1}
        address = f"http://127.0.0.1:{port}"
        desk = DeskSettings(**said, **places, **shared, address=address, approval=frozenset({"Disclosure"}))
        with open_store_of(desk) as store:
            for account, may in people:
                one = Colleague(f"{account} Exempel", unit, role, account, rights(may.split(",")))
                store.people.add(one, account=account, password=DIGEST)
        return desk

    (tmp_path / "data").mkdir()
    police = settle("polismyndigheten", "police_area", "officer", ("ali", "read,answer,ask,register"))
    work = "read,answer,register"
    board = settle("kommun-0127", "social_services", "caseworker", ("sara", work), ("maja", f"{work},approve"))
    town = Town(police, board)
    yield town
    town.power.cut()


@dataclass
class Clicker(Person):
    """Somebody whose server is killed after each click."""

    power: Power = field(default_factory=Power)

    def click(self, what: str, *, to: str) -> None:
        """What a page has after a click it has again when the server has been killed."""
        self.page.locator(what).first.click()
        expect(self.page).to_have_url(re.compile(to))
        self.page.wait_for_load_state()
        before, written = self.page.url, self.page.evaluate(WRITTEN)
        self.power.cut_and_return()
        self.page.reload()
        assert (self.page.url, self.page.evaluate(WRITTEN)) == (before, written)

    def send(self) -> None:
        """Press it while the server is being killed, again as long as it is there: nobody has seen an answer."""
        at, button = self.page.url, self.page.locator('button[value="skicka"]')
        for _ in range(_PRESSES):
            if button.count():
                with suppress(Error), self.page.expect_navigation(wait_until="commit"):
                    button.click(no_wait_after=True)
                    self.power.cut()
            self.power.cut_and_return()
            self._come_back(at)
        if button.count():
            with self.page.expect_navigation():
                button.click(no_wait_after=True)
        self.wait_for("/skickat", re.compile("Inskickat|Levererat"))

    def _come_back(self, at: str) -> None:
        for _ in range(_PRESSES):
            with suppress(Error):  # that nobody answered may come to be shown meanwhile
                self.page.goto(at)
                return
        raise AssertionError(f"{at} does not open")

    def _note(self, sort: str, text: str) -> None:
        if "ERR_CONNECTION" not in text and "ERR_EMPTY_RESPONSE" not in text:
            super()._note(sort, text)


def test_a_server_killed_between_two_clicks_loses_nothing_and_sends_nothing_twice(town: Town, tmp_path: Path) -> None:
    with open_chromium() as browser:
        ali = _sit_down(browser, town, town.police, "ali")
        _ask(ali)
        sara, maja = (_sit_down(browser, town, town.board, one) for one in ("sara", "maja"))
        _answer(sara)
        _approve(maja, sara.page.url)
        sara.page.reload()
        sara.send()
        town.power.turn_on(town.police)
        ali.wait_for("/vantar", re.compile("Svar till oss"))
        ali.page.get_by_role("link", name=re.compile("Svar till oss")).first.click()
        ali.says("Exempelgatan 12")
        assert [fault for person in (ali, sara, maja) for fault in person.faults] == []
    town.power.cut()
    assert town.power.cuts > 15
    with open_archive(tmp_path / "data") as archive:
        leaves = [one.leaf for one in archive.records()]
    assert {one["record"] for one in leaves} == {"decision"}, "nothing was refused, and no clock rang"
    acknowledged = Counter(
        (one["acknowledges"], one["input"]["stated"]["state"]) for one in leaves if "acknowledges" in one
    )
    assert len(acknowledged) > 1 and set(acknowledged.values()) == {1}
    assert [one["kind"] for one in leaves if "acknowledges" not in one] == ["InformationRequest", "Disclosure"]


def _sit_down(browser: Browser, town: Town, desk: DeskSettings, account: str) -> Clicker:
    if town.power.desk is not desk:
        town.power.turn_on(desk)
    page = open_page(browser)
    page.set_default_timeout(_BUSY)
    one = Clicker(page, desk.address, account, PASSWORD, power=town.power)
    one.log_in()
    expect(page).to_have_url(re.compile("/vantar"))
    return one


PRIMARY = 'main form button.ds-button[data-variant="primary"]'


def _ask(ali: Clicker) -> None:
    ali.go("/fraga")
    ali.type("to.authority", "Botkyrka kommun")
    ali.page.locator('[name="to.unit"]').select_option("social_services")
    ali.click(PRIMARY, to="/2$")
    ali.type("subject.id", CHILD)
    ali.page.locator('[name="purpose"]').select_option("avert")
    ali.click(PRIMARY, to="/3$")
    ali.choose("categories", "home_address")
    ali.type("need", "Ett brott ska hindras.")
    for n in (4, 5, 6):
        ali.click(PRIMARY, to=f"/{n}$")
    ali.choose("urgency", "urgent")
    ali.click(PRIMARY, to="/7$")
    ali.click(PRIMARY, to="forhand")
    ali.send()


def _answer(sara: Clicker) -> None:
    sara.wait_for("/vantar", "Begäran om 1 uppgift")
    sara.page.get_by_role("link", name="Begäran om 1 uppgift").click()
    sara.type("dnr", "SN 2026/412")
    sara.click('form[action$="/dnr"] button', to="/m/")
    sara.says("SN 2026/412")
    sara.go(f"{sara.page.url.removeprefix(sara.address)}/svar/1")
    sara.choose("way", "give")
    sara.type("i.0.content", "Exempelgatan 12")
    sara.choose("i.0.secrecy", "OSL 26:1")
    sara.click('button[value="provning"]', to="/svar/1")
    sara.choose("i.0.w.s170_4.exceptional_reasons", "no")
    sara.type("reason", "Inga synnerliga skäl.")
    sara.choose("by", "socialsekreterare")
    sara.power.cut_and_return()
    sara.click('button[value="utkast"]', to="/svar/1")
    sara.click('button[value="forhand"]', to="forhand")
    sara.says("Exempelgatan 12")
    sara.click('button[value="lamna"]', to="forhand")


def _approve(maja: Clicker, at: str) -> None:
    maja.go(at.removeprefix(maja.address))
    maja.says("Exempelgatan 12")
    maja.click('button[value="godkann"]', to="forhand")
