"""The pages of the log of views: one's own, everybody's, and what an authority is told on which day."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from broker import authorities
from broker.ports.faults import LedgerError
from broker.review.rights import CAMPAIGN, REVIEW
from broker.review.room import Room
from broker.review.search import Query
from broker.web.access import TOKEN
from tests.review.broker_log import append, leaf
from tests.review.web_room import add_user, logged_in, new_room, token_in

PARTIES = sorted(one.id for one in authorities.load(None))[:2]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield new_room(stack, tmp_path)


def ask(client: TestClient, **fields: str) -> Any:
    address = "/visningar/myndighet"
    return client.post(address, data={TOKEN: token_in(client.get(address).text), **fields})


def test_each_sees_their_own_and_who_plans_sees_all(room: Room) -> None:
    greta, nils = add_user(room, may=[REVIEW]), add_user(room, "nils", may=[REVIEW, CAMPAIGN])
    assert "inte sett något än" in logged_in(room).get("/visningar").text
    room.note(greta, "decision", "Granskning 1", {"records": [17]})
    room.note(nils, "search", "Granskning 2", {"records": list(range(30, 42))})
    own = logged_in(room).get("/visningar").text
    assert "Granskning 1" in own and "Ett beslut" in own and "17" in own and "Granskning 2" not in own
    assert logged_in(room).get("/visningar/alla").status_code == 404
    seen = logged_in(room, "nils").get("/visningar/alla").text
    assert all(text in seen for text in ("Granskning 1", "Granskning 2", "och 4 till", "Vad andra har sett"))
    assert room.views.views[-1].sort == "views" and room.views.views[-1].who == "nils"


def test_an_authority_is_told_when_nobody_named_need_be_kept_from_it(room: Room, tmp_path: Path) -> None:
    polisen, skolan = PARTIES
    later = {"child": "yes", "guardian": "2026-12-02", "party": "yes"}
    free = {"child": "yes", "guardian": "yes", "party": "yes"}
    append(
        tmp_path,
        [
            leaf("m1", polisen, skolan, may_be_told=later),
            leaf("m2", skolan, polisen, kind="Disclosure", in_reply_to="m1"),
            leaf("m3", polisen, skolan, may_be_told=free),
            leaf("m4", polisen, skolan, may_be_told={"child": "yes"}),
            leaf("m5", skolan, polisen, kind="Interim", in_reply_to="m4"),
            leaf("m6", skolan, polisen, kind="Recall", recalls="m2"),
        ],
    )
    add_user(room)
    auditor, both = add_user(room, "nils"), (polisen, skolan)
    for what, records, whom in (
        ("punkt sju", [1], both),
        ("annat", [2], both),
        ("utanför", [2], ("annan",)),
        ("inget sagt", [4], both),
        ("återtaget", [2, 5], both),
        ("borta", [77], both),
    ):
        room.note(auditor, "decision", what, {"records": records}, whom)
    client = logged_in(room)
    shown = ask(client, myndighet=skolan, syfte="Tillsyn").text
    assert "annat" in shown and not [one for one in ("punkt sju", "utanför", "inget sagt", "borta") if one in shown]
    assert "2 visningar väntar" in shown and "(1 visning väntar)" in shown and "vem som ska tillfrågas" in shown
    assert "inget sagt" in ask(client, myndighet=skolan, syfte="Tillsyn", lov=polisen).text
    assert room.views.views[-1].what == {"authority": skolan, "allowed": [polisen]}
    assert "inget sagt" in ask(client, myndighet=polisen, syfte="Tillsyn").text, "who asks is not asked first"
    file = ask(client, myndighet=skolan, syfte="Tillsyn", spara="fil")
    handed = [json.loads(line) for line in file.text.splitlines()]
    assert [one["purpose"] for one in handed] == ["annat", "Tillsyn", "Tillsyn", "Tillsyn"]
    assert room.views.views[-1].sort == "handover"
    assert handed[0]["auditor"] == room.views.who("nils") and "nils" not in file.text.replace(handed[0]["auditor"], "")
    room.clock.forward(timedelta(days=2))  # type: ignore[attr-defined]
    shown = ask(logged_in(room), myndighet=skolan, syfte="Tillsyn").text
    assert "punkt sju" in shown and "återtaget" in shown and "väntar på de" not in shown


def test_what_is_missing_or_names_somebody_is_told_and_nothing_is_shown(room: Room, tmp_path: Path) -> None:
    append(tmp_path, [leaf("m1")])
    add_user(room)
    client = logged_in(room)
    for fields, what in (
        ({"syfte": "x"}, "Välj vilken myndighet"),
        ({"myndighet": PARTIES[0]}, "Skriv varför"),
        ({"myndighet": PARTIES[0], "syfte": "om 20130412-2391"}, "utan personnummer"),
    ):
        answer = ask(client, **fields)
        assert answer.status_code == 422 and what in answer.text and "2391" not in answer.text
    assert room.views.views == [] or room.views.seen(1)[0] == 0


def test_no_record_no_page(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    add_user(room)
    room.note(add_user(room, "nils"), "decision", "hemligt syfte", {"records": [4]})
    client = logged_in(room)
    assert "hemligt syfte" in client.get("/visningar/alla").text

    def fail(*_: object) -> int:
        raise LedgerError("the disk is full")

    monkeypatch.setattr(room.views.log, "append", fail)
    answer = client.get("/visningar/alla")
    assert answer.status_code == 500 and "hemligt syfte" not in answer.text


@pytest.mark.parametrize("digits", [19, 5000])
def test_a_number_that_no_log_has_leads_nowhere(room: Room, tmp_path: Path, digits: int) -> None:
    append(tmp_path, [leaf("m1", *PARTIES)])
    room.searches.add(add_user(room).number, Query(), "Granskning 1")
    client, number = logged_in(room), "9" * digits
    for path in ("/granska/post/{}", "/granska/sokning/{}", "/granskningar/{}", "/andra-lag/{}", "/registerutdrag/{}"):
        assert client.get(path.format(number)).status_code == 404, path
    for path in ("/visningar?fore={}", "/granska/sokning/1?fore={}"):
        assert client.get(path.format(number)).status_code == 200, path
