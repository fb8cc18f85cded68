"""A review on its pages, from a search to a signed summary; who may what; what is typed wrong."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from broker import authorities
from broker.adapters.files.signing import Verifier
from broker.review.rights import CAMPAIGN, REVIEW
from broker.review.room import Room
from broker.review.search import Query
from broker.web.access import TOKEN
from tests.review.broker_log import append, leaf
from tests.review.web_room import add_user, logged_in, new_room, token_in

ONE, OTHER = sorted(one.id for one in authorities.load(None))[:2]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    append(tmp_path, [leaf(f"m{n}", OTHER if n % 3 else ONE, ONE) for n in range(12)])
    with ExitStack() as stack:
        room = new_room(stack, tmp_path)
        add_user(room, may=[REVIEW])
        add_user(room, "pia", may=[REVIEW, CAMPAIGN])
        yield room


def send(client: TestClient, address: str, page: str = "/granskningar", **fields: Any) -> Any:
    html = client.get(page).text
    return client.post(address, data={TOKEN: token_in(html), **fields})


def plan(room: Room, **changes: str) -> Any:
    pia = logged_in(room, "pia")
    number = room.searches.add(2, Query(sender=OTHER), "Tillsyn")
    typed = {"sokning": str(number), "titel": "Skolans svar", "syfte": "Årlig tillsyn", "antal": "3"}
    return send(
        pia, "/planera", "/planera", **typed | {"fragor": "Rätt paragraf?\n\nSkäl som går att följa?"} | changes
    )


def test_a_review_from_search_to_signed_summary(room: Room, tmp_path: Path) -> None:
    pia, greta = logged_in(room, "pia"), logged_in(room)
    assert "Ingen granskning är planerad" in greta.get("/granskningar").text
    assert plan(room).headers["location"] == "/granskningar/1"
    assert "Den finns inte än" in pia.get("/granskningar/1").text
    note = append(tmp_path, [leaf("next")])
    assert "Dra urvalet</button>" not in greta.get("/granskningar/1").text, "who only reviews draws nothing"
    assert send(greta, "/granskningar/1/urval").status_code == 404
    assert send(pia, "/granskningar/1/urval").status_code == 303
    assert pia.get("/granskningar/1/spara/kontrollpunkt").text == note
    users = {user.officer: str(user.number) for user in room.people.all()}
    assert send(pia, "/granskningar/1/fordelning").status_code == 422
    assert send(pia, "/granskningar/1/fordelning", granskare=[users["greta"]]).status_code == 303
    assert "3 poster är dina" in greta.get("/granskningar").text
    walked = []
    while (place := greta.get("/granskningar/1/nasta").headers["location"]) != "/granskningar/1":
        walked.append(place)
        shown = greta.get(place).text
        assert "checked" not in shown and "Rätt paragraf?" in shown
        assert send(pia, place, **{"svar-0": "yes", "svar-1": "no"}).status_code == 404, "not dealt out to her"
        unanswered = send(greta, place, **{"svar-0": "yes", "not": "Ord."})
        assert unanswered.status_code == 422 and "Svara på fråga 2" in unanswered.text and "Ord." in unanswered.text
        named = send(greta, place, **{"svar-0": "yes", "svar-1": "no", "not": "om 20130412-2391"})
        assert named.status_code == 422 and "2391" not in named.text
        assert send(greta, place, **{"svar-0": "yes", "svar-1": "no", "not": "Skäl saknas."}).status_code == 303
    assert walked == [f"/granskningar/1/{n}" for n in (1, 2, 3)]
    one = room.campaigns.get(1)
    assert one is not None and all(seq % 3 for seq in one.sample)
    noted = [view for view in room.views.views if view.who == "greta" and view.sort == "decision"]  # type: ignore[attr-defined]
    assert {view.what["records"][0] for view in noted} == set(one.sample), "each is a view"
    assert set(noted[0].authorities) == {ONE, OTHER}
    assert (
        send(pia, "/granskningar/1/yttrande", myndighet=ONE, yttrande="Vi ändrar.", beteckning="7").status_code == 303
    )
    assert send(pia, "/granskningar/1/avslut").status_code == 303
    closed = pia.get("/granskningar/1").text
    assert "Avslutad och undertecknad" in closed and "Vi ändrar." in closed and "Skäl saknas." in closed
    Verifier(room.views.log.seal.vkey).text(pia.get("/granskningar/1/spara/summering").text)
    assert room.views.views[-1].sort == "export"  # type: ignore[attr-defined]
    for path in ("avslut", "yttrande", "fordelning", "urval", "1"):
        assert send(pia, f"/granskningar/1/{path}").status_code == 404, "nothing is added to what is signed"
    english = logged_in(room, "pia")
    send(english, "/sprak", lang="en", till="/granskningar/1")
    assert "Closed and signed" in english.get("/granskningar/1").text


def test_what_is_typed_wrong_stands_with_what_to_do(room: Room) -> None:
    for name, value, what in (
        ("titel", "", "Skriv vad granskningen ska heta"),
        ("titel", "20130412-2391", "utan personnummer"),
        ("syfte", "", "Skriv varför"),
        ("fragor", "\n", "mellan 1 och 20 frågor"),
        ("antal", "många", "mellan 1 och 1000"),
        ("antal", "9", "färre poster än så"),
    ):
        answer = plan(room, **{name: value})
        assert answer.status_code == 422 and what in answer.text and "<title>Fel: " in answer.text, (name, value)
    assert room.campaigns.all() == []
    greta = logged_in(room)
    assert greta.get("/planera").status_code == 404
    for path in ("/granskningar/1", "/granskningar/1/1", "/granskningar/1/spara/plan"):
        assert greta.get(path).status_code == 404
