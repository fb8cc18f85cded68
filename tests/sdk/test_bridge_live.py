"""The bridge to SDK where the desk is on Kafka: every line comes twice, whoever carries dies, and all goes once."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from unittest.mock import patch

import pytest
from desk.side import BOARD, Side, delivery
from lines import POLICE, number
from live import Emptied
from test_agency_kafka import StandIn, kafka_of, stand_in

from agents.sdk.client import ServiceAway
from sdk.stub import Service, running
from sdk.test_bridge import CONCERN, PERSON, REST, SOCIAL, Hall, an_answer

WAIT = 90.0


def carry(hall: Hall, done: Callable[[], bool]) -> None:
    """Turns of bridge and courier until it is done."""
    until = monotonic() + WAIT
    while not done():
        assert monotonic() < until, hall.state.counts()
        with suppress(ServiceAway):
            hall.bridge.turn()
        hall.side.courier.round()


def dying(hall: Hall, place: str, done: Callable[[], bool]) -> None:
    """Turns until whoever carries dies there; the next process has the files alone."""
    with patch(place, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        carry(hall, done)
    hall.restart()


def test_on_kafka_nothing_is_lost_and_nothing_goes_twice(kafka: Emptied, tmp_path: Path) -> None:
    cluster = kafka(POLICE, BOARD)
    service = Service(functions={SOCIAL, REST}, late=1, lost_answers=1, away=1)
    with (
        stand_in(cluster) as broker,
        running(service) as address,
        patch("agents.sdk.compose.pdf.write", lambda *_: b"%PDF-1.7 a page"),
    ):
        hall = Hall(Side(tmp_path, broker=kafka_of(cluster, BOARD)), service, address)
        for line in (delivery(1), delivery(2, "ConcernNotification", body=CONCERN), delivery(3)):
            broker.write(BOARD, line)
        for place in ("agents.sdk.state.State.move", "agents.sdk.client.Client.delete"):
            dying(hall, place, lambda: False)
        carry(hall, lambda: hall.state.counts() == {"accepted": 3} and not hall.side.store.drafts.queued())
        assert sorted(service.posts.values()) == [1, 1, 1] and len(service.came) == 3
        assert messages(broker, 3) == {number(n): "Acknowledgement" for n in (1, 2, 3)}

        first = next(one for one in service.came if one.files[1:])
        answer = an_answer(in_reply_to=number(1))
        service.write("Se bilagan.", sender=PERSON, answers=first, files=(answer,))
        dying(hall, "agents.sdk.client.Client.delete", lambda: False)
        carry(hall, lambda: service.entries == {} and not hall.side.store.drafts.queued())
        assert messages(broker, 1) == {number(90): "Refusal"}
        carry(hall, lambda: hall.side.store.sent.row(number(90)).outcome is not None)
        assert len(broker.taken) == 4 and hall.drafts() == []
        hall.close()
        hall.side.close()


def messages(broker: StandIn, count: int) -> dict[str, str]:
    """What came of the outbox: its kind, by the message that it is of, or its own id."""
    said = [json.loads(record.value) for record in broker.take(count)]
    assert len(said) == count
    return {one["body"].get("message", one["id"]): one["kind"] for one in said}
