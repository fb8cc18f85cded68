"""The pages of a subject report, figures, another law in Debian's Chromium, in both languages, as axe-core looks."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import open_chromium
from command import engine
from playwright.sync_api import expect
from policy_tools import POLICIES, opa_binary

from broker.adapters.sql.read_model import open_archive
from broker.review.law import Law
from broker.review.rights import LAW, REVIEW
from broker.review.room import Room
from broker.review.whatif import Asked
from tests.desk.browser.walk import Person, open_page
from tests.review.conftest import REGISTER
from tests.review.web_room import PASSWORD, Typed, add_user, served

pytestmark = pytest.mark.live
SHOTS = os.environ.get("SAMBAND_SHOTS")
NUMBER = "20110412-2385"
_LIGHTS = {"sv": 3, "en": 1}
"""The same page in the other language has the same colours."""


@pytest.fixture
def room(town: Path, tmp_path: Path) -> Iterator[Room]:
    """A room on the town, where one other law may be tried."""
    shutil.copytree(POLICIES, tmp_path / "laws" / "nu", ignore=shutil.ignore_patterns("*_test.rego"))
    with served(town, tmp_path, register=REGISTER, candidates=tmp_path / "laws", opa=opa_binary()) as room:
        room.trials._of = Asked(room.archive, room.keeper, Law(engine))
        add_user(room, may=[REVIEW, LAW])
        room.keeper.complete(300)  # a machine that is busy proves nothing
        yield room


def test_reports_figures_and_another_law_in_both_languages(
    room: Room, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_archive(town) as archive:
        person = next(one.leaf["subject"] for one in archive.records() if one.leaf.get("may_be_told"))
    monkeypatch.setattr(Typed, "person", lambda *_: [person])
    with open_chromium() as browser:
        greta = Person(open_page(browser), room.settings.address, "greta", PASSWORD, Path(SHOTS) if SHOTS else None)
        greta.log_in()
        for lang in ("sv", "en"):
            _ask_for_a_report(greta, lang)
            _look_at_figures(greta, lang)
            _try_a_law(greta, lang)
            for path, name in (("/hjalp", "hjalp"), ("/tillganglighet", "tillganglighet")):
                greta.go(path)
                greta.look(f"granska-{name}-{lang}", lights=_LIGHTS[lang])
            if lang == "sv":
                greta.page.get_by_role("button", name="English").click()
        assert greta.faults == []


def _ask_for_a_report(greta: Person, lang: str) -> None:
    greta.go("/registerutdrag")
    greta.look(f"registerutdrag-{lang}", lights=_LIGHTS[lang])
    greta.press_primary()
    expect(greta.page).to_have_title(re.compile("^(Fel|Error): "))
    greta.look(f"registerutdrag-fel-{lang}", lights=_LIGHTS[lang])
    greta.type("person", NUMBER)
    greta.type("syfte", "Begäran 12")
    greta.choose("till", "guardian")
    greta.press_primary()
    expect(greta.page).to_have_url(re.compile(r"/registerutdrag/\d+\?till=guardian$"))
    assert NUMBER not in greta.page.content()
    greta.look(f"registerutdrag-svar-{lang}", lights=_LIGHTS[lang])
    greta.page.locator('input[name="lov"]').first.check()
    greta.page.locator('button[value="page"]').click()
    expect(greta.page.locator("main section.out")).to_have_count(1)
    greta.look(f"utdrag-{lang}", lights=_LIGHTS[lang])


def _look_at_figures(greta: Person, lang: str) -> None:
    greta.go("/siffror?fran=2026-01&tom=2026-12")
    expect(greta.page.locator("figure.plot").first).to_be_visible()  # read again by itself until they are counted
    greta.look(f"siffror-{lang}", lights=_LIGHTS[lang])


def _try_a_law(greta: Person, lang: str) -> None:
    greta.go("/andra-lag")
    greta.look(f"andra-lag-{lang}", lights=_LIGHTS[lang])
    greta.page.locator('select[name="lag"]').select_option("nu")
    for name, text in (("fran", "2026-11-01"), ("tom", "2026-11-30"), ("antal", "20"), ("syfte", "Inför ändringen")):
        greta.type(name, text)
    greta.press_primary()
    expect(greta.page).to_have_url(re.compile(r"/andra-lag/\d+$"))
    expect(greta.page.locator("[hx-trigger]")).to_have_count(0, timeout=240_000)  # the law is compiled first
    greta.look(f"andra-lag-svar-{lang}", lights=_LIGHTS[lang])
