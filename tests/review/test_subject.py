"""The subject report: what was exchanged about a person, what is held back, what is handed out."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from command import samband
from starlette.testclient import TestClient

from broker.adapters.files.signing import TokenKey
from broker.adapters.sql.read_model import Record, open_archive
from broker.authorities import load
from broker.explanation import words as explaining
from broker.review import extract
from broker.review.hold import READERS, Reader
from broker.review.index import Index
from broker.review.room import Room
from broker.review.settings import read as read_settings
from broker.review.subject import gather, report
from broker.review.views import open_views
from broker.review.words import Words
from broker.runtime.tokens import Asked, serve
from broker.web.access import TOKEN
from scenery.town.people import ELLIOT
from tests.review.broker_log import leaf
from tests.review.conftest import REGISTER
from tests.review.web_room import Clock, Noted, add_user, logged_in, token_in

P, Q = "a" * 64, "b" * 64
TODAY, DAY = date(2026, 11, 30), date(2026, 12, 1)
T, WORDS = Words("sv"), explaining.Words("sv")


def item(category: str, key: str = "0", *, secrecy: Sequence[str] = (), is_open: bool = False) -> Any:
    answers = {"no_provision_applies": {"*": True}} if is_open else {}
    named = [{"named": one} for one in secrecy]
    return {"category": category, "persons": [key], "secrecy": named, "answers": answers}


def asked(*items: Any, persons: int = 1, **more: Any) -> Any:
    end = {"id": "x", "authority": "x"}
    keys = {str(n): {} for n in range(persons)}
    numbered = {str(n): one for n, one in enumerate(items)}
    return {"kind": "Disclosure", "persons": keys, "items": numbered, "sender": end, "recipient": end, **more}


def request(message: str = "r", **said: Any) -> Any:
    return leaf(message, subject=P, persons=[P], input=asked(item("school_attendance")), **said)


def answer(message: str = "d", to: str | None = "r", *items: Any, persons: Sequence[str] = (P,), **said: Any) -> Any:
    items = items or (item("school_attendance", is_open=True),)
    verdicts = [
        {"item": n, "outcome": "release", "ref": "2025:170 7 §", "ground": "s170_7_request"} for n in range(len(items))
    ]
    grounds = [{"id": "s170_7_request", "ref": "2025:170 7 §"}]
    receipt = {"message": message, "outcome": "forward", "items": verdicts, "grounds": grounds, "bars": []}
    how = asked(*items, persons=max(len(persons), 1), subject="0")
    whose = {"subject": persons[0] if persons else None, "persons": sorted(persons)}
    more = {"kind": "Disclosure", "in_reply_to": to, "receipt": receipt, "input": how}
    return leaf(message, "skolan", "polisen") | more | whose | said


def plain(message: str, kind: str = "Interim", **said: Any) -> Any:
    return leaf(message, "skolan", "polisen", kind=kind, input=asked(persons=0), persons=[], **said)


def acknowledgement(message: str, of: str, state: str, time: str, **said: Any) -> Any:
    stated = {**asked(persons=0), "stated": {"state": state}}
    return leaf(message, kind="Acknowledgement", acknowledges=of, input=stated, time=time, **said)


def records(*leaves: Any) -> list[Record]:
    return [Record(n, one, f"{n}") for n, one in enumerate(leaves)]


def holds(*leaves: Any, reader: Reader = "guardian", today: date = TODAY) -> dict[str, Any]:
    some = records(*leaves)
    made = report(some, {P}, reader, today)
    return {
        some[one.seq].leaf["message"]: one.hold and (one.hold.until or ",".join(one.hold.ask)) for one in made.entries
    }


YES, LATER = {"guardian": "yes"}, {"guardian": DAY.isoformat()}


@pytest.mark.parametrize(
    ("leaves", "held"),
    [
        ([request()], {"r": "polisen"}),
        ([request(may_be_told=YES)], {"r": None}),
        ([request(may_be_told={"child": "yes"})], {"r": "polisen"}),
        ([request(may_be_told=LATER)], {"r": DAY}),
        ([request(may_be_told={"guardian": "no word"})], {"r": "polisen"}),
        ([request(may_be_told={"guardian": TODAY.isoformat()})], {"r": None}),
        ([request(may_be_told={"guardian": TODAY.isoformat()}, secrecy=["OSL 18:1"])], {"r": "polisen"}),
        ([request(may_be_told=YES), answer()], {"r": None, "d": None}),
        ([request(may_be_told=YES), answer("d", "r", item("x", secrecy=["OSL 23:2"]))], {"r": None, "d": "skolan"}),
        ([request(may_be_told=YES), answer("d", "r", item("x"))], {"r": None, "d": "skolan"}),
        ([request(may_be_told=LATER), answer()], {"r": DAY, "d": DAY}),
        ([request(may_be_told=LATER), plain("i", in_reply_to="r")], {"r": DAY, "i": DAY}),
        ([request(may_be_told=LATER), plain("c", "Recall", recalls="r")], {"r": DAY, "c": DAY}),
        (
            [request(may_be_told=LATER), plain("i", in_reply_to="r"), plain("j", in_reply_to="i")],
            {"r": DAY, "i": DAY, "j": DAY},
        ),
        ([answer("o", None)], {"o": "skolan"}),
        ([answer("o", None, sender={"authority": "anonymous"})], {"o": "polisen"}),
        ([answer("o", "not there")], {"o": "skolan"}),
        ([request(may_be_told=YES, in_reply_to="not there")], {"r": "polisen"}),
        ([request(may_be_told=YES), answer(persons=[Q])], {"r": None}),
    ],
)
def test_what_is_not_said_is_asked_and_what_waits_for_a_day_waits(leaves: list[Any], held: dict[str, Any]) -> None:
    assert holds(*leaves) == held


def test_listed_is_told_from_opened() -> None:
    seen = acknowledgement("k", "r", "opened", "2026-11-21T09:00:00Z")
    no = {"message": "w", "outcome": "withhold", "items": []}
    lies = acknowledgement("w", "r", "registered", "2026-11-21T10:00:00Z", receipt=no)
    made = report(records(request(), answer(), seen, lies), {P}, "child", TODAY)
    asking, given = extract.write_lines(T, WORDS, made.entries)
    assert (asking.listed, asking.opened, asking.registered) == (
        "2026-11-20 09.00",
        "2026-11-21 10.00",
        "inte meddelat",
    )
    assert (given.listed, given.opened) == ("2026-11-20 09.00", "inte meddelat")
    assert given.law and given.law[0].startswith("2025:170 7 §, ") and "_" not in given.law[0]


def test_the_oldest_stands_first_and_what_nothing_carries_says_so() -> None:
    verdict = {"item": 0, "outcome": "withhold", "ref": None}
    no = {"message": "n", "outcome": "withhold", "items": [verdict], "grounds": [], "bars": []}
    older = {**answer("n", None), "receipt": no, "time": "2026-11-19T08:00:00Z"}
    first, second = extract.write_lines(T, WORDS, report(records(answer(), older), {P}, "child", TODAY).entries)
    assert first.time < second.time and first.law == ["det fanns inget stöd för att lämna en uppgift"]
    assert first.listed == first.opened == "" and "stöd för att" not in second.law[0]


def test_of_several_persons_only_what_is_about_this_one() -> None:
    both = [item("school_attendance", "0"), item("school_incident", "1")]
    some = records(answer("d", None, *both, persons=[Q, P]))
    for person, category in ((P, "school_incident"), (Q, "school_attendance")):
        [entry] = report(some, {person}, "child", TODAY).entries
        assert [part.category for part in entry.parts] == [category]
    three = records(answer("d", None, *both, persons=[Q, P, "c" * 64]))
    [entry] = report(three, {P}, "child", TODAY).entries
    assert entry.is_shared and not entry.parts and not entry.law


@pytest.mark.parametrize("suffix", ["csv", "json", "txt"])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_what_is_handed_out_is_the_same_whether_something_is_held_back_or_not(suffix: str, lang: str) -> None:
    def write(*leaves: Any, allowed: Sequence[int] = ()) -> str:
        stream, t = io.StringIO(), Words(lang)
        entries = report(records(*leaves), {P}, "guardian", TODAY).extract(allowed)
        extract.write(stream, suffix, t, extract.write_lines(t, explaining.Words(lang), entries))
        return stream.getvalue()

    free = [request("f", may_be_told=YES), answer("g", "f")]
    held = [request("r", may_be_told=LATER), answer("d", "r"), plain("i", in_reply_to="r"), answer("o", None)]
    assert write(*held, *free) == write(*free, *held) == write(*free) != write()
    assert write(*held) == write() and write(*held, allowed=[0, 1, 2]) == write(), "a day is no matter of who allows it"
    assert write(*held, allowed=[3]) != write()


def test_of_all_threads_what_belongs_to_the_person_is_gathered(town: Path, tmp_path: Path) -> None:
    """As a walk through the whole log: messages that name somebody, and what answers them."""
    index = Index("sqlite://")
    with open_archive(town) as archive:
        index.catch_up(archive)
        every = archive.records()
        persons = sorted({token for record in every for token in record.leaf.get("persons", ())})
        assert len(persons) > 5
        for person in persons:
            some = gather(archive, index, [person])
            for reader in READERS:
                assert report(some, {person}, reader, TODAY) == report(every, {person}, reader, TODAY)
    index.close()


# The page


@pytest.fixture
def client(room: Room) -> TestClient:
    add_user(room, may=["review"])
    return logged_in(room)


@pytest.fixture(scope="module")
def watched(town: Path) -> str:
    """Whom a request is about that says when a guardian may be told."""
    with open_archive(town) as archive:
        [person] = {one.leaf["subject"] for one in archive.records() if one.leaf.get("may_be_told")}
        return str(person)


def ask(client: TestClient, **typed: str) -> Any:
    token = token_in(client.get("/registerutdrag").text)
    said = {"syfte": "Begäran 12", "till": "guardian"} | typed
    return client.post("/registerutdrag", data={TOKEN: token, **said})


def test_the_auditor_sees_what_waits_and_who_gets_it_does_not(client: TestClient, room: Room, watched: str) -> None:
    address = ask(client, person=watched).headers["location"]
    assert address == "/registerutdrag/1?till=guardian"
    page = client.get(address).text
    assert "hålls kvar till en dag" in page and "tisdag 1 december" in page and watched not in page
    hand_out = "/registerutdrag/1/utdrag?till=guardian"
    form = {TOKEN: token_in(page), "form": "page"}
    empty = client.post(hand_out, data=form).text
    assert "Det finns ingenting att lämna ut." in empty and "december" not in empty and "/granska/post/" not in empty
    places = [int(place) for place in re.findall(r'name="lov" value="(\d+)"', page)]
    given = client.post(hand_out, data={**form, "lov": [str(places[0]), "315"]})
    assert given.text.count('<section class="out"') == 1, "what waits for a day isn't given by who asks for it"
    rows = list(csv.DictReader(client.post(hand_out, data={**form, "form": "csv", "lov": places}).text.splitlines()))
    lines = client.post(hand_out, data={**form, "form": "json", "lov": places}).text.splitlines()
    assert len(rows) == len(lines) == len(places) and [row["Nummer"] for row in rows][-1] == str(len(places))
    assert isinstance(room.views, Noted)
    views = [(view.sort, len(view.what["records"])) for view in room.views.views]
    assert views[1:] == [("extract", 0), ("extract", 1), ("extract", len(places)), ("extract", len(places))]
    assert room.views.views[2].what["allowed"] == [places[0]] and room.views.views[0].sort == "subject"
    assert isinstance(room.clock, Clock)
    room.clock.forward(timedelta(days=1))
    later = logged_in(room).get(address).text
    assert "hålls kvar till en dag" not in later and len(re.findall('name="lov"', later)) > len(places)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"person": ""}, "Skriv vem det gäller"),
        ({"person": "?? 201104122385"}, "Ange ett riktigt personnummer"),
        ({"syfte": "om 20110412-2385"}, "Skriv syftet utan personnummer"),
        ({"till": "everybody"}, "Välj vem som ska få utdraget"),
    ],
)
def test_a_fault_says_what_to_do_and_repeats_no_number(client: TestClient, typed: dict[str, str], why: str) -> None:
    answered = ask(client, **({"person": P} | typed))
    assert answered.status_code == 422 and answered.text.count(why) == 2 and "2385" not in answered.text


def test_another_s_report_is_not_there_nor_one_of_nobody(client: TestClient, room: Room) -> None:
    address = ask(client, person=P).headers["location"]
    assert client.get(address).status_code == 200
    assert client.get("/registerutdrag/1").status_code == client.get("/registerutdrag/1?till=me").status_code == 404
    assert client.get("/registerutdrag/1/utdrag?till=child").status_code == 303
    add_user(room, "other", may=["review"])
    assert logged_in(room, "other").get(address).status_code == 404
    add_user(room, "jo", may=["operate"])
    assert logged_in(room, "jo").get("/registerutdrag").status_code == 404


# The command


@pytest.fixture
def place(town: Path, tmp_path: Path) -> Iterator[Path]:
    """The settings of a room beside a token service."""
    file = tmp_path / "review.toml"
    file.write_text(f'data = "{town}"\nregister = "{REGISTER}"\n', "utf-8")
    with serve(
        tmp_path / "tokens.sock",
        Asked(TokenKey(town / "keys" / "token.key", create=False), load(REGISTER), lambda: 0.0),
    ):
        yield file


def test_the_command_hands_out_what_the_page_does(place: Path) -> None:
    number = f"{ELLIOT['id']}\n".encode()
    asked = ("review", "subject", "--settings", place, "--to", "child", "--by", "greta", "--purpose", "Begäran 12")
    shown = samband(*asked, stdin=number)
    pending = re.findall(r"^(\d+)  20", shown.out, re.MULTILINE)
    assert shown.status == 0 and len(pending) > 5 and "0 utväxlingar kan lämnas ut i dag; 0 hålls kvar" in shown.err
    allowed = [one for seq in pending for one in ("--allowed", seq)]
    out = place.parent / "out.json"
    assert samband(*asked, "--out", out, *allowed, stdin=number).status == 0
    given = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [one["number"] for one in given] == list(range(1, len(pending) + 1)) and "seq" not in given[0]
    nothing = samband(*asked, "--out", "-", stdin=number)
    assert "Det finns ingenting att lämna ut." in nothing.out and str(ELLIOT["id"]) not in nothing.out + nothing.err
    assert samband(*asked, stdin=b"20110412238\n").status == samband(*asked, "--out", "x.pdf", stdin=number).status == 2
    with open_views(read_settings(place), Clock()) as views:
        _, seen, _ = views.seen(10)
    assert [one.sort for one in seen[::-1]] == ["subject", "extract", "extract"]
