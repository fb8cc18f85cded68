"""The address book: taken whole and dated, its difference shown before it is taken."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from command import samband
from desk.side import NOW

from agents.sdk import addressbook
from agents.sdk.addressbook import Book, Change, changes
from broker.web.faults import SiteError

Json = dict[str, Any]

HALL, SCHOOL = "0203:tallkoping.example.se", "0203:tallkotten.example.se"


def organisation(n: int, participant: str, name: str, sort: str = "o") -> Json:
    """As the information specification has it; what is not read stands there too."""
    attributes = {
        "type": sort,
        "participantIdentifier": participant,
        "organizationNumber": f"21200000{n:02}",
        "name": name,
        "alternateName": f"{name} (SDK)",
        "description": "Prov",
        "countryCode": "SE",
    }
    return {"type": "organizations", "id": f"o{n}", "attributes": attributes}


def function(n: int, owner: int, address: str, name: str) -> Json:
    relation = {"parent": {"data": {"type": "organizations", "id": f"o{owner}"}}}
    attributes = {"identifier": address, "name": name}
    return {"type": "addresses", "id": f"a{n}", "attributes": attributes, "relationships": relation}


class Served:
    """What the stub has, two rows a page."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Json]] = {
            "organizations": [organisation(1, HALL, "Tallköpings kommun"), organisation(2, SCHOOL, "Tallkotten AB")],
            "addresses": [
                function(1, 1, f"social.{HALL}", "Socialtjänsten"),
                function(2, 1, f"skola.{HALL}", "Skolan"),
                function(3, 2, f"rektor.{SCHOOL}", "Rektor"),
            ],
        }
        self.elsewhere = False
        self.broken = False


@contextmanager
def serving(served: Served) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            name, page = path.rpartition("/")[2], int(query.removeprefix("page=") or 0)
            rows = served.rows[name]
            said: Json = {"meta": {}, "data": rows[page * 2 : page * 2 + 2], "links": {"self": self.path}}
            if len(rows) > page * 2 + 2:
                said["links"]["next"] = f"{path}?page={page + 1}"
            if served.elsewhere:
                said["links"] = {"next": "http://127.0.0.1:9/steal"}
            text = b"{" if served.broken and page else json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/addressbook/api/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_book_is_taken_whole_and_dated(tmp_path: Path) -> None:
    with serving(Served()) as address:
        book = addressbook.fetch(address, NOW)
    assert book.taken == NOW and book.source == address
    assert book.has(HALL, f"social.{HALL}") and book.has(SCHOOL, f"rektor.{SCHOOL}")
    assert not book.has(SCHOOL, f"social.{HALL}")
    addressbook.write(book, tmp_path / "book.json")
    assert addressbook.read(tmp_path / "book.json") == book


def test_the_difference_is_told() -> None:
    served = Served()
    with serving(served) as address:
        before = addressbook.fetch(address, NOW)
        served.rows["addresses"] = [function(1, 1, f"social.{HALL}", "Barn och unga"), served.rows["addresses"][2]]
        served.rows["organizations"].append(organisation(3, "0203:ny.example.se", "Nya"))
        after = addressbook.fetch(address, NOW)
    assert list(changes(before, after)) == [
        Change("new", "organisation", "0203:ny.example.se", "Nya"),
        Change("gone", "function", f"skola.{HALL}", "Skolan"),
        Change("renamed", "function", f"social.{HALL}", "Barn och unga"),
    ]
    assert len(list(changes(Book(), after))) == 5 and list(changes(after, after)) == []


def test_a_part_of_an_organisation_may_have_its_identifier() -> None:
    served = Served()
    served.rows["organizations"].insert(0, organisation(3, HALL, "Tallköpings skolor", "ou"))
    served.rows["addresses"].append(function(4, 3, f"elevhalsa.{HALL}", "Elevhälsan"))
    with serving(served) as address:
        book = addressbook.fetch(address, NOW)
    assert book.organisations[HALL].name == "Tallköpings kommun"
    assert book.has(HALL, f"elevhalsa.{HALL}") and book.has(HALL, f"social.{HALL}")


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [("organizations", "participantIdentifier"), ("addresses", "identifier"), ("addresses", "parent")],
)
def test_a_book_in_another_form_is_refused_in_a_line(rows: str, lacks: str) -> None:
    served = Served()
    row = served.rows[rows][0]
    (row["relationships"] if lacks == "parent" else row["attributes"]).pop(lacks)
    with serving(served) as address, pytest.raises(SiteError, match=f"a row in {rows} without {lacks}"):
        addressbook.fetch(address, NOW)


@pytest.mark.parametrize("fault", ["elsewhere", "broken", "stranger"])
def test_half_a_book_is_none(fault: str) -> None:
    served = Served()
    if fault == "stranger":
        served.rows["addresses"].append(function(4, 9, "x", "Y"))
    else:
        setattr(served, fault, True)
    with serving(served) as address, pytest.raises(SiteError):
        addressbook.fetch(address, NOW)


def test_the_command_shows_before_it_takes(tmp_path: Path) -> None:
    settings = tmp_path / "sdk.toml"
    settings.write_text(
        f"""desk = "desk.toml"
participant = "0203:samband.example.se"
function = "samband"
addresses = "book.json"
[service]
address = "http://127.0.0.1:9/v1"
[[to]]
participant = "{HALL}"
function = "social.{HALL}"
[[to]]
participant = "{HALL}"
unit = "leisure"
function = "fritid.{HALL}"
""",
        "utf-8",
    )
    said = ("sdk", "addresses", "--settings", settings)
    with serving(Served()) as address:
        shown = samband(*said, "--from", address, "--diff")
        assert shown.status == 1 and "ny: Tallköpings kommun" in shown.out and not (tmp_path / "book.json").exists()
        taken = samband(*said, "--from", address, "--take")
        assert taken.status == 1 and f"fritid.{HALL}" in taken.out, "an address of ours is not in the book"
        again = samband(*said, "--from", address, "--diff")
        assert "ny:" not in again.out
        assert samband(*said, "--from", address).status == 2, "either is said"
