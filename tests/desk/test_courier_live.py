"""The desk over Kafka, as over a broker on this machine; a stand-in plays the broker."""

import json
from pathlib import Path
from time import monotonic

from lines import POLICE, number
from live import Emptied
from test_agency_kafka import kafka_of, stand_in

from agents.agency import Address
from desk.side import BOARD, SARA, Side, delivery

ASKED = Address(POLICE, "police_area")


def test_over_kafka(kafka: Emptied, tmp_path: Path) -> None:
    """A line is saved before it counts as handled; an answer goes once, though its sender died before it was marked."""
    cluster = kafka(POLICE, BOARD)
    with stand_in(cluster) as broker:
        broker.write(BOARD, delivery(1))
        side = Side(tmp_path, broker=kafka_of(cluster, BOARD))
        until = monotonic() + 60
        while not side.store.inbox.rows(now=side.now):
            side.courier.round()
            assert monotonic() < until
        assert side.courier.last_contact == side.now
        side.store.inbox.open(number(1), SARA, side.now)
        body = {"categories": ["housing", "social_record"], "reason": "not_held"}
        draft = side.store.drafts.new("Refusal", user=SARA, answers=number(1), to=ASKED, body=body)
        side.store.drafts.send(draft.number, SARA)
        agency = side.courier._connected()
        for queued in side.store.drafts.queued():
            assert side.courier._give(agency, queued)
        agency.resume()  # the broker has them, and the process dies
        side.restart()
        until = monotonic() + 60
        while side.store.drafts.queued():
            side.courier.round()
            assert monotonic() < until
        assert {json.loads(record.value)["id"] for record in broker.take(2)} >= {draft.message_id}
        while side.store.sent.row(draft.message_id).outcome is None:
            side.courier.round()
            assert monotonic() < until
        assert [record.value for record in broker.taken].count(broker.taken[1].value) == 1
        assert len(broker.taken) == 2
        assert side.store.inbox.row(number(1)).done == side.now
        side.close()
