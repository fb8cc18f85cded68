"""An operator's bad morning in Debian's Chromium: seen at one look, renewed by itself until somebody stops it."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest
import uvicorn
from chromium import open_chromium
from playwright.sync_api import expect

from broker.review.operations_reading import Sources
from broker.review.rights import OPERATE
from broker.review.web.app import create_app
from broker.web import serve
from tests.desk.browser.walk import SCREEN, Person
from tests.review.morning import bad_morning
from tests.review.web_room import PASSWORD, Clock, add_user, new_room

pytestmark = pytest.mark.live


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, Clock]]:
    """The room's address, and its clock."""
    clock = Clock()
    with ExitStack() as stack:
        morning = stack.enter_context(bad_morning(tmp_path))
        listening = stack.enter_context(create_server(("127.0.0.1", 0)))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        said = {"register": morning.register, "operations": Sources(programs=morning.programs)}
        room = new_room(stack, morning.data, clock=clock, address=address, **said)
        add_user(room, "jo", may=[OPERATE], role="operator")
        server = uvicorn.Server(serve._config(create_app(room), room.settings))
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        yield address, clock
        server.should_exit = True
        thread.join()


def test_what_needs_a_hand_stands_first_and_is_renewed_until_it_is_stopped(place: tuple[str, Clock]) -> None:
    address, clock = place
    with open_chromium() as browser:
        context = browser.new_context(viewport=SCREEN, locale="sv-SE")  # type: ignore[arg-type]
        jo = Person(context.new_page(), address, "jo", PASSWORD)
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
