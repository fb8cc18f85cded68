"""Each kind has a form on a page; what is typed there is kept, mended, and goes on to what would become of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agents.agency import Receipt
from agents.agency.preview import Preview
from agents.desk.desk import Desk
from agents.desk.web.pages.new import REPLIES, SLUGS
from broker.kinds import KINDS
from broker.web.access import TOKEN
from tests.desk.test_answer import law
from tests.desk.web_desk import add_user, logged_in, new_desk, token_in

NOTIFICATION = {
    "subject.id": "20100314-2393",
    "subject.municipality": "Botkyrka kommun",
    "concerns": ["violence", "crime"],
    "text": "Han har berättat om slag.",
    "immediate": "yes",
    "i.0.w.sol_19_1.child_at_risk": "yes",
    "reason": "Barnets egna ord.",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(tmp_path)
    add_user(made)
    yield made
    made.store.close()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return logged_in(desk)


def test_every_kind_has_an_address_of_its_own() -> None:
    assert set(SLUGS) == set(KINDS)
    assert len(set(SLUGS.values())) == len(KINDS)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_kind_that_may_be_sent_has_a_page(desk: Desk, client: TestClient, lang: str) -> None:
    index = client.get("/nytt").text
    for kind, slug in SLUGS.items():
        shown = client.get(f"/nytt/{slug}")
        if kind in ("CustodyHandover", "GuardianConversation", "ChannelAction"):  # the police's, not a municipality's
            assert shown.status_code == 404
        elif kind == "InformationRequest":
            assert (shown.status_code, shown.headers["location"]) == (303, "/fraga")
        else:
            assert shown.status_code == 200, kind
            assert kind in REPLIES or f'href="/nytt/{slug}"' in index
            assert " checked" not in shown.text and " selected" not in shown.text, "nothing is answered from the start"


def test_what_no_kind_has_is_not_there(client: TestClient) -> None:
    assert client.get("/nytt/nagot").status_code == 404


def post(client: TestClient, path: str, **fields: object) -> object:
    token = token_in(client.get("/nytt/orosanmalan").text)
    return client.post(path, data={TOKEN: token, **fields})


def test_what_lacks_is_told_on_top_and_at_its_field(client: TestClient) -> None:
    shown = post(client, "/nytt/orosanmalan", text="Han har berättat om slag.")
    assert shown.status_code == 422
    assert "<title>Fel: Orosanmälan" in shown.text
    assert 'role="alert" tabindex="-1" autofocus' in shown.text
    assert 'href="#subject"' in shown.text and 'id="subject"' in shown.text
    assert "Han har berättat om slag." in shown.text, "what was typed is kept"
    assert "Svara på frågan, eller välj att den inte är prövad än" in shown.text


def test_a_notification_goes_to_the_childs_own_board(desk: Desk, client: TestClient) -> None:
    sent = post(client, "/nytt/orosanmalan", **NOTIFICATION)
    assert sent.status_code == 303
    [draft] = desk.store.drafts.unsent()
    assert sent.headers["location"] == f"/utkast/{draft.number}/forhand"
    assert draft.to is not None
    assert (draft.to.authority, draft.to.unit, draft.state) == ("kommun-0127", "social_services", "draft")
    assert draft.body == {
        "subject": {"id": "201003142393", "id_type": "personnummer", "municipality": "0127"},
        "concerns": ["violence", "crime"],
        "text": "Han har berättat om slag.",
        "immediate": True,
        "assessments": [
            {
                "test": "child_at_risk",
                "holds": True,
                "assessed_by": "socialsekreterare",
                "reason": "Barnets egna ord.",
                "ground": "sol_19_1",
            }
        ],
    }
    shown = client.get(f"/utkast/{draft.number}").text
    assert 'value="Botkyrka kommun"' in shown
    assert 'id="i.0.w.sol_19_1.child_at_risk" value="yes" checked' in shown


def test_all_that_the_board_will_see_is_shown_and_no_reason(
    desk: Desk, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client, "/nytt/orosanmalan", **NOTIFICATION)
    [draft] = desk.store.drafts.unsent()
    monkeypatch.setattr(desk.courier, "preview", lambda drafts: Preview([Receipt({"outcome": "forward"})], whole=True))
    shown = client.get(f"/utkast/{draft.number}/forhand").text
    for words in ("201003142393", "Våld, Brottslighet", "Han har berättat om slag.", "<dd>Ja</dd>", "Botkyrka kommun"):
        assert words in shown
    assert "Barnets egna ord." not in shown


def test_a_draft_is_kept_whatever_lacks(desk: Desk, client: TestClient) -> None:
    kept = post(client, "/nytt/samtycke", steg="utkast", consent="S 1")
    [draft] = desk.store.drafts.unsent()
    assert (kept.status_code, kept.headers["location"]) == (303, f"/utkast/{draft.number}")
    assert 'value="S 1"' in client.get(f"/utkast/{draft.number}").text
    again = post(client, f"/utkast/{draft.number}", steg="utkast", version=str(draft.version), consent="S 2")
    assert again.status_code == 303
    assert desk.store.drafts.get(draft.number).body["consent"] == "S 2"
    late = post(client, f"/utkast/{draft.number}", steg="utkast", version=str(draft.version), consent="S 3")
    assert late.status_code == 409
    assert desk.store.drafts.get(draft.number).body["consent"] == "S 2"


def test_a_list_gets_one_more_and_one_less(client: TestClient) -> None:
    fields = {"given_by.0.role": "subject", "given_by.0.answer": "yes"}
    more = post(client, "/nytt/samtycke", add="given_by", **fields)
    assert 'name="given_by.1.role"' in more.text and 'id="given_by.0.role" value="subject" checked' in more.text
    less = post(client, "/nytt/samtycke", remove="given_by.0.", **fields)
    assert 'value="subject" checked' not in less.text


def test_what_the_law_asks_of_an_item_is_asked_when_it_is_checked(
    desk: Desk, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.courier, "preview", law)
    item = {"items.0.category": "network", "items.0.content": "Ett namn.", "items.0.secrecy": "OSL 26:1"}
    fields = {"subject.id": "20100314-2393", "to.authority": "Polismyndigheten", "to.unit": "police_area", **item}
    asked = post(client, "/nytt/uppgifter", **fields)
    assert asked.status_code == 422 and 'href="#i.0.w.osl_15a.overriding_reasons"' in asked.text
    assert "(nätverk, OSL 10:15 a)" in asked.text
    [draft] = desk.store.drafts.unsent()
    answer = {"i.0.w.osl_15a.overriding_reasons": "no", "reason": "Behovet."}
    sent = post(client, f"/utkast/{draft.number}", version=str(draft.version), **fields, **answer)
    assert sent.headers["location"] == f"/utkast/{draft.number}/forhand"
    [weighed] = desk.store.drafts.get(draft.number).body["items"][0]["assessments"]
    assert (weighed["holds"], weighed["ground"], weighed["reason"]) == (False, "osl_15a", "Behovet.")
    assert "1 av 1 kommer fram" in client.get(f"/utkast/{draft.number}/forhand").text


def test_a_draft_opens_on_the_page_that_it_is_written_on(desk: Desk, client: TestClient) -> None:
    number = desk.store.drafts.new("InformationRequest", user=desk.store.people.all()[0]).number
    assert client.get(f"/utkast/{number}").headers["location"] == f"/fraga/{number}/7"
    for path in ("/utkast/99999999999999999999", "/utkast/99999999999999999999/forhand", "/utkast/7000/forhand"):
        assert client.get(path).status_code == 404


def test_what_nobody_would_type_is_no_error(client: TestClient) -> None:
    far = post(client, "/nytt/samtycke", **{"given_by.999999999.role": "subject", "add": "given_by"})
    assert far.status_code == 200 and far.text.count('id="given_by.') < 20
    odd = {
        "to.authority": "polismyndigheten",
        "to.unit": "ingen",
        "to.area": "\x00",
        "items.0.content": "\x00",
        "i.": "x",
    }
    assert post(client, "/nytt/uppgifter", **odd, version="9" * 30).status_code == 422


def test_which_secrecy_applies_is_asked_where_the_law_asks(
    desk: Desk, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = ["overriding_reasons", "no_provision_applies"]
    row = {"item": 0, "outcome": "refer", "open": [{"ground": "osl_15a", "ref": "OSL 10:15 a", "asks": asks}]}
    receipt = Receipt({"outcome": "refer", "items": [row]})
    monkeypatch.setattr(desk.courier, "preview", lambda drafts: Preview([receipt], whole=True))
    fields = {"subject.id": "20100314-2393", "to.authority": "Polismyndigheten", "to.unit": "police_area"}
    fields |= {"items.0.category": "network", "items.0.content": "Ett namn."}
    assert 'href="#items.0.secrecy"' in post(client, "/nytt/uppgifter", **fields).text


def test_a_message_is_chosen_and_its_id_is_never_typed(desk: Desk, client: TestClient) -> None:
    before = "019c1c2e-7b1a-7000-8000-000000000001"
    [user] = desk.store.people.all()
    number = desk.store.drafts.new("Recall", user=user, body={"message": before}).number
    shown = client.get(f"/utkast/{number}").text
    assert f'<option value="{before}" selected>ett tidigare meddelande</option>' in shown
    assert 'name="message" value' not in shown
