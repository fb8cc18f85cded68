"""The public's page as a visitor meets it: what is asked, what is refused, and that nothing of them stays."""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import uvicorn

from agents.agency.fake_broker import Stage
from agents.desk.desk import Desk
from agents.desk.faults import DeskError
from agents.desk.forms import public as forms
from agents.desk.store.public import Public
from agents.desk.texts import LANGUAGES, Words
from agents.desk.web.public import create_public_app
from agents.desk.web.site import FOLDER
from broker.web import security, serve
from broker.web.access import PUBLIC, TOKEN, Page
from desk.public_side import SECRET, PublicSide, ask, code_in, heading, stamp, tell

SCRIPT = '"><script>alert(1)</script>\x1b[31m\x00\u202e'
TODAY = date(2026, 11, 21)
PAGES = ("/tips", "/tips/kod", "/tips/hantering", "/tillganglighet")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[PublicSide]:
    side = PublicSide(tmp_path, Stage())
    yield side
    side.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_needs_no_script_and_gives_no_cookie(page: PublicSide, path: str, lang: str) -> None:
    answer = page.visitor().get(path, params={"lang": lang})
    assert answer.status_code == 200 and f'<html lang="{lang}"' in answer.text
    assert "set-cookie" not in answer.headers and "<script" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    for link in re.findall(r'href="(/tips[^"]*|/tillganglighet[^"]*)"', answer.text):
        assert link.endswith(f"?lang={lang}"), link
        assert page.visitor().get(link).status_code == 200


def test_danger_comes_first(page: PublicSide) -> None:
    text = page.visitor().get("/tips").text
    assert text.index("Ring 112") < text.index("<fieldset")


def test_nothing_is_chosen_from_the_start(page: PublicSide) -> None:
    assert not re.search(r"\b(checked|selected)\b", page.visitor().get("/tips").text)


@pytest.mark.parametrize(
    "path", ["/logga-in", "/vantar", "/skickat", "/m/1", "/nytt/tips", "/hjalp", "/sprak", "/utseende"]
)
def test_the_desks_pages_are_not_here(page: PublicSide, path: str) -> None:
    assert page.visitor().get(path).status_code == page.visitor().post(path).status_code == 404


def test_every_route_is_the_publics_own(page: PublicSide) -> None:
    routes = [route for route in page.app.routes if isinstance(route, Page)]
    assert {route.path for route in routes} == {"/", *PAGES}
    assert {route.may for route in routes} == {PUBLIC}
    assert len(page.app.routes) == len(routes) + 1  # and the static files


def test_a_session_of_the_desk_is_not_read(page: PublicSide) -> None:
    visitor = page.visitor(cookie="samband-8080=anything; __Host-samband=anything")
    answer = tell(visitor)
    assert code_in(answer) and "set-cookie" not in answer.headers


def test_what_is_lacking_is_said_at_its_field_and_what_was_typed_stays(page: PublicSide) -> None:
    answer = tell(page.visitor(), om="", anonym="", text="", kommun="Botkyrka")
    assert answer.status_code == 422 and "<title>Fel: Lämna ett tips" in answer.text
    links = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    assert links == ["om-brott", "text", "anonym-ja"]
    for link in links:
        assert f'id="{link}"' in answer.text
    assert 'value="Botkyrka"' in answer.text
    assert 'aria-describedby="text-f text-h" aria-invalid="true"' in answer.text and 'id="text-f"' in answer.text
    assert not page.rows()
    kept = tell(page.visitor(), anonym="", text="Ordagrant\r\n  så")
    assert "Ordagrant\n  så</textarea>" in kept.text and kept.text.count(" checked") == 1
    assert "hreflang" not in kept.text, "no link leads away from what was typed"


@pytest.mark.parametrize(("name", "most"), forms.LONGEST.items())
def test_what_is_too_long_is_refused_with_its_measure(page: PublicSide, name: str, most: int) -> None:
    answer = tell(page.visitor(), om="kanal", **{name: "x" * (most + 1)})
    assert answer.status_code == 422 and f"högst {most} tecken" in answer.text
    assert f'id="{name}-f"' in answer.text and not page.rows()


