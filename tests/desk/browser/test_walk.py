"""The town's people at their desks, in Debian's Chromium: a request asked, answered, read; a concern; a tip."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import open_chromium
from playwright.sync_api import Browser, expect

from scenery.town.people import ELLIOT
from tests.desk.browser.walk import Person, open_page

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[3]
LOGIN = re.compile(r"(http://127\.0\.0\.1:\d+)\s+(?:konto (\w+), lösenord (\S+))?")
SHOTS = os.environ.get("SAMBAND_SHOTS")
"""A folder for what is seen, to be looked at."""
CHILD = "20100314-2393"

Visit = Callable[..., Person]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[str, str]]]:
    """The desks as `make desk` opens them: each account's address and password; the public's page under its place."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "data").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "scenery.town.desk", "--data", str(folder / "data"), "--port", str(port)]
    with (
        (folder / "said").open("w+") as said,
        subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        try:
            assert process.stdout
            logins: dict[str, tuple[str, str]] = {}
            while len(logins) < len(("sara", "eva", "ali", "public")):
                match = LOGIN.search(process.stdout.readline())
                assert match, "the desks did not open"
                logins[match[2] or "public"] = (match[1], match[3] or "")
            yield logins
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):  # as Ctrl-C in a shell, and `make` after it
                process.send_signal(number)
            assert process.wait(300) == 0
            said.seek(0)
            assert "Traceback" not in said.read()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's own."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def visit(town: dict[str, tuple[str, str]], chromium: Browser) -> Iterator[Visit]:
    """Sit down at a desk: a browser of one's own; at the end nothing has been blocked or broken in any of them."""
    people: list[Person] = []

    def sit_down(account: str, *, lang: str = "sv-SE", script: bool = True) -> Person:
        address, password = town[account]
        page = open_page(chromium, lang=lang, script=script)
        person = Person(page, address, account, password, Path(SHOTS) if SHOTS else None)
        people.append(person)
        if account != "public":
            person.log_in()
        return person

    yield sit_down
    for person in people:
        person.page.context.close()
        assert person.faults == []


def test_a_request_is_opened_answered_and_read(visit: Visit) -> None:
    sara = visit("sara")
    sara.wait_for("/vantar", "Begäran om 2 uppgifter")
    sara.look("vantar")
    sara.page.get_by_role("link", name="Begäran om 2 uppgifter").click()
    sara.says("Vem som får veta om begäran")
    sara.look("begaran")
    sara.type("dnr", "SN 2026/412")
    sara.page.get_by_role("button", name="Registrera").click()
    sara.says("SN 2026/412")
    request = sara.page.url.removeprefix(sara.address)

    sara.go(f"{request}/svar/1")
    expect(sara.page.locator("main input:checked")).to_have_count(0)
    sara.choose("way", "give")
    sara.press_primary()
    expect(sara.page).to_have_title(re.compile("^Fel: "))
    sara.look("svara-fel")
    sara.type("i.0.content", "Exempelgatan 12")
    sara.choose("i.0.secrecy", "OSL 26:1")
    sara.page.locator('button[value="provning"]').click()
    sara.choose("i.0.w.s170_4.exceptional_reasons", "no")
    sara.type("reason", "Inga synnerliga skäl.")
    sara.choose("by", "socialsekreterare")
    sara.look("svara")
    sara.page.locator('button[value="forhand"]').click()
    sara.says("Exempelgatan 12")
    sara.look("forhand")
    sara.page.locator('button[value="skicka"]').click()
    sara.says("Skickat")
    sara.look("skickat")

    ali = visit("ali")
    ali.wait_for("/vantar", re.compile("Svar till oss"))
    ali.page.get_by_role("link", name=re.compile("Svar till oss")).first.click()
    ali.says("Exempelgatan 12")
    ali.look("svaret")
    ali.page.get_by_role("link", name="Hela ärendet").click()
    ali.says("Svar till oss")
    ali.look("arende")
    ali.page.emulate_media(media="print")
    expect(ali.page.get_by_role("navigation")).to_have_count(0)
    sara.wait_for("/skickat", re.compile("Öppnat (i dag|today)"))


def test_the_police_ask_in_seven_steps(visit: Visit) -> None:
    ali = visit("ali")
    ali.go("/fraga")
    ali.look("fraga-1")
    ali.type("to.authority", "Botkyrka kommun")
    ali.page.locator('[name="to.unit"]').select_option("social_services")
    ali.press_primary()
    ali.type("subject.id", CHILD)
    ali.page.locator('[name="purpose"]').select_option("avert")
    ali.press_primary()
    ali.look("fraga-3")
    ali.choose("categories", "network")
    ali.type("need", "Ett brott ska hindras.")
    for n in (4, 5, 6):
        ali.press_primary()
        expect(ali.page).to_have_url(re.compile(rf"/fraga/\d+/{n}$"))
    ali.choose("urgency", "urgent")
    ali.press_primary()
    ali.look("fraga-7")
    ali.press_primary()
    ali.look("fraga-forhand")
    ali.page.locator('button[value="skicka"]').click()
    ali.says("Skickat")
    assert CHILD[:8] not in ali.page.url


