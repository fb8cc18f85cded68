"""Time off on the page, who works here, a case handed over, a person found by number."""

import re
from dataclasses import replace
from typing import Any

import pytest
from lines import number
from starlette.testclient import TestClient

from agents.desk.desk import Desk
from broker.web.access import TOKEN
from tests.desk.side import BOARD, CHILD, HIDDEN, NOW, REQUEST, Side, delivery, term
from tests.desk.web_desk import ADDRESS, PASSWORD, add_user, logged_in, token_in

CHILD_TYPED = "20090412-2389"


@pytest.fixture
def desk(side: Side) -> Desk:
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    desk = Desk(BOARD, settings, side.store, side.courier, side.clock)
    add_user(desk)
    add_user(desk, "maja", name="Maja Exempel", may=("read", "answer", "admin"))
    return desk


def post(client: TestClient, path: str, page: str | None = None, **fields: Any) -> Any:
    return client.post(path, data={TOKEN: token_in(client.get(page or path).text), **fields})


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html[html.index("<main") :]).split())


def test_a_deputy_is_named_and_has_what_is_left(side: Side, desk: Desk) -> None:
    side.come(delivery(1))
    side.store.inbox.assign(number(1), 1)
    sara, maja = logged_in(desk), logged_in(desk, "maja")
    assert "Begäran om 2 uppgifter" not in text(maja.get("/vantar?vems=mina").text)
    assert post(sara, "/bort", fran="2026-11-30", till="2026-12-04", ersattare="2").status_code == 303
    own = text(sara.get("/bort").text)
    assert "Maja Exempel ersätter." in own and "Maja Exempel får inte registrera." in own
    assert "Du ersätter Sara Exempel." in text(maja.get("/bort").text)
    listed = text(maja.get("/vantar?vems=mina").text)
    assert "Begäran om 2 uppgifter" in listed and "Sara Exempel är borta, och du ersätter" in listed
    assert "Sara Exempel (borta)" not in text(sara.get(f"/m/{number(1)}").text), "one's own name is not to choose"
    assert "Handläggs av dig" in text(sara.get("/vantar?vems=mina").text)
    assert post(maja, "/bort/1/slut", "/bort").status_code == 404, "not hers"
    assert post(sara, "/bort/1/slut", "/bort").status_code == 303
    assert "Begäran om 2 uppgifter" not in text(maja.get("/vantar?vems=mina").text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"fran": "30/11", "till": "2026-12-04"}, "Skriv den första dagen som ÅÅÅÅ-MM-DD"),
        ({"fran": "2026-12-04", "till": "2026-12-01"}, "inte ligger före den första"),
        ({"fran": "2026-11-01", "till": "2026-11-02"}, "inte har varit"),
        ({"fran": "2026-02-30", "till": ""}, "Skriv den sista dagen som ÅÅÅÅ-MM-DD"),
    ],
)
def test_days_that_can_not_be_are_told_at_the_field(desk: Desk, fields: dict[str, str], said: str) -> None:
    answer = post(logged_in(desk), "/bort", **fields)
    assert answer.status_code == 422 and "<title>Fel: " in answer.text and said in answer.text
    assert len(re.findall(r'class="err"', answer.text)) == answer.text.count('<li><a href="#') > 0
    assert 'aria-invalid="true"' in answer.text and f'value="{fields["fran"]}"' in answer.text


def test_a_deputy_is_somebody_else_here(desk: Desk) -> None:
    sara = logged_in(desk)
    for wrong in ("1", "99", "x"):
        assert post(sara, "/bort", fran="2026-11-30", till="2026-12-04", ersattare=wrong).status_code == 404
    for status in (303, 422):
        assert post(sara, "/bort", fran="2026-11-30", till="2026-12-04").status_code == status, "not twice"


def test_a_queue_with_nobody_there_rings_at_the_top_of_each_page(side: Side, desk: Desk) -> None:
    side.come(delivery(1, terms=[term("opened", NOW.replace(hour=9))]))
    sara, maja = logged_in(desk), logged_in(desk, "maja")
    assert "ingen har tagit" not in text(sara.get("/skickat").text)
    side.later(hours=2)
    sara, maja = logged_in(desk), logged_in(desk, "maja")
    top = text(sara.get("/skickat").text)
    assert "Något är försenat, och ingen har tagit det." in top
    assert 'href="/vantar?visa=forsenat&amp;vems=ingens"' in sara.get("/hjalp/rektor").text
    for one in (sara, maja):
        post(one, "/bort", fran="2026-11-30", till="2026-11-30")
    assert "alla som får svara är borta" in text(maja.get("/personer").text)


