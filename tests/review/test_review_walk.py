"""A review walked in Debian's Chromium, from a search to its signed summary, as axe-core looks at it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import open_chromium

from broker.adapters.files.signing import Verifier
from broker.review.rights import CAMPAIGN, REVIEW
from broker.review.room import Room
from tests.desk.browser.walk import Person, open_page
from tests.review.broker_log import append, leaf
from tests.review.web_room import PASSWORD, add_user, served

pytestmark = pytest.mark.live
SHOTS = os.environ.get("SAMBAND_SHOTS")
"""A folder for what is seen, to be looked at."""
SCHOOL, POLICE = "kommun-0114", "polismyndigheten"
ITEMS = [
    {"category": "home_address", "outcome": "release", "ref": "OSL 10:15 a"},
    {"category": "inquiry_opened", "outcome": "withhold", "ref": "OSL 26:1"},
]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    append(tmp_path, [answer(n) for n in range(30)])
    with served(tmp_path, tmp_path) as room:
        yield room


@pytest.fixture
def visit(room: Room) -> Iterator[Callable[[str], Person]]:
    """Somebody who has logged in, with a browser of their own; nothing is blocked or broken in it."""
    people: list[Person] = []
    with open_chromium() as browser:

        def come(account: str) -> Person:
            people.append(
                Person(open_page(browser), room.settings.address, account, PASSWORD, Path(SHOTS) if SHOTS else None)
            )
            people[-1].log_in()
            return people[-1]

        yield come
    assert [fault for person in people for fault in person.faults] == []


def answer(n: int) -> dict[str, object]:
    """A school's answer to the police."""
    one = leaf(f"m{n}", SCHOOL, POLICE, kind="InformationResponse")
    one["receipt"]["items"] = ITEMS
    return one


def test_a_review_from_search_to_signed_summary(room: Room, visit: Callable[[str], Person], tmp_path: Path) -> None:
    add_user(room, may=[REVIEW])
    add_user(room, "pia", may=[REVIEW, CAMPAIGN])
    pia, greta = visit("pia"), visit("greta")
    pia.go("/granska")
    pia.type("syfte", "Årlig tillsyn")
    pia.press_primary()
    pia.page.get_by_text("Gör till en granskning").click()
    for name, text in (("titel", "Skolans svar"), ("syfte", "Tillsyn"), ("fragor", "Rätt paragraf?"), ("antal", "2")):
        pia.type(name, text)
    pia.look("planera")
    pia.press_primary()
    pia.says("Den finns inte än")
    append(tmp_path, [answer(30)])
    pia.go("/granskningar/1")
    pia.press_primary()
    pia.page.locator(f'input[name="granskare"][value="{room.people.all()[0].number}"]').check()
    pia.press_primary()
    greta.go("/granskningar/1")
    greta.page.get_by_text("Nästa i urvalet").click()
    greta.press_primary()
    greta.says("Svara på fråga 1")
    greta.look("post-fel")
    for _ in range(2):
        greta.choose("svar-0", "yes")
        greta.press_primary()
    greta.says("Alla poster är besvarade")
    pia.go("/granskningar/1")
    pia.page.get_by_role("button", name="Underteckna").click()
    pia.says("Avslutad och undertecknad")
    pia.look("granskning")
    one = room.campaigns.get(1)
    assert one is not None and Verifier(room.views.log.seal.vkey).text(one.summary)
    greta.go("/visningar")
    greta.says("Ett beslut")
    greta.look("visningar")