def test_what_is_typed_is_saved_at_a_pause(visit: Visit) -> None:
    eva, other = visit("eva"), visit("eva")
    eva.go("/nytt/orosanmalan")
    eva.type("text", "Barnet har")
    saved = eva.page.locator("#sparat")
    expect(saved).to_contain_text("Utkast sparat")
    expect(eva.page).to_have_url(re.compile(r"/utkast/\d+$"))
    eva.type("text", "Barnet har märken.")
    draft = eva.page.url.removeprefix(eva.address)
    for _ in range(30):
        other.go(draft)
        if other.page.locator('[name="text"]').input_value() == "Barnet har märken.":
            break
        other.page.wait_for_timeout(500)
    other.type("text", "En kollega skrev.")
    expect(other.page.locator("#sparat")).to_contain_text("Utkast sparat")
    eva.look("sparat")
    eva.type("text", "Barnet har märken igen.")
    expect(saved).to_contain_text("sparas inte")
    eva.look("sparat-inte")
    eva.page.get_by_role("link", name="Visa det som gäller nu").click()
    expect(eva.page.locator('[name="text"]')).to_have_value("En kollega skrev.")


def test_a_rektor_goes_away_and_a_deputy_is_named(visit: Visit) -> None:
    eva = visit("eva")
    eva.go("/personer")
    for name, text in (("konto", "maja"), ("namn", "Maja Exempel"), ("losenord", "ett långt lösenord")):
        eva.type(name, text)
    eva.page.locator("#roll").select_option("teacher")
    eva.choose("far", "read")
    eva.choose("far", "answer")
    eva.press_primary()
    eva.says("Maja Exempel")
    eva.look("personer")
    eva.page.get_by_role("link", name="Maja Exempel").click()
    eva.look("person")
    eva.go("/bort")
    eva.press_primary()
    expect(eva.page).to_have_title(re.compile("^Fel: "))
    eva.look("bort-fel")
    today = eva.page.evaluate("new Date().toLocaleDateString('sv-SE')")
    for day in ("#fran", "#till"):
        eva.page.fill(day, today)
    eva.page.locator("#ersattare").select_option(label="Maja Exempel")
    eva.press_primary()
    eva.says("Maja Exempel får inte")
    eva.look("bort")
    eva.page.get_by_role("button", name="English").click()
    eva.look("bort-en")
    eva.page.get_by_role("button", name="Back today").click()
    eva.go("/personer")
    eva.look("personer-en")
    eva.page.get_by_role("button", name="Svenska").click()


def test_a_queue_whose_people_are_away_rings_and_a_person_is_found(visit: Visit) -> None:
    sara = visit("sara")
    sara.wait_for("/vantar", "Begäran om")
    sara.go("/bort")
    today = sara.page.evaluate("new Date().toLocaleDateString('sv-SE')")
    sara.page.locator("#fran").focus()
    for text in (today, today):
        sara.page.keyboard.type(text)
        sara.page.keyboard.press("Tab")
    sara.page.keyboard.press("Tab")
    sara.page.keyboard.press("Enter")
    sara.says("alla som får svara är borta")
    sara.go("/vantar")
    sara.look("ringer")
    sara.go("/bort")
    sara.page.get_by_role("button", name="Tillbaka i dag").click()
    sara.go("/sok")
    sara.type("nummer", ELLIOT["id"])
    sara.press_primary()
    sara.says("ärende")
    sara.look("sok")
    assert ELLIOT["id"] not in sara.page.content() and sara.page.url.endswith("/sok")
    sara.page.locator("main .q a").first.click()
    sara.look("arende-vems")


def test_a_concern_is_written_in_english_by_keyboard(visit: Visit) -> None:
    eva = visit("eva", lang="en-GB")
    eva.page.get_by_role("button", name="English").click()
    eva.go("/nytt")
    eva.look("nytt-en")
    eva.go("/nytt/orosanmalan")
    eva.look("orosanmalan-en")
    eva.page.keyboard.press("Tab")
    assert eva.page.evaluate("document.activeElement.className") == "skip"
    eva.page.keyboard.press("Enter")
    assert eva.page.evaluate("document.activeElement.id") == "main"
    eva.page.locator('[name="subject.id"]').focus()
    eva.page.keyboard.type(CHILD)
    eva.page.locator('[name="subject.municipality"]').focus()
    eva.page.keyboard.type("Botkyrka kommun")
    eva.page.locator('input[name="concerns"][value="violence"]').focus()
    eva.page.keyboard.press("Space")
    eva.page.locator('[name="text"]').focus()
    eva.page.keyboard.type("The child has bruises.")
    eva.page.locator('input[value="yes"][name*="child_at_risk"]').focus()
    eva.page.keyboard.press("Space")
    eva.page.locator('main form button.ds-button[data-variant="primary"]').first.focus()
    eva.page.keyboard.press("Enter")
    eva.says("Botkyrka kommun")
    eva.look("orosanmalan-forhand-en")


def test_the_public_hand_in_a_tip_without_script_or_cookie(visit: Visit) -> None:
    somebody = visit("public", script=False)
    somebody.go("/tips")
    page = somebody.page
    page.locator('input[name="om"]').first.check()
    page.locator('[name="text"]').fill("Två män värvar barn vid centrum.")
    page.locator('input[name="anonym"][value="ja"]').check()
    page.locator("main form button.ds-button").first.click()
    expect(page.locator(".code")).to_be_visible()
    assert page.context.cookies() == []
    seen = visit("public")
    seen.go("/tips")
    seen.look("tips")
    seen.go("/tips/kod")
    seen.look("tips-kod")
