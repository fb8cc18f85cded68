"""A public's page for tests: its application, its courier over a broker, what a visitor does with it."""

import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agency_side import clock, embedded
from starlette.testclient import TestClient

from agents.agency.broker import Broker
from agents.desk.desk import Desk
from agents.desk.intake import Intake
from agents.desk.settings import DeskSettings
from agents.desk.store import Store, open_store
from agents.desk.web.public import create_public_app
from broker.web.access import TOKEN
from desk.side import MemoryKeys

INTAKE = "allmanheten"
ADDRESS = "http://127.0.0.1:8080"
SECRET = "Hemligt om pojken 20090412-2389 på Björkgatan."
CODE = re.compile(r'<span class="num">(\d{4} \d{4})</span>')
_STAMP = re.compile(rf'name="{TOKEN}" value="([^"]+)"')


@dataclass
class PublicSide:
    """`restart` is what a new process has: the files, the keys, the broker."""

    folder: Path
    broker: Broker | None = None
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    ahead: Any = None
    """A clock other than the broker's."""
    url: str = ""

    def __post_init__(self) -> None:
        self.broker = self.broker or embedded(self.folder / "data")
        self.settings = DeskSettings(
            INTAKE,
            self.url or f"sqlite:///{self.folder / 'desk.db'}",
            self.folder / "keys",
            self.folder / "agency.db",
            data=self.folder / "data",
            public=True,
            address=ADDRESS,
        )
        self._begin()

    def clock(self) -> Any:
        return self.ahead or clock()

    def _begin(self) -> None:
        self.store: Store = open_store(self.settings.database, self.keys, authority=INTAKE, clock=self.clock)
        self.courier = Intake(self.settings, self.store, self.clock, broker=self.broker)
        self.app = create_public_app(Desk(INTAKE, self.settings, self.store, self.courier, self.clock))

    def restart(self) -> None:
        self.close()
        self._begin()

    def close(self) -> None:
        self.courier.stop()
        self.store.close()

    def visitor(self, address: str = "192.0.2.7", **headers: str) -> TestClient:
        """A browser that comes from an address."""
        return TestClient(
            self.app,
            base_url=ADDRESS,
            headers={"Accept-Language": "sv", "User-Agent": "Visitor/7", **headers},
            client=(address, 4711),
            follow_redirects=False,
        )

    def rows(self) -> list[Any]:
        """What lies in the table of what is handed in."""
        with self.store.database.reading() as connection:
            return list(connection.exec_driver_sql("select * from desk_handed_in").mappings())

    def in_files(self) -> bytes:
        """All that this page keeps, as somebody sees it who takes the disk; not what the broker keeps."""
        files = (file for file in self.folder.iterdir() if file.is_file())
        return b"".join(file.read_bytes() for file in files)


def stamp(visitor: TestClient, path: str = "/tips") -> str:
    """The stamp of a page's form."""
    match = _STAMP.search(visitor.get(path).text)
    assert match
    return match[1]


def tell(visitor: TestClient, *, path: str = "/tips", **fields: str) -> Any:
    """Fill in the form and send it."""
    given = {"om": "brott", "kommun": "Botkyrka", "text": SECRET, "anonym": "ja"} | fields
    return visitor.post(path, data={TOKEN: stamp(visitor), **given} if TOKEN not in fields else given)


def code_in(answer: Any) -> str:
    """The code that a page shows."""
    assert answer.status_code == 200, answer.text
    halves = CODE.findall(answer.text)
    assert len(halves) == 2
    return " ".join(halves)


def ask(visitor: TestClient, code: str) -> Any:
    """Read by code."""
    return visitor.post("/tips/kod", data={TOKEN: stamp(visitor, "/tips/kod"), "kod": code})


def heading(answer: Any) -> str:
    """What the answer to a code says first."""
    match = re.search(r'<h2 id="svar-h">([^<]*)</h2>', answer.text)
    assert match
    return html.unescape(match[1])
