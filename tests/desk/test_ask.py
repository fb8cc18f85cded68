"""A police officer asks in seven steps, with the law's own answer beside each sort of information."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agents.desk.desk import Desk
from agents.desk.forms.reading import check
from broker.web.access import TOKEN
from tests.desk.web_desk import add_user, logged_in, new_desk, token_in

WHOM = {"to.authority": "Botkyrka kommun", "to.unit": "social_services"}
STEPS: dict[int, dict[str, Any]] = {
    2: {"subject.id": "20100314-2393", "purpose": "avert"},
    3: {"categories": ["home_address", "network"], "need": "Ett brott ska hindras.", "period.from": "2026-09-01"},
    4: {},
    5: {"secrecy": "OSL 18:1", "may_be_told.child": "day", "may_be_told.child.day": "2026-12-24"},
    6: {"urgency": "urgent", "deadline": "2026-12-02", "case": "K 1-26"},
    7: {},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(tmp_path, authority="polismyndigheten")
    add_user(made, may=["read", "ask"], unit="police_area", role="officer")
    yield made
    made.store.close()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return logged_in(desk)


def post(client: TestClient, path: str, **fields: Any) -> Any:
    shown = client.get(path)
    version = re.search(r'name="version" value="(\d+)"', shown.text)
    assert version
    return client.post(path, data={TOKEN: token_in(shown.text), "version": version[1], **fields})


def begin(client: TestClient) -> str:
    begun = post(client, "/fraga", **WHOM)
    assert begun.status_code == 303
    return str(begun.headers["location"].rpartition("/")[0])


def test_seven_steps_are_a_request(desk: Desk, client: TestClient) -> None:
    start = begin(client)
    for n, fields in STEPS.items():
        shown = client.get(f"{start}/{n}")
        assert shown.status_code == 200
        assert " checked" not in shown.text and " selected" not in shown.text, "nothing is answered from the start"
        on = post(client, f"{start}/{n}", **fields)
        assert on.status_code == 303, re.findall(r'class="err"[^>]*>([^<]*)', on.text)
        assert on.headers["location"] == (
            f"{start}/{n + 1}" if n < 7 else f"{start.replace('fraga', 'utkast')}/forhand"
        )
    [draft] = desk.store.drafts.unsent()
    assert (draft.kind, draft.to.authority if draft.to else "", draft.how["case"]) == (
        "InformationRequest",
        "kommun-0127",
        "K 1-26",
    )
    assert check(draft.kind, draft.body) == {}
    assert draft.body["may_be_told"] == {"child": "2026-12-24"}
    summary = client.get(f"{start}/7").text
    for words in (
        "Botkyrka kommun, socialtjänst",
        "Nätverk",
        "Ett brott ska hindras.",
        "OSL 18:1",
        "2026-12-02",
        "K 1-26",
    ):
        assert words in summary


def test_what_may_be_expected_stands_beside_duties_first(client: TestClient) -> None:
    start = begin(client)
    post(client, f"{start}/2", **STEPS[2])
    shown = client.get(f"{start}/3").text
    duty, permission = (
        shown.index(words) for words in ("Ska lämnas när ni frågar", "Får lämnas efter deras bedömning")
    )
    assert duty < shown.index('value="home_address"') < permission < shown.index('value="network"')
    assert "2025:170 4 §" in shown and "OSL 10:15 a" in shown


def test_a_step_tells_what_lacks_of_its_own(client: TestClient) -> None:
    nobody = post(client, "/fraga", **{"to.authority": "Ingen sådan"})
    assert nobody.status_code == 422 and "Välj vilken verksamhet det ska till" in nobody.text
    assert 'value="Ingen sådan"' in nobody.text
    start = begin(client)
    wrong = post(client, f"{start}/2", **{"subject.id": "20100314-2390"})
    assert wrong.status_code == 422
    assert "Kontrollera numret" in wrong.text and "20100314-2390" in wrong.text
    unsaid = post(client, f"{start}/6", deadline="snart")
    assert unsaid.status_code == 422 and 'href="#urgency"' in unsaid.text and 'href="#deadline"' in unsaid.text
    check_ = client.get(f"{start}/7").text
    assert "Ett steg är inte klart" in check_ and f'href="{start}/2"' in check_


def test_a_request_is_put_away_and_taken_up_again(client: TestClient) -> None:
    start = begin(client)
    closed = post(client, f"{start}/2", steg="utkast", purpose="avert")
    assert closed.headers["location"] == "/fraga"
    assert f'href="{start}/7"' in client.get("/fraga").text
    assert 'value="avert" selected' in client.get(f"{start}/2").text


def test_it_is_nobodys_who_may_not_ask(desk: Desk, client: TestClient) -> None:
    start = begin(client)
    add_user(desk, "maja", may=["read", "answer"])
    other = logged_in(desk, "maja")
    assert {other.get(path).status_code for path in ("/fraga", f"{start}/2")} == {404}
    assert client.get(f"{start}/8").status_code == 404 and client.get("/fraga/99/1").status_code == 404
