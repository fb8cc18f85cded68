"""A message is read by a person, registered, handed on or closed; a case is one thread."""

import base64
import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lines import number
from starlette.testclient import TestClient

from agents.desk.desk import Desk
from broker.web.access import TOKEN
from tests.desk.side import BOARD, Side, delivery
from tests.desk.web_desk import ADDRESS, add_user, logged_in, token_in

REQUEST = {
    "purpose": "avert",
    "need": "Ett brott ska hindras.",
    "subject": {"id_type": "personnummer", "id": "201003142393"},
    "categories": ["network", "home_address"],
    "urgency": "urgent",
    "secrecy": ["OSL 18:1"],
}
SCRIPT = "<script>alert(1)</script>\x1b[31m"
FILE = b"%PDF-1.7 <script>"
GIVEN = {
    "purpose": "support",
    "subject": REQUEST["subject"],
    "items": [
        {"category": "observation", "content": SCRIPT, "secrecy": ["OSL 26:1"]},
        {"category": "other", "content": base64.b64encode(FILE).decode(), "content_type": "text/html", "secrecy": []},
        {"category": "other", "content": base64.b64encode(FILE).decode(), "content_type": "application/pdf"},
    ],
}
PAGE = f"/m/{number(1)}"


@pytest.fixture
def side(tmp_path: Path) -> Iterator[Side]:
    side = Side(tmp_path)
    yield side
    side.close()


@pytest.fixture
def desk(side: Side) -> Desk:
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    desk = Desk(BOARD, settings, side.store, side.courier, side.clock)
    add_user(desk, may=["read", "answer", "register"])
    add_user(desk, "maja", may=["read", "answer"], name="Maja Exempel")
    add_user(desk, "rev", may=["read"], name="Revisor Exempel")
    side.come(delivery(1, body=REQUEST), delivery(2, "Disclosure", body=GIVEN))
    return desk


def post(client: TestClient, path: str, page: str = PAGE, **fields: Any) -> Any:
    return client.post(path, data={TOKEN: token_in(client.get(page).text), **fields})


def sent_states(side: Side) -> list[Any]:
    side.courier.round()
    messages = (json.loads(one.message) for one in side.stage.sent)
    return [message["body"] for message in messages if message["kind"] == "Acknowledgement"]


def inflated(part: bytes) -> bytes:
    try:
        return zlib.decompress(part.strip(b"\r\n").removesuffix(b"\nend"))
    except zlib.error:
        return part


def test_a_person_opens_it_and_its_sender_is_told_once(side: Side, desk: Desk) -> None:
    sara = logged_in(desk)
    sara.get("/vantar")
    sara.get(f"/arende/{side.store.inbox.row(number(1)).case}")
    logged_in(desk, "rev").get(PAGE)
    sara.head(PAGE)
    sara.get(PAGE, headers={"Sec-Purpose": "prefetch"})
    sara.get(PAGE, headers={"Sec-Fetch-Dest": "empty"})
    sara.get(PAGE, headers={"HX-Request": "true"})
    assert side.store.inbox.row(number(1)).opened is None, "lists, threads, scanners and reviewers open nothing"
    assert sara.get(PAGE, headers={"Sec-Fetch-Dest": "document"}).status_code == 200
    sara.get(PAGE)
    assert sent_states(side) == [{"message": number(1), "state": "opened"}]


def test_the_secret_stands_first_and_each_category_has_its_law(desk: Desk) -> None:
    text = logged_in(desk).get(PAGE).text
    assert text.index("Begäran är hemlig") < text.index("Ett brott ska hindras.")
    assert f'href="{PAGE}/svar/1"' in text and f'href="{PAGE}/svar/2"' in text
    assert "<title>Begäran om uppgifter från Polismyndigheten – Samband</title>" in text
    assert "201003142393" not in text.split("<main")[0], "no number outside the message itself"


def test_it_is_registered_under_a_number_that_is_nobodys(side: Side, desk: Desk) -> None:
    sara = logged_in(desk)
    for wrong in ("20090412-2389", "", "x" * 101, "<i>"):
        shown = post(sara, f"{PAGE}/dnr", dnr=wrong)
        assert shown.status_code == 422 and "<title>Fel: " in shown.text
        assert wrong == "" or wrong not in shown.text.replace("&lt;", "<").split("</head>")[1].split('id="dnr"')[0]
    assert post(sara, f"{PAGE}/dnr", dnr="SN 2026/412").headers["location"] == PAGE
    assert {"message": number(1), "state": "registered", "reference": "SN 2026/412"} in sent_states(side)
    assert "SN 2026/412" in sara.get(PAGE).text


