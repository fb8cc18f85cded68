"""An operator's bad morning in Debian's Chromium: seen at one look, renewed by itself until somebody stops it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from chromium import open_chromium
from playwright.sync_api import expect

from broker.review.operations_reading import Sources
from broker.review.rights import OPERATE
from tests.desk.browser.walk import Person, open_page
from tests.review.morning import bad_morning
from tests.review.web_room import PASSWORD, Clock, add_user, served

pytestmark = pytest.mark.live


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, Clock]]:
    """The room's address, and its clock."""
    clock = Clock()
    with bad_morning(tmp_path) as morning:
        said = {"register": morning.register, "operations": Sources(programs=morning.programs)}
        with served(morning.data, tmp_path, clock=clock, **said) as room:
            add_user(room, "jo", may=[OPERATE], role="operator")
            yield room.settings.address, clock


def test_what_needs_a_hand_stands_first_and_is_renewed_until_it_is_stopped(place: tuple[str, Clock]) -> None:
    address, clock = place
    with open_chromium() as browser:
        jo = Person(open_page(browser), address, "jo", PASSWORD)
        jo.log_in()
        hands = jo.page.locator("section.out h3")
        expect(hands).to_contain_text(
            ["Inte öppnat: Orosanmälan", "Arbetare 2 har en annan lag", "Arbetare 4 svarar inte"]
        )
        jo.says("Ring Socialjouren: 0555-10 00 00")
        guide = jo.page.get_by_label("Gör så här: Arbetare 4 svarar inte")
        guide.focus()
        clock.forward(timedelta(minutes=1))
        jo.says("I dag 09.13")
        expect(guide).to_be_focused()
        jo.look("drift")
        jo.page.click("#stanna")
        jo.says("Läses inte om av sig själv.")
        assert jo.page.locator("[hx-trigger]").count() == 0
        jo.page.get_by_label("Gör så här: Arbetare 4 svarar inte").click()
        jo.says("ett program inte svarat Prometheus på två minuter")
        assert jo.faults == []
