"""A room for tests of its pages: users on SQLite in memory, a clock that is set, a browser."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from broker.review.rights import RIGHTS
from broker.review.room import Room, open_room
from broker.review.settings import ReviewSettings
from broker.review.store import open_database
from broker.review.tokens import NoToken
from broker.review.views import View, ViewLog
from broker.review.web.app import create_app
from broker.web import serve
from broker.web.access import TOKEN
from broker.web.database import Database
from broker.web.user import Person, User
from tests.web_pages import ADDRESS, DIGEST, PASSWORD, Clock, token_in


class Noted(ViewLog):
    """The log of views, which also has them as they were given."""

    def __init__(self, database: Database, keys: Path, clock: Clock) -> None:
        super().__init__(database, keys, clock)
        self.views: list[View] = []

    def append(self, view: View) -> int:
        self.views.append(view)
        return super().append(view)


class Typed:
    """A token service for whom what is typed is the token; `away` stands for one that makes none."""

    def person(self, number: str) -> Sequence[str]:
        if not number.isalnum():
            raise NoToken("number")
        return [number]

    def case(self, authority: str, number: str) -> Sequence[str]:
        return [f"{authority} {number}"]

    def officer(self, authority: str, officer: str) -> Sequence[str]:
        return [f"{authority} {officer}"]


def new_room(stack: ExitStack, data: Path, **changes: Any) -> Room:
    """A room on a broker's data folder; `stack` closes it."""
    clock = changes.pop("clock", None) or Clock()
    said: dict[str, Any] = {
        "data": str(data),
        "name": "Granskningsnämnden",
        "database": "sqlite://",
        "index": "sqlite://",
        "keys": data / "review-keys",
        "tokens": data / "tokens.sock",
        "address": ADDRESS,
        "accounts": True,
    }
    settings = ReviewSettings(**(said | changes))
    views = Noted(stack.enter_context(open_database(settings)), settings.keys, clock)
    return replace(stack.enter_context(open_room(settings, clock)), views=views, tokens=Typed())


@contextmanager
def served(data: Path, folder: Path, **said: Any) -> Iterator[Room]:
    """A room on a broker's data folder, with its pages on this machine; what is its own lies in `folder`."""
    with ExitStack() as stack, create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        places = {name: f"sqlite:///{folder}/{name}.db" for name in ("database", "index")}
        room = new_room(stack, data, **({"address": address, "keys": folder / "keys"} | places | said))
        server = uvicorn.Server(serve._config(create_app(room), room.settings))
        thread = Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield room
        finally:
            server.should_exit = True
            thread.join()


def add_user(room: Room, account: str = "greta", may: Sequence[str] = tuple(RIGHTS), role: str = "auditor") -> User:
    """Somebody with a local account."""
    person = Person("Greta Exempel", "", role, account, frozenset(may))
    return room.people.add(person, account=account, password=DIGEST)


def browser(room: Room, **headers: str) -> TestClient:
    """A browser that follows nothing by itself."""
    headers = {"Accept-Language": "sv", **headers}
    return TestClient(create_app(room), base_url=ADDRESS, headers=headers, follow_redirects=False)


def log_in(client: TestClient, account: str = "greta", till: str = "/") -> Any:
    """Type it in."""
    token = token_in(client.get("/logga-in").text)
    return client.post("/logga-in", data={TOKEN: token, "konto": account, "losenord": PASSWORD, "till": till})


def logged_in(room: Room, account: str = "greta") -> TestClient:
    """A browser of somebody who is there."""
    client = browser(room)
    assert log_in(client, account).status_code == 303
    return client