def test_it_is_handed_to_another_unit_or_said_to_be_for_another(side: Side, desk: Desk) -> None:
    sara = logged_in(desk)
    assert post(sara, f"{PAGE}/enhet", enhet="").status_code == 422
    assert post(sara, f"{PAGE}/enhet", enhet="education_office").status_code == 303
    other = f"/m/{number(2)}"
    assert post(sara, f"{other}/inte-oss", other, vem="Ingenstans").status_code == 422
    assert post(sara, f"{other}/inte-oss", other, vem="Huddinge kommun").status_code == 303
    states = sent_states(side)
    assert {"message": number(1), "state": "handed_over", "unit": "education_office"} in states
    right = {"authority": "kommun-0126", "unit": "registry"}
    assert {"message": number(2), "state": "not_for_us", "go_to": right} in states


def test_who_has_it_is_said(side: Side, desk: Desk) -> None:
    sara = logged_in(desk)
    post(sara, f"{PAGE}/vem", vem="1")
    assert "Handläggs av dig." in sara.get(PAGE).text
    post(sara, f"{PAGE}/vem", vem="2")
    assert "Handläggs av Maja Exempel." in sara.get(PAGE).text
    assert post(sara, f"{PAGE}/vem", vem="99").status_code == 404
    post(sara, f"{PAGE}/vem", vem="")
    assert side.store.inbox.row(number(1)).holder is None
    post(sara, f"{PAGE}/klar", gor="klar")
    assert side.store.inbox.row(number(1)).done
    post(sara, f"{PAGE}/klar", gor="oppna")
    assert side.store.inbox.row(number(1)).done is None


def test_what_others_have_written_is_text_and_their_files_are_fetched(desk: Desk) -> None:
    sara, other = logged_in(desk), f"/m/{number(2)}"
    text = sara.get(other).text
    assert "&lt;script&gt;alert(1)" in text and "<script>alert" not in text and "\x1b" not in text
    fetched = sara.get(f"{other}/fil/2")
    assert fetched.content == FILE
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-disposition"] == 'attachment; filename="3.pdf"'
    assert [sara.get(f"{other}/fil/{n}").status_code for n in (0, 1, 3)] == [404, 404, 404]


def test_who_may_only_read_changes_nothing(side: Side, desk: Desk) -> None:
    reviewer = logged_in(desk, "rev")
    text = reviewer.get(PAGE).text
    assert f"{PAGE}/dnr" not in text and f"{PAGE}/vem" not in text
    for path in ("dnr", "inte-oss", "enhet", "vem", "klar", "igen"):
        assert post(reviewer, f"{PAGE}/{path}", dnr="SN 1").status_code == 404
    assert reviewer.get(f"/m/{number(7)}").status_code == 404


def test_a_case_is_one_thread(side: Side, desk: Desk) -> None:
    sara, case = logged_in(desk), side.store.inbox.row(number(1)).case
    post(sara, f"{PAGE}/dnr", dnr="SN 2026/412")
    side.courier.round()
    text = sara.get(f"/arende/{case}").text
    assert "<title>Ärende SN 2026/412 – Samband</title>" in text
    assert "Nu: det är er tur" in text and "Ett brott ska hindras." in text and "Registrerat som SN 2026/412." in text
    assert sara.get("/arende/999").status_code == 404


def test_a_protocol_is_a_document_that_fetches_nothing(side: Side, desk: Desk) -> None:
    answer = logged_in(desk).get(f"/arende/{side.store.inbox.row(number(2)).case}/protokoll")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-1.7")
    parts = b"".join(inflated(part) for part in answer.content.split(b"stream")[1::2])
    assert b"pdfaid:part" in parts, "it says that it is PDF/A"
    assert "201003142393" not in answer.headers["content-disposition"]


def test_a_document_that_can_not_be_made_is_missing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    case = f"/arende/{desk.store.inbox.row(number(1)).case}"
    sara = logged_in(desk)
    assert sara.get(case).status_code == 200, "nothing of it is loaded there"
    assert sara.get(f"{case}/protokoll").status_code == 404
