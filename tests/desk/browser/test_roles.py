"""A contact point, a rektor, an association, the public: in English, by keyboard alone, on paper."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

import pytest
import uvicorn
from chromium import open_chromium
from lines import number
from playwright.sync_api import Browser, expect
from starlette.types import ASGIApp

from agents.agency.fake_broker import Stage
from agents.desk.courier import Courier
from agents.desk.desk import Desk
from agents.desk.settings import DeskSettings
from agents.desk.store import open_store
from agents.desk.web.app import create_app
from agents.desk.web.public import create_public_app
from broker.web import serve
from scenery.town.story import FOLDER
from tests.desk.browser.walk import Person, open_page
from tests.desk.side import ALL, NOW, MemoryKeys, delivery, notice, term
from tests.desk.web_desk import add_user
from tests.web_pages import PASSWORD

pytestmark = pytest.mark.live
SHOTS = os.environ.get("SAMBAND_SHOTS")
CHILD = "20100314-2393"

Open = Callable[..., tuple[Desk, Stage]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's own."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Open]:
    """A desk of any authority with its pages on this machine, on a broker that is only a stage."""
    with ExitStack() as stack:

        def open_one(authority: str, unit: str, role: str, *, public: bool = False) -> tuple[Desk, Stage]:
            listening = stack.enter_context(create_server(("127.0.0.1", 0)))
            said: dict[str, Any] = {"unit": unit, "role": role, "accounts": not public, "public": public}
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            places = {name: tmp_path / name for name in ("keys", "state", "data")}
            places["register"] = FOLDER / "authorities.json"
            settings = DeskSettings(authority, f"sqlite:///{tmp_path}/desk.db", **places, **said, address=address)
            store = open_store(settings.database, MemoryKeys(), authority=authority, clock=lambda: NOW)
            stack.callback(store.close)
            stage = Stage()
            courier = Courier(settings, store, lambda: NOW, broker=stage)
            desk = Desk(authority, settings, store, courier, lambda: NOW)
            stack.enter_context(_serving(create_public_app(desk) if public else create_app(desk), settings, listening))
            return desk, stage

        yield open_one


@contextmanager
def _serving(app: ASGIApp, settings: DeskSettings, listening: Any) -> Iterator[None]:
    server = uvicorn.Server(serve._config(app, settings))
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _come(chromium: Browser, desk: Desk, account: str = "", **said: Any) -> Person:
    """Somebody who sits down, and chooses English."""
    if account:
        add_user(desk, account, may=sorted(ALL), **said)
    shots = Path(SHOTS) if SHOTS else None
    person = Person(open_page(chromium, lang="en-GB"), desk.settings.address, account, PASSWORD, shots)
    if account:
        person.log_in()
        person.page.get_by_role("button", name="English").click()
        expect(person.page.locator("html")).to_have_attribute("lang", "en")
    return person


def _go_to(person: Person, what: str) -> None:
    """By the key Tab alone, as far as it takes; where the focus is can be seen."""
    place = person.page.locator(what).first
    for _ in range(80):
        person.page.keyboard.press("Tab")
        if place.evaluate("one => one === document.activeElement"):
            assert place.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
            return
    raise AssertionError(f"{what} is not reached by keyboard")


def _on_paper(person: Person, name: str) -> None:
    """What is printed has no menu, no button, nothing beside the paper."""
    person.page.emulate_media(media="print")
    for role in ("navigation", "button"):
        expect(person.page.get_by_role(role)).to_have_count(0)  # type: ignore[arg-type]
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert person.page.evaluate(width) <= 0
    if person.shots:
        person.page.screenshot(path=person.shots / f"{name}-print.png", full_page=True)
    person.page.emulate_media(media="screen")


def test_a_contact_point_finds_what_nobody_has_and_hands_it_on(open_desk: Open, chromium: Browser) -> None:
    desk, stage = open_desk("kommun-0127", "contact_point", "coordinator")
    late = [term("opened", NOW - timedelta(hours=2)), term("answer", NOW + timedelta(days=1))]
    enquiry = delivery(2, "SupportEnquiry", body={"topic": "leisure", "text": "Vad finns för en 15-åring?"})
    stage.lines += [delivery(1, terms=late), notice(3, number(1), "escalated"), enquiry]
    assert desk.courier.round()
    kim = _come(chromium, desk, "kim", unit="contact_point", role="coordinator", name="Kim Exempel")
    kim.go("/vantar?vems=ingens")
    kim.says("Monday 30 November")
    kim.look("kontaktpunkt-vantar-en", lights=1)
    _go_to(kim, "main .q a")
    kim.page.keyboard.press("Enter")
    expect(kim.page).to_have_url(f"{kim.address}/m/{number(1)}")
    kim.look("kontaktpunkt-begaran-en", lights=1)
    _go_to(kim, 'summary:has-text("another unit")')
    kim.page.keyboard.press("Enter")
    _go_to(kim, "#enhet")
    unit = kim.page.locator("#enhet")
    for _ in range(60):
        if unit.input_value() == "social_services":
            break
        kim.page.keyboard.press("ArrowDown")
    _go_to(kim, 'form[action$="/enhet"] button')
    with kim.page.expect_navigation():
        kim.page.keyboard.press("Enter")
    assert "handed_over" in {draft.body["state"] for draft in desk.store.drafts.queued()}
    kim.go("/arende/1")
    kim.look("kontaktpunkt-arende-en", lights=1)
    _on_paper(kim, "kontaktpunkt-arende-en")
    kim.go(f"/m/{number(2)}")
    kim.look("kontaktpunkt-stod-en", lights=1)
    kim.go("/hjalp")
    expect(kim.page).to_have_url(f"{kim.address}/hjalp/kontaktpunkt")
    kim.look("kontaktpunkt-hjalp-en", lights=1)
    assert kim.faults == []


def test_an_association_tells_of_a_child_by_keyboard_and_prints_it(open_desk: Open, chromium: Browser) -> None:
    desk, stage = open_desk("forening-nattvakten", "leisure", "leader")
    nils = _come(chromium, desk, "nils", unit="leisure", role="leader", name="Nils Exempel")
    nils.go("/vantar")
    nils.look("forening-tomt-en", lights=1)
    nils.go("/nytt")
    nils.look("forening-nytt-en", lights=1)
    _go_to(nils, 'a[href="/nytt/orosanmalan"]')
    nils.page.keyboard.press("Enter")
    nils.says("should notify (SoL 19:4)")
    nils.look("forening-oro-en", lights=1)
    for name, text in (("subject.id", CHILD), ("subject.municipality", "Botkyrka kommun"), ("text", "Bruises.")):
        _go_to(nils, f'[name="{name}"]')
        nils.page.keyboard.type(text)
    nils.press_primary()
    nils.look("forening-oro-svar-en", lights=1)
    nils.go("/arende/1")
    _on_paper(nils, "forening-arende-en")
    assert stage.sent == [] and nils.faults == []


def test_a_rektor_reads_and_prints_a_request(open_desk: Open, chromium: Browser) -> None:
    desk, stage = open_desk("skola-tallkotten", "school", "rektor")
    stage.lines.append(delivery(1, terms=[term("opened", NOW + timedelta(hours=1))]))
    assert desk.courier.round()
    eva = _come(chromium, desk, "eva", unit="school", role="rektor", name="Eva Exempel")
    eva.go(f"/m/{number(1)}")
    eva.look("rektor-begaran-en", lights=1)
    _on_paper(eva, "rektor-begaran-en")
    eva.go(f"/m/{number(1)}/svar/1")
    eva.look("rektor-svar-en", lights=1)
    eva.go("/arende/1")
    _on_paper(eva, "rektor-arende-en")
    assert eva.faults == []


def test_the_public_tells_in_english_by_keyboard_alone(open_desk: Open, chromium: Browser) -> None:
    desk, _ = open_desk("allmanheten", "registry", "officer", public=True)
    somebody = _come(chromium, desk)
    somebody.go("/tips?lang=en")
    somebody.look("tips-en", lights=1)
    _go_to(somebody, 'input[name="om"]')
    somebody.page.keyboard.press("Space")
    _go_to(somebody, '[name="text"]')
    somebody.page.keyboard.type("Two men recruit children at the square.")
    _go_to(somebody, 'input[name="anonym"]')
    somebody.page.keyboard.press("Space")
    _go_to(somebody, "main form button.ds-button")
    somebody.page.keyboard.press("Enter")
    expect(somebody.page.locator(".code")).to_be_visible()
    somebody.look("tips-kod-visad-en", lights=1)
    _on_paper(somebody, "tips-kod-en")
    somebody.go("/tips/kod?lang=en")
    somebody.look("tips-kod-en", lights=1)
    assert somebody.faults == []
