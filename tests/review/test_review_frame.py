"""The frame of the auditors' room: login, rights, settings, texts in both languages."""

import asyncio
import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

import pytest
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from broker.review.rights import REVIEW, RIGHTS
from broker.review.room import Room
from broker.review.settings import of
from broker.review.web.app import create_app
from broker.review.web.site import FOLDER
from broker.review.words import PACKAGE, Words
from broker.web import serve
from broker.web.access import ANYONE, OPEN, Page
from broker.web.faults import SiteError
from broker.web.words import tables
from tests.review.web_room import add_user, browser, log_in, logged_in, new_room
from tests.web_pages import compare_texts, flat


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield new_room(stack, tmp_path)


def test_who_logs_in_comes_to_the_first_page_that_is_theirs(room: Room) -> None:
    add_user(room, may=[REVIEW])
    add_user(room, "nobody", may=())
    client = browser(room)
    answer = log_in(client)
    assert answer.status_code == 303
    assert client.get("/borja").headers["location"] == "/granska"
    assert "Sök i loggen" in client.get("/granska").text
    assert logged_in(room, "nobody").get("/borja").headers["location"] == "/visningar", "what is everybody's"


def test_each_page_asks_for_a_login_and_then_for_its_right(room: Room) -> None:
    add_user(room, "nobody", may=())
    app = create_app(room)
    stranger, nobody = browser(room), logged_in(room, "nobody")
    walked = 0
    for route in app.routes:
        if isinstance(route, Mount):
            continue
        assert isinstance(route, Page), "a route that says not who may use it"
        if route.may in OPEN:
            continue
        assert route.may in (ANYONE, *RIGHTS)
        path, method = re.sub(r"\{[^}]*\}", "1", route.path), next(iter((route.methods or set()) - {"HEAD"}))
        answer = stranger.request(method, path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/logga-in?till="), path
        if route.may != ANYONE:
            assert nobody.request(method, path).status_code == 404, path
        walked += 1
    assert walked > 3


def test_settings_say_where_the_records_are(tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    said = of({"data": "here", "tokens": "t.sock"}, file)
    assert (said.data, said.tokens) == (str(tmp_path / "here"), tmp_path / "t.sock")
    assert said.database == f"sqlite:///{tmp_path}/review.db"
    assert of({"data": "postgres"}, file).data == "postgres"
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "data is missing"),
        ({"data": "x", "shade": "y"}, "shade: not one of"),
        ({"data": "x", "accounts": "yes"}, "accounts: not of the right sort"),
        ({"data": "x", "address": "http://review.example.se"}, "address"),
    ]
    for values, why in wrong:
        with pytest.raises(SiteError, match=why):
            of(values, file)


# Texts


SV, EN = (dict(flat(tables(lang, PACKAGE))) for lang in ("sv", "en"))


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    compare_texts(SV, EN)


def test_no_english_in_swedish() -> None:
    english = re.compile(r"\b(the|and|of|is|your|you|request|back|sent|error|log in|status|with)\b", re.IGNORECASE)
    shown = {key: re.sub(r"{[a-z_]+}", "", text) for key, text in SV.items() if key != "frame.other_language"}
    assert {key: text for key, text in shown.items() if english.search(text)} == {}


def test_every_text_that_a_page_names_is_there() -> None:
    named = re.compile(r'\bt(?:\.markup|\.many|\.table)?\("([a-z_.A-Z0-9-]+)"(?! [+%])')
    counted = re.compile(r't\.count\("([a-z_.]+)"(?! \+)')
    for file in [*(FOLDER / "templates").rglob("*.html"), *FOLDER.rglob("*.py")]:
        source = file.read_text("utf-8")
        for key in named.findall(source):
            assert Words("sv").has(key) or any(k.startswith(f"{key}.") for k in SV), f"{file.name}: {key}"
        for key in counted.findall(source):
            assert {f"{key}.one", f"{key}.many"} <= set(SV), f"{file.name}: {key}"


def test_templates_have_no_script_or_style_of_their_own_and_each_form_a_token() -> None:
    for file in (FOLDER / "templates").rglob("*.html"):
        html = file.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?! src=)|\son\w+=|hx-on|javascript:|js:", html), file.name
        for form in re.findall(r'<form[^>]*method="post".*?</form>', html, re.DOTALL):
            assert "{{ form_token }}" in form, file.name


def test_being_told_to_end_twice_is_being_told_once() -> None:
    """As Ctrl-C in a shell is, which goes to `make` and to what it runs."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with serve.until_ended():
            signal.raise_signal(signal.SIGTERM)
            pytest.fail("it goes on")
        for number in before:
            signal.raise_signal(number)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_page_under_way_is_answered_before_it_ends(tmp_path: Path) -> None:
    """Two signals at once, as of Ctrl-C in a shell: nothing is cut off, nothing said of it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    answers: list[bytes] = []

    async def show_slowly(_: Scope, __: Receive, send: Send) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(os.getpid(), number)
        await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"whole"})

    def ask(port: int) -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", "/")
            answers.append(connection.getresponse().read())

    with ExitStack() as stack, create_server(("127.0.0.1", 0)) as listening:
        settings = new_room(stack, tmp_path).settings
        asking = Thread(target=ask, args=(listening.getsockname()[1],), daemon=True)
        asking.start()
        try:
            with serve.until_ended():
                serve.serve([(show_slowly, settings)], [listening])
            asking.join(0.2)
            assert answers == [b"whole"]
        finally:
            asking.join(60)
            for number, handler in before.items():
                signal.signal(number, handler)
