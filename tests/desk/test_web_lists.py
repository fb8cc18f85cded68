"""What awaits me, what I have sent: rows and counts from one question, filters in the address, little about persons."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agents.desk.desk import Desk
from tests.desk.desk_rows import POLICE, row, rows, sent_rows
from tests.desk.web_desk import Listed, add_user, logged_in, new_desk

UNSURE = re.compile(r"None|undefined|[a-z]+_[a-z]+ |\{[a-z]+\}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(tmp_path)
    user = add_user(made)
    lists: Any = {"inbox": Listed(rows(user.number), {"late": 1, "due": 3}), "sent": Listed(sent_rows(), {"done": 9})}
    yield replace(made, store=replace(made.store, **lists))
    made.store.close()


def text(html: str) -> str:
    """What a person reads."""
    return " ".join(re.sub(r"<[^>]*>", " ", html[html.index("<main") :]).split())


def test_the_late_stands_first_and_the_word_says_what_to_do(desk: Desk) -> None:
    html = logged_in(desk).get("/vantar").text
    seen = text(html)
    assert [seen.index(group) for group in ("Försenat 1", "52 min försenat")]
    order = ["52 min försenat", "Öppna före i dag 11.12", "Tillbaka till oss: en fråga är obesvarad", "Utan frist"]
    assert sorted(order, key=seen.index) == order
    for words in (
        "Begäran om 4 uppgifter",
        "Begäran är hemlig",
        "Handläggs av dig",
        "Registrerat SN 2026/388",
        "Svar till oss: delvis",
        "1 uppgift är obesvarad",
        "2 utkast finns",
        "Född 2010-03-14, 16 år",
        "Ingen har tagit det",
        "Polismyndigheten",
        "Inte öppnat ännu hos mottagaren: ring",
    ):
        assert words in seen, words
    assert not UNSURE.search(seen), UNSURE.search(seen)


def test_a_person_who_is_protected_has_no_birth_date_in_a_list(desk: Desk) -> None:
    html = logged_in(desk).get("/vantar").text
    protected = next(part for part in html.split("<li") if "Skyddad identitet" in part)
    assert "Född" not in protected


def test_filters_are_in_the_address_and_go_with_each_link(desk: Desk) -> None:
    client = logged_in(desk)
    inbox: Any = desk.store.inbox
    html = client.get(
        "/vantar", params={"visa": "forsenat", "vems": "mina", "slag": "InformationRequest", "fran": POLICE}
    ).text
    show, filters = inbox.asked[-1]
    assert (show, filters["whose"], filters["kind"], filters["sender"]) == ("late", 1, "InformationRequest", POLICE)
    assert 'href="/vantar?visa=i-dag&amp;vems=mina&amp;slag=InformationRequest&amp;fran=polismyndigheten"' in html
    assert re.search(r'<option value="mina" selected>', html)


@pytest.mark.parametrize(
    "said",
    [
        {"visa": "x"},
        {"vems": "x"},
        {"slag": "Tip"},
        {"fran": "x"},
        {"sida": "-1"},
        {"sida": "0"},
        {"sida": "9" * 30},
        {"sida": "²"},
        {"sida": "x"},
    ],
)
def test_what_the_address_has_no_right_word_for_is_left_out(desk: Desk, said: dict[str, str]) -> None:
    client = logged_in(desk)
    assert client.get("/vantar", params=said).status_code == client.get("/skickat", params=said).status_code == 200
    inbox: Any = desk.store.inbox
    show, filters = inbox.asked[-1]
    filters.pop("now")
    assert (show, filters) == ("open", {"whose": None, "kind": None, "sender": None, "page": 1})


def test_counts_are_those_of_the_filter_and_each_is_a_link(desk: Desk) -> None:
    html = logged_in(desk).get("/vantar").text
    chips = re.findall(r'<a href="(/vantar[^"]*)"[^>]*>([^<]+) <span class="num">(\d+)</span>', html)
    assert [(name.strip(), n) for _, name, n in chips[:3]] == [("Allt", "9"), ("Försenat", "1"), ("I dag", "3")]
    assert len(chips) == 7


def test_an_empty_list_says_that_the_line_works(tmp_path: Path) -> None:
    made = new_desk(tmp_path)
    add_user(made)
    client = logged_in(made)
    page = client.get("/vantar").text
    assert "Inget väntar just nu" in page and "Senaste kontakt med Samband: i dag 09.12" in page
    assert "<title>Väntar på dig: inget just nu – Samband</title>" in page
    assert "Inget i det här urvalet" in client.get("/vantar?vems=mina").text
    assert "Inget skickat väntar på något" in client.get("/skickat").text
    made.store.close()


def test_a_part_is_the_list_alone_and_news_are_told_by_a_link(desk: Desk) -> None:
    client = logged_in(desk)
    part = client.get("/vantar?visa=forsenat", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<nav") and "<html" not in part.text
    assert "HX-Request" in part.headers["vary"]
    restored = client.get("/vantar", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.text
    assert client.get("/vantar/nytt?antal=9").text.strip() == ""
    assert "Det finns nytt i listan" in client.get("/vantar/nytt?antal=8").text


def test_what_needs_a_call_stands_first_with_its_number(desk: Desk) -> None:
    seen = text(logged_in(desk).get("/skickat").text)
    order = [
        "Ring",
        "Rektorsexpeditionen: 0555-12 34 56 , mån–fre 08.00–16.00",
        "Inte inskickat än",
        "Ligger kvar här",
        "Väntar på svar",
        "1 av 3 kvar: ",
        "Registrerat hos dem: SN 2026/412",
        "På väg",
    ]
    places = [seen.index(words, seen.index("kl.")) for words in order if words not in ("Ligger kvar här",)]
    assert places == sorted(places), list(zip(order, places, strict=False))
    assert "Visa de 9 som är klara" in seen and "Skyddad identitet" in seen
    assert not UNSURE.search(seen), UNSURE.search(seen)


@pytest.mark.parametrize("path", ["/vantar", "/skickat", "/tillganglighet", "/hjalp/rektor", "/logga-in"])
def test_a_page_has_one_heading_a_title_landmarks_and_a_way_past_the_menu(desk: Desk, path: str) -> None:
    client = logged_in(desk)
    for lang in ("sv", "en"):
        user = desk.store.people.all()[0]
        desk.store.people.choose(user, lang=lang)
        if path == "/logga-in":
            client.cookies.clear()
        html = client.get(path, headers={"Accept-Language": lang}).text
        assert html.count("<h1") == html.count("<main") == html.count("<header") == html.count("<footer") == 1
        assert f'<html lang="{lang}"' in html and re.search(r"<title>[^<]+ – Samband</title>", html)
        assert html.index('class="skip"') < html.index("<header")
        levels = [int(level) for level in re.findall(r"<h([1-6])", html[html.index("<main") :])]
        assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("role", ["socialsekreterare", "rektor", "polis", "kontaktpunkt", "forening", "allmanhet"])
def test_each_role_has_help_in_both_languages_for_anybody(desk: Desk, role: str) -> None:
    client = logged_in(desk)
    client.cookies.clear()
    for lang in ("sv", "en"):
        answer = client.get(f"/hjalp/{role}?lang={lang}")
        assert answer.status_code == 200 and "112" in answer.text and answer.text.count("<h2") >= 3
        assert "set-cookie" not in answer.headers
    assert client.get("/hjalp/annan").status_code == 404


def test_help_leads_to_that_of_one_s_role(desk: Desk) -> None:
    client = logged_in(desk)
    assert client.get("/hjalp").headers["location"] == "/hjalp/socialsekreterare"
    client.cookies.clear()
    assert client.get("/hjalp?lang=en").headers["location"] == "/hjalp/allmanhet?lang=en"


def test_no_contact_is_told_on_every_page(desk: Desk) -> None:
    courier: Any = desk.courier
    courier.last_contact = None
    assert "Ingen kontakt" not in logged_in(desk).get("/vantar").text
    courier.last_contact = row().received
    assert "Ingen kontakt med Samband sedan i dag 08.12" in logged_in(desk).get("/skickat").text
