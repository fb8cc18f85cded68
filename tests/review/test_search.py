"""Searching the log: by page, by command, by index; what is found is what a walk through all records finds."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from command import samband
from starlette.testclient import TestClient

from broker.adapters.files.signing import TokenKey
from broker.adapters.sql.read_model import Record, open_archive
from broker.facts.registers import case_tokens
from broker.model.days import swedish_day
from broker.ports.faults import Away
from broker.review import index as index_module
from broker.review.index import Index
from broker.review.room import Room
from broker.review.search import PAGE, Query, search
from broker.review.settings import read as read_settings
from broker.review.terms import days, paragraph
from broker.review.tokens import NoToken, of_socket
from broker.review.views import open_views
from broker.runtime.tokens import Asked, serve
from broker.web.access import TOKEN
from scenery.town.people import ELLIOT
from tests.review.conftest import REGISTER
from tests.review.web_room import Clock, Noted, add_user, logged_in, token_in

TODAY = date(2026, 11, 30)
POLICE = "polismyndigheten"
NUMBER = str(ELLIOT["id"])


@pytest.fixture(scope="module")
def records(town: Path) -> list[Record]:
    with open_archive(town) as archive:
        return archive.records()


def items(leaf: Any) -> list[Any]:
    found: list[Any] = leaf["receipt"].get("items", [])
    return found


def named(leaf: Any) -> set[str]:
    rules = [*leaf["receipt"].get("grounds", ()), *leaf["receipt"].get("bars", ())]
    return {rule["id"] for rule in rules}


def when(leaf: Any) -> date:
    return swedish_day(datetime.fromisoformat(leaf.get("time") or leaf["recorded"]))


ASKED: list[tuple[Query, Callable[[Any], bool]]] = [
    (Query(), lambda _: True),
    (Query(sender=POLICE), lambda leaf: (leaf.get("sender") or {}).get("authority") == POLICE),
    (
        Query(recipient="kommun-0127/social_services"),
        lambda leaf: (
            [(leaf.get("recipient") or {}).get(one) for one in ("authority", "unit")]
            == ["kommun-0127", "social_services"]
        ),
    ),
    (Query(unit="school"), lambda leaf: "school" in {(leaf.get(s) or {}).get("unit") for s in ("sender", "recipient")}),
    (Query(kind="Disclosure"), lambda leaf: leaf.get("kind") == "Disclosure"),
    (
        Query(ref="osl 10:18A", outcome="release"),
        lambda leaf: any((one["outcome"], one["ref"]) == ("release", "OSL 10:18 a") for one in items(leaf)),
    ),
    (Query(outcome="refer"), lambda leaf: any(one["outcome"] == "refer" for one in items(leaf))),
    (Query(rule="consent"), lambda leaf: "consent" in named(leaf)),
    (Query(decided="quarantine"), lambda leaf: leaf["receipt"]["outcome"] == "quarantine"),
    (Query(doubtful=True), lambda leaf: bool(leaf["receipt"].get("doubtful"))),
    (
        Query(since=date(2026, 9, 10), until=date(2026, 11, 2)),
        lambda leaf: date(2026, 9, 10) <= when(leaf) <= date(2026, 11, 2),
    ),
    (
        Query(sender=POLICE, kind="InformationRequest", since=date(2026, 10, 1), until=TODAY),
        lambda leaf: (
            leaf.get("kind") == "InformationRequest"
            and leaf["sender"]["authority"] == POLICE
            and date(2026, 10, 1) <= when(leaf) <= TODAY
        ),
    ),
]


@pytest.mark.parametrize("block", [64, 1 << 15], ids=["many blocks", "one block"])
def test_what_is_found_is_what_a_walk_through_all_records_finds(
    town: Path, records: list[Record], monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    for name, value in {"BLOCK": block, "_BYTES": block // 8, "_FEW": block // 16}.items():
        monkeypatch.setattr(index_module, name, value)
    index = Index("sqlite://")
    with open_archive(town) as archive:
        assert index.catch_up(archive) == len(records)
        for query, fits in ASKED:
            wanted = [record.seq for record in records if fits(record.leaf)]
            assert wanted or query.said() == {}, "a search that tries nothing"
            page = search(index, archive, query, TODAY)
            assert page.found.total == len(wanted), query.said()
            seqs = list(page.found.seqs)
            while page.more is not None:
                page = search(index, archive, query, TODAY, before=page.more)
                seqs += page.found.seqs
            assert seqs == wanted[::-1], query.said()
            assert list(index.every(query.wanted(TODAY))) == wanted
        persons = {token for record in records for token in record.leaf.get("persons", ())}
        for person in sorted(persons)[:5]:
            wanted = [record.seq for record in records if person in record.leaf.get("persons", ())]
            assert list(index.every(Query(person=(person,)).wanted(TODAY))) == wanted
    index.close()


def test_the_index_goes_on_where_it_was_and_believes_nothing_of_another_log(town: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/index.db"

    class Cut:
        """A log that was shorter once, or another."""

        def __init__(self, archive: Any, size: int, *, other: bool = False) -> None:
            self._archive, self._size, self._other = archive, size, other

        def end(self) -> int:
            return self._size

        def leaf_hash(self, seq: int) -> str:
            return "another" if self._other else str(self._archive.leaf_hash(seq))

        def span(self, start: int, stop: int) -> Iterator[Record]:
            yield from self._archive.span(start, stop)

    with open_archive(town) as archive:
        whole = archive.end()
        for cut in (10, 11, whole):
            index = Index(url)
            index.catch_up(Cut(archive, cut))  # type: ignore[arg-type]
            assert index.search([], limit=1).total == index.size() == cut
            index.close()
        index = Index(url)
        index.catch_up(Cut(archive, 20))  # type: ignore[arg-type]
        assert index.search([], limit=1).total == 20, "the log was put back from an old copy"
        index.catch_up(Cut(archive, 30, other=True))  # type: ignore[arg-type]
        assert index.search([], limit=1).total == 30
        index.close()


def test_a_paragraph_is_found_however_it_is_written() -> None:
    assert {paragraph(ref) for ref in ("OSL 10:15 a", "osl  10:15a", "OSL 10:15 A")} == {"osl 10:15a"}
    assert paragraph("2025:170 4 §") == paragraph("2025:170  4") != paragraph("2025:1704")


def test_a_period_is_whole_months_and_single_days() -> None:
    terms = list(days(date(2026, 1, 30), date(2026, 3, 2)))
    assert terms == ["day:20260130", "day:20260131", "month:202602", "day:20260301", "day:20260302"]


# The page


@pytest.fixture
def client(room: Room) -> TestClient:
    add_user(room, may=["review"])
    return logged_in(room)


def ask(client: TestClient, **typed: str) -> Any:
    token = token_in(client.get("/granska").text)
    return client.post("/granska", data={TOKEN: token, "syfte": "Granskning 4"} | typed)


def test_a_search_is_kept_under_a_number_and_counts_all_that_fits(client: TestClient, records: list[Record]) -> None:
    answer = ask(client, av="Polismyndigheten")
    assert (answer.status_code, answer.headers["location"]) == (303, "/granska/sokning/1")
    page = client.get("/granska/sokning/1").text
    total = sum((record.leaf.get("sender") or {}).get("authority") == POLICE for record in records)
    assert f"{total} poster, visar {PAGE}" in page and "<span>Granskningsnämnden</span>" in page
    older = re.search(r'href="(/granska/sokning/1\?fore=\d+)"', page)
    assert older and f"visar {PAGE}" in client.get(older[1]).text


def test_nothing_is_an_answer_too_and_says_what_was_searched(client: TestClient, records: list[Record]) -> None:
    page = client.get(ask(client, paragraf="OSL 99:1").headers["location"]).text
    assert "0 poster" in page and f"i post 0–{len(records) - 1}" in page and "OSL 99:1" in page


def test_a_search_asks_why_and_is_noted_with_what_was_shown(client: TestClient, room: Room) -> None:
    token = token_in(client.get("/granska").text)
    answer = client.post("/granska", data={TOKEN: token, "av": "Botkyrka kommun"})
    assert answer.status_code == 422 and "Ange varför du söker" in answer.text
    client.get(ask(client, av="Botkyrka kommun").headers["location"])
    assert isinstance(room.views, Noted)
    [view] = room.views.views
    assert (view.who, view.sort, view.purpose) == ("greta", "search", "Granskning 4")
    assert view.what["query"] == {"sender": "kommun-0127"} and len(view.what["records"]) == PAGE
    assert "kommun-0127" in view.authorities and len(view.authorities) > 1, "who sent, who got"


def test_what_was_typed_of_a_person_stands_nowhere(client: TestClient, room: Room) -> None:
    answer = ask(client, person=NUMBER, arende="K-1-26", arende_hos="Botkyrka kommun", handlaggare_hos="x")
    page = client.get(answer.headers["location"])
    assert NUMBER not in answer.headers["location"] + str(page.url)
    wrong = ask(client, person="?? 201104122385", av="nobody at all")
    assert wrong.status_code == 422 and "201104122385" not in wrong.text and "nobody at all" in wrong.text


def test_another_s_search_is_not_there(client: TestClient, room: Room) -> None:
    address = ask(client, av="Botkyrka kommun").headers["location"]
    add_user(room, "other", may=["review"])
    assert logged_in(room, "other").get(address).status_code == 404


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"syfte": "om 20110412-2385"}, "Skriv syftet utan personnummer"),
        ({"av": "kommun"}, "Ange en myndighet vid dess hela namn"),
        ({"fran": "1 oktober"}, "Skriv dagen som"),
        ({"fran": "2026-10-02", "tom": "2026-10-01"}, "inte är före den första"),
        ({"arende": "K-1-26"}, "Ange vilken myndighet"),
        ({"person": "201x 5"}, "Ange ett riktigt personnummer"),
    ],
)
def test_a_fault_says_what_to_do_at_its_field(client: TestClient, typed: dict[str, str], why: str) -> None:
    answer = ask(client, **typed)
    assert answer.status_code == 422 and answer.text.count(why) == 2 and "<title>Fel: " in answer.text


def test_what_was_found_is_saved_as_a_file(client: TestClient, room: Room) -> None:
    address = ask(client, slag="Disclosure").headers["location"]
    rows = list(csv.DictReader(client.get(f"{address}/fil.csv").text.splitlines()))
    lines = [json.loads(line) for line in client.get(f"{address}/fil.json").text.splitlines()]
    assert [row["seq"] for row in rows] == [str(line["seq"]) for line in lines] and len(rows) > 20
    assert {row["kind"] for row in rows} == {"Disclosure"}
    assert isinstance(room.views, Noted) and [view.sort for view in room.views.views] == ["export", "export"]


# The command


def test_the_command_finds_the_same(town: Path, tmp_path: Path) -> None:
    place = ("--data", town, "--index", tmp_path / "index.db", "--register", REGISTER)
    ended = samband("audit", "find", "--sender", "Polismyndigheten", "--limit", 7, "--json", *place)
    assert ended.status == 0 and len(ended.out.splitlines()) == 7
    total = int(re.search(r"7 av (\d+) visas", ended.err)[1])  # type: ignore[index]
    saved = samband("audit", "find", "--sender", POLICE, "--save", tmp_path / "all.csv", *place)
    assert saved.status == 0 and len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == total + 1
    nothing = samband("audit", "find", "--ref", "OSL 99:1", *place)
    assert nothing.status == 1 and "0 av 0" in nothing.err
    typed = samband("audit", "find", "--person", NUMBER, *place)
    assert typed.status == 2 and len(typed.err.splitlines()) == 1 and NUMBER not in typed.out + typed.err
    about = samband("audit", "find", "--person", "-", "--json", *place, stdin=f"{NUMBER}\n".encode())
    assert about.status == 0 and NUMBER not in about.out + about.err
    assert samband("audit", "find", "--case", "K-1-26", *place).status == 2
    assert samband("audit", "find", "--sender", "kommun", *place).status == 2


def test_the_command_notes_what_it_shows_in_the_room_s_log_of_views(town: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    file.write_text(f'data = "{town}"\nregister = "{REGISTER}"\n', "utf-8")
    assert samband("audit", "find", "--kind", "Disclosure", "--settings", file).status == 2, "it must be said why"
    asked = ("audit", "find", "--kind", "Disclosure", "--limit", 3, "--settings", file, "--purpose", "Granskning 4")
    assert samband(*asked).status == 0
    with open_views(read_settings(file), Clock()) as views:
        _, [seen], _ = views.seen(10)
    assert (seen.sort, seen.purpose, len(seen.records)) == ("search", "Granskning 4", 3)


# Tokens


def test_tokens_come_from_the_service_alone(town: Path, tmp_path: Path, room: Room) -> None:
    key = TokenKey(town / "keys" / "token.key", create=False)
    now = [0.0]
    socket = tmp_path / "t.sock"
    tokens = of_socket(socket)
    with pytest.raises(Away):
        tokens.person("201104122385")
    with serve(socket, Asked(key, room.parties, lambda: now[0], most=8)):
        assert socket.stat().st_mode & 0o777 == 0o660
        dashed = f"{NUMBER[:8]}-{NUMBER[8:]}"
        assert tokens.person(dashed) == tokens.person(NUMBER) == [key.token("person personnummer", NUMBER)]
        assert tokens.case("kommun-0127", "K-1-26") == [case_tokens(key, "kommun-0127", "K-1-26")[0]]
        for wrong, why in ((("nowhere", "1"), "authority"), (("kommun-0127", "K-1-26"), "")):
            try:
                assert tokens.case(*wrong) and not why
            except NoToken as none:
                assert none.why == why
        for _ in range(3):
            with pytest.raises(NoToken, match="number"):
                tokens.person("20110412238")
        with pytest.raises(NoToken, match="too_many"):
            tokens.person(NUMBER)
        now[0] = 3600.0
        assert tokens.person(NUMBER)
    assert not socket.exists()


def test_no_page_reads_the_broker_s_keys(client: TestClient, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = TokenKey.__init__

    def refuse(key: TokenKey, path: Path | None, **how: bool) -> None:
        assert path is None or not path.is_relative_to(town), "a key of the broker's is read"
        read(key, path, **how)

    monkeypatch.setattr(TokenKey, "__init__", refuse)
    page = client.get(ask(client, person=NUMBER, av="Botkyrka kommun").headers["location"])
    assert page.status_code == 200
