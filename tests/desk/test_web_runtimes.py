"""The same pages on a broker on this machine as on Kafka: the police ask, the board answers, the police read it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from lines import POLICE
from starlette.testclient import TestClient
from streams import Town
from test_agency_kafka import kafka_of

from agents.agency import Embedded
from agents.agency.broker import Broker
from agents.agency.compose import now
from agents.desk.courier import Courier
from agents.desk.desk import Desk
from agents.desk.keys import FileKeys
from agents.desk.settings import DeskSettings
from agents.desk.store import open_store
from broker.adapters.files.signing import TokenKey
from broker.web.access import TOKEN
from tests.desk.web_desk import add_user, browser, create_app, log_in, token_in

pytestmark = pytest.mark.slow
BOARD = "kommun-0127"
WAIT = 120.0
NEED = "Ett brott ska hindras."
ADDRESS_ = "Exempelgatan 12"


@dataclass
class Place:
    """A desk with one who works there, over a real broker."""

    desk: Desk
    courier: Courier
    client: TestClient

    def post(self, path: str, **fields: Any) -> Any:
        shown = self.client.get(path).text
        said = {name: found[1] for name, found in _marks(shown).items()}
        answer = self.client.post(path, data={TOKEN: token_in(shown), **said, **fields})
        assert answer.status_code == 303, answer.text
        return answer

    def see(self, path: str, words: str) -> str:
        """The page, once it has some words: meanwhile the courier goes to the broker."""
        until = monotonic() + WAIT
        while words not in (shown := self.client.get(path).text):
            assert monotonic() < until, f"{words!r} does not come to {path}"
            self.courier.round()
        return shown


def _marks(shown: str) -> dict[str, re.Match[str]]:
    looks = {name: re.search(rf'name="{name}" value="(\w+)"', shown) for name in ("version", "sett")}
    return {name: found for name, found in looks.items() if found}


@contextmanager
def sitting(folder: Path, authority: str, broker: Broker, **who: Any) -> Iterator[Place]:
    """Somebody at the desk of an authority."""
    folder.mkdir()
    settings = DeskSettings(
        authority, "sqlite://", folder / "keys", folder / "state.db", data=folder / "data", accounts=True
    )
    settings = replace(settings, unit=who["unit"], role=who["role"])
    store = open_store(settings.database, FileKeys(settings.keys), authority=authority, clock=now)
    courier = Courier(settings, store, now, broker=broker)
    desk = Desk(authority, settings, store, courier, now)
    add_user(desk, may=["read", "answer", "ask", "register"], **who)
    client = browser(create_app(desk))
    client.base_url = settings.address  # type: ignore[assignment]
    assert log_in(client).status_code == 303
    try:
        yield Place(desk, courier, client)
    finally:
        courier.stop()
        store.close()


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.live)])
def desks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """The police's desk and the board's."""
    with ExitStack() as stack:
        if request.param == "kafka":
            keys = tmp_path / "keys"
            keys.mkdir(mode=0o700)
            TokenKey(keys / "token.key", create=True)
            cluster = request.getfixturevalue("kafka")(POLICE, BOARD)
            stack.enter_context(Town(cluster, request.getfixturevalue("database"), keys, profile="local").worker())
            brokers: dict[str, Broker] = {name: kafka_of(cluster, name) for name in (POLICE, BOARD)}
        else:
            data = tmp_path / "data"
            data.mkdir()
            brokers = dict.fromkeys((POLICE, BOARD), Embedded(data))
        yield (
            stack.enter_context(sitting(tmp_path / "p", POLICE, brokers[POLICE], unit="police_area", role="officer")),
            stack.enter_context(
                sitting(tmp_path / "b", BOARD, brokers[BOARD], unit="social_services", role="caseworker")
            ),
        )


def test_a_request_is_asked_answered_and_read(desks: tuple[Place, Place]) -> None:
    police, board = desks
    begun = police.post("/fraga", **{"to.authority": "Botkyrka kommun", "to.unit": "social_services"})
    start = begun.headers["location"].rpartition("/")[0]
    steps: dict[int, dict[str, Any]] = {
        2: {"subject.id": "20100314-2393", "purpose": "avert"},
        3: {"categories": ["home_address"], "need": NEED},
        4: {},
        5: {"secrecy": "OSL 18:1", "may_be_told.child": "ask_first"},
        6: {"urgency": "urgent"},
        7: {},
    }
    for n, fields in steps.items():
        step = police.post(f"{start}/{n}", **fields)
    police.post(step.headers["location"], gor="skicka")
    police.courier.round()

    [request] = re.findall(r'href="(/m/[0-9a-f-]{36})"', board.see("/vantar", "Polismyndigheten"))
    assert NEED in board.client.get(request, headers={"Sec-Fetch-Dest": "document"}).text
    given = {"way": "give", "i.0.content": ADDRESS_, "i.0.secrecy": "OSL 26:1"}
    board.post(f"{request}/svar/1", steg="provning", **given)
    weighed = {"i.0.w.s170_4.exceptional_reasons": "no", "reason": "Inga skäl.", "by": "socialsekreterare"}
    shown = board.post(f"{request}/svar/1", steg="forhand", **given, **weighed)
    assert ADDRESS_ in board.client.get(shown.headers["location"]).text
    board.post(shown.headers["location"], gor="skicka")
    board.courier.round()

    [answer] = set(re.findall(r'href="(/m/[0-9a-f-]{36})"', police.see("/vantar", "Svar till oss")))
    assert ADDRESS_ in police.client.get(answer, headers={"Sec-Fetch-Dest": "document"}).text
    police.courier.round()
    assert police.see("/skickat?visa=klart", "Öppnat i dag")
    assert board.see("/skickat", "Öppnat i dag")