def test_a_body_that_no_page_sends_is_refused(page: PublicSide) -> None:
    answer = page.visitor().post("/tips", data={TOKEN: stamp(page.visitor()), "text": "å" * 600_000})
    assert answer.status_code == 413 and "Inget har skickats" in answer.text and not page.rows()


def test_a_channel_is_asked_for_by_name(page: PublicSide) -> None:
    answer = tell(page.visitor(), om="kanal", kanal=" \n ", text="")
    assert answer.status_code == 422 and 'href="#kanal"' in answer.text and 'href="#text"' not in answer.text
    assert tell(page.visitor(), om="kanal", kanal="\n".join("abcdefghijklmnopqrstuvw")).status_code == 422


@pytest.mark.parametrize("said", ["Botkyrka", "botkyrka kommun", " BOTKYRKA "])
def test_a_municipality_that_is_named_is_taken(page: PublicSide, said: str) -> None:
    assert tell(page.visitor(), kommun=said).status_code == 200


@pytest.mark.parametrize("said", ["Stockholm", "Upplands Bro", "upplands-bro", "Lilla Edet", "Salem", "Malmö stad"])
def test_municipalities_are_known_as_people_write_them(said: str) -> None:
    read = forms.read({"om": "brott", "text": "x", "anonym": "ja", "kommun": said}, TODAY)
    assert read.told and read.told.municipality and not read.told.place


def test_of_what_is_like_a_municipality_it_is_asked_and_no_is_an_answer(page: PublicSide) -> None:
    visitor = page.visitor()
    asked = tell(visitor, kommun="Botkirka")
    assert asked.status_code == 422 and "Botkyrka kommun" in asked.text and not page.rows()
    assert not re.search(r'name="kommun_val"[^>]*checked', asked.text)
    assert tell(visitor, kommun="Botkirka", kommun_val="0127").status_code == 200
    assert tell(visitor, kommun="Botkirka", kommun_val="0180").status_code == 422, "none of those that were asked"
    assert tell(visitor, kommun="Botkirka", kommun_val="ingen").status_code == 200


@pytest.mark.parametrize(
    ("said", "child"),
    [
        ("2012-05-09", {"id_type": "unknown", "birth_date": "2012-05-09"}),
        ("120509", {"id_type": "unknown", "birth_date": "2012-05-09"}),
        ("20090412-2389", {"id_type": "personnummer", "id": "200904122389"}),
        ("090412-2389", {"id_type": "personnummer", "id": "200904122389"}),
        ("20090412-2388", {}),
        ("2031-01-01", {}),
        ("2012-13-01", {}),
        ("ungefär tio", {}),
        ("", {}),
        ("²⁰", {}),
    ],
)
def test_a_child_is_known_by_day_or_number_and_else_as_it_was_typed(said: str, child: dict[str, str]) -> None:
    form = {"om": "oro", "text": "x", "anonym": "ja", "kommun": "Botkyrka", "barn": said}
    told = forms.read(form, TODAY).told
    assert told
    assert {name: value for name, value in told.child.items() if name in ("id_type", "id", "birth_date")} == child
    first = forms.drafts_of(told, Words("sv"))[0]
    assert (first.kind == "ConcernNotification") == bool(child)
    assert child or said in first.body["text"]


def test_what_was_typed_in_a_field_that_is_no_longer_asked_is_not_lost() -> None:
    form = {"om": "brott", "text": "x", "anonym": "nej", "kanal": "@grupp", "plattform": "Appen", "sluten": "ja"}
    told = forms.read(form | {"barn": "tio år"}, TODAY).told
    assert told
    (tip,) = forms.drafts_of(told, Words("sv"))
    lines = ["x", "", "Barnets", "Kanal eller grupp: @grupp", "App eller sida: Appen", "Sluten grupp"]
    assert all(line in tip.body["text"] for line in lines) and "tio år" in tip.body["text"]


