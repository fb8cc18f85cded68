"""A desk for tests of its pages: a real store on SQLite in memory, a clock that is set, a browser."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from agents.desk.desk import Desk
from agents.desk.keys import FileKeys
from agents.desk.rights import rights
from agents.desk.settings import DeskSettings
from agents.desk.store import Person, open_store
from agents.desk.web.app import create_app
from broker.web.access import TOKEN
from broker.web.user import User
from tests.web_pages import ADDRESS, DIGEST, MORNING, PASSWORD, Clock, token_in

WORKS = ("read", "answer", "register")


@dataclass
class Courier_:
    """A courier that has just been at the broker."""

    last_contact: datetime | None = MORNING
    away: bool = False
    woken: list[bool] = field(default_factory=list)

    def wake(self) -> None:
        self.woken.append(True)

    def preview(self, drafts: Sequence[Any]) -> None:
        """Nobody here can tell."""


class Listed:
    """What lies in a list, as a page asks for it: rows that a test gives."""

    def __init__(self, rows: Sequence[Any] = (), counts: Mapping[str, int] | None = None) -> None:
        self._rows, self._counts = list(rows), counts or {}
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def rows(self, show: str, **filters: Any) -> list[Any]:
        self.asked.append((show, filters))
        return self._rows

    def counts(self, now: datetime, *_: Any, **filters: Any) -> Mapping[str, int]:
        return Counter({"open": len(self._rows)} | dict(self._counts))

    def total(self, show: str, *, now: datetime, **_: Any) -> int:
        return self.counts(now)[show]

    def has(self, show: str, *, whose: Any = None, **_: Any) -> bool:
        """What is late here somebody has taken."""
        return whose is None and bool(self._rows)

    def kinds(self) -> list[str]:
        return sorted({row.kind for row in self._rows})

    def senders(self) -> list[str]:
        return sorted({row.sender for row in self._rows})


def new_desk(folder: Path, clock: Clock | None = None, **changes: Any) -> Desk:
    """An empty desk of a social services board."""
    clock = clock or Clock()
    said: dict[str, Any] = {
        "authority": "kommun-0127",
        "database": "sqlite://",
        "keys": folder / "keys",
        "state": folder / "state.db",
        "data": folder / "data",
        "address": ADDRESS,
        "accounts": True,
    }
    settings = DeskSettings(**(said | changes))
    store: Any = open_store(settings.database, FileKeys(settings.keys), authority=settings.authority, clock=clock)
    store = replace(store, inbox=Listed(), sent=Listed())
    courier: Any = Courier_()
    return Desk(settings.authority, settings, store, courier, clock)


def add_user(
    desk: Desk, account: str = "sara", may: Sequence[str] = ("read", "answer", "register"), **changes: Any
) -> User:
    """Somebody with a local account."""
    person = Person(
        **(
            {
                "name": "Sara Exempel",
                "unit": "social_services",
                "role": "caseworker",
                "officer": account,
                "may": rights(may),
            }
            | changes
        )
    )
    return desk.store.people.add(person, account=account, password=DIGEST)


def browser(app: Starlette, **headers: str) -> TestClient:
    """A browser that follows nothing by itself."""
    return TestClient(app, base_url=ADDRESS, headers={"Accept-Language": "sv", **headers}, follow_redirects=False)


def log_in(client: TestClient, account: str = "sara", password: str = PASSWORD, till: str = "/vantar") -> Any:
    """Type it in."""
    token = token_in(client.get("/logga-in").text)
    return client.post("/logga-in", data={TOKEN: token, "konto": account, "losenord": password, "till": till})


def logged_in(desk: Desk, account: str = "sara") -> TestClient:
    """A browser of somebody who is there."""
    client = browser(create_app(desk))
    assert log_in(client, account).status_code == 303
    return client
