"""What is typed is kept at each pause, on every page that a message is written on; another's change is told of."""

import re
from dataclasses import replace
from typing import Any

import pytest
from lines import number
from starlette.testclient import TestClient

from agents.agency import Address
from agents.desk.desk import Desk
from broker.web.access import TOKEN
from tests.desk.side import BOARD, REQUEST, Side, delivery
from tests.desk.web_desk import ADDRESS, add_user, logged_in

HX = {"HX-Request": "true"}
ANSWER = f"/m/{number(1)}/svar/1"
HIDDEN = re.compile(r'name="(blad|version|formular)" value="([^"]*)"')


@pytest.fixture
def desk(side: Side) -> Desk:
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    desk = Desk(BOARD, settings, side.store, side.courier, side.clock)
    for account in ("sara", "maja"):
        add_user(desk, account, may=("read", "answer", "ask"))
    side.come(delivery(1))
    return desk


class Sheet:
    """A page with a form, as a browser has it before it."""

    def __init__(self, client: TestClient, path: str) -> None:
        self.client, html = client, client.get(path).text
        form = html[html.index("hx-post") :]
        self.action = re.findall(r'action="([^"]*)"', html[: html.index("hx-post")])[-1].replace("&amp;", "&")
        self.hidden = dict(HIDDEN.findall(form))
        assert self.hidden.keys() == {"blad", "version", TOKEN} and 'id="sparat" role="status"' in form

    def type(self, **fields: Any) -> Any:
        """Pause."""
        return self.client.post(self.action, data={**self.hidden, **fields, "steg": "sparat"}, headers=HX)

    def press(self, **fields: Any) -> Any:
        """The button."""
        return self.client.post(self.action, data={**self.hidden, **fields})


def bodies(side: Side) -> list[Any]:
    return [draft.body for draft in side.store.drafts.unsent()]


def test_a_new_message_is_one_draft_however_it_is_saved(side: Side, desk: Desk) -> None:
    sheet = Sheet(logged_in(desk), "/nytt/orosanmalan")
    first = sheet.type(text="Flickan har")
    assert first.status_code == 200 and "Utkast sparat i dag 09.00" in first.text and "<" not in first.text.strip()
    (draft,) = side.store.drafts.unsent()
    assert first.headers["hx-replace-url"] == f"/utkast/{draft.number}"
    side.later(minutes=1)
    assert "09.01" in sheet.type(text="Flickan har märken").text
    assert sheet.press(text="Flickan har märken.", steg="utkast").headers["location"] == f"/utkast/{draft.number}"
    assert bodies(side) == [{"text": "Flickan har märken."}]
    assert Sheet(sheet.client, f"/utkast/{draft.number}").type(text="Nytt").status_code == 200
    assert bodies(side) == [{"text": "Nytt"}] and side.store.drafts.unsent()[0].message_id == sheet.hidden["blad"]


@pytest.mark.parametrize("blad", ["", "x", number(1).upper(), "019c1c2e-7b1a-7000-8000-00000000000z"])
def test_what_is_no_page_of_ours_names_no_message(side: Side, desk: Desk, blad: str) -> None:
    sheet = Sheet(logged_in(desk), "/nytt/orosanmalan")
    sheet.hidden["blad"] = blad
    assert sheet.type(text="x").status_code == 200
    assert side.store.drafts.unsent()[0].message_id != blad


def test_an_answer_is_kept_without_asking_the_law(side: Side, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(side.courier, "preview", asked.append)
    sheet = Sheet(logged_in(desk), ANSWER)
    for text in ("Exempelgatan", "Exempelgatan 12"):
        said = {"way": "give", "i.0.content": text, "i.0.secrecy": "OSL 26:1"}
        assert sheet.type(**said).status_code == 200
    assert asked == []
    sheet.press(**said, steg="utkast")
    assert asked != []
    (draft,) = side.store.drafts.of(number(1))
    assert draft.body["items"][0]["content"] == "Exempelgatan 12"


def test_the_steps_of_a_request_are_kept(side: Side, desk: Desk) -> None:
    user = desk.store.people.all()[0]
    draft = side.store.drafts.new("InformationRequest", user=user, to=Address("polismyndigheten"), body=REQUEST)
    sheet = Sheet(logged_in(desk), f"/fraga/{draft.number}/3")
    assert sheet.type(categories="housing", need="Därför.").status_code == 200
    assert bodies(side)[0]["need"] == "Därför."
    assert "hx-post" not in sheet.client.get(f"/fraga/{draft.number}/7").text, "nothing is typed there"


@pytest.mark.parametrize("path", [ANSWER, "/utkast/1", "/fraga/2/3"])
def test_another_s_change_is_told_and_nothing_is_lost(side: Side, desk: Desk, path: str) -> None:
    user, drafts = desk.store.people.all()[0], side.store.drafts
    drafts.new("ConcernNotification", user=user, body={"text": "x"})
    drafts.new("InformationRequest", user=user, to=Address("polismyndigheten"), body=REQUEST)
    drafts.new("Disclosure", user=user, answers=number(1), part="housing", to=Address("polismyndigheten"), body={})
    fields = {"way": "refuse", "text": "hers", "need": "hers", "categories": "housing"}
    mine, hers = Sheet(logged_in(desk), path), Sheet(logged_in(desk, "maja"), path)
    assert mine.type(**fields).status_code == 200
    assert hers.type(**fields).status_code == 409, "shown before mine was saved"
    hers = Sheet(hers.client, path)
    assert hers.type(**fields).status_code == 200
    before = bodies(side)
    told = mine.type(**fields | {"text": "mine", "need": "mine"})
    assert told.status_code == 409 and f'href="{mine.action}"' in told.text and "sparas inte" in told.text
    assert mine.press(**fields | {"text": "mine", "need": "mine"}).status_code == 409
    assert bodies(side) == before


def test_who_is_logged_out_while_typing_is_sent_to_the_login_and_back(desk: Desk) -> None:
    sheet = Sheet(logged_in(desk), ANSWER)
    sheet.client.cookies.clear()
    told = sheet.type(way="give")
    assert told.headers["hx-redirect"].startswith("/logga-in?till=%2Fm%2F")


def test_what_a_page_that_is_left_saves_late_changes_nothing(side: Side, desk: Desk) -> None:
    """On a slow machine the button's answer takes longer than the pause: the page that is left then saves once more."""
    client = logged_in(desk)
    hidden = dict(HIDDEN.findall(client.get("/fraga").text))
    whom = {"to.authority": "Polismyndigheten", "to.unit": "police_area"}
    start = client.post("/fraga", data={**hidden, **whom}).headers["location"].rpartition("/")[0]
    second = Sheet(client, f"{start}/2")
    said = {"subject.id": "20100314-2393", "purpose": "avert"}
    assert second.press(**said).headers["location"] == f"{start}/3"
    third = Sheet(client, f"{start}/3")
    assert second.type(**{**said, "purpose": ""}).status_code == 200
    on = third.press(categories=["network"], need="Ett brott ska hindras.")
    assert (on.status_code, on.headers.get("location")) == (303, f"{start}/4")
    assert bodies(side)[0]["purpose"] == "avert"
