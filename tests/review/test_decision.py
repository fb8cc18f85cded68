"""A decision's page: what was decided and why, its law, what would change it, its thread, its proof, today's answer."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import engine
from starlette.testclient import TestClient

from broker.adapters.sql.read_model import Record, open_archive
from broker.review.decision import prove, thread_of
from broker.review.index import Index
from broker.review.law import Law
from broker.review.room import Room
from broker.web.access import TOKEN
from tests.review.conftest import REGISTER
from tests.review.web_room import Noted, add_user, logged_in, new_room, token_in


@pytest.fixture(scope="module")
def records(town: Path) -> list[Record]:
    with open_archive(town) as archive:
        return archive.records()


@pytest.fixture(scope="module")
def client(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with ExitStack() as stack:
        keys = tmp_path_factory.mktemp("views") / "keys"
        room = new_room(stack, town, register=REGISTER, keys=keys, vkey=town / "log.vkey")
        room = replace(room, law=Law(engine))
        add_user(room, may=["review"])
        client = logged_in(room)
        client.app.state.of_test = room  # type: ignore[attr-defined]
        token = token_in(client.get("/granska").text)
        client.post("/granska", data={TOKEN: token, "syfte": "Granskning 4", "slag": "Disclosure"})
        yield client


def room_of(client: TestClient) -> Room:
    room: Room = client.app.state.of_test  # type: ignore[attr-defined]
    return room


def show(client: TestClient, record: Record) -> str:
    answer = client.get(f"/granska/post/{record.seq}?sokning=1")
    assert answer.status_code == 200
    return answer.text


def outcomes(record: Record) -> list[str]:
    return [item["outcome"] for item in record.leaf["receipt"].get("items", ())]


def one_of(records: list[Record], *wanted: str) -> Record:
    return next(record for record in records if set(wanted) <= set(outcomes(record)))


def test_each_item_stands_beside_its_law_with_what_would_have_changed_it(
    client: TestClient, records: list[Record]
) -> None:
    page = show(client, one_of(records, "release", "withhold", "refer"))
    for words in ("Lämnad, 2025:170 7 §", "Inte lämnad, 2025:170 8 §", "Åter till avsändaren"):
        assert words in page
    assert "Lagen den dagen: 2025:170 7 §" in page and '<blockquote class="law" lang="sv">' in page
    assert "Det här hade ändrat utfallet" in page and "Svaret ja på frågan" in page
    assert "Posten finns i loggen och är oförändrad" in page and "Samma svar i dag" in page


def test_every_sort_of_record_has_a_page_in_both_languages(client: TestClient, records: list[Record]) -> None:
    sorts: dict[tuple[str, str | None], Record] = {}
    for record in records:
        sorts.setdefault((record.leaf["record"], record.leaf.get("kind")), record)
    assert len(sorts) > 25
    user = room_of(client).people.all()[0]
    try:
        for lang, chosen in (("sv", list(sorts.values())), ("en", list(sorts.values())[::8])):
            room_of(client).people.choose(user, lang=lang)
            for record in chosen:
                page = show(client, record)
                text = re.sub(r"(?s)<pre.*?</pre>|<[^>]+>", " ", page)
                assert not re.search(r"[0-9a-f]{64}", text), record.seq
                assert not re.search(r"\b(None|osl_\d|s170_|[a-z]+_[a-z]+)\b", text), (record.seq, record.leaf["kind"])
    finally:
        room_of(client).people.choose(user, lang="sv")


def test_a_thread_goes_from_the_request_to_the_registered_answer(
    client: TestClient, records: list[Record], town: Path
) -> None:
    answer = next(
        one
        for one in records
        if one.leaf.get("kind") == "Disclosure"
        and one.leaf["in_reply_to"]
        and any(other.leaf.get("acknowledges") == one.leaf["message"] for other in records)
    )
    wanted = {answer.leaf["in_reply_to"], answer.leaf["message"]}
    related = {
        one.seq
        for one in records
        if {one.leaf.get(name) for name in ("message", "in_reply_to", "acknowledges")} & wanted
    }
    index = Index("sqlite://")
    with open_archive(town) as archive:
        index.catch_up(archive)
        thread = [one.seq for one in thread_of(archive, index, answer)]
    index.close()
    assert related <= set(thread) and thread == sorted(thread) and len(thread) < 100
    page = show(client, answer)
    assert "Sista milen" in page and f"Hela ärendet, {len(thread)} poster" in page


def test_opening_is_noted_with_all_that_is_shown(client: TestClient, records: list[Record]) -> None:
    record = one_of(records, "release")
    show(client, record)
    views = room_of(client).views
    assert isinstance(views, Noted)
    view = views.views[-1]
    assert (view.sort, view.purpose) == ("decision", "Granskning 4")
    assert {record.leaf[end]["authority"] for end in ("sender", "recipient")} <= set(view.authorities)
    assert record.seq in view.what["records"]


def test_who_has_searched_for_nothing_is_asked_to(client: TestClient, records: list[Record]) -> None:
    add_user(room_of(client), "new", may=["review"])
    page = logged_in(room_of(client), "new").get("/granska/post/3").text
    assert "Sök först, och säg varför" in page and "<blockquote" not in page
    assert client.get(f"/granska/post/{len(records)}?sokning=1").status_code == 404


def test_a_record_that_was_changed_is_not_proven(town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(town, folder)
    index = Index("sqlite://")
    with open_archive(folder) as archive:
        index.catch_up(archive)
        assert prove(archive, index, archive.some([9])[0], folder / "log.vkey").fault is None
        assert prove(archive, index, archive.some([9])[0], tmp_path / "nowhere").fault == "no_key"
    database = sqlite3.connect(folder / "samband.db")
    with database:
        database.execute("UPDATE records SET leaf = replace(CAST(leaf AS TEXT), 'release', 'withhold') WHERE seq = 9")
    database.close()
    with open_archive(folder) as archive:
        assert prove(archive, index, archive.some([9])[0], folder / "log.vkey").fault == "altered"


def test_a_law_that_answers_otherwise_today_is_said_to(client: TestClient, records: list[Record]) -> None:
    class Another:
        """A law that lets nothing go."""

        def __init__(self) -> None:
            self._real: Any = engine()

        def decide(self, asked: Any) -> Any:
            answers = self._real.decide(asked)
            return {key: replace(answer, outcome="withhold") for key, answer in answers.items()}

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    room = room_of(client)
    law = room.law
    law._engine = Another()  # type: ignore[assignment]
    try:
        assert "I dag blir svaret ett annat: lämnas inte i stället för förmedlas" in show(
            client, one_of(records, "release")
        )
    finally:
        law._engine = None