def test_script_and_terminal_codes_are_shown_nowhere(page: PublicSide) -> None:
    fields = dict.fromkeys(
        ("om", "kommun", "kommun_val", "text", "kanal", "plattform", "sluten", "anonym", "barn"), SCRIPT
    )
    shown = [tell(page.visitor(), **fields), ask(page.visitor(), SCRIPT)]
    for name in fields:
        shown.append(tell(page.visitor(), **{name: SCRIPT}))
    for answer in shown:
        assert answer.status_code in (200, 422)
        for sign in ("<script", "\x1b", "\x00", "\u202e"):
            assert sign not in answer.text
    waiting = b"".join(message.message for message in page.store.public.waiting())
    assert waiting and not any(sign in waiting for sign in (b"\\u001b", b"\\u0000", "\u202e".encode(), b"\x1b"))


def test_a_form_that_lay_too_long_is_shown_again_with_what_was_typed(page: PublicSide) -> None:
    old = security.Stamps(page.store.public.stamp_key, longest=-1).new()
    page.app.state.stamps._longest = -1
    answer = tell(page.visitor(), formular=old)
    assert answer.status_code == 403 and SECRET in answer.text and "stått öppen länge" in answer.text
    assert not page.rows()
    page.app.state.stamps._longest = 60
    match = re.search(rf'name="{TOKEN}" value="([^"]+)"', answer.text)
    assert match and tell(page.visitor(), formular=match[1]).status_code == 200


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.invalid"}])
def test_a_form_from_elsewhere_is_refused(page: PublicSide, headers: dict[str, str]) -> None:
    answer = tell(page.visitor(**headers))
    assert answer.status_code == 403 and SECRET not in answer.text and not page.rows()


def test_a_form_without_a_stamp_of_ours_sends_nothing(page: PublicSide) -> None:
    forged = security.Stamps().new()
    for given in ("", "x", forged):
        assert tell(page.visitor(), formular=given).status_code == 403
        code = {TOKEN: given, "kod": "1"}
        assert page.visitor().post("/tips/kod", data=code).status_code == 403
    assert not page.rows()


def test_a_stamp_holds_after_a_restart(page: PublicSide) -> None:
    form = stamp(page.visitor())
    page.restart()
    assert tell(page.visitor(), formular=form).status_code == 200


# --- the code


def test_the_code_is_shown_once_and_never_written_back(page: PublicSide) -> None:
    code = code_in(tell(page.visitor()))
    digits = code.replace(" ", "")
    for typed in (code, digits, f" {digits[:8]}-{digits[8:]} "):
        answer = ask(page.visitor(), typed)
        assert heading(answer) == "Tipset är mottaget"
        assert not any(part in answer.text for part in (code, digits, digits[:8]))
        assert "set-cookie" not in answer.headers and answer.url.query == b""


