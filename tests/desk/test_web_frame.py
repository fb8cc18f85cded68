"""The frame of the desk: login, sessions, rights, tokens, headers, languages, errors, logs."""

import logging
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount

from agents.desk import texts
from agents.desk.desk import Desk
from agents.desk.settings import of
from agents.desk.texts import Words
from agents.desk.web.app import create_app
from agents.desk.web.site import FOLDER
from broker.web import render, security
from broker.web.access import ANYONE, OPEN, PUBLIC, TOKEN, Page, get, post
from broker.web.faults import Missing, SiteError
from broker.web.render import accepted_language
from tests.desk.web_desk import ADDRESS, PASSWORD, Clock, add_user, browser, log_in, new_desk
from tests.web_pages import compare_texts, flat

VENDORED = {
    "designsystemet.css": "1c7bd2f71f9a6660435a3a83ea049e2be508de4d576dfe4209b21f4c0ce0b423",
    "index.css": "2cde59fd79f14cef7ecfd37cbe9838ed7e075935e7a7ddf9d6fd0b695ac94b12",
    "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
}
NUMBER = "20100314-2393"
TEMPLATES = sorted(file for folder in (FOLDER, render.FOLDER) for file in (folder / "templates").rglob("*.html"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(tmp_path)
    add_user(made)
    yield made
    made.store.close()


def with_pages(desk: Desk, *pages: Page):  # type: ignore[no-untyped-def]
    """The desk with some pages more."""
    app = create_app(desk)
    app.router.routes[:0] = pages
    return app


def shown(_: Request) -> Response:
    return PlainTextResponse("shown")


@pytest.mark.parametrize("name", VENDORED)
def test_what_is_vendored_is_what_was_published(name: str) -> None:
    assert sha256((render.FOLDER / "static/vendor" / name).read_bytes()).hexdigest() == VENDORED[name]


def test_the_licences_lie_beside() -> None:
    assert {file.name for file in (render.FOLDER / "static/vendor").iterdir()} == {
        *VENDORED,
        "LICENSE.designsystemet",
        "LICENSE.htmx",
    }


def test_templates_have_no_script_or_style_of_their_own_and_nothing_from_elsewhere() -> None:
    for file in TEMPLATES:
        html = file.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?! src=)|\son\w+=|hx-on|javascript:|js:", html), file.name
        assert not re.search(r"""(src|href)="(https?:)?//""", html), file.name


def test_every_form_has_a_token() -> None:
    for file in TEMPLATES:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', file.read_text("utf-8"), re.DOTALL):
            assert "{{ form_token }}" in form, file.name


# Login and sessions


def test_without_a_login_every_page_leads_to_the_login(desk: Desk) -> None:
    app = create_app(desk)
    client = browser(app)
    walked = 0
    for route in app.routes:
        if isinstance(route, Mount):
            assert route.name == "static"
            continue
        assert isinstance(route, Page), "a route that says not who may use it"
        path = re.sub(r"\{[^}]*\}", "1", route.path)
        for method in (route.methods or set()) - {"HEAD"}:
            answer = client.request(method, path)
            if route.may in OPEN:
                assert answer.status_code in (200, 303, 403, 404, 422), path
            else:
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith("/logga-in?till="), path
            walked += 1
    assert walked > 8


def test_without_the_right_every_page_is_missing(desk: Desk) -> None:
    app = create_app(desk)
    add_user(desk, "nobody", may=())
    client = browser(app)
    log_in(client, "nobody")
    missing = client.get("/no-such-page")
    assert missing.status_code == 404
    for route in app.routes:
        if not isinstance(route, Page) or route.may in (*OPEN, ANYONE):
            continue
        path = re.sub(r"\{[^}]*\}", "1", route.path)
        answer = client.request(next(iter(route.methods or ())), path)
        assert answer.status_code == 404, path
        if answer.request.method != "HEAD":
            assert without_tokens(answer.text, path) == without_tokens(missing.text, "/no-such-page"), (
                "not the same words"
            )


def without_tokens(html: str, path: str) -> str:
    return re.sub(r'name="formular" value="[^"]*"', "", html).replace(f'value="{path}"', "").replace("?lang", "")


def test_a_local_account_logs_in_and_out(desk: Desk) -> None:
    client = browser(with_pages(desk, get("/inne", shown, may="read")))
    before = client.get("/logga-in")
    assert "HttpOnly" in before.headers["set-cookie"] and "samesite=lax" in before.headers["set-cookie"].lower()
    cookie = client.cookies["samband-8080"]
    answer = log_in(client, till="/inne")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inne")
    assert client.cookies["samband-8080"] != cookie, "a new value with the login"
    page = client.get("/inne")
    assert page.text == "shown"
    logged_in_cookie = client.cookies["samband-8080"]
    token = security.token(logged_in_cookie)
    assert client.post("/logga-ut", data={TOKEN: token}).status_code == 303
    client.cookies.set("samband-8080", logged_in_cookie)
    assert client.get("/inne").status_code == 303, "the session is over at the desk, not only in the browser"


def test_the_cookie_is_of_the_host_alone_over_https(tmp_path: Path) -> None:
    desk = new_desk(tmp_path, address="https://desk.example.se")
    client = browser(create_app(desk))
    client.base_url = "https://desk.example.se"  # type: ignore[assignment]
    answer = client.get("/logga-in")
    assert re.match(r"__Host-samband=\S+; HttpOnly; Path=/; SameSite=lax; Secure$", answer.headers["set-cookie"])
    assert "strict-transport-security" in answer.headers
    desk.store.close()


@pytest.mark.parametrize(
    ("account", "password"), [("sara", "wrong"), ("nobody", PASSWORD), ("SARA ", PASSWORD + "x"), ("", "")]
)
def test_what_is_wrong_with_a_login_is_not_said(desk: Desk, account: str, password: str) -> None:
    client = browser(create_app(desk))
    answer = log_in(client, account, password)
    assert answer.status_code == 422
    assert "Ange rätt konto och lösenord" in answer.text and "<title>Fel: " in answer.text
    assert password == "" or password not in answer.text
    assert account.strip() == "" or f'value="{account}"' not in answer.text


def test_a_login_leads_to_pages_of_the_desk_alone(desk: Desk) -> None:
    for till in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "/logga-in", "javascript:x", ""):
        answer = log_in(browser(create_app(desk)), till=till)
        assert answer.headers["location"] == "/vantar", till


