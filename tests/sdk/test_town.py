"""The town, two of whose municipalities are reached by SDK: all that comes for them reaches a person and is said to."""

from pathlib import Path
from unittest.mock import patch

import pytest
from agency_side import TOWN, clock, embedded
from command import samband

from agents.desk.courier import Courier
from agents.desk.desk import Desk
from agents.desk.keys import FileKeys
from agents.desk.settings import DeskSettings
from agents.desk.store import open_store
from agents.sdk.bridge import Bridge
from agents.sdk.client import Client, ServiceAway
from agents.sdk.client import Service as There
from agents.sdk.message import Party
from agents.sdk.settings import Recipient, SdkSettings
from agents.sdk.state import State
from sdk.stub import OUR_FUNCTION, SAMBAND, Service, running

pytestmark = pytest.mark.slow

HALLS = ("kommun-0127", "kommun-0181")
MESSAGES = Path(__file__).parents[2] / "scenery/town/messages.jsonl"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the two have part in, played."""
    folder = tmp_path_factory.mktemp("town")
    theirs = [line for line in MESSAGES.read_bytes().splitlines() if any(hall.encode() in line for hall in HALLS)]
    (folder / "messages.jsonl").write_bytes(b"\n".join(theirs) + b"\n")
    played = samband("run", folder / "messages.jsonl", "--register", TOWN, "--data", folder / "data")
    assert played.status == 0
    return folder / "data"


def turn(bridge: Bridge, courier: Courier) -> bool:
    """A turn of each; whether something was done."""
    assert courier.round()
    try:
        return any(vars(bridge.turn()).values())
    except ServiceAway:
        return True


@pytest.mark.parametrize("authority", HALLS)
def test_all_that_comes_reaches_a_person_once_and_is_acknowledged(authority: str, data: Path, tmp_path: Path) -> None:
    participant = f"0203:{authority}.example.se"
    to = Recipient(participant, f"alla.{participant}", structured=True)
    service = Service(functions={to.function}, late=1, lost_answers=2, away=1)
    of = DeskSettings(authority, f"sqlite:///{tmp_path}/desk.db", tmp_path / "keys", tmp_path / "agency.db", data=data)
    (tmp_path / "keys").mkdir()
    keys = FileKeys(tmp_path / "keys")
    with (
        running(service) as address,
        patch("agents.sdk.compose.pdf.write", lambda page, _: page.encode()),
    ):
        settings = SdkSettings(
            tmp_path / "desk.toml", SAMBAND, OUR_FUNCTION, There(address), (to,), tmp_path / "sdk.db"
        )
        for _ in range(2):  # two processes, one after the other
            store = open_store(of.database, keys, authority=authority, clock=clock)
            courier = Courier(of, store, clock, broker=embedded(data))
            client, state = Client(settings.service), State(settings.state)
            bridge = Bridge(settings, Desk(authority, of, store, courier, clock), client, state)
            for _ in range(8):
                if not turn(bridge, courier):
                    break
            rows = store.inbox.after(0)
            deliveries = [row for row in rows if row.sort == "delivery" and row.registered is not None]
            sent = {row.message: row for case in {row.case for row in rows} for row in store.sent.case(case)}
            counts = state.counts()
            courier.stop()
            client.close()
            state.close()
            store.close()
    assert deliveries and counts.keys() == {"accepted"}
    assert set(service.posts.values()) == {1}, "nothing went twice"
    assert len(service.came) == len({one.id for one in service.came}) >= len(deliveries)
    pages = [
        file.content.decode() for one in service.came for file in one.files if file.content_type != "application/xml"
    ]
    assert all("<pre>" in page and len(page) > 200 for page in pages)
    said = [row for row in sent.values() if row.kind == "Acknowledgement"]
    assert len(said) <= len(deliveries) and {row.outcome for row in said} == {"forward"}
    assert Party(participant, to.function) in {
        Party(one.recipient.participant, one.recipient.function) for one in service.came
    }