def test_wrong_old_and_unknown_codes_get_the_same_answer_by_the_same_work(
    page: PublicSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = code_in(tell(page.visitor()))
    page.ahead = page.clock().replace(year=2027, month=12)
    work: list[str] = []
    slow = Public._slow_digest
    monkeypatch.setattr(Public, "_slow_digest", lambda self, code: work.append(code) or slow(self, code))
    tried = (old, "0000 0000 0000 0000", "", "abc", "1" * 40, "9" * 16)
    answers = [ask(page.visitor(), code) for code in tried]
    texts = {re.sub(rf'name="{TOKEN}" value="[^"]+"', "", answer.text) for answer in answers}
    assert len(texts) == 1 and len(work) == len(tried)
    assert {heading(answer) for answer in answers} == {"Ingen uppgift"}
    assert {answer.status_code for answer in answers} == {200}


def test_a_code_ends_after_a_year_and_its_row_is_cleared_away(page: PublicSide) -> None:
    code = code_in(tell(page.visitor()))
    page.courier.round()
    (message,) = page.broker.sent  # type: ignore[union-attr]
    page.store.public.acknowledge(message.id, "opened")
    page.ahead = page.clock().replace(year=2027)
    assert heading(ask(page.visitor(), code)) == "Tipset är öppnat"
    page.ahead = page.clock().replace(month=12)
    assert heading(ask(page.visitor(), code)) == "Ingen uppgift"
    code_in(tell(page.visitor()))
    assert len(page.rows()) == 1


def test_a_codes_answer_has_no_time_and_no_name(page: PublicSide) -> None:
    code = code_in(tell(page.visitor()))
    page.courier.round()
    (message,) = page.broker.sent  # type: ignore[union-attr]
    for state in ("opened", "registered"):
        page.store.public.acknowledge(message.id, state)
        text = ask(page.visitor(), code).text.partition("<main")[2].partition("<form")[0]
        assert not re.search(r"\d\d[.:]\d\d|20\d\d|Polis", text)


# --- nothing of who comes


def test_limits_count_networks_in_memory_alone_and_what_was_typed_stays(page: PublicSide) -> None:
    page.app.state.messages = security.Limits(2)
    page.app.state.codes = security.Limits(2)
    for _ in range(2):
        assert tell(page.visitor("2001:db8::1")).status_code == 200
        assert ask(page.visitor("2001:db8::1"), "1").status_code == 200
    refused = tell(page.visitor("2001:db8::2"))
    assert refused.status_code == 429 and SECRET in refused.text, "of a newer address the network counts"
    assert ask(page.visitor("2001:db8::3"), "1").status_code == 429
    assert tell(page.visitor("2001:db8:0:1::1")).status_code == tell(page.visitor("192.0.2.9")).status_code == 200
    assert "192.0.2.9" not in repr(vars(page.app.state.messages))


def test_what_is_counted_is_gone_within_the_hour_also_when_nobody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "_HOUR", 0.01)
    limits = security.Limits(1, clock=lambda: 0.0)
    assert limits.allows("192.0.2.9")
    limits._until, gone = 9e9, threading.Event()
    for _ in range(500):
        if not limits._tries or gone.wait(0.01):
            break
    assert not limits._tries


def test_neither_log_nor_database_nor_header_has_anything_of_the_visitor(
    page: PublicSide, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = page.visitor()
    answer = tell(visitor)
    code = code_in(answer)

    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(Public, "state", fail)
    failed = ask(visitor, code)
    assert failed.status_code == 500 and "Något gick fel hos oss" in failed.text
    own = "\n".join(f"{r.name} {r.getMessage()}" for r in caplog.records if not r.name.startswith(("httpx", "asyncio")))
    assert "ValueError in fail" in own
    headers = repr([*answer.headers.items(), *failed.headers.items()])
    for word in (SECRET, "Björkgatan", code, code.replace(" ", ""), "192.0.2.7", "Visitor/7", "Botkyrka"):
        assert word not in own and word not in headers
        assert word.encode() not in page.in_files()


def test_the_server_itself_writes_no_address(page: PublicSide, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    desk = Desk(page.settings.authority, page.settings, page.store, page.courier, page.clock)
    server = uvicorn.Server(serve._config(create_public_app(desk), desk.settings))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        try:
            for sent in (
                b"GET /tips?x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                b"NONSENSE\r\n\r\n",
                b"POST /tips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx=",
            ):
                with socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.9", 0)) as visitor:
                    visitor.settimeout(60)
                    visitor.sendall(sent)
                    if not sent.startswith(b"POST"):
                        assert visitor.recv(100).startswith(b"HTTP/1.1 ")
        finally:
            server.should_exit = True
            thread.join(60)
    assert "127.0.0.9" not in caplog.text and "x=1" not in caplog.text


def test_a_page_behind_a_proxy_must_know_it(page: PublicSide) -> None:
    settings = replace(page.settings, address="https://tips.example.se")
    with pytest.raises(DeskError, match="proxies"):
        create_public_app(Desk("allmanheten", settings, page.store, page.courier, page.clock))


def test_the_templates_name_no_desk() -> None:
    for file in (FOLDER / "templates/public").glob("*.html"):
        html = file.read_text("utf-8")
        assert file.name == "base.html" or '{% extends "public/base.html" %}' in html
        assert not re.search(r'(href|action)="/(?!tips|tillganglighet)', html), file.name