def test_a_session_ends_when_nobody_uses_it_and_at_the_end_of_the_day(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, Clock)
    client = browser(with_pages(desk, get("/inne", shown, may="read")))
    log_in(client)
    for _ in range(3):
        clock.forward(timedelta(minutes=29))
        assert client.get("/inne").status_code == 200
    clock.forward(timedelta(minutes=20))
    assert client.get("/inne", headers={"Samband-Poll": "1"}).status_code == 200
    clock.forward(timedelta(minutes=20))
    assert client.get("/inne").status_code == 303, "a page that asks by itself is not somebody who works"
    log_in(client)
    for _ in range(21):
        clock.forward(timedelta(minutes=29))
        answer = client.get("/inne")
    assert answer.status_code == 303, "ten hours at the longest"


def test_an_ended_session_leads_back_after_login_also_within_a_page(desk: Desk) -> None:
    client = browser(with_pages(desk, get("/inne", shown, may="read")))
    assert client.get("/inne?visa=allt").headers["location"] == "/logga-in?till=%2Finne%3Fvisa%3Dallt"
    part = client.get("/inne", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (200, "/logga-in?till=%2Finne")
    assert client.post("/sprak").headers["location"] == "/logga-in?till=%2Fvantar", "a form alone is no page"


def test_an_account_that_is_removed_is_out_at_once(desk: Desk) -> None:
    client = browser(with_pages(desk, get("/inne", shown, may="read")))
    log_in(client)
    desk.store.people.remove("sara")
    assert client.get("/inne").status_code == 303
    assert log_in(client).status_code == 422


def test_accounts_are_shut_where_the_settings_do_not_open_them(tmp_path: Path) -> None:
    desk = new_desk(tmp_path, accounts=False)
    add_user(desk)
    client = browser(create_app(desk))
    page = client.get("/logga-in")
    assert 'name="losenord"' not in page.text
    token = security.token(client.cookies["samband-8080"])
    data = {TOKEN: token, "konto": "sara", "losenord": PASSWORD}
    assert client.post("/logga-in", data=data).status_code == 404
    desk.store.close()


def test_too_many_logins_are_refused(desk: Desk) -> None:
    client = browser(create_app(desk))
    answers = [log_in(client, "sara", "wrong").status_code for _ in range(2)]
    limits = client.app.state.logins  # type: ignore[attr-defined]
    for _ in range(30):
        limits.allows("testclient")
    answer = log_in(client)
    assert [*answers, answer.status_code] == [422, 422, 429]
    assert answer.headers["retry-after"] == "3600" and "För många försök" in answer.text


def test_limits_forget_within_the_hour_and_know_no_address() -> None:
    now = [0.0]
    limits = security.Limits(2, clock=lambda: now[0])
    assert [limits.allows("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert limits.allows("192.0.2.2")
    assert "192.0.2" not in repr(vars(limits))
    now[0] = 3601.0
    assert limits.allows("192.0.2.1")


# Tokens


def test_a_form_without_its_token_or_with_another_s_is_refused(desk: Desk) -> None:
    taken: list[str] = []

    def take(_: Request) -> Response:
        taken.append("taken")
        return PlainTextResponse("taken")

    app = with_pages(desk, post("/gor", take, may="read"))
    add_user(desk, "maja")
    client, other = browser(app), browser(app)
    log_in(client)
    log_in(other, "maja")
    token, others = (security.token(one.cookies["samband-8080"]) for one in (client, other))
    for wrong in ({}, {TOKEN: ""}, {TOKEN: others}, {TOKEN: token[:-1]}, {TOKEN: "å"}):
        answer = client.post("/gor", data=wrong)
        assert answer.status_code == 403 and "Inget har skickats" in answer.text, wrong
    for header in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://other.example"},
    ):
        assert client.post("/gor", data={TOKEN: token}, headers=header).status_code == 403, header
    assert client.post("/gor", data={TOKEN: token, "q": "x" * 9_000_000}).status_code == 413
    assert taken == []
    for origin in (ADDRESS, "null"):  # a browser that is to name no referrer sends null
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": origin}
        assert client.post("/gor", data={TOKEN: token}, headers=headers).text == "taken"


def test_a_public_form_has_a_stamp_and_no_cookie(desk: Desk) -> None:
    client = browser(with_pages(desk, post("/oppet", shown, may=PUBLIC)))
    stamps: security.Stamps = client.app.state.stamps  # type: ignore[attr-defined]
    assert client.post("/oppet", data={TOKEN: security.Stamps().new()}).status_code == 403, "another desk's"
    answer = client.post("/oppet", data={TOKEN: stamps.new()})
    assert answer.text == "shown" and "set-cookie" not in answer.headers


# Headers, languages, errors


@pytest.mark.parametrize("path", ["/logga-in", "/no-such-page", "/vantar", "/static/frame.css"])
def test_every_answer_has_the_headers(desk: Desk, path: str) -> None:
    headers = browser(create_app(desk)).get(path).headers
    csp = headers["content-security-policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ):
        assert part in csp
    assert "unsafe" not in csp and headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert ("no-store" in headers["cache-control"]) is not path.startswith("/static/")


def test_another_host_is_refused(desk: Desk) -> None:
    assert browser(create_app(desk), Host="elsewhere.example").get("/logga-in").status_code == 400


def test_the_language_and_the_light_are_chosen(desk: Desk) -> None:
    client = browser(create_app(desk), **{"Accept-Language": "en-GB,en;q=0.9,sv;q=0.8"})
    page = client.get("/logga-in?till=%2Fskickat").text
    assert '<html lang="en" data-color-scheme="auto"' in page and "Log in" in page
    assert 'href="?till=%2Fskickat&amp;lang=sv"' in page, "the way back is kept"
    assert '<html lang="sv"' in client.get("/logga-in?lang=sv").text
    log_in(client)
    token = security.token(client.cookies["samband-8080"])
    for path, data in (("/sprak", {"lang": "sv"}), ("/sprak", {"lang": "xx"}), ("/utseende", {"utseende": "dark"})):
        answer = client.post(path, data={TOKEN: token, "till": "/hjalp", **data})
        assert (answer.status_code, answer.headers["location"]) == (303, "/hjalp")
    user = desk.store.people.all()[0]
    assert (user.lang, user.scheme) == ("sv", "dark")


def test_the_browser_s_language_is_read() -> None:
    assert accepted_language("de, en;q=0.5, sv;q=0.7", "en") == "sv"
    assert accepted_language("", "sv") == accepted_language("fr;q=x, ;q=", "sv") == "sv"


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_an_error_is_told_in_plain_words_and_never_what_was_typed(desk: Desk, lang: str) -> None:
    def fail(request: Request) -> Response:
        raise ValueError(f"of {request.query_params['q']}")

    def miss(_: Request) -> Response:
        raise Missing(NUMBER)

    app = with_pages(desk, get("/fel", fail, may=PUBLIC), get("/saknas", miss, may=PUBLIC))
    client = browser(app, **{"Accept-Language": lang})
    t = Words(lang)
    for path, status in (("/fel", 500), ("/saknas", 404), (f"/{NUMBER}", 404), ("/vantar", 404)):
        method = "DELETE" if path == "/vantar" else "GET"
        answer = client.request(method, path, params={"q": NUMBER})
        assert answer.status_code == (405 if method == "DELETE" else status)
        assert t(f"error.{status}.title") in answer.text
        assert NUMBER not in answer.text.replace(f"lang={'sv' if lang == 'en' else 'en'}", "").replace(
            f"q={NUMBER}", ""
        )
        assert len(re.findall("<h1>", answer.text)) == 1


def test_a_log_has_no_address_and_nothing_of_a_message(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def fail(request: Request) -> Response:
        raise ValueError(f"of {request.query_params['q']}")

    client = browser(with_pages(desk, get("/fel", fail, may=PUBLIC)))
    with caplog.at_level(logging.DEBUG):
        client.get("/fel", params={"q": NUMBER})
        log_in(client, NUMBER, "a password that was typed")
    own = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert any("ValueError in fail" in line for line in own)
    for secret in (NUMBER, "testclient", "a password", "/fel"):
        assert not any(secret in line for line in own), secret


# Texts


SV, EN = (dict(flat(texts.tables(lang))) for lang in ("sv", "en"))


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    compare_texts(SV, EN)


def test_no_english_in_swedish() -> None:
    english = re.compile(
        r"\b(the|and|of|is|your|you|request|item|back|sent|error|log in|status|draft|with)\b", re.IGNORECASE
    )
    allowed = {"frame.other_language"}
    assert {key: text for key, text in SV.items() if key not in allowed and english.search(text)} == {}


def test_every_text_that_a_template_names_is_there() -> None:
    named = re.compile(r'\bt(?:\.markup|\.many|\.table)?\("([a-z_.A-Z0-9-]+)"(?! [+%])')
    counted = re.compile(r't\.count\("([a-z_.]+)"')
    files = [*TEMPLATES, *FOLDER.rglob("*.py"), *render.FOLDER.rglob("*.py")]
    for file in files:
        source = file.read_text("utf-8")
        for key in named.findall(source):
            assert Words("sv").has(key) or key in texts.tables("sv") or any(k.startswith(f"{key}.") for k in SV), (
                f"{file.name}: {key}"
            )
        for key in counted.findall(source):
            assert {f"{key}.one", f"{key}.many"} <= set(SV), f"{file.name}: {key}"


# Settings


def test_a_desk_on_the_net_needs_https(tmp_path: Path) -> None:
    values = tomllib.loads('authority = "kommun-0127"\ndata = "d"\naddress = "http://desk.example.se"')
    with pytest.raises(SiteError, match="address"):
        of(values, tmp_path / "desk.toml")
    for address in ("https://desk.example.se", "http://localhost:8001", "http://127.0.0.1"):
        assert of(values | {"address": address}, tmp_path / "desk.toml").address == address
    for address in ("https://desk.example.se/", "ftp://x", "https://", ""):
        with pytest.raises(SiteError, match="address"):
            of(values | {"address": address}, tmp_path / "desk.toml")
