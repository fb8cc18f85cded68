"""A request is answered category by category, with what will happen shown before it is sent."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lines import number
from starlette.testclient import TestClient

from agents.agency import Address, Receipt
from agents.agency.fake_broker import Stage
from agents.agency.preview import Preview
from agents.desk.desk import Desk
from agents.desk.preview import preview
from agents.desk.store import DeskDraft
from broker.web.access import TOKEN
from tests.desk.side import BOARD, Side, delivery, receipt
from tests.desk.web_desk import ADDRESS, add_user, logged_in, token_in

ONE, LAST = f"/m/{number(1)}/svar/1", f"/m/{number(1)}/svar/forhand"
REQUEST = {
    "purpose": "avert",
    "need": "Ett brott ska hindras.",
    "subject": {"id_type": "personnummer", "id": "201003142393"},
    "categories": ["network", "home_address"],
}
QUESTION = "i.0.w.osl_15a.overriding_reasons"
GIVEN = {"way": "give", "i.0.content": "Två vuxna män hämtar honom.", "i.0.secrecy": "OSL 26:1"}
WEIGHED = {**GIVEN, QUESTION: "no", "reason": "Behovet väger tyngre.", "by": "socialsekreterare"}


def law(drafts: Sequence[DeskDraft]) -> Preview:
    """As the law answers on this request: one item under OSL 26:1 goes by one weighing; under 25:1 nothing does."""
    return Preview([Receipt(content(draft)) for draft in drafts], whole=True)


def content(draft: DeskDraft) -> dict[str, Any]:
    if draft.kind != "Disclosure":
        return {"message": draft.message_id, "outcome": "forward"}
    rows = [item(n, one) for n, one in enumerate(draft.body["items"])]
    gone = any(row["outcome"] == "release" for row in rows)
    grounds = [{"id": "osl_15a", "ref": "OSL 10:15 a"}] if gone else []
    return {"message": draft.message_id, "outcome": "forward" if gone else "refer", "items": rows, "grounds": grounds}


def item(n: int, said: dict[str, Any]) -> dict[str, Any]:
    answers = {one["test"]: one["holds"] for one in said.get("assessments", ()) if one.get("ground") == "osl_15a"}
    if said.get("secrecy") != ["OSL 26:1"]:
        return {"item": n, "outcome": "withhold", "asks": [], "missing": [[{"consent": "consent"}]]}
    if answers.get("overriding_reasons") is False:
        return {"item": n, "outcome": "release", "ref": "OSL 10:15 a", "asks": []}
    asks = {"osl_15a": ["overriding_reasons"], "osl_18a": ["concrete_risk", "not_unsuitable"]}
    refs = {"osl_15a": "OSL 10:15 a", "osl_18a": "OSL 10:18 a"}
    is_open = [{"ground": ground, "ref": refs[ground], "asks": tests} for ground, tests in asks.items()]
    return {"item": n, "outcome": "refer", "open": is_open, "missing": []}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    side = Side(tmp_path, approval=frozenset({"Disclosure"}))
    monkeypatch.setattr(side.courier, "preview", law)
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    made = Desk(BOARD, settings, side.store, side.courier, side.clock)
    add_user(made, may=["read", "answer", "approve"])
    add_user(made, "maja", may=["read", "approve"], name="Maja Exempel")
    side.come(delivery(1, body=REQUEST))
    yield made
    side.close()


@pytest.fixture
def sara(desk: Desk) -> TestClient:
    return logged_in(desk)


def post(client: TestClient, path: str, **fields: Any) -> Any:
    shown = client.get(path)
    version = re.search(r'name="version" value="(\d+)"', shown.text)
    said = {"version": version[1]} if version else {}
    mark = re.search(r'name="sett" value="(\w*)"', shown.text)
    said |= {"sett": mark[1]} if mark else {}
    return client.post(path, data={TOKEN: token_in(shown.text), **said, **fields})


def test_nothing_is_answered_from_the_start(sara: TestClient) -> None:
    shown = sara.get(ONE)
    assert shown.status_code == 200
    assert " checked" not in shown.text and " selected" not in shown.text
    assert sara.get(f"/m/{number(1)}/svar/3").status_code == 404
    assert sara.get(f"/m/{number(9)}/svar/1").status_code == 404


def test_what_lacks_is_told_and_what_is_typed_is_kept(sara: TestClient) -> None:
    shown = post(sara, ONE, way="give", **{"i.0.content": "Två vuxna män."})
    assert shown.status_code == 422
    assert "<title>Fel: Svara: nätverk (1 av 2)" in shown.text
    assert shown.text.count("Ange vilken sekretess som gäller för uppgiften") == 2, "on top, and at the field"
    again = sara.get(ONE).text
    assert "Två vuxna män." in again and 'value="give" checked' in again


def test_the_law_is_asked_for_its_questions_when_the_secrecy_is_said(sara: TestClient) -> None:
    shown = post(sara, ONE, steg="provning", **GIVEN)
    assert (shown.status_code, shown.headers["location"]) == (303, ONE)
    text = sara.get(ONE).text
    assert f'name="{QUESTION}"' in text and 'name="i.0.w.osl_18a.not_unsuitable"' in text
    assert "Är det olämpligt att uppgiften lämnas" in text
    unanswered = post(sara, ONE, **GIVEN)
    assert unanswered.status_code == 422 and f'href="#{QUESTION}"' in unanswered.text
    not_yet = post(sara, ONE, **GIVEN, **{QUESTION: "not_weighed"})
    assert not_yet.status_code == 303, "not weighed yet is an answer"
    assert f'id="{QUESTION}-2" value="not_weighed" checked' in sara.get(ONE).text


@pytest.mark.slow
def test_the_law_that_is_installed_answers_so(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, steg="utkast", **GIVEN)
    drafts = desk.store.drafts.of(number(1))
    found = preview(desk.settings, desk.store, drafts, broker=Stage(), clock=desk.clock)
    assert found is not None
    assert {one["ground"] for one in found.receipts[0].open[0]} >= {"osl_15a", "osl_18a"}


def test_several_provisions_can_be_divided(sara: TestClient) -> None:
    post(sara, ONE, steg="provning", **GIVEN, **{"i.0.other": "OSL 25:1"})
    assert "Ingen paragraf når den sekretess som ni har angett." in sara.get(ONE).text
    assert post(sara, ONE, **GIVEN, **{"i.0.other": "OSL 25:1"}).status_code == 303
    shown = sara.get(LAST).text
    assert "Lämnas inte" in shown and f'href="{ONE}#i.0.secrecy">Dela upp uppgiften' in shown
    assert "Samtycke från var och en" in shown


def test_another_secrecy_is_a_piece_of_its_own_by_one_click(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, steg="dela", **GIVEN)
    text = sara.get(ONE).text
    assert 'name="i.1.content"' in text and text.count("Två vuxna män hämtar honom.") == 1
    post(sara, ONE, bort="0", **GIVEN, **{"i.1.content": "Det andra.", "i.1.secrecy": "OSL 25:1"})
    [draft] = desk.store.drafts.of(number(1))
    assert [(item["content"], item["secrecy"]) for item in draft.body["items"]] == [("Det andra.", ["OSL 25:1"])]


def test_a_file_is_attached_and_taken_away(desk: Desk, sara: TestClient) -> None:
    shown = sara.get(ONE)
    sent = {TOKEN: token_in(shown.text), **GIVEN, "steg": "utkast"}
    sara.post(ONE, data=sent, files={"i.0.content": ("akt.pdf", b"%PDF-1.7 \xff", "text/html")})
    [draft] = desk.store.drafts.of(number(1))
    assert draft.body["items"][0]["content_type"] == "application/pdf"
    assert "En fil är bifogad (application/pdf" in sara.get(ONE).text
    large = sara.post(ONE, data=sent, files={"i.0.content": ("akt.pdf", b"%PDF-" + b"x" * 75_001, "")})
    assert large.status_code == 422 and "Filen är för stor" in large.text


def test_what_goes_and_what_does_not_is_shown_before_two_have_seen_it(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, steg="provning", **GIVEN)
    on = post(sara, ONE, **WEIGHED)
    assert on.headers["location"] == f"/m/{number(1)}/svar/2", "on to what nothing is said of"
    shown = sara.get(LAST).text
    assert "1 av 2 kommer fram" in shown and "OSL 10:15 a" in shown
    assert "Två vuxna män hämtar honom." in shown and "Behovet väger tyngre" not in shown
    assert "Bostadsadress: inte påbörjad" in shown and "<dd>bostadsadress</dd>" in shown
    early = post(sara, LAST, gor="skicka")
    assert early.status_code == 409 and "Inget är skickat" in early.text
    assert post(sara, LAST, gor="lamna").status_code == 303
    alone = sara.get(LAST).text
    assert 'value="godkann"' not in alone and "väntar på någon annans godkännande" in alone
    forced = post(sara, LAST, gor="godkann", sett=re.search(r'name="sett" value="(\w+)"', shown)[1])  # type: ignore[index]
    assert forced.status_code in (409, 422), "who has written it can't approve it"
    maja = logged_in(desk, "maja")
    assert 'value="godkann"' in maja.get(LAST).text
    assert post(maja, LAST, gor="godkann").status_code == 303
    assert post(sara, LAST, gor="skicka").headers["location"] == "/skickat"
    [draft] = desk.store.drafts.of(number(1))
    assert (draft.state, draft.kind, draft.part) == ("queued", "Disclosure", "network")
    assert [one["holds"] for one in draft.body["items"][0]["assessments"]] == [False]


def test_a_question_goes_back_to_who_wrote_it(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, steg="provning", **GIVEN)
    post(sara, ONE, **WEIGHED)
    post(sara, LAST, gor="lamna")
    maja = logged_in(desk, "maja")
    post(maja, LAST, gor="tillbaka", fraga="Räcker det att skriva en av dem?")
    assert "Räcker det att skriva en av dem?" in sara.get(ONE).text


def test_an_open_question_leads_to_its_place(sara: TestClient) -> None:
    post(sara, ONE, steg="provning", **GIVEN)
    post(sara, ONE, **GIVEN, **{QUESTION: "not_weighed"})
    shown = sara.get(LAST).text
    assert "Tillbaka till er" in shown and f'href="{ONE}#{QUESTION}"' in shown
    assert "0 av 2 kommer fram" in shown


def test_what_has_changed_since_it_was_seen_is_not_sent(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, way="not_held")
    shown = sara.get(LAST)
    mark = re.search(r'name="sett" value="(\w+)"', shown.text)
    assert mark
    post(sara, ONE, way="cannot_say")
    late = sara.post(LAST, data={TOKEN: token_in(shown.text), "gor": "skicka", "sett": mark[1]})
    assert late.status_code == 409 and "Något har ändrats" in late.text
    assert [draft.state for draft in desk.store.drafts.of(number(1))] == ["draft"]
    assert post(sara, LAST, gor="skicka").status_code == 303
    assert [draft.state for draft in desk.store.drafts.of(number(1))] == ["queued"]


def test_a_part_is_two_messages_and_a_change_of_mind_one(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, ref="OSL 26:1", text="Resten lämnas inte.", steg="utkast", **{**GIVEN, "way": "part"})
    assert [draft.kind for draft in desk.store.drafts.of(number(1))] == ["Disclosure", "Refusal"]
    post(sara, ONE, way="later", why_later="Vi letar.", expected="2026-12-24")
    [draft] = desk.store.drafts.of(number(1))
    assert (draft.kind, draft.body) == ("Interim", {"text": "Vi letar.", "expected": "2026-12-24"})


def test_what_would_not_arrive_stays_here(desk: Desk, sara: TestClient) -> None:
    post(sara, ONE, way="not_held")
    two = f"/m/{number(1)}/svar/2"
    post(sara, two, steg="provning", **GIVEN)
    post(sara, two, **GIVEN, **{QUESTION: "not_weighed"})
    assert "1 av 2 kommer fram" in sara.get(LAST).text
    assert post(sara, LAST, gor="skicka").status_code == 303
    states = {draft.part: draft.state for draft in desk.store.drafts.of(number(1))}
    assert states == {"network": "queued", "home_address": "draft"}
    alone = sara.get(LAST).text
    assert "Inget är klart att skicka än" in alone and 'value="skicka"' not in alone and 'value="lamna"' not in alone


def test_a_second_pair_of_eyes_sees_what_waits_for_it_and_nothing_more(desk: Desk, sara: TestClient) -> None:
    post(sara, f"/m/{number(1)}/svar/2", way="not_held")
    post(sara, ONE, steg="provning", **GIVEN)
    post(sara, ONE, **WEIGHED)
    assert post(sara, LAST, gor="lamna").status_code == 303
    assert post(logged_in(desk, "maja"), LAST, gor="godkann").status_code == 303
    states = {draft.part: draft.state for draft in desk.store.drafts.of(number(1))}
    assert states == {"network": "approved", "home_address": "ready"}
    assert post(sara, LAST, gor="skicka").status_code == 303
    assert {draft.state for draft in desk.store.drafts.of(number(1))} == {"queued"}
    assert post(sara, LAST, gor="allt").status_code == 422


def test_what_comes_home_opens_at_the_question_that_is_open(side: Side, own: Desk) -> None:
    """Not at the first category, and not where it was sent from."""
    sara, drafts = logged_in(own), side.store.drafts
    unweighed = {name: value for name, value in WEIGHED.items() if name != QUESTION} | {QUESTION: "not_weighed"}
    two = f"/m/{number(1)}/svar/2"
    post(sara, two, **unweighed)
    (draft,) = drafts.of(number(1))
    drafts.send(draft.number, own.store.people.all()[0])
    side.courier.round()
    items = [item(0, draft.body["items"][0])]
    side.come(receipt(draft.message_id, "refer", items=items))
    assert f'<a href="/m/{number(1)}/fragan">Tillbaka till oss: en fråga är obesvarad' in sara.get("/vantar").text
    assert f'href="/m/{number(1)}/fragan"' in sara.get(f"/m/{number(1)}").text
    asked = sara.get(f"/m/{number(1)}/fragan")
    assert (asked.status_code, asked.headers["location"]) == (303, f"{two}#{QUESTION}")
    page = sara.get(two).text
    assert f'href="#{QUESTION}"' in page and f'id="{QUESTION}"' in page, (
        "the question is there, and the page leads to it"
    )
    assert "en fråga är obesvarad" not in sara.get(ONE).text, "nothing is open there"


def test_an_own_message_that_came_back_is_mended_at_its_question(side: Side, own: Desk) -> None:
    sara, drafts, user = logged_in(own), side.store.drafts, own.store.people.all()[0]
    body = {"purpose": "support", "items": [{"category": "network", "content": "x", "secrecy": ["OSL 26:1"]}]}
    draft = drafts.new("Disclosure", user=user, to=Address("polismyndigheten"), body=body)
    drafts.send(draft.number, user)
    side.courier.round()
    side.come(receipt(draft.message_id, "refer", items=[item(0, body["items"][0])]))
    page = f"/m/{draft.message_id}"
    mended = sara.post(f"{page}/igen", data={TOKEN: token_in(sara.get(page).text)}).headers["location"]
    assert mended == f"/utkast/{draft.number + 1}#{QUESTION}"
    assert f'id="{QUESTION}"' in sara.get(mended).text, "the question is there"


@pytest.fixture
def own(side: Side, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose answers one person sends."""
    monkeypatch.setattr(side.courier, "preview", law)
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    made = Desk(BOARD, settings, side.store, side.courier, side.clock)
    add_user(made, may=["read", "answer"])
    side.come(delivery(1, body=REQUEST))
    return made