def test_a_case_is_handed_to_a_colleague_from_its_own_page(side: Side, desk: Desk) -> None:
    side.come(delivery(1))
    case = f"/arende/{side.store.inbox.row(number(1)).case}"
    sara, maja = logged_in(desk), logged_in(desk, "maja")
    assert "Ingen har tagit det." in text(sara.get(case).text)
    assert post(sara, f"{case}/vem", case, vem="2").headers["location"] == case
    assert "Handläggs av Maja Exempel." in text(sara.get(case).text)
    assert "Begäran om 2 uppgifter" in text(maja.get("/vantar?vems=mina").text)
    for wrong in ("99", "-1", "x"):
        assert post(sara, f"{case}/vem", case, vem=wrong).status_code == 404
    assert post(sara, f"{case}/vem", case, vem="").status_code == 303
    assert side.store.inbox.row(number(1)).holder is None


# --- who works here


def test_who_looks_after_people_sees_who_may_what_and_ends_a_session(desk: Desk) -> None:
    sara, maja = logged_in(desk), logged_in(desk, "maja")
    seen = text(maja.get("/personer").text)
    assert "Sara Exempel Socialsekreterare, socialtjänst" in seen and "Läsa, svara och skriva, registrera" in seen
    assert "Inloggad, senast i dag 09.00" in seen
    assert post(maja, "/personer/1/bort", "/personer/1", fran="2026-11-30", till="2026-12-01").status_code == 303
    assert "Borta" in text(maja.get("/personer").text) and "Du är borta" in text(sara.get("/bort").text)
    assert post(maja, "/personer/2/bort/1/slut", "/personer/1").status_code == 404
    assert post(maja, "/personer/1/bort/1/slut", "/personer/1").status_code == 303
    assert post(maja, "/personer/1/logga-ut", "/personer/1").status_code == 303
    assert sara.get("/vantar").status_code == 303, "logged out"
    assert maja.get("/personer/99").status_code == 404
    assert maja.get("/vantar").status_code == 200


def test_a_new_account_logs_in_and_what_lacks_is_told(desk: Desk) -> None:
    maja = logged_in(desk, "maja")
    right = {"konto": "Eva", "namn": "Eva Exempel", "enhet": "school", "roll": "rektor", "losenord": PASSWORD}
    for name in right:
        answer = post(maja, "/personer", far="read", **{**right, name: ""})
        assert answer.status_code == 422 and f'id="{name}-f"' in answer.text and PASSWORD not in answer.text
    assert post(maja, "/personer", **right).status_code == 422, "no rights"
    assert post(maja, "/personer", far=["read", "answer"], **right).status_code == 303
    assert post(maja, "/personer", far="read", **right).status_code == 422, "taken"
    eva = logged_in(desk, "eva")
    assert eva.get("/vantar").status_code == 200 and eva.get("/personer").status_code == 404
    shut = replace(desk, settings=replace(desk.settings, accounts=False))
    maja.app.state.desk = shut  # type: ignore[attr-defined]
    assert "Nytt konto" not in maja.get("/personer").text
    assert post(maja, "/personer", "/bort", far="read", **right | {"konto": "b"}).status_code == 404


# --- a person, by number


def test_a_person_s_cases_are_found_and_the_number_stands_nowhere(side: Side, desk: Desk) -> None:
    side.come(delivery(1), delivery(2, body={**REQUEST, "subject": HIDDEN}))
    sara = logged_in(desk)
    answer = post(sara, "/sok", nummer=CHILD_TYPED)
    seen = text(answer.text)
    assert answer.status_code == 200 and "2 ärenden" in seen and seen.count("Skyddad identitet") == 1
    case = side.store.inbox.row(number(1)).case
    assert f'href="/arende/{case}"' in answer.text and "Begäran om 2 uppgifter" in seen
    for secret in (CHILD["id"], CHILD_TYPED, "2009-04-12", "Född"):
        assert secret not in answer.text
    assert side.store.inbox.row(number(1)).opened is None, "a search opens nothing"
    assert "0 ärenden" in text(post(sara, "/sok", nummer="201003142393").text)
    for wrong in ("", "090412-2389", "2009041223", "x" * 21):
        answer = post(sara, "/sok", nummer=wrong)
        assert answer.status_code == 422 and (not wrong or wrong not in answer.text)


@pytest.mark.parametrize("path", ["/bort", "/personer", "/personer/1", "/sok"])
def test_each_page_speaks_both_languages(desk: Desk, path: str) -> None:
    maja = logged_in(desk, "maja")
    heading = {"sv": "", "en": ""}
    for lang in heading:
        desk.store.people.choose(desk.store.people.user(2), lang=lang)  # type: ignore[arg-type]
        html = maja.get(path).text
        assert f'<html lang="{lang}"' in html and html.count("<h1") == 1
        heading[lang] = text(html)
    assert heading["sv"] != heading["en"]
